"""The dialog, the tree it shows, and the export itself."""

from __future__ import annotations

import logging
import socket
import time
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from addon import rights, store
from addon.auth import Caller, ContextAuthentication
from addon.frames import CONTENT_ID, SPACE_KEY, FrameView, caller, parameter
from addon.host import Host
from addon.outbound import Budget
from addon.settings import Standing
from exports import confluence
from exports.admission import shared_admission
from exports.branches import advice
from exports.document import Progress
from exports.estimate import START_SECONDS, Estimate, shared_estimates
from exports.pipeline import Exported, Order, export
from exports.printers import shared_printers
from exports.serializers import OrderForm
from exports.stream import MEDIA_TYPE, Crowded, Frames, Leaving, Run, is_hung_up, whole
from exports.tree import PageTree, Scope, Selection, page_count

logger = logging.getLogger(__name__)

_LISTING_SECONDS = 30.0


class Dialog(FrameView):
    """The export dialog. Asks Confluence nothing, so that it opens at once."""

    template_name = "exports/dialog.html"

    def context(self, request: Request) -> dict[str, Any]:
        shared_printers().warm_up()  # while the person chooses
        space_key = parameter(request, "space", SPACE_KEY)
        standing = store.standing(caller(request).site.tenant_id, space_key)
        return {
            "page": parameter(request, "page", CONTENT_ID),
            "space_key": space_key,
            "defaults": standing.start().to_stored(),
            "limits": {
                "pages": settings.XPRESS_MAX_PAGES,
                "sheets": settings.XPRESS_MAX_SHEETS,
                "seconds": settings.XPRESS_EXPORT_SECONDS,
            },
        }


class Tree(APIView):
    """The pages below a page, or of its whole space, as the caller may see them."""

    authentication_classes = (ContextAuthentication,)

    def get(self, request: Request) -> Response:
        page = parameter(request, "page", CONTENT_ID)
        scope: Scope = "space" if request.query_params.get("scope") == "space" else "tree"
        host = caller(request).host(Budget.of(_LISTING_SECONDS))
        try:
            root, space = confluence.fetch_root(host, page)
            tree = confluence.fetch_tree_from(host, root, space, Selection(page, scope))
        finally:
            host.close()
        estimate = shared_estimates().of(caller(request).site.tenant_id)
        return Response(
            {"page": {"id": root.id, "title": root.title}, **_tree_json(tree, estimate)}
        )


class Exports(APIView):
    """An order in, a PDF out: whole, or as frames while it is made."""

    authentication_classes = (ContextAuthentication,)

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        return JSONRenderer(), "application/json"  # of errors; the answer itself is made below

    def post(self, request: Request) -> HttpResponseBase:
        form = OrderForm(data=request.data)
        form.is_valid(raise_exception=True)
        who = caller(request)
        order = form.order(partial(_standing, who))
        run = _admitted(who, order)
        if MEDIA_TYPE in request.headers.get("Accept", ""):
            return _streamed(run)
        return _whole(run, request.META.get("gunicorn.socket"))


def _standing(who: Caller, host: Host, space_key: str) -> Standing:
    """What holds in the space, if the caller may export from it."""
    standing = store.standing(who.site.tenant_id, space_key)
    rights.require_export(host, who.account_id or "", standing)
    return standing


def _admitted(who: Caller, order: Order) -> Run:
    """Start the export, if there is a place for it. It gives its place back however it ends."""
    place = shared_admission().enter(who.site.tenant_id)

    def work(progress: Progress, left: Leaving) -> Exported:
        left.then(place.leave_queue)
        try:
            place.wait(settings.XPRESS_QUEUE_SECONDS, lambda at: progress("waiting", 0, at, ""))
            return _export(who, order, progress, left)
        finally:
            place.leave()

    try:
        return Run(work)
    except Crowded:
        place.leave()
        raise


def _streamed(run: Run) -> StreamingHttpResponse:
    response = StreamingHttpResponse(Frames(run), content_type=MEDIA_TYPE)
    response["X-Accel-Buffering"] = "no"  # nginx would keep all frames back until the end
    return response


def _whole(run: Run, connection: socket.socket | None) -> HttpResponse:
    exported = whole(run, lambda: is_hung_up(connection))
    response = HttpResponse(exported.pdf, content_type="application/pdf")
    header = content_disposition_header(True, exported.report.file_name)
    response["Content-Disposition"] = header or "attachment"
    return response


def _export(who: Caller, order: Order, progress: Progress, left: Leaving) -> Exported:
    started = time.monotonic()
    host = who.host(Budget(started + settings.XPRESS_EXPORT_SECONDS, left.is_set))
    left.then(host.abort)
    try:
        exported = export(host, order, shared_printers(), progress)
    finally:
        host.close()
    report, seconds = exported.report, time.monotonic() - started
    shared_estimates().learn(who.site.tenant_id, report.pages, report.sheets, seconds)
    logger.info(
        "exported tenant=%d scope=%s pages=%d sheets=%d left_out=%d notes=%d seconds=%.1f",
        who.site.tenant_id,
        order.selection.scope,
        report.pages,
        report.sheets,
        report.left_out,
        len(report.notes),
        seconds,
    )
    return exported


def _tree_json(tree: PageTree, estimate: Estimate) -> dict[str, Any]:
    """What the dialog shows; `advice` is what to export instead when all of it is too much."""
    space = tree.space
    fits = min(
        settings.XPRESS_MAX_PAGES,
        estimate.pages_within(settings.XPRESS_MAX_SHEETS, settings.XPRESS_EXPORT_SECONDS),
    )
    return {
        "space": {"id": space.id, "key": space.key, "name": space.name},
        "pages": [
            {"id": page.id, "title": page.title, "type": page.type, "depth": page.depth}
            for page in tree
        ],
        "truncated": False,
        "estimate": {
            "sheets_per_page": round(estimate.sheets_per_page, 3),
            "seconds_per_page": round(estimate.seconds_per_page, 4),
            "start_seconds": START_SECONDS,
        },
        "advice": advice(tree.pages, fits) if page_count(tree) > fits else "",
    }
