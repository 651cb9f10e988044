from __future__ import annotations

from exports.content.clean import clean
from exports.content.settle import settle
from exports.document import Article, ImageRef
from tests.builders import SITE, a_page, a_tree


def cleaned(html: str) -> Article:
    return clean(a_page(html), a_tree(), SITE)


def an_image(more: str = "") -> str:
    return (
        '<img data-linked-resource-id="900001" data-linked-resource-version="2"'
        ' data-linked-resource-container-id="65538"'
        f' data-linked-resource-default-alias="Plan.png" src="x" {more}>'
    )


def test_an_image_is_known_by_its_attachment_and_version():
    assert cleaned(an_image()).images == (
        ImageRef("att900001-v2", "65538", "900001", "Plan.png", "2"),
    )


def test_one_attachment_is_wanted_once():
    assert len(cleaned(an_image() * 3).images) == 1


def test_versions_of_one_attachment_are_different_images():
    html = an_image() + an_image().replace('version="2"', 'version="3"')

    assert len(cleaned(html).images) == 2


def test_an_image_without_an_id_is_known_by_its_page_and_name():
    images = cleaned('<img src="/wiki/download/attachments/65538/My%20plan.png?version=4">').images

    assert [(x.container_id, x.attachment_id, x.file_name, x.version) for x in images] == [
        ("65538", None, "My plan.png", "4")
    ]


def test_an_image_of_another_host_is_never_wanted():
    article = cleaned('<img src="https://evil.example/wiki/download/attachments/65537/a.png">')

    assert article.images == ()
    assert [note.code for note in article.notes] == ["external_image"]
    assert "https://evil.example/wiki/download/attachments/65537/a.png" in article.html


def test_half_the_width_of_the_page_is_half_the_width_of_the_text():
    assert "width:241pt" in cleaned(an_image('width="380"')).html


def test_an_image_is_never_wider_than_the_text():
    assert "width:482pt" in cleaned(an_image('width="5000"')).html


def test_a_tall_image_is_made_narrow_enough_to_fit_a_sheet():
    html = cleaned(an_image('width="760" data-width="100" data-height="1000"')).html

    assert "width:62pt" in html


def test_an_image_that_could_not_be_had_becomes_a_box_with_its_name_and_the_reason():
    article = cleaned(f"<p>a {an_image('width=380')} b</p>")

    html = settle(article.html, {"att900001-v2": "You may not see it <here>."})

    assert html == (
        '<p>a <span class="xp-box xp-box-image" style="width:241pt"><strong class="xp-box-label">'
        "Image not available: Plan.png.</strong> You may not see it &lt;here&gt;.</span> b</p>"
    )


def test_images_that_were_had_are_left_alone():
    html = cleaned(an_image()).html

    assert settle(html, {"att1": "gone"}) == html
