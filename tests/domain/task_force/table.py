"""Every state of a task force by its history, every command in every form that answers differently."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from msgspec.structs import replace

from handheld.domain import (
    calling_again,
    directing,
    ending,
    joining,
    ordering,
    talking,
    task,
    task_force,
    waves,
)
from handheld.domain.answers import Outcome
from handheld.domain.errors import HandheldError
from handheld.domain.task_force import TaskForce
from handheld_events.base import Event
from handheld_events.examples import ENTRY, ORDER, PERSON, TASK_FORCE
from handheld_events.ids import command_id
from handheld_events.orders import PlanOrder, Target
from handheld_events.task_force import (
    EntryMade,
    EntryStruck,
    OrderClaimed,
    OrderForeseen,
    OrderWithdrawn,
    PersonPulledIn,
    StoodDown,
    TaskForceArchived,
    TaskForceCancelled,
    TaskForceClosed,
    TaskForceEvent,
    TaskForceReopened,
)
from handheld_projections.open_tasks import OPEN as OPEN_TO_A_GROUP
from handheld_projections.open_tasks import STATES as TASK_STATES
from handheld_projections.open_tasks import OpenTask
from tests.support_organisation import organisation
from tests.support_rules import AT, COMMANDER, ISSUED, MESSAGE, SOMEBODY_ELSE, STARTED

JOINED = "person-S000009"
"""Pulled in already, with a task."""
ONLOOKER = "person-S000008"
"""Pulled in already, without a task."""
STRUCK = "entry-struck"
COMMAND = command_id(1_627_030_000_000, bytes(10))

TAKEN_BACK = "order-taken-back"
_HEADS = (Target(role="duty_officer"),)
_LATER = PlanOrder(key="later", text="巡查", to=_HEADS, after=600)
_WAVE = PlanOrder(key="wave", text="转移", to=_HEADS, level="II")

FILLED = "order-filled"
SO_FAR: tuple[TaskForceEvent, ...] = (
    replace(STARTED, level="III"),
    ISSUED,
    EntryMade(entry=ENTRY, text="风力加大"),
    EntryMade(entry=STRUCK, text="记错"),
    EntryStruck(entry=STRUCK, reason="记错"),
    PersonPulledIn(person=JOINED, division="330825", order=ORDER),
    PersonPulledIn(person=ONLOOKER, division="330825"),
    OrderForeseen(order=_LATER, at=AT),
    OrderForeseen(order=_WAVE),
    replace(ISSUED, order=TAKEN_BACK),
    OrderWithdrawn(order=TAKEN_BACK, reason="不需要", withdrawn=0),
    replace(ISSUED, order=FILLED, open_to=1),
    OrderClaimed(order=FILLED, task="task-x", left=0),
)
_DOWN = StoodDown(reason="over", withdrawn=0)
_CLOSED = TaskForceClosed(outcome="done")

STATES: Mapping[str, tuple[TaskForceEvent, ...]] = {
    "active": SO_FAR,
    "stood down": (*SO_FAR, _DOWN),
    "closed": (*SO_FAR, _CLOSED),
    "closed after stand-down": (*SO_FAR, _DOWN, _CLOSED),
    "closed and archived": (*SO_FAR, _CLOSED, TaskForceArchived()),
    "reopened": (*SO_FAR, _CLOSED, TaskForceReopened(reason="又下雨了")),
    "cancelled": (*SO_FAR, TaskForceCancelled(reason="误发", tasks=0)),
}
STATUS: Mapping[str, task_force.Status] = {
    "active": "active",
    "stood down": "stood_down",
    "closed": "closed",
    "closed after stand-down": "closed",
    "closed and archived": "closed",
    "reopened": "active",
    "cancelled": "cancelled",
}

Command = (
    task_force.Command
    | ordering.IssueOrder
    | joining.PullIn
    | waves.ChangeLevel
    | waves.CallForeseen
    | directing.Command
    | calling_again.CallAgain
    | ending.StandDown
    | ending.CloseTaskForce
    | ending.CancelTaskForce
)


class Asked(NamedTuple):
    """A command in one form; `tasks` are the open tasks."""

    label: str
    command: Command
    tasks: Mapping[str, task.Status] = {}
    tasked: bool = False
    actor: str = SOMEBODY_ELSE


OPEN: Mapping[str, task.Status] = {
    "task-a": "waiting",
    "task-b": "in_progress",
    "task-c": "to_verify",
    "task-d": "waiting",
}
_ORDER = ordering.Order(text="再查一遍", people=(PERSON,))

COMMANDS = (
    Asked(
        "send a message",
        task_force.SendMessage(task_force=TASK_FORCE, text="水位多少？", question=True),
    ),
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
    Asked(
        "amend an order",
        directing.AmendOrder(task_force=TASK_FORCE, order=ORDER, text="走南路", reason="塌方"),
        OPEN,
    ),
    Asked(
        "amend an order that was withdrawn",
        directing.AmendOrder(task_force=TASK_FORCE, order=TAKEN_BACK, text="走南路", reason="塌方"),
    ),
    Asked(
        "withdraw an order",
        directing.WithdrawOrder(task_force=TASK_FORCE, order=ORDER, reason="不需要"),
        OPEN,
    ),
    Asked(
        "withdraw an order that was withdrawn",
        directing.WithdrawOrder(task_force=TASK_FORCE, order=TAKEN_BACK, reason="不需要"),
    ),
    Asked(
        "release who waits for a place, all places taken",
        directing.ReleaseRest(task_force=TASK_FORCE, order=FILLED),
        OPEN,
    ),
    Asked(
        "release who waits for a place, places left",
        directing.ReleaseRest(task_force=TASK_FORCE, order=ORDER),
        OPEN,
    ),
    Asked(
        "tell that places are left after their time",
        directing.TellUnfilled(task_force=TASK_FORCE, order=ORDER, due_at=AT),
        OPEN,
    ),
    Asked(
        "call again where nobody was let go",
        calling_again.CallAgain(task_force=TASK_FORCE, order=ORDER),
        OPEN,
    ),
    Asked("raise the level", waves.ChangeLevel(task_force=TASK_FORCE, level="II", reason="雨大")),
    Asked(
        "set the level that it has",
        waves.ChangeLevel(task_force=TASK_FORCE, level="III", reason="雨大"),
    ),
    Asked(
        "call what is due",
        waves.CallForeseen(task_force=TASK_FORCE, key="later", at=AT),
    ),
    Asked(
        "call what was called",
        waves.CallForeseen(task_force=TASK_FORCE, key="later", at=AT + timedelta(hours=1)),
    ),
    Asked(
        "hand over command",
        directing.HandOver(task_force=TASK_FORCE, to=PERSON),
        actor=COMMANDER,
    ),
    Asked(
        "hand command to who has it",
        directing.HandOver(task_force=TASK_FORCE, to=COMMANDER),
        actor=COMMANDER,
    ),
    Asked(
        "name the lead department", directing.NameLead(task_force=TASK_FORCE, department="water")
    ),
    Asked("pull somebody in", joining.PullIn(task_force=TASK_FORCE, person=PERSON)),
    Asked(
        "pull somebody in with a task",
        joining.PullIn(task_force=TASK_FORCE, person=PERSON, order=ORDER),
    ),
    Asked("pull in who was pulled in", joining.PullIn(task_force=TASK_FORCE, person=ONLOOKER)),
    Asked(
        "pull in, with the task that they were pulled in for",
        joining.PullIn(task_force=TASK_FORCE, person=JOINED, order=ORDER),
        tasked=True,
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
    Asked(
        "cancel a start by mistake",
        ending.CancelTaskForce(task_force=TASK_FORCE, reason="误发"),
        OPEN,
    ),
    Asked("reopen", task_force.ReopenTaskForce(task_force=TASK_FORCE, reason="又下雨了")),
    Asked("rate", task_force.RateTaskForce(task_force=TASK_FORCE, satisfied=True)),
    Asked("evaluate", task_force.EvaluateTaskForce(task_force=TASK_FORCE, score=5)),
    Asked("archive", task_force.ArchiveTaskForce(task_force=TASK_FORCE)),
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
    Asked("a message without words", task_force.SendMessage(task_force=TASK_FORCE, text=" ")),
    Asked(
        "answer a message that there is not",
        task_force.SendMessage(task_force=TASK_FORCE, text="x", answers="message-none"),
    ),
    Asked(
        "send a message to what is no unit",
        task_force.SendMessage(task_force=TASK_FORCE, text="x", to="person-1"),
    ),
    Asked(
        "a score of more than five",
        task_force.EvaluateTaskForce(task_force=TASK_FORCE, score=6),
    ),
    Asked(
        "reopen without a reason",
        task_force.ReopenTaskForce(task_force=TASK_FORCE, reason=""),
    ),
    Asked(
        "change the level without a reason",
        waves.ChangeLevel(task_force=TASK_FORCE, level="I", reason=""),
    ),
    Asked("cancel without a reason", ending.CancelTaskForce(task_force=TASK_FORCE, reason="")),
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
    Asked(
        "amend an order that there is not",
        directing.AmendOrder(task_force=TASK_FORCE, order="order-none", text="x", reason="r"),
    ),
    Asked(
        "amend nothing",
        directing.AmendOrder(task_force=TASK_FORCE, order=ORDER, reason="r"),
    ),
    Asked(
        "withdraw an order that there is not",
        directing.WithdrawOrder(task_force=TASK_FORCE, order="order-none", reason="r"),
    ),
    Asked(
        "hand over command to somebody unknown",
        directing.HandOver(task_force=TASK_FORCE, to="person-none"),
        actor=COMMANDER,
    ),
    Asked(
        "hand over command without having it",
        directing.HandOver(task_force=TASK_FORCE, to=PERSON),
        actor="person-none",
    ),
    Asked(
        "name a lead department that there is not",
        directing.NameLead(task_force=TASK_FORCE, department="fire"),
    ),
)
"""What is an error while orders are taken; afterwards it is refused like any order."""


class Said(NamedTuple):
    """What came of a command, whichever module of the rules took it."""

    outcome: Outcome
    code: str | None
    events: tuple[TaskForceEvent, ...]
    tasks: tuple[Event, ...]
    """The facts of tasks, one for each that is dispatched, amended, withdrawn or cancelled."""


def reach(history: tuple[TaskForceEvent, ...]) -> TaskForce:
    """The task force after this history."""
    state: TaskForce | None = None
    for event in history:
        state = task_force.evolve(state, event)
    assert state is not None
    return state


TOWN = organisation(
    ["330825"],
    {p: [("duty_officer", "330825")] for p in (PERSON, JOINED, ONLOOKER, COMMANDER)},
    {"water": "330825"},
)


def answer(state: TaskForce | None, asked: Asked) -> Said | HandheldError:
    """What the rules say."""
    try:
        return _answer(state, asked)
    except HandheldError as error:
        return error


def _answer(state: TaskForce | None, asked: Asked) -> Said:
    order = getattr(asked.command, "order", None)
    known = order if isinstance(order, str) else ORDER
    tasks = {stream: _task(status, order=known) for stream, status in asked.tasks.items()}
    match asked.command:
        case ordering.IssueOrder() as command:
            opening = ordering.decide_order(command, COMMAND, AT, state, TOWN)
        case joining.PullIn() as command:
            theirs = {"task-x": _task("waiting", command.person)} if asked.tasked else {}
            opening = joining.decide_pull_in(command, AT, state, TOWN, theirs)
        case waves.ChangeLevel() as command:
            opening = waves.change_level(command, COMMAND, AT, state, TOWN, tasks)
        case waves.CallForeseen() as command:
            opening = waves.call_foreseen(command, COMMAND, AT, state, TOWN)
        case (
            directing.AmendOrder()
            | directing.WithdrawOrder()
            | directing.ReleaseRest()
            | directing.TellUnfilled()
            | directing.HandOver()
            | directing.NameLead()
        ) as command:
            opening = directing.decide(command, AT, state, TOWN, tasks, asked.actor)
        case calling_again.CallAgain() as command:
            opening = calling_again.decide(command, AT, state, TOWN, tasks, {})
        case ending.StandDown() | ending.CloseTaskForce() | ending.CancelTaskForce() as command:
            opening = ending.decide(command, state, asked.tasks, asked.actor)
        case command:
            said = talking.decide(state, command, "entry-new", MESSAGE, asked.actor)
            return Said(said.outcome, said.code, said.events, ())
    facts = (*(d.event for d in opening.dispatches), *opening.deeds.values())
    return Said(opening.outcome, opening.code, tuple(opening.events), facts)


def _task(status: task.Status, person: str = PERSON, order: str = ORDER) -> OpenTask:
    marks = OPEN_TO_A_GROUP if status == "waiting" else 0
    return OpenTask(person, "330825", order, AT, state=TASK_STATES.index(status), marks=marks)


def in_words(said: Said | HandheldError) -> str:
    """An answer as the table shows it."""
    if isinstance(said, HandheldError):
        return f"{type(said).__name__} `{said.code}`"
    facts = ", ".join(_name(event) for event in said.events)
    if said.tasks:
        number = "1 task" if len(said.tasks) == 1 else f"{len(said.tasks)} tasks"
        told = f"{number} {_name(said.tasks[0])}"
        facts = f"{facts}; {told}" if facts else told
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
