"""Layout: columns beside each other where they are short, one after the other where not. Pure.

Columns are set as cells of one row. A row may break between sheets, but what is long or wide reads
better below each other than squeezed (C-80, C-83).
"""

from __future__ import annotations

from exports.content import room, styles
from exports.content.draft import Draft
from exports.content.nodes import (
    Element,
    having,
    is_blank,
    is_within,
    make,
    rename,
    text_of,
    unwrap,
)

MIN_COLUMN = 45  # mm
GUTTER = 6.0  # mm
MAX_TEXT = 2_000  # characters of a column that stands beside another
MAX_BLOCKS = 40
MAX_IMAGES = 4

WIDTHS: dict[str, tuple[float, ...]] = {
    "two-equal": (50, 50),
    "two-left-sidebar": (30, 70),
    "two-right-sidebar": (70, 30),
    "three-equal": (33.3, 33.3, 33.3),
    "three-with-sidebars": (20, 60, 20),
    "three-left-sidebars": (25, 25, 50),
    "three-right-sidebars": (50, 25, 25),
    "four-equal": (25, 25, 25, 25),
    "five-equal": (20, 20, 20, 20, 20),
}


def layouts(draft: Draft) -> None:
    """Page layouts (C-80)."""
    for section in having(draft.body, "columnLayout"):
        cells = [cell for cell in section.iterchildren() if "cell" in (cell.get("class") or "")]
        exact = tuple(map(float, (section.get("data-xp-widths") or "").split()))
        shares = exact or WIDTHS.get(section.get("data-layout") or "", ())
        _set(draft, section, cells, shares if len(shares) == len(cells) else ())
    for name in ("innerCell", "contentLayout2"):
        for shell in having(draft.body, name):
            unwrap(shell)


def sections(draft: Draft) -> None:
    """Section and column macros (C-83)."""
    for section in having(draft.body, "sectionMacro"):
        for row in having(section, "sectionMacroRow"):
            cells = having(row, "columnMacro")
            own = [cell for cell in cells if cell.getparent() is row]
            shares = []
            for cell in own:
                width = styles.of(cell).get("width", "")
                shares.append(float(width[:-1]) if width.endswith("%") else 0.0)
            _set(draft, row, own, shares if all(shares) else ())
        unwrap(section)
    for cell in having(draft.body, "columnMacro"):
        unwrap(cell)


def _set(
    draft: Draft, section: Element, cells: list[Element], shares: tuple[float, ...] | list[float]
) -> None:
    """Set the cells beside each other, or unwrap everything."""
    filled = [cell for cell in cells if not is_blank(cell)]
    total = sum(shares) or 1.0
    widths = [share * 100 / total for share in shares] or [100 / max(1, len(cells))] * len(cells)
    width = room.of(section, draft)
    narrow = min(widths, default=0) * width / 100 < MIN_COLUMN
    nested = is_within(section, "table", "li", "blockquote") or any(
        "xp-columns" in (outer.get("class") or "") for outer in section.iterancestors("div")
    )
    if len(filled) < 2 or narrow or nested or not all(map(_is_short, cells)):
        for cell in cells:
            unwrap(cell)
        unwrap(section)
        return
    for cell, share in zip(cells, widths, strict=True):
        rename(cell, "div", "xp-column")
        cell.set("style", f"width:{share:.1f}%")
        room.leave(cell, width * share / 100 - GUTTER)
    rename(section, "div", "xp-columns")
    # Anything else in the section would stand between the cells of the row.
    for other in [child for child in section if child not in cells]:
        shell = make("div", "xp-column")
        section.replace(other, shell)
        shell.append(other)


def _is_short(cell: Element) -> bool:
    if len(text_of(cell)) > MAX_TEXT or sum(1 for _ in cell.iter("img")) > MAX_IMAGES:
        return False
    if any(True for _ in cell.iter("pre")) or sum(1 for _ in cell.iter("p", "li")) > MAX_BLOCKS:
        return False
    return all(_columns(table) < 4 for table in cell.iter("table"))


def _columns(table: Element) -> int:
    row = next(table.iter("tr"), None)
    return len(row) if row is not None else 0
