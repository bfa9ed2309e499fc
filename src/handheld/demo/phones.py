"""The phones of a story: what is on each, and what its owner will do, in the order of sending."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

from handheld_events.task_force import OrderIssued


class Deed(NamedTuple):
    """What somebody does."""

    at: datetime
    sent: datetime
    """When the phone says so: later than `at` where it had no signal."""
    actor: str
    command: Any
    on_behalf_of: str | None = None


@dataclass(slots=True)
class Phone:
    """A task on somebody's phone."""

    task: str
    person: str
    division: str
    order: OrderIssued
    key: str
    """The habit by which the order is answered."""
    households: tuple[str, ...] = ()
    department: str | None = None
    unit: bool = False
    """The department itself is called."""
    named: bool = False
    """It has named its people, or will."""
    silent: bool = False
    """Nothing has been answered; a reminder, a call or a superior may change that."""
    round: int = 0
    """Grows when what its owner had in mind is off: withdrawn, amended, sent back."""


class Plans:
    """What people have in mind, by the time at which it is sent."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, int, Phone | None, Deed]] = []
        self._count = 0

    def add(self, deed: Deed, phone: Phone | None = None) -> None:
        """Somebody will do this, unless what is on the phone changes before."""
        self._count += 1
        heappush(
            self._heap, (deed.sent, self._count, 0 if phone is None else phone.round, phone, deed)
        )

    def next_at(self) -> datetime | None:
        """When the next deed is sent; none where nobody has anything in mind."""
        while self._heap:
            sent, _, round_, phone, _ = self._heap[0]
            if phone is None or phone.round == round_:
                return sent
            heappop(self._heap)
        return None

    def due(self, until: datetime) -> list[Deed]:
        """What is sent by then, in order."""
        found: list[Deed] = []
        while self._heap and self._heap[0][0] <= until:
            _, _, round_, phone, deed = heappop(self._heap)
            if phone is None or phone.round == round_:
                found.append(deed)
        return found

    def put_off(self, which: Callable[[Deed], bool], by: timedelta) -> None:
        """Other things come first: these deeds are done so much later."""
        for index, (sent, count, round_, phone, deed) in enumerate(self._heap):
            if which(deed):
                later = deed._replace(at=deed.at + by, sent=sent + by)
                self._heap[index] = (later.sent, count, round_, phone, later)
        heapify(self._heap)
