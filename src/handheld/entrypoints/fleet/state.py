"""What is on one phone: its inbox, and what its owner has done that is not yet answered.

Pure, and without a socket: messages go in, messages come out. Whatever comes twice, out of order or
after a gap, the same ends up stored; whatever was done is sent until it is answered, in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from handheld.application.sent import Sent
from handheld.entrypoints.gateway.messages import (
    Ack,
    Do,
    Done,
    Failed,
    FromClient,
    Hello,
    Items,
    Resend,
    Snapshot,
    Welcome,
)

TOGETHER = 64
"""Commands in one message; the next go out when all of these are answered, so the order stays."""


class Card(msgspec.Struct, frozen=True, gc=False):
    """An inbox item as a phone reads it; fields that it does not know are for others."""

    seq: int
    position: int
    hidden: bool = False
    topic: str | None = None
    stream: str | None = None
    version: int = 0
    recorded_at: datetime | None = None
    drill: bool = False
    task_force: str | None = None
    division: dict[str, Any] | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")
    order: msgspec.Raw = msgspec.Raw()
    """Empty where there is none."""


class Kept(NamedTuple):
    """What stays of an item on a phone of thousands."""

    position: int
    stream: str | None
    topic: str | None


class Outcome(NamedTuple):
    """What was answered to a command."""

    outcome: str
    """As the gateway says; `failed` where it was not taken."""
    code: str | None
    first: int | None


class Store(Protocol):
    """The phone's own storage. Each method returns once what it says is durable."""

    def began(self, epoch: str, last: int, raws: list[bytes]) -> None:
        """A new beginning with these items: what was stored of the inbox is void."""
        ...

    def stored(self, raws: list[bytes]) -> None:
        """Items, in order."""
        ...

    def queued(self, sent: Sent) -> None:
        """Something was done."""
        ...

    def answered(self, command: str, outcome: Outcome) -> None:
        """A command is answered."""
        ...


class Said(NamedTuple):
    """What follows from a message."""

    messages: list[FromClient]
    cards: list[Card]
    """Items that are new on this phone."""


_card = msgspec.json.Decoder(Card).decode
NOTHING = Said([], [])


class PhoneState:
    """Inbox and queue of one phone."""

    __slots__ = (
        "_asked",
        "_flying",
        "_store",
        "answers",
        "conflicting",
        "device",
        "doubled",
        "epoch",
        "head",
        "items",
        "last",
        "queue",
        "repeated",
        "welcomed",
    )

    def __init__(self, device: str, store: Store | None = None) -> None:
        self.device = device
        self._store = store
        self.epoch: str | None = None
        self.last = 0
        """The last number stored without a gap."""
        self.head = 0
        """The last number that there is, as far as it was told."""
        self.items: dict[int, Kept] = {}
        self.queue: dict[str, Sent] = {}
        """Done and not yet answered, in order."""
        self.answers: dict[str, Outcome] = {}
        self._flying: set[str] = set()
        self._asked: int | None = None
        self.welcomed = False
        self.repeated = 0
        """Items that came more than once, and changed nothing."""
        self.conflicting = 0
        """Items that came again as something else: there must be none."""
        self.doubled = 0
        """Commands answered a second time with other facts: there must be none."""

    # --- connecting -------------------------------------------------------------------------------

    def hello(self, clock: datetime, ticket: str | None = None) -> Hello:
        """The first message on a connection."""
        self.welcomed = False
        self._flying.clear()
        self._asked = None
        return Hello(
            device=self.device, epoch=self.epoch, last_seq=self.last, clock=clock, ticket=ticket
        )

    # --- what the gateway says --------------------------------------------------------------------

    def receive(self, message: Any) -> Said:
        """What follows from a message of the gateway; others than these change nothing."""
        match message:
            case Welcome():
                return self._welcome(message)
            case Items(items=items):
                return self._items(items)
            case Snapshot():
                return self._snapshot(message)
            case Done(id=command, outcome=outcome, code=code, first=first):
                return self._answered(command, Outcome(outcome, code, first))
            case Failed(id=command, code=code, again=again):
                if again:
                    self._flying.discard(command)
                    return NOTHING
                return self._answered(command, Outcome("failed", code, None))
            case _:
                return NOTHING

    def _welcome(self, welcome: Welcome) -> Said:
        self.welcomed = True
        self.head = welcome.head
        if self.epoch is None and welcome.head == 0:
            self._begin(welcome.epoch, 0, [], [])  # there is nothing yet, not even a snapshot
        return Said(self.flush(), [])

    def _items(self, items: tuple[msgspec.Raw, ...]) -> Said:
        fresh: list[Card] = []
        raws: list[bytes] = []
        for raw in items:
            card = _card(raw)
            self.head = max(self.head, card.seq)
            if card.seq <= self.last:
                self._again(card)
            elif card.seq == self.last + len(fresh) + 1:
                fresh.append(card)
                raws.append(bytes(raw))
            elif card.seq > self.last + len(fresh) + 1:
                break
        missing = self.head > self.last + len(fresh)
        if fresh:
            self._keep(fresh, raws)
        messages: list[FromClient] = [Ack(seq=self.last)] if fresh else []
        if missing and items and _card(items[-1]).seq > self.last and self._asked != self.last:
            self._asked = self.last
            messages.append(Resend(after=self.last))
        return Said(messages, fresh)

    def _again(self, card: Card) -> None:
        kept = self.items.get(card.seq)
        if kept is None:
            return  # older than the snapshot that this phone began with
        self.repeated += 1
        if kept.position != card.position:
            self.conflicting += 1

    def _snapshot(self, snapshot: Snapshot) -> Said:
        known = {kept.position for kept in self.items.values()} if self._same(snapshot) else set()
        cards = [_card(raw) for raw in snapshot.items]
        self._begin(snapshot.epoch, snapshot.head, cards, [bytes(raw) for raw in snapshot.items])
        undone = frozenset(snapshot.open)
        fresh = [card for card in cards if card.position not in known and card.stream in undone]
        return Said([Ack(seq=snapshot.head)], fresh)

    def _same(self, snapshot: Snapshot) -> bool:
        return snapshot.epoch == self.epoch

    def _begin(self, epoch: str, last: int, cards: list[Card], raws: list[bytes]) -> None:
        if self._store is not None:
            self._store.began(epoch, last, raws)
        self.epoch, self.last, self.head = epoch, last, last
        self.items = {card.seq: Kept(card.position, card.stream, card.topic) for card in cards}
        self._asked = None

    def _keep(self, cards: list[Card], raws: list[bytes]) -> None:
        """Stored first: only then it is acknowledged."""
        if self._store is not None:
            self._store.stored(raws)
        for card in cards:
            self.items[card.seq] = Kept(card.position, card.stream, card.topic)
            self.last = max(self.last, card.seq)
        self._asked = None

    def _answered(self, command: str, outcome: Outcome) -> Said:
        self._flying.discard(command)
        before = self.answers.get(command)
        if before is not None:
            if before != outcome:
                self.doubled += 1
            return NOTHING
        if command not in self.queue:
            return NOTHING
        if self._store is not None:
            self._store.answered(command, outcome)
        self.answers[command] = outcome
        del self.queue[command]
        return Said(self.flush(), [])

    # --- what its owner does ----------------------------------------------------------------------

    def do(self, sent: Sent) -> list[FromClient]:
        """Keep it, and send it if there is a connection."""
        if self._store is not None:
            self._store.queued(sent)
        self.queue[sent.id] = sent
        return self.flush()

    def flush(self) -> list[FromClient]:
        """What can be sent now: nothing while something is on its way."""
        if not self.welcomed or self._flying or not self.queue:
            return []
        chosen = tuple(_first(self.queue, TOGETHER))
        self._flying.update(sent.id for sent in chosen)
        return [Do(commands=chosen)]

    @property
    def waits(self) -> bool:
        """Whether something was refused for now, and is to be sent once more with `flush`."""
        return self.welcomed and bool(self.queue) and not self._flying

    @property
    def whole(self) -> bool:
        """Whether all that there is has arrived, and all that was done is answered."""
        return self.last >= self.head and not self.queue


def _first(queue: Mapping[str, Sent], most: int) -> Iterator[Sent]:
    for number, sent in enumerate(queue.values()):
        if number >= most:
            return
        yield sent
