"""What a handler is: how a command becomes facts on streams."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from handheld.application.loading import Append, Loaded
from handheld.application.requests import REACTIONS, Request
from handheld.domain.answers import Answer, Outcome
from handheld.domain.errors import NotFound
from handheld_events.envelope import About
from handheld_projections.open_tasks import (
    OpenTask,
)
from handheld_projections.organisation import Organisation
from handheld_projections.warnings import Warnings


class Proposal(NamedTuple):
    """What a handler makes of a request."""

    outcome: Outcome
    code: str | None
    appends: Sequence[Append]
    reads: Sequence[tuple[str, int]] = ()
    """Streams known through the world on which this rests, with the version known."""


class World(Protocol):
    """What handlers may know beyond the streams they read."""

    def now(self) -> datetime:
        """The time by the log's clock (UTC): what is dispatched now has its deadlines from now."""
        ...

    def organisation(self) -> tuple[Organisation, int]:
        """Divisions and people, caught up to the log's end, and that position."""
        ...

    def open_tasks(self, task_force: str) -> Mapping[str, OpenTask]:
        """The open tasks of a task force, caught up to the log's end."""
        ...

    def tasks(self, task_force: str) -> Mapping[str, OpenTask]:
        """All tasks of a task force, done or not, caught up to the log's end."""
        ...

    def running(self, plan: str, division: str, *, drills: bool) -> Sequence[str]:
        """The task forces of a plan that are active in a division, those started last at the end.

        None are known while the boards are late or stopped: no start is held up by it.
        """
        ...

    def warnings(self, *, drills: bool = False) -> Warnings:
        """The warnings in force, and which CAP message was which, caught up to the log's end."""
        ...


Get = Callable[[str], Loaded]
"""Reads a stream. Whatever was read is what the decision rests on: the commit checks its version."""


Known = frozenset[Literal["organisation", "tasks", "warnings"]]
NOTHING_KNOWN: Known = frozenset()
ORGANISATION: Known = frozenset({"organisation"})
TASKS: Known = frozenset({"tasks"})
WARNINGS: Known = frozenset({"warnings"})


class Handler(NamedTuple):
    """Which streams a command reads, and what is made of it."""

    reads: Callable[[Any], Sequence[str]]
    """Those known from the command alone: they are read together, for a whole batch of commands."""
    handle: Callable[[Any, Request, Get, World], Proposal]
    changes: Known
    """What of the world it may change."""
    knows: Known = NOTHING_KNOWN
    """What of the world it asks: changes decided before it must be written first."""


Table = Mapping[type, Handler]


def one(answer: Answer[Any], stream: str, loaded: Loaded, about: About | None = None) -> Proposal:
    """What an answer about one stream comes to."""
    appends = (Append(stream, loaded.version, about or loaded.about, answer.events),)
    return Proposal(answer.outcome, answer.code, appends if answer.events else ())


def decided_at(request: Request, world: World) -> datetime:
    """The time of a decision (UTC).

    What a reaction asks is decided no earlier than it was found due: a machine's clock may step back
    in between, and what is answered "not yet" is not asked again.
    """
    now = world.now()
    return max(now, request.meta.occurred_at) if request.meta.actor == REACTIONS else now


def of_kind(stream: str, prefix: str, code: str, name: str) -> str:
    """The stream, if its name is that of its kind: no other history is ever read for it."""
    if not stream.startswith(prefix):
        raise NotFound(code, **{name: stream})
    return stream


def task_stream(command: Any) -> tuple[str, ...]:
    """What a command about one task reads."""
    return (of_kind(command.task, "task-", "task.unknown", "task"),)


def task_force_stream(command: Any) -> tuple[str, ...]:
    """What a command about one task force reads."""
    return (of_kind(command.task_force, "tf-", "task_force.unknown", "task_force"),)
