"""What those see who are pulled into a task force later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handheld.application.membership import seen_by
from handheld.domain.directing import HandOver
from handheld.domain.errors import NotAllowed
from handheld.domain.joining import PullIn
from handheld.domain.ordering import Order
from handheld.domain.task_force import MakeEntry
from tests.support_tasks import DUTY, TOWN, WATER, A, B, C, Township, township


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Township]:
    with township(tmp_path) as town:
        yield town


def seen(town: Township, task_force: str, person: str) -> list[str]:
    town.home.caught_up()
    lines = seen_by(town.home.log, town.home.indexes, task_force, person)
    return [line.note for line in lines]


def test_who_is_pulled_in_sees_all_that_happened_or_only_what_comes(town: Township) -> None:
    task_force, order = town.start(Order(text="清障", people=(A,)))
    town.do(MakeEntry(task_force=task_force, text="路已断"))
    town.do(PullIn(task_force=task_force, person=B))
    town.do(PullIn(task_force=task_force, person=C, order=order, sees="from_now"))
    town.do(MakeEntry(task_force=task_force, text="路已通"))
    everything = seen(town, task_force, A)
    assert everything[0] == "task_force.started.v1"
    assert everything.count("task_force.entry_made.v1") == 2
    assert seen(town, task_force, B) == everything
    assert seen(town, task_force, C) == [
        "task_force.person_pulled_in.v1",
        "task.dispatched.v1",
        "task_force.entry_made.v1",
    ]


def test_who_takes_command_over_sees_all_and_a_stranger_nothing(town: Township) -> None:
    task_force, _ = town.start(Order(text="清障", people=(A,)))
    with pytest.raises(NotAllowed) as refused:
        seen(town, task_force, WATER)
    assert refused.value.code == "task_force.not_a_member"
    town.do(PullIn(task_force=task_force, person=TOWN, sees="from_now"))
    assert "task_force.started.v1" not in seen(town, task_force, TOWN)
    town.do(HandOver(task_force=task_force, to=TOWN), DUTY)
    assert seen(town, task_force, TOWN)[0] == "task_force.started.v1"
