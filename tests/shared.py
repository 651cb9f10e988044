"""Published test data that lies beside the repository. Tests that want it are skipped without."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[1]


def shared(name: str) -> Path:
    """The file or folder of this name below XPRESS_SHARED (`../shared`)."""
    path = _ROOT / os.environ.get("XPRESS_SHARED", "../shared") / name
    if not path.exists():
        pytest.skip(f"{name} is not here: set XPRESS_SHARED to the folder that holds it")
    return path


def shared_json(name: str) -> Any:
    return json.loads(shared(name).read_text())
