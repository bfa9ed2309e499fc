"""A finding (上报) as somebody may see it: what was found, where, who decides, what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from handheld.application.reading.called import Called, Unit
from handheld.application.reading.named import Named, Place
from handheld.application.reading.seen import Look, must_see
from handheld.application.telling.facts import Fact, Unreadable, facts_in
from handheld.domain.errors import NotFound
from handheld.domain.finding import Finding, Status
from handheld.domain.finding_desks import may_decide
from handheld.domain.seeing import NOTHING, Viewer, visible
from handheld_events.finding import (
    FindingAdded,
    FindingCorrected,
    FindingDealtWith,
    FindingPassedUp,
    FindingReported,
    FindingRouted,
)
from handheld_events.forms import Location, Photos


class PhotoThere(msgspec.Struct, frozen=True, omit_defaults=True):
    """A photo that belongs to words; its bytes may come later than these."""

    sha256: str
    """Of the bytes: 64 hex digits."""
    media: str
    """Media type (RFC 6838)."""
    size: int | None = None
    """Bytes."""
    awaited: bool = False
    """The bytes have not come yet."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A desk on which it lay, and how it came there."""

    desk: Unit
    since: datetime
    """Recorded time (UTC)."""
    reason: str | None
    """Why it was passed up or routed; None of the first desk, or where words are hidden."""


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What the reporter said later."""

    text: str | None
    """None where words are hidden."""
    photos: tuple[PhotoThere, ...]
    recorded_at: datetime
    """UTC."""


class CameOfIt(msgspec.Struct, frozen=True, kw_only=True):
    """An order given about it, or the task force started about it."""

    task_force: str
    title: str | None
    """Of the task force; None where that is hidden."""
    order: str | None = None
    text: str | None = None
    """Of the order; None where it is hidden."""


class FindingCard(msgspec.Struct, frozen=True, kw_only=True):
    """A finding, whole."""

    finding: str
    version: int
    """Of its stream: for If-Match."""
    position: int
    """The position of its last fact."""
    text: str | None
    """As it was corrected last; None where words of people are hidden."""
    corrected: bool
    """Whether these are not the words first reported."""
    place: str | None
    division: Place
    photos: tuple[PhotoThere, ...]
    location: Location | None
    """Where the device was (WGS 84)."""
    reporter: Named
    """With the telephone number, where that is for who looks."""
    task: str | None
    """In the course of which it was found."""
    drill: bool
    occurred_at: datetime
    """When it was found, as claimed (UTC)."""
    reported_at: datetime
    """When the device said so (UTC)."""
    recorded_at: datetime
    """When the log took it (UTC)."""
    state: Status
    desk: Unit
    """Who decides now."""
    desks: tuple[Desk, ...]
    """All on which it lay, in order."""
    may_decide: bool
    """Whether it lies on a desk of who looks."""
    wants_task_force: bool
    reason: str | None
    """Why it was passed on, routed, returned or put back last."""
    added: tuple[Added, ...]
    orders: tuple[CameOfIt, ...]
    task_force: CameOfIt | None
    """The task force that was started about it."""
    settled_by: str | None
    """The words with which it was settled."""
    settled_at: datetime | None
    """Recorded time (UTC)."""


Stored = Callable[[str], bool]
"""Whether the bytes with this SHA-256 are there."""


def all_awaited(_sha256: str) -> bool:
    """Where there is no store of attachments."""
    return False


def finding_card(
    look: Look, viewer: Viewer, finding: str, stored: Stored = all_awaited
) -> FindingCard:
    """A finding. Raises NotFound (`finding.unknown`), for what is hidden, too."""
    absent = NotFound("finding.unknown", finding=finding)
    view = must_see(viewer, "finding", look.finding(finding), absent)
    state: Finding = look.loaded(finding).state
    rows = look.log.read_streams([finding])
    facts = [fact for fact in facts_in(rows) if not isinstance(fact, Unreadable)]
    shown = _Shown(Called(look, viewer), view.names, stored)
    return shown.card(state, facts[0], facts[0].event, facts)


class _Shown(NamedTuple):
    """How a finding is shown to one who looks."""

    called: Called
    names: bool
    """Whether words of people are for them."""
    stored: Stored

    def card(
        self, state: Finding, first: Fact, event: FindingReported, facts: Sequence[Fact]
    ) -> FindingCard:
        called, names = self.called, self.names
        right = _corrected(facts)
        settled = [fact for fact in facts if isinstance(fact.event, FindingDealtWith)]
        organisation, actor = called.look.organisation, called.viewer.actor
        return FindingCard(
            finding=first.stream,
            version=facts[-1].version,
            position=facts[-1].position,
            text=(right or event.text) if names else None,
            corrected=right is not None,
            place=event.place if names else None,
            division=called.place(event.division),
            photos=self._photos(event.photos),
            location=event.location if names else None,
            reporter=called.naming().with_phone(first.person or first.meta.actor),
            task=event.task,
            drill=first.meta.drill,
            occurred_at=first.occurred_at,
            reported_at=first.reported_at,
            recorded_at=first.recorded_at,
            state=state.status,
            desk=called.unit(state.desk),
            desks=tuple(self._desks(facts)),
            may_decide=may_decide(organisation, actor, state.desk),
            wants_task_force=state.wants_task_force,
            reason=state.reason if names else None,
            added=tuple(self._added(facts)),
            orders=tuple(self._order(order, force) for order, force in state.orders.items()),
            task_force=None if state.task_force is None else self._started(state.task_force),
            settled_by=state.dealt_with if names else None,
            settled_at=settled[-1].recorded_at if state.status == "dealt_with" else None,
        )

    def _photos(self, photos: Photos) -> tuple[PhotoThere, ...]:
        """None where words are hidden: a photo tells as much."""
        return tuple(
            PhotoThere(photo.sha256, photo.media, photo.size, not self.stored(photo.sha256))
            for photo in (photos if self.names else ())
        )

    def _desks(self, facts: Iterable[Fact]) -> Iterator[Desk]:
        for fact in facts:
            event = fact.event
            if isinstance(event, FindingReported | FindingPassedUp | FindingRouted):
                given = None if isinstance(event, FindingReported) else event.reason
                yield Desk(
                    desk=self.called.unit(event.desk),
                    since=fact.recorded_at,
                    reason=given if self.names else None,
                )

    def _added(self, facts: Iterable[Fact]) -> Iterator[Added]:
        for fact in facts:
            if isinstance(fact.event, FindingAdded):
                yield Added(
                    text=fact.event.text if self.names else None,
                    photos=self._photos(fact.event.photos),
                    recorded_at=fact.recorded_at,
                )

    def _started(self, task_force: str) -> CameOfIt:
        look, viewer = self.called.look, self.called.viewer
        seen, known = look.task_force(task_force, viewer), look.force(task_force)
        shows = seen is not None and visible(viewer, "task_force", seen).extent != "nothing"
        title = known.title if known is not None and shows else None
        return CameOfIt(task_force=task_force, title=title)

    def _order(self, order: str, task_force: str) -> CameOfIt:
        look, viewer = self.called.look, self.called.viewer
        seen, known = look.order(task_force, order, viewer), look.force(task_force)
        view = NOTHING if seen is None else visible(viewer, "order", seen)
        shows = known is not None and view.extent != "nothing" and view.names
        return msgspec.structs.replace(
            self._started(task_force),
            order=order,
            text=known.orders[order].text if known is not None and shows else None,
        )


def _corrected(facts: Iterable[Fact]) -> str | None:
    """The right words of the report, where the first were wrong."""
    right: str | None = None
    for fact in facts:
        match fact.event:
            case FindingCorrected(version=1, text=str(text)):
                right = text
            case _:
                pass
    return right
