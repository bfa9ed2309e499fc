from __future__ import annotations

from typing import get_args

import pytest

from handheld.domain import task, task_force
from handheld.domain.ending import CancelTaskForce, CloseTaskForce, StandDown, decide
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.ordering import Opening
from handheld.domain.task_force import TaskForce
from handheld_events.examples import TASK_FORCE
from handheld_events.task import TaskCancelled, TaskWithdrawn
from handheld_events.task_force import (
    CommandHandedOver,
    PersonPulledIn,
    StoodDown,
    TaskForceCancelled,
    TaskForceClosed,
    TaskForceEvent,
)
from tests.support_rules import COMMANDER, ISSUED, STARTED

STAND_DOWN = StandDown(task_force=TASK_FORCE, reason="台风已过境")
CLOSE = CloseTaskForce(task_force=TASK_FORCE, outcome="全部完成")
CLOSE_ALL = CloseTaskForce(task_force=TASK_FORCE, outcome="提前结束", withdraw_open=True)
DOWN = StoodDown(reason="台风已过境", withdrawn=0)
CLOSED = TaskForceClosed(outcome="全部完成")
TASKS: dict[str, task.Status] = {
    "task-1": "waiting",
    "task-2": "in_progress",
    "task-3": "to_verify",
    "task-4": "waiting",
    "task-5": "closed",
    "task-6": "declined",
    "task-7": "withdrawn",
}


def _state(*events: TaskForceEvent) -> TaskForce:
    state = task_force.evolve(None, STARTED)
    for event in (ISSUED, *events):
        state = task_force.evolve(state, event)
    return state


def _nothing(end: Opening) -> bool:
    return (end.events, end.dispatches, end.deeds) == ([], [], {})


def test_stand_down_withdraws_exactly_what_nobody_had_accepted() -> None:
    end = decide(STAND_DOWN, _state(), TASKS)

    assert end.events == [StoodDown(reason="台风已过境", withdrawn=2)]
    assert end.deeds == dict.fromkeys(("task-1", "task-4"), TaskWithdrawn(reason="台风已过境"))


@pytest.mark.parametrize("status", get_args(task.Status))
def test_stand_down_leaves_alone_what_is_under_way_or_ended(status: task.Status) -> None:
    assert bool(decide(STAND_DOWN, _state(), {"task-1": status}).deeds) == (status == "waiting")


def test_stand_down_with_nothing_open_ends_the_response() -> None:
    end = decide(STAND_DOWN, _state(), {})

    assert end.events == [DOWN]
    assert end.deeds == {}


def test_standing_down_twice_or_after_the_close_is_already_done() -> None:
    for events, code in (
        ((DOWN,), "task_force.stood_down"),
        ((CLOSED,), "task_force.closed"),
        ((DOWN, CLOSED), "task_force.closed"),
    ):
        end = decide(STAND_DOWN, _state(*events), TASKS)
        assert (end.outcome, end.code) == ("already_done", code)
        assert _nothing(end)


@pytest.mark.parametrize("status", ["waiting", "in_progress", "to_verify"])
def test_close_is_refused_while_a_task_is_open(status: task.Status) -> None:
    for state in (_state(), _state(DOWN)):
        end = decide(CLOSE, state, {"task-1": status})
        assert (end.outcome, end.code) == ("refused", "task_force.tasks_open")
        assert _nothing(end)


@pytest.mark.parametrize("status", ["closed", "declined", "withdrawn"])
def test_close_is_possible_when_every_task_has_ended(status: task.Status) -> None:
    for command in (CLOSE, CLOSE_ALL):
        end = decide(command, _state(), {"task-1": status})
        assert end.events == [TaskForceClosed(outcome=command.outcome)]
        assert end.deeds == {}


def test_close_withdraws_all_that_is_open_when_told_to() -> None:
    end = decide(CLOSE_ALL, _state(DOWN), TASKS)

    assert end.events == [TaskForceClosed(outcome="提前结束", withdrawn=4)]
    still_open = ("task-1", "task-2", "task-3", "task-4")
    assert end.deeds == dict.fromkeys(still_open, TaskWithdrawn(reason="提前结束"))


def test_closing_twice_is_already_done() -> None:
    for command in (CLOSE, CLOSE_ALL):
        end = decide(command, _state(CLOSED), TASKS)
        assert (end.outcome, end.code) == ("already_done", "task_force.closed")
        assert _nothing(end)


def test_an_end_needs_words() -> None:
    for command, field in (
        (StandDown(task_force=TASK_FORCE, reason=" "), "reason"),
        (CloseTaskForce(task_force=TASK_FORCE, outcome=""), "outcome"),
    ):
        with pytest.raises(Malformed) as caught:
            decide(command, _state(), {})
        assert (caught.value.code, caught.value.params) == ("words.missing", {"field": field})


@pytest.mark.parametrize("command", [STAND_DOWN, CLOSE, CLOSE_ALL])
def test_what_there_is_not_cannot_end(command: StandDown | CloseTaskForce) -> None:
    with pytest.raises(NotFound) as caught:
        decide(command, None, {})

    assert caught.value.code == "task_force.unknown"


def test_each_withdrawal_is_possible_for_the_task_that_it_ends() -> None:
    for command in (STAND_DOWN, CLOSE_ALL):
        end = decide(command, _state(), TASKS)
        assert end.deeds
        for stream, fact in end.deeds.items():
            assert task.is_open(TASKS[stream])
            known = task.Task(order="o", person="p", steps=("accept",), status=TASKS[stream])
            assert task.evolve(known, fact).status == "withdrawn"


CANCEL = CancelTaskForce(task_force=TASK_FORCE, reason="误发")
CANCELLED = TaskForceCancelled(reason="误发", tasks=7, told=(COMMANDER,))


@pytest.mark.parametrize("before", [(), (DOWN,)])
def test_a_start_by_mistake_is_cancelled_and_everybody_who_had_a_task_is_told(
    before: tuple[TaskForceEvent, ...],
) -> None:
    end = decide(CANCEL, _state(*before), TASKS)

    assert end.events == [CANCELLED]
    assert end.deeds == dict.fromkeys(TASKS, TaskCancelled(reason="误发"))
    assert _state(*before, CANCELLED).status == "cancelled"


def test_who_was_in_it_without_a_task_is_told_of_the_cancellation_but_not_who_cancels_it() -> None:
    before = (
        PersonPulledIn(person="person-LOOKING", division="330825"),
        PersonPulledIn(person="person-BUSY", division="330825", order="order-1"),
        CommandHandedOver(to="person-NIGHT", handed_by=COMMANDER),
    )

    (fact,) = decide(CANCEL, _state(*before), TASKS, "person-NIGHT").events

    assert isinstance(fact, TaskForceCancelled)
    assert fact.told == tuple(sorted((COMMANDER, "person-LOOKING")))


def test_a_task_that_never_counted_is_over_whatever_its_state_was() -> None:
    for status in get_args(task.Status):
        known = task.Task(order="o", person="p", steps=("accept",), status=status)
        (fact,) = decide(CANCEL, _state(), {"task-1": status}).deeds.values()
        assert task.evolve(known, fact).status == "withdrawn"


def test_what_was_closed_was_no_mistake() -> None:
    end = decide(CANCEL, _state(CLOSED), TASKS)

    assert (end.outcome, end.code) == ("refused", "task_force.closed")
    assert _nothing(end)


def test_a_cancelled_task_force_is_neither_cancelled_stood_down_nor_closed_again() -> None:
    for command in (CANCEL, STAND_DOWN, CLOSE, CLOSE_ALL):
        end = decide(command, _state(CANCELLED), TASKS)
        assert (end.outcome, end.code) == ("already_done", "task_force.cancelled")
        assert _nothing(end)


def test_a_cancellation_needs_a_reason() -> None:
    with pytest.raises(Malformed) as caught:
        decide(CancelTaskForce(task_force=TASK_FORCE, reason=" "), _state(), {})

    assert (caught.value.code, caught.value.params) == ("words.missing", {"field": "reason"})
