"""What the terminal says, where it once said something else."""

from __future__ import annotations

import pytest

from handheld.entrypoints.cli.render import share
from handheld.texts import Texts
from tests.cli.driving import Terminal
from tests.support_terminal import COUNTY


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(2, 3, "66.7%"), (9999, 10000, "99.9%"), (3, 3, "100.0%"), (1, 9999, "<0.1%"), (0, 3, "0.0%")],
)
def test_a_rate_is_rounded_and_is_whole_only_where_nothing_is_missing(
    part: int, whole: int, said: str
) -> None:
    assert share(part, whole) == said


def test_a_fault_of_a_file_is_told_in_the_language_of_the_reader() -> None:
    told = "Object missing required field `text` - at `$.orders[0]`"
    error = Texts("zh").error("plan.file", {"path": "p.json", "reason": told})
    assert "$.orders[0] 缺少 text" in error.wrong
    assert "Object" not in error.wrong


def test_a_night_shift_ends_the_next_day_and_ids_and_states_are_taken_as_people_say_them(
    county: Terminal,
) -> None:
    found = county.json("people", "list", "--role", "duty_officer", "--division", COUNTY)
    who = found[0]["person"].removeprefix("person-")
    shift = f"{who},19:00,08:00"
    county.ok("duty", "set", "--division", COUNTY, "--role", "duty_officer", "--shift", shift)
    (post,) = county.json("duty", "show", COUNTY)
    (held,) = post["shifts"]
    assert held["begins"] < held["ends"]
    assert county.json("register", "tasks", "--state", "办结")["rows"] == []
    wrong = county.run("task", "show", "tf-0123")
    assert "another kind" in wrong.err
    score = county.run("task", "evaluate", "task-1", "--score", "6")
    assert "from 1 to 5" in score.err
    rate = county.run("force", "rate", "tf-1")
    assert "--satisfied/--dissatisfied" in rate.err
