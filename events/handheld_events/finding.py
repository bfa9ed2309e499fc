"""Stream `finding-<id>`: something that somebody found and reported from below (上报).

`About.person` of each of its facts is the reporter, `About.division` the place: so the reporter
sees what becomes of it.
"""

from __future__ import annotations

from typing import ClassVar

from handheld_events.base import Corrected, Event
from handheld_events.forms import Location, Photos


class FindingReported(Event, frozen=True, kw_only=True, gc=False):
    """Somebody found something: where, what, with photos (上报)."""

    TOPIC: ClassVar[str] = "finding.reported.v1"
    text: str
    division: str
    """Where it is, as exactly as is known: a grid or a village."""
    desk: str
    """The division that decides on it first: the village, if the place is in one."""
    place: str | None = None
    photos: Photos = ()
    location: Location | None = None
    """Where the device was."""
    task: str | None = None
    """The task in the course of which it was found, if any."""


class FindingPassedUp(Event, frozen=True, kw_only=True, gc=False):
    """Those who had it cannot settle it: the tier above decides (上呈)."""

    TOPIC: ClassVar[str] = "finding.passed_up.v1"
    desk: str
    """The division that decides now."""
    reason: str
    wants_task_force: bool = False
    """They ask for a task force (请求发起专班)."""


class FindingRouted(Event, frozen=True, kw_only=True, gc=False):
    """It belongs to another desk: a department, or a division below (分流)."""

    TOPIC: ClassVar[str] = "finding.routed.v1"
    desk: str
    """A division, or a department stream."""
    reason: str


class FindingReturned(Event, frozen=True, kw_only=True, gc=False):
    """Nothing will be done about it, or more must be said first (退回)."""

    TOPIC: ClassVar[str] = "finding.returned.v1"
    reason: str


class FindingAdded(Event, frozen=True, kw_only=True, gc=False):
    """The reporter says more; what was returned is open again."""

    TOPIC: ClassVar[str] = "finding.added.v1"
    text: str
    photos: Photos = ()


class FindingDealtWith(Event, frozen=True, kw_only=True, gc=False):
    """It is settled (已处置)."""

    TOPIC: ClassVar[str] = "finding.dealt_with.v1"
    text: str
    order: str | None = None
    """The order by which it was settled, if any."""
    task_force: str | None = None
    """The task force with whose close it was settled, if any: the words are its outcome."""


class FindingOrdered(Event, frozen=True, kw_only=True, gc=False):
    """An order was given about it: it has become one task or several."""

    TOPIC: ClassVar[str] = "finding.ordered.v1"
    task_force_started: str
    """The task force of the order."""
    order: str


class FindingStarted(Event, frozen=True, kw_only=True, gc=False):
    """A task force was started about it."""

    TOPIC: ClassVar[str] = "finding.started.v1"
    task_force_started: str


class FindingPutBack(Event, frozen=True, kw_only=True, gc=False):
    """What was started or ordered about it was a mistake: it lies on its desk again (退回待处置)."""

    TOPIC: ClassVar[str] = "finding.put_back.v1"
    task_force: str
    """The task force that was cancelled."""
    reason: str
    """Why it was cancelled."""
    ordered: bool = False
    """Whether orders of another task force about it still stand."""


class FindingCorrected(Corrected, frozen=True, kw_only=True, gc=False):
    """An earlier fact of this finding was wrong (更正)."""

    TOPIC: ClassVar[str] = "finding.corrected.v1"


FindingEvent = (
    FindingReported
    | FindingPassedUp
    | FindingRouted
    | FindingReturned
    | FindingAdded
    | FindingDealtWith
    | FindingOrdered
    | FindingStarted
    | FindingPutBack
    | FindingCorrected
)
