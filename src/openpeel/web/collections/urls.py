"""Pages about collections: planning, how complete they are, and what is asked of the own force."""

from django.urls import path

from openpeel.web.collections import planning, views

app_name = "collections"
urlpatterns = [
    path("", views.index, name="index"),
    path("new", planning.new, name="new"),
    path("standards/<slug:standard>", views.standard, name="standard"),
    path("standards/<slug:standard>/template.<str:kind>", views.template, name="template"),
    path("<uuid:key>", views.show, name="show"),
    path("<uuid:key>/completeness.csv", views.completeness_csv, name="completeness-csv"),
    path("<uuid:key>/change", planning.change_plan, name="change"),
    path("<uuid:key>/add", planning.add_more, name="add"),
    path("<uuid:key>/open", planning.open_now, name="open"),
    path("<uuid:key>/close", planning.close_now, name="close"),
    path("<uuid:key>/open-again", planning.open_once_more, name="open-again"),
]
