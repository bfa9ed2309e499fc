"""How CAP messages are followed: alerts, updates and cancels, in whatever order they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from handheld.domain.answers import Outcome
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.warning_commands import ReceiveCap
from handheld.domain.warning_state import WarningState
from handheld.domain.words import check_instants
from handheld_events.warning import (
    Cap,
    WarningCancelled,
    WarningContent,
    WarningEvent,
    WarningReceived,
    WarningUpdated,
)
from handheld_projections.organisation import Organisation


class Followed(NamedTuple):
    """What a message comes to: facts by warning stream."""

    outcome: Outcome
    code: str | None
    facts: Sequence[tuple[str, WarningEvent]] = ()


def receive(
    command: ReceiveCap, stream: str, known: Mapping[str, WarningState], organisation: Organisation
) -> Followed:
    """What follows from a message.

    `stream` is that of a warning which begins with this message; `known` are the warnings that
    hold this message, or one of those that it refers to, and are of the same sender. Raises
    Malformed (`time.not_utc`), NotFound (`division.unknown`).
    """
    check_instants(command.cap.sent, *(reference.sent for reference in command.references))
    message = (command.cap.sender, command.cap.identifier)
    match command.status:
        case "Test":
            return Followed("refused", "warning.test")
        case "System":
            return Followed("refused", "warning.system")
        case "Draft":
            return Followed("refused", "warning.draft")
        case "Actual" | "Exercise":
            pass
    if any(message in state.messages for state in known.values()):
        return Followed("already_done", "warning.received")
    if any(message in state.late for state in known.values()):
        return Followed("overtaken", "warning.newer_known")
    match command.kind:
        case "Ack" | "Error":
            return Followed("already_done", "warning.acknowledgement")
        case "Cancel":
            return _cancel(command, known)
        case "Update":
            return _update(command, stream, known, organisation)
        case "Alert":
            content = _content(command, organisation)
            if content is None:
                return Followed("refused", "warning.says_nothing")
            fact = WarningReceived(source="cap", content=content, cap=command.cap)
            return Followed("accepted", None, [(stream, fact)])


def own_references(command: ReceiveCap) -> tuple[Cap, ...]:
    """The earlier messages of the same sender: nobody changes or lifts another's warning."""
    return tuple(r for r in command.references if r.sender == command.cap.sender)


def _update(
    command: ReceiveCap,
    stream: str,
    known: Mapping[str, WarningState],
    organisation: Organisation,
) -> Followed:
    content = _content(command, organisation)
    if content is None:
        return Followed("refused", "warning.says_nothing")
    if not known:
        fact = WarningReceived(
            source="cap", content=content, cap=command.cap, references=own_references(command)
        )
        return Followed("accepted", "warning.update_of_unknown", [(stream, fact)])
    if any(_sent(state) > command.cap.sent.timestamp() for state in known.values()):
        return Followed("overtaken", "warning.newer_known")
    latest = max(known, key=lambda name: (known[name].in_force, _sent(known[name])))
    facts: list[tuple[str, WarningEvent]] = [
        (name, WarningCancelled(reason=content.headline, cap=command.cap))
        for name, state in known.items()
        if name != latest and state.in_force
    ]
    state = known[latest]
    if not content.divisions and content.area == state.content.area and state.placed:
        content = replace(content, divisions=state.placed)
    facts.append((latest, WarningUpdated(content=content, cap=command.cap)))
    return Followed("accepted", None, facts)


def _cancel(command: ReceiveCap, known: Mapping[str, WarningState]) -> Followed:
    if not known:
        if len(own_references(command)) < len(command.references):
            return Followed("refused", "warning.other_sender")
        return Followed("already_done", "warning.cancel_of_unknown")
    if any(_sent(state) > command.cap.sent.timestamp() for state in known.values()):
        return Followed("overtaken", "warning.newer_known")
    fact = WarningCancelled(reason=_reason(command), cap=command.cap)
    facts = [(name, fact) for name, state in known.items() if state.status != "cancelled"]
    if not facts:
        return Followed("already_done", "warning.cancelled")
    return Followed("accepted", None, facts)


def _sent(state: WarningState) -> float:
    return state.cap.sent.timestamp() if state.cap is not None else 0.0


def _reason(command: ReceiveCap) -> str:
    """In the sender's words; where there are none, the message's name says where they can be had."""
    said = command.content.headline if command.content else None
    return command.note or said or f"CAP {command.cap.identifier}"


def _content(command: ReceiveCap, organisation: Organisation) -> WarningContent | None:
    content = command.content
    if content is None:
        return None
    if not content.event.strip() or not content.headline.strip():
        raise Malformed("words.missing", field="event")
    check_instants(content.effective, content.expires)
    for division in content.divisions:
        if division not in organisation.divisions:
            raise NotFound("division.unknown", division=division)
    return content
