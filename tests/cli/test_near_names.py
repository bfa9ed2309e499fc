from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.driving import Terminal, small_county

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(scope="module")
def near_county(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A county in which two villages have the same name."""
    folder = tmp_path_factory.mktemp("near")
    terminal = Terminal(folder / "data")
    small_county(terminal, folder)
    more = folder / "more.csv"
    more.write_text(
        "code,name\n999901001202,希塘村村民委员会\n999901101203,希塘村村民委员会\n", "utf-8"
    )
    terminal.ok("divisions", "import", more)
    return terminal


@LANGUAGES
@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["board", "希塘"], ["999901001202", "999901101203"]),
        (["board", "希塘村村民委员会"], ["999901001202", "999901101203"]),
        (["board", "乙村村委会"], ["999901001201"]),
        (["board", "99990110120"], ["999901101201", "999901101202", "999901101203"]),
        (["plan", "show", "flod"], ["flood"]),
        (["plan", "show", "防汛"], ["flood"]),
        (["people", "show", "s0000001"], ["S0000001"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_what_was_perhaps_meant_is_named(
    near_county: Terminal, language: str, words: list[str], near: list[str]
) -> None:
    ran = near_county.run(*words, language=language)
    wrong, todo = ran.err.strip().splitlines()
    assert ran.code == 1
    assert not any(key in wrong for key in near)
    assert [key for key in near if key in todo] == near
    machine = near_county.run(*words, "--json", language=language).json["error"]
    assert set(near) <= set(machine["params"]["near"])


def test_namesakes_are_told_apart_by_where_they_are(near_county: Terminal) -> None:
    told = near_county.run("board", "希塘村村民委员会", language="zh").err
    assert "999901001202（虚拟县·一街道·希塘村村民委员会）" in told
    assert "999901101203（虚拟县·二镇·希塘村村民委员会）" in told


def test_people_are_found_by_a_name_that_only_the_keyring_opens(near_county: Terminal) -> None:
    person = near_county.json("people", "list", "--role", "grid_head", "--limit", "1")[0]
    name = re.sub(r"\(.*", "", person["name"])
    told = near_county.run("people", "show", name).err
    assert person["person"].removeprefix("person-") in told
    assert name.encode() not in (near_county.data / "log.db").read_bytes()


def test_nothing_is_suggested_where_nothing_is_near(near_county: Terminal) -> None:
    assert "Perhaps" not in near_county.run("board", "zzzz").err
    assert "Perhaps" not in near_county.run("plan", "show", "earthquake-drill").err


@LANGUAGES
def test_a_row_with_a_near_name_says_which_is_meant(
    near_county: Terminal, tmp_path: Path, language: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("number,name,role,division\nQ1,甲,grid_head,丁村\n", "utf-8")
    ran = near_county.run("people", "import", file, "--json", language=language)
    row = ran.json["error"]["rows"][0]
    assert row["params"]["near"] == ["999901101202"]
    assert "999901101202" in row["todo"]
    shown = near_county.run("people", "import", file, language=language).err
    assert "999901101202" in shown
