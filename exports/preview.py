"""A preview: the first sheets of one page as pictures, made as its export would be.

The engine is that of exports.pipeline, with the viewer's rights. The page is cut after what fills
the sheets that are shown, so that a long one is shown as soon as a short one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from addon import rights
from addon.host import Host
from addon.options import OPTIONS, ExportOptions
from addon.outbound import OutOfTime
from addon.rights import NotAllowed
from addon.settings import Standing
from exports.document import Image, Report
from exports.facts import Viewer
from exports.pipeline import Exported, Order, TookTooLong, export
from exports.printers import Printers
from exports.reading import Limits
from exports.tree import Selection

SHEETS = 3  # that are shown
WIDTH = 960  # pixels: sharp at 480 on a screen of two dots to a pixel


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be tried."""

    page: str  # its id
    options: Mapping[str, Any] = field(default_factory=dict)  # over the template's start values
    template: str = ""  # its key; empty: the default of the page's space
    limits: Limits = field(default_factory=Limits)
    viewer: Viewer = field(default_factory=Viewer)


@dataclass(frozen=True, slots=True)
class Preview:
    sheets: tuple[Image, ...]  # PNG
    is_whole: bool  # the page was not cut: the report knows how many sheets it has
    report: Report


def preview(
    host: Host,
    account_id: str,
    trial: Trial,
    standing_in: Callable[[str], Standing],
    printers: Printers,
) -> Preview:
    """Show a page with options. `standing_in` tells what holds in a space, by its key.

    Administrators of the space or the site may try everything, others what they may export.
    """
    with _asking() as asked:

        def options_in(host: Host, space_key: str) -> ExportOptions:
            standing = standing_in(space_key)
            # Asked while the page is read. Nothing leaves here before there is an answer.
            asked(lambda: _require(host, account_id, standing, trial))
            return standing.start(trial.template).changed(trial.options)

        order = Order(
            Selection(trial.page, "page"),
            options_in,
            limits=trial.limits,
            viewer=trial.viewer,
            first_sheets=SHEETS,
        )
        try:
            return _shown(export(host, order, printers, _unseen), host, printers)
        except (TookTooLong, OutOfTime) as error:
            sentence = _("This page takes too long to be shown here. Its export has more time.")
            raise TookTooLong(sentence) from error


def _shown(exported: Exported, host: Host, printers: Printers) -> Preview:
    first = range(min(SHEETS, exported.report.sheets))
    images = printers.rasters(exported.pdf, first, WIDTH, host.budget)
    return Preview(tuple(images), exported.is_whole, exported.report)


def _require(host: Host, account_id: str, standing: Standing, trial: Trial) -> None:
    """Raises NotAllowed, ExportsOff, OptionLocked, NoTemplate."""
    if _administers(host, standing.space_key):
        return
    rights.require_export(host, account_id, standing)
    options = standing.options(trial.template, trial.options)
    start = standing.start(trial.template)
    for name, option in OPTIONS.items():
        if option.admin_only and getattr(options, name) != getattr(start, name):
            sentence = _("Only administrators may choose “%(option)s”.")
            raise NotAllowed(sentence % {"option": option.label})


def _administers(host: Host, space_key: str) -> bool:
    with suppress(NotAllowed):
        rights.require_space_admin(host, space_key)
        return True
    with suppress(NotAllowed):
        rights.require_site_admin(host)
        return True
    return False


@contextmanager
def _asking() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Takes a question that is answered meanwhile; in the end, raises what that raised."""
    answers: list[Future[None]] = []
    language = translation.get_language()  # of this thread, to be that of the other one

    def ask(question: Callable[[], None]) -> None:
        with translation.override(language):
            question()

    with ThreadPoolExecutor(1, thread_name_prefix="rights") as thread:
        try:
            yield lambda question: answers.append(thread.submit(ask, question))
        finally:
            # Before whatever else went wrong: who may not ask learns nothing of that.
            for answer in answers:
                answer.result()


def _unseen(stage: str, done: int, total: int, label: str) -> None:
    """A preview tells no progress."""
