"""The hub: follows the log right after each commit, and hands what reaches phones to the gateway.

It does not wait until the index of inboxes is stored: it gives the same numbers itself, and
remembers what is not stored yet, so that whoever catches up misses nothing. docs/pushing.md
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import NamedTuple, Protocol

from handheld.application.board_keeper import BoardKeeper
from handheld.application.following import Batch, batches
from handheld.application.index_keeper import INBOX, IndexKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Log, Views
from handheld.application.pushing.numbers import Fact, Numbered, Numbers, joined
from handheld.application.pushing.undelivered import Undelivered, Waiting
from handheld_events.codec import Reading, UnreadableEvent
from handheld_projections.inbox import Inbox
from handheld_projections.timeline import Timeline

logger = logging.getLogger(__name__)

WAIT_SECONDS = 0.5
SLICE = 256
"""So many items of one person are caught up with at once."""
HANDED = 32
"""So many people's items are handed over at once: less than two milliseconds of the loop."""

MUCH = 64
"""For fewer positions nobody need wait."""

Item = tuple[int, int, Fact | None]
"""Number, position, fact; None where it cannot be read."""


class Maker(Protocol):
    """Makes what a phone gets of a fact."""

    def make(self, person: str, facts: Sequence[Item]) -> list[bytes]:
        """The items of a person, encoded, one each; empty but for the number what is hidden."""
        ...

    def make_all(self, inboxes: Mapping[str, Sequence[Item]]) -> dict[str, list[bytes]]:
        """The items of many people at one look."""
        ...

    def snapshot(self, person: str) -> tuple[int, list[bytes], list[str]]:
        """The last number, the items that still matter up to it, and the streams that are not done."""
        ...


class Delivery(NamedTuple):
    """New items of one person."""

    person: str
    first: int
    last: int
    items: Sequence[bytes] | None
    """None where they could not be made: they are to be caught up with."""


class Asked(NamedTuple):
    """Whoever catches up."""

    person: str
    after: int | None
    """The number after which; None for a snapshot."""


class Caught(NamedTuple):
    """What follows the number asked for, or a snapshot."""

    last: int
    """The number of the last of these items; of a snapshot its head."""
    head: int
    """The last number there is."""
    items: Sequence[bytes]
    open: Sequence[str] = ()
    """Of a snapshot: the tasks and findings in which something is still to be done."""


class Hub:
    """Follows the log in a thread of its own. Safe to use from several threads."""

    def __init__(
        self,
        log: Log,
        views: Views,
        indexes: IndexKeeper,
        boards: BoardKeeper,
        organisation: OrganisationKeeper,
        maker: Maker,
    ) -> None:
        self._log = log
        self._views = views
        self._indexes = indexes
        self._boards = boards
        self._organisation = organisation
        self._maker = maker
        self._reading = Reading()
        self._lock = Lock()
        self._numbers = Numbers({}, 0)
        self._handed = 0
        self._trouble = False
        self._ending = Event()
        self._present: Container[str] = ()
        self._deliver: Callable[[Sequence[Delivery]], None] = lambda _: None
        self._thread = Thread(target=self._run, name="hub", daemon=True)
        self.epoch = f"{log.log_id}.{Inbox.fold_version}"
        """Of the numbers: another after a restore, and when a new version numbers anew."""
        self.undelivered = Undelivered()
        self.ready = Event()
        """Set once the hub has reached the log's end; until then no number is known."""
        self.stopped: str | None = None
        """Why nothing can be numbered any more; None where all is well."""

    def start(self, present: Container[str], deliver: Callable[[Sequence[Delivery]], None]) -> None:
        """Follow from now on. `deliver` is called in the hub's thread, in log order.

        Only for people who are in `present`: whoever joins it first and asks for the head
        afterwards misses nothing.
        """
        self._present, self._deliver = present, deliver
        self._thread.start()

    def close(self) -> None:
        """Stop following."""
        self._ending.set()
        self._log.wake()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def position(self) -> int:
        """The position that has been handed over."""
        return self._numbers.position

    def hurries(self, end: int) -> bool:
        """Whether much is still to be handed over up to a position: so that others wait."""
        if not self.ready.is_set() or self._trouble or self._ending.is_set():
            return False
        return self.stopped is None and end - self._handed > MUCH

    def head(self, person: str) -> int:
        """The last number of a person's inbox."""
        return self._numbers.head(person)

    def catch_up(self, asked: Sequence[Asked]) -> list[Caught | Exception]:
        """What each of them misses, 256 items at most; reads the disk, not for the event loop.

        Where it cannot be read, the reason stands in its place.
        """
        found: list[Caught | Exception | None] = [None] * len(asked)
        wanted: list[tuple[int, int, list[tuple[int, int]]]] = []
        for index, (person, after) in enumerate(asked):
            try:
                if after is None:
                    head, items, undone = self._maker.snapshot(person)
                    found[index] = Caught(head, max(head, self.head(person)), items, undone)
                else:
                    head, lines = self._missing(person, after)
                    wanted.append((index, head, lines))
            except Exception as error:
                found[index] = error
        facts = self._facts([position for _, _, lines in wanted for _, position in lines])
        for index, head, lines in wanted:
            person, after = asked[index]
            try:
                items = self._maker.make(person, [(n, at, facts.get(at)) for n, at in lines])
                found[index] = Caught(lines[-1][0] if lines else after or 0, head, items)
            except Exception as error:
                found[index] = error
        return [one for one in found if one is not None]

    # --- within -------------------------------------------------------------------------------

    def _missing(self, person: str, after: int) -> tuple[int, list[tuple[int, int]]]:
        with self._lock:
            # Before what is stored: what is forgotten in between is stored by then.
            head = self._numbers.head(person)
            waiting = self._numbers.waiting(person, after)
        if head <= after:
            return head, []
        if waiting and waiting[0].number == after + 1:
            lines = waiting[:SLICE]
        else:
            stored = self._views.lines(INBOX, person, after, None, SLICE)
            lines = joined(stored, waiting, after, SLICE)
        return head, [(line.number, line.position) for line in lines if line.number <= head]

    def _facts(self, positions: Sequence[int]) -> dict[int, Fact]:
        rows = self._log.read_positions(sorted(set(positions))) if positions else ()
        found: dict[int, Fact] = {}
        for row in rows:
            with suppress(UnreadableEvent):  # sent empty: its number is not lost
                found[row[0]] = self._reading.fact(*row)
        return found

    def _run(self) -> None:
        begun = False
        while not self._ending.is_set():
            since = self._log.stirred
            try:
                begun = begun or self._begin()
                if begun:
                    self._advance()
                    self._trouble = False
                    self.ready.set()
            except Exception:
                self._trouble = True
                logger.exception("the hub cannot get on after position %s", self.position)
                self._ending.wait(WAIT_SECONDS)
            if self.stopped is not None:
                self.ready.set()
                return
            if begun:
                self._log.wait(self.position, WAIT_SECONDS, self._ending.is_set, since)

    def _begin(self) -> bool:
        """Take over the numbers where the index has them; False where it is not there yet."""
        end = self._log.end()
        if not self._indexes.wait_for(end, WAIT_SECONDS) and self._indexes.stopped is None:
            return False
        position = self._views.cursor(INBOX)
        heads = self._views.heads(INBOX)
        if self._views.cursor(INBOX) != position:  # stored in between: the heads may be newer
            return False
        if not self._boards.wait_for(position, WAIT_SECONDS) and self._boards.stopped is None:
            return False
        with self._lock:
            self._numbers = Numbers(heads, position)
        self._handed = position
        self._queued_before()
        return True

    def _queued_before(self) -> None:
        roots = [code for code in self._organisation.known().divisions if len(code) == 6]
        queued: dict[str, set[str]] = {}
        since: dict[str, int] = {}
        for root in roots:
            for drills in (False, True):
                for one in self._boards.waiters(root, drills=drills):
                    if not one.delivered:
                        queued.setdefault(one.person, set()).add(one.task)
                        since[one.task] = int(one.dispatched_at.timestamp() * 1000)
        for person, tasks in queued.items():
            first: dict[str, int] = {}
            for line in self._views.lines(INBOX, person):
                if line.note in tasks:
                    first.setdefault(line.note, line.number)
            self.undelivered.put(
                person, [Waiting(task, number, since[task]) for task, number in first.items()]
            )

    def _advance(self) -> None:
        for batch in batches(self._log, self.position, reading=self._reading):
            with self._lock:
                self._numbers.stored(self._indexes.position)
                numbered = self._numbers.take(batch.facts, batch.upto)
            self.undelivered.take(batch.facts, numbered)
            self._hand_over(numbered)
            self._handed = batch.upto
            if self._cannot_go_on(batch) or self._ending.is_set():
                return

    def _cannot_go_on(self, batch: Batch) -> bool:
        """As the index: which phones an unreadable fact reaches nobody knows."""
        if batch.unreadable is None or batch.unreadable[1] not in Timeline.streams:
            return False
        self.stopped = str(batch.unreadable[0])
        logger.error("the hub stops: %s", self.stopped)
        return True

    def _hand_over(self, numbered: Sequence[Numbered]) -> None:
        by_person: dict[str, list[Item]] = {}
        for person, number, fact in numbered:
            if person in self._present:
                by_person.setdefault(person, []).append((number, fact.position, fact))
        people = list(by_person)
        for start in range(0, len(people), HANDED):
            some = {person: by_person[person] for person in people[start : start + HANDED]}
            made = self._made(some)
            self._deliver(
                [
                    Delivery(person, items[0][0], items[-1][0], made.get(person))
                    for person, items in some.items()
                ]
            )

    def _made(self, inboxes: Mapping[str, Sequence[Item]]) -> dict[str, list[bytes]]:
        try:
            return self._maker.make_all(inboxes)
        except Exception:
            logger.exception("items of %s people cannot be made", len(inboxes))
            return {}
