"""A task force (专班) after its start: entries, people pulled in, stand-down, close."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from handheld.domain.answers import Answer, refused
from handheld.domain.base import BaseCommand
from handheld.domain.errors import NotFound
from handheld_events.base import Instant
from handheld_events.division import Posture
from handheld_events.forms import Form, Photos
from handheld_events.orders import Level, PlanOrder, Steps
from handheld_events.task_force import (
    CommandHandedOver,
    DepartmentAccepted,
    DepartmentCalled,
    DepartmentPart,
    EntryMade,
    EntryStruck,
    LevelChanged,
    MessageSent,
    OrderAmended,
    OrderClaimed,
    OrderForeseen,
    OrderIssued,
    OrderUnclaimed,
    OrderUnfilled,
    OrderWithdrawn,
    PersonPulledIn,
    StoodDown,
    TaskForceArchived,
    TaskForceCancelled,
    TaskForceClosed,
    TaskForceCorrected,
    TaskForceEvaluated,
    TaskForceEvent,
    TaskForceRated,
    TaskForceReopened,
    TaskForceStarted,
)

Status = Literal["active", "stood_down", "closed", "cancelled"]
"""进行中, 已终止响应, 已办结, 已撤销."""


class OrderTerms(msgspec.Struct, frozen=True):
    """What an order asks now, after its amendments."""

    text: str
    steps: Steps
    key: str | None = None
    form: Form = ()
    accept_by: datetime | None = None
    report_by: datetime | None = None
    open_to: int | None = None
    claimed: int = 0
    """Of an open order: how many places are taken."""
    called_at_level: Level | None = None
    amended: int = 0
    withdrawn: bool = False
    passed_on_from: str | None = None
    finding: str | None = None
    tasks: int = 0
    given_by: str | None = None
    """The person who gave it, where it was given by itself."""
    unfilled: datetime | None = None
    """Of an open order: the time to claim it that was last recorded as passed with places free."""


class Foreseen(msgspec.Struct, frozen=True):
    """An order that the plan has yet to call."""

    order: PlanOrder
    at: datetime | None
    """When it is due; None while it waits for its level."""
    given: int = 0
    """How often it was given so far, counting what was skipped."""


class TaskForce(msgspec.Struct, frozen=True):
    """A task force as its stream tells it."""

    title: str
    division: str
    commander: str = ""
    """Who started it, until they hand over."""
    posture: Posture = "peacetime"
    level: Level | None = None
    status: Status = "active"
    orders: dict[str, OrderTerms] = {}
    foreseen: dict[str, Foreseen] = {}
    """By the plan's key."""
    departments: dict[str, tuple[DepartmentPart, bool]] = {}
    """By key: its part, and whether it has accepted."""
    entries: dict[str, bool] = {}
    """Entry id to whether it was struck."""
    messages: dict[str, str | None] = {}
    """Message id to the unit that it was for; none: everybody."""
    commanded: frozenset[str] = frozenset()
    """All who command it, or did."""
    pulled_in: frozenset[tuple[str, str | None]] = frozenset()
    """Who was pulled in, with the order they were given."""
    rated: tuple[bool, str | None] | None = None
    """How it was rated, since it was closed last."""
    archived: bool = False
    warning: str | None = None
    """The warning that it answers."""
    finding: str | None = None
    """The finding that it was started about."""
    version: int = 1

    @property
    def lead(self) -> str | None:
        """The key of the department that leads, if one does."""
        return next((key for key, (part, _) in self.departments.items() if part == "lead"), None)


class TaskForceCommand(BaseCommand, frozen=True, kw_only=True):
    """Something that is done to a task force."""

    task_force: str


class MakeEntry(TaskForceCommand, frozen=True, kw_only=True, tag="entry.make"):
    """记事."""

    text: str


class StrikeEntry(TaskForceCommand, frozen=True, kw_only=True, tag="entry.strike"):
    """作废: the entry stays visible as struck."""

    entry: str
    reason: str


class CorrectTaskForce(TaskForceCommand, frozen=True, kw_only=True, tag="task_force.correct"):
    """更正: say what is right of an earlier fact of this task force."""

    version: int
    reason: str
    text: str | None = None
    occurred_at: Instant | None = None


class SendMessage(TaskForceCommand, frozen=True, kw_only=True, tag="message.send"):
    """消息: words of a member to the task force, or to one unit of it."""

    text: str
    photos: Photos = ()
    to: str | None = None
    """A division code or a department stream; none: everybody in the task force."""
    question: bool = False
    answers: str | None = None
    """The message that this one answers."""


class RateTaskForce(TaskForceCommand, frozen=True, kw_only=True, tag="task_force.rate"):
    """评价, by whoever asked for it; after the close, however late."""

    satisfied: bool
    text: str | None = None


class EvaluateTaskForce(TaskForceCommand, frozen=True, kw_only=True, tag="task_force.evaluate"):
    """A superior's evaluation, apart from the rating."""

    score: int
    """1 to 5."""
    text: str | None = None


class ArchiveTaskForce(TaskForceCommand, frozen=True, kw_only=True, tag="task_force.archive"):
    """归档: the record is complete."""


class ReopenTaskForce(TaskForceCommand, frozen=True, kw_only=True, tag="task_force.reopen"):
    """重开: it goes on after stand-down or close."""

    reason: str


Command = (
    MakeEntry
    | StrikeEntry
    | CorrectTaskForce
    | SendMessage
    | RateTaskForce
    | EvaluateTaskForce
    | ArchiveTaskForce
    | ReopenTaskForce
)


def evolve(state: TaskForce | None, event: TaskForceEvent) -> TaskForce:
    """The task force after this fact."""
    if state is None:
        if not isinstance(event, TaskForceStarted):
            msg = f"a task force begins with task_force.started, not {event.TOPIC}"
            raise TypeError(msg)
        return TaskForce(
            title=event.title,
            division=event.division,
            commander=event.commander or "",
            posture=event.posture,
            level=event.level,
            warning=event.warning,
            finding=event.finding,
            commanded=frozenset((event.commander,) if event.commander else ()),
        )
    change: dict[str, object] = {}
    match event:
        case TaskForceStarted():
            msg = "a task force is started once"
            raise TypeError(msg)
        case OrderForeseen():
            key = event.order.key
            given = state.foreseen[key].given if key in state.foreseen else 0
            change["foreseen"] = {**state.foreseen, key: Foreseen(event.order, event.at, given)}
        case OrderIssued():
            change["orders"] = {**state.orders, event.order: _terms(event)}
            if event.key in state.foreseen:
                change["foreseen"] = _given(state.foreseen, event)
        case OrderAmended():
            known = state.orders[event.order]
            change["orders"] = {**state.orders, event.order: _amended(known, event)}
        case OrderWithdrawn():
            known = state.orders[event.order]
            change["orders"] = {**state.orders, event.order: replace(known, withdrawn=True)}
            if known.key in state.foreseen:
                change["foreseen"] = {k: f for k, f in state.foreseen.items() if k != known.key}
        case OrderClaimed():
            known = state.orders[event.order]
            taken = replace(known, claimed=known.claimed + 1)
            change["orders"] = {**state.orders, event.order: taken}
        case OrderUnclaimed():
            known = state.orders[event.order]
            free = replace(known, claimed=known.claimed - 1)
            change["orders"] = {**state.orders, event.order: free}
        case OrderUnfilled():
            known = state.orders[event.order]
            unfilled = replace(known, unfilled=event.due_at)
            change["orders"] = {**state.orders, event.order: unfilled}
        case LevelChanged():
            change["level"] = event.level
        case CommandHandedOver():
            change |= {"commander": event.to, "commanded": state.commanded | {event.to}}
        case DepartmentCalled():
            change["departments"] = _called(state.departments, event)
        case DepartmentAccepted():
            part, _ = state.departments.get(event.department, ("responding", False))
            change["departments"] = {**state.departments, event.department: (part, True)}
        case PersonPulledIn():
            change["pulled_in"] = state.pulled_in | {(event.person, event.order)}
        case MessageSent():
            change["messages"] = {**state.messages, event.message: event.to}
        case EntryMade():
            change["entries"] = {**state.entries, event.entry: False}
        case EntryStruck():
            change["entries"] = {**state.entries, event.entry: True}
        case StoodDown():
            change["status"] = "stood_down"
        case TaskForceClosed():
            change |= {"status": "closed", "foreseen": _no_more(state.foreseen)}
        case TaskForceCancelled():
            change["status"] = "cancelled"
        case TaskForceReopened():
            change |= {"status": "active", "archived": False, "rated": None}
        case TaskForceArchived():
            change["archived"] = True
        case TaskForceRated():
            change["rated"] = (event.satisfied, event.text)
        case TaskForceCorrected() | TaskForceEvaluated():
            pass
    return replace(state, version=state.version + 1, **change)


def _no_more(foreseen: dict[str, Foreseen]) -> dict[str, Foreseen]:
    """With the close its times have passed: a reopening, for a photo say, does not call anew."""
    return {key: replace(one, at=None) for key, one in foreseen.items()}


def _terms(event: OrderIssued) -> OrderTerms:
    return OrderTerms(
        event.text,
        event.steps,
        event.key,
        event.form,
        event.accept_by,
        event.report_by,
        open_to=event.open_to,
        called_at_level=event.called_at_level,
        passed_on_from=event.passed_on_from,
        finding=event.finding,
        tasks=event.tasks,
        given_by=event.given_by,
    )


def _given(foreseen: dict[str, Foreseen], event: OrderIssued) -> dict[str, Foreseen]:
    """What a plan's order is still to be called for, after it was called once more."""
    key = event.key or ""
    known = foreseen[key]
    given = event.occurrence or known.given + 1
    return {**foreseen, key: replace(known, at=event.next_at, given=given)}


def _amended(known: OrderTerms, event: OrderAmended) -> OrderTerms:
    return replace(
        known,
        text=event.text,
        steps=event.steps,
        form=event.form,
        accept_by=event.accept_by,
        report_by=event.report_by,
        amended=event.number,
    )


def _called(
    departments: dict[str, tuple[DepartmentPart, bool]], event: DepartmentCalled
) -> dict[str, tuple[DepartmentPart, bool]]:
    """One department leads: who led before responds from now on."""
    before = dict(departments)
    if event.part == "lead":
        for key, (part, done) in before.items():
            if part == "lead":
                before[key] = ("responding", done)
    accepted_already = before.get(event.department, ("", False))[1]
    before[event.department] = (event.part, accepted_already)
    return before


def existing(state: TaskForce | None, task_force: str) -> TaskForce:
    """The task force, if there is one. Raises NotFound."""
    if state is None:
        raise NotFound("task_force.unknown", task_force=task_force)
    return state


def free_key(state: TaskForce) -> str:
    """The number by which a further order is known; never a name that the plan has given."""
    number = len(state.orders) + 1
    while str(number) in state.foreseen:
        number += 1
    return str(number)


def not_active(state: TaskForce) -> Answer[TaskForceEvent] | None:
    """The refusal where the task force takes no new orders; None where it does."""
    return None if state.status == "active" else refused(f"task_force.{state.status}")
