"""Django's settings, from the environment."""

import os
from datetime import timedelta

from csp.constants import NONE, SELF

from openpeel.web.environment import Environment
from openpeel.web.operations.logs import logging_of

ENVIRONMENT = Environment.read(os.environ)

DEBUG = False  # a page of faults shows what is in memory; nobody needs it, not even when developing
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "openpeel.web.urls"
WSGI_APPLICATION = "openpeel.web.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "openpeel.web.accounts",
    "openpeel.web.trail",
    "openpeel.web.jobs",
    "openpeel.web.notices",
    "openpeel.web.collections",
    "openpeel.web.returns",
    "openpeel.web.releases",
    "openpeel.web.explore",
    "openpeel.web.api",
    "openpeel.web.operations",
    "openpeel.web.look",
]

MIDDLEWARE = [
    "openpeel.web.operations.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "openpeel.web.accounts.middleware.ActorMiddleware",
    "openpeel.web.look.middleware.HeadersMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "openpeel.web.look.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "openpeel.web.look.context.page",
                "openpeel.web.notices.context.unread",
            ],
        },
    },
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]

DATABASES = {"default": dict(ENVIRONMENT.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

# Five failures lock an account, from that address, for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or anybody could keep somebody out for ever
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "openpeel.web.accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "openpeel.web.accounts.actor.address_of"
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False  # it writes names into the log
AXES_DISABLE_ACCESS_LOG = True  # the audit trail is the one place
OTP_TOTP_ISSUER = "openpeel"

SESSION_COOKIE_AGE = int(ENVIRONMENT.session_hours * 3600)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "openpeel.web.look.errors.csrf_failed"
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [r"^(health|ready|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
SECURE_HSTS_PRELOAD = ENVIRONMENT.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.proxies else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

LAKE = ENVIRONMENT.home / "lake"
STAGING = ENVIRONMENT.home / "staging"
MEDIA_ROOT = ENVIRONMENT.home / "handed-in"  # never served
CHARTS = ENVIRONMENT.home / "charts"
# Pages of published figures, which all who are not signed in see alike, are kept by each process; what the rate limit
# of the API counts is kept where all processes of a machine find it.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 400},
    },
    "asked": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": ENVIRONMENT.home / "asked",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}
DOWNLOADS = ENVIRONMENT.home / "downloads"  # made from the database, and made again where they are gone
CHARTS_AHEAD = True  # drawn by a job as soon as a release has figures
API_A_MINUTE = 300  # requests from one address
STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
UPLOAD_BYTES = ENVIRONMENT.upload_mib << 20
FILE_UPLOAD_HANDLERS = ["openpeel.web.returns.uploads.NoUploads"]  # but where a return is handed in
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
LEASE_SECONDS = 60  # a worker that has not renewed its lease for so long is taken for lost
JOB_ATTEMPTS = 3
DATABASE_AWAY_SECONDS = 1  # between two tries, while it is away

LOGGING = logging_of(production=ENVIRONMENT.production)

EMAIL_BACKEND = ENVIRONMENT.mail.backend
EMAIL_HOST, EMAIL_PORT = ENVIRONMENT.mail.host, ENVIRONMENT.mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENVIRONMENT.mail.user, ENVIRONMENT.mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = ENVIRONMENT.mail.starttls, ENVIRONMENT.mail.tls
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = ENVIRONMENT.sender
