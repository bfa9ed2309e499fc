from __future__ import annotations

import re
import subprocess
import sys

import pytest

from handheld.texts.lookup import load
from tests.cli.driving import Terminal

LATIN = re.compile(r"[A-Za-z]{2,}")
HAN = re.compile(r"[\u4e00-\u9fff]")

METAVARS = """
import re
from typer.main import get_command
from handheld.entrypoints.cli.app import app

def walk(command):
    for param in command.params:
        if not getattr(param, "is_flag", False):
            print(*re.findall(r"[A-Z]+(?:_[A-Z]+)*", str(param.metavar or param.name.upper())))
    for child in getattr(command, "commands", {}).values():
        walk(child)

walk(get_command(app))
"""


def test_every_placeholder_of_the_help_has_a_word_in_chinese() -> None:
    done = subprocess.run(
        [sys.executable, "-c", METAVARS], capture_output=True, text=True, check=True
    )
    used = set(done.stdout.split())
    assert len(used) > 40
    words = load("zh")
    assert {name for name in used if f"cli.metavar.{name}" not in words} == set()
    assert {
        key: text
        for key, text in words.items()
        if key.startswith("cli.metavar.") and not HAN.search(text)
    } == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["task", "accept"], "还缺：任务。"),
        (["order", "issue"], "还缺：专班。"),
        (["task", "show", "a", "b"], "多写了 b。"),
        (["task", "accept", "a", "--as"], "--as 后面缺少内容。"),
        (["board", "--json=3"], "--json 后面不写内容。"),
        (["register", "people", "--limit", "x"], "--limit 的值不是整数。"),
        (["task", "accept", "a", "--reson", "x"], "没有选项 --reson。"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_misused_line_is_explained_without_a_word_of_english(
    terminal: Terminal, words: list[str], said: str
) -> None:
    ran = terminal.run(*words, language="zh")
    wrong, todo = ran.err.strip().splitlines()
    assert (ran.code, wrong) == (2, said)
    own = re.sub(r"--[a-z=0-9-]+|handheld( [a-z]+)*", "", todo)
    assert not LATIN.search(own)


def test_the_command_that_was_misused_is_named(terminal: Terminal) -> None:
    assert "handheld task accept --help" in terminal.run("task", "accept", "a", "--as").err


def test_a_mistyped_command_is_answered_with_the_nearest(terminal: Terminal) -> None:
    assert "Perhaps accept." in terminal.run("task", "acept").err
    assert "Perhaps" not in terminal.run("task", "zzzz").err


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_the_language_may_be_given_anywhere(county: Terminal, place: int) -> None:
    words = ["task", "show", "nope"]
    words[place:place] = ["--lang", "zh"]
    assert HAN.search(county.process(*words, HANDHELD_LANG="en").err)
    words[place + 1] = "en"
    assert not HAN.search(county.process(*words, HANDHELD_LANG="zh").err)


@pytest.mark.parametrize("words", [["task", "show", "x", "--lang", "fr"], ["board", "--lang=fr"]])
def test_a_language_that_is_none_is_refused_wherever_it_stands(
    county: Terminal, words: list[str]
) -> None:
    ran = county.process(*words)
    assert ran.code == 2
    assert "fr" in ran.err
