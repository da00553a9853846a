"""Says in JSON why a request was not answered: what was expected and what came (RFC 9457, problem details)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

KIND = "application/problem+json"


class NotThereError(Exception):
    """What an address names is not there, or not published. `detail` says what was looked for."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotUnderstoodError(Exception):
    """A parameter says something that it cannot. `name` is the parameter, `reason` what was expected."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name
        self.reason = reason


def problem(status: int, detail: str, invalid: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """The answer. `invalid` are parameters with what was expected of them."""
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if invalid:
        said["invalid"] = [{"name": name, "reason": reason} for name, reason in invalid]
    response = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=KIND)
    response["Cache-Control"] = "no-store"
    return response


def not_understood(errors: Sequence[dict[str, Any]]) -> HttpResponse:
    """What pydantic found wrong in the parameters."""
    invalid = [(str(error["loc"][-1]), str(error["msg"])) for error in errors]
    return problem(400, "The parameters could not be understood.", invalid)


def too_many(wait: float | None) -> HttpResponse:
    """429, with when to ask again."""
    seconds = max(1, math.ceil(wait or 60))
    response = problem(429, f"Too many requests from this address. Ask again in {seconds} seconds.")
    response["Retry-After"] = str(seconds)
    return response
