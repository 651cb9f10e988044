"""Entry point of the server: `gunicorn xpress.wsgi`."""

import logging
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from exports import confinement

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xpress.settings")

logger = logging.getLogger(__name__)

application = get_wsgi_application()

try:
    confinement.check()
except confinement.NotConfined as reason:
    if settings.XPRESS_MUST_CONFINE:
        raise ImproperlyConfigured(f"Printers cannot be confined here: {reason}.") from None
    logger.warning("printers are not confined here: %s", reason)
