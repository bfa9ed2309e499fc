from __future__ import annotations

from datetime import timedelta

import pytest

from handheld.domain import task_force
from handheld.domain.assignment import Assignee
from handheld.domain.errors import HandheldError, Malformed, NotFound
from handheld.domain.joining import PullIn, decide_pull_in
from handheld.domain.ordering import Opening
from handheld.domain.task_force import TaskForce
from handheld_events.examples import ORDER, TASK_FORCE
from handheld_events.forms import FormField
from handheld_events.ids import TaskIds, further_task_id
from handheld_events.task import TaskDispatched
from handheld_events.task_force import (
    OrderClaimed,
    OrderIssued,
    OrderWithdrawn,
    PersonPulledIn,
    StoodDown,
    TaskForceEvent,
)
from handheld_projections.open_tasks import (
    CLOSED,
    DECLINED,
    IN_PROGRESS,
    TO_VERIFY,
    WAITING,
    WITHDRAWN,
    OpenTask,
)
from tests.support_organisation import erase, organisation
from tests.support_rules import AT, ISSUED, STARTED, VERIFIED

VILLAGE = "330825100200"
TOWN = organisation(
    ["330825", "330825100", VILLAGE],
    {"person-A": [("village_official", VILLAGE)], "person-E": [("grid_head", VILLAGE)]},
)
erase(TOWN, "person-E")

HOUR = timedelta(hours=1)
FIRST = TaskIds(ORDER).of("person-A")
JOINED = PersonPulledIn(person="person-A", division=VILLAGE)
JOINED_WITH_TASK = PersonPulledIn(person="person-A", division=VILLAGE, order=ORDER)


def _state(*events: TaskForceEvent, issued: OrderIssued = ISSUED) -> TaskForce:
    state = task_force.evolve(None, STARTED)
    for event in (issued, *events):
        state = task_force.evolve(state, event)
    return state


def _has(state: int, order: str = ORDER) -> dict[str, OpenTask]:
    """The task that the person was given first, in this state."""
    return {TaskIds(order).of("person-A"): OpenTask("person-A", VILLAGE, order, AT, state=state)}


def _pull_in(
    state: TaskForce | None,
    person: str = "person-A",
    order: str | None = None,
    tasks: dict[str, OpenTask] | None = None,
    hours: int = 0,
) -> Opening:
    command = PullIn(task_force=TASK_FORCE, person=person, order=order)
    return decide_pull_in(command, AT + hours * HOUR, state, TOWN, tasks or {})


def _answer(opening: Opening) -> tuple[str, str | None]:
    if opening.outcome != "accepted":
        assert (opening.events, opening.dispatches) == ([], [])
    return (opening.outcome, opening.code)


def test_somebody_joins_without_a_task() -> None:
    opening = _pull_in(_state())

    assert (opening.outcome, opening.events, opening.dispatches) == ("accepted", [JOINED], [])


def test_somebody_may_see_only_what_happens_from_now() -> None:
    command = PullIn(task_force=TASK_FORCE, person="person-A", sees="from_now")
    opening = decide_pull_in(command, AT, _state(), TOWN, {})

    assert opening.events == [PersonPulledIn(person="person-A", division=VILLAGE, sees="from_now")]


def test_somebody_joins_with_a_task_of_an_order_already_given() -> None:
    opening = _pull_in(_state(), order=ORDER)

    assert opening.events == [JOINED_WITH_TASK]
    (dispatch,) = opening.dispatches
    assert dispatch.task == FIRST
    assert dispatch.assignee == Assignee("person-A", VILLAGE, None)
    assert dispatch.event == TaskDispatched(order=ORDER, person="person-A", steps=VERIFIED)


def test_the_task_is_of_the_order_as_it_is_now() -> None:
    issued = OrderIssued(
        order=ORDER,
        text="t",
        tasks=1,
        form=(FormField(key="moved", label="转移人数", kind="number"),),
        passed_on_from="task-above",
        accept_by=AT + HOUR,
        report_by=AT + 4 * HOUR,
    )
    (dispatch,) = _pull_in(_state(issued=issued), order=ORDER).dispatches
    assert dispatch.event == TaskDispatched(
        order=ORDER, person="person-A", form=True, passed_on_from="task-above"
    )

    (late,) = _pull_in(_state(issued=issued), order=ORDER, hours=2).dispatches
    assert late.event.accept_by is not None
    assert late.event.accept_by > AT + 2 * HOUR
    assert late.event.report_by is None


def test_an_open_order_is_open_to_them_too_while_places_are_left() -> None:
    issued = OrderIssued(order=ORDER, text="t", tasks=3, open_to=1)
    (dispatch,) = _pull_in(_state(issued=issued), order=ORDER).dispatches
    assert dispatch.event.open

    full = _state(OrderClaimed(order=ORDER, task="task-x", left=0), issued=issued)
    (given,) = _pull_in(full, order=ORDER).dispatches
    assert not given.event.open


def test_who_joined_without_a_task_can_be_given_one_later() -> None:
    assert _pull_in(_state(JOINED), order=ORDER).events == [JOINED_WITH_TASK]


@pytest.mark.parametrize("state", [WAITING, IN_PROGRESS, TO_VERIFY, CLOSED])
def test_who_has_the_task_or_has_done_it_is_there_already(state: int) -> None:
    there = ("already_done", "task_force.pulled_in")

    assert _answer(_pull_in(_state(), order=ORDER, tasks=_has(state))) == there
    assert _answer(_pull_in(_state(), tasks=_has(state, "order-other"))) == there


def test_joining_twice_is_already_done() -> None:
    for joined in (JOINED, JOINED_WITH_TASK):
        assert _answer(_pull_in(_state(joined))) == ("already_done", "task_force.pulled_in")


@pytest.mark.parametrize("state", [DECLINED, WITHDRAWN])
def test_whose_task_was_declined_or_withdrawn_gets_another(state: int) -> None:
    opening = _pull_in(_state(JOINED_WITH_TASK), order=ORDER, tasks=_has(state))

    assert opening.events == [JOINED_WITH_TASK]
    (dispatch,) = opening.dispatches
    assert dispatch.task == further_task_id(ORDER, "person-A", 1) != FIRST


def test_an_order_taken_back_is_given_to_nobody() -> None:
    back = _state(OrderWithdrawn(order=ORDER, reason="r", withdrawn=0))

    assert _answer(_pull_in(back, order=ORDER)) == ("refused", "order.withdrawn")
    assert _pull_in(back).events == [JOINED]


def test_after_stand_down_nobody_joins() -> None:
    opening = _pull_in(_state(StoodDown(reason="over", withdrawn=0)), order=ORDER)

    assert _answer(opening) == ("refused", "task_force.stood_down")


@pytest.mark.parametrize(
    ("person", "order", "kind", "code"),
    [
        ("person-Z", None, Malformed, "person.unknown"),
        ("person-E", None, Malformed, "person.erased"),
        ("person-E", ORDER, Malformed, "person.erased"),
        ("person-A", "order-none", NotFound, "order.unknown"),
    ],
)
def test_what_makes_no_sense_is_an_error(
    person: str, order: str | None, kind: type[HandheldError], code: str
) -> None:
    with pytest.raises(kind) as caught:
        _pull_in(_state(), person, order)

    assert (type(caught.value), caught.value.code) == (kind, code)


def test_nobody_joins_a_task_force_that_there_is_not() -> None:
    with pytest.raises(NotFound) as caught:
        _pull_in(None)

    assert caught.value.code == "task_force.unknown"
