"""Alive: the process answers. Ready: it could serve an export now."""

from __future__ import annotations

import logging

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from exports.admission import shared_admission

logger = logging.getLogger(__name__)


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    if shared_admission().is_stopping:
        logger.info("not ready: stopping")
        return HttpResponse("stopping", status=503, content_type="text/plain")
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:  # an InterfaceError too: the connection may be broken
        logger.warning("not ready: the database does not answer")
        return HttpResponse("not ready", status=503, content_type="text/plain")
    if waiting:
        logger.warning("not ready: %d migrations wait", len(waiting))
        return HttpResponse("not ready", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
