"""The page of the audit trail."""

from django.urls import URLPattern

app_name = "trail"
urlpatterns: list[URLPattern] = []
