"""Draft: an article in the making, handed from step to step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from addon.options import ExportOptions
from exports.content.nodes import Element, make
from exports.content.twin import Twin
from exports.document import Drawing, Heading, ImageRef, Note, Page, Severity
from exports.paper import A4, Sheet
from exports.tree import PageRef, PageTree

MAX_NOTES = 200  # a page
USUAL = ExportOptions()


@dataclass(slots=True)
class Draft:
    """What the steps share: the page's tree, and what they found on the way."""

    page: Page
    tree: PageTree
    site: str  # e.g. https://acme.atlassian.net/wiki
    body: Element
    styles: list[str] = field(default_factory=list)  # style sheets that stood in the body
    drawn: list[str] = field(default_factory=list)  # what stood in the body where marks stand now
    anchors: dict[str, str] = field(default_factory=dict)  # id as authored → id in the export
    headings: list[Heading] = field(default_factory=list)
    listed: list[Heading] = field(default_factory=list)  # the same and those in cells
    images: dict[str, ImageRef] = field(default_factory=dict)  # by key
    drawings: dict[str, Drawing] = field(default_factory=dict)  # by key
    sheet: Sheet = A4
    options: ExportOptions = USUAL
    language: str = ""  # BCP 47, empty until and unless it is told
    twin: Twin | None = None  # the page's ADF beside its HTML, where there is one
    notes: list[Note] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)  # macros, by name
    _pages: dict[str, PageRef] | None = None

    @property
    def origin(self) -> str:
        """The site's scheme and host, e.g. https://acme.atlassian.net."""
        parts = urlsplit(self.site)
        return f"{parts.scheme}://{parts.netloc}"

    def taken_out(self, mark: Element) -> str:
        """What stood where this mark stands, e.g. `<svg>…</svg>`, as written; may be empty."""
        number = mark.get("data-type") or ""
        known = number.isdecimal() and len(number) < 8 and int(number) < len(self.drawn)
        return self.drawn[int(number)] if known else ""

    @property
    def pages(self) -> dict[str, PageRef]:
        """The pages of this export by id; made when first asked for."""
        if self._pages is None:
            self._pages = {page.id: page for page in self.tree}
        return self._pages

    def note(self, code: str, what: str, did: str, severity: Severity = "warning") -> None:
        """Write a line of the report; the same line is written once."""
        note = Note(self.page.ref, code, what, did, severity)
        if note in self.notes or len(self.notes) > MAX_NOTES:
            return
        if len(self.notes) == MAX_NOTES:
            what = f"More than {MAX_NOTES} things on this page needed care."
            note = Note(self.page.ref, "more", what, "The others are marked in the PDF only.")
        self.notes.append(note)


def box(label: str, text: str = "", href: str = "") -> Element:
    """A labelled box that stands for something that cannot be shown. May stand inside a line."""
    element = make("span", "xp-box")
    strong = make("strong", "xp-box-label", label)
    element.append(strong)
    if text:
        strong.tail = " "
        element.append(make("a", "", text, href=href) if href else make("span", "", text))
    return element
