"""docs/how-to/add-an-event.md, walked: its changes are made to a copy of the source, in order."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, apply, blocks

PAGE = ROOT / "docs/how-to/add-an-event.md"
CHECKED = (
    "events/handheld_events",
    "projections/handheld_projections",
    "src/handheld/domain",
    "src/handheld/application",
    "src/handheld/adapters",
    "src/handheld/bootstrap/home.py",
)
"""All that an event touches, and what it must not need to touch. The faces come after it."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    no_caches = shutil.ignore_patterns("__pycache__")
    for room in ("events", "projections", "src", "typings"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=no_caches)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    rooms = os.pathsep.join(str(tree / room) for room in ("src", "events", "projections"))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": rooms, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def complaints(tree: Path) -> list[str]:
    """What mypy says of the copy: the file and the function of each incomplete match."""
    result = run(tree, "-m", "mypy", "--no-error-summary", *CHECKED)
    found: list[str] = []
    for line in result.stdout.splitlines():
        match = re.match(r"(?P<file>[^:]+):(?P<line>\d+): error: (?P<text>.*)", line)
        if match is not None:
            lines = (tree / match["file"]).read_text().splitlines()[: int(match["line"])]
            function = next(m[1] for at in reversed(lines) if (m := re.match(r" *def (\w+)", at)))
            place = f"`{match['file']}`, `{function}`"
            assert re.search(r"\[(exhaustive-match|return)\]$", match["text"]), line
            if place not in found:
                found.append(place)
    assert (result.returncode == 0) == (not found), result.stdout + result.stderr
    return found


def test_the_type_checker_names_the_places_then_is_content_and_the_event_works(
    tree: Path,
) -> None:
    first, *rest = [block.body for block in blocks(PAGE.read_text(), "diff")]
    assert complaints(tree) == []

    touched = apply(tree, first)
    named = re.findall(r"^\| (`\S+`, `\S+`) \|", PAGE.read_text(), re.M)
    assert sorted(complaints(tree)) == named

    for block in rest:
        touched += apply(tree, block)
    assert complaints(tree) == []

    result = run(tree, "-m", "ruff", "format", "--check", "--no-cache", *touched)
    assert result.returncode == 0, result.stdout

    assert 4 <= len(set(touched)) <= 6
    assert not [file for file in touched if "/adapters/" in file]
    assert not {"src/handheld/bootstrap/home.py", "src/handheld/application/writer.py"} & set(
        touched
    )

    script, upcasting = (block.body for block in blocks(PAGE.read_text(), "python"))
    (printed,) = (block.body for block in blocks(PAGE.read_text(), "text"))
    result = run(tree, "-c", script)
    assert result.stdout == printed, result.stderr
    result = run(tree, "-W", "error", "-c", upcasting)
    assert result.returncode == 0, result.stderr
