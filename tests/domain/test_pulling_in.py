from __future__ import annotations

import pytest

from handheld.domain import task_force
from handheld.domain.assignment import Assignee
from handheld.domain.errors import HandheldError, Malformed, NotFound
from handheld.domain.joining import PullIn, decide_pull_in
from handheld.domain.ordering import Opening
from handheld.domain.task_force import TaskForce
from handheld_events.examples import ORDER, TASK_FORCE
from handheld_events.ids import TaskIds
from handheld_events.task import TaskDispatched
from handheld_events.task_force import PersonPulledIn, StoodDown, TaskForceEvent
from tests.support_organisation import erase, organisation
from tests.support_rules import ISSUED, STARTED, VERIFIED

VILLAGE = "330825100200"
TOWN = organisation(
    ["330825", "330825100", VILLAGE],
    {"person-A": [("village_official", VILLAGE)], "person-E": [("grid_head", VILLAGE)]},
)
erase(TOWN, "person-E")

JOINED = PersonPulledIn(person="person-A", division=VILLAGE)
JOINED_WITH_TASK = PersonPulledIn(person="person-A", division=VILLAGE, order=ORDER)


def _state(*events: TaskForceEvent) -> TaskForce:
    state = task_force.evolve(None, STARTED)
    for event in (ISSUED, *events):
        state = task_force.evolve(state, event)
    return state


def _pull_in(
    state: TaskForce | None,
    person: str = "person-A",
    order: str | None = None,
    *,
    tasked: bool = False,
) -> Opening:
    command = PullIn(task_force=TASK_FORCE, person=person, order=order)
    return decide_pull_in(command, state, TOWN, tasked)


def test_somebody_joins_without_a_task() -> None:
    opening = _pull_in(_state())

    assert (opening.outcome, opening.events, opening.dispatches) == ("accepted", [JOINED], [])


def test_somebody_joins_with_a_task_of_an_order_already_given() -> None:
    opening = _pull_in(_state(), order=ORDER)

    assert opening.events == [JOINED_WITH_TASK]
    (dispatch,) = opening.dispatches
    assert dispatch.task == TaskIds(ORDER).of("person-A")
    assert dispatch.assignee == Assignee("person-A", VILLAGE, None)
    assert dispatch.event == TaskDispatched(order=ORDER, person="person-A", steps=VERIFIED)


def test_who_joined_without_a_task_can_be_given_one_later() -> None:
    assert _pull_in(_state(JOINED), order=ORDER).events == [JOINED_WITH_TASK]


def test_joining_twice_is_already_done() -> None:
    for opening in (
        _pull_in(_state(JOINED)),
        _pull_in(_state(JOINED_WITH_TASK), order=ORDER),
        _pull_in(_state(), order=ORDER, tasked=True),
    ):
        assert (opening.outcome, opening.code) == ("already_done", "task_force.pulled_in")
        assert (opening.events, opening.dispatches) == ([], [])


def test_after_stand_down_nobody_joins() -> None:
    opening = _pull_in(_state(StoodDown(reason="over", withdrawn=0)), order=ORDER)

    assert (opening.outcome, opening.code) == ("refused", "task_force.stood_down")
    assert (opening.events, opening.dispatches) == ([], [])


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
