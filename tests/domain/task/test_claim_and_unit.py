from __future__ import annotations

from typing import Any

import pytest

from handheld.domain import claiming, task, task_force
from handheld.domain.errors import NotAllowed
from handheld.domain.task import Accept, Command, Deliver, GoEnRoute, Known, Report, Verify
from handheld_events.examples import ORDER, TASK
from handheld_events.task import (
    TaskAccepted,
    TaskAmended,
    TaskClosed,
    TaskEnRoute,
    TaskEvent,
    TaskOvertaken,
    TaskReported,
)
from handheld_events.task_force import (
    DepartmentAccepted,
    DepartmentCalled,
    OrderClaimed,
    OrderIssued,
    TaskForceEvent,
)
from tests.support_rules import (
    AT,
    REPORTED,
    SOMEBODY_ELSE,
    STARTED,
    VERIFIED,
    dispatched,
    given_task,
)

ISSUED = OrderIssued(order=ORDER, text="清障", tasks=5, open_to=2)
CLAIMED = OrderClaimed(order=ORDER, task="task-other", left=1)
LAST = OrderClaimed(order=ORDER, task="task-another", left=0)


def _state(*events: TaskForceEvent) -> task_force.TaskForce:
    state = task_force.evolve(None, STARTED)
    for event in events:
        state = task_force.evolve(state, event)
    return state


def _known(*events: TaskForceEvent, of_unit: bool = False) -> Known:
    state = _state(*events)
    return Known(AT, state, state.orders.get(ORDER), of_unit)


def _taken(
    state: task_force.TaskForce, *history: TaskEvent, **dispatch: Any
) -> list[TaskForceEvent]:
    """What the task force is told when the task is accepted."""
    known = task.evolve(None, dispatched(**dispatch))
    for event in history:
        known = task.evolve(known, event)
    return list(claiming.taken(known, TASK, (TaskAccepted(),), state))


def test_whoever_comes_first_has_a_place() -> None:
    given_task(open=True, known=_known(ISSUED, CLAIMED)).when(Accept(task=TASK)).then(
        TaskAccepted()
    )

    assert _taken(_state(ISSUED), open=True) == [OrderClaimed(order=ORDER, task=TASK, left=1)]
    assert _taken(_state(ISSUED, CLAIMED), open=True) == [
        OrderClaimed(order=ORDER, task=TASK, left=0)
    ]


@pytest.mark.parametrize(
    ("command", "late"),
    [
        (Accept(task=TASK), TaskOvertaken(did="accept", because="claimed")),
        (GoEnRoute(task=TASK), TaskOvertaken(did="en_route", because="claimed")),
        (
            Report(task=TASK, text="已清"),
            TaskOvertaken(did="report", because="claimed", text="已清"),
        ),
    ],
)
def test_once_the_places_are_taken_it_is_overtaken(command: Command, late: TaskOvertaken) -> None:
    given_task(open=True, known=_known(ISSUED, CLAIMED, LAST)).when(command).is_overtaken(
        "task.claimed_by_others", late
    )


def test_who_has_a_place_keeps_it_when_the_order_is_amended() -> None:
    history = (TaskAccepted(), TaskAmended(number=1, steps=REPORTED))

    given_task(*history, open=True, known=_known(ISSUED, CLAIMED, LAST)).when(
        Accept(task=TASK)
    ).then(TaskAccepted())
    assert _taken(_state(ISSUED, CLAIMED), *history, open=True) == []


def test_what_is_open_to_nobody_in_particular_takes_no_place() -> None:
    assert _taken(_state(OrderIssued(order=ORDER, text="t", tasks=1))) == []


UNIT: dict[str, Any] = {"unit": True, "department": "water"}
CALLED = DepartmentCalled(department="water", part="responding")


def test_anybody_of_the_department_acts_for_the_unit() -> None:
    known = _known(ISSUED, CALLED, of_unit=True)
    for command, facts in (
        (Accept(task=TASK), (TaskAccepted(),)),
        (GoEnRoute(task=TASK), (TaskAccepted(), TaskEnRoute())),
        (
            Report(task=TASK, text="x"),
            (TaskAccepted(), TaskReported(text="x", reported_by=SOMEBODY_ELSE), TaskClosed()),
        ),
    ):
        given_task(known=known, **UNIT).when(command, SOMEBODY_ELSE).then(*facts)


def test_others_do_not() -> None:
    given_task(known=_known(ISSUED, CALLED), **UNIT).when(Accept(task=TASK), SOMEBODY_ELSE).raises(
        NotAllowed, "task.not_yours"
    )


def test_what_a_phone_says_only_the_assignees_phone_can_say() -> None:
    given_task(known=_known(ISSUED, CALLED, of_unit=True), **UNIT).when(
        Deliver(task=TASK), SOMEBODY_ELSE
    ).raises(NotAllowed, "task.not_yours")


def test_a_unit_does_not_verify_its_own_report() -> None:
    history = (TaskAccepted(), TaskReported(text="x"))
    known = _known(ISSUED, CALLED, of_unit=True)

    given_task(*history, steps=VERIFIED, known=known, **UNIT).when(
        Verify(task=TASK), SOMEBODY_ELSE
    ).raises(NotAllowed, "task.own_report")


def test_the_department_accepts_its_part_once() -> None:
    told = DepartmentAccepted(department="water", task=TASK)

    assert _taken(_state(ISSUED, CALLED), **UNIT) == [told]
    assert _taken(_state(ISSUED, CALLED, told), **UNIT) == []
