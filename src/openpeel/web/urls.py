"""Which page is where. Each app lists its own; none is without a permission (`accounts/guard.py`)."""

from django.urls import URLPattern, URLResolver, include, path

from openpeel.web.look.views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("", include("openpeel.web.operations.urls")),
    path("account/", include("openpeel.web.accounts.urls")),
    path("audit-trail/", include("openpeel.web.trail.urls")),
    path("notices/", include("openpeel.web.notices.urls")),
    path("collections/", include("openpeel.web.collections.urls")),
    path("returns/", include("openpeel.web.returns.urls")),
    path("releases/", include("openpeel.web.releases.urls")),
    path("explore/", include("openpeel.web.explore.urls")),
    path("api/", include("openpeel.web.api.urls")),
]
handler400 = "openpeel.web.look.errors.bad_request"
handler403 = "openpeel.web.look.errors.forbidden"
handler404 = "openpeel.web.look.errors.not_found"
handler500 = "openpeel.web.operations.away.failed"
