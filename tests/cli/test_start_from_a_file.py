from __future__ import annotations

import json
from pathlib import Path

import pytest

from handheld.texts import LANGUAGES, Texts
from tests.cli.driving import Terminal


def written(folder: Path, **changed: object) -> Path:
    file = folder / "start.json"
    order = {"text": "到场核实", "to": [{"role": "grid_head"}], "people": ["S0000001"]}
    start = {"title": "拆违", "division": "丙村", "place": "丙村", "orders": [order], **changed}
    # As Windows editors save it.
    file.write_text(json.dumps(start, ensure_ascii=False), "utf-8-sig")
    return file


def test_a_file_is_previewed_and_started_like_any_other(county: Terminal, tmp_path: Path) -> None:
    file = written(tmp_path)
    preview = county.json("start", "--file", file, "--preview")
    assert (preview["title"], preview["division"]) == ("拆违", "999901101201")
    assert county.run("start", "--file", file).code == 2  # nobody to confirm it
    assert county.json("force", "list") == []
    begun = county.json("start", "--file", file, "--yes", "--drill")
    assert begun["tasks"] == preview["tasks"] > 1
    shown = county.json("force", "show", begun["task_force"])
    assert (shown["place"], shown["drill"]) == ("丙村", True)
    assert county.json("inbox", "S0000001")[0]["order"] == "到场核实"


@pytest.mark.parametrize(
    "more",
    [
        ["--title", "t"],
        ["--division", "999901"],
        ["--to", "grid_head"],
        ["--level", "I"],
        ["--plan", "flood"],
        ["--order", "o"],
        ["--sample", "illegal-building"],
    ],
)
def test_what_a_file_says_is_not_said_by_options_too(
    county: Terminal, tmp_path: Path, more: list[str]
) -> None:
    ran = county.run("start", "--file", written(tmp_path), "--yes", *more)
    assert (ran.code, ran.out) == (2, "")
    assert county.json("force", "list") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"titel": "x"}, "titel"),
        ({"orders": "x"}, "orders"),
        ({"division": "无名村"}, "无名村"),
        ({"orders": [{"text": "x", "people": ["ghost"]}]}, "ghost"),
    ],
)
def test_a_file_that_is_wrong_is_explained(
    county: Terminal, tmp_path: Path, language: str, changed: dict[str, object], words: str
) -> None:
    ran = county.run("start", "--file", written(tmp_path, **changed), "--yes", language=language)
    assert (ran.code, ran.out) == (1, "")
    assert words in ran.err
    assert county.json("force", "list") == []


def test_a_file_that_is_not_there_is_named(county: Terminal) -> None:
    ran = county.run("start", "--file", "nowhere.json", language="zh")
    assert "没有文件 nowhere.json" in ran.err


def test_the_sample_start_works_in_the_sample_divisions(terminal: Terminal) -> None:
    terminal.ok("init")
    terminal.ok("divisions", "sample", "qujiang")
    terminal.ok("people", "generate", "--contacts", "10", "--grids", "295")
    begun = terminal.json("start", "--sample", "illegal-building", "--yes")
    assert begun["tasks"] > 10
    assert len(begun["orders"]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_that_the_help_shows_is_one(terminal: Terminal, language: str) -> None:
    help_ = Texts("zh" if language == "zh" else "en").say
    file = terminal.data.parent / "shown.json"
    terminal.ok("init")
    terminal.ok("divisions", "sample", "longyou")
    file.write_text(_example(help_("cli.help.plan.adopt")), "utf-8")
    assert terminal.json("plan", "adopt", file)["outcome"] == "accepted"
    terminal.ok("divisions", "sample", "qujiang")
    terminal.ok("people", "generate", "--contacts", "0")
    file.write_text(_example(help_("cli.help.start.command")), "utf-8")
    assert terminal.json("start", "--file", file, "--preview")["people"] == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_that_the_help_shows_can_be_imported(terminal: Terminal, language: str) -> None:
    help_ = Texts("zh" if language == "zh" else "en").say
    file = terminal.data.parent / "shown.csv"
    terminal.ok("init")
    terminal.ok("divisions", "sample", "qujiang")
    file.write_text(_example(help_("cli.help.divisions.import")), "gb18030")
    assert terminal.json("divisions", "import", file)["new"] == 1
    file.write_text(_example(help_("cli.help.people.import")), "gb18030")
    assert terminal.json("people", "import", file)["new"] == 1


def _example(help_: str) -> str:
    return help_.split("```")[1].partition("\n")[2]


@pytest.mark.parametrize("to", ["网格长", "网格长@网格", "grid head@grid", "grid_head@网格"])
def test_roles_and_divisions_are_named_in_words(county: Terminal, to: str) -> None:
    words = ("--title", "t", "--order", "o", "--preview")
    by_code = county.json("start", "--division", "999901", "--to", "grid_head", *words)
    by_name = county.json("start", "--division", "虚拟县", "--to", to, *words)
    assert by_name == by_code
    assert county.json("people", "list", "--role", "网格长")


def test_a_name_of_several_divisions_is_not_guessed_at(county: Terminal) -> None:
    ran = county.run("board", "第一网格")
    assert ran.code == 1
    assert "999901001201001" in ran.err
