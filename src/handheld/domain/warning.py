"""A warning (预警): told, updated, placed, lifted, over.

The starts that it leads to are in `warning_starts`, how CAP messages are followed in
`warning_receiving`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from msgspec.structs import replace

from handheld.domain import warning_starts
from handheld.domain.answers import Answer, accepted, already_done, refused
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.placing import checked
from handheld.domain.warning_commands import (
    Command,
    CorrectWarning,
    DeclineProposal,
    ExpireWarning,
    LiftWarning,
    NewCommand,
    PlaceWarning,
    ProposeStart,
    RaiseWarning,
    TellWarning,
    UpdateWarning,
)
from handheld.domain.warning_starts import start_cancelled, started
from handheld.domain.warning_state import Status, WarningState, evolve, existing
from handheld.domain.words import check_instants, check_words
from handheld_events.warning import (
    WarningCancelled,
    WarningContent,
    WarningCorrected,
    WarningEvent,
    WarningExpired,
    WarningPlaced,
    WarningReceived,
    WarningUpdated,
)
from handheld_projections.organisation import Organisation

__all__ = (
    "Command",
    "CorrectWarning",
    "DeclineProposal",
    "ExpireWarning",
    "LiftWarning",
    "NewCommand",
    "PlaceWarning",
    "ProposeStart",
    "RaiseWarning",
    "Status",
    "TellWarning",
    "UpdateWarning",
    "WarningState",
    "decide",
    "decide_new",
    "evolve",
    "start_cancelled",
    "started",
    "told_anew",
)


_BETWEEN_DIGITS = re.compile(r"(?<=[0-9)])[\s()+.·\-]+(?=[0-9(])")
"""What people write between the digits of a telephone number."""
_NUMBER = re.compile(r"[0-9]{7}")


def decide_new(
    command: NewCommand, organisation: Organisation, at: datetime
) -> Answer[WarningEvent]:
    """A warning told by telephone, or found in data.

    Raises Malformed (`words.missing`, `words.too_long`, `warning.no_divisions`, `time.not_utc`,
    `warning.over_before`, `warning.office_only`), NotFound (`division.unknown`), and as
    `warning_starts.asked` does.
    """
    check_words(event=command.event, headline=command.headline)
    divisions = _divisions(command.divisions, organisation)
    _check_expires(command.expires, at)
    match command:
        case TellWarning():
            _check_office(command.told_by)
            content = WarningContent(
                event=command.event,
                level=command.level,
                headline=command.headline or command.event,
                divisions=divisions,
                expires=command.expires,
            )
            return accepted(
                WarningReceived(source="telephone", content=content, told_by=command.told_by)
            )
        case RaiseWarning():
            check_words(description=command.description)
            content = WarningContent(
                event=command.event,
                level=command.level,
                headline=command.headline,
                divisions=divisions,
                description=command.description,
                expires=command.expires,
            )
            received = WarningReceived(source="data", content=content)
            if command.plan is None:
                return accepted(received)
            return accepted(received, *warning_starts.asked(command.plan, content, organisation))


def told_anew(
    state: WarningState | None,
    command: TellWarning,
    warning: str,
    organisation: Organisation,
    at: datetime,
) -> Answer[WarningEvent]:
    """News by telephone of a warning that there is, whoever sent it.

    It goes on as that one, so that what was started on it is known. Raises as `decide_new` does,
    and NotFound (`warning.unknown`).
    """
    known = existing(state, warning)
    check_words(event=command.event, headline=command.headline)
    _check_office(command.told_by)
    divisions = _divisions(command.divisions, organisation)
    if known.status == "cancelled":
        return refused("warning.cancelled")
    content = replace(
        known.content,
        event=command.event,
        level=command.level,
        headline=command.headline or command.event,
        divisions=divisions,
        expires=command.expires or known.content.expires,
    )
    _check_expires(content.expires, at)
    if content == known.content and known.in_force:
        return already_done("warning.unchanged")
    return accepted(WarningUpdated(content=content, told_by=command.told_by))


def decide(
    state: WarningState | None, command: Command, organisation: Organisation, at: datetime
) -> Answer[WarningEvent]:
    """What follows from the command, at the time `at` by the log's clock.

    Raises NotFound (`warning.unknown`, `division.unknown`, `proposal.unknown`,
    `correction.no_such_fact`), Malformed.
    """
    known = existing(state, command.warning)
    match command:
        case UpdateWarning():
            return _update(known, command, organisation, at)
        case LiftWarning():
            check_words(reason=command.reason)
            if not known.in_force:
                return already_done(_over(known))
            if known.source == "cap":
                return refused("warning.of_its_sender")
            return accepted(WarningCancelled(reason=command.reason))
        case PlaceWarning():
            divisions = _divisions(command.divisions, organisation)
            if not known.in_force:
                return refused(_over(known))
            if divisions == known.content.divisions:
                return already_done("warning.placed")
            return accepted(WarningPlaced(divisions=divisions))
        case ExpireWarning():
            return _expire(known, at)
        case ProposeStart():
            if not known.in_force:
                return already_done(_over(known))
            return warning_starts.propose(known, organisation, at)
        case DeclineProposal():
            return warning_starts.decline(known, command)
        case CorrectWarning():
            return _correct(known, command)


def _update(
    known: WarningState, command: UpdateWarning, organisation: Organisation, at: datetime
) -> Answer[WarningEvent]:
    check_words(event=command.event, headline=command.headline, description=command.description)
    if known.source == "cap":
        return refused("warning.of_its_sender")
    if known.status == "cancelled":
        return refused("warning.cancelled")
    given = {
        name: value
        for name in ("event", "level", "headline", "description", "expires")
        if (value := getattr(command, name)) is not None
    }
    if command.divisions is not None:
        given["divisions"] = _divisions(command.divisions, organisation)
    if "headline" not in given and known.content.headline == known.content.event:
        # A headline that was never given is the event's name: it goes with it.
        given["headline"] = given.get("event", known.content.event)
    content = replace(known.content, **given)
    _check_expires(content.expires, at)
    if content == known.content:
        return already_done("warning.unchanged")
    return accepted(WarningUpdated(content=content))


def _expire(known: WarningState, at: datetime) -> Answer[WarningEvent]:
    if not known.in_force:
        return already_done(_over(known))
    due_at = known.content.expires
    if due_at is None or at < due_at:  # it was told anew meanwhile
        return refused("warning.not_over")
    return accepted(WarningExpired(due_at=due_at))


def _correct(known: WarningState, command: CorrectWarning) -> Answer[WarningEvent]:
    check_words(reason=command.reason, text=command.text)
    check_instants(command.occurred_at)
    if command.text is None and command.occurred_at is None:
        raise Malformed("correction.empty")
    if not 1 <= command.version <= known.version:
        raise NotFound("correction.no_such_fact", version=command.version)
    return accepted(
        WarningCorrected(
            version=command.version,
            reason=command.reason,
            text=command.text,
            occurred_at=command.occurred_at,
        )
    )


def _over(known: WarningState) -> str:
    return "warning.cancelled" if known.status == "cancelled" else "warning.expired"


def _divisions(codes: tuple[str, ...], organisation: Organisation) -> tuple[str, ...]:
    if not codes:
        raise Malformed("warning.no_divisions")
    return checked(codes, organisation)


def _check_office(told_by: str) -> None:
    """The log keeps for good which office told it: a person's number has no place there.

    Service numbers such as 110 or 12345 name an office.
    """
    check_words(told_by=told_by)
    digits = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", told_by))
    if _NUMBER.search(digits):
        raise Malformed("warning.office_only")


def _check_expires(expires: datetime | None, at: datetime) -> None:
    check_instants(expires)
    if expires is not None and expires <= at:
        raise Malformed("warning.over_before", expires=expires)
