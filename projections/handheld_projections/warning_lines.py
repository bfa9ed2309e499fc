"""A warning as a line of a list, what changes it, and what it makes a reaction ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from handheld_events.envelope import Recorded
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

Status = Literal["received", "updated", "cancelled", "expired"]


class ProposedStart(msgspec.Struct, frozen=True):
    """A start that is ready, waiting for somebody, or what became of it."""

    plan: str
    plan_version: int
    division: str
    title: str
    level: Level | None
    at_once: bool
    version: int
    """Of the fact that proposed it."""
    proposed_at: datetime
    """Recorded time (UTC)."""
    declined: str | None = None
    """Why it is not made."""
    task_force: str | None = None
    """What was started on it."""

    @property
    def waits(self) -> bool:
        """Whether nobody has answered it."""
        return self.declined is None and self.task_force is None


class WarningLine(msgspec.Struct):
    """A warning at a glance."""

    warning: str
    """The stream."""
    source: Source
    event: str
    level: WarningLevel
    headline: str
    divisions: tuple[str, ...]
    area: str
    sent_at: datetime | None
    """When the sender sent the latest message (UTC); none of one typed in or found in data."""
    received_at: datetime
    """Recorded time of the first fact (UTC)."""
    expires: datetime | None
    drill: bool
    told_by: str | None = None
    """The office that told it last by telephone."""
    status: Status = "received"
    proposals: list[ProposedStart] = []
    task_forces: list[str] = []
    ended_at: datetime | None = None
    """Recorded time (UTC)."""
    asked: tuple[int, datetime] | None = None
    """Version and recorded time of the latest fact that plans are to be held against."""
    version: int = 1


class Due(NamedTuple):
    """Something that a reaction is to ask for.

    `cause` is the same whenever it is asked, so that a command id derived from it is too. Where
    nothing follows (no plan matches) no fact says so: the reaction remembers causes it has asked.
    """

    what: Literal["propose", "start", "expire"]
    at: datetime
    cause: str
    proposal: ProposedStart | None = None
    """What is to be started."""


def new_line(
    fact: Recorded[Any], source: Source, content: WarningContent, cap: Cap | None
) -> WarningLine:
    """The line of a warning that says this."""
    return WarningLine(
        fact.stream,
        source,
        content.event,
        content.level,
        content.headline,
        content.divisions,
        content.area,
        cap.sent if cap else None,
        fact.recorded_at,
        content.expires,
        fact.meta.drill,
        proposals=[],
        task_forces=[],
    )


def change(line: WarningLine, fact: Recorded[Any], event: WarningEvent) -> None:
    """The line after a later fact of the warning."""
    line.version = fact.version
    match event:
        case WarningUpdated():
            _say(line, event.content)
            line.sent_at = event.cap.sent if event.cap else line.sent_at
            line.told_by = event.told_by or line.told_by
            line.status = "updated"
            line.ended_at = None
            line.asked = (fact.version, fact.recorded_at)
        case WarningCancelled():
            line.status = "cancelled"
            _end(line, fact)
        case WarningExpired():
            line.status = "expired"
            _end(line, fact)
        case WarningPlaced():
            line.divisions = event.divisions
            line.asked = (fact.version, fact.recorded_at)
        case StartProposed():
            _forget(line, event.plan, event.division)
            line.proposals.append(
                ProposedStart(
                    event.plan,
                    event.plan_version,
                    event.division,
                    event.title,
                    event.level,
                    event.at_once,
                    fact.version,
                    fact.recorded_at,
                )
            )
            line.asked = None
        case ProposalDeclined():
            _answer(line, event.plan, event.division, declined=event.reason)
        case StartedOnWarning():
            line.task_forces.append(event.task_force)
            if event.plan is not None:
                _answer(line, event.plan, event.division, task_force=event.task_force)
        case StartCancelled():
            line.task_forces = [name for name in line.task_forces if name != event.task_force]
            line.proposals = [
                msgspec.structs.replace(p, task_force=None, declined=event.reason)
                if p.task_force == event.task_force
                else p
                for p in line.proposals
            ]
        case WarningReceived() | WarningCorrected():
            pass


def _say(line: WarningLine, content: WarningContent) -> None:
    line.event = content.event
    line.level = content.level
    line.headline = content.headline
    line.divisions = content.divisions
    line.area = content.area
    line.expires = content.expires


def _end(line: WarningLine, fact: Recorded[Any]) -> None:
    line.ended_at = fact.recorded_at
    line.proposals = [p for p in line.proposals if not p.waits]


def _forget(line: WarningLine, plan: str, division: str) -> None:
    """A start proposed anew takes the place of the one before."""
    line.proposals = [
        p for p in line.proposals if p.task_force or (p.plan, p.division) != (plan, division)
    ]


def _answer(line: WarningLine, plan: str, division: str, **what: str) -> None:
    line.proposals = [
        msgspec.structs.replace(p, **what)
        if p.waits and (p.plan, p.division) == (plan, division)
        else p
        for p in line.proposals
    ]


def dues(line: WarningLine) -> list[Due]:
    """What there will be to ask for, the earliest first; nothing for one that has ended."""
    if line.ended_at is not None:
        return []
    found: list[Due] = []
    if line.asked is not None:
        version, at = line.asked
        found.append(Due("propose", at, f"{line.warning}/{version}"))
    found += [
        Due("start", p.proposed_at, f"{line.warning}/{p.version}", p)
        for p in line.proposals
        if p.at_once and p.waits
    ]
    if line.expires is not None:
        said = line.asked[0] if line.asked is not None else 1
        cause = f"{line.warning}/{said}/{line.expires.isoformat()}"
        found.append(Due("expire", line.expires, cause))
    return sorted(found, key=lambda due: due.at)


def next_due(line: WarningLine) -> datetime | None:
    """When there is something to ask for next (UTC)."""
    return next((due.at for due in dues(line)), None)


def due(line: WarningLine, now: datetime) -> list[Due]:
    """What is to be asked for now."""
    over = line.expires is not None and line.expires <= now
    # After downtime: nobody is called any more because of what is over.
    return [each for each in dues(line) if each.at <= now and not (over and each.what == "start")]
