"""Inbox items as phones get them: what happened, and what is to be done.

Each is checked against the policy at the moment it is made. One that its owner may no longer see is
sent empty, with its number, so that the numbers stay gapless (docs/pushing.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from handheld.application.index_keeper import IndexKeeper
from handheld.application.pushing.item_orders import Giving, OrderParts
from handheld.application.reading.named import Named, Place, place_of
from handheld.application.reading.seen import Look, Looking
from handheld.domain.seeing import Reading, Seen, Viewer, visible
from handheld.domain.task_state import is_open
from handheld_events.base import Event
from handheld_events.codec import Reading as Decoding
from handheld_events.codec import UnreadableEvent
from handheld_events.envelope import Recorded
from handheld_events.task import TaskAmended, TaskDispatched, TaskReopened
from handheld_events.task_force import CommandHandedOver, OrderUnfilled

NEWEST = 50
"""So many items of what needs nothing any more are in a snapshot."""
CHUNK = 2_000

Fact = Recorded[Event]
Numbered = tuple[int, int, Fact | None]
"""Number in the inbox, position in the log, and the fact; None where it cannot be read."""

_encode = msgspec.json.Encoder().encode


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One inbox item. A hidden one has `seq`, `position` and `hidden` only."""

    seq: int
    """The number in the inbox: 1, 2, 3 … without a gap."""
    position: int
    """Of the fact in the log."""
    hidden: bool = False
    """Its owner may no longer see it."""
    topic: str | None = None
    """Name and version of the fact, such as `task.dispatched.v1`."""
    stream: str | None = None
    """The task, finding or task force whose fact it is."""
    version: int | None = None
    """The place in its stream."""
    recorded_at: datetime | None = None
    """When the log took it (UTC)."""
    occurred_at: datetime | None = None
    """When it happened, as claimed (UTC)."""
    drill: bool = False
    task: str | None = None
    task_force: str | None = None
    division: Place | None = None
    """Where the task or the finding is."""
    by: Named | None = None
    """Who did it."""
    on_behalf_of: Named | None = None
    """For whom they did it."""
    data: Any = None
    """The fields of the fact, as the catalogue of events has them."""
    order: Any = None
    """Of what is to be done (anew): an `ItemOrder`."""


class ItemMaker:
    """Makes the items of inboxes. Safe to use from several threads."""

    def __init__(self, looking: Looking, indexes: IndexKeeper) -> None:
        self._looking = looking
        self._indexes = indexes
        self._decode = Decoding().fact
        self._orders = OrderParts()
        self._latest: _Making | None = None

    def make(self, person: str, facts: Sequence[Numbered]) -> list[bytes]:
        """The items of one inbox, encoded, in the order given.

        For what a batch adds to many inboxes `make_all` looks once, not once for each.
        """
        return self._making().of(person, facts)

    def make_all(self, inboxes: Mapping[str, Sequence[Numbered]]) -> dict[str, list[bytes]]:
        """The items of many inboxes at one look, by person: what a start adds is made so."""
        making = self._making()
        return {person: making.of(person, facts) for person, facts in inboxes.items()}

    def after(self, person: str, seq: int, limit: int) -> tuple[int, list[bytes]]:
        """The items after a number, at most so many, and the last number of the inbox.

        The head is that of the index, which may be behind the log for a moment.
        """
        lines = self._indexes.inbox(person, after=seq)
        head = lines[-1].number if lines else seq
        chosen = [(line.number, line.position) for line in lines[:limit]]
        return head, self._made(person, chosen)

    def snapshot(self, person: str) -> tuple[int, list[bytes], list[str]]:
        """The last number; the items of what is not done and the newest of the rest; what is not done."""
        lines = self._indexes.inbox(person)
        look = self._looking.look()
        streams = {line.note for line in lines}
        look.load(streams)
        needed = {stream for stream in streams if _needed(look, stream)}
        rest = [line for line in lines if line.note not in needed][-NEWEST:]
        newest = {line.number for line in rest}
        chosen = [
            (line.number, line.position)
            for line in lines
            if line.note in needed or line.number in newest
        ]
        head = lines[-1].number if lines else 0
        return head, self._made(person, chosen), sorted(needed)

    def _making(self) -> _Making:
        """What was looked up is looked up again only once the log has moved on."""
        look, latest = self._looking.look(), self._latest
        if latest is None or latest.look is not look:
            latest = self._latest = _Making(look, self._orders)
        return latest

    def _made(self, person: str, chosen: Sequence[tuple[int, int]]) -> list[bytes]:
        facts = self._facts(position for _, position in chosen)
        return self.make(person, [(seq, at, facts.get(at)) for seq, at in chosen])

    def _facts(self, positions: Iterable[int]) -> dict[int, Fact]:
        wanted = sorted(set(positions))
        found: dict[int, Fact] = {}
        for start in range(0, len(wanted), CHUNK):
            for row in self._looking.log.read_positions(wanted[start : start + CHUNK]):
                try:
                    found[row[0]] = self._decode(*row)
                except UnreadableEvent:
                    continue  # sent empty: its number is not lost
        return found


def _needed(look: Look, stream: str) -> bool:
    """Whether something is still to be done, or awaited, about it."""
    if stream.startswith("task-"):
        task = look.task_state(stream)
        return task is not None and is_open(task.status)
    if stream.startswith("finding-"):
        finding = look.loaded(stream).state
        return finding is not None and finding.status != "dealt_with"
    return False


class _Making:
    """The making of many items at one look."""

    def __init__(self, look: Look, orders: OrderParts) -> None:
        self.look = look
        self._people = look.organisation.people
        self._giving = Giving(look, orders)
        self._places: dict[str, Place | None] = {}

    def of(self, person: str, facts: Sequence[Numbered]) -> list[bytes]:
        registered = self._people.get(person)
        if registered is None or registered.erased:
            return [_empty(seq, position) for seq, position, _ in facts]
        return [self._item(person, seq, position, fact) for seq, position, fact in facts]

    def _item(self, person: str, seq: int, position: int, fact: Fact | None) -> bytes:
        if fact is None or not self._visible(person, fact):
            return _empty(seq, position)
        event, meta, stream = fact.event, fact.meta, fact.stream
        is_task = stream.startswith("task-")
        order = None
        if is_task and isinstance(event, TaskDispatched | TaskAmended | TaskReopened):
            order = self._giving.order(person, fact)
        return _encode(
            Item(
                seq=seq,
                position=position,
                topic=event.TOPIC,
                stream=stream,
                version=fact.version,
                recorded_at=fact.recorded_at,
                occurred_at=meta.occurred_at,
                drill=meta.drill,
                task=stream if is_task else None,
                task_force=fact.task_force,
                division=self._place(fact.division),
                by=self._giving.named(person, meta.actor, fact),
                on_behalf_of=(
                    None
                    if meta.on_behalf_of is None
                    else self._giving.named(person, meta.on_behalf_of, fact)
                ),
                data=event,
                order=order,
            )
        )

    def _place(self, code: str | None) -> Place | None:
        if code is None:
            return None
        if code not in self._places:
            self._places[code] = place_of(self.look.organisation, code)
        return self._places[code]

    def _visible(self, person: str, fact: Fact) -> bool:
        """As the policy says; whoever is registered sees their own task and their own finding."""
        if fact.person == person and fact.stream.startswith(OWN):
            return True
        viewer = Viewer(person)
        reading, seen = reading_of(self.look, viewer, fact)
        return seen is not None and visible(viewer, reading, seen).extent != "nothing"


OWN = ("task-", "finding-")
"""Whoever such a fact is about is its assignee, or its reporter."""


def reading_of(look: Look, viewer: Viewer, fact: Fact) -> tuple[Reading, Seen | None]:
    """What reading an item is, and of what; the policy is asked so of whatever is not their own."""
    stream, event = fact.stream, fact.event
    if stream.startswith("task-"):
        return "task", look.task(stream)
    if stream.startswith("finding-"):
        return "finding", look.finding(stream)
    if isinstance(event, OrderUnfilled):
        return "order", look.order(stream, event.order, viewer)
    if isinstance(event, CommandHandedOver):
        return "task_force.timeline", look.task_force(stream, viewer)
    return "task_force", look.task_force(stream, viewer)


def _empty(seq: int, position: int) -> bytes:
    return _encode(Item(seq=seq, position=position, hidden=True))
