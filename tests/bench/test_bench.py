"""`make bench`, on few pages: all engines run, and the figures are written down."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.bench import Plan, main
from bench.engines import ENGINES
from bench.figures import CORPUS, PICTURES, PLAIN, PREVIEW, WEASYPRINT, XPRESS, Subject


def rows_of(told: dict[str, Any]) -> dict[tuple[str, int, str], dict[str, Any]]:
    return {(row["kind"], row["pages"], row["engine"]): row for row in told["rows"]}


def test_a_quick_run_measures_every_engine_and_writes_its_figures(tmp_path: Path):
    out = tmp_path / "bench.json"
    command = [sys.executable, "-m", "bench.bench", "--quick", "--pages", "3"]

    # A process of its own: the servers of other tests are not to be measured.
    run = subprocess.run(
        [*command, "--trees", "small,three sheets,pictures", "--out", str(out)],
        capture_output=True,
        text=True,
    )

    told = json.loads(out.read_text())
    rows = rows_of(told)
    assert run.returncode == 0
    assert not told["skipped"]
    for engine in ENGINES.keys() - {PREVIEW}:
        assert rows["pictures", 3, engine]["sheets"] >= 9
        assert rows["pictures", 3, engine]["seconds"]["median"] > 0
        assert rows["pictures", 3, engine]["cpu_seconds"]["median"] > 0
        assert rows["pictures", 3, engine]["peak_bytes"]["median"] > 50_000_000
    for latency in ("http at 0 ms", "http at 50 ms"):
        assert rows["small", 1, latency]["first_frame_seconds"]["median"] > 0
    verdicts = {ratio["what"].split(",")[0]: ratio["verdict"] for ratio in told["ratios"]}
    assert rows["three sheets", 1, PREVIEW]["sheets"] == 3
    assert len(told["ratios"]) == 11
    assert verdicts["same sheets as one document (words and pictures of each)"] == "aim reached"
    assert verdicts["time(500) / time(100)"] == "not measured"
    assert verdicts["one small page end to end against WeasyPrint's own time"] != "not measured"
    assert verdicts["preview of three sheets against WeasyPrint's own time"] != "not measured"
    assert "weasyprint" in run.stdout
    assert "aim reached" in run.stdout


def test_without_a_corpus_its_trees_are_said_to_be_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("XPRESS_SHARED", str(tmp_path))
    out = tmp_path / "bench.json"

    assert main(["--pages", "2", "--trees", "corpus", "--out", str(out)]) == 0

    assert "corpus" in json.loads(out.read_text())["skipped"]
    assert "Skipped: corpus. There is no corpus" in capsys.readouterr().out


def test_an_engine_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--only", "quill"])

    assert "quill" in capsys.readouterr().err


def test_what_ratios_are_made_of_is_measured_several_times_where_it_is_done_soon():
    plan = Plan()

    assert plan.rounds_of(Subject(PICTURES, 100), WEASYPRINT) == 3
    assert plan.rounds_of(Subject(PICTURES, 500), XPRESS) == 1
    assert Plan(rounds=7).rounds_of(Subject(PICTURES, 500), XPRESS) == 7


def test_a_full_run_has_trees_of_all_sizes_of_our_own_making_and_of_real_pages():
    subjects = set(Plan().subjects)

    for pages in (1, 20, 100, 500):
        assert {Subject(PICTURES, pages), Subject(CORPUS, pages)} <= subjects
    assert Subject(PLAIN, 100) in subjects
