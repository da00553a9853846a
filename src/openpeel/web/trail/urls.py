"""The pages of the audit trail."""

from django.urls import path

from openpeel.web.trail import views

app_name = "trail"
urlpatterns = [
    path("", views.index, name="index"),
    path("export", views.export, name="export"),
    path("events/<int:number>", views.event, name="event"),
]
