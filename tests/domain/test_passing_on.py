from __future__ import annotations

from typing import Any

import pytest

from handheld.domain import passing_on, task, task_force
from handheld.domain.errors import HandheldError, Malformed, NotAllowed
from handheld.domain.passing_on import PassedOn, PassOn
from handheld.domain.task import Known
from handheld_events.examples import ORDER, PERSON, TASK, TASK_FORCE
from handheld_events.forms import FormField
from handheld_events.ids import TaskIds, command_id, order_id
from handheld_events.orders import Target
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskDeclined,
    TaskDispatched,
    TaskEvent,
    TaskOvertaken,
    TaskPassedOn,
    TaskReported,
)
from handheld_events.task_force import (
    DepartmentAccepted,
    DepartmentCalled,
    OrderClaimed,
    OrderIssued,
    StoodDown,
    TaskForceEvent,
)
from tests.support_organisation import organisation
from tests.support_rules import AT, STARTED, dispatched

TOWNSHIP, VILLAGE, NEXT, ELSEWHERE = (
    "330825100",
    "330825100200",
    "330825100201",
    "330825101200",
)
TOWN = organisation(
    ["330825", TOWNSHIP, "330825101", VILLAGE, NEXT, ELSEWHERE],
    {
        PERSON: [("township_official", TOWNSHIP)],
        "person-A": [("village_official", VILLAGE)],
        "person-B": [("village_official", NEXT)],
        "person-C": [("village_official", ELSEWHERE)],
        "person-W": [("department_officer", "330825", "water")],
        "person-X": [("department_officer", ELSEWHERE, "water")],
    },
    {"water": "330825"},
)

COMMAND = command_id(int(AT.timestamp() * 1000), bytes(10))
BELOW = order_id(COMMAND, 0)
ISSUED = OrderIssued(
    order=ORDER,
    text="排查地质灾害点",
    tasks=1,
    form=(FormField(key="sites", label="隐患点", kind="number"),),
)
CADRES = (Target(role="village_official"),)
ACCEPTED = TaskAccepted()


def _pass_on(
    *history: TaskEvent,
    who: str = PERSON,
    force: tuple[TaskForceEvent, ...] = (ISSUED,),
    division: str = TOWNSHIP,
    of_unit: bool = False,
    dispatch: dict[str, Any] | None = None,
    to: tuple[Target, ...] = CADRES,
    **asked: Any,
) -> PassedOn:
    state = task_force.evolve(None, STARTED)
    for event in force:
        state = task_force.evolve(state, event)
    own = task.evolve(None, dispatched(**(dispatch or {})))
    for fact in history:
        own = task.evolve(own, fact)
    return passing_on.decide(
        PassOn(task=TASK, to=to, **asked),
        COMMAND,
        who,
        own,
        division,
        Known(AT, state, state.orders[ORDER], of_unit),
        TASK_FORCE,
        TOWN,
    )


def test_those_below_are_given_the_order_and_the_official_stays_answerable() -> None:
    made = _pass_on(ACCEPTED, report_within=3600)

    (issued,) = made.opening.events
    assert isinstance(issued, OrderIssued)
    assert (issued.order, issued.text, issued.tasks) == (BELOW, ISSUED.text, 2)
    assert (issued.passed_on_from, issued.form) == (TASK, ())
    assert issued.report_by is not None
    assert [d.event for d in made.opening.dispatches] == [
        TaskDispatched(order=BELOW, person=person, role="village_official", passed_on_from=TASK)
        for person in ("person-A", "person-B")
    ]
    assert made.opening.dispatches[0].task == TaskIds(BELOW).of("person-A")
    assert made.own == (TaskPassedOn(order=BELOW, tasks=2),)

    own = task.evolve(task.evolve(task.evolve(None, dispatched()), ACCEPTED), made.own[0])
    assert (own.status, own.passed_on) == ("in_progress", (BELOW,))


def test_whoever_passes_it_on_has_accepted_it() -> None:
    assert _pass_on().own == (ACCEPTED, TaskPassedOn(order=BELOW, tasks=2))


def test_they_may_say_it_in_their_own_words_to_somebody_named() -> None:
    made = _pass_on(ACCEPTED, to=(), people=("person-B",), text="先查河边")

    (issued,) = made.opening.events
    assert isinstance(issued, OrderIssued)
    assert (issued.text, issued.tasks) == ("先查河边", 1)


@pytest.mark.parametrize("person", ["person-C", PERSON])
def test_nobody_elsewhere_is_named_nor_the_official(person: str) -> None:
    with pytest.raises(Malformed) as caught:
        _pass_on(ACCEPTED, people=(person,))

    assert (caught.value.code, caught.value.params) == ("task.not_below", {"person": person})


def test_an_order_that_reaches_nobody_below_is_an_error() -> None:
    with pytest.raises(Malformed) as caught:
        _pass_on(ACCEPTED, to=(Target(role="township_official"),))

    assert caught.value.code == "order.reaches_nobody"


UNIT: dict[str, Any] = {"unit": True, "department": "water"}
CALLED = DepartmentCalled(department="water", part="responding")


def test_a_department_names_its_own_people_wherever_they_serve() -> None:
    made = _pass_on(
        who="person-W",
        of_unit=True,
        dispatch=UNIT,
        force=(ISSUED, CALLED),
        to=(),
        people=("person-X",),
    )

    assert made.opening.events[0] == DepartmentAccepted(department="water", task=TASK)
    assert [d.event.person for d in made.opening.dispatches] == ["person-X"]

    with pytest.raises(Malformed) as caught:
        _pass_on(ACCEPTED, dispatch=UNIT, force=(ISSUED, CALLED), to=(), people=("person-A",))
    assert caught.value.code == "task.not_below"


def test_an_open_task_is_claimed_first() -> None:
    issued = OrderIssued(order=ORDER, text="t", tasks=3, open_to=1)
    made = _pass_on(dispatch={"open": True}, force=(issued,))
    assert made.opening.events[0] == OrderClaimed(order=ORDER, task=TASK, left=0)

    full = (issued, OrderClaimed(order=ORDER, task="task-x", left=0))
    late = _pass_on(dispatch={"open": True}, force=full)
    assert (late.opening.outcome, late.opening.code) == ("overtaken", "task.claimed_by_others")
    assert late.own == (TaskOvertaken(did="accept", because="claimed"),)
    assert late.opening.dispatches == []


@pytest.mark.parametrize(
    ("history", "code"),
    [
        ((ACCEPTED, TaskReported(text="x")), "task.reported"),
        ((ACCEPTED, TaskReported(text="x"), TaskClosed()), "task.closed"),
        ((TaskDeclined(reason="away"),), "task.declined"),
    ],
)
def test_what_is_done_or_declined_is_not_passed_on(
    history: tuple[TaskEvent, ...], code: str
) -> None:
    made = _pass_on(*history)

    assert (made.opening.outcome, made.opening.code) == ("refused", code)
    assert (made.own, made.opening.events, made.opening.dispatches) == ((), [], [])


def test_after_stand_down_nothing_is_passed_on() -> None:
    made = _pass_on(ACCEPTED, force=(ISSUED, StoodDown(reason="over", withdrawn=0)))

    assert (made.opening.outcome, made.opening.code) == ("refused", "task_force.stood_down")


def test_it_is_the_assignees_alone() -> None:
    with pytest.raises(HandheldError) as caught:
        _pass_on(ACCEPTED, who="person-A")

    assert (type(caught.value), caught.value.code) == (NotAllowed, "task.not_yours")
