"""Gallery: the site's own space goes in, small pictures of its printed sheets come out.

The space is exported over HTTP as `sample` does, cut into pages by the PDF's outline, and drawn
with Poppler. The sheets of one branch come first, the first sheets of its pages before the second
ones, and few of a long page; what room is left goes to the pages beside the branch.
"""

import io
import re
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import pikepdf
from PIL import Image

from playground.boot import World
from playground.sample import Order, export
from playground.site import Site

MOST_SHEETS = 45
MOST_OF_A_PAGE = 5
MOST_BYTES = 1_500_000  # of all pictures
MOST_BYTES_EACH = 40_000
WIDTH = 420  # pixels of an upright A4 sheet
DOTS_PER_INCH = round(WIDTH / 210 * 25.4)
COLOURS = (96, 64, 40, 24, 12, 6)  # of the palette: the most that stay small enough
IN_A_ROW = 3
LONGEST_SLUG = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the gallery."""

    title: str  # of its page
    number: int  # of the sheet inside its page, from 1
    sheet: int  # of the sheet inside the PDF, from 1
    slug: str  # of its page

    @property
    def file(self) -> str:
        return f"{self.slug}-{self.number}.png"


@dataclass(frozen=True, slots=True)
class Picture:
    """A sheet, drawn."""

    sheet: Sheet
    content: bytes = field(repr=False)  # PNG


def make(world: World, branch: str, folder: Path) -> str:
    """Write pictures and their README anew, and sum up in one line."""
    site = world.confluence.site
    with tempfile.TemporaryDirectory(prefix="gallery-") as scratch:
        pdf = Path(scratch) / "space.pdf"
        export(world, Order(branch, "space", pdf, {}, None, ""))
        sheets = picked(pages_of(pdf, site), branch_of(site, branch))
        pictures = within(_drawn(pdf, sheet) for sheet in sheets)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for picture in pictures:
        (folder / picture.sheet.file).write_bytes(picture.content)
    readme = described([picture.sheet for picture in pictures])
    (folder / "README.md").write_text(readme, encoding="utf-8")
    size = sum(len(picture.content) for picture in pictures)
    return f"{folder}: {len(pictures)} sheets, {size / 1000:.0f} kB"


def branch_of(site: Site, page_id: str) -> frozenset[str]:
    """The ids of a page and of all below it."""
    below = (page.id for page, _ in site.descendants(page_id, len(site.pages)))
    return frozenset([page_id, *below])


def pages_of(pdf: Path, site: Site) -> dict[str, list[Sheet]]:
    """The sheets of each page by its id, in reading order.

    A page begins where the outline says so, and ends where the next one begins; several short ones
    may share a sheet, which then is the first one's.
    """
    ids = {page.title: page.id for page in site.pages.values()}
    with pikepdf.open(pdf) as document, document.open_outline() as outline:
        last = len(document.pages)
        starts = [(title, at) for title, at in _entries(outline.root, document) if title in ids]
    pages: dict[str, list[Sheet]] = {}
    taken: set[int] = set()
    names: set[str] = set()
    for (title, start), (_, end) in zip_longest(starts, starts[1:], fillvalue=("", last + 1)):
        page_id = ids[title]
        if page_id in pages:
            continue  # a heading that is called like a page
        name = slug(title, page_id)
        if name in names:
            name = f"{name}-{page_id}"
        names.add(name)
        free = [at for at in range(start, max(start + 1, end)) if at not in taken]
        taken.update(free)
        pages[page_id] = [Sheet(title, number, at, name) for number, at in enumerate(free, 1)]
    return pages


def slug(title: str, otherwise: str) -> str:
    """Make a file name of a title; of no use for titles in other letters than Latin ones.

    >>> slug("Apps, math and unknown macros", "65565"), slug("横浜", "65548")
    ('apps-math-and-unknown-macros', '65548')
    """
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words)[:LONGEST_SLUG].strip("-") or otherwise


def picked(
    pages: Mapping[str, Sequence[Sheet]], branch: Collection[str], most: int = MOST_SHEETS
) -> list[Sheet]:
    """Choose at most so many sheets, and give them in the order of the PDF."""
    few = {page_id: sheets[:MOST_OF_A_PAGE] for page_id, sheets in pages.items()}
    inside = [sheets for page_id, sheets in few.items() if page_id in branch]
    beside = [sheets for page_id, sheets in few.items() if page_id not in branch]
    ranked = [*_first_ones_first(inside), *_first_ones_first(beside)]
    return sorted(ranked[:most], key=lambda sheet: sheet.sheet)


def within(pictures: Iterator[Picture], most_bytes: int = MOST_BYTES) -> list[Picture]:
    """Take pictures as long as there is room for all of them together."""
    taken: list[Picture] = []
    size = 0
    for picture in pictures:
        size += len(picture.content)
        if size > most_bytes:
            break
        taken.append(picture)
    return taken


def smaller(image: Image.Image, most_bytes: int = MOST_BYTES_EACH) -> bytes:
    """Write it as a PNG with as many colours as it may have, sharp before faithful."""
    content = b""
    for colours in COLOURS:
        buffer = io.BytesIO()
        few = image.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
        few.save(buffer, "PNG", optimize=True)
        content = buffer.getvalue()
        if len(content) <= most_bytes:
            break
    return content


def described(sheets: Sequence[Sheet]) -> str:
    """The README: a grid of sheets under the titles of their pages."""
    lines = [
        "# Gallery",
        "",
        "Sheets of the playground's own space, as `make gallery` prints them. What each page",
        "shows stands in [the table of constructs](../constructs.md).",
    ]
    for title in dict.fromkeys(sheet.title for sheet in sheets):
        group = [sheet for sheet in sheets if sheet.title == title]
        lines += ["", f"## {title}", ""]
        for start in range(0, len(group), IN_A_ROW):
            row = group[start : start + IN_A_ROW]
            lines.append(" ".join(f"![{title}, sheet {one.number}]({one.file})" for one in row))
    return "\n".join(lines) + "\n"


def _entries(items: Sequence[pikepdf.OutlineItem], pdf: pikepdf.Pdf) -> Iterator[tuple[str, int]]:
    for item in items:
        target = item.destination
        if isinstance(target, pikepdf.Array):
            yield str(item.title), pikepdf.Page(target[0]).index + 1
        yield from _entries(item.children, pdf)


def _first_ones_first(pages: Sequence[Sequence[Sheet]]) -> Iterator[Sheet]:
    for rank in zip_longest(*pages):
        yield from (sheet for sheet in rank if sheet is not None)


def _drawn(pdf: Path, sheet: Sheet) -> Picture:
    number = str(sheet.sheet)
    drawn = subprocess.run(
        ["pdftoppm", "-r", str(DOTS_PER_INCH), "-f", number, "-l", number, "-png", str(pdf)],
        check=True,
        capture_output=True,
    )
    with Image.open(io.BytesIO(drawn.stdout)) as image:
        return Picture(sheet, smaller(image))
