"""The API and the page about it."""

from __future__ import annotations

from django.urls import URLPattern, path

from openpeel.web.api import views
from openpeel.web.api.guarding import guarded
from openpeel.web.api.v1 import api

_patterns, _, _namespace = api.urls

app_name = "api"
urlpatterns = [
    path("", views.about, name="about"),
    path(
        "v1/",
        (
            [
                *(guarded(pattern) for pattern in _patterns if isinstance(pattern, URLPattern)),
                path("<path:rest>", views.unknown, name="unknown"),
            ],
            "ninja",
            _namespace,
        ),
    ),
]
