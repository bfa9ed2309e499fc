from __future__ import annotations

import pytest

from tests.cli.driving import Terminal, start


def close(county: Terminal, task_force: str) -> None:
    county.ok("force", "close", task_force, "--outcome", "平安", "--withdraw-open")


def test_closed_ones_are_listed_after_the_open_ones_and_on_demand(county: Terminal) -> None:
    first, second, third = start(county), start(county), start(county)
    close(county, third)
    close(county, first)
    assert [line["task_force"] for line in county.json("force", "list")] == [second]
    everything = [line["task_force"] for line in county.json("force", "list", "--all")]
    assert everything[0] == second
    assert set(everything[1:]) == {first, third}
    shown = county.ok("force", "list")
    assert "Closed task forces: 2; see them with handheld force list --all." in shown


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "已办结的有 1 个：用 handheld force list --all"), ("en", "Closed ones: 1; see them")],
)
def test_where_all_are_closed_the_list_says_how_to_see_them(
    county: Terminal, language: str, words: str
) -> None:
    task_force = start(county)
    close(county, task_force)
    shown = county.ok("force", "list", language=language)
    assert words in shown
    assert task_force not in shown
    assert task_force in county.ok("force", "list", "--all", language=language)


def test_a_board_without_open_tasks_points_to_the_closed_task_forces(county: Terminal) -> None:
    assert "force list --all" not in county.ok("board")
    close(county, start(county, "--drill"))
    assert "force list --all" not in county.ok("board")
    assert "force list --all" in county.ok("board", "--drills")
    close(county, start(county))
    shown = county.ok("board")
    assert "Closed task forces: 1." in shown
    assert "handheld board --task-force TASK_FORCE" in shown


def test_a_task_force_that_somebody_started_is_shown_with_their_name(county: Terminal) -> None:
    officer = county.json("people", "list", "--role", "duty_officer")[0]
    task_force = start(county, "--as", officer["person"])
    shown = county.ok("force", "show", task_force)
    assert officer["name"] in shown
    assert "Accept by" in shown


def test_an_entry_is_struck_by_the_id_that_the_timeline_shows(county: Terminal) -> None:
    task_force = start(county)
    county.ok("force", "entry", task_force, "--text", "记错的")
    shown = county.ok("timeline", task_force, "--limit", "0")
    entry = next(word for word in shown.split() if word.startswith("entry-"))
    county.ok("force", "strike", task_force, entry, "--reason", "记错了")


def test_a_correction_cannot_say_that_something_is_still_to_happen(county: Terminal) -> None:
    task_force = start(county)
    words = ("force", "correct", task_force, "--version", "1", "--reason", "x", "--time")
    refused = county.run(*words, "2031-01-01")
    assert refused.code == 2
    assert "2031-01-01" in refused.err
    county.ok(*words, "14:30")
    assert "2021-07-23 14:30:00" in county.ok("timeline", task_force)


def test_a_time_of_day_is_of_the_day_of_the_log(county: Terminal) -> None:
    start(county)
    assert county.json("board", "--at", "14:59")["count"]["waiting"] == 0
    assert county.json("board", "--at", "15：00")["count"]["waiting"] == 12
    assert county.run("board", "--at", "16:05").code == 2
