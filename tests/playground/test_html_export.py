"""A Confluence HTML export becomes a site folder, and nothing of it is lost in silence."""

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from playground.html_export import MANIFEST, decode, find, main
from playground.site_folder import load
from tests.shared import shared

PNG = b"\x89PNG\r\n\x1a\n and so on"
INDEX = """<html><body><div id="main-content" class="pageSection"><table>
<tr><th>Key</th><td>SEA</td></tr><tr><th>Name</th><td>Sea &amp; Sky</td></tr></table></div>
<ul><li><a href="Home_70001.html">Home</a>
 <img src="images/icons/contenttypes/home_page_16.png"/>
 <ul><li><a href="Zebra_70002.html">Zebra</a>
  <ul><li><a href="70003.html">Ünder</a></li></ul></li></ul>
 <ul><li><a href="Ape_70004.html">Ape</a></li></ul></li></ul></body></html>"""


def a_cloud_page(title: str, body: str | None, crumbs: str = "", files: str = "") -> str:
    main = "" if body is None else f'<div id="main-content" class="wiki-content group">{body}</div>'
    return f"""<!DOCTYPE html><html><head><title>Sea &amp; Sky : {title}</title></head><body>
<div id="page"><div id="breadcrumb-section"><ol id="breadcrumbs">{crumbs}</ol></div>
<h1 id="title-heading"><span id="title-text"> Sea &amp; Sky : {title} </span></h1>
<div id="content" class="view"><div class="page-metadata">Created by <span class='author'> N</span>
on May 14, 2024</div>{main}{files}</div></div></body></html>"""


def a_server_page(title: str, body: str, crumbs: str, page_id: int) -> str:
    return f"""<html><head><title>{title}</title><script>var a = "<div id='main-content'>";</script>
</head><body><table><tr><td class="topBarDiv">{crumbs}</td></tr></table>
<div class="smalltext">Old Docs</div><div class="pagetitle">{title}</div>
<a href="https://wiki.example.com/editpage.action?pageId={page_id}&spaceKey=OLD">Edit</a>
<div class="wiki-content"><div id="ConfluenceContent">{body}</div></div>
<div>footer</div></body></html>"""


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def a_cloud_export(folder: Path, **more: str | bytes) -> Path:
    """Four pages; `more` adds files, with `__` for the slash and `_html` for the ending."""
    files: dict[str, str | bytes] = {
        "index.html": INDEX,
        "Home_70001.html": a_cloud_page("Home", "<p>Welcome</p>"),
        "Zebra_70002.html": a_cloud_page("Zebra", "<p>Z</p>"),
        "70003.html": a_cloud_page("Ünder", "<p>U</p>"),
        "Ape_70004.html": a_cloud_page("Ape", "<p>A</p>"),
    }
    return write(folder, {**files, **more})


def imported(folder: Path, site: Path, *options: str) -> dict[str, dict[str, Any]]:
    """Import, and give the pages by id."""
    assert main([str(folder), "-o", str(site), *options]) == 0
    content = json.loads((site / "site.json").read_text(encoding="utf-8"))
    return {page["id"]: page for page in content["pages"]}


def body(site: Path, page_id: str) -> str:
    return (site / f"bodies/{page_id}.html").read_bytes().decode()


def test_tree_titles_and_dates_of_a_space_export(tmp_path: Path) -> None:
    folder, site = a_cloud_export(tmp_path / "export"), tmp_path / "site"

    pages = imported(folder, site)

    tree = {page["title"]: (page["parentId"], page["position"]) for page in pages.values()}
    assert tree == {
        "Home": (None, 0),
        "Zebra": ("70001", 0),
        "Ünder": ("70002", 0),
        "Ape": ("70001", 1),
    }
    assert pages["70002"]["version"]["createdAt"] == "2024-05-14T00:00:00.000Z"
    content = json.loads((site / "site.json").read_text(encoding="utf-8"))
    assert content["title"] == "Sea & Sky"
    assert [space["key"] for space in content["spaces"]] == ["SEA"]
    assert content["spaces"][0]["homepageId"] == "70001"
    assert content["spaces"][0]["admins"] == [content["users"][0]["accountId"]]


def test_a_body_is_kept_to_the_letter(tmp_path: Path) -> None:
    odd = (
        "\r\n<p /><DIV class=x><div /><span id='a>b'/>\t&nbsp;&rsquo; é</DIV><!-- </div> -->"
        '<script type="syntaxhighlighter"><![CDATA[ &lt;/div> </div> ]]></script><td nowrap>'
    )
    folder = a_cloud_export(tmp_path / "in", **{"Ape_70004.html": a_cloud_page("Ape", odd)})

    imported(folder, tmp_path / "site")

    assert body(tmp_path / "site", "70004") == odd


def test_page_links_become_those_of_the_site(tmp_path: Path) -> None:
    links = (
        '<a href="Zebra_70002.html#Zebra-Top">Z</a> <a class="x" href=\'70003.html\'>U</a>'
        ' <a href="#here">h</a> <a href="https://example.com/Zebra_70002.html">e</a>'
    )
    folder = a_cloud_export(tmp_path / "in", **{"Ape_70004.html": a_cloud_page("Ape", links)})

    imported(folder, tmp_path / "site")

    assert body(tmp_path / "site", "70004") == (
        '<a href="/wiki/spaces/SEA/pages/70002/Zebra#Zebra-Top">Z</a>'
        " <a class=\"x\" href='/wiki/spaces/SEA/pages/70003/%C3%9Cnder'>U</a>"
        ' <a href="#here">h</a> <a href="https://example.com/Zebra_70002.html">e</a>'
    )


def test_a_link_to_a_page_that_was_not_exported_keeps_its_id_and_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = '<a href="Gone-Away_79999.html#x">G</a><a href="gone.html">g</a>'
    folder = a_cloud_export(tmp_path / "in", **{"Ape_70004.html": a_cloud_page("Ape", link * 2)})

    imported(folder, tmp_path / "site")

    told = capsys.readouterr()
    expected = '<a href="/wiki/spaces/SEA/pages/79999/Gone+Away#x">G</a><a href="gone.html">g</a>'
    assert body(tmp_path / "site", "70004") == expected * 2
    assert told.err.count("Gone-Away_79999.html") == 1
    assert "4 page links whose file is absent" in told.out


def test_attachments_keep_their_names_types_and_ids(tmp_path: Path) -> None:
    files = """<div class="pageSection group"><h2 id="attachments">Attachments:</h2>
<div class="greybox"><img src="images/icons/bullet_blue.gif"/>
<a href="attachments/70004/80001.png">chart &amp; key.png</a> (image/png)<br/>
<a href="attachments/70004/80002.docx">plan.docx</a> (application/octet-stream)<br/>
<a href="attachments/70004/80003.mov">gone.mov</a> (video/quicktime)<br/></div></div>"""
    shown = (
        '<img src="attachments/70004/80001.png?width=760" width="760"'
        ' data-image-src="attachments/70004/80001.png"/>'
        '<a href="attachments/70004/80003.mov?width=320">gone.mov</a>'
        '<img class="emoticon" src="images/icons/emoticons/check.png"/>'
    )
    folder = a_cloud_export(
        tmp_path / "in",
        **{
            "Ape_70004.html": a_cloud_page("Ape", shown, files=files),
            "attachments/70004/80001.png": PNG,
            "attachments/70004/80002.docx": b"PK\x03\x04 and so on",
        },
    )

    pages = imported(folder, tmp_path / "site")

    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert [tuple(file.values()) for file in pages["70004"]["attachments"]] == [
        ("att80001", "chart & key.png", "image/png", "attachments/70004/80001.png"),
        ("att80002", "plan.docx", docx, "attachments/70004/80002.docx"),
    ]
    assert (tmp_path / "site/attachments/70004/80001.png").read_bytes() == PNG
    assert body(tmp_path / "site", "70004") == (
        '<img src="attachments/70004/80001.png" width="760"'
        ' data-image-src="attachments/70004/80001.png"/>'
        '<a href="/wiki/download/attachments/70004/gone.mov?api=v2">gone.mov</a>'
        '<img class="emoticon" src="images/icons/emoticons/check.png"/>'
    )


def test_a_picture_whose_file_is_missing_is_counted_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = '<img src="attachments/70004/81.png?width=9"/>' * 2
    folder = a_cloud_export(tmp_path / "in", **{"Ape_70004.html": a_cloud_page("Ape", shown)})

    imported(folder, tmp_path / "site")

    told = capsys.readouterr()
    assert "1 images whose file is missing" in told.out
    assert told.err.count("attachments/70004/81.png") == 1


def test_a_page_without_a_body_is_kept_empty(tmp_path: Path) -> None:
    folder = a_cloud_export(tmp_path / "in", **{"Ape_70004.html": a_cloud_page("Ape", None)})

    pages = imported(folder, tmp_path / "site")

    assert pages["70004"]["type"] == "page"
    assert body(tmp_path / "site", "70004") == ""


def test_a_branch_stays_together_where_its_page_was_not_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_cloud_export(tmp_path / "in")
    (folder / "Zebra_70002.html").unlink()
    (folder / "Ape_70004.html").unlink()

    pages = imported(folder, tmp_path / "site")

    assert (pages["70002"]["title"], pages["70002"]["type"]) == ("Zebra", "folder")
    assert pages["70003"]["parentId"] == "70002"
    assert "70004" not in pages
    assert "2 pages in index.html whose file is absent" in capsys.readouterr().out


def test_a_page_in_no_tree_goes_under_the_homepage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_cloud_export(tmp_path / "in", **{"Stray_70009.html": a_cloud_page("Stray", "")})

    pages = imported(folder, tmp_path / "site")

    assert pages["70009"]["parentId"] == "70001"
    assert "Stray_70009.html stands in no tree" in capsys.readouterr().err


def test_without_an_index_the_breadcrumbs_make_the_tree(tmp_path: Path) -> None:
    home, zebra = '<a href="Home_70001.html">H</a>', '<a href="Zebra_70002.html">Z</a>'
    folder = write(
        tmp_path / "in",
        {
            "70003.html": a_cloud_page("Ünder", "", crumbs=home + zebra),
            "Home_70001.html": a_cloud_page("Home", ""),
            "Zebra_70002.html": a_cloud_page("Zebra", "", crumbs=home),
        },
    )

    pages = imported(folder, tmp_path / "site", "--key", "NEW")

    parents = {page_id: page["parentId"] for page_id, page in pages.items()}
    assert parents == {"70003": "70002", "70001": None, "70002": "70001"}


def test_pages_with_the_frame_of_a_server(tmp_path: Path) -> None:
    home, self = '<a href="home.html">Home</a>', '<a href="pick-one.html">Pick</a>'
    text = (
        '<div>x</div><a href="home.html">H</a><img src="pick-one.data/a%20b.png">'
        '<img src="pick-one.data/a%20b.png"><img src="null/icons/emoticons/wink.png">'
    )
    folder = write(
        tmp_path / "in",
        {
            "home.html": a_server_page("Home", "<p>h</p>", home, 13),
            "pick-one.html": a_server_page("Pick One", text, home + self, 14),
            "pick-one.data/a b.png": PNG,
            "pick-one.thumbs/unused.gif": b"GIF89a",
        },
    )

    pages = imported(folder, tmp_path / "site")

    assert (pages["14"]["title"], pages["14"]["parentId"]) == ("Pick One", "13")
    assert [(file["file"], file["mediaType"]) for file in pages["14"]["attachments"]] == [
        ("pick-one.data/a b.png", "image/png"),
        ("pick-one.thumbs/unused.gif", "image/gif"),
    ]
    assert body(tmp_path / "site", "14") == (
        '<div>x</div><a href="/wiki/spaces/OLD/pages/13/Home">H</a>'
        '<img src="pick-one.data/a b.png"><img src="pick-one.data/a b.png">'
        '<img src="null/icons/emoticons/wink.png">'
    )


def test_ids_that_are_unknown_or_taken_are_derived_from_the_file_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "a_70001.html": a_cloud_page("A", ""),
        "b_70001.html": a_cloud_page("B", ""),
        "c.html": a_cloud_page("C", ""),
    }
    folder = write(tmp_path / "in", files)

    first = imported(folder, tmp_path / "one")
    second = imported(folder, tmp_path / "two")

    assert list(first) == list(second)
    assert len(first) == 3
    assert all(page_id.isdecimal() for page_id in first)
    assert "b_70001.html and a_70001.html both have the id 70001" in capsys.readouterr().err


def test_breadcrumbs_that_go_round_are_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "Home_70001.html": a_cloud_page("Home", ""),
        "a_70002.html": a_cloud_page("A", "", crumbs='<a href="b_70003.html">B</a>'),
        "b_70003.html": a_cloud_page("B", "", crumbs='<a href="a_70002.html">A</a>'),
        "c_70004.html": a_cloud_page("C", "", crumbs='<a href="Home_70001.html">H</a>'),
        "d_70005.html": a_cloud_page("D", "", crumbs='<a href="Home_70001.html">H</a>'),
    }

    pages = imported(write(tmp_path / "in", files), tmp_path / "site")

    assert pages["70002"]["parentId"] == "70001"
    assert pages["70003"]["parentId"] == "70002"
    assert "a_70002.html is its own ancestor" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("octets", "text", "remark"),
    [
        (b"\xef\xbb\xbfna\xc3\xafve", "naïve", None),
        ("naïve".encode("utf-16"), "naïve", None),
        (b'<meta charset="shift_jis">\x93\xfa', '<meta charset="shift_jis">日', "shift_jis"),
        (b'<meta charset="utf-8">\xff', '<meta charset="utf-8">\ufffd', "broken"),
        (b'<meta charset="base64">\xe9', '<meta charset="base64">é', "cp1252"),
        (b'<meta charset="klingon">\xe9', '<meta charset="klingon">é', "cp1252"),
    ],
)
def test_files_in_any_encoding_are_read(octets: bytes, text: str, remark: str | None) -> None:
    read, said = decode(octets)

    assert read == text
    assert (remark is None) == (said is None)
    assert remark is None or remark in (said or "")


def test_a_body_that_is_never_closed_runs_to_the_end() -> None:
    found = find('<p><div id="x">a<div>b</div>c', lambda it: it.get("id") == "x")

    assert found is not None
    assert (found.start, found.end, found.closed) == (15, 29, False)


def test_nothing_is_read_or_written_outside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = write(tmp_path, {"secret.png": PNG}) / "secret.png"
    shown = '<img src="../secret.png"/><img src="/etc/hostname"/><img src="link.png"/>'
    folder = a_cloud_export(tmp_path / "in", **{"Ape_70004.html": a_cloud_page("Ape", shown)})
    (folder / "link.png").symlink_to(secret)

    pages = imported(folder, tmp_path / "site")

    assert pages["70004"]["attachments"] == []
    assert "link.png is a link of the file system" in capsys.readouterr().err
    assert not list((tmp_path / "site").rglob("*.png"))


def test_a_site_that_leads_elsewhere_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_cloud_export(tmp_path / "in")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site/bodies").symlink_to(tmp_path / "elsewhere")

    assert main([str(folder), "-o", str(tmp_path / "site"), "--force"]) == 1

    assert "leads out of" in capsys.readouterr().err
    assert not list((tmp_path / "elsewhere").iterdir())


def test_an_earlier_import_is_replaced(tmp_path: Path) -> None:
    folder, site = a_cloud_export(tmp_path / "in"), tmp_path / "site"
    imported(folder, site)
    write(site, {"notes.txt": "mine"})
    (folder / "Ape_70004.html").unlink()

    pages = imported(folder, site)

    assert "70004" not in pages
    assert not (site / "bodies/70004.html").exists()
    assert (site / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_files_of_others_are_not_touched_unless_forced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, site = a_cloud_export(tmp_path / "in"), write(tmp_path / "site", {"a.txt": "a"})

    assert main([str(folder), "-o", str(site)]) == 1
    assert "--force" in capsys.readouterr().err
    assert [path.name for path in site.iterdir()] == ["a.txt"]

    assert main([str(folder), "-o", str(site), "--force"]) == 0
    assert {"a.txt", "site.json", MANIFEST} <= {path.name for path in site.iterdir()}


@pytest.mark.parametrize(
    ("folder", "site", "why"),
    [
        ("nowhere", "site", "is not a folder"),
        ("empty", "site", "holds no page"),
        ("in", "in", "lie in each other"),
        ("in", "in/site", "lie in each other"),
        ("in", "in/index.html", "lie in each other"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: str, site: str, why: str
) -> None:
    a_cloud_export(tmp_path / "in")
    (tmp_path / "empty").mkdir()

    assert main([str(tmp_path / folder), "-o", str(tmp_path / site)]) == 1

    assert why in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("corpus", "expected"),
    [
        ("dlx", {"pages": 366, "folders": 30, "home": "44990773", "key": "VAR", "files": 1442}),
        ("struts", {"pages": 629, "folders": 0, "home": "14153", "key": "WW", "files": 58}),
    ],
)
def test_real_exports_come_over_whole(
    tmp_path: Path, corpus: str, expected: Mapping[str, object]
) -> None:
    folder = shared(f"corpus/html-export/{corpus}")
    site = tmp_path / "site"

    began = time.monotonic()
    pages = imported(folder, site)
    seconds = time.monotonic() - began

    content = json.loads((site / "site.json").read_text(encoding="utf-8"))
    files = {file["file"] for page in pages.values() for file in page["attachments"]}
    kinds = [page["type"] for page in pages.values()]
    assert {
        "pages": kinds.count("page"),
        "folders": kinds.count("folder"),
        "home": content["spaces"][0]["homepageId"],
        "key": content["spaces"][0]["key"],
        "files": len(files),
    } == expected
    assert [page["id"] for page in pages.values() if page["parentId"] is None] == [expected["home"]]
    assert all((site / file).is_file() for file in files)
    assert seconds < 20
    assert len(load(site).pages) == len(pages)
    for page_id, page in pages.items():
        # Nothing of the frame came along, and no body was cut short: both show as loose ends.
        assert page["title"]
        assert "page-metadata" not in body(site, page_id)
        assert body(site, page_id).count("<div") == body(site, page_id).count("</div") + len(
            re.findall(r"<div[^>]*/>", body(site, page_id))
        )
