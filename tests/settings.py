"""The product's settings with an environment of the tests' own. DATABASE_URL is honoured."""

import os

os.environ |= {
    "DEBUG": "1",
    "SECRET_KEY": "a-key-for-the-tests-only-" * 2,
    "SECRET_KEY_FALLBACKS": "",
    "XPRESS_BASE_URL": "http://127.0.0.1:8000",
    "XPRESS_APP_KEY": "io.github.xpress-pdf",
    "XPRESS_CONNECT_JS_URL": "https://connect-cdn.atl-paas.net/all.js",
    "XPRESS_FERNET_KEYS": "",
    "XPRESS_LOG_LEVEL": "INFO",
}
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from xpress.settings import *  # noqa: F403

STATIC_ROOT = None  # nothing is collected for the tests
