"""The gallery: which sheets it takes, and how small it makes them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
from PIL import Image

from playground.boot import DEFAULT_SITE
from playground.gallery import (
    MOST_BYTES,
    MOST_BYTES_EACH,
    MOST_SHEETS,
    Picture,
    Sheet,
    branch_of,
    described,
    pages_of,
    picked,
    slug,
    smaller,
    within,
)
from playground.site_folder import load

FOLDER = Path(__file__).parents[2] / "docs" / "gallery"


def sheets(title: str, first: int, count: int) -> list[Sheet]:
    return [Sheet(title, n, first + n - 1, slug(title, "0")) for n in range(1, count + 1)]


def test_first_sheets_come_before_second_ones() -> None:
    pages = {"1": sheets("Text", 1, 3), "2": sheets("Lists", 4, 3)}

    chosen = picked(pages, {"1", "2"}, most=3)

    assert [one.file for one in chosen] == ["text-1.png", "text-2.png", "lists-1.png"]


def test_pages_outside_of_the_branch_get_what_room_is_left() -> None:
    pages = {"1": sheets("Home", 1, 2), "2": sheets("Lists", 3, 2)}

    assert [one.sheet for one in picked(pages, {"2"}, most=3)] == [1, 3, 4]


def test_a_long_page_leaves_room_for_others() -> None:
    pages = {"1": sheets("Home", 1, 20), "2": sheets("Lists", 21, 20)}

    assert len(picked(pages, {"2"})) == 10


def test_pages_named_alike_have_pictures_of_their_own(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    for _ in range(4):
        pdf.add_blank_page()
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Minutes: Q1", 0))
        outline.root.append(pikepdf.OutlineItem("Minutes Q1", 2))
        outline.root.append(pikepdf.OutlineItem("A heading", 3))
    pdf.save(tmp_path / "space.pdf")

    pages = pages_of(tmp_path / "space.pdf", load(DEFAULT_SITE))

    files = {page: [(one.sheet, one.file) for one in found] for page, found in pages.items()}
    assert files == {
        "65570": [(1, "minutes-q1-1.png"), (2, "minutes-q1-2.png")],
        "65571": [(3, "minutes-q1-65571-1.png"), (4, "minutes-q1-65571-2.png")],
    }


def test_a_branch_holds_its_root_and_what_lies_below_its_folders() -> None:
    branch = branch_of(load(DEFAULT_SITE), "65552")

    assert {"65552", "65555", "65568", "65573"} <= branch
    assert "65537" not in branch


def test_a_picture_keeps_as_many_colours_as_it_may() -> None:
    noise = Image.effect_noise((420, 594), 90).convert("RGB")
    plain = Image.new("RGB", (420, 594), "white")

    assert len(smaller(plain)) < 2_000
    assert len(smaller(noise, 150_000)) <= 150_000 < len(smaller(noise, 1_000_000))


def test_a_picture_of_the_gallery_is_a_png() -> None:
    with Image.open(io.BytesIO(smaller(Image.new("RGB", (42, 59), "#0c66e4")))) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "P", (42, 59))


def test_no_more_pictures_are_taken_than_there_is_room_for() -> None:
    made = [Picture(one, b"x" * 400) for one in sheets("Text", 1, 4)]

    assert len(within(iter(made), 1_000)) == 2


def test_the_readme_shows_the_sheets_of_a_page_under_its_title() -> None:
    text = described([*sheets("Text", 1, 4), *sheets("Lists", 5, 1)])

    assert text.index("## Text") < text.index("(text-1.png)") < text.index("## Lists")
    assert "![Text, sheet 3](text-3.png)\n![Text, sheet 4](text-4.png)" in text


def test_the_gallery_that_is_kept_is_small_and_all_of_it_is_shown() -> None:
    pictures = {path.name: path.stat().st_size for path in FOLDER.glob("*.png")}
    shown = re.findall(r"\]\(([\w-]+\.png)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))

    assert sorted(shown) == sorted(pictures)
    assert 30 <= len(pictures) <= MOST_SHEETS
    assert max(pictures.values()) <= MOST_BYTES_EACH
    assert sum(pictures.values()) <= MOST_BYTES
