"""The API and the page about it."""

from django.urls import path

from openpeel.web.api import views

app_name = "api"
urlpatterns = [path("", views.about, name="about")]
