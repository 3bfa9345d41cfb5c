"""Every setting, on one page. Environments differ in variables, never in Python.

With no variables at all this is the embedded set-up: SQLite, an embedded broker and a mail hub on
loopback, secrets made on the first start. `HBU_PROFILE=production` refuses all of that.
"""

import os
from ipaddress import ip_network
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hbu import profile
from hbu.lib import logs
from hbu.lib.keys import kept
from hbu.lib.sockets import socket_path
from hbu.unfold import LOOK

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
HBU_DATA_DIR = Path(env.str("HBU_DATA_DIR", str(BASE_DIR / "data"))).resolve()
HBU_PROFILE = profile.chosen(os.environ)
PRODUCTION = HBU_PROFILE == "production"
SECRETS_DIR = HBU_DATA_DIR / "secrets"


def secret(variable: str, name: str, make: str = "token") -> str:
    """Read a secret from the environment; embedded set-ups make and keep their own."""
    return env.str(variable, "") or kept(SECRETS_DIR, name, make)


# Core
SECRET_KEY = secret("SECRET_KEY", "secret-key")
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORT = env.int("PORT", 8000)
# Where customers reach us; links in letters begin with it.
HBU_SITE_URL = env.str("HBU_SITE_URL", f"http://localhost:{PORT}").rstrip("/")

INSTALLED_APPS = [
    "daphne",
    "hbu.apps.HbuConfig",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_htmx",
    "bootstrap",
    "import_export",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "hbu.company",
    "hbu.journal",
    "agents",
    "shop",
    "emails",
    "orders",
    "cases",
    "kpis",
]

MIDDLEWARE = [
    "hbu.lib.requests.watched",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hbu.journal.callers.remembered",
    "agents.lasting.prolonged",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "hbu.csp.relaxed_under_the_admin",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "hbu.urls"
ASGI_APPLICATION = "hbu.asgi.application"
WSGI_APPLICATION = "hbu.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "shop.views.frame.frame",
            ],
        },
    },
]

# Rows
_database = env.str("DATABASE_URL", "") or f"sqlite:///{HBU_DATA_DIR / 'hbu.sqlite3'}"
DATABASES = {"default": env.db_url_config(_database)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at BEGIN, so that a transaction never fails half-way for want
    # of it; WAL lets readers go on meanwhile. Recursive triggers also hear of rows that an INSERT OR
    # REPLACE removes: invoices and the journal are no exception.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA recursive_triggers=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that does not answer holds nobody, not even /health; seconds.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
BLOBS_DIR = Path(env.str("HBU_BLOBS_DIR", str(HBU_DATA_DIR / "blobs")))
FIELD_KEY = secret("HBU_FIELD_KEY", "field-key", "fernet")

# The doorbell. An empty REDIS_URL means the embedded broker on a socket of its own, never a
# server that happens to listen on the usual port.
BROKER_SOCKET = socket_path(HBU_DATA_DIR / "run", "broker.sock")
REDIS_URL = env.str("REDIS_URL", "")
EMBEDDED_BROKER = not REDIS_URL
_redis = REDIS_URL or f"unix://{BROKER_SOCKET}?db=0"

# Where processes add up what they measure.
HBU_MEASURES_URL = _redis
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{BROKER_SOCKET}?virtual_host=0"
# Named, so that queues for other kinds of waiting can stand beside it.
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_DB_REUSE_MAX = 1000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A doorbell that cannot be rung must not hold up the one who rings: the sweep will find the row.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_BEAT_SCHEDULE_FILENAME = str(HBU_DATA_DIR / "run" / "beat-schedule")
# What nobody took in time is dropped, so that it does not pile up while the worker is away; not as
# short as the periods, or a worker with a long queue would never come to sweep.
_passing = {"expires": 30.0}
CELERY_BEAT_SCHEDULE = {
    # Mail that the server did not announce.
    "fetch": {
        "task": "emails.fetch_due",
        "schedule": env.float("HBU_FETCH_SECONDS", 15.0),
        "options": _passing,
    },
    # Rows that a lost message left behind; the recovery story of the whole house.
    "sweep-emails": {"task": "emails.sweep", "schedule": 5.0, "options": _passing},
    "sweep-cases": {"task": "cases.sweep", "schedule": 5.0, "options": _passing},
    # Workflow rules that wait for hours to pass.
    "time-rules": {"task": "cases.time_rules", "schedule": 60.0, "options": _passing},
    "sweep-printouts": {"task": "orders.sweep_printouts", "schedule": 15.0, "options": _passing},
    # Orders whose day has come for their next step.
    "advance-orders": {"task": "orders.advance_due", "schedule": 30.0, "options": _passing},
    # What a buyer held at the checkout and did not buy in time.
    "release-holds": {"task": "shop.release_holds", "schedule": 30.0, "options": _passing},
    # Quotations that hold no longer; at most so many at once, so more than once a day.
    "expire-quotations": {
        "task": "orders.expire_quotations",
        "schedule": crontab(minute=5),
        "options": {"expires": 1800.0},
    },
    # Invoices that are overdue. More than once a day, for the day on which the worker was away;
    # what was reminded is not due any more.
    "remind": {
        "task": "orders.remind",
        "schedule": crontab(hour="8-17", minute=10),
        "options": {"expires": 1800.0},
    },
    # What cannot be found yet: everything at the first start, later what no event told of.
    "fill-search": {"task": "cases.fill_search", "schedule": 60.0, "options": _passing},
    # The journal's chain.
    "seal-journal": {"task": "journal.seal", "schedule": 10.0, "options": _passing},
    # What staff are told by mail: at once, or in the digest of the day.
    "mail-notices": {"task": "cases.notices_due", "schedule": 60.0, "options": _passing},
    # What staff have read months ago.
    "forget-notices": {
        "task": "cases.forget_notices",
        "schedule": crontab(hour=3, minute=50),
        "options": {"expires": 3600.0},
    },
    # Compares the measures with their thresholds.
    "watch-house": {"task": "kpis.watch", "schedule": 60.0, "options": _passing},
    # Figures of today, and of yesterday, which ended since the last time.
    "kpis-roll-up": {"task": "kpis.roll_up", "schedule": 60.0, "options": _passing},
    # Rows of the last weeks still change: old mails are answered, orders arrive late.
    "kpis-look-back": {
        "task": "kpis.look_back",
        "schedule": 600.0,
        "options": {"expires": 300.0},
    },
    # Tells /health that the clock runs.
    "heartbeat": {"task": "hbu.heartbeat", "schedule": 10.0, "options": _passing},
    # What staff corrected during the day is learned at night.
    "train": {
        "task": "emails.train",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 3600.0},
    },
    # Carts that nobody has touched for half a year.
    "sweep-carts": {
        "task": "shop.sweep_carts",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600.0},
    },
    # Sessions that ended by themselves.
    "forget-sessions": {
        "task": "hbu.forget_sessions",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 3600.0},
    },
    # SQLite plans its questions by what it knows of its tables, and learns nothing by itself.
    "measure-tables": {
        "task": "hbu.measure_tables",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600.0},
    },
    # What the rows of the last months suggest should be done.
    "recommend": {
        "task": "kpis.recommend",
        "schedule": crontab(hour=4, minute=20),
        "options": {"expires": 3600.0},
    },
    # Keys of requests that nobody sends again.
    "forget-keys": {
        "task": "orders.forget_keys",
        "schedule": crontab(hour=3, minute=30),
        "options": {"expires": 3600.0},
    },
    # Files whose rows were never committed.
    "janitor": {
        "task": "emails.clear_orphans",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600.0},
    },
}

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "hbu.journal.layer.PubSubLayer",
        "CONFIG": {"hosts": [_redis], "prefix": "hbu"},
    }
}
# Open pages that one web process holds, of all people and of one: each costs memory for a whole day.
HBU_MAX_SOCKETS = env.int("HBU_MAX_SOCKETS", 500)
HBU_MAX_SOCKETS_OF_ONE = env.int("HBU_MAX_SOCKETS_OF_ONE", 5)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _redis,
        "KEY_PREFIX": "hbu",
        # A silent broker must not hold up a page.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    },
    # Pages of documents, drawn once; on disk, where they need no broker.
    "pictures": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HBU_DATA_DIR / "pictures",
        "TIMEOUT": 7 * 86_400,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# Mail
HBU_IMAP_HOST = env.str("HBU_IMAP_HOST", "localhost")
HBU_IMAP_PORT = env.int("HBU_IMAP_PORT", 11143)
HBU_SMTP_HOST = env.str("HBU_SMTP_HOST", "localhost")
HBU_SMTP_PORT = env.int("HBU_SMTP_PORT", 11025)
# "starttls" and "ssl" verify the certificate; "none" is for a relay on this very machine.
HBU_SMTP_SECURITY = env.str("HBU_SMTP_SECURITY", "starttls")
HBU_SMTP_USER = env.str("HBU_SMTP_USER", "")
HBU_SMTP_PASSWORD = env.str("HBU_SMTP_PASSWORD", "")
HBU_MAIL_HUB = env.bool("HBU_MAIL_HUB", not PRODUCTION)
HBU_HUB_PASSWORD = env.str("HBU_HUB_PASSWORD", "") or (
    kept(SECRETS_DIR, "hub-password", "password") if HBU_MAIL_HUB else ""
)
HBU_CERTIFICATES_DIR = HBU_DATA_DIR / "certificates"
HBU_CA_FILE = env.str("HBU_CA_FILE", str(HBU_CERTIFICATES_DIR / "ca.pem") if HBU_MAIL_HUB else "")
HBU_MAIL_TIMEOUT_SECONDS = env.float("HBU_MAIL_TIMEOUT_SECONDS", 20.0)
HBU_FETCH_BATCH = env.int("HBU_FETCH_BATCH", 50)
HBU_CHUNK = env.int("HBU_CHUNK", 25)
# Off: a model learned from corrections speaks only after somebody has looked at its figures.
HBU_MODEL_AUTO = env.bool("HBU_MODEL_AUTO", False)
HBU_MAX_MAIL_BYTES = env.int("HBU_MAX_MAIL_BYTES", 35 * 1024 * 1024)
# Files that go with one of our letters; many servers refuse mails beyond 10 MB.
HBU_MAX_ENCLOSED_BYTES = env.int("HBU_MAX_ENCLOSED_BYTES", 7 * 1024 * 1024)
# How long a letter of a person waits before it leaves, so that it can be taken back.
HBU_UNDO_SECONDS = env.int("HBU_UNDO_SECONDS", 10)
# All automatic letters of the house together: what is more than that is a storm, and waits for a
# person. The simulation of the demo writes a thousand mails a minute on purpose.
HBU_AUTOMATIC_PER_HOUR = env.int("HBU_AUTOMATIC_PER_HOUR", 1000 if PRODUCTION else 100_000)
HBU_MESSAGE_ID_KEY = secret("HBU_MESSAGE_ID_KEY", "message-id-key")
# Networks of our own that webhooks may call, such as 10.1.2.0/24; else they reach public addresses only.
HBU_WEBHOOK_NETWORKS = [ip_network(one) for one in env.list("HBU_WEBHOOK_NETWORKS", default=[])]

# The company
HBU_COMPANY_FILE = Path(env.str("HBU_COMPANY_FILE", str(BASE_DIR / "demo" / "company.yaml")))
HBU_SIMULATE = env.bool("HBU_SIMULATE", not PRODUCTION)
HBU_SIMULATE_PER_MINUTE = env.float("HBU_SIMULATE_PER_MINUTE", 6.0)
# Open on loopback in the demo; elsewhere staff or this token.
HBU_MONITOR_TOKEN = env.str("HBU_MONITOR_TOKEN", "")
# "http_p95=3,disk_free=500": from where on a measure is an alert, where not as kpis/measures.py says.
HBU_THRESHOLDS = env.dict("HBU_THRESHOLDS", default={})

# Words, time and places
LANGUAGE_CODE = env.str("LANGUAGE_CODE", "de" if PRODUCTION else "en")
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["hbu.formats"]
TIME_ZONE = env.str("TIME_ZONE", "Europe/Berlin")
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(HBU_DATA_DIR / "static")))
WHITENOISE_USE_FINDERS = not PRODUCTION

# Safety
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    # Forbids nothing: it hears of every password that is changed.
    {"NAME": "hbu.journal.auditing.Noted"},
]
SESSION_ENGINE = "agents.models.session"
# The prefix lets browsers take it from this very host alone, over TLS; plain HTTP knows no such name.
SESSION_COOKIE_NAME = "__Host-sessionid" if PRODUCTION else "sessionid"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# When staff are signed out: so long after they signed in, and after so long without doing anything.
# 0: never. On the machine of a demo a screen may show the house for days.
HBU_STAFF_SESSION_HOURS = env.int("HBU_STAFF_SESSION_HOURS", 8 if PRODUCTION else 0)
HBU_STAFF_IDLE_MINUTES = env.int("HBU_STAFF_IDLE_MINUTES", 30 if PRODUCTION else 0)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
# Probes inside a cluster speak plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^health"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}
# The API: JSON in and out, nothing for anybody unless a view says so.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # Takes its own keys alone; the next refuses every other one that it does not know.
        "agents.api.keys.ByAccessKey",
        "shop.api.callers.ByKey",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["hbu.lib.api.permissions.Nobody"],
    "DEFAULT_PARSER_CLASSES": ["hbu.lib.api.parsers.BoundedJSON"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": [
        "shop.api.callers.Strangers",
        "shop.api.callers.Customers",
        "agents.api.keys.StaffRate",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "strangers": env.str("HBU_API_RATE_STRANGERS", "60/min"),
        "customers": env.str("HBU_API_RATE_CUSTOMERS", "600/min"),
        "staff": env.str("HBU_API_RATE_STAFF", "1200/min"),
        "guest_orders": env.str("HBU_API_RATE_GUEST_ORDERS", "20/hour"),
        "guesses": env.str("HBU_API_RATE_GUESSES", "30/hour"),
    },
    # How many proxies of ours stand before us: what X-Forwarded-For says beyond them is hearsay.
    "NUM_PROXIES": env.int("HBU_PROXIES", 1 if PRODUCTION else 0),
    "DEFAULT_PAGINATION_CLASS": "hbu.lib.api.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "hbu.lib.api.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Happy Buttons",
    "DESCRIPTION": "Catalogue and orders for customers; cases, tasks and their numbers for staff. "
    "Amounts are strings with their currency; errors are problem bodies (RFC 9457).",
    "VERSION": "1.0.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "CaseStatus": "cases.models.Case.Status",
        "TaskStatus": "cases.models.Task.Status",
        "Matter": "cases.api.requests.KINDS",
        "AgentKind": "agents.models.Agent.Kind",
        "ClockState": "cases.api.serializers.CLOCK_STATES",
        "OrderState": "orders.models.Order.State",
        "EmailState": "emails.models.Email.State",
    },
}
HBU_MAX_API_BYTES = env.int("HBU_MAX_API_BYTES", 1024 * 1024)
UNFOLD = LOOK
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"

# "lines" for people at a console, "json" for programs that collect it; the file of the log page is
# always JSON.
HBU_LOG_FORMAT = env.str("HBU_LOG_FORMAT", "json" if PRODUCTION else "lines")
LOGS_DIR = HBU_DATA_DIR / "logs"
LOGGING = logs.config(
    LOGS_DIR,
    form=HBU_LOG_FORMAT,
    level=env.str("LOG_LEVEL", "INFO"),
    secrets=[
        SECRET_KEY, FIELD_KEY, HBU_MESSAGE_ID_KEY, HBU_HUB_PASSWORD, HBU_SMTP_PASSWORD,
        HBU_MONITOR_TOKEN, DATABASES["default"].get("PASSWORD") or "",
    ],
)  # fmt: skip
