"""Made pages: a number in, a page as Confluence would export it out, always the same. Pure.

What a page of a company's handbook is made of: headings, paragraphs, lists, two or three tables,
panels, a code block, two pictures; 3.8 A4 sheets of it on average.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from PIL import Image, ImageDraw

SPACE_KEY = "BENCH"
FIRST_ID = 100_001
_PICTURES_A_PAGE = 2

_PROSE = (
    "the a of and in to for with by on from at is are was will can must may every this that one "
    "two each when before after until because although service team customer request answer "
    "queue report invoice contract delivery warehouse harbour engineer schedule release server "
    "database migration backup network certificate account permission document template budget "
    "forecast meeting decision question measurement sensor calibration threshold alarm incident "
    "procedure checklist maintenance supplier quality inspection training onboarding holiday "
    "office building entrance key card laptop printer monitor keyboard licence subscription "
    "process describes contains requires provides follows replaces confirms collects compares "
    "receives returns stores checks approves publishes archives small large quick careful annual "
    "weekly internal external available responsible necessary complete current previous reliable "
    "automatic temporary responsibility infrastructure documentation configuration"
)
_WORDS = _PROSE.split()
_CODE = (
    "def {0}({1}: int) -> dict[str, int]:",
    '    """Look up {0} before {1}."""',
    "    found = {{}}",
    "    for {1} in range({1}, 3 * {1}, 2):  # {0}",
    '        found["{0}"] = {1} + len("{0} {1}")',
    "    if not found:",
    '        raise ValueError("no {0} for {1}")',
    "    return found",
    "",
)
_PANELS = ("information", "note", "tip", "warning")
_LOZENGES = ("success", "current", "moved", "error")


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that stands on a page."""

    id: str  # of the attachment, digits
    name: str  # e.g. "diagram.png"
    media_type: str
    width: int  # pixels
    height: int  # pixels
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page of the make-believe handbook."""

    id: str
    title: str
    html: str = field(repr=False)
    pictures: tuple[Picture, ...] = field(repr=False)


def page(number: int, *, pictures: bool = True) -> MadePage:
    """Make a page; `number` counts from 0. Its words are the same with and without pictures."""
    chance = Random(f"page {number}")
    page_id = str(FIRST_ID + number)
    title = f"{_phrase(chance, 3).capitalize()} {number + 1}"
    files = tuple(_pictures(number)) if pictures else ()
    sections = list(_sections(chance, page_id, number))
    for file, place in zip(files, (1, 3), strict=False):
        sections.insert(place, _image(file, page_id))
    return MadePage(page_id, title, "\n".join(sections), files)


def small_page() -> MadePage:
    """A page of one sheet: what most exports of a single page are."""
    chance = Random("small")
    parts = ["<h2>", _phrase(chance, 3).capitalize(), "</h2>", _paragraph(chance)]
    parts += [_list(chance, "ul"), _table(chance, rows=4, columns=3), _paragraph(chance)]
    return MadePage(str(FIRST_ID), "A small page", "".join(parts), ())


def table_page(rows: int) -> MadePage:
    """A page that holds one long table of six columns."""
    return MadePage(
        str(FIRST_ID), f"{rows:,} rows", _table(Random("rows"), rows, columns=6, words=1), ()
    )


def _sections(chance: Random, page_id: str, number: int) -> Iterator[str]:
    """Five sections, each with one thing that is no paragraph."""
    yield _paragraph(chance) + _paragraph(chance)
    specials: list[Callable[[], str]] = [
        lambda: _table(chance, chance.randint(4, 6), chance.randint(3, 5)),
        lambda: _list(chance, "ul") + _panel(chance),
        lambda: _code(chance),
        lambda: _table(chance, chance.randint(5, 8), 4, words=2),
        lambda: _list(chance, "ol") + _panel(chance),
    ]
    if number % 3 == 1:
        specials.append(lambda: _table(chance, 4, 3))
    for at, special in enumerate(specials):
        level = "h3" if at % 3 == 2 else "h2"
        heading = _phrase(chance, 4).capitalize()
        name = f"{page_id}-{heading.replace(' ', '')}{at}"
        link = _link(chance, number)
        yield (
            f'<{level} id="{name}">{heading}</{level}>'
            f"{_paragraph(chance, link)}{special()}{_paragraph(chance)}"
        )


def _phrase(chance: Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words))


def _sentence(chance: Random) -> str:
    """A sentence in which a phrase may be set in another way."""
    words = chance.choices(_WORDS, k=chance.randint(7, 15))
    at = chance.randrange(len(words))
    kind = chance.choice(("", "", "", "strong", "em", "code"))
    if kind:
        words[at] = f"<{kind}>{words[at]}</{kind}>"
    words[0] = words[0].capitalize()
    return " ".join(words) + "."


def _paragraph(chance: Random, end: str = "") -> str:
    sentences = (_sentence(chance) for _ in range(chance.randint(2, 4)))
    return f"<p>{' '.join(sentences)}{end}</p>\n"


def _link(chance: Random, number: int) -> str:
    """A link to a page before this one, or out of the site."""
    if not number or chance.random() < 0.4:
        return f' See <a href="https://www.example.com/{number}">{_phrase(chance, 2)}</a>.'
    other = FIRST_ID + chance.randrange(number)
    return (
        f' See <a href="/wiki/spaces/{SPACE_KEY}/pages/{other}" data-linked-resource-id="{other}"'
        f' data-linked-resource-type="page">{_phrase(chance, 2)}</a>.'
    )


def _list(chance: Random, tag: str) -> str:
    items = []
    for _ in range(chance.randint(3, 5)):
        inner = ""
        if chance.random() < 0.25:
            inner = (
                f"<ul><li><p>{_phrase(chance, 6)}</p></li><li><p>{_phrase(chance, 5)}</p></li></ul>"
            )
        items.append(f"<li><p>{_phrase(chance, chance.randint(4, 16))}</p>{inner}</li>")
    return f"<{tag}>{''.join(items)}</{tag}>\n"


def _table(chance: Random, rows: int, columns: int, words: int = 4) -> str:
    head = "".join(
        f'<th class="confluenceTh"><p><strong>{_phrase(chance, 1).capitalize()}</strong></p></th>'
        for _ in range(columns)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="confluenceTd"><p>{_cell(chance, words)}</p></td>' for _ in range(columns)
        )
        + "</tr>"
        for _ in range(rows)
    )
    return (
        '<div class="table-wrap"><table class="confluenceTable" data-layout="default"><tbody>'
        f"<tr>{head}</tr>{body}</tbody></table></div>\n"
    )


def _cell(chance: Random, words: int) -> str:
    kind = chance.random()
    if kind < 0.15:
        return f"{chance.randrange(100_000) / 100:,.2f}"
    if kind < 0.2:
        colour = chance.choice(_LOZENGES)
        word = _phrase(chance, 1)
        return f'<span class="status-macro aui-lozenge aui-lozenge-{colour}">{word}</span>'
    return _phrase(chance, chance.randint(1, 2 * words))


def _panel(chance: Random) -> str:
    kind = chance.choice(_PANELS)
    return (
        f'<div class="confluence-information-macro confluence-information-macro-{kind}">'
        f'<p class="title">{_phrase(chance, 2)}</p>'
        '<div class="confluence-information-macro-body">'
        f"{_paragraph(chance)}</div></div>\n"
    )


def _code(chance: Random) -> str:
    lines = "\n".join(
        line.format(*(_phrase(chance, 2).replace(" ", "_") for _ in range(2))) for line in _CODE
    )
    escaped = lines.replace(">", "&gt;")
    return (
        '<div class="code panel pdl" style="border-width: 1px;">'
        '<div class="codeContent panelContent pdl"><pre class="syntaxhighlighter-pre"'
        f' data-syntaxhighlighter-params="brush: py; gutter: false">{escaped}</pre></div></div>\n'
    )


def _image(file: Picture, page_id: str) -> str:
    width = min(file.width // 2, 640)
    return (
        '<span class="confluence-embedded-file-wrapper image-center-wrapper">'
        f'<img class="confluence-embedded-image image-center" alt="{file.name}" width="{width}"'
        f' src="attachments/{page_id}/{file.name}" data-height="{file.height}"'
        f' data-width="{file.width}" data-linked-resource-id="{file.id}"'
        ' data-linked-resource-type="attachment"'
        f' data-linked-resource-default-alias="{file.name}"'
        f' data-linked-resource-content-type="{file.media_type}"'
        f' data-linked-resource-container-id="{page_id}"></span>\n'
    )


def _pictures(number: int) -> Iterator[Picture]:
    """A screenshot and a photo; no two pages have the same."""
    chance = Random(f"pictures {number}")
    first = 500_001 + _PICTURES_A_PAGE * number
    shot, photo = _screenshot(chance), _photo(chance)
    yield _filed(str(first), "screenshot.png", shot, "PNG")
    yield _filed(str(first + 1), "photo.jpg", photo, "JPEG", quality=85)


def _filed(id: str, name: str, image: Image.Image, kind: str, **options: int) -> Picture:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return Picture(id, name, f"image/{kind.lower()}", *image.size, out.getvalue())


def _screenshot(chance: Random) -> Image.Image:
    """A window with boxes and lines of words, as sharp as a screen."""
    image = Image.new("RGB", (chance.randrange(1100, 1500, 20), 488), "#f4f5f7")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, image.width, 56), fill="#0747a6")
    for row in range(6):
        top = 80 + row * 66
        shade = f"hsl({chance.randrange(360)}, 45%, 82%)"
        pen.rounded_rectangle((30, top, 230, top + 48), 8, fill=shade, outline="#42526e")
        pen.text((44, top + 14), _phrase(chance, 2), fill="#172b4d", font_size=16)
        pen.text((270, top + 4), _phrase(chance, 9), fill="#172b4d", font_size=18)
        pen.text((270, top + 28), _phrase(chance, 12), fill="#6b778c", font_size=14)
    return image


def _photo(chance: Random) -> Image.Image:
    """Soft shapes with a grain: what JPEG was made for."""
    size = (chance.randrange(900, 1400, 20), 700)
    coarse = Image.frombytes("RGB", (8, 5), chance.randbytes(8 * 5 * 3))
    grain = Image.frombytes("L", (256, 256), chance.randbytes(256 * 256)).resize(size)
    soft = coarse.resize(size, Image.Resampling.BICUBIC)
    return Image.blend(soft, grain.convert("RGB"), 0.08)
