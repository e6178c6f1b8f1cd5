"""Django's settings, read from the environment through ``config.env``.

Without any variable set this is a development and demo configuration on the embedded services; what
a production deployment must set is listed in docs/settings.md and checked by ``config.checks``.
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from config import env, headers, logs
from config.mail import smtp
from runtime.services import discover

ROOT: Path = env.ROOT
STATE = Path(env.text("TOUCHSTONE_STATE", str(ROOT / ".touchstone")))
# Real data sets for the demo, the tests and the benchmarks; fine when absent.
DATA_DIR = Path(env.text("TOUCHSTONE_DATA_DIR", str(ROOT.parent / "shared" / "data")))
# Databases of addresses (GeoLite2 and the like) and lists of networks; see docs/operations.md.
ADDRESSES_DIR = Path(folder) if (folder := env.text("TOUCHSTONE_ADDRESSES_DIR", "")) else None
DEBUG = env.flag("TOUCHSTONE_DEBUG", False)
PRODUCTION = env.flag("TOUCHSTONE_PRODUCTION", False)
SECRET_KEY = env.text("TOUCHSTONE_SECRET_KEY", "" if PRODUCTION else "demo-only-" + "x1Y2z3" * 10)
# What wraps every stored key: the present one, then earlier ones that still open.
MASTER_KEYS = env.keys("TOUCHSTONE_MASTER_KEY")
DEVELOPMENT_MASTER_KEY = STATE / "master.key"

# Who is told by mail when something stands still.
OPERATORS = env.names("TOUCHSTONE_OPERATORS", "")
# Counters of all processes of this machine meet in files here; without it each has its own.
METRICS = env.shared_folder("PROMETHEUS_MULTIPROC_DIR")

BASE_DOMAIN = env.text("TOUCHSTONE_BASE_DOMAIN", "localhost")
ALLOWED_HOSTS = [BASE_DOMAIN, f".{BASE_DOMAIN}", *env.names("TOUCHSTONE_HOSTS", "127.0.0.1,[::1]")]
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # links with one-time tokens leave no trace elsewhere
CONTENT_SECURITY_POLICY = headers.policy(base_domain=BASE_DOMAIN)

SHARED_APPS = [
    "config",
    "django_tenants",
    "tenants",
    "portal",
    "health",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
]
TENANT_APPS = [
    "eventlog", "evidence", "ingest", "alerts", "tenants.privacy", "attribution", "fraud",
    "regulator",
]  # fmt: skip
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
# One SET search_path per use of a connection, not per statement.
TENANT_LIMIT_SET_CALLS = True
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
AUTH_USER_MODEL = "tenants.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_services = discover(env.with_files("TOUCHSTONE_DATABASE_URL", "TOUCHSTONE_REDIS_URL"), ROOT)
DATABASE_URL = _services.database_url
REDIS_URL = _services.redis_url


def _database(url: str) -> dict[str, Any]:
    """Django's entry for a ``postgresql://user:password@host:port/name`` URL."""
    parts = urlsplit(url)
    role = env.text("TOUCHSTONE_DATABASE_ROLE", "touchstone_app")
    return {
        "ENGINE": "django_tenants.postgresql_backend",
        "NAME": parts.path.lstrip("/") or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "127.0.0.1",
        "PORT": str(parts.port or 5432),
        "OPTIONS": {
            # Runtime connections act as the application role: INSERT and SELECT on the log.
            "options": f"-c role={role}" if role else "",
            "pool": {
                "min_size": 1,
                "max_size": env.number("TOUCHSTONE_DATABASE_POOL", 8),
                "timeout": 10,
            },
        },
    }


DATABASES = {"default": _database(DATABASE_URL)}
EVENTLOG_CHUNK_INTERVAL = env.text("TOUCHSTONE_CHUNK_INTERVAL", "7 days")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # Every key carries the active schema, so tenants can't meet in the cache.
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    },
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_ROUTES = {
    "ingest.tasks.*": {"queue": "ingest"},
    "evidence.tasks.*": {"queue": "report"},
    # A page waits for these, or the clock asks each minute: none may stand behind a long training.
    "attribution.tasks.fit_all": {"queue": "report"},
    "attribution.tasks.intervals": {"queue": "report"},
    "attribution.tasks.markov_order": {"queue": "report"},
    "attribution.tasks.pack_paths": {"queue": "project"},
    # Short, and somebody must hear of it soon.
    "alerts.tasks.*": {"queue": "project"},
    "fraud.tasks.watch": {"queue": "project"},
    "regulator.cases.tasks.*": {"queue": "project"},
    "regulator.dossier.tasks.*": {"queue": "report"},
    "fraud.tasks.find_rings": {"queue": "project"},
    "fraud.tasks.train": {"queue": "train"},
    "regulator.tasks_learned.train": {"queue": "train"},
    "fraud.tasks.try_base": {"queue": "train"},
    "fraud.tasks.track": {"queue": "train"},
    "fraud.tasks.track_all": {"queue": "train"},
    "fraud.tasks.backtest": {"queue": "train"},
    "regulator.watch.tasks.hours": {"queue": "project"},
    "regulator.watch.tasks.days": {"queue": "report"},
    "attribution.tasks.*": {"queue": "train"},
    "regulator.forecasts.tasks.*": {"queue": "train"},
}
CELERY_BEAT_SCHEDULE = {
    "fit-learned-models": {"task": "attribution.tasks.fit_all", "schedule": 60.0},
    "expire-events": {"task": "tenants.privacy.tasks.expire_events", "schedule": 3_600.0},
    "pack-paths": {"task": "attribution.tasks.pack_paths", "schedule": 60.0},
    "keep-usage": {"task": "tenants.tasks.keep_usage", "schedule": 60.0},
    "resume-imports": {"task": "ingest.tasks.resume_imports", "schedule": 30.0},
    "deliver-mail": {"task": "tenants.tasks.deliver_mail", "schedule": 15.0},
    "look-at-alerts": {"task": "alerts.tasks.look", "schedule": 15.0},
    "watch-publishers": {"task": "fraud.tasks.watch", "schedule": 20.0},
    "find-fraud-rings": {"task": "fraud.tasks.find_rings", "schedule": 600.0},
    "train-fraud-models": {"task": "fraud.tasks.train_all", "schedule": 86_400.0},
    "train-regulator-models": {"task": "regulator.tasks_learned.train_all", "schedule": 86_400.0},
    "measure-fraud-drift": {"task": "fraud.tasks.measure_drift", "schedule": 3_600.0},
    "look-at-explanations": {"task": "regulator.cases.tasks.look", "schedule": 600.0},
    "track-fraud-models": {"task": "fraud.tasks.track_all", "schedule": 86_400.0},
    # Looked at hourly; made when the newest is a week old.
    "forecast-markets": {"task": "regulator.forecasts.tasks.make_all", "schedule": 3_600.0},
    "watch-operators": {"task": "regulator.watch.tasks.hours", "schedule": 300.0},
    "watch-returns": {"task": "regulator.watch.tasks.days", "schedule": 86_400.0},
}
# A sign of life at least this often, whatever is due.
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BEAT_SCHEDULER = "health.scheduler:Scheduler"
CELERY_TASK_DEFAULT_QUEUE = "report"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A training holds what it looked at, and its libraries: the process that did it gives way to a new
# one when it has ended (kilobytes).
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.headers.permissions",
    "config.headers.ContentSecurity",
    "portal.static_files.StaticFiles",
    "tenants.middleware.TenantMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.middleware.MembershipMiddleware",
    "config.requests.Named",
    "tenants.middleware.ExportMiddleware",
    "regulator.access.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
# Regulators see other pages than advertisers; the bare host has its own.
REGULATOR_URLCONF = "config.urls_regulator"
PUBLIC_SCHEMA_URLCONF = "config.urls_public"
WSGI_APPLICATION = None
ASGI_APPLICATION = "config.asgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,  # the API's pages bring their own
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.chrome",
            ],
            "builtins": ["portal.templatetags.portal"],
            "string_if_invalid": "",
        },
    }
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Serve straight from the source folders: no collectstatic step between a clone and a served page,
# and hence no folder that it would fill.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
UPLOADS = STATE / "uploads"
EXPORTS = STATE / "exports"
MODELS = STATE / "models"
# Where trainings are told of: a database (artefacts beside it) or an MLflow server; empty: nowhere.
MLFLOW_TRACKING_URI = env.text("TOUCHSTONE_MLFLOW_URI", f"sqlite:///{STATE / 'mlflow' / 'runs.db'}")
MLFLOW_ARTEFACTS = STATE / "mlflow" / "artefacts"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/login/"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# The plan of tenants that have none of their own, and how often processes exchange their counts.
DEFAULT_PLAN = env.text("TOUCHSTONE_PLAN", "enterprise")
QUOTA_EXCHANGE_SECONDS = 0.25

PASSWORD_RESET_TIMEOUT = 3600

# A tenant's portal, for links in what is sent; and whether webhooks may go to hosts of our own
# network, and without TLS: for development alone.
_scheme, _port = ("https", "") if PRODUCTION else ("http", env.text("TOUCHSTONE_PORT", ""))
PORTAL_URL = env.text(
    "TOUCHSTONE_PORTAL_URL", f"{_scheme}://{{slug}}.{BASE_DOMAIN}{':' if _port else ''}{_port}"
)
PRIVATE_RECEIVERS = env.flag("TOUCHSTONE_PRIVATE_RECEIVERS", default=not PRODUCTION)

# Whose word about the client's address is believed: networks of our own proxies.
TRUSTED_PROXIES = env.names("TOUCHSTONE_PROXIES", "")

_smtp_url = env.text("TOUCHSTONE_SMTP_URL", "")
_mail = smtp(_smtp_url)
# Without a mail server letters are files, and join links are handed over by hand.
MAIL_LEAVES = bool(_smtp_url)
EMAIL_BACKEND = _mail.backend
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.tls
EMAIL_TIMEOUT = 15
EMAIL_FILE_PATH = STATE / "mail"
DEFAULT_FROM_EMAIL = env.text("TOUCHSTONE_MAIL_FROM", f"Touchstone <no-reply@{BASE_DOMAIN}>")

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# Ingestion limits itself (5 MB, 1,000 events) and answers with a problem document.
DATA_UPLOAD_MAX_MEMORY_SIZE = None
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
INGEST_MAX_BODY_BYTES = 5 * 1024 * 1024
INGEST_MAX_EVENTS = 1_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tenants.api.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["tenants.api.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.problems.answer",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "ENUM_NAME_OVERRIDES": {
        "AlertStateEnum": "alerts.endpoints.STATES",
        "DetectorMemberEnum": "regulator.endpoints_detect.MEMBER_NAMES",
        "EventFraudEnum": "fraud.endpoints_score.EVENT_KINDS",
        "FraudTypeEnum": "fraud.endpoints.KINDS",
        "GamingSeverityEnum": "regulator.endpoints.SEVERITIES",
        "KindEnum": "tenants.privacy.endpoints_requests.KINDS",
        "StateEnum": "health.endpoints.STATES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.with_problems",
    ],
    "TITLE": "Touchstone API",
    "DESCRIPTION": "Send events; read journeys, credit and the log. The key selects the tenant.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
}

LOGGING = logs.configuration(production=PRODUCTION, level=env.text("TOUCHSTONE_LOG_LEVEL", "INFO"))
SILENCED_SYSTEM_CHECKS: list[str] = []
