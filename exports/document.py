"""The values that travel through an export, in the order of travel. Pure.

Page      what Confluence gave
Article   the page, cleaned, ready to be set
Image     a picture, fetched, decoded and bounded
Chunk     a run of articles as one piece of HTML with its images
Printed   the chunk on sheets
Report    what needed care on the way
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from exports.tree import PageRef

ANCHOR_SCHEME = "xpress:"  # a link inside the export, e.g. `xpress:p65537-Setup`, until the merge
SHEET_SCHEME = "xpress-sheet:"  # room for the number of the anchor's sheet, until the merge
IMAGE_SCHEME = "xpress-image:"  # an image of the export, e.g. `xpress-image:att123`

FORMULA_EM = 100  # pixels of a formula's picture that are one em of the text round it

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})  # of the languages that a page may have

Severity = Literal["info", "warning", "error"]
Role = Literal["author", "editor", "owner"]  # who wrote it first, who changed it last, whose it is
Progress = Callable[[str, int, int, str], None]  # (stage, done, total, label)


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the report: something that needed care."""

    page: PageRef
    code: str  # a stable word, e.g. "image_missing", "unknown_macro"
    what: str  # what happened, a sentence for people
    did: str  # what we did about it, a sentence for people
    severity: Severity = "warning"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that hangs on a page."""

    id: str  # digits, without `att`
    title: str  # its file name, in the form Confluence keeps it in
    media_type: str = ""
    size: int = 0  # bytes, 0 when unknown
    modified_at: str = ""  # ISO 8601
    file_id: str = ""  # the media id that ADF and `data-media-id` name it by


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a live list: a piece of Confluence's content that the caller may see."""

    id: str  # digits, empty for what has none, such as a space
    title: str
    url: str = ""  # where people read it, whole
    type: str = ""  # in Confluence's words, e.g. "page", "blogpost", "attachment"
    space: str = ""  # its name
    status: str = ""  # e.g. "current"
    version: int = 0  # 0 when unknown
    created_at: str = ""  # ISO 8601
    created_by: str = ""  # a person's name
    modified_at: str = ""  # ISO 8601
    modified_by: str = ""  # a person's name
    owned_by: str = ""  # a person's name
    labels: tuple[str, ...] = ()
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as Confluence gave it, untrusted: its `export_view`, and what that leaves out."""

    ref: PageRef
    html: str
    version: int = 1
    url: str = (
        ""  # where people read it, e.g. https://acme.atlassian.net/wiki/spaces/DOC/pages/65537
    )
    short_url: str = ""  # e.g. https://acme.atlassian.net/wiki/x/AQAB; empty when unknown
    created_at: str = ""  # ISO 8601
    modified_at: str = ""  # ISO 8601
    accounts: Mapping[Role, str] = field(default_factory=dict)  # account ids
    people: Mapping[Role, str] = field(default_factory=dict)  # names; read only where asked for
    labels: tuple[str, ...] = ()  # read only where asked for
    properties: Mapping[str, str] = field(default_factory=dict)  # Page Properties, keys casefolded
    adf: str = field(default="", repr=False)  # JSON of the same version, empty when there is none
    attachments: tuple[Attachment, ...] = ()  # read only where the page's content asks for them
    titles: Mapping[str, str] = field(default_factory=dict)  # page id → title, beyond the export
    below: Mapping[str, tuple[PageRef, ...]] = field(default_factory=dict)  # root id → its branch
    lists: Mapping[str, tuple[Listed, ...]] = field(default_factory=dict)  # CQL → rows


@dataclass(frozen=True, slots=True)
class Revision:
    """A row of the revision table: a version of the document's first page."""

    number: int
    when: datetime  # aware
    who: str  # a name, empty when Confluence does not tell it
    message: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class ImageRef:
    """Which image an article wants. Equal refs are fetched once."""

    key: str  # stands after `xpress-image:` in the article; [A-Za-z0-9_-]+
    container_id: str | None  # the page that holds the attachment; may be another page
    attachment_id: str | None  # digits, without `att`
    file_name: str  # for the attachment's look-up when no id is known, and for placeholders
    version: str | None = None
    width: float = 0.0  # as printed, in points; 0 when only the picture itself knows
    ratio: float = 0.0  # its height by its width, 0 when only the picture itself knows


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing whose source stands in the page itself, to be made into a picture."""

    key: str  # stands after `xpress-image:` in the article
    kind: Literal["svg", "tex", "mathml"]
    source: str = field(repr=False)
    label: str = ""  # for people who cannot see it, and for its placeholder
    display: bool = False  # a formula on a line of its own


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the outline below its page's own."""

    level: int  # 1 for the first level inside the page, no gaps
    text: str
    anchor: str  # an `id` in the article's HTML
    is_aside: bool = False  # in a panel: it is never numbered
    number: str = ""  # printed before it, e.g. "2.1.3"

    @property
    def named(self) -> str:
        """As it is called outside its page: `2.1.3 Back up`."""
        return f"{self.number} {self.text}".lstrip()


@dataclass(frozen=True, slots=True)
class Article:
    """A page cleaned. `html` is sanitised, its ids are unique in the export."""

    page: Page
    html: str
    headings: tuple[Heading, ...] = ()
    images: tuple[ImageRef, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    notes: tuple[Note, ...] = ()
    language: str = ""  # BCP 47, empty when unknown
    number: str = ""  # printed before its title, e.g. "2.1"

    @property
    def ref(self) -> PageRef:
        return self.page.ref


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that is safe to print."""

    content: bytes = field(repr=False)
    media_type: str
    width: int  # pixels
    height: int  # pixels
    natural_width: int = 0  # pixels in the file, before it was made smaller; 0: the same
    depth: int = 0  # pixels of a formula that hang below its line


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture made ready to be kept among the options."""

    picture: Image  # a plain PNG
    darkest: int  # the least light of what is seen of it on white paper, 0 to 255


@dataclass(frozen=True, slots=True)
class Illustrated:
    """An article with those of its pictures that were to be had."""

    article: Article
    images: Mapping[str, Image] = field(repr=False)  # by ImageRef.key


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of articles that starts and ends on fresh sheets."""

    html: str = field(repr=False)
    images: Mapping[str, Image] = field(repr=False)  # by ImageRef.key


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an anchor landed."""

    sheet: int  # counted from 0
    x: float  # PDF points from the left edge
    y: float  # PDF points from the bottom edge


@dataclass(frozen=True, slots=True)
class Printed:
    """A chunk on sheets: a PDF, and where its anchors landed inside it."""

    pdf: bytes = field(repr=False)
    sheets: int
    spots: Mapping[str, Spot]
    unset: str = ""  # the characters that no font has, each once, e.g. "\U0002a6d6"
    turned: str = ""  # "t" for each sheet that lies on its side, "u" for the others, e.g. "uut"


@dataclass(frozen=True, slots=True)
class Report:
    """What the person is told at the end."""

    file_name: str
    pages: int
    sheets: int
    left_out: int  # pages the caller may not see: counted, never named
    notes: tuple[Note, ...] = ()
    urls: Mapping[str, str] = field(default_factory=dict)  # page id → where people read it


def is_right_to_left(language: str) -> bool:
    """Say whether a language is written from right to left; `language` is BCP 47 or empty."""
    return language in RIGHT_TO_LEFT


def page_failed(ref: PageRef, reason: str) -> Article:
    """Stands where a page should: its title, and why there is nothing below it."""
    note = Note(ref, "page_failed", reason, "Its place holds a note instead.", "error")
    html = '<p class="page-failed">This page could not be included. Open it in Confluence.</p>'
    return Article(Page(ref, ""), html, notes=(note,))
