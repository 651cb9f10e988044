"""Reading a site folder, and refusing one that is not sound."""

from pathlib import Path
from typing import Any

import pytest

from playground.site_folder import BadSite, load
from tests.playground.builders import (
    ADMIN,
    GUEST,
    a_folder,
    a_page,
    a_site_row,
    an_attachment,
)


def test_a_sound_folder_becomes_a_site(site_folder: Path) -> None:
    site = load(site_folder)

    assert [page.title for page in site.children("1")] == ["Guide", "Drawer", "Secret"]
    assert site.is_admin(ADMIN)
    assert not site.is_admin(GUEST)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (a_site_row(a_page(1)), "page 1 appears twice."),
        (a_site_row(a_page(2, parent=99)), "page 2 is below the unknown page 99."),
        (a_site_row(a_page(2, parent=3), a_page(3, parent=2)), "page 2 is below itself."),
        (a_site_row(a_page(2, body="bodies/none.html")), "which is not there."),
        (a_site_row(a_page(2, body="../../secret")), "which is outside of the folder."),
        (a_site_row(a_page(2, type="whiteboard")), 'has the type "whiteboard"'),
        (a_site_row(a_page(2, restrictedTo=["x"])), "restricted to the unknown account x."),
        (a_site_row(a_page(2, body=None)), "page 2 has no body."),
        (a_site_row(a_page(2, spaceId="8")), "in the unknown space 8."),
        (a_site_row(users=[]), "there is no user"),
        (
            a_site_row(groups=[{"id": "g", "name": "Keepers", "members": ["x"]}]),
            "group Keepers has the unknown member x.",
        ),
        (
            a_site_row(groups=[{"id": "g", "name": name} for name in ("Keepers", "Writers")]),
            "the group id g appears 2 times.",
        ),
        (
            a_site_row(a_page(2, versions=[{"number": 4}])),
            "the older versions of page 2 must have smaller numbers, each its own.",
        ),
        (
            a_site_row(a_page(2, versions=[{"number": 1}, {"number": 1}])),
            "the older versions of page 2 must have smaller numbers, each its own.",
        ),
        (
            a_site_row(
                a_page(2, attachments=[an_attachment(5)]), a_page(3, attachments=[an_attachment(5)])
            ),
            "attachment att5 appears 2 times.",
        ),
    ],
)
def test_a_folder_that_is_not_sound_is_refused_with_the_reason(
    tmp_path: Path, row: dict[str, Any], sentence: str
) -> None:
    folder = a_folder(tmp_path, row)

    with pytest.raises(BadSite) as refusal:
        load(folder)

    assert sentence in str(refusal.value)


def test_all_faults_of_a_folder_are_named_at_once(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, a_site_row(a_page(2, parent=98), a_page(3, parent=99)))

    with pytest.raises(BadSite) as refusal:
        load(folder)

    assert "98" in str(refusal.value)
    assert "99" in str(refusal.value)
