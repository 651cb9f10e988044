"""The look: type, colours, tables, code and footnotes as CSS, from the options.

It comes after our own style sheets and says only what was chosen otherwise than they are drawn.
All that is written here are words of closed lists, numbers and colours, which the options have
checked; an administrator's own rules are written anew from what was read in them
(addon.custom_css), and left out with a note when they cannot be used any more.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf

from addon import custom_css
from addon.custom_css import BadRules
from addon.options import OPTIONS, ExportOptions
from exports.document import Chunk, Note
from exports.lettering import printed
from exports.paper import Sheet
from exports.tree import PageRef

BASE_FAMILY = "Noto Sans"  # has what the others lack, and stands in for one that is not there
HEADINGS = "h1, h2, h3, h4, h5, h6"

_LEAST_SIZES = {  # pt as drawn in content.css, of what would get too small beside small text
    ".xp-wide, .xp-pre": 8.0,
    ".xp-macro-name": 7.5,
    ".xp-wider, .xp-tight, .xp-file-kind": 7.0,
}
# Of the height of the text: with the head of its table a picture goes on a sheet, also when turned.
_IN_CELL, _LOW = 0.647, 0.625
_CAPTION = 33.0  # mm that the tallest picture leaves for its caption

_TABLES = {
    "lines": """
td, th { border-width: 0 0 0.5pt }
th { background-color: transparent }
.xp-table { border-top: 0.5pt solid var(--rule) }
thead th, thead td { border-bottom: 1pt solid var(--accent) }
""",
    "striped": """
td, th { border-width: 0 }
th { background-color: transparent }
.xp-table { border-top: 0.5pt solid var(--rule); border-bottom: 0.5pt solid var(--rule) }
thead th, thead td { border-bottom: 1pt solid var(--accent) }
.xp-stripe { background-color: #eef1f5 }
""",
}
_CODE = {
    "framed": """
.xp-code { border: 0.75pt solid #8590a2; border-radius: 0; background-color: transparent }
code, kbd, samp { border: 0.4pt solid #b3bac5; border-radius: 0; background: transparent }
""",
    # The rule at the side is all that shows where code without a ground begins and ends.
    "plain": """
.xp-code { border: 0; border-left: 0.75pt solid #000; border-radius: 0; padding-left: 3.2mm;
  background-color: transparent }
code, kbd, samp { padding: 0; background: transparent }
.xp-code-title, .xp-line, .xp-c, .xp-k, .xp-s, .xp-n, .xp-a, .xp-f { color: inherit }
.xp-k { font-weight: 700 }
.xp-c { font-style: italic }
""",
}
# Only where there are any: the printer looks for them on every line. It takes a footnote that ends
# where its area ends for one that does not fit, if the sum is off in the last digit: the padding
# below keeps the two apart.
_FOOTNOTES = """
@page { @footnote { margin-top: 4mm; padding: 1.5mm 0 0.1mm; border-top: 0.5pt solid #d5d9e0 } }
.xp-footnote { float: footnote; footnote-policy: line; padding-left: 2em; text-indent: -2em;
  font-size: 0.75rem; font-style: normal; font-weight: 400; line-height: 1.35; text-align: left;
  color: var(--muted); white-space: normal; overflow-wrap: anywhere; hyphens: manual }
.xp-footnote::footnote-call, .xp-footnote::footnote-marker { content: none }
.xp-call { font-weight: 400; font-style: normal; hyphens: manual }
"""


def style(options: ExportOptions) -> str:
    """CSS to follow sheet.css and content.css."""
    return "\n".join(
        [
            _properties(options),
            *_headings(options),
            *_small_type(options.font_size),
            _pictures(Sheet.of(options)),
            _TABLES.get(options.table_style, ""),
            _CODE.get(options.code_style, ""),
            _FOOTNOTES if options.links == "footnote" else "",
            _custom(options),
        ]
    )


def families(options: ExportOptions) -> tuple[str, ...]:
    """The families that were chosen, besides the one that is always there."""
    chosen = (options.font, options.heading_font)
    return tuple(dict.fromkeys(it for it in chosen if it not in ("same", BASE_FAMILY)))


def faces(family: str) -> str:
    """The first names of a list of families, e.g. `"Lato", "Noto Sans"`.

    >>> faces("Lato"), faces("Noto Sans")
    ('"Lato", "Noto Sans"', '"Noto Sans"')
    """
    return ", ".join(f'"{name}"' for name in dict.fromkeys((family, BASE_FAMILY)))


def specimen(family: str) -> tuple[Chunk, str]:
    """A chunk and its style, whose one font tells whether the family is there where it is set."""
    chunk = Chunk("<!doctype html><title></title><p>Specimen</p>", {})
    return chunk, f"@page {{ size: 300pt 100pt }} p {{ font-family: {faces(family)} }}"


def shows(specimen: bytes, family: str) -> bool:
    """Whether the printed specimen is set in the family.

    Its font has the name of the family, with a hyphen for each blank: `/ABCDEF+Open-Sans-Bold`.
    """
    with pikepdf.open(io.BytesIO(specimen)) as pdf:
        fonts = pdf.pages[0].Resources.Font.as_dict().values()
        names = [str(font.BaseFont).partition("+")[2] for font in fonts]
    return any(name.startswith(family.replace(" ", "-")) for name in names)


def notes(options: ExportOptions, ref: PageRef) -> Iterator[Note]:
    """What of the look cannot be had; told on the document's first page."""
    if reason := custom_css.problem(options.custom_css):
        label = OPTIONS["custom_css"].label
        what = f"“{label}” of the template cannot be used: {reason}"
        yield Note(ref, "style_left_out", what, "The document is printed without those rules.")


def font_note(family: str, ref: PageRef) -> Note:
    what = f"The typeface “{family}” is not installed where documents are printed."
    return Note(ref, "font_missing", what, f"{BASE_FAMILY} is used instead.")


def _properties(options: ExportOptions) -> str:
    return (
        f":root {{ --face: {faces(options.font)}; --base-size: {options.font_size:g}pt; "
        f"--accent: {options.accent_colour}; --link: {options.link_colour} }}"
    )


def _headings(options: ExportOptions) -> Iterator[str]:
    if options.heading_font not in ("same", options.font):
        family = faces(options.heading_font)
        yield f"{HEADINGS} {{ font-family: {family}, var(--others) }}"
    # As drawn, the smallest heading is lighter than the others.
    if options.heading_colour != OPTIONS["heading_colour"].default:
        yield f"{HEADINGS} {{ color: {options.heading_colour} }}"


def _small_type(text: float) -> Iterator[str]:
    for names, drawn in _LEAST_SIZES.items():
        size = printed(drawn, text)
        if size != printed(drawn, 10.0) * text / 10.0:
            yield f"{names} {{ font-size: {size:g}pt }}"


def _pictures(sheet: Sheet) -> str:
    """How tall pictures may be. The last word of content.css is for upright A4."""
    whole = sheet.text_height - _CAPTION
    in_cell = _IN_CELL * sheet.text_height
    low = _LOW * sheet.turned.text_height
    return (
        f"img {{ max-height: {whole:.0f}mm }} .xp-in-cell {{ max-height: {in_cell:.0f}mm }} "
        f".xp-low {{ max-height: {low:.0f}mm }}"
    )


def _custom(options: ExportOptions) -> str:
    try:
        return custom_css.scoped(options.custom_css)
    except BadRules:
        return ""
