"""What can be asked for about a finding."""

from __future__ import annotations

from handheld.domain.base import BaseCommand
from handheld.domain.ordering import Order
from handheld_events.base import Instant
from handheld_events.forms import Location, Photos


class ReportFinding(BaseCommand, frozen=True, kw_only=True, tag="finding.report"):
    """上报: somebody found something, and says what and where."""

    text: str
    division: str
    """Where it is, as exactly as is known."""
    place: str | None = None
    photos: Photos = ()
    location: Location | None = None
    task: str | None = None
    """The reporter's task in the course of which it was found."""


class FindingCommand(BaseCommand, frozen=True, kw_only=True):
    """Something that is done about a finding."""

    finding: str


class AddToFinding(FindingCommand, frozen=True, kw_only=True, tag="finding.add"):
    """The reporter says more; what was returned is open again."""

    text: str
    photos: Photos = ()


class PassUp(FindingCommand, frozen=True, kw_only=True, tag="finding.pass_up"):
    """上呈: the tier above decides; a department passes it to its division."""

    reason: str
    wants_task_force: bool = False


class Route(FindingCommand, frozen=True, kw_only=True, tag="finding.route"):
    """分流: it belongs to a division below, or to a department."""

    desk: str
    """A division code, or a department stream."""
    reason: str


class Return(FindingCommand, frozen=True, kw_only=True, tag="finding.return"):
    """退回: nothing will be done about it, or more must be said first."""

    reason: str


class DealWith(FindingCommand, frozen=True, kw_only=True, tag="finding.deal_with"):
    """已处置: it is settled, and how."""

    text: str


class CorrectFinding(FindingCommand, frozen=True, kw_only=True, tag="finding.correct"):
    """更正: say what is right of an earlier fact of this finding."""

    version: int
    reason: str
    text: str | None = None
    occurred_at: Instant | None = None


class OrderOnFinding(FindingCommand, frozen=True, kw_only=True, tag="finding.order"):
    """Give an order about it in a running task force: it becomes one task or several."""

    task_force: str
    order: Order


class SettleFinding(FindingCommand, frozen=True, kw_only=True, tag="finding.settle"):
    """All tasks of this order about it have ended: with those of the others it may be settled."""

    order: str
    task: str | None = None
    """The task that was done last: the words of its report say how it was settled."""


Command = AddToFinding | PassUp | Route | Return | DealWith | CorrectFinding
"""What is decided on the finding alone."""
