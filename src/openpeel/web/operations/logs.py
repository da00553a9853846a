"""What is written to the log: one JSON object a line, and nothing about a person.

A line carries what our own code gives it by name (`extra=`), the kind of an error and where it was raised. It carries
no values: neither the arguments of other libraries' messages, which hold paths and queries, nor what an error says,
which may repeat a cell of somebody's record.
"""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import extract_tb
from typing import Any

#: The id of the request that is answered; blank outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_OWN = "openpeel"
_FIELDS = (
    "view", "method", "status", "milliseconds", "role", "job", "task", "attempts", "seconds", "error", "where", "count",
)  # fmt: skip
#: Whose messages are about the service's processes alone.
_PLAIN = ("gunicorn",)
_SILENT = "(not written: it may hold a value)"


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return json.dumps(fields_of(record), ensure_ascii=False)


class LineFormatter(logging.Formatter):
    """The same for somebody who looks on in a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields = fields_of(record)
        rest = " ".join(f"{k}={v}" for k, v in fields.items() if k not in ("at", "level", "from", "message"))
        clock = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        return f"{clock} {fields['message']} {rest}".rstrip()


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What is written of a record."""
    fields: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.casefold(),
        "from": record.name,
        "message": _message(record),
    }
    if asked := request_id.get():
        fields["request"] = asked
    fields.update((name, record.__dict__[name]) for name in _FIELDS if name in record.__dict__)
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        fields["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        fields["where"] = [f"{f.filename}:{f.lineno} in {f.name}" for f in extract_tb(error.__traceback__)]
    return fields


def _message(record: logging.LogRecord) -> str:
    if record.name.startswith(_PLAIN) and not record.exc_info and "request" not in str(record.msg).casefold():
        return record.getMessage()
    if record.args or record.name.split(".")[0] == _OWN:
        return str(record.msg)  # the pattern, without what is put into it
    return _SILENT


def logging_of(*, production: bool) -> dict[str, Any]:
    """Django's LOGGING: everything goes to the standard error in one form."""
    form = JsonFormatter if production else LineFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{form.__module__}.{form.__qualname__}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "openpeel": {"level": "INFO"},
            "gunicorn": {"level": "INFO"},
            # Its lines tell what ours tell, with the path.
            "django.request": {"level": "ERROR"},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "axes": {"level": "CRITICAL"},  # names of those who fail to sign in; the audit trail has them
        },
    }
