"""Settings, read from the environment; docs/operations.md explains each variable.

With no variable set, Parley runs on one machine: SQLite in var/, the sandbox carrier instead of a phone network.
"""

import contextlib
import os
import secrets
import zoneinfo
from collections.abc import Callable
from pathlib import Path

import environ
import structlog
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF

# Clocks come from the pinned tzdata package, never from the machine: its files may be years old.
os.environ["PYTHONTZPATH"] = ""
zoneinfo.reset_tzpath(to=[])

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

VAR_DIR = Path(env("PARLEY_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def kept_secret(name: str, make: Callable[[], str]) -> str:
    """The environment variable `name` (or the file `name`_FILE names), else a secret made once and kept in var/."""
    if value := env(name, default=""):
        return value
    path = VAR_DIR / name.lower()
    if not path.exists():
        # Written aside and linked into place whole: two processes that start together keep the same secret.
        aside = path.with_suffix(f".{os.getpid()}")
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    return path.read_text().strip()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = kept_secret("SECRET_KEY", lambda: secrets.token_urlsafe(50))
# Former keys: they sign nothing, but links that were given to called people go on working.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Newest first: the first encrypts, all decrypt, so that a key is rotated by putting a new one in front.
FIELD_ENCRYPTION_KEYS = kept_secret("FIELD_ENCRYPTION_KEYS", lambda: Fernet.generate_key().decode()).split(
    ","
)

PORT = env.int("PORT", default=8000)
# The address that Twilio reaches; callbacks and sockets are signed over it.
PUBLIC_URL = env("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SANDBOX_PORT = env.int("SANDBOX_PORT", default=PORT + 1)
SANDBOX_URL = f"http://127.0.0.1:{SANDBOX_PORT}"
# The demo's account at the sandbox carrier; the carrier is started with the same two.
SANDBOX_ACCOUNT_SID = env("SANDBOX_ACCOUNT_SID", default="AC" + "5a" * 16)
SANDBOX_AUTH_TOKEN = kept_secret("SANDBOX_AUTH_TOKEN", lambda: secrets.token_hex(16))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# Hosts of language models that may lie inside this network ("localhost", "10.0.0.7"); all others must be public.
MODEL_HOSTS_ALLOWED = env.list("MODEL_HOSTS_ALLOWED", default=[])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []

# Whether a business may call only after Twilio's own review of it, on top of the checks on this machine.
KYC_NEEDS_PROVIDER = env.bool("KYC_NEEDS_PROVIDER", default=False)

# web | worker | dialer: what this process is, which decides how it keeps its database connections.
PROCESS = env("PARLEY_PROCESS", default="web")

INSTALLED_APPS = [
    "accounts",
    "contacts",
    "compliance",
    "telephony",
    "phone_numbers",
    "voiceagents",
    "dialer",
    "dashboards",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_q",
]

MIDDLEWARE = [
    "telephony.middleware.front_door",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.TextOnly",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.frame",
                "telephony.context.carrier",
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'parley.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        # FULL: a power cut forgets no reservation, opt-out or event that was committed; NORMAL would.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
    }
else:
    # Drains and callbacks ask the same few statements all day: the server keeps the plans (accounts.database.prepared).
    _database["OPTIONS"] = {"prepare_threshold": 2}
    if PROCESS == "web":
        _database["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL", default=16),
            "timeout": 10,
            # Its own is five minutes of ever longer pauses: a database that is back would be noticed a minute late.
            "reconnect_timeout": 5,
        }
    else:
        # The queue's workers fork: a pool's sockets would be shared between them, plain persistent connections are not.
        _database["CONN_MAX_AGE"] = 60
        _database["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env("REDIS_URL")}
        if env("REDIS_URL", default="")
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "parley_cache"}
    ),
    # django-q2 writes its own state twice a second; that stays in the process.
    "qstat": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# The values are measured, and fence the queue's known faults: docs/decisions/0003-django-q2.md.
Q_CLUSTER = {
    "name": "parley",
    "orm": "default",
    "workers": env.int("WORKERS", default=2),
    "queue_limit": 4,
    "bulk": 1,
    "poll": 0.2,
    "timeout": 600,
    "retry": 3600,
    "ack_failures": True,
    "max_attempts": 1,
    "catch_up": False,
    "save_limit": 250,
    "save_limit_per": "func",
    "recycle": 500,
    "cache": "qstat",
    # Three, so that a new drain always finds a free worker beside the one that works and the one that stands by.
    "ALT_CLUSTERS": {"dialer": {"workers": 3, "queue_limit": 3, "timeout": 180, "retry": 900, "poll": 0.2}},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
METRICS_TOKEN = env("METRICS_TOKEN", default="")

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login": "30/m/ip",
    # The hosted opt-in page: a few people behind one address; a flood on one form, from wherever it comes.
    "opt_in": "6/m/ip,60/d/ip,300/h/key",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Parley"
SESSION_COOKIE_AGE = 14 * 24 * 3600

_https = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=_https)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# Mailed to ADMINS where there are any.
DEFAULT_EXCEPTION_REPORTER_FILTER = "accounts.reports.NamesOnly"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Parley <parley@localhost>")

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Without a collected folder the files are served from where they are, so that a fresh clone needs no build step.
_collected = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not _collected
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "accounts.files.WholeFiles"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Files a person uploads: contact lists. Larger ones are refused with words, by the form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "accounts.files.TemporaryFiles",
]

_shared_processors: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*_shared_processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared_processors,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer()
                if env("LOG_FORMAT", default="text") == "json"
                else structlog.dev.ConsoleRenderer(colors=False),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "twilio": {"level": "WARNING"},
        "django-q": {"handlers": [], "level": "WARNING"},
    },
}
