"""Every (state × command) pair has an answer, and it is the one agreed on."""

from __future__ import annotations

from typing import get_args

import pytest

from handheld.application.handlers.table import HANDLERS
from handheld.domain import joining, task, task_force
from handheld.domain.errors import HandheldError, Malformed, NotAllowed, NotFound
from handheld_events.examples import EXAMPLES
from handheld_events.task import TaskAmended, TaskCancelled, TaskDispatched, TaskWithdrawn
from handheld_events.task_force import TaskForceEvent, TaskForceStarted
from tests.domain.task_force.expected import EXPECTED
from tests.domain.task_force.table import (
    COMMANDS,
    STATES,
    STATUS,
    WRONG,
    WRONG_WHILE_ACTIVE,
    Asked,
    Command,
    Said,
    all_answers,
    answer,
    reach,
)

every_state = pytest.mark.parametrize("state", STATES)


def test_the_answers_are_those_agreed_on() -> None:
    assert all_answers() == EXPECTED


def test_every_command_on_a_task_force_is_in_the_table() -> None:
    handled = {c for c in HANDLERS if getattr(c, "__struct_fields__", ())[:1] == ("task_force",)}

    assert {type(asked.command) for asked in COMMANDS} == set(get_args(Command)) == handled


def test_every_status_is_in_the_table() -> None:
    assert set(STATUS.values()) == set(get_args(task_force.Status))


@every_state
def test_a_history_leads_to_the_state_that_it_is_named_for(state: str) -> None:
    assert reach(STATES[state]).status == STATUS[state]


@every_state
@pytest.mark.parametrize("asked", COMMANDS, ids=[c.label for c in COMMANDS])
def test_every_answer_is_accepted_by_the_state_that_it_follows_from(
    state: str, asked: Asked
) -> None:
    before = reach(STATES[state])
    said = answer(before, asked)
    assert isinstance(said, Said)

    after = before
    for event in said.events:
        after = task_force.evolve(after, event)

    assert after.version == before.version + len(said.events)
    assert (said.outcome == "accepted") == bool(said.events or said.tasks)
    assert (said.outcome == "accepted") == (said.code is None)
    for fact in said.tasks:
        assert isinstance(fact, (TaskDispatched, TaskWithdrawn, TaskAmended, TaskCancelled))
        told = None if isinstance(fact, TaskDispatched) else _a_task()
        task.evolve(told, fact)


def _a_task() -> task.Task:
    return task.Task(order="order-1", person="person-1", steps=("accept",))


def test_no_command_leads_to_a_status_outside_the_table() -> None:
    found: dict[str, set[str]] = {}
    for state, history in STATES.items():
        for asked in COMMANDS:
            before = reach(history)
            said = answer(before, asked)
            assert isinstance(said, Said)
            for event in said.events:
                before = task_force.evolve(before, event)
            found.setdefault(STATUS[state], set()).add(before.status)

    assert found == {
        "active": {"active", "stood_down", "closed", "cancelled"},
        "stood_down": {"active", "stood_down", "closed", "cancelled"},
        "closed": {"active", "closed"},
        "cancelled": {"cancelled"},
    }


@every_state
@pytest.mark.parametrize("asked", WRONG, ids=[w.label for w in WRONG])
def test_what_makes_no_sense_is_an_error_in_every_state(state: str, asked: Asked) -> None:
    said = answer(reach(STATES[state]), asked)

    assert isinstance(said, HandheldError)
    assert (type(said), said.code) == {
        "strike an entry that there is not": (NotFound, "entry.unknown"),
        "correct a fact that there is not": (NotFound, "correction.no_such_fact"),
        "correct nothing": (Malformed, "correction.empty"),
        "answer a message that there is not": (NotFound, "message.unknown"),
        "send a message to what is no unit": (Malformed, "message.to"),
        "a score of more than five": (Malformed, "score.range"),
    }.get(asked.label, (Malformed, "words.missing"))


@every_state
@pytest.mark.parametrize("asked", WRONG_WHILE_ACTIVE, ids=[w.label for w in WRONG_WHILE_ACTIVE])
def test_an_order_that_makes_no_sense_is_an_error_while_orders_are_taken(
    state: str, asked: Asked
) -> None:
    said = answer(reach(STATES[state]), asked)

    going_on = STATUS[state] == "stood_down" and asked.label.startswith("hand over command")
    if STATUS[state] != "active" and not going_on:
        assert isinstance(said, Said)
        assert (said.outcome, said.code) == ("refused", f"task_force.{STATUS[state]}")
    else:
        assert isinstance(said, HandheldError)
        assert (type(said), said.code) == {
            "issue an order to nobody": (Malformed, "order.reaches_nobody"),
            "issue an order to somebody unknown": (Malformed, "person.unknown"),
            "pull in somebody unknown": (Malformed, "person.unknown"),
            "pull in with an order that there is not": (NotFound, "order.unknown"),
            "amend an order that there is not": (NotFound, "order.unknown"),
            "amend nothing": (Malformed, "order.amended_nothing"),
            "withdraw an order that there is not": (NotFound, "order.unknown"),
            "hand over command to somebody unknown": (NotFound, "person.unknown"),
            "hand over command without having it": (NotAllowed, "task_force.not_in_command"),
            "name a lead department that there is not": (NotFound, "department.unknown"),
        }[asked.label]


@pytest.mark.parametrize("asked", COMMANDS, ids=[c.label for c in COMMANDS])
def test_nothing_can_be_done_to_a_task_force_that_there_is_not(asked: Asked) -> None:
    said = answer(None, asked)

    assert isinstance(said, NotFound)
    assert said.code == "task_force.unknown"


every_event = pytest.mark.parametrize(
    "event", [event for event in EXAMPLES.values() if isinstance(event, TaskForceEvent)]
)


@every_event
def test_every_event_of_a_task_force_is_taken_in(event: TaskForceEvent) -> None:
    state = reach(STATES["active"])
    if isinstance(event, TaskForceStarted):
        with pytest.raises(TypeError, match="started once"):
            task_force.evolve(state, event)
    else:
        assert task_force.evolve(state, event).version == state.version + 1


@every_event
def test_a_task_force_begins_with_its_start(event: TaskForceEvent) -> None:
    if isinstance(event, TaskForceStarted):
        assert task_force.evolve(None, event).status == "active"
    else:
        with pytest.raises(TypeError, match="begins with"):
            task_force.evolve(None, event)


def test_an_order_issued_later_can_be_pulled_in_for() -> None:
    state = reach(STATES["active"])
    issued = answer(state, next(c for c in COMMANDS if c.label == "issue an order"))
    assert isinstance(issued, Said)
    for event in issued.events:
        state = task_force.evolve(state, event)
    (order,) = set(state.orders) - set(reach(STATES["active"]).orders)

    said = answer(
        state,
        Asked(
            "pull in",
            joining.PullIn(task_force="tf-1", person="person-S000008", order=order),
        ),
    )

    assert isinstance(said, Said)
    assert said.outcome == "accepted"
