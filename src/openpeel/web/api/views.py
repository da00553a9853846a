"""The page about the API, made from its own description."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from openpeel.web.accounts.guard import needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.api.problems import problem
from openpeel.web.explore.kept import kept_for_anybody

#: An example of each address, as the page prints it.
_EXAMPLES = {
    "list_releases": "releases",
    "one_release": "releases/first",
    "list_forces": "forces?limit=5",
    "list_measures": "measures?area=powers",
    "one_measure": "measures/searches_per_1000",
    "list_figures": "figures?measure=searches_per_1000&force=hertfordshire",
    "one_figure": "figures/searches_per_1000.hertfordshire.2023-04.2024-03.all.8e836736.add93eef00",
    "list_trends": "trends?measure=searches_per_1000&force=hertfordshire",
}


@needs(Permission.SEE_PUBLISHED)
@kept_for_anybody
def about(request: HttpRequest) -> HttpResponse:
    """What the API gives and how to ask for it."""
    from openpeel.web.api.v1 import MOST, api

    schema: dict[str, Any] = api.get_openapi_schema()
    root = request.build_absolute_uri(reverse("api:v1:api-root"))
    asked = []
    for address, methods in schema["paths"].items():
        operation = methods["get"]
        name = operation["operationId"].rpartition("_v1_")[2]
        asked.append(
            {
                "address": address,
                "title": operation["summary"],
                "about": operation["description"],
                "parameters": operation.get("parameters", []),
                "example": root + next(e for k, e in _EXAMPLES.items() if name.endswith(k)),
            }
        )
    context = {
        "asked": asked,
        "schemas": schema["components"]["schemas"],
        "openapi": reverse("api:v1:openapi-json"),
        "root": root,
        "most": MOST,
    }
    return render(request, "api/about.html", context)


@needs(Permission.SEE_PUBLISHED)
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that the API does not have."""
    return problem(404, f"The API has no '{rest}'. {reverse('api:about')} lists what it has.")
