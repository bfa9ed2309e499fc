from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.driving import Terminal, start
from tests.support_terminal import COUNTY, TOWNSHIP, VILLAGE, adopt_triggered


def test_pages_follow_each_other_by_the_command_that_is_printed(county: Terminal) -> None:
    start(county)
    everything = county.json("register", "tasks", "--limit", "500")
    assert everything["count"] == 12
    seen: list[str] = []
    words = ["register", "tasks", "--division", COUNTY, "--limit", "5"]
    for _ in range(3):
        seen += [row["task"] for row in county.json(*words)["rows"]]
        shown = county.ok(*words)
        assert "Tasks: 12" in shown
        if "Next page:" not in shown:
            break
        printed = shlex.split(shown.splitlines()[-1])
        assert printed[:3] == ["handheld", "--data", str(county.data)]
        words = printed[3:]
    assert seen == [row["task"] for row in everything["rows"]]


def test_task_forces_are_found_by_chinese_by_initials_and_by_filters(county: Terminal) -> None:
    real = start(county)
    drill = start(county, "--drill")
    for words in ("防汛", "fx", "防 演练", "FX"):
        rows = county.json("register", "forces", words)["rows"]
        assert [row["task_force"] for row in rows] == [real], words
    assert county.json("register", "forces", "台风")["rows"] == []
    drills = county.json("register", "forces", "--drills")["rows"]
    assert [row["task_force"] for row in drills] == [drill]
    assert county.json("register", "forces", "--level", "Ⅲ", "--state", "进行中")["count"] == 1
    assert county.json("register", "forces", "--level", "I")["count"] == 0
    assert county.json("register", "forces", "--since", "15:01")["count"] == 0


def test_tasks_are_filtered_by_territory_state_person_and_order(county: Terminal) -> None:
    task_force = start(county)
    (row, *_) = county.json("register", "tasks", "--division", VILLAGE)["rows"]
    assert row["division"].startswith(VILLAGE)
    number = row["person"].removeprefix("person-")
    county.ok("task", "accept", row["task"], "--as", number)
    accepted = county.json("register", "tasks", "--state", "办理中")["rows"]
    assert [found["task"] for found in accepted] == [row["task"]]
    assert county.json("register", "tasks", "--person", number)["count"] == 1
    assert county.json("register", "tasks", "--order", row["order"])["count"] == 6
    assert county.json("register", "tasks", "--task-force", task_force)["count"] == 12
    waiting = county.json("register", "tasks", "--waiting", "--division", TOWNSHIP)["rows"]
    assert all(found["division"].startswith(TOWNSHIP) for found in waiting)
    assert county.json("register", "tasks", "--overdue")["count"] == 0


def test_warnings_are_found_by_level_source_and_a_division_below_theirs(
    county: Terminal, tmp_path: Path
) -> None:
    adopt_triggered(county, tmp_path)
    county.ok(
        "warning", "tell", "--event", "台风", "--level", "orange", "--by", "气象台",
        "--division", COUNTY, "--headline", "台风橙色预警",
    )  # fmt: skip
    found = county.json("register", "warnings", "tf", "--level", "橙", "--division", VILLAGE)
    assert [row["headline"] for row in found["rows"]] == ["台风橙色预警"]
    assert county.json("register", "warnings", "--source", "cap")["count"] == 0
    assert county.json("register", "warnings", "--source", "电话", "--state", "生效")["count"] == 1


def test_people_are_found_by_name_until_they_are_erased(county: Terminal) -> None:
    (first, *_) = county.json("register", "people", "演练网格长")["rows"]
    number = first["person"].removeprefix("person-")
    assert county.json("register", "people", "ylwgz", "--limit", "1")["count"] == 6
    county.ok("people", "erase", number, "--reason", "本人要求")
    assert county.json("register", "people", first["name"])["count"] == 0
    assert "Nothing matches." in county.ok("register", "people", first["phone"])


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ("不是这次查询的", "一页不能是 0 行", "没有 foo 这一项", "要找的词太多")),
        ("en", ("not of this query", "cannot have 0 rows", "There is no foo", "too many words")),
    ],
)
def test_every_failure_says_what_to_do(
    county: Terminal, language: str, expected: tuple[str, ...]
) -> None:
    runs = [
        ("--cursor", "abc"),
        ("--limit", "0"),
        ("--state", "foo"),
        tuple("一二三四五六七八九"),
    ]
    for words, run in zip(expected, runs, strict=True):
        ran = county.run("register", "tasks", *run, language=language)
        assert ran.code != 0, run
        assert words in ran.err, (words, ran.err)
        assert ("怎么办：" if language == "zh" else "What to do: ") in ran.err
