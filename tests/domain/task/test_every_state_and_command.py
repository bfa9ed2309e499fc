"""Every (state × command) pair has an answer, and it is the one agreed on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import msgspec
import pytest

from handheld.domain import task
from handheld.domain.answers import Answer
from handheld.domain.errors import HandheldError, Malformed, NotAllowed, NotFound
from handheld.domain.task import Task
from handheld_events.examples import EXAMPLES
from handheld_events.orders import Steps
from handheld_events.task import TaskDispatched, TaskEvent
from tests.domain.task.expected import EXPECTED
from tests.domain.task.table import (
    COMMANDS,
    MARKS,
    STATES,
    WRONG,
    Asked,
    State,
    all_answers,
    answer,
    in_words,
    reach,
)
from tests.support_rules import ALL_STEPS

cells = pytest.mark.parametrize(
    ("steps", "state"),
    [
        pytest.param(steps, state, id=f"{len(steps)} steps, {state.label}")
        for steps in ALL_STEPS
        for state in STATES[steps]
    ],
)


def test_the_answers_are_those_agreed_on() -> None:
    assert all_answers() == EXPECTED


def test_every_command_is_in_the_table() -> None:
    assert {type(asked.command) for asked in COMMANDS} == set(get_args(task.Command))


def test_every_status_is_in_the_table() -> None:
    assert {s.status for states in STATES.values() for s in states} == set(get_args(task.Status))


@cells
def test_a_history_leads_to_the_state_that_it_is_named_for(steps: Steps, state: State) -> None:
    for marks in MARKS.values():
        assert reach(steps, *marks, *state.history).status == state.status


def _kind(state: Task) -> tuple[object, ...]:
    report = None if state.report is None else state.report == "same"
    return (state.steps, state.status, state.delivered, state.read, report)


def _everything_reachable() -> Iterator[Task]:
    """Every kind of task that any sequence of commands can lead to."""
    waiting = [reach(steps) for steps in ALL_STEPS]
    seen = {_kind(state) for state in waiting}
    while waiting:
        state = waiting.pop()
        yield state
        for asked in COMMANDS:
            said = answer(state, asked)
            assert isinstance(said, Answer)
            after = state
            for event in said.events:
                after = task.evolve(after, event)
            if _kind(after) not in seen:
                seen.add(_kind(after))
                waiting.append(after)


def test_no_sequence_of_commands_leads_to_a_state_outside_the_table() -> None:
    inside = {
        _kind(reach(steps, *marks, *state.history))
        for steps in ALL_STEPS
        for state in STATES[steps]
        for marks in MARKS.values()
    }
    # The table's reports all have the same words; other words change no row.
    other = {(*kind[:-1], False) for kind in inside if kind[-1] is True}

    assert {_kind(state) for state in _everything_reachable()} == inside | other


@cells
@pytest.mark.parametrize("marks", MARKS)
def test_marks_change_only_the_answers_to_deliver_and_read(
    steps: Steps, state: State, marks: str
) -> None:
    marked = reach(steps, *MARKS[marks], *state.history)
    for asked in COMMANDS:
        expected = EXPECTED[steps, state.label, asked.label]
        if asked.label == "deliver" and marked.delivered:
            expected = "already done `task.delivered`"
        if asked.label == "read" and marked.read:
            expected = "already done `task.read`"
        assert in_words(answer(marked, asked)) == expected


@cells
@pytest.mark.parametrize("asked", WRONG, ids=[w.label for w in WRONG])
def test_what_makes_no_sense_is_an_error_in_every_state(
    steps: Steps, state: State, asked: Asked
) -> None:
    said = answer(reach(steps, *state.history), asked)

    assert isinstance(said, HandheldError)
    assert (type(said), said.code) == {
        "by somebody else": (NotAllowed, "task.not_yours"),
        "verify, by the assignee": (NotAllowed, "task.own_report"),
        "correct a fact that there is not": (NotFound, "correction.no_such_fact"),
        "correct nothing": (Malformed, "correction.empty"),
    }.get(
        "by somebody else" if "somebody else" in asked.label else asked.label,
        (Malformed, "words.missing"),
    )


@pytest.mark.parametrize("asked", COMMANDS, ids=[a.label for a in COMMANDS])
def test_nothing_can_be_done_to_a_task_that_there_is_not(asked: Asked) -> None:
    said = answer(None, asked)

    assert isinstance(said, NotFound)
    assert said.code == "task.unknown"


def test_every_answer_is_accepted_by_the_state_that_it_follows_from() -> None:
    for state in _everything_reachable():
        for asked in COMMANDS:
            said = answer(state, asked)
            assert isinstance(said, Answer)
            after = state
            for event in said.events:
                after = task.evolve(after, event)
            assert after.version == state.version + len(said.events)
            assert (said.outcome in ("accepted", "overtaken")) == bool(said.events)
            assert (said.outcome == "accepted") == (said.code is None)
            if said.outcome == "overtaken":
                assert msgspec.structs.replace(after, version=state.version) == state


def test_asking_again_changes_nothing_more() -> None:
    for state in _everything_reachable():
        for asked in COMMANDS:
            first = answer(state, asked)
            assert isinstance(first, Answer)
            if first.outcome != "accepted" or asked.label == "correct":
                continue
            after = state
            for event in first.events:
                after = task.evolve(after, event)
            again = answer(after, asked)
            assert isinstance(again, Answer)
            if asked.label == "send back":  # it is in progress again: nothing to send back
                assert again.outcome == "refused"
            else:
                assert (again.outcome, again.events) == ("already_done", ())


def test_an_ended_task_stays_ended() -> None:
    for state in _everything_reachable():
        if not task.is_open(state.status):
            for asked in COMMANDS:
                said = answer(state, asked)
                assert isinstance(said, Answer)
                for event in said.events:
                    assert task.evolve(state, event).status == state.status


every_event = pytest.mark.parametrize(
    "event", [event for event in EXAMPLES.values() if isinstance(event, TaskEvent)]
)


@every_event
def test_every_event_of_a_task_is_taken_in(event: TaskEvent) -> None:
    state = reach(ALL_STEPS[2])
    if isinstance(event, TaskDispatched):
        with pytest.raises(TypeError, match="dispatched once"):
            task.evolve(state, event)
    else:
        assert task.evolve(state, event).version == 2


@every_event
def test_a_task_begins_with_its_dispatch(event: TaskEvent) -> None:
    if isinstance(event, TaskDispatched):
        assert task.evolve(None, event).status == "waiting"
    else:
        with pytest.raises(TypeError, match="begins with"):
            task.evolve(None, event)
