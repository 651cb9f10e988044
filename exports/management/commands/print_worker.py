"""Print for the servers that share the cluster of XPRESS_PRINT_CLUSTER, until SIGTERM."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exports import confinement, tasks
from exports.pool import LocalPool


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", help="the address by which the scheduler reaches this machine"
        )
        parser.add_argument(
            "--port", type=int, default=0, help="the same; any free one if not given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.XPRESS_PRINT_CLUSTER:
            raise CommandError("XPRESS_PRINT_CLUSTER names no scheduler to work for.")
        if settings.XPRESS_MUST_CONFINE:
            try:
                confinement.check()
            except confinement.NotConfined as reason:
                raise CommandError(f"Printers cannot be confined here: {reason}.") from reason
        from exports.print_worker import Credentials, serve

        prepare = partial(tasks.prepare, must_be_confined=settings.XPRESS_MUST_CONFINE)
        pool = LocalPool(settings.XPRESS_PRINTERS or os.cpu_count() or 1, prepare)
        credentials = Credentials(*settings.XPRESS_PRINT_CLUSTER_CREDENTIALS)
        where = options["host"], options["port"]
        serve(settings.XPRESS_PRINT_CLUSTER, credentials, pool, *where)
