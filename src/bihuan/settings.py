"""Django's settings: read from BIHUAN_* variables, which the command `bihuan` fills in; nobody imports this file."""

import os
import secrets
from pathlib import Path

from bihuan.bridges.postgres.dsn import django_database
from bihuan.bridges.postgres.home import choose_home

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(__file__).resolve().parent


def _listed(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


# A key of one process is safe; `bihuan` hands every process the one kept in BIHUAN_HOME.
SECRET_KEY = os.environ.get("BIHUAN_SECRET_KEY") or secrets.token_urlsafe(50)
DEBUG = os.environ.get("BIHUAN_DEBUG") == "1"
ALLOWED_HOSTS = _listed("BIHUAN_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = _listed("BIHUAN_ORIGINS", "")

_OURS = (
    "bihuan.people",
    "bihuan.supply",
    "bihuan.packs",
    "bihuan.standards",
    "bihuan.cases",
    "bihuan.promises",
    "bihuan.surveys",
    "bihuan.outages",
    "bihuan.flow",
    "bihuan.indicators",
    "bihuan.reports",
    "bihuan.scenarios",
    "bihuan.web.ui",
    "bihuan.web.desk",
    "bihuan.web.api",
)


INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_htmx",
    "template_partials",
    *_OURS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bihuan.web.api.middleware.Machines",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "bihuan.web.ui.middleware.PlainText",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bihuan.web.ui.middleware.ContentSecurity",
]
ROOT_URLCONF = "bihuan.urls"
WSGI_APPLICATION = "bihuan.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ]
        },
    }
]

# Without a variable the name alone is set: commands that need no database (makemigrations, check) still run.
BIHUAN_DATABASE_URL = os.environ.get("BIHUAN_DATABASE_URL", "postgresql://bihuan_app@127.0.0.1/bihuan")
DATABASES = {"default": django_database(BIHUAN_DATABASE_URL)}
# A web process: each thread keeps its own, with the statements it has prepared.
if os.environ.get("BIHUAN_KEEP_CONNECTIONS") == "1":
    DATABASES["default"]["CONN_MAX_AGE"] = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Migrations run as the owner and take rights away from this role; they read its name here.
BIHUAN_APP_ROLE = os.environ.get("BIHUAN_APP_ROLE") or str(DATABASES["default"]["USER"]) or "bihuan_app"

AUTH_USER_MODEL = "people.Staff"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("BIHUAN_TIME_ZONE") or "Asia/Shanghai"

STATIC_URL = "/static/"
# Front-end packages' files, copied by `make setup` (tools/vendor).
STATICFILES_DIRS = [folder for folder in (ROOT / "build" / "static",) if folder.is_dir()]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

# Mail goes through the utility's own server; without one nothing is sent, and the page of readers says so.
EMAIL_HOST = os.environ.get("BIHUAN_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("BIHUAN_SMTP_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("BIHUAN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BIHUAN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("BIHUAN_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("BIHUAN_MAIL_FROM", "bihuan@localhost")
BIHUAN_ADDRESS = os.environ.get("BIHUAN_ADDRESS", "http://127.0.0.1:8000")
# Reached by HTTPS, no cookie goes another way. The server in front must set X-Forwarded-Proto and -For itself.
BIHUAN_BEHIND_PROXY = BIHUAN_ADDRESS.startswith("https://")
if BIHUAN_BEHIND_PROXY:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
BIHUAN_REPORT_NEEDS_APPROVAL = os.environ.get("BIHUAN_REPORT_NEEDS_APPROVAL") == "1"
# Approved reports' figures for everybody, without signing in; and what others may do with them (an SPDX identifier).
BIHUAN_OPEN_DATA = os.environ.get("BIHUAN_OPEN_DATA") == "1"
BIHUAN_OPEN_LICENCE = os.environ.get("BIHUAN_OPEN_LICENCE") or "notspecified"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# The utility's own: which packs apply, in order, and the code that its numbers start with.
BIHUAN_CELL = os.environ.get("BIHUAN_CELL", "CQ")
BIHUAN_PACKS = _listed("BIHUAN_PACKS", "chongqing-2007,sgcc-2005")
BIHUAN_TARGETS = _listed("BIHUAN_TARGETS", "eleven-five")
BIHUAN_PACKS_DIR = Path(os.environ.get("BIHUAN_PACKS_DIR") or ROOT / "packs")
BIHUAN_ARCHIVE_DIR = Path(os.environ.get("BIHUAN_ARCHIVE") or choose_home(os.environ).path / "archive")
# A cluster that is there, such as spark://host:7077; empty: one is started on this machine when figures ask for it.
BIHUAN_SPARK_MASTER = os.environ.get("BIHUAN_SPARK_MASTER", "")
BIHUAN_SCENARIOS_DIR = ROOT / "scenarios"
BIHUAN_FONTS_DIR = ROOT / "build" / "fonts"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"error": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A page that isn't there is the asker's mistake, not ours.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["error"], "level": os.environ.get("BIHUAN_LOG_LEVEL", "WARNING")},
}
