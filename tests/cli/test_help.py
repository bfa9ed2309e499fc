from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from rich.cells import cell_len

from handheld.texts import LANGUAGES
from handheld.texts.lookup import load

SHOW = """
import sys
from typer.main import get_command
from typer.testing import CliRunner
from handheld.entrypoints.cli.app import app

def walk(command, path):
    print(CliRunner().invoke(app, [*path, "--help"]).output)
    for name, child in getattr(command, "commands", {}).items():
        walk(child, [*path, name])

walk(get_command(app), [])
"""


@pytest.fixture(scope="module", params=LANGUAGES)
def helped(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The help of every command in a language."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        env={**os.environ, "HANDHELD_LANG": request.param, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    )
    return request.param, done.stdout


def test_help_fits_into_80_columns_and_loses_no_word(helped: tuple[str, str]) -> None:
    language, shown = helped
    assert max(cell_len(line) for line in shown.splitlines()) <= 80
    together = re.sub(r"\s", "", shown)
    lost = []
    for key, text in load("zh" if language == "zh" else "en").items():
        if key.startswith("cli.help."):
            parts = (re.sub(r"\s", "", part) for part in text.format().split("```"))
            lost += [(key, part) for part in parts if part.removeprefix("json") not in together]
    assert not [(key, part) for key, part in lost if part.removeprefix("text") not in together]


def test_help_is_in_one_language_and_in_ours(helped: tuple[str, str]) -> None:
    language, shown = helped
    assert not re.search(r"<(bool|str|path|int)>|\[x>=0\]", shown)
    theirs = {"zh": r"Usage|Options|Show this|\[default|\[required", "en": r"用法|选项|默认|必填"}
    assert not re.search(theirs[language], shown)
