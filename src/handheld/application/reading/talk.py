"""Entries and messages of a task force: who wrote what, when, struck, corrected, answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec

from handheld.application.reading.named import Named, Naming
from handheld.application.reading.photos import PhotoShown, Stored, nothing_stored, photos_shown
from handheld.application.reading.seen import Look, must_see
from handheld.application.telling.facts import Fact, Unreadable, facts_in
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.seeing import NOTHING, View, Viewer, visible
from handheld_events.base import Corrected
from handheld_events.task_force import EntryMade, EntryStruck, MessageSent

MOST = 500
"""Of a page."""

T = TypeVar("T", "EntryShown", "MessageShown")


class Struck(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An entry is void, and stays visible as such (作废)."""

    by: Named
    recorded_at: datetime
    """(UTC)"""
    reason: str | None = None


class EntryShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An entry in the log of a task force (记事)."""

    entry: str
    position: int
    version: int
    """Of the task force's stream: what a correction points at."""
    by: Named
    on_behalf_of: Named | None = None
    occurred_at: datetime
    """As claimed (UTC)."""
    reported_at: datetime
    """(UTC)"""
    recorded_at: datetime
    """(UTC)"""
    text: str | None = None
    """None where the words of people are not for who looks."""
    corrected: str | None = None
    """The right words, where it was corrected."""
    corrected_time: datetime | None = None
    """The right time, where that was corrected (UTC)."""
    struck: Struck | None = None


class MessageShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Words of a member (消息)."""

    message: str
    position: int
    version: int
    """Of the task force's stream: what a correction points at."""
    by: Named
    on_behalf_of: Named | None = None
    occurred_at: datetime
    """As claimed (UTC)."""
    reported_at: datetime
    """(UTC)"""
    recorded_at: datetime
    """(UTC)"""
    text: str | None = None
    """None where the words of people are not for who looks."""
    corrected: str | None = None
    """The right words, where it was corrected."""
    corrected_time: datetime | None = None
    """The right time, where that was corrected (UTC)."""
    photos: tuple[PhotoShown, ...] = ()
    to: str | None = None
    """A division code or a department stream; None: everybody in the task force."""
    to_name: str | None = None
    """What that unit is called."""
    question: bool = False
    """Whether an answer is wanted."""
    answers: str | None = None
    """The message that this one answers."""
    answered: bool = False
    """Whether an answer to it is for who looks."""


class Entries(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page of entries, in log order."""

    entries: tuple[EntryShown, ...]
    next: int | None = None
    """There is more after this position."""
    previous: int | None = None
    """There is more before this position."""


class Messages(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page of messages, in log order."""

    messages: tuple[MessageShown, ...]
    next: int | None = None
    """There is more after this position."""
    previous: int | None = None
    """There is more before this position."""


class Window(NamedTuple):
    """Which part of a list: the first after a position, or the last before one."""

    after: int = 0
    before: int | None = None
    limit: int = 50


FIRST = Window()


def entries(look: Look, viewer: Viewer, task_force: str, window: Window = FIRST) -> Entries:
    """The entries of a task force.

    Raises NotFound (`task_force.unknown`), for what is hidden, too; Malformed (`timeline.limit`).
    """
    absent = NotFound("task_force.unknown", task_force=task_force)
    view = must_see(viewer, "entry", look.task_force(task_force, viewer), absent)
    talk = _Talk(look, viewer, task_force)
    made = [fact for fact in talk.facts if isinstance(fact.event, EntryMade)]
    found, following, previous = _window(
        (fact for fact in made if fact.position > view.after),
        window,
        lambda fact: talk.entry(fact, words=view.names),
    )
    return Entries(entries=found, next=following, previous=previous)


def messages(
    look: Look,
    viewer: Viewer,
    task_force: str,
    window: Window = FIRST,
    stored: Stored = nothing_stored,
) -> Messages:
    """The messages of a task force: those to all, and to the units that are theirs.

    Raises NotFound (`task_force.unknown`), for what is hidden, too; Malformed (`timeline.limit`).
    """
    absent = NotFound("task_force.unknown", task_force=task_force)
    seen = look.task_force(task_force, viewer)
    must_see(viewer, "task_force", seen, absent)
    talk = _Talk(look, viewer, task_force)
    views = {
        fact.position: view for fact in talk.facts if (view := talk.sees_message(fact)) is not None
    }
    sent = [fact for fact in talk.facts if fact.position in views]
    answered = {fact.event.answers for fact in sent}
    found, following, previous = _window(
        sent,
        window,
        lambda fact: talk.message(
            fact,
            stored,
            words=views[fact.position].names,
            answered=fact.event.message in answered,
        ),
    )
    return Messages(messages=found, next=following, previous=previous)


_TALK = (
    EntryMade.TOPIC,
    EntryStruck.TOPIC,
    MessageSent.TOPIC,
    "task_force.corrected.v1",
)


class _Talk:
    """The words of one task force, read once."""

    def __init__(self, look: Look, viewer: Viewer, task_force: str) -> None:
        self._look = look
        self._viewer = viewer
        self._task_force = task_force
        self._naming = Naming(look, viewer, task_force)
        rows = [row for row in look.log.read_streams([task_force]) if row[3] in _TALK]
        self.facts: list[Any] = [f for f in facts_in(rows) if not isinstance(f, Unreadable)]
        self._struck = {
            fact.event.entry: fact for fact in self.facts if isinstance(fact.event, EntryStruck)
        }
        self._corrected: dict[int, Corrected] = {
            fact.event.version: fact.event
            for fact in self.facts
            if isinstance(fact.event, Corrected)
        }

    def sees_message(self, fact: Fact) -> View | None:
        """How much they see of a message; None where nothing, or where it is none."""
        if not isinstance(fact.event, MessageSent):
            return None
        reading, seen = self._look.message(self._task_force, fact, self._viewer)
        view = NOTHING if seen is None else visible(self._viewer, reading, seen)
        return None if view.extent == "nothing" or fact.position <= view.after else view

    def entry(self, fact: Fact, *, words: bool) -> EntryShown:
        struck = self._struck.get(fact.event.entry)
        return EntryShown(
            entry=fact.event.entry,
            **self._common(fact, words=words),
            struck=(
                None
                if struck is None
                else Struck(
                    by=self._naming.of(struck.meta.actor),
                    recorded_at=struck.recorded_at,
                    reason=struck.event.reason if words else None,
                )
            ),
        )

    def message(self, fact: Fact, stored: Stored, *, words: bool, answered: bool) -> MessageShown:
        event: MessageSent = fact.event
        return MessageShown(
            message=event.message,
            **self._common(fact, words=words),
            photos=photos_shown(event.photos, stored) if words else (),
            to=event.to,
            to_name=self._unit(event.to),
            question=event.question,
            answers=event.answers,
            answered=answered,
        )

    def _common(self, fact: Fact, *, words: bool) -> dict[str, Any]:
        correction, behalf = self._corrected.get(fact.version), fact.meta.on_behalf_of
        return {
            "position": fact.position,
            "version": fact.version,
            "by": self._naming.of(fact.meta.actor),
            "on_behalf_of": None if behalf is None else self._naming.of(behalf),
            "occurred_at": fact.occurred_at,
            "reported_at": fact.reported_at,
            "recorded_at": fact.recorded_at,
            "text": fact.event.text if words else None,
            "corrected": correction.text if words and correction is not None else None,
            "corrected_time": correction.occurred_at if correction is not None else None,
        }

    def _unit(self, unit: str | None) -> str | None:
        if unit is None:
            return None
        organisation = self._look.organisation
        department = organisation.departments.get(unit.removeprefix("department-"))
        division = organisation.divisions.get(unit)
        known = department if unit.startswith("department-") else division
        return known.name if known is not None else None


def _window(
    facts: Iterable[Fact], window: Window, made: Callable[[Fact], T]
) -> tuple[tuple[T, ...], int | None, int | None]:
    """The rows of a window, and the cursors after and before it. Raises Malformed."""
    if not 1 <= window.limit <= MOST:
        raise Malformed("timeline.limit", limit=window.limit, most=MOST)
    every = list(facts)
    inside = [
        fact
        for fact in every
        if fact.position > window.after and (window.before is None or fact.position < window.before)
    ]
    shown = inside[: window.limit] if window.before is None else inside[-window.limit :]
    if not shown:
        return (), None, None
    first, last = shown[0].position, shown[-1].position
    return (
        tuple(made(fact) for fact in shown),
        last if every[-1].position > last else None,
        first if every[0].position < first else None,
    )
