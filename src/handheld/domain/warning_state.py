"""A warning (预警) as its facts tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

import msgspec
from msgspec.structs import replace

from handheld.domain.errors import NotFound
from handheld_events.orders import Level
from handheld_events.warning import (
    Cap,
    ProposalDeclined,
    Source,
    StartCancelled,
    StartedOnWarning,
    StartProposed,
    WarningCancelled,
    WarningContent,
    WarningCorrected,
    WarningEvent,
    WarningExpired,
    WarningLevel,
    WarningPlaced,
    WarningReceived,
    WarningUpdated,
)

K = TypeVar("K")
V = TypeVar("V")

Status = Literal["received", "updated", "cancelled", "expired"]
"""生效, 更新, 解除, 到期: the first two are in force."""

Start = tuple[str, str]
"""Plan stream and division."""
Message = tuple[str, str]
"""Sender and identifier of a CAP message."""


class WarningState(msgspec.Struct, frozen=True):
    """A warning as its stream tells it."""

    source: Source
    content: WarningContent
    status: Status = "received"
    cap: Cap | None = None
    """The latest message of its sender."""
    messages: frozenset[Message] = frozenset()
    """All that were taken in."""
    late: frozenset[Message] = frozenset()
    """Messages that it replaced before they came."""
    placed: tuple[str, ...] = ()
    """The divisions that a duty officer said, for the area as it was then."""
    proposed: Mapping[Start, Level | None] = {}
    declined: Mapping[Start, WarningLevel] = {}
    """With the level that the warning had; also the starts that were cancelled as a mistake."""
    started: Mapping[str, tuple[str | None, str]] = {}
    """Task force to plan stream and division."""
    version: int = 1

    @property
    def in_force(self) -> bool:
        """Whether it is neither lifted nor over."""
        return self.status in ("received", "updated")


def evolve(state: WarningState | None, event: WarningEvent) -> WarningState:
    """The warning after this fact."""
    if state is None:
        if not isinstance(event, WarningReceived):
            msg = f"a warning begins with warning.received, not {event.TOPIC}"
            raise TypeError(msg)
        return WarningState(
            source=event.source,
            content=event.content,
            cap=event.cap,
            messages=_messages(event.cap),
            late=frozenset().union(*map(_messages, event.references)),
        )
    change: dict[str, object] = {}
    match event:
        case WarningReceived():
            msg = "a warning is received once"
            raise TypeError(msg)
        case WarningUpdated():
            change |= {"status": "updated", "content": event.content} | _taken(state, event.cap)
            if event.content.area != state.content.area:
                change["placed"] = ()
        case WarningCancelled():
            change |= {"status": "cancelled", "proposed": {}} | _taken(state, event.cap)
        case WarningExpired():
            change |= {"status": "expired", "proposed": {}}
        case WarningPlaced():
            content = replace(state.content, divisions=event.divisions)
            change |= {"content": content, "placed": event.divisions}
        case StartProposed():
            key = (event.plan, event.division)
            change["proposed"] = {**state.proposed, key: event.level}
            change["declined"] = _without(state.declined, key)
        case ProposalDeclined():
            key = (event.plan, event.division)
            change["declined"] = {**state.declined, key: state.content.level}
            change["proposed"] = _without(state.proposed, key)
        case StartedOnWarning():
            change["started"] = {**state.started, event.task_force: (event.plan, event.division)}
            if event.plan is not None:
                change["proposed"] = _without(state.proposed, (event.plan, event.division))
        case StartCancelled():
            plan, division = state.started.get(event.task_force, (None, ""))
            change["started"] = _without(state.started, event.task_force)
            if plan is not None:  # a reaction does not make the same mistake again
                change["declined"] = {**state.declined, (plan, division): state.content.level}
        case WarningCorrected():
            pass
    return replace(state, version=state.version + 1, **change)


def existing(state: WarningState | None, warning: str) -> WarningState:
    """The warning, if there is one. Raises NotFound (`warning.unknown`)."""
    if state is None:
        raise NotFound("warning.unknown", warning=warning)
    return state


def _without(starts: Mapping[K, V], key: K) -> dict[K, V]:
    return {known: value for known, value in starts.items() if known != key}


def _messages(cap: Cap | None) -> frozenset[Message]:
    return frozenset() if cap is None else frozenset({(cap.sender, cap.identifier)})


def _taken(state: WarningState, cap: Cap | None) -> dict[str, object]:
    return {"cap": cap or state.cap, "messages": state.messages | _messages(cap)}
