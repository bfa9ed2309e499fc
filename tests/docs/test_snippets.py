"""The code in the documentation runs, and the first session of the README prints what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from handheld.bootstrap import found_home
from tests.docs.pages import ROOT, blocks, pages, section

WALKED = ROOT / "docs/how-to/add-an-event.md"
"""Its code needs the event that it adds: tests/docs/test_add_an_event.py runs it."""

SNIPPETS = [
    pytest.param(block.body, id=f"{page.relative_to(ROOT)}-{number}")
    for page in pages()
    if page != WALKED
    for number, block in enumerate(blocks(page.read_text(), "python"), 1)
]

SESSIONS = {"README.md": "A first session", "README.zh-CN.md": "第一次上手"}
TYPED = (
    "how-to/a-warning-comes-in",
    "how-to/write-a-plan",
    "how-to/from-a-finding-to-a-task",
    "api",
)
ENDING = "trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n"
"""A server that a page has started does not outlive a page that fails."""


@pytest.mark.parametrize("code", SNIPPETS)
def test_python_in_the_documentation_runs(code: str, tmp_path: Path) -> None:
    found_home(tmp_path / "data")
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(("readme", "heading"), SESSIONS.items())
def test_the_first_session_works_and_prints_what_the_page_shows(
    readme: str, heading: str, tmp_path: Path
) -> None:
    check_session(section(ROOT / readme, heading), tmp_path)


@pytest.mark.parametrize("name", TYPED)
def test_what_a_page_types_works_and_prints_what_the_page_shows(name: str, tmp_path: Path) -> None:
    text = (ROOT / f"docs/{name}.md").read_text()
    if "curl " in text and which("curl") is None and "CI" not in os.environ:
        pytest.skip("needs curl")
    check_session(text, tmp_path)


def check_session(text: str, directory: Path) -> None:
    """What the page types is typed into a new directory; each line that it shows is printed."""
    script = "\n".join(block.body for block in blocks(text, "sh"))
    (directory / ".venv").symlink_to(sys.prefix)
    (directory / "src").symlink_to(ROOT / "src")
    kept_out = ("HANDHELD_", "LC_", "LANG", "COLUMNS")
    env = {name: value for name, value in os.environ.items() if not name.startswith(kept_out)}
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", ENDING + script],
        cwd=directory,
        env={**env, "LC_ALL": "C.UTF-8", "COLUMNS": "100", "HANDHELD_PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    printed = {_words(line) for line in result.stdout.splitlines()}
    shown = [line for block in blocks(text, "text") for line in block.body.splitlines()]
    assert shown
    assert [line for line in shown if _words(line) not in printed] == [], result.stdout


def test_both_readmes_type_the_same_session() -> None:
    typed = [
        [
            line
            for block in blocks(section(ROOT / readme, heading), "sh")
            for line in block.body.splitlines()
            if "HANDHELD_LANG" not in line
        ]
        for readme, heading in SESSIONS.items()
    ]
    assert _without_chinese(typed[0]) == _without_chinese(typed[1])


def _words(line: str) -> str:
    return " ".join(line.split())


def _without_chinese(lines: list[str]) -> list[str]:
    """Quoted words are in the reader's language; all else is the same."""
    return [re.sub(r'"[^"$]*"', '""', line) for line in lines]
