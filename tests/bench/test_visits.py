"""Engines that end before their time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.figures import PICTURES, WEASYPRINT, Subject
from bench.manuscript import Manuscript
from bench.visits import EngineFailed, visit


def test_an_engine_that_ends_without_a_pdf_is_told_and_leaves_nothing_open(tmp_path: Path):
    empty = Manuscript(tmp_path / "nothing")

    with pytest.raises(EngineFailed, match="weasyprint"):
        visit(WEASYPRINT, Subject(PICTURES, 1), empty, tmp_path / "out.pdf", 1)
