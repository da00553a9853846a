"""Pages of this app."""

from django.urls import path

from openpeel.web.returns import deciding, query_views, views

app_name = "returns"
urlpatterns = [
    path("", views.index, name="index"),
    path("hand-in/<uuid:key>", views.hand_in, name="hand-in"),
    path("hand-in/<uuid:key>/template/<slug:kind>", views.template, name="template"),
    path("queries/<uuid:key>", query_views.query, name="query"),
    path("<uuid:key>", views.show, name="show"),
    path("<uuid:key>/progress", views.progress, name="progress"),
    path("<uuid:key>/rejected", views.rejected, name="rejected"),
    path("<uuid:key>/rejected.csv", views.rejected_csv, name="rejected-csv"),
    path("<uuid:key>/marked/<int:place>", views.marked, name="marked"),
    path("<uuid:key>/confirm", deciding.confirm, name="confirm"),
    path("<uuid:key>/accept", deciding.accept, name="accept"),
    path("<uuid:key>/send-back", deciding.send_back, name="send-back"),
    path("<uuid:key>/try-again", deciding.try_again, name="try-again"),
]
