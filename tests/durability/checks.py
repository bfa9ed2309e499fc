"""What must hold of a log of starts after any accident."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

from handheld.bootstrap import Home
from handheld_events.ids import task_force_id
from tests.support_log import COUNTY, assert_whole, new_command, start_request


def assert_starts_are_whole(directory: Path, people: int, acknowledged: Collection[int]) -> int:
    """Every start whole or absent, the acknowledged there; sent again they take effect once.

    Gives the number of starts found before any was sent again.
    """
    with Home(directory) as home:
        assert_whole(home.log)
        found = starts(home, people)
        lost = {n for n in acknowledged if task_force_id(new_command(n)) not in found}
        assert not lost, f"acknowledged and lost: {sorted(lost)}"
        following = max(acknowledged, default=-1) + 1
        sent = range(max(0, following - 3), following + 1)  # the one under way included
        for n in sent:
            was_there = task_force_id(new_command(n)) in found
            receipt = home.writer.execute(start_request(new_command(n)))
            assert (receipt.outcome, receipt.repeated) == ("accepted", was_there)
            again = home.writer.execute(start_request(new_command(n)))
            assert (again.first, again.last, again.repeated) == (receipt.first, receipt.last, True)
        assert len(starts(home, people)) == len(
            found | {task_force_id(new_command(n)) for n in sent}
        )
        home.caught_up()
        count = home.boards.tier_board(COUNTY).count
        assert count.waiting == people * len(starts(home, people))
        return len(found)


def starts(home: Home, people: int) -> set[str]:
    """The task forces in the log, each with all its tasks and its whole outcome."""
    tasks: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    for row in home.log.read_kinds(0, ["task", "tf"]):
        if row[3] == "task.dispatched.v1":
            text = row[4]
            at = text.index(b'"task_force":"') + 14
            tasks[text[at : text.index(b'"', at)].decode()] += 1
        elif row[1].startswith("tf-"):
            opened[row[1]] += 1
    assert tasks.keys() == opened.keys()
    assert set(tasks.values()) <= {people}, f"half-started: {tasks}"
    assert set(opened.values()) <= {2}  # started, order issued
    return set(opened)
