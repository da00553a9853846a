"""Pages as they must not be, to prove that the walk sees it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from openpeel.web.accounts.guard import needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.returns.models import Return
from openpeel.web.urls import urlpatterns as good


def without_needs(request: HttpRequest) -> HttpResponse:
    return HttpResponse("anybody")


@needs(Permission.SEE_OWN_RETURNS, Permission.SEE_ALL_RETURNS)
def of_all_forces(request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join(Return.objects.values_list("remark", flat=True)))


@needs(Permission.SEE_OWN_RETURNS, Permission.SEE_ALL_RETURNS)
def not_asking_whose(request: HttpRequest, handed_in: str) -> HttpResponse:
    return HttpResponse("a return")


LEAKS = [
    path("leak/without-needs", without_needs, name="leak-without-needs"),
    path("leak/of-all-forces", of_all_forces, name="leak-of-all-forces"),
    path("leak/<uuid:handed_in>", not_asking_whose, name="leak-not-asking-whose"),
]
urlpatterns = [*good, *LEAKS]
