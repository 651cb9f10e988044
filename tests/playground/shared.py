"""Where reference data lies that is no part of the project."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def shared(name: str) -> Path:
    """Give a file of it, or skip the test with the reason."""
    path = PROJECT / os.environ.get("XPRESS_SHARED", "../shared") / name
    if not path.exists():
        pytest.skip(f"{name} is not here; XPRESS_SHARED names the folder that has it.")
    return path
