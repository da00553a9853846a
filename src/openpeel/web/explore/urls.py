"""Pages of this app."""

from django.urls import path

from openpeel.web.explore.chart_view import chart
from openpeel.web.explore.downloads import force_figures, measure_figures
from openpeel.web.explore.force_page import force_page
from openpeel.web.explore.index_page import index
from openpeel.web.explore.measure_page import measure_page

app_name = "explore"
urlpatterns = [
    path("", index, name="index"),
    path("measures/<slug:measure>", measure_page, name="measure"),
    path("measures/<slug:measure>/figures.<slug:form>", measure_figures, name="download"),
    path("forces/<slug:force>", force_page, name="force"),
    path("forces/<slug:force>/figures.csv", force_figures, name="force-download"),
    path("charts/<slug:stamp>/<slug:release>/<slug:measure>/<str:name>", chart, name="chart"),
]
