"""A warning (预警) as somebody may see it: what it says, for where, until when, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from handheld.application.reading.allowed import with_warning
from handheld.application.reading.called import Called
from handheld.application.reading.named import Place
from handheld.application.reading.seen import Look, must_see
from handheld.application.telling.facts import Fact, Unreadable, facts_in
from handheld.domain.duty import may_start
from handheld.domain.errors import NotFound
from handheld.domain.seeing import Viewer, visible
from handheld.domain.warning_state import WarningState
from handheld_events.orders import Level
from handheld_events.territory import within
from handheld_events.warning import (
    WARNING_LEVELS,
    Cap,
    Certainty,
    Severity,
    Source,
    Urgency,
    WarningLevel,
    WarningReceived,
)
from handheld_projections.warning_lines import ProposedStart, Status, WarningLine, change, new_line


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A start that a plan proposes, or what became of it."""

    plan: str
    """The plan stream."""
    plan_version: int
    title: str
    division: Place
    level: Level | None
    """The response level."""
    at_once: bool
    """The plan says that it is made without asking anybody."""
    proposed_at: datetime
    """Recorded time (UTC)."""
    waits: bool
    """Nobody has answered it."""
    may_start: bool
    """It waits, and who looks may start there."""
    declined: str | None
    """Why it is not made; None where it is not declined, or words are hidden."""
    task_force: str | None
    """What was started on it."""


class StartedOnIt(msgspec.Struct, frozen=True, kw_only=True):
    """A task force that was started because of it."""

    task_force: str
    title: str | None
    """None where the task force is hidden."""


class WarningCard(msgspec.Struct, frozen=True, kw_only=True):
    """A warning, whole."""

    warning: str
    version: int
    """Of its stream: for If-Match."""
    source: Source
    event: str
    """The hazard, in the sender's word (台风)."""
    level: WarningLevel
    headline: str
    description: str | None
    """What is expected."""
    instruction: str | None
    """What people should do."""
    divisions: tuple[Place, ...]
    """None where nobody has said yet which it is for."""
    area: str
    """In the sender's words."""
    severity: Severity | None
    urgency: Urgency | None
    certainty: Certainty | None
    """As CAP 1.2 (OASIS, 1 July 2010) section 3.2.2 has them."""
    status: Status
    in_force: bool
    """Neither lifted nor over."""
    sent_at: datetime | None
    """When the sender sent the latest message (UTC)."""
    received_at: datetime
    """Recorded time (UTC)."""
    effective: datetime | None
    """From when it is for (UTC)."""
    expires: datetime | None
    """Until when it is for (UTC)."""
    ended_at: datetime | None
    """Recorded time (UTC) of its being lifted or over."""
    told_by: str | None
    """The office that told it last by telephone."""
    cap: Cap | None
    """The latest message of its sender."""
    drill: bool
    proposals: tuple[Proposal, ...]
    task_forces: tuple[StartedOnIt, ...]
    may: tuple[str, ...]
    """The commands that who looks may send about it, as far as that is a matter of who they are."""


def warning_card(look: Look, viewer: Viewer, warning: str) -> WarningCard:
    """A warning. Raises NotFound (`warning.unknown`), for what is hidden, too."""
    absent = NotFound("warning.unknown", warning=warning)
    view = must_see(viewer, "warning", look.warning(warning), absent)
    state: WarningState = look.loaded(warning).state
    rows = look.log.read_streams([warning])
    line = _line(fact for fact in facts_in(rows) if not isinstance(fact, Unreadable))
    if line is None:
        raise absent
    called, content = Called(look, viewer), state.content
    return WarningCard(
        warning=warning,
        version=line.version,
        source=state.source,
        event=content.event,
        level=content.level,
        headline=content.headline,
        description=content.description,
        instruction=content.instruction,
        divisions=tuple(called.place(code) for code in content.divisions),
        area=content.area,
        severity=content.severity,
        urgency=content.urgency,
        certainty=content.certainty,
        status=line.status,
        in_force=state.in_force,
        sent_at=line.sent_at,
        received_at=line.received_at,
        effective=content.effective,
        expires=content.expires,
        ended_at=line.ended_at,
        told_by=line.told_by if view.names else None,
        cap=state.cap,
        drill=line.drill,
        proposals=tuple(_proposal(called, one, names=view.names) for one in line.proposals),
        task_forces=tuple(_started(look, viewer, name) for name in line.task_forces),
        may=with_warning(look, viewer, content.divisions),
    )


def warnings_in_force(
    look: Look,
    viewer: Viewer,
    lines: Iterable[WarningLine],
    division: str | None = None,
) -> tuple[WarningCard, ...]:
    """Of these lines those that somebody may see, the highest level first, then the latest.

    `lines` are those of `BoardKeeper.warnings(…).open`; `division`: those for it, for what lies
    above it or in it, and those of which nobody has said where they are for.
    """
    found = [
        warning_card(look, viewer, line.warning)
        for line in lines
        if (seen := look.warning(line.warning)) is not None
        and visible(viewer, "warning", seen).extent != "nothing"
        and (
            division is None
            or any(within(code, division) or within(division, code) for code in seen.divisions)
        )
    ]
    found.sort(key=lambda card: card.received_at, reverse=True)
    return tuple(sorted(found, key=lambda card: -WARNING_LEVELS.index(card.level)))


def _line(facts: Iterable[Fact]) -> WarningLine | None:
    """The warning at a glance, however long ago it ended."""
    line: WarningLine | None = None
    for fact in facts:
        if isinstance(fact.event, WarningReceived):
            line = new_line(fact, fact.event.source, fact.event.content, fact.event.cap)
            line.told_by = fact.event.told_by
        elif line is not None:
            change(line, fact, fact.event)
    return line


def _proposal(called: Called, one: ProposedStart, *, names: bool) -> Proposal:
    organisation, actor = called.look.organisation, called.viewer.actor
    return Proposal(
        plan=one.plan,
        plan_version=one.plan_version,
        title=one.title,
        division=called.place(one.division),
        level=one.level,
        at_once=one.at_once,
        proposed_at=one.proposed_at,
        waits=one.waits,
        may_start=one.waits and may_start(organisation, actor, one.division),
        declined=one.declined if names else None,
        task_force=one.task_force,
    )


def _started(look: Look, viewer: Viewer, task_force: str) -> StartedOnIt:
    seen, known = look.task_force(task_force, viewer), look.force(task_force)
    shows = seen is not None and visible(viewer, "task_force", seen).extent != "nothing"
    title = known.title if known is not None and shows else None
    return StartedOnIt(task_force=task_force, title=title)
