"""The main job without a browser, with a stub in the product's place."""

import doctest
import importlib
import json
import pkgutil
import sys
from pathlib import Path

import pytest

import playground
from playground.__main__ import main
from playground.boot import running
from tests.playground.builders import GUEST

STUB = f"{sys.executable} -m tests.playground.stub_app {{port}}"


def a_sample(site: Path, out: Path, *more: str, command: str = STUB) -> int:
    order = ("sample", "--site", str(site), "--page", "2", "--out", str(out))
    return main([*order, "--app-command", command, *more])


def test_a_sample_writes_the_pdf_and_the_report(
    site_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, report = tmp_path / "a.pdf", tmp_path / "a.json"

    code = a_sample(site_folder, out, "--scope", "tree", "--user", GUEST, "--report", str(report))

    assert code == 0
    assert out.read_bytes() == b"%PDF-1.7"
    assert json.loads(report.read_text()) == {"pages": 1, "notes": []}
    assert capsys.readouterr().out.startswith(f"{out}: 0.0 MB, ")


def test_a_sample_that_fails_says_why_and_leaves_no_file(
    site_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = tmp_path / "options.json"
    options.write_text('{"fail": true}', encoding="utf-8")

    code = a_sample(site_folder, tmp_path / "a.pdf", "--options", str(options))

    assert code == 1
    assert "The printer is broken." in capsys.readouterr().err
    assert not list(tmp_path.glob("a.pdf*"))


def test_an_app_that_does_not_start_is_reported_with_its_last_words(
    site_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = a_sample(site_folder, tmp_path / "a.pdf", command="sh -c 'echo no database; exit 3'")

    assert code == 1
    message = capsys.readouterr().err
    assert "ended with code 3" in message
    assert "no database" in message


def test_a_folder_that_is_no_site_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample", "--site", str(tmp_path), "--page", "2", "--out", "x.pdf"]) == 1
    assert "site.json does not exist" in capsys.readouterr().err


def test_everything_is_stopped_when_the_block_ends(site_folder: Path) -> None:
    with running(site_folder, app_command=STUB.split()) as world:
        log = world.app_log
        assert world.confluence.connect.installed

    assert log is not None
    assert not log.exists()


@pytest.mark.parametrize(
    "name", [module.name for module in pkgutil.iter_modules(playground.__path__)]
)
def test_examples_in_docstrings_hold(name: str) -> None:
    if name == "__main__":
        return
    assert doctest.testmod(importlib.import_module(f"playground.{name}")).failed == 0
