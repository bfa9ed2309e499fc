"""What can be asked for about warnings (预警)."""

from __future__ import annotations

from handheld.domain.base import BaseCommand
from handheld.domain.cap import CapStatus, MsgType
from handheld_events.base import Instant
from handheld_events.warning import Cap, WarningContent, WarningLevel


class ReceiveCap(BaseCommand, frozen=True, kw_only=True, tag="warning.receive_cap"):
    """A CAP message came in: `cap_reading.from_cap` makes this of it.

    Whoever sends it marks the request as a drill where `cap_reading.is_drill` says so.
    """

    cap: Cap
    status: CapStatus
    kind: MsgType
    references: tuple[Cap, ...] = ()
    content: WarningContent | None = None
    """None where the message has no info block."""
    note: str | None = None


class TellWarning(BaseCommand, frozen=True, kw_only=True, tag="warning.tell"):
    """Somebody told it by telephone, and it is typed in."""

    event: str
    level: WarningLevel
    divisions: tuple[str, ...]
    told_by: str
    """The office that told it: a role or an office, never a person's name or number."""
    headline: str | None = None
    expires: Instant | None = None
    updates: str | None = None
    """The warning of which it is news, whoever sent that: it goes on as that one."""


class RaiseWarning(BaseCommand, frozen=True, kw_only=True, tag="warning.raise"):
    """An anomaly found in data: unpaid utility bills at a firm, say, before wages go unpaid."""

    event: str
    level: WarningLevel
    headline: str
    divisions: tuple[str, ...]
    description: str | None = None
    expires: Instant | None = None
    plan: str | None = None
    """The plan stream that is asked for because of it: its start is proposed besides others."""


class WarningCommand(BaseCommand, frozen=True, kw_only=True):
    """Something that is done to one warning."""

    warning: str


class UpdateWarning(WarningCommand, frozen=True, kw_only=True, tag="warning.update"):
    """It is told anew; what is not given stays as it was."""

    event: str | None = None
    level: WarningLevel | None = None
    headline: str | None = None
    divisions: tuple[str, ...] | None = None
    description: str | None = None
    expires: Instant | None = None


class LiftWarning(WarningCommand, frozen=True, kw_only=True, tag="warning.lift"):
    """It is over, as those who told it say (解除)."""

    reason: str


class PlaceWarning(WarningCommand, frozen=True, kw_only=True, tag="warning.place"):
    """A duty officer says which divisions it is for."""

    divisions: tuple[str, ...]


class ExpireWarning(WarningCommand, frozen=True, kw_only=True, tag="warning.expire"):
    """The time for which it was given is over: asked for by a reaction."""

    due_at: Instant


class ProposeStart(WarningCommand, frozen=True, kw_only=True, tag="warning.propose_start"):
    """See which plans answer it: asked for by a reaction, or the operator."""


class DeclineProposal(WarningCommand, frozen=True, kw_only=True, tag="warning.decline_proposal"):
    """The proposed start is not made."""

    plan: str
    """The plan stream."""
    division: str
    reason: str


class CorrectWarning(WarningCommand, frozen=True, kw_only=True, tag="warning.correct"):
    """更正: say what is right of an earlier fact of this warning."""

    version: int
    reason: str
    text: str | None = None
    occurred_at: Instant | None = None


NewCommand = TellWarning | RaiseWarning
Command = (
    UpdateWarning
    | LiftWarning
    | PlaceWarning
    | ExpireWarning
    | ProposeStart
    | DeclineProposal
    | CorrectWarning
)
"""About a warning that there is."""
