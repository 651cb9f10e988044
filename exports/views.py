"""The dialog, the tree it shows, and the export itself."""

from __future__ import annotations

import logging
import re
import socket
import time
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from addon import rights, store
from addon.api import BODY_BYTES_WITH_OPTIONS, ApiView, as_viewer
from addon.auth import Caller
from addon.errors import XPressError
from addon.frames import CONTENT_ID, SPACE_KEY, FrameView, caller, parameter
from addon.host import Host
from addon.outbound import Budget
from addon.schema import a_query, failures
from addon.serializers import AnyJSONRenderer
from addon.settings import LIMITS, Standing
from exports import confluence, dialog
from exports.admission import shared_admission
from exports.answers import TreeAnswer
from exports.branches import advice
from exports.ceilings import limits_of
from exports.document import Progress
from exports.estimate import START_SECONDS, shared_estimates
from exports.pipeline import Exported, Order, export
from exports.printers import shared_printers
from exports.reading import Limits
from exports.serializers import OrderForm
from exports.stream import MEDIA_TYPE, Crowded, Frames, Leaving, Run, is_hung_up, whole
from exports.tree import PageTree, Scope, Selection, page_count

logger = logging.getLogger(__name__)

_LISTING_SECONDS = 30.0
_LISTED = re.compile("tree|space")


@extend_schema_view(
    get=extend_schema(
        summary="The export dialog",
        parameters=[a_query("page", CONTENT_ID), a_query("space", SPACE_KEY)],
    )
)
class Dialog(FrameView):
    """The export dialog. Asks Confluence nothing, so that it opens at once."""

    template_name = "exports/dialog.html"

    def context(self, request: Request) -> dict[str, Any]:
        shared_printers().warm_up()  # while the person chooses
        space_key = parameter(request, "space", SPACE_KEY)
        site = caller(request).site
        standing = store.standing(site.tenant_id, space_key)
        limits = limits_of(standing.site)
        return dialog.context(standing) | {
            "page": parameter(request, "page", CONTENT_ID),
            "space_key": space_key,
            "site_url": site.display_url or site.base_url,
            "why_not": rights.why_off(standing),
            "limits": {name: getattr(limits, name) for name in LIMITS},
        }


class Tree(ApiView):
    """The pages below a page, or of its whole space, as the caller may see them."""

    parameters = frozenset({"page", "scope"})

    @extend_schema(
        summary="The pages to choose from",
        parameters=[a_query("page", CONTENT_ID), a_query("scope", _LISTED, required=False)],
        responses={200: TreeAnswer, **failures(400, 403, 404, 429, 502, 503)},
    )
    def get(self, request: Request) -> Response:
        page = parameter(request, "page", CONTENT_ID)
        scope: Scope = "tree"
        if "scope" in request.query_params and parameter(request, "scope", _LISTED) == "space":
            scope = "space"
        who = caller(request)
        with as_viewer(who, _LISTING_SECONDS) as host:
            root, space = confluence.fetch_root(host, page)
            tree = confluence.fetch_tree_from(host, root, space, Selection(page, scope))
            standing = store.standing(who.site.tenant_id, space.key)
            why_not = _why_not(host, who, standing)
        return Response(
            {
                "page": {"id": root.id, "title": root.title},
                "may_export": not why_not,
                "why_not": why_not,
                **_tree_json(tree, who, limits_of(standing.site)),
            }
        )


class Exports(ApiView):
    """An order in, a PDF out: whole, or as frames while it is made."""

    largest_body_bytes = BODY_BYTES_WITH_OPTIONS

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        return AnyJSONRenderer(), "application/json"  # of errors; the answer itself is made below

    @extend_schema(
        summary="Export",
        description="What goes wrong after the first frame is told in a frame of kind `E`.",
        request=OrderForm,
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, MEDIA_TYPE): OpenApiTypes.BINARY,
            **failures(400, 403, 404, 413, 422, 429, 502, 503),
        },
        examples=[OpenApiExample("a page", {"page": "65537", "scope": "page"}, request_only=True)],
    )
    def post(self, request: Request) -> HttpResponseBase:
        form = OrderForm(data=request.data)
        form.is_valid(raise_exception=True)
        who = caller(request)
        site = store.standing(who.site.tenant_id, "").site
        order = form.order(partial(_standing, who), limits_of(site))
        run = _admitted(who, order)
        if MEDIA_TYPE in request.headers.get("Accept", ""):
            return _streamed(run)
        return _whole(run, request.META.get("gunicorn.socket"))


def _standing(who: Caller, host: Host, space_key: str) -> Standing:
    """What holds in the space, if the caller may export from it."""
    standing = store.standing(who.site.tenant_id, space_key)
    rights.require_export(host, who.account_id or "", standing)
    return standing


def _why_not(host: Host, who: Caller, standing: Standing) -> str:
    """Why the caller may not export here; empty when they may. A doubt is a reason too."""
    try:
        rights.require_export(host, who.account_id or "", standing)
    except XPressError as error:
        return error.message
    return ""


def _admitted(who: Caller, order: Order) -> Run[Exported]:
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


def _streamed(run: Run[Exported]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(Frames(run), content_type=MEDIA_TYPE)
    response["X-Accel-Buffering"] = "no"  # nginx would keep all frames back until the end
    return response


def _whole(run: Run[Exported], connection: socket.socket | None) -> HttpResponse:
    exported = whole(run, lambda: is_hung_up(connection))
    response = HttpResponse(exported.pdf, content_type="application/pdf")
    header = content_disposition_header(True, exported.report.file_name)
    response["Content-Disposition"] = header or "attachment"
    return response


def _export(who: Caller, order: Order, progress: Progress, left: Leaving) -> Exported:
    started = time.monotonic()
    host = who.host(Budget(started + order.limits.seconds, left.is_set))
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


def _tree_json(tree: PageTree, who: Caller, limits: Limits) -> dict[str, Any]:
    """What the dialog shows; `advice` is what to export instead when all of it is too much."""
    space, estimate = tree.space, shared_estimates().of(who.site.tenant_id)
    fits = min(limits.pages, estimate.pages_within(limits.sheets, limits.seconds))
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
