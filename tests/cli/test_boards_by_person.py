from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.driving import Terminal, first_task, start

DEPARTMENTS = "key,name,division\nfire,消防大队,999901\n"
PEOPLE = """number,name,role,division,department
F1,甲某,enforcement_officer,999901001,fire
F2,乙某,enforcement_officer,999901101,fire
F3,丙某,department_officer,999901,fire
"""


@pytest.fixture
def staffed(county: Terminal, tmp_path: Path) -> Terminal:
    """The county with a department, two of whose people are stationed in townships."""
    for name, table in (("department", DEPARTMENTS), ("people", PEOPLE)):
        file = tmp_path / f"{name}.csv"
        file.write_text(table, "utf-8")
        county.ok(name, "import", file)
    return county


def ordered(terminal: Terminal) -> str:
    task_force = start(terminal)
    terminal.ok(
        "order", "issue", task_force, "--text", "盯守", "--to", "fire/enforcement_officer@township"
    )
    return task_force


def test_a_department_sees_each_of_its_people_wherever_they_serve(staffed: Terminal) -> None:
    ordered(staffed)
    tasks = staffed.json("waiting", "--department", "fire")["rows"]
    first = next(task for task in tasks if task["person"] == "person-F1")
    staffed.ok("task", "accept", first["task"], "--as", "F1")
    board = staffed.json("board", "--department", "fire")
    people = {line["person"]: line for line in board["people"]}
    assert {p: line["divisions"] for p, line in people.items()} == {
        "person-F1": ["999901001"],
        "person-F2": ["999901101"],
    }
    assert people["person-F1"]["count"]["in_progress"] == 1
    assert people["person-F2"]["count"]["waiting"] == 1
    for state in ("waiting", "in_progress", "closed", "overdue"):
        summed = sum(line["count"][state] for line in people.values())
        assert summed == board["count"][state]
    shown = staffed.ok("board", "--department", "fire", "--lang", "zh")
    assert re.search("甲某 F1", shown)
    assert "一街道" in shown
    assert "另有 1 人没有任务。" in shown


def test_the_board_of_a_grid_agrees_with_the_list_of_open_tasks(county: Terminal) -> None:
    task_force = start(county)
    task, person = first_task(county, task_force, "household_contact")
    county.ok("task", "accept", task, "--as", person)
    for number in ("10", "9", "2-1"):
        county.ok("task", "visit", task, "--household", number, "--done", "看过", "--as", person)
    grid = county.json("task", "show", task)["division"]
    board = county.json("board", grid)
    for at in (["--at", "15:00:00"], ["--at", "999999"], []):
        board = county.json("board", grid, *at)
        waiting = county.json("waiting", "--division", grid, *at)
        listed = [row["task"] for row in waiting["rows"]]
        assert [one["task"] for one in board["grid"]["tasks"]] == listed
        count = board["count"]
        assert count["waiting"] + count["in_progress"] + count["to_verify"] == len(listed)
    households = [one["household"] for one in board["grid"]["households"] if one["visited"]]
    assert households == ["2-1", "9", "10"]


def test_erasing_somebody_names_the_tasks_that_are_left_open(county: Terminal) -> None:
    task_force = start(county)
    task, person = first_task(county, task_force, "household_contact")
    told = county.ok("people", "erase", person, "--reason", "调离")
    assert task in told
    assert f"handheld task reassign {task}" in told
    other = county.json("people", "list", "--role", "village_official", "--limit", "1")
    heir = other[0]["person"]
    county.ok("task", "reassign", task, "--to", heir.removeprefix("person-"), "--reason", "接手")
    assert task not in county.ok("people", "erase", person, "--reason", "调离")


def test_the_same_plan_is_started_again_only_where_that_is_said(county: Terminal) -> None:
    first = start(county)
    words = ("start", "--plan", "flood", "--division", "999901", "--yes")
    preview = county.json(*words[:-1], "--preview")
    assert preview["running"] == [first]
    assert f"同一预案的专班 {first}" in county.ok(*words[:-1], "--preview", "--lang", "zh")
    refused = county.run(*words)
    assert refused.code != 0
    assert first in refused.err
    assert "--again" in refused.err
    assert county.ok(*words, "--again")
    assert len(county.json("force", "list")) == 2


def test_a_call_with_news_of_a_warning_goes_on_as_that_one(county: Terminal) -> None:
    words = ("warning", "tell", "--event", "暴雨", "--division", "999901", "--by", "气象局")
    county.ok(*words, "--level", "yellow")
    before = county.json("warning", "list")
    rows = before if isinstance(before, list) else before["rows"]
    county.ok(*words, "--level", "red", "--updates", rows[0]["warning"])
    after = county.json("warning", "list")
    found = after if isinstance(after, list) else after["rows"]
    assert [(line["warning"], line["level"]) for line in found] == [(rows[0]["warning"], "red")]
