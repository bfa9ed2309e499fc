"""Stream `warning-<id>`: a warning (预警), and what came of it."""

from __future__ import annotations

from typing import ClassVar, Literal

from handheld_events.base import Corrected, Event, Instant, Value
from handheld_events.orders import Level

WarningLevel = Literal["blue", "yellow", "orange", "red"]
"""蓝, 黄, 橙, 红: from the lowest to the highest."""
WARNING_LEVELS: tuple[WarningLevel, ...] = ("blue", "yellow", "orange", "red")

Source = Literal["cap", "telephone", "data"]
"""A CAP 1.2 alert, one told by telephone, or an anomaly found in data."""

Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
"""As CAP 1.2 (OASIS, 1 July 2010) section 3.2.2 has them."""


class Cap(Value, frozen=True, kw_only=True):
    """What names a CAP message: sender, identifier and time sent together (section 3.2.1)."""

    sender: str
    """Who sent it, as the message says."""
    identifier: str
    """The sender's name for it."""
    sent: Instant
    """When it was sent (UTC)."""


class WarningContent(Value, frozen=True, kw_only=True):
    """What a warning says."""

    event: str
    """The hazard, in the sender's word (台风)."""
    level: WarningLevel
    headline: str
    """What it says in a line."""
    divisions: tuple[str, ...] = ()
    """The divisions it is for; none where its area names nothing that is in the register."""
    area: str = ""
    """The area in the sender's words."""
    description: str | None = None
    """What is expected."""
    instruction: str | None = None
    """What people should do."""
    severity: Severity | None = None
    """How bad it will be."""
    urgency: Urgency | None = None
    """How soon one must act."""
    certainty: Certainty | None = None
    """How sure it is."""
    effective: Instant | None = None
    """From when it is for (UTC)."""
    expires: Instant | None = None
    """Until when it is for (UTC)."""


class WarningReceived(Event, frozen=True, kw_only=True):
    """A warning came in."""

    TOPIC: ClassVar[str] = "warning.received.v1"
    source: Source
    content: WarningContent
    cap: Cap | None = None
    told_by: str | None = None
    """Of one told by telephone: the office that told it, never a person's name or number."""
    references: tuple[Cap, ...] = ()
    """Of an update to messages that never came: which these are. One that comes after all is late."""


class WarningUpdated(Event, frozen=True, kw_only=True):
    """The sender says it anew: this replaces what was said before."""

    TOPIC: ClassVar[str] = "warning.updated.v1"
    content: WarningContent
    cap: Cap | None = None
    told_by: str | None = None
    """Of what was told by telephone: the office that told it, never a person's name or number."""


class WarningCancelled(Event, frozen=True, kw_only=True):
    """The sender takes it back, or lifts it (解除)."""

    TOPIC: ClassVar[str] = "warning.cancelled.v1"
    reason: str
    cap: Cap | None = None


class WarningExpired(Event, frozen=True, kw_only=True, gc=False):
    """The time for which it was given is over."""

    TOPIC: ClassVar[str] = "warning.expired.v1"
    due_at: Instant


class WarningPlaced(Event, frozen=True, kw_only=True, gc=False):
    """A duty officer says which divisions it is for, where the area alone did not."""

    TOPIC: ClassVar[str] = "warning.placed.v1"
    divisions: tuple[str, ...]


class StartProposed(Event, frozen=True, kw_only=True, gc=False):
    """A plan answers this warning: a start is ready, with everything filled in."""

    TOPIC: ClassVar[str] = "warning.start_proposed.v1"
    plan: str
    """The plan stream."""
    plan_version: int
    division: str
    title: str
    level: Level | None = None
    at_once: bool = False
    """The plan says that the start is made, without asking anybody."""


class ProposalDeclined(Event, frozen=True, kw_only=True, gc=False):
    """The proposed start is not made, and why."""

    TOPIC: ClassVar[str] = "warning.proposal_declined.v1"
    plan: str
    division: str
    reason: str


class StartedOnWarning(Event, frozen=True, kw_only=True, gc=False):
    """A task force was started because of it."""

    TOPIC: ClassVar[str] = "warning.started.v1"
    task_force: str
    division: str
    plan: str | None = None


class StartCancelled(Event, frozen=True, kw_only=True, gc=False):
    """The task force that was started because of it was a mistake: that start counts as none."""

    TOPIC: ClassVar[str] = "warning.start_cancelled.v1"
    task_force: str
    reason: str
    """Why it was cancelled."""


class WarningCorrected(Corrected, frozen=True, kw_only=True, gc=False):
    """An earlier fact of this warning was wrong (更正)."""

    TOPIC: ClassVar[str] = "warning.corrected.v1"


WarningEvent = (
    WarningReceived
    | WarningUpdated
    | WarningCancelled
    | WarningExpired
    | WarningPlaced
    | StartProposed
    | ProposalDeclined
    | StartedOnWarning
    | StartCancelled
    | WarningCorrected
)
