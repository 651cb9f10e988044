"""Entry point of the server: `gunicorn xpress.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xpress.settings")

application = get_wsgi_application()
