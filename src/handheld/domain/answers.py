"""What `decide` answers."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

import msgspec

from handheld_events.base import Event

Outcome = Literal["accepted", "already_done", "overtaken", "refused"]
"""Kept with the command id, so that a repeated command is answered as the first time."""

E = TypeVar("E", bound=Event)


class Answer(msgspec.Struct, Generic[E], frozen=True):
    """The outcome of a command on one stream, and the facts that follow from it.

    accepted: the facts are new. already_done: the state is as asked; no fact. overtaken: done
    too late, kept as a fact without effect. refused: the state does not allow it; `code` says why.
    """

    outcome: Outcome
    events: tuple[E, ...] = ()
    code: str | None = None


def accepted(*events: E) -> Answer[E]:
    """These facts happened."""
    return Answer("accepted", events)


def already_done(code: str) -> Answer[E]:
    """It is so already: nothing happens."""
    return Answer("already_done", (), code)


def overtaken(code: str, *events: E) -> Answer[E]:
    """It came too late: kept, without effect."""
    return Answer("overtaken", events, code)


def refused(code: str) -> Answer[E]:
    """The state does not allow it."""
    return Answer("refused", (), code)
