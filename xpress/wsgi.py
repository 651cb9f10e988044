"""Entry point of the server: `gunicorn xpress.wsgi`."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from exports import confinement

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xpress.settings")

application = get_wsgi_application()
if not settings.DEBUG:
    confinement.check()  # rather no server than printers that reach out
