"""Pages of releases: what they hold, what moved between two, their figures as files, and the alerts."""

from django.urls import path

from openpeel.web.releases import alert_pages, compare_pages, downloads, views

app_name = "releases"
urlpatterns = [
    path("", views.index, name="index"),
    path("new", views.new, name="new"),
    path("compare", compare_pages.compare, name="compare"),
    path("compare.csv", compare_pages.compare_csv, name="compare-csv"),
    path("alerts", alert_pages.index, name="alerts"),
    path("alerts/<slug:force>", alert_pages.of_force, name="alerts-of"),
    path("alerts.csv", alert_pages.as_csv, name="alerts-csv"),
    path("of/<slug:name>", views.show, name="show"),
    path("of/<slug:name>/share", views.share, name="share"),
    path("of/<slug:name>/publish", views.publish, name="publish"),
    path("of/<slug:name>/again", views.again, name="again"),
    path("of/<slug:name>/figures.csv", downloads.figures_csv, name="csv"),
    path("of/<slug:name>/figures.jsonl", downloads.figures_jsonl, name="jsonl"),
]
