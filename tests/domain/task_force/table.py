"""Every state of a task force by its history, every command in every form that answers differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from handheld.domain import ending, joining, ordering, task, task_force
from handheld.domain.answers import Outcome
from handheld.domain.errors import HandheldError
from handheld.domain.task_force import TaskForce
from handheld_events.base import Event
from handheld_events.examples import ENTRY, ORDER, PERSON, TASK_FORCE
from handheld_events.ids import command_id
from handheld_events.task_force import (
    EntryMade,
    EntryStruck,
    PersonPulledIn,
    StoodDown,
    TaskForceClosed,
    TaskForceEvent,
)
from tests.support_organisation import organisation
from tests.support_rules import AT, ISSUED, STARTED

JOINED = "person-S000009"
"""Pulled in already, with a task."""
ONLOOKER = "person-S000008"
"""Pulled in already, without a task."""
STRUCK = "entry-struck"
COMMAND = command_id(1_627_030_000_000, bytes(10))

SO_FAR: tuple[TaskForceEvent, ...] = (
    STARTED,
    ISSUED,
    EntryMade(entry=ENTRY, text="风力加大"),
    EntryMade(entry=STRUCK, text="记错"),
    EntryStruck(entry=STRUCK, reason="记错"),
    PersonPulledIn(person=JOINED, division="330825", order=ORDER),
    PersonPulledIn(person=ONLOOKER, division="330825"),
)
_DOWN = StoodDown(reason="over", withdrawn=0)
_CLOSED = TaskForceClosed(outcome="done")

STATES: Mapping[str, tuple[TaskForceEvent, ...]] = {
    "active": SO_FAR,
    "stood down": (*SO_FAR, _DOWN),
    "closed": (*SO_FAR, _CLOSED),
    "closed after stand-down": (*SO_FAR, _DOWN, _CLOSED),
}
STATUS: Mapping[str, task_force.Status] = {
    "active": "active",
    "stood down": "stood_down",
    "closed": "closed",
    "closed after stand-down": "closed",
}

Command = (
    task_force.Command
    | ordering.IssueOrder
    | joining.PullIn
    | ending.StandDown
    | ending.CloseTaskForce
)


class Asked(NamedTuple):
    """A command in one form; `tasks` are the open tasks."""

    label: str
    command: Command
    tasks: Mapping[str, task.Status] = {}
    tasked: bool = False


OPEN: Mapping[str, task.Status] = {
    "task-a": "waiting",
    "task-b": "in_progress",
    "task-c": "to_verify",
    "task-d": "waiting",
}
_ORDER = ordering.Order(text="再查一遍", people=(PERSON,))

COMMANDS = (
    Asked("make an entry", task_force.MakeEntry(task_force=TASK_FORCE, text="雨停")),
    Asked(
        "strike an entry",
        task_force.StrikeEntry(task_force=TASK_FORCE, entry=ENTRY, reason="记错"),
    ),
    Asked(
        "strike an entry that is struck",
        task_force.StrikeEntry(task_force=TASK_FORCE, entry=STRUCK, reason="记错"),
    ),
    Asked(
        "correct",
        task_force.CorrectTaskForce(task_force=TASK_FORCE, version=1, reason="r", text="t"),
    ),
    Asked("issue an order", ordering.IssueOrder(task_force=TASK_FORCE, order=_ORDER)),
    Asked("pull somebody in", joining.PullIn(task_force=TASK_FORCE, person=PERSON)),
    Asked(
        "pull somebody in with a task",
        joining.PullIn(task_force=TASK_FORCE, person=PERSON, order=ORDER),
    ),
    Asked("pull in who was pulled in", joining.PullIn(task_force=TASK_FORCE, person=ONLOOKER)),
    Asked(
        "pull in, with the task that they were pulled in for",
        joining.PullIn(task_force=TASK_FORCE, person=JOINED, order=ORDER),
    ),
    Asked(
        "pull in, with a task that they have from the order",
        joining.PullIn(task_force=TASK_FORCE, person=PERSON, order=ORDER),
        tasked=True,
    ),
    Asked("stand down, no task open", ending.StandDown(task_force=TASK_FORCE, reason="over")),
    Asked("stand down, tasks open", ending.StandDown(task_force=TASK_FORCE, reason="over"), OPEN),
    Asked("close, no task open", ending.CloseTaskForce(task_force=TASK_FORCE, outcome="done")),
    Asked("close, tasks open", ending.CloseTaskForce(task_force=TASK_FORCE, outcome="done"), OPEN),
    Asked(
        "close and withdraw what is open",
        ending.CloseTaskForce(task_force=TASK_FORCE, outcome="done", withdraw_open=True),
        OPEN,
    ),
)

WRONG = (
    Asked("an entry without words", task_force.MakeEntry(task_force=TASK_FORCE, text=" ")),
    Asked(
        "strike an entry that there is not",
        task_force.StrikeEntry(task_force=TASK_FORCE, entry="entry-none", reason="r"),
    ),
    Asked(
        "strike an entry without a reason",
        task_force.StrikeEntry(task_force=TASK_FORCE, entry=ENTRY, reason=""),
    ),
    Asked(
        "correct a fact that there is not",
        task_force.CorrectTaskForce(task_force=TASK_FORCE, version=99, reason="r", text="t"),
    ),
    Asked(
        "correct nothing",
        task_force.CorrectTaskForce(task_force=TASK_FORCE, version=1, reason="r"),
    ),
    Asked("stand down without a reason", ending.StandDown(task_force=TASK_FORCE, reason=" ")),
    Asked("close without an outcome", ending.CloseTaskForce(task_force=TASK_FORCE, outcome="")),
)
"""What is an error in every state."""

WRONG_WHILE_ACTIVE = (
    Asked(
        "issue an order to nobody",
        ordering.IssueOrder(task_force=TASK_FORCE, order=ordering.Order(text="x")),
    ),
    Asked(
        "issue an order to somebody unknown",
        ordering.IssueOrder(
            task_force=TASK_FORCE, order=ordering.Order(text="x", people=("person-none",))
        ),
    ),
    Asked(
        "pull in somebody unknown",
        joining.PullIn(task_force=TASK_FORCE, person="person-none"),
    ),
    Asked(
        "pull in with an order that there is not",
        joining.PullIn(task_force=TASK_FORCE, person=PERSON, order="order-none"),
    ),
)
"""What is an error while orders are taken; afterwards it is refused like any order."""


class Said(NamedTuple):
    """What came of a command, whichever module of the rules took it."""

    outcome: Outcome
    code: str | None
    events: tuple[TaskForceEvent, ...]
    tasks: tuple[Event, ...]
    """The facts of tasks, one for each task that is dispatched or withdrawn."""


def reach(history: tuple[TaskForceEvent, ...]) -> TaskForce:
    """The task force after this history."""
    state: TaskForce | None = None
    for event in history:
        state = task_force.evolve(state, event)
    assert state is not None
    return state


TOWN = organisation(
    ["330825"], {p: [("duty_officer", "330825")] for p in (PERSON, JOINED, ONLOOKER)}
)


def answer(state: TaskForce | None, asked: Asked) -> Said | HandheldError:
    """What the rules say."""
    try:
        return _answer(state, asked)
    except HandheldError as error:
        return error


def _answer(state: TaskForce | None, asked: Asked) -> Said:
    match asked.command:
        case ordering.IssueOrder() as command:
            opening = ordering.decide_order(command, COMMAND, AT, state, TOWN)
        case joining.PullIn() as command:
            opening = joining.decide_pull_in(command, state, TOWN, asked.tasked)
        case ending.StandDown() | ending.CloseTaskForce() as command:
            end = ending.decide(command, state, asked.tasks)
            facts = () if end.fact is None else (end.fact,) * len(end.withdrawn)
            return Said(end.answer.outcome, end.answer.code, end.answer.events, facts)
        case command:
            said = task_force.decide(state, command, "entry-new")
            return Said(said.outcome, said.code, said.events, ())
    dispatched = tuple(dispatch.event for dispatch in opening.dispatches)
    return Said(opening.outcome, opening.code, tuple(opening.events), dispatched)


def in_words(said: Said | HandheldError) -> str:
    """An answer as the table shows it."""
    if isinstance(said, HandheldError):
        return f"{type(said).__name__} `{said.code}`"
    facts = ", ".join(_name(event) for event in said.events)
    if said.tasks:
        number = "1 task" if len(said.tasks) == 1 else f"{len(said.tasks)} tasks"
        facts += f"; {number} {_name(said.tasks[0])}"
    match said.outcome:
        case "accepted":
            return facts
        case "already_done":
            return f"already done `{said.code}`"
        case "overtaken":
            return f"{facts} `{said.code}`"
        case "refused":
            return f"refused `{said.code}`"


def _name(event: Event) -> str:
    return "**" + event.TOPIC.split(".")[1].replace("_", " ") + "**"


def all_answers() -> dict[tuple[str, str], str]:
    """The whole table, by state and command."""
    return {
        (state, asked.label): in_words(answer(reach(history), asked))
        for state, history in STATES.items()
        for asked in COMMANDS
    }
