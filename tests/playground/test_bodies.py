"""Bodies as Confluence serves them, and as the page view shows them."""

from pathlib import Path

from lxml import html

from playground.bodies import cleaned, rewritten
from playground.site_folder import load

BASE = "http://127.0.0.1:8090/wiki"


def test_an_image_that_names_an_attachment_gets_confluences_attributes(site_folder: Path) -> None:
    image = _first("img", '<img src="files/900.png" width="320" alt="Plan"/>', site_folder)

    assert image.get("src", "").startswith(
        f"{BASE}/download/thumbnails/2/plan%20of%20site.png?version=1&modificationDate=17723"
    )
    assert image.get("src", "").endswith("&cacheVersion=1&api=v2&width=320")
    assert "/download/attachments/2/plan%20of%20site.png" in image.get("data-image-src", "")
    assert image.get("class") == "confluence-embedded-image"
    assert image.get("alt") == "Plan"
    expected = {
        "data-linked-resource-id": "900",
        "data-linked-resource-type": "attachment",
        "data-linked-resource-default-alias": "plan of site.png",
        "data-linked-resource-content-type": "image/png",
        "data-linked-resource-container-id": "2",
        "data-media-type": "file",
        "data-width": "4",
        "data-height": "3",
    }
    assert expected.items() <= dict(image.attrib).items()


def test_an_attachment_is_known_by_its_name_and_by_its_number(site_folder: Path) -> None:
    for text in (
        '<img src="/wiki/download/attachments/2/plan%20of%20site.png?version=4">',
        '<img src="attachments/plan%20of%20site.png">',
        '<img src="https://old.example/x.png" data-linked-resource-id="900">',
    ):
        assert "/download/attachments/2/plan" in _first("img", text, site_folder).get("src", "")


def test_a_link_to_an_attachment_leads_to_the_site(site_folder: Path) -> None:
    link = _first("a", '<a class="x" href="files/900.png">Plan</a>', site_folder)

    assert link.get("href", "").startswith(f"{BASE}/download/attachments/2/plan%20of%20site.png?")


def test_everything_else_is_served_as_it_is(site_folder: Path) -> None:
    text = (
        '<p /><a href="/wiki/spaces/DOC/pages/3/Steps#X">x</a><img src="https://e.example/a.png">'
        "<!-- <img src='files/900.png'> -->"
        '<script><![CDATA[ <a href="files/900.png"> ]]></script>'
    )

    assert _served(text, site_folder) == text


def test_nothing_that_acts_reaches_the_page_view() -> None:
    text = (
        '<p onclick="x()">Text<script>x()</script><iframe src="x"></iframe></p>'
        '<a href="java&#10;script:x()">link</a><form><input></form>'
        '<script type="syntaxhighlighter" class="brush: java"><![CDATA[a < b]]></script>'
    )

    shown = cleaned(text)

    assert "x()" not in shown
    assert "<iframe" not in shown
    assert "<form" not in shown
    assert ">a &lt; b</pre>" in shown


def _served(text: str, folder: Path) -> str:
    site = load(folder)
    return rewritten(text, site, site.pages["2"], BASE)


def _first(tag: str, text: str, folder: Path) -> html.HtmlElement:
    return next(html.fragment_fromstring(_served(text, folder), create_parent=True).iter(tag))
