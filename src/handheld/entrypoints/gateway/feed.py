"""What one connection has been sent of an inbox: without a gap, whether from storage or live."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from handheld.application.pushing.hub import Asked, Caught, Delivery
from handheld.entrypoints.gateway import words
from handheld.entrypoints.gateway.figures import Figures
from handheld.entrypoints.gateway.messages import Items, Snapshot

logger = logging.getLogger(__name__)

TOGETHER = 64
"""Items in one message, at most."""
TOGETHER_BYTES = 32 * 1024
"""No item is added to a message of so many bytes."""


class Heads(Protocol):
    """What the hub says of the numbers."""

    epoch: str

    def head(self, person: str) -> int:
        """The last number of a person's inbox."""
        ...


class Way(Protocol):
    """The connection that it goes over."""

    @property
    def person(self) -> str:
        """Whose inbox it is."""
        ...

    @property
    def full(self) -> bool:
        """Whether the client must read before more is caught up with."""
        ...

    def send(self, data: bytes, *, bounded: bool) -> bool:
        """Send a message; `bounded`: whoever does not read is disconnected."""
        ...

    def unreadable(self) -> None:
        """What it misses cannot be read: it is to come back."""
        ...


class Feed:
    """The state of one inbox on one connection. It lives in the event loop alone.

    `sent` grows by one with each item. While it catches up, new items are not written but only
    noted: they are in storage too.
    """

    __slots__ = (
        "_catching",
        "_figures",
        "_hub",
        "_known",
        "_queued",
        "_snapshot",
        "_want",
        "_way",
        "on",
        "reached",
        "sent",
    )

    def __init__(
        self, way: Way, hub: Heads, figures: Figures, want: Callable[[Feed], object]
    ) -> None:
        self._way = way
        self._hub = hub
        self._figures = figures
        self._want = want
        self.on = False
        """Whether this connection takes the inbox."""
        self.sent = 0
        self.reached = 0
        """The last number that was ever sent on it."""
        self._known = 0
        self._catching = False
        self._queued = False
        self._snapshot = False

    def begin(self, epoch: str | None, last: int) -> tuple[int, int]:
        """Go on after what is stored on the device; gives the last number there is, and that one.

        What it misses is sent from `go_on` on. Where the numbers on the device are of another epoch,
        or were never given, a snapshot comes in place of them.
        """
        hub = self._hub
        head = hub.head(self._way.person) if self.on else 0
        resumes = epoch == hub.epoch and 0 <= last <= head
        empty = epoch is None and head == 0
        self._snapshot = self.on and not (resumes or empty)
        self._catching = False
        self.sent = self.reached = last if resumes else 0
        self._known = head
        return head, self.sent

    def go_on(self) -> None:
        """Send what is missing."""
        if not self._snapshot and self.sent == self._known:
            self._figures.resumed += 1
        else:
            self._catch_up()

    def resend(self, after: int) -> None:
        """Everything after a number once more."""
        if after < self.sent and not self._snapshot:  # a snapshot holds all that may be missing
            self.sent = after
            self._catch_up()

    def stop(self) -> None:
        """This connection takes the inbox no longer."""
        self.on = self._catching = False

    def live(self, delivery: Delivery) -> None:
        """New items: written where they follow what was sent, else read from storage."""
        if not self.on or delivery.last <= self.sent:
            return
        self._known = max(self._known, delivery.last)
        if self._catching:
            return
        if delivery.items is None or delivery.first > self.sent + 1:
            self._catch_up()
            return
        self._write(delivery.items[self.sent + 1 - delivery.first :])

    def missing(self) -> Asked | None:
        """From where on it misses items; None where it does not, or is gone."""
        self._queued = False
        return self._asks()

    def _asks(self) -> Asked | None:
        if not self._catching:
            return None
        return Asked(self._way.person, None if self._snapshot else self.sent)

    def caught(self, asked: Asked, found: Caught | Exception) -> None:
        """What was read from storage."""
        if asked != self._asks():  # it said hello again, or asked for something else meanwhile
            self.room()
            return
        if isinstance(found, Exception):
            self._not_caught(repr(found))
            return
        self._known = max(self._known, found.head)
        if self._snapshot:
            self._snapshot = False
            self._figures.snapshots += 1
            self.sent = self.reached = found.last
            raw = tuple(map(msgspec.Raw, found.items))
            snapshot = Snapshot(
                epoch=self._hub.epoch, head=found.last, items=raw, open=tuple(found.open)
            )
            self._way.send(words.encode(snapshot), bounded=False)
        elif found.items:
            self._figures.caught_up += 1
            self._write(found.items, all_of_them=False)
        elif self.sent < self._known:
            self._not_caught(f"nothing after {self.sent} of {self._known}")
        if self.sent >= self._known:
            self._catching = False
        elif not self._way.full:  # else it goes on when there is room again
            self.room()

    def room(self) -> None:
        """The client has read what waited for it."""
        if self._catching and not self._queued:
            self._queued = True
            self._want(self)

    def _catch_up(self) -> None:
        self._catching = True
        self.room()

    def _not_caught(self, reason: str) -> None:
        logger.error("what %s misses cannot be read: %s", self._way.person, reason)
        self._catching = False
        self._way.unreadable()

    def _write(self, items: Sequence[bytes], *, all_of_them: bool = True) -> None:
        """Send items in messages of bounded size; those of a slice only as far as they are read."""
        first = 0
        while first < len(items) and self.on:
            past, size = first, 0
            while past < len(items) and past - first < TOGETHER and size < TOGETHER_BYTES:
                size += len(items[past])
                past += 1
            some = tuple(map(msgspec.Raw, items[first:past]))
            self.sent += len(some)
            self.reached = max(self.reached, self.sent)
            self._figures.items += len(some)
            self._way.send(words.encode(Items(items=some)), bounded=all_of_them)
            first = past
            if self._way.full and not all_of_them:
                return
