"""Every (state × command) pair has an answer, and it is the one agreed on."""

from __future__ import annotations

from functools import cache
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
from tests.domain.task.expected import EXPECTED, marked
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


Kind = tuple[object, ...]
Core = tuple[Steps, str, bool]
"""Steps, status, and whether there is a report: what the table is by."""


def _kind(state: Task) -> Kind:
    report = None if state.report is None else state.report == "same"
    return (*_core(state), report, *_marks(state))


def _core(state: Task) -> Core:
    return (state.steps, state.status, state.report is not None)


def _marks(state: Task) -> tuple[bool, ...]:
    return (
        state.delivered,
        state.read,
        state.en_route,
        state.on_scene,
        bool(state.visits),
        state.suspended is not None,
        state.report_by is not None,
        state.supervised is not None,
        state.rated is not None,
        state.evaluated is not None,
    )


@cache
def _everything_reachable() -> list[Task]:
    """One task of every kind that any sequence of commands can lead to."""
    waiting = [reach(steps) for steps in ALL_STEPS]
    found = {_kind(state): state for state in waiting}
    while waiting:
        state = waiting.pop()
        for asked in COMMANDS:
            if asked.label in ("deliver", "supervise"):  # marks that nothing else depends on
                continue
            said = answer(state, asked)
            assert isinstance(said, Answer)
            after = state
            for event in said.events:
                after = task.evolve(after, event)
            if _kind(after) not in found:
                found[_kind(after)] = after
                waiting.append(after)
    return list(found.values())


def _columns() -> dict[Core, dict[str, str]]:
    """The table by what it depends on; states that share it must answer alike."""
    columns: dict[Core, dict[str, str]] = {}
    for steps in ALL_STEPS:
        for state in STATES[steps]:
            reached = reach(steps, *state.history)
            column = {
                asked.label: EXPECTED[steps, state.label, asked.label]
                for asked in COMMANDS
                if marked(reached, asked.label) is None
            }
            known = columns.setdefault(_core(reached), column)
            assert all(known.get(label, words) == words for label, words in column.items())
            known.update(column)
    return columns


def test_no_sequence_of_commands_leads_to_an_answer_outside_the_table() -> None:
    columns = _columns()
    again, new = "report, the same words again", "report"
    for state in _everything_reachable():
        column = columns[_core(state)]
        if state.report not in (None, "same"):  # the words sent before are now the new ones
            column = {**column, again: column[new], new: column[again]}
        for asked in COMMANDS:
            expected = marked(state, asked.label) or column[asked.label]
            if state.suspended is not None and asked.label in (new, again):
                expected = f"**resumed**, {expected}"
            assert in_words(answer(state, asked)) == expected, (state, asked)


def test_every_row_of_the_table_can_be_reached() -> None:
    assert {_core(state) for state in _everything_reachable()} == set(_columns())


@cells
@pytest.mark.parametrize("marks", MARKS)
def test_marks_change_only_the_answers_to_what_they_mark(
    steps: Steps, state: State, marks: str
) -> None:
    reached = reach(steps, *MARKS[marks], *state.history)
    for asked in COMMANDS:
        expected = marked(reached, asked.label) or EXPECTED[steps, state.label, asked.label]
        assert in_words(answer(reached, asked)) == expected


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
        "send back, by the assignee": (NotAllowed, "task.own_report"),
        "suspend, by the assignee": (NotAllowed, "task.own_deadline"),
        "extend, by the assignee": (NotAllowed, "task.own_deadline"),
        "rate, by the assignee": (NotAllowed, "task.own_rating"),
        "evaluate, by the assignee": (NotAllowed, "task.own_rating"),
        "suspend until a time that has passed": (Malformed, "deadline.past"),
        "extend to a time that has passed": (Malformed, "deadline.past"),
        "evaluate with 0": (Malformed, "task.score"),
        "evaluate with 6": (Malformed, "task.score"),
        "visit a household named by a telephone number": (Malformed, "household.number"),
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
            elif asked.label == "remind":  # somebody may be reminded as often as they need it
                assert again.outcome == "accepted"
            else:
                assert (again.outcome, again.events) == ("already_done", ())


def test_an_ended_task_stays_ended_until_it_is_reopened() -> None:
    for state in _everything_reachable():
        if not task.is_open(state.status):
            for asked in COMMANDS:
                if asked.label == "reopen":
                    continue
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
