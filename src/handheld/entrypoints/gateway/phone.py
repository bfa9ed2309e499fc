"""One phone, or one desk, on one connection: what it says."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from handheld.application.access.identity import Identity
from handheld.application.pushing.hub import Delivery, Hub
from handheld.application.reading.board_wanted import Wanted
from handheld.domain.duty import PERSON
from handheld.domain.errors import Busy, HandheldError, Malformed
from handheld.entrypoints.gateway import words
from handheld.entrypoints.gateway.answers import EXACT, Answers
from handheld.entrypoints.gateway.deliveries import Deliveries
from handheld.entrypoints.gateway.door import Visitor
from handheld.entrypoints.gateway.feed import Feed
from handheld.entrypoints.gateway.figures import Figures
from handheld.entrypoints.gateway.line import Line
from handheld.entrypoints.gateway.messages import (
    CLOSE_MALFORMED,
    CLOSE_NOT_SIGNED_IN,
    CLOSE_RESTART,
    Ack,
    Do,
    FromClient,
    Hello,
    Resend,
    Unwatch,
    Watch,
    Welcome,
)
from handheld.entrypoints.gateway.wire import Wire

logger = logging.getLogger(__name__)

HELLO_SECONDS = 10.0
WRONG_IN_A_ROW = 3
COMMANDS = 64
WATCHES = 32
CLOSE_TRY_AGAIN = 1013
"""Try again later, of the registry that RFC 6455 set up."""

_DEVICE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_decode = msgspec.json.Decoder(FromClient).decode


class Hall(Protocol):
    """What all connections share."""

    hub: Hub
    figures: Figures
    deliveries: Deliveries

    def now(self) -> datetime:
        """The time by the log's clock (UTC)."""
        ...

    def take_ticket(self, secret: str, told: Callable[[Identity | Busy | None], object]) -> None:
        """Tell, a little later, who a single-use ticket is for; None where it opens nothing."""
        ...

    def answers(self, phone: Phone) -> Answers:
        """For the commands of a connection."""
        ...

    def gone(self, phone: Phone) -> None:
        """The connection has ended."""
        ...

    def greeted(self, phone: Phone) -> None:
        """It is known who is there: from now on it is told of what is new."""
        ...

    def want(self, feed: Feed) -> None:
        """Read what it misses."""
        ...

    def watch(self, phone: Phone, name: str, board: Wanted) -> None:
        """Show a board from now on."""
        ...

    def unwatch(self, phone: Phone, name: str) -> None:
        """No longer."""
        ...

    def retry_after(self) -> float:
        """In how many seconds to come back, so that not all do at once."""
        ...


class Phone(Line):
    """The state of one connection. It lives in the event loop alone."""

    __slots__ = (
        "_answers",
        "_hall",
        "_leaving",
        "_watches",
        "_who",
        "_wrong",
        "acked",
        "device",
        "feed",
        "identity",
        "offset",
    )

    def __init__(self, hall: Hall, wire: Wire, visitor: Visitor) -> None:
        super().__init__(wire, hall.figures, hall.retry_after, visitor.language)
        self._hall = hall
        self.identity = visitor.identity
        self._who = visitor.identity
        """The same, on this device."""
        self.device: str | None = None
        self.acked = 0
        self.offset = 0.0
        self.feed = Feed(self, hall.hub, hall.figures, hall.want)
        self._answers: Answers | None = None
        self._leaving = False
        self._watches: set[str] | None = None
        self._wrong = 0

    @property
    def person(self) -> str:
        """Whose inbox it is."""
        return self.identity.actor if self.identity is not None else ""

    def hurry(self) -> None:
        """Nobody may stay long without a hello."""
        if self.wire.loop.time() - self.wire.came >= HELLO_SECONDS:
            self.problem(HandheldError("gateway.no_hello", seconds=int(HELLO_SECONDS)))
            self.end(CLOSE_NOT_SIGNED_IN)

    # --- what it says -------------------------------------------------------------------------

    def text(self, data: str) -> None:
        """A message came."""
        if self.ended:
            return
        try:
            message = _understood(data)
            if self.device is None and not isinstance(message, Hello):
                raise Malformed("gateway.hello_first")
            self._act(message)
            self._wrong = 0
        except HandheldError as error:
            self._mistaken(error)

    def binary(self) -> None:
        """A message came that is not text."""
        if not self.ended:
            self._mistaken(Malformed("gateway.binary"))

    def _mistaken(self, error: HandheldError) -> None:
        self._figures.malformed += 1
        self._wrong += 1
        self.problem(error)
        if self._wrong >= WRONG_IN_A_ROW:
            self.end(CLOSE_MALFORMED)

    def _act(self, message: FromClient) -> None:
        match message:
            case Hello():
                self._hello(message)
            case Ack(seq=seq):
                self._ack(seq)
            case Resend(after=after):
                self._resend(after)
            case Do(commands=commands):
                self._do(commands)
            case Watch(watch=name, board=board):
                self._watch(name, board)
            case Unwatch(watch=name):
                self._unwatch(name)

    def _hello(self, hello: Hello) -> None:
        if _DEVICE.fullmatch(hello.device) is None:
            raise Malformed("gateway.device")
        if self.identity is None and hello.ticket is not None:
            self.wire.hold()
            self._hall.take_ticket(hello.ticket, partial(self._ticket_taken, hello))
            return
        self._greet(hello)

    def _ticket_taken(self, hello: Hello, found: Identity | Busy | None) -> None:
        if self.ended:
            return
        if isinstance(found, Busy):
            self.send_away(CLOSE_TRY_AGAIN, "gateway.not_ready")
            return
        self.identity = self._who = found
        try:
            self._greet(hello)
        except HandheldError as error:
            self._mistaken(error)
        self.wire.go_on()

    def _greet(self, hello: Hello) -> None:
        if self.identity is None:
            self.problem(HandheldError("gateway.not_signed_in"))
            self.end(CLOSE_NOT_SIGNED_IN)
            return
        if hello.person is not None and hello.person != self.person:
            # A telephone has changed hands: what one did is never sent as another.
            self.problem(HandheldError("gateway.other_person"))
            self.end(CLOSE_NOT_SIGNED_IN)
            return
        hall, hub = self._hall, self._hall.hub
        if not hub.ready.is_set():
            self.send_away(CLOSE_TRY_AGAIN, "gateway.not_ready")
            return
        now = hall.now()
        offset = (hello.clock - now).total_seconds()
        self.offset = offset if abs(offset) >= EXACT.total_seconds() else 0.0
        self.device = self.identity.device or hello.device
        self._who = replace(self.identity, device=self.device)
        feed = self.feed
        feed.on = hello.inbox and self.person.startswith(PERSON)
        hall.greeted(self)  # before the head is asked for: nothing is missed in between
        head, after = feed.begin(hello.epoch, hello.last_seq)
        self.acked = after
        welcome = Welcome(epoch=hub.epoch, head=head, after=after, clock=now, clock_offset=offset)
        self.put(words.encode(welcome))
        self._figures.greeted += 1
        if feed.on:
            if after:
                self._stored(after)
            feed.go_on()

    def _ack(self, seq: int) -> None:
        if not 0 <= seq <= self.feed.reached or not self.feed.on:
            raise Malformed("gateway.ack", seq=seq, sent=self.feed.reached)
        if seq > self.acked:
            self.acked = seq
            self._stored(seq)

    def _stored(self, upto: int) -> None:
        self._figures.acknowledged += 1
        if self.device is not None:
            self._hall.deliveries.stored(self.person, self.device, upto)

    def _resend(self, after: int) -> None:
        if not 0 <= after <= self.feed.reached or not self.feed.on:
            raise Malformed("gateway.resend", after=after, sent=self.feed.reached)
        self.feed.resend(after)

    def _do(self, commands: tuple[Any, ...]) -> None:
        if len(commands) > COMMANDS:
            raise Malformed("gateway.commands", most=COMMANDS)
        who, answers = self._who, self._answers
        if self._leaving or who is None:
            return
        if answers is None:
            answers = self._answers = self._hall.answers(self)
        answers.ask(commands, who, self.language, self._hall.now(), self.offset)

    def _watch(self, name: str, board: Wanted) -> None:
        if not 1 <= len(name) <= 40:
            raise Malformed("gateway.watch_name")
        names = self._watches = self._watches or set()
        if len(names) >= WATCHES and name not in names:
            raise Malformed("gateway.watches", most=WATCHES)
        names.add(name)
        self._hall.watch(self, name, board)

    def _unwatch(self, name: str) -> None:
        if self._watches is not None:
            self._watches.discard(name)
            self._hall.unwatch(self, name)

    def watch_over(self, name: str, error: HandheldError) -> None:
        """A board is not shown any more."""
        if self._watches is not None:
            self._watches.discard(name)
        self.problem(error, name)

    # --- what it is sent ----------------------------------------------------------------------

    def live(self, delivery: Delivery) -> None:
        """New items, in the order of the log."""
        self.feed.live(delivery)

    def room(self) -> None:
        """The client has read what waited for it."""
        self.feed.room()

    def unreadable(self) -> None:
        """What it misses cannot be read: it is to come back."""
        self.send_away(CLOSE_TRY_AGAIN, "gateway.not_ready")

    def yields(self) -> None:
        """Another connection of the same device takes the inbox from now on."""
        self.feed.stop()
        self.problem(HandheldError("gateway.inbox_moved"))

    # --- the end ------------------------------------------------------------------------------

    def over(self) -> None:
        """Nothing more is said on it."""
        self.feed.stop()

    def gone(self) -> None:
        """The connection has ended."""
        self.ended = True
        self.over()
        self._hall.gone(self)

    def leave(self) -> None:
        """The server stops: what is under way is answered first."""
        if self._leaving:
            return
        self._leaving = True
        if self._answers is None:
            self._left()
        else:
            self._answers.when_empty(self._left)

    def _left(self) -> None:
        self.send_away(CLOSE_RESTART, "gateway.restart")


def _understood(data: str) -> FromClient:
    try:
        message: FromClient = _decode(data)
        return message
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed("gateway.malformed", reason=str(error)[:200]) from error
