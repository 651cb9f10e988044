"""The environment, read once. Units stand in the names; README.md has the table."""

import re
from importlib.util import find_spec
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

VERSION = re.findall(r"^## (\S+)", (BASE_DIR / "CHANGELOG.md").read_text(), re.MULTILINE)[0]


def _count(name: str, default: int, least: int = 0) -> int:
    text = env.str(name, default=str(default))
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < least:
        raise ImproperlyConfigured(f"{name} is a whole number, {least} or more.")
    return int(text)


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
XPRESS_MUST_CONFINE = not DEBUG  # rather no printers than some that reach out
# A Dask scheduler with print workers, e.g. tls://scheduler:8786; empty: this machine prints.
XPRESS_PRINT_CLUSTER = env.str("XPRESS_PRINT_CLUSTER", default="")
# Paths of PEM files: the cluster's own authority, our certificate, its key.
_credentials = ("XPRESS_PRINT_CLUSTER_CA", "XPRESS_PRINT_CLUSTER_CERT", "XPRESS_PRINT_CLUSTER_KEY")
XPRESS_PRINT_CLUSTER_CREDENTIALS = tuple(env.str(name, default="") for name in _credentials)
if XPRESS_PRINT_CLUSTER:
    if not re.fullmatch(r"tls://[^/\s]+:\d+", XPRESS_PRINT_CLUSTER):
        raise ImproperlyConfigured(
            "XPRESS_PRINT_CLUSTER is an address like tls://scheduler:8786. It must be tls: the "
            "machines run what they are sent, and pages pass between them."
        )
    for _name, _path in zip(_credentials, XPRESS_PRINT_CLUSTER_CREDENTIALS, strict=True):
        if not Path(_path).is_file():
            raise ImproperlyConfigured(f"{_name} is the path of a PEM file, for the print cluster.")
    if not find_spec("distributed"):
        raise ImproperlyConfigured("XPRESS_PRINT_CLUSTER needs the packages of xpress[cluster].")
XPRESS_EXPORTS = _count("XPRESS_EXPORTS", 0)  # running at once; 0: one a core
XPRESS_QUEUE = _count("XPRESS_QUEUE", 8)  # waiting for their turn
XPRESS_QUEUE_SECONDS = _count("XPRESS_QUEUE_SECONDS", 120)  # the longest wait
XPRESS_CHUNK_SECONDS = _count("XPRESS_CHUNK_SECONDS", 180, least=1)  # for some pages on sheets
XPRESS_EXPORT_SECONDS = _count("XPRESS_EXPORT_SECONDS", 900, least=1)  # from the end of the wait
# After SIGTERM: how long newcomers are still told so, before they find nobody.
XPRESS_DRAIN_SECONDS = _count("XPRESS_DRAIN_SECONDS", 5)
XPRESS_MAX_PAGES = _count("XPRESS_MAX_PAGES", 1000, least=1)
XPRESS_MAX_SHEETS = _count("XPRESS_MAX_SHEETS", 5000, least=1)
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
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ja", "日本語"),
]
LOCALE_PATHS = [BASE_DIR / "xpress" / "locale"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# No sessions, cookies or Django users: who asks stands in the token of each request.
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "addon",
    "exports",
]
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
    "DEFAULT_RENDERER_CLASSES": ["addon.serializers.AnyJSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "addon.schema.Described",
    "EXCEPTION_HANDLER": "xpress.failures.respond",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "XPress",
    "DESCRIPTION": "Confluence Cloud pages as PDF. Confluence's own pages of the app use this API.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": XPRESS_BASE_URL}],
    "SCHEMA_PATH_PREFIX": "/api/",
    "POSTPROCESSING_HOOKS": [],  # words of options stay where they belong
}

DATA_UPLOAD_MAX_MEMORY_SIZE = None  # xpress.headers refuses what is too large for its view
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
        # They log what they are sent, which are pages; exports.cluster and its worker log.
        "distributed": {"level": "CRITICAL", "propagate": False},
        "tornado": {"level": "CRITICAL", "propagate": False},
        "django.request": {"level": "CRITICAL"},  # paths hold page ids; xpress.failures logs
    },
}
