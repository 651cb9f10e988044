"""What people try before they save it: a logo, and the look of the first sheets of a page."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from addon import store
from addon.api import BODY_BYTES_WITH_OPTIONS, ApiView, as_viewer
from addon.auth import Caller
from addon.frames import SPACE_KEY, caller, parameter
from addon.outbound import Budget
from addon.schema import a_query, failures
from exports import confluence, latest, logo
from exports.answers import LogoAnswer, PagesAnswer, PreviewAnswer
from exports.ceilings import limits_of
from exports.content.cql import titled
from exports.document import Image, Progress
from exports.latest import Latest
from exports.preview import Preview, Trial, preview
from exports.printers import shared_printers
from exports.serializers import LogoForm, PreviewForm
from exports.stream import Crowded, Leaving, Run, is_hung_up, notes_json, whole

logger = logging.getLogger(__name__)

_PREVIEW_SECONDS = 30.0
_LOGO_SECONDS = 20.0
_LISTING_SECONDS = 15.0
_MOST_PAGES = 20  # to choose from

_T = TypeVar("_T")


class Logos(ApiView):
    """An uploaded picture in, a logo that can be kept among the options out. Nothing is stored."""

    largest_body_bytes = 4 * logo.MOST_BYTES // 3 + 1024

    @extend_schema(
        summary="Prepare a logo",
        request=LogoForm,
        responses={200: LogoAnswer, **failures(400, 413, 422, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        form = LogoForm(data=request.data)
        form.is_valid(raise_exception=True)
        content = form.validated_data["file"]

        def work(left: Leaving) -> logo.Prepared:
            budget = Budget(time.monotonic() + _LOGO_SECONDS, left.is_set)
            return logo.prepared(content, shared_printers().urgent, budget)

        made = _newest(request, latest.logos(), work)
        return Response(
            {
                "logo": made.address,
                "width": made.width,
                "height": made.height,
                "warnings": made.warnings,
            }
        )


class Previews(ApiView):
    """The first sheets of a page, as pictures."""

    largest_body_bytes = BODY_BYTES_WITH_OPTIONS

    @extend_schema(
        summary="The first sheets of a page, as pictures",
        request=PreviewForm,
        responses={200: PreviewAnswer, **failures(400, 403, 404, 413, 422, 429, 502, 503)},
    )
    def post(self, request: Request) -> Response:
        form = PreviewForm(data=request.data)
        form.is_valid(raise_exception=True)
        who = caller(request)
        tenant_id = who.site.tenant_id
        trial = form.trial(limits_of(store.standing(tenant_id, "").site))
        made = _newest(request, latest.previews(), partial(_preview, who, trial))
        return Response(_preview_json(made))


class Pages(ApiView):
    """Some pages of a space, or of the whole site, to try things on: as the caller sees them."""

    parameters = frozenset({"space", "query"})

    @extend_schema(
        summary="Search pages",
        parameters=[a_query("space", SPACE_KEY, required=False), OpenApiParameter("query")],
        responses={200: PagesAnswer, **failures(400, 403, 429, 502, 503)},
    )
    def get(self, request: Request) -> Response:
        shared_printers().warm_up()  # while the person chooses
        has_space = "space" in request.query_params
        space_key = parameter(request, "space", SPACE_KEY) if has_space else ""
        query = request.query_params.get("query", "")
        with as_viewer(caller(request), _LISTING_SECONDS) as host:
            cql = titled(space_key, query)
            found = confluence.find(host, cql, _MOST_PAGES) if cql else ()
        return Response({"pages": [{"id": page.id, "title": page.title} for page in found]})


def _preview(who: Caller, trial: Trial, left: Leaving) -> Preview:
    started = time.monotonic()
    host = who.host(Budget(started + _PREVIEW_SECONDS, left.is_set))
    left.then(host.abort)
    standing_in = partial(store.standing, who.site.tenant_id)
    try:
        made = preview(host, who.account_id or "", trial, standing_in, shared_printers().urgent)
    finally:
        host.close()
    seconds = time.monotonic() - started
    sheets = made.report.sheets
    logger.info("previewed tenant=%d sheets=%d seconds=%.2f", who.site.tenant_id, sheets, seconds)
    return made


def _newest(request: Request, turns: Latest, work: Callable[[Leaving], _T]) -> _T:
    """Do the work, unless the caller asks anew or goes away meanwhile."""
    who = caller(request)
    turn = turns.enter((who.site.tenant_id, who.account_id))

    def run(progress: Progress, left: Leaving) -> _T:
        try:
            turn.begin(left.set)
            return work(left)
        finally:
            turn.leave()

    try:
        running = Run(run)
    except Crowded:
        turn.leave()
        raise
    connection = request.META.get("gunicorn.socket")
    return whole(running, lambda: is_hung_up(connection))


def _preview_json(made: Preview) -> dict[str, Any]:
    return {
        "sheets": [_sheet_json(image) for image in made.sheets],
        "total_known": made.is_whole,
        "total": made.report.sheets if made.is_whole else None,
        "notes": notes_json(made.report),
    }


def _sheet_json(image: Image) -> dict[str, Any]:
    png = base64.b64encode(image.content).decode("ascii")
    return {"png": png, "width": image.width, "height": image.height}
