from __future__ import annotations

import re

from exports.content.clean import clean
from exports.content.settle import Missing, settle
from exports.document import Article, Image, ImageRef
from exports.paper import A4, SHEETS
from tests.builders import SITE, a_page, a_tree

KEY = "att900001-v2"


def a_picture(width: int, height: int, natural_width: int = 0) -> Image:
    return Image(b"", "image/png", width, height, natural_width)


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

    html = settle(article.html, {}, {KEY: Missing("You may not see it <here>.")}, A4)

    assert html == (
        '<p>a <span class="xp-box xp-box-image" style="width:241pt"><strong class="xp-box-label">'
        "Image not available: Plan.png.</strong> You may not see it &lt;here&gt;.</span> b</p>"
    )


def test_a_box_is_as_high_as_its_image_was_to_be():
    html = cleaned(an_image('width="380" data-width="1200" data-height="600"')).html

    settled = settle(html, {}, {KEY: Missing("Gone.", ratio=0.5)}, A4)

    assert 'style="width:241pt;min-height:120pt"' in settled


def test_a_box_with_more_words_than_a_sheet_holds_is_as_wide_as_the_text_and_can_be_broken():
    html = cleaned(an_image('width="380"')).html

    settled = settle(html, {}, {KEY: Missing("Gone.", words="word " * 300 + "w" * 900)}, A4)

    assert '<span class="xp-box"><strong' in settled
    assert settled.count("word ") == 300
    assert max(map(len, re.split(r"[ \u200b]", settled))) <= 400


def test_a_box_for_a_small_image_is_wide_enough_for_its_words():
    html = cleaned(an_image('width="40"')).html

    assert 'style="min-width:25pt"' in settle(html, {}, {KEY: Missing("Gone.")}, A4)


def test_images_that_were_had_keep_the_width_of_the_page():
    html = cleaned(an_image('width="380"')).html

    assert settle(html, {KEY: a_picture(1200, 600)}, {}, A4) == html


def test_an_image_without_a_width_is_as_wide_as_its_pixels_were_on_the_screen():
    html = cleaned(an_image()).html

    settled = settle(html, {KEY: a_picture(190, 100, natural_width=380)}, {}, A4)

    assert 'style="width:241pt"' in settled


def test_an_image_that_turns_out_to_be_tall_is_made_narrower():
    html = cleaned(an_image('width="760"')).html

    assert 'style="width:62pt"' in settle(html, {KEY: a_picture(100, 1000)}, {}, A4)


def test_an_image_is_wanted_at_the_largest_of_its_widths():
    html = an_image('width="76"') + an_image('width="380"') + an_image('width="190"')

    (image,) = cleaned(html).images

    assert round(image.width) == 241


def test_an_image_that_once_has_no_width_is_wanted_as_it_is():
    (image,) = cleaned(an_image('width="76"') + an_image()).images

    assert image.width == 0


def test_on_another_paper_an_image_has_the_same_share_of_the_text():
    letter = clean(a_page(an_image('width="380"')), a_tree(), SITE, SHEETS["Letter"])

    assert "width:249pt" in letter.html


def test_an_image_in_a_panel_is_no_wider_than_the_panel():
    shell = '<div class="confluence-information-macro confluence-information-macro-information">'
    body = '<div class="confluence-information-macro-body">'

    html = cleaned(f"{shell}{body}{an_image('width=760')}</div></div>").html

    width = re.search(r"width:(\d+)pt", html)
    assert width is not None
    assert 400 < int(width[1]) < 460


def test_the_links_of_an_image_map_stand_below_it():
    areas = (
        '<area href="https://example.com/a" alt="Kitchen"><area href="#x" alt="none">'
        '<area href="https://example.com/b" title="Cellar"><area href="https://example.com/a">'
    )
    html = f'<p>{an_image("usemap=#m")}</p><map name="m">{areas}</map><p>after</p>'

    cleaned_html = cleaned(html).html

    assert "usemap" not in cleaned_html
    assert re.findall(r'<a href="https://example.com/(\w)">(\w+)</a>', cleaned_html) == [
        ("a", "Kitchen"),
        ("b", "Cellar"),
    ]
    assert cleaned_html.index("Cellar") < cleaned_html.index("after")


def test_an_emoji_of_the_site_is_a_small_picture():
    html = (
        '<p>Hi <img class="emoticon" data-emoji-id="5b6f2a1c-0000-4000-8000-000000000000"'
        ' data-emoji-fallback=":otter:" src="/wiki/download/attachments/65537/otter.png"></p>'
    )
    article = cleaned(html)

    (image,) = article.images
    assert image.file_name == "otter.png"
    assert f'<img class="xp-emoji" src="xpress-image:{image.key}" alt=":otter:">' in article.html
    assert settle(article.html, {}, {image.key: Missing("Gone.")}, A4) == "<p>Hi :otter:</p>"


def test_an_emoji_whose_picture_is_not_sent_is_its_name_and_said_so():
    html = '<p><img class="emoticon" data-emoji-fallback=":otter:" src="/wiki/star.png"></p>'

    article = cleaned(html)

    assert article.html == "<p>:otter:</p>"
    assert [(note.code, note.severity) for note in article.notes] == [("emoji_as_name", "info")]


def test_what_the_editor_leaves_behind_a_pasted_picture_is_no_part_of_its_name():
    name = "plan.png#media-blob-url=true&amp;id=0f&amp;collection=c"
    html = f'<img class="confluence-embedded-image" alt="{name}" data-linked-resource-id="7">'

    [image] = cleaned(html).images

    assert image.file_name == "plan.png"
