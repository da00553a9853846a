"""Pages of a person's own notices."""

from django.urls import path

from openpeel.web.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="index"),
    path("read", views.read_all, name="read-all"),
    path("<uuid:key>/read", views.read, name="read"),
]
