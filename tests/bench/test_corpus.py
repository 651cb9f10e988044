"""The run over the corpus, on a corpus of two pages made here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.check import check
from bench.constructs import unknown
from bench.corpus import main
from bench.export import export
from bench.sites import NoCorpus, build, sources
from playground.site_folder import load
from tests.exports.pdf.pictures import a_png

BODY = """
<h2 id="Lamp-Oil">Oil</h2>
<p>Fill it <strong>before dusk</strong>, see <a href="https://example.com/oil">the table</a>.</p>
<table class="confluenceTable"><tr><th>Lamp</th><td>North</td></tr></table>
<p><img class="confluence-embedded-image"
  src="https://acme.example/wiki/download/attachments/501/a%20lamp.png"
  data-linked-resource-id="77" data-linked-resource-type="attachment"
  data-linked-resource-default-alias="a&#8239;lamp.png"
  data-linked-resource-container-id="501"></p>
"""


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder as XPRESS_SHARED names it: one source, two bodies, a picture, an ADF."""
    corpus = tmp_path / "shared" / "corpus"
    files = corpus / "view" / "harbour" / "attachments" / "501"
    files.mkdir(parents=True)
    (files / "a lamp.png").write_bytes(a_png(30, 20))
    (files.parents[1] / "501.html").write_text(BODY)
    (files.parents[1] / "tides.html").write_text("<p>High water at <em>noon</em>.</p>")
    (corpus / "adf" / "harbour").mkdir(parents=True)
    (corpus / "adf" / "harbour" / "501.adf.json").write_text('{"type": "doc", "content": []}')
    row = {
        "file": "view/harbour/501.html",
        "title": "Lamp",
        "attachments": ["view/harbour/attachments/501/a lamp.png"],
    }
    (corpus / "INDEX.json").write_text(json.dumps([row]))
    return tmp_path / "shared"


def run(shared: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[int, dict[str, Any]]:
    monkeypatch.setenv("XPRESS_SHARED", str(shared))
    out = shared / "corpus.json"
    code = main(["--out", str(out), "--keep", str(shared / "kept"), *options])
    return code, json.loads(out.read_text()) if out.exists() else {}


def test_bodies_become_a_site_with_their_pictures_under_the_names_the_page_uses(
    shared: Path, tmp_path: Path
):
    (source,) = sources(shared)

    build(source, tmp_path / "site")

    site = load(tmp_path / "site")
    lamp = site.pages["501"]
    assert [page.title for page in site.pages.values()] == ["harbour", "Lamp", "tides"]
    assert [(file.id, file.title) for file in lamp.attachments] == [("att77", "a\u202flamp.png")]
    assert set(lamp.bodies) == {"export_view", "atlas_doc_format"}


def test_a_corpus_that_is_not_there_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(NoCorpus):
        sources(tmp_path)

    assert run(tmp_path, monkeypatch)[0] == 1
    assert "Set XPRESS_SHARED" in capsys.readouterr().err


def test_a_source_that_is_not_there_is_told_with_those_that_are(
    shared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert run(shared, monkeypatch, "--source", "mountains")[0] == 1
    assert "There are harbour." in capsys.readouterr().err


def test_names_that_a_step_or_a_rule_knows_are_no_unknown_constructs():
    names = ["confluence-embedded-file-wrapper", "confluenceTd", "macro:expand", "macro:tide-clock"]

    assert list(unknown(names)) == ["macro:tide-clock"]


def test_every_page_is_exported_and_compared(
    shared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    code, found = run(shared, monkeypatch)

    assert code == 0, found
    outcome = found["harbour"]
    assert outcome["pages"] == 3
    assert outcome["in"] == outcome["out"] | {"word": outcome["in"]["word"]}
    assert outcome["in"]["picture"] == 1
    assert outcome["in"]["link"] == 1
    assert outcome["in"]["cell"] == 2
    assert outcome["losses"] == outcome["outside"] == outcome["failures"] == []
    assert (shared / "kept" / "harbour.pdf").read_bytes().startswith(b"%PDF")
    assert "harbour" in capsys.readouterr().out


def test_words_a_page_has_and_the_pdf_lacks_are_found_on_their_page(shared: Path, tmp_path: Path):
    site = tmp_path / "site"
    build(sources(shared)[0], site)
    exported = export(site, most_pages=3)
    # From here on the body says more than the product was told.
    (site / "tides.html").write_text("<p>High water at <em>noon</em> and at midnight.</p>")

    outcome = check(exported)

    found = {(x.page.title, x.loss.step, x.loss.what, x.sheet) for x in outcome.findings}
    assert found == {("tides", "printing", word, 4) for word in ("and", "at", "midnight")}
    assert not outcome.is_good
