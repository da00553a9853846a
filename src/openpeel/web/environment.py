"""What the environment says of this service: where its data are, its database, its secrets, and for whom it answers.

Names and meanings are listed in `docs/how-to/run-in-production.md`. Nothing else reads `os.environ`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from openpeel.errors import UseError

PREFIX = "OPENPEEL_"


@dataclass(frozen=True)
class Mail:
    """Where e-mail is handed over. Without a host it is printed where the service runs."""

    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False

    @property
    def backend(self) -> str:
        """Django's name of what hands it over."""
        return f"django.core.mail.backends.{'smtp' if self.host else 'console'}.EmailBackend"


@dataclass(frozen=True)
class Environment:
    """The settings that differ from one machine to another.

    Without `production` the service is for one person at one machine: it makes a secret of its own and shows faults.
    `home` holds the lake, the files handed in, and the SQLite database where no other is named. `address` is that of
    the first page, without a slash at its end: links in e-mails begin with it.
    """

    production: bool
    home: Path
    secret_key: str
    hosts: tuple[str, ...]
    database: Mapping[str, object]
    https: bool
    address: str
    mail: Mail
    sender: str
    upload_mib: int
    session_hours: float
    proxies: int
    metrics_token: str

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Environment:
        """Raises UseError, naming the variable, for a value that is none."""

        def of(name: str, default: str = "") -> str:
            return environ.get(PREFIX + name, default).strip()

        production = _yes(of("PRODUCTION", "no"), "PRODUCTION")
        home = Path(of("HOME", "service")).absolute()
        hosts = tuple(h.strip() for h in of("HOSTS", "127.0.0.1,localhost").split(",") if h.strip())
        https = _yes(of("HTTPS", "yes" if production else "no"), "HTTPS")
        return cls(
            production=production,
            home=home,
            secret_key=of("SECRET_KEY") or ("" if production else _own_secret(home)),
            hosts=hosts,
            database=_database(of("DATABASE"), home),
            https=https,
            address=_address(of("ADDRESS"), hosts, https),
            mail=_mail(of("EMAIL")),
            sender=of("SENDER", "openpeel@localhost"),
            upload_mib=int(_number(of("UPLOAD_MIB", "512"), "UPLOAD_MIB")),
            session_hours=_number(of("SESSION_HOURS", "8"), "SESSION_HOURS"),
            proxies=int(_number(of("PROXIES", "0"), "PROXIES")),
            metrics_token=of("METRICS_TOKEN"),
        )


def _yes(text: str, name: str) -> bool:
    if text.casefold() in ("yes", "true", "1", "on"):
        return True
    if text.casefold() in ("no", "false", "0", "off", ""):
        return False
    raise UseError(f"expected yes or no in {PREFIX}{name}, got '{text}'")


def _number(text: str, name: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < 1e9:
        raise UseError(f"expected a number in {PREFIX}{name}, got '{text}'")
    return found


def _address(url: str, hosts: tuple[str, ...], https: bool) -> str:
    if not url:
        host = next((h for h in hosts if h.strip("*.")), "127.0.0.1").lstrip(".")
        return f"https://{host}" if https else f"http://{host}:8000"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UseError(
            f"expected the address of the service's first page in {PREFIX}ADDRESS, got '{url}'",
            advice="It looks like https://collections.example.org.",
        )
    return url.rstrip("/")


def _mail(url: str) -> Mail:
    """Raises UseError that does not repeat the address: there is a password in it."""
    if not url:
        return Mail()
    wrong = UseError(
        f"expected the address of a mail server in {PREFIX}EMAIL",
        advice="It looks like smtp://user:password@host:587?tls=yes, or smtps://… where TLS comes first. "
        "Write a ':', '/' or '@' of the password as %3A, %2F or %40.",
    )
    try:
        parts = urlsplit(url)
        port, options = parts.port, dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        raise wrong from None
    if (
        parts.scheme not in ("smtp", "smtps")
        or not parts.hostname
        or parts.path.strip("/")
        or options.keys() - {"tls"}
    ):
        raise wrong
    tls = parts.scheme == "smtps"
    return Mail(
        host=parts.hostname,
        port=port or (465 if tls else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=not tls and _yes(options.get("tls", "yes"), "EMAIL's tls"),
        tls=tls,
    )


def _database(url: str, home: Path) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "service.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                # A transaction takes the right to write when it begins: two that read first and write later cannot
                # lock one another out.
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise UseError(
            f"expected an address of a PostgreSQL database in {PREFIX}DATABASE",
            advice="It looks like postgresql://user:password@host:5432/name.",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": dict(parse_qsl(parts.query)).get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }


def _own_secret(home: Path) -> str:
    """A secret kept beside the data, made the first time: another machine has another."""
    kept = home / "secret-key"
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return kept.read_text(encoding="ascii")
