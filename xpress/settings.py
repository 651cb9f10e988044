"""The environment, read once. Units stand in the names; README.md has the table."""

import re
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

VERSION = re.findall(r"^## (\S+)", (BASE_DIR / "CHANGELOG.md").read_text(), re.MULTILINE)[0]

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="a-key-for-development-only" * 2 if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random string, or DEBUG=1 to try XPress.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# The public address: what Confluence calls, and the `aud` of signed callbacks. No path: a prefix
# would make two spellings of one request hash alike (docs/decisions/0003-qsh.md).
XPRESS_BASE_URL = env.str("XPRESS_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
_base = re.fullmatch(r"(https?)://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:\d+)?", XPRESS_BASE_URL)
if not _base:
    raise ImproperlyConfigured("XPRESS_BASE_URL is an origin, like https://xpress.example.com")
XPRESS_IS_PUBLIC = _base[1] == "https"

XPRESS_APP_KEY = env.str("XPRESS_APP_KEY", default="io.github.xpress-pdf")
XPRESS_VENDOR_NAME = env.str("XPRESS_VENDOR_NAME", default="XPress")
XPRESS_VENDOR_URL = env.str("XPRESS_VENDOR_URL", default=XPRESS_BASE_URL)
XPRESS_INSTALL_KEYS_URL = env.str(
    "XPRESS_INSTALL_KEYS_URL", default="https://connect-install-keys.atlassian.com"
)
XPRESS_AUTHORIZATION_SERVER_URL = env.str(
    "XPRESS_AUTHORIZATION_SERVER_URL",
    default="https://oauth-2-authorization-server.services.atlassian.com",
)
XPRESS_CONNECT_JS_URL = env.str(
    "XPRESS_CONNECT_JS_URL", default="https://connect-cdn.atl-paas.net/all.js"
)
# Patterns of Confluence origins that may install; `*.` stands for one label.
XPRESS_ALLOWED_HOSTS = env.list("XPRESS_ALLOWED_HOSTS", default=["https://*.atlassian.net"])
# Where attachment downloads may be redirected to, besides the site itself.
XPRESS_MEDIA_HOSTS = env.list(
    "XPRESS_MEDIA_HOSTS",
    default=["https://api.media.atlassian.com", "https://media-cdn.atlassian.com"]
    # While developing, the media server of a make-believe site is on this machine too.
    + (["http://127.0.0.1:*", "http://localhost:*"] if DEBUG else []),
)
# Fernet keys for shared secrets at rest, newest first; made from SECRET_KEY when empty.
XPRESS_FERNET_KEYS = env.list("XPRESS_FERNET_KEYS", default=[])

XPRESS_PRINTERS = env.int("XPRESS_PRINTERS", default=0)  # processes; 0: one a core
XPRESS_MAX_PAGES = env.int("XPRESS_MAX_PAGES", default=1000)
XPRESS_EXPORT_SECONDS = env.int("XPRESS_EXPORT_SECONDS", default=900)
XPRESS_IMAGE_MEBIBYTES = env.int("XPRESS_IMAGE_MEBIBYTES", default=25)  # each, as downloaded
XPRESS_IMAGES_MEBIBYTES = env.int("XPRESS_IMAGES_MEBIBYTES", default=400)  # of one export
XPRESS_LOG_LEVEL = env.str("XPRESS_LOG_LEVEL", default="INFO")

ALLOWED_HOSTS = [_base[2], *env.list("ALLOWED_HOSTS", default=[])]
ROOT_URLCONF = "xpress.urls"
WSGI_APPLICATION = "xpress.wsgi.application"
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# No sessions, cookies or Django users: who asks stands in the token of each request.
INSTALLED_APPS = ["django.contrib.staticfiles", "rest_framework", "addon", "exports"]
MIDDLEWARE = [
    "xpress.headers.ResponseHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xpress.headers.BodyLimit",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
    }
]

_database = env.str("DATABASE_URL", default="") or f"sqlite:///{BASE_DIR / 'xpress.sqlite3'}"
DATABASES = {"default": env.db_url_config(_database)}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"] |= {
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "connect_timeout": 3,
            "options": "-c statement_timeout=5000 -c lock_timeout=2000",
        },
    }

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Without a manifest the files are served from the apps, so that trying XPress needs no build step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 300  # seconds; then asked again, and mostly unchanged

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["addon.auth.IsVerified"],
    "DEFAULT_PARSER_CLASSES": ["addon.serializers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "xpress.failures.respond",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
SILENCED_SYSTEM_CHECKS = [
    "security.W001",  # xpress.headers sends what SecurityMiddleware would, and more
    "security.W002",  # X-Frame-Options: framed pages must not have it; the others get DENY there
    "security.W003",  # no cookies, so nothing to forge: each request carries its own token
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": XPRESS_LOG_LEVEL},
    "loggers": {
        # They log addresses and file names, which are content.
        "weasyprint": {"level": "CRITICAL", "propagate": False},
        "fontTools": {"level": "CRITICAL", "propagate": False},
        "pikepdf": {"level": "WARNING"},
        "urllib3": {"level": "ERROR"},
        "django.request": {"level": "CRITICAL"},  # paths hold page ids; xpress.failures logs
    },
}
