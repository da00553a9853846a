"""Pages of this app."""

from django.urls import path

from openpeel.web.operations import views

app_name = "operations"
urlpatterns = [
    path("health", views.health, name="health"),
    path("ready", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
]
