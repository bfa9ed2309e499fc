"""A task force (专班) after its start: entries, people pulled in, stand-down, close."""

from __future__ import annotations

from typing import Literal

import msgspec

from handheld.domain.answers import Answer, accepted, already_done, refused
from handheld.domain.base import BaseCommand
from handheld.domain.errors import CommandReused, Malformed, NotFound
from handheld.domain.words import check_instants, check_words
from handheld_events.base import Instant
from handheld_events.orders import Steps
from handheld_events.task_force import (
    EntryMade,
    EntryStruck,
    OrderIssued,
    PersonPulledIn,
    StoodDown,
    TaskForceClosed,
    TaskForceCorrected,
    TaskForceEvent,
    TaskForceStarted,
)

Status = Literal["active", "stood_down", "closed"]
"""进行中, 已终止响应, 已办结."""


class TaskForce(msgspec.Struct, frozen=True):
    """A task force as its stream tells it."""

    title: str
    division: str
    status: Status = "active"
    orders: dict[str, Steps] = {}
    entries: dict[str, bool] = {}
    """Entry id to whether it was struck."""
    pulled_in: frozenset[tuple[str, str | None]] = frozenset()
    """Who was pulled in, with the order they were given."""
    version: int = 1


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


Command = MakeEntry | StrikeEntry | CorrectTaskForce


def evolve(state: TaskForce | None, event: TaskForceEvent) -> TaskForce:
    """The task force after this fact."""
    if state is None:
        if not isinstance(event, TaskForceStarted):
            msg = f"a task force begins with task_force.started, not {event.TOPIC}"
            raise TypeError(msg)
        return TaskForce(title=event.title, division=event.division)
    change: dict[str, object] = {}
    match event:
        case TaskForceStarted():
            msg = "a task force is started once"
            raise TypeError(msg)
        case OrderIssued():
            change["orders"] = {**state.orders, event.order: event.steps}
        case PersonPulledIn():
            change["pulled_in"] = state.pulled_in | {(event.person, event.order)}
        case EntryMade():
            change["entries"] = {**state.entries, event.entry: False}
        case EntryStruck():
            change["entries"] = {**state.entries, event.entry: True}
        case StoodDown():
            change["status"] = "stood_down"
        case TaskForceClosed():
            change["status"] = "closed"
        case TaskForceCorrected():
            pass
    return msgspec.structs.replace(state, version=state.version + 1, **change)


def decide(state: TaskForce | None, command: Command, entry: str) -> Answer[TaskForceEvent]:
    """What follows from the command; `entry` is the id that a new entry would have.

    Entries and corrections may be made at any time, after the close too: the record goes on.
    Raises NotFound, Malformed, CommandReused.
    """
    known = existing(state, command.task_force)
    match command:
        case MakeEntry():
            check_words(text=command.text)
            if entry in known.entries:  # somebody else's command, under the same id
                raise CommandReused(entry)
            return accepted(EntryMade(entry=entry, text=command.text))
        case StrikeEntry():
            check_words(reason=command.reason)
            if command.entry not in known.entries:
                raise NotFound("entry.unknown", entry=command.entry)
            if known.entries[command.entry]:
                return already_done("entry.struck")
            return accepted(EntryStruck(entry=command.entry, reason=command.reason))
        case CorrectTaskForce():
            check_words(reason=command.reason, text=command.text)
            check_instants(command.occurred_at)
            if command.text is None and command.occurred_at is None:
                raise Malformed("correction.empty")
            if not 1 <= command.version <= known.version:
                raise NotFound("correction.no_such_fact", version=command.version)
            return accepted(
                TaskForceCorrected(
                    version=command.version,
                    reason=command.reason,
                    text=command.text,
                    occurred_at=command.occurred_at,
                )
            )


def existing(state: TaskForce | None, task_force: str) -> TaskForce:
    """The task force, if there is one. Raises NotFound."""
    if state is None:
        raise NotFound("task_force.unknown", task_force=task_force)
    return state


def not_active(state: TaskForce) -> Answer[TaskForceEvent] | None:
    """The refusal where the task force takes no new orders; None where it does."""
    return None if state.status == "active" else refused(f"task_force.{state.status}")
