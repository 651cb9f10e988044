"""Ask each site that has XPress installed whether it still has.

A site that is deleted as a whole sends no `uninstalled`; this shows the rows it left behind. Reads
no content: the one call is signed as the app.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from addon.errors import XPressError
from addon.host import AsApp, Host, segment
from addon.models import Tenant
from addon.outbound import Budget

_SECONDS_A_SITE = 15.0


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for tenant in Tenant.objects.exclude(state=Tenant.State.UNINSTALLED).order_by("pk"):
            self.stdout.write(f"{tenant}: {self._answer(tenant)}")

    def _answer(self, tenant: Tenant) -> str:
        key = settings.XPRESS_APP_KEY
        site = tenant.as_site()
        host = Host(site, AsApp(site, key), Budget.of(_SECONDS_A_SITE))
        try:
            host.get(f"/rest/atlassian-connect/1/addons/{segment(key)}")
        except XPressError as error:
            return error.code
        finally:
            host.close()
        return "installed"
