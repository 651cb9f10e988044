"""ExportOptions: what a person can choose about a PDF. Pure.

Every option stands here and nowhere else: its name, its default, what it may be, and what people
read about it. Forms, the API and its description, stored JSON and docs/options.md are made from it.
Stored options of any age load: names we no longer know are passed over, bad values get the default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self, get_args

from django.utils.translation import gettext_lazy as _

from addon.option_kinds import (
    BadValue,
    Choice,
    Colour,
    Css,
    Kind,
    Names,
    Number,
    Picture,
    Text,
    Toggle,
)

Paper = Literal["A3", "A4", "A5", "Letter", "Legal"]
Images = Literal["small", "standard", "original"]
Cover = Literal["none", "simple", "band", "full"]
FreshSheet = Literal["page", "h1", "h2", "none"]
Links = Literal["keep", "footnote", "text"]
PageLink = Literal["none", "address", "qr"]
Numerals = Literal["decimal", "lower-roman", "upper-roman", "lower-alpha"]
IMAGES: tuple[Images, ...] = get_args(Images)

GROUPS: Mapping[str, Any] = {
    "sheet": _("Page"),
    "cover": _("Cover"),
    "contents": _("Contents and chapters"),
    "heads": _("Header and footer"),
    "type": _("Type and colours"),
    "details": _("Page details and links"),
    "watermark": _("Watermark"),
    "left_out": _("Left out"),
    "css": _("Advanced style"),
}

_FAMILIES = {
    "Noto Sans": "Noto Sans",
    "Noto Serif": "Noto Serif",
    "Liberation Sans": "Liberation Sans (Arial)",
    "Liberation Serif": "Liberation Serif (Times)",
    "Open Sans": "Open Sans",
    "Lato": "Lato",
}
_SIDES = {"none": _("None"), "left": _("Left"), "centre": _("Centre"), "right": _("Right")}
_MARGIN = Number(8, 60, unit="mm")
_HEAD = Text("sheet", most=200)


@dataclass(frozen=True, slots=True)
class Option:
    """What is known of an option beside its value."""

    name: str
    group: str  # a key of GROUPS
    label: Any  # translated when shown
    kind: Kind
    default: Any
    help: Any = ""
    in_dialog: bool = False  # people may choose it for each export, if it is not locked
    admin_only: bool = False  # never taken from an export's order


def _option(
    default: Any,
    group: str,
    label: Any,
    kind: Kind,
    help: Any = "",
    *,
    in_dialog: bool = False,
    admin_only: bool = False,
) -> Any:
    known = {
        "group": group,
        "label": label,
        "kind": kind,
        "help": help,
        "in_dialog": in_dialog,
        "admin_only": admin_only,
    }
    return field(default=default, metadata=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    # Page
    paper: Paper = _option(
        "A4",
        "sheet",
        _("Paper"),
        Choice(
            {
                "A3": "A3 (297 × 420 mm)",
                "A4": "A4 (210 × 297 mm)",
                "A5": "A5 (148 × 210 mm)",
                "Letter": "Letter (8.5 × 11 in)",
                "Legal": "Legal (8.5 × 14 in)",
            }
        ),
        in_dialog=True,
    )
    orientation: Literal["portrait", "landscape"] = _option(
        "portrait",
        "sheet",
        _("Orientation"),
        Choice({"portrait": _("Upright"), "landscape": _("On its side")}),
        in_dialog=True,
    )
    margin_top: float = _option(22, "sheet", _("Top margin"), _MARGIN)
    margin_bottom: float = _option(20, "sheet", _("Bottom margin"), _MARGIN)
    margin_inner: float = _option(20, "sheet", _("Left margin, or inner margin"), _MARGIN)
    margin_outer: float = _option(20, "sheet", _("Right margin, or outer margin"), _MARGIN)
    two_sided: bool = _option(
        False,
        "sheet",
        _("Printed on both sides"),
        Toggle(),
        _("Left sheets mirror right ones: margins, header and footer change sides."),
    )
    fresh_sheet: FreshSheet = _option(
        "page",
        "sheet",
        _("A fresh sheet begins with"),
        Choice(
            {
                "page": _("Each page"),
                "h1": _("Each page and heading 1"),
                "h2": _("Each page, heading 1 and heading 2"),
                "none": _("Nothing: pages follow one another"),
            }
        ),
    )
    # Cover
    cover: Cover = _option(
        "none",
        "cover",
        _("Cover"),
        Choice(
            {
                "none": _("None"),
                "simple": _("Simple: title on white"),
                "band": _("Band: title below a band of colour"),
                "full": _("Full: title on a sheet of colour"),
            }
        ),
        in_dialog=True,
    )
    logo: str = _option(
        "",
        "cover",
        _("Logo"),
        Picture(),
        _("PNG or JPEG. It is made smaller where it is too large."),
    )
    logo_alt: str = _option(
        "", "cover", _("Logo in words"), Text("document", 100), _("For people who cannot see it.")
    )
    cover_logo: bool = _option(True, "cover", _("Logo on the cover"), Toggle())
    cover_title: str = _option("{title}", "cover", _("Title on the cover"), Text("document"))
    cover_subtitle: str = _option("{space}", "cover", _("Line below the title"), Text("document"))
    cover_facts: str = _option(
        "{date}",
        "cover",
        _("Line at the foot of the cover"),
        Text("document"),
        _("For example: Version {version} · {owner} · {date}"),
    )
    # Contents and chapters
    contents: bool = _option(
        True,
        "contents",
        _("Table of contents"),
        Toggle(),
        _("When there is more than one page."),
        in_dialog=True,
    )
    contents_depth: int = _option(6, "contents", _("Levels of pages in the contents"), Number(1, 6))
    contents_headings: int = _option(
        0, "contents", _("Levels of headings below each page"), Number(0, 3)
    )
    numbered_headings: bool = _option(
        False,
        "contents",
        _("Number chapters and headings"),
        Toggle(),
        _("1, 1.1, 1.1.1 and so on. A page above others numbers these, not its own headings."),
    )
    # Header and footer
    header_left: str = _option("{space}", "heads", _("Header, left"), _HEAD)
    header_centre: str = _option("", "heads", _("Header, centre"), _HEAD)
    header_right: str = _option("{page}", "heads", _("Header, right"), _HEAD)
    header_logo: str = _option("none", "heads", _("Logo in the header"), Choice(_SIDES))
    header_rule: bool = _option(False, "heads", _("Line below the header"), Toggle())
    footer_left: str = _option("", "heads", _("Footer, left"), _HEAD)
    footer_centre: str = _option("{sheet} / {sheets}", "heads", _("Footer, centre"), _HEAD)
    footer_right: str = _option("", "heads", _("Footer, right"), _HEAD)
    footer_logo: str = _option("none", "heads", _("Logo in the footer"), Choice(_SIDES))
    footer_rule: bool = _option(False, "heads", _("Line above the footer"), Toggle())
    first_sheet: Literal["same", "no_header", "none"] = _option(
        "same",
        "heads",
        _("On the first sheet"),
        Choice(
            {
                "same": _("Header and footer as on all"),
                "no_header": _("No header"),
                "none": _("No header and no footer"),
            }
        ),
    )
    sheet_numbers: Numerals = _option(
        "decimal",
        "heads",
        _("Numbers of sheets"),
        Choice(
            {
                "decimal": "1, 2, 3",
                "lower-roman": "i, ii, iii",
                "upper-roman": "I, II, III",
                "lower-alpha": "a, b, c",
            }
        ),
    )
    first_number: int = _option(1, "heads", _("Number of the first sheet"), Number(1, 9999))
    numbers_restart: Literal["never", "chapter"] = _option(
        "never",
        "heads",
        _("Numbers begin anew"),
        Choice({"never": _("Never"), "chapter": _("With each chapter")}),
        _("A chapter is a page of the highest level below the first."),
    )
    # Type and colours
    font: str = _option("Noto Sans", "type", _("Typeface"), Choice(_FAMILIES))
    heading_font: str = _option(
        "same", "type", _("Typeface of headings"), Choice({"same": _("As the text"), **_FAMILIES})
    )
    font_size: float = _option(10, "type", _("Size of the text"), Number(8, 14, 0.5, "pt"))
    accent_colour: str = _option("#1558bc", "type", _("Accent colour"), Colour())
    heading_colour: str = _option("#1e2330", "type", _("Colour of headings"), Colour())
    link_colour: str = _option("#1558bc", "type", _("Colour of links"), Colour())
    table_style: Literal["grid", "lines", "striped"] = _option(
        "grid",
        "type",
        _("Tables"),
        Choice({"grid": _("Grid"), "lines": _("Lines between rows"), "striped": _("Striped rows")}),
    )
    code_style: Literal["tinted", "framed", "plain"] = _option(
        "tinted",
        "type",
        _("Code"),
        Choice({"tinted": _("Tinted"), "framed": _("Framed"), "plain": _("Black and white")}),
    )
    # Page details and links
    page_facts: str = _option(
        "{space} · Last changed {modified}",
        "details",
        _("Line below each page's title"),
        Text("page"),
        _("Parts between “·” whose placeholder has no value are left out."),
    )
    page_link: PageLink = _option(
        "none",
        "details",
        _("Way back to the live page"),
        Choice({"none": _("None"), "address": _("Short address"), "qr": _("QR code")}),
    )
    links: Links = _option(
        "keep",
        "details",
        _("Links out of the document"),
        Choice(
            {
                "keep": _("Kept"),
                "footnote": _("Kept, with the address as a footnote"),
                "text": _("Plain text"),
            }
        ),
        in_dialog=True,
    )
    images: Images = _option(
        "standard",
        "details",
        _("Pictures"),
        Choice(
            {
                "small": _("Small file, for mail and the screen"),
                "standard": _("Standard, sharp in print"),
                "original": _("Original, every pixel kept"),
            }
        ),
        in_dialog=True,
    )
    revisions: int = _option(
        0,
        "details",
        _("Versions in the revision table"),
        Number(0, 50),
        _("The latest versions of the document's first page. 0: no table."),
    )
    # Watermark
    watermark: str = _option(
        "",
        "watermark",
        _("Watermark"),
        Text("document", 120),
        _("For example: Confidential, or {exporter} · {time} for tracing."),
        in_dialog=True,
    )
    watermark_opacity: int = _option(
        12, "watermark", _("Strength of the watermark"), Number(3, 50, unit="%")
    )
    # Left out
    left_out_labels: tuple[str, ...] = _option(
        (),
        "left_out",
        _("Leave out pages with these labels"),
        Names(),
        _("The page and all pages below it."),
        in_dialog=True,
    )
    left_out_macros: tuple[str, ...] = _option(
        (),
        "left_out",
        _("Leave out these macros"),
        Names(),
        _("By their name in Confluence, e.g. jira."),
    )
    # Advanced style
    custom_css: str = _option(
        "",
        "css",
        _("Style rules"),
        Css(),
        _("CSS with colours, type, borders and spacing. No addresses, no @-rules."),
        admin_only=True,
    )

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Load what was saved by any version.

        >>> ExportOptions.from_stored({"paper": "Letter", "sparkles": True}).paper
        'Letter'
        >>> ExportOptions.from_stored({"paper": "A2"}).paper
        'A4'
        """
        return cls(**{name: _stored_or_default(OPTIONS[name], stored) for name in OPTIONS})

    def changed(self, wishes: Mapping[str, Any]) -> Self:
        """These options with some of them chosen otherwise.

        >>> ExportOptions().changed({"paper": "Letter"}).paper
        'Letter'
        """
        return self.from_stored({**self.to_stored(), **wishes})

    def to_stored(self) -> dict[str, Any]:
        """As JSON takes it.

        >>> ExportOptions().to_stored()["left_out_labels"]
        []
        """
        values = asdict(self)
        return {name: list(it) if isinstance(it, tuple) else it for name, it in values.items()}


def _stored_or_default(option: Option, stored: Mapping[str, Any]) -> Any:
    if isinstance(option.kind, Css) and isinstance(stored.get(option.name), str):
        # Checked again when it is printed, so that its author sees what became of it.
        return stored[option.name]
    try:
        return option.kind.read(stored[option.name])
    except (KeyError, BadValue):
        return option.default


OPTIONS: Mapping[str, Option] = {
    known.name: Option(name=known.name, default=known.default, **known.metadata)
    for known in fields(ExportOptions)
}
