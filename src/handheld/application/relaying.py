"""What a relay does next, decided from the published stream itself and from the log: pure.

The log is the record, the stream a copy of it that may be lost, wiped or cut short. So nothing is
remembered elsewhere: the stream's last message says where to go on, and whether it is ours at all.
docs/publishing.md
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from handheld.application.ports import Row
from handheld_events.cloud_messages import Mode, Published, message_of
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.subjects import subject
from handheld_events.withheld import withheld

MESSAGE_ID = "Nats-Msg-Id"
"""The header by which a server knows a message again."""


class UnfitStream(Exception):
    """The stream cannot be gone on with; somebody has to look. The subclasses say why."""


class AnotherLog(UnfitStream):
    """The stream holds the facts of another log, such as the one before a restore."""

    def __init__(self, stream_log: str, log_id: str) -> None:
        super().__init__(stream_log, log_id)
        self.stream_log, self.log_id = stream_log, log_id

    def __str__(self) -> str:
        return f"the stream holds log {self.stream_log}; this is log {self.log_id}"


class AnotherHistory(UnfitStream):
    """The stream has a fact that this log, of the same id, does not have there."""

    def __init__(self, position: int, published: str, held: str | None) -> None:
        super().__init__(position, published, held)
        self.position, self.published, self.held = position, published, held

    def __str__(self) -> str:
        held = self.held or "nothing"
        return f"position {self.position} was published as {self.published}; the log has {held}"


class Standing(NamedTuple):
    """What a stream holds."""

    messages: int
    first_sequence: int
    last_sequence: int
    """That of the last message ever stored, also where it was removed since."""
    first: Published | None
    """The fact in the first message that is there; None where there is no message."""
    last: Published | None
    damaged: bool = False
    """Whether the server itself says that it lost messages."""
    limited: bool = False
    """Whether the stream drops its oldest messages by itself."""


class Held(NamedTuple):
    """What the log has where the stream ends."""

    log_id: str
    first: int
    """The position of its first fact; 0 when empty."""
    at_last: str | None
    """The id of its fact at the position published last; None where it has none."""


class GoOn(NamedTuple):
    """Publish what follows a position."""

    position: int
    sequence: int
    """That of the stream's last message: the next one is refused unless it follows this one."""


class Again(NamedTuple):
    """Remove what there is, up to a sequence, and publish everything from the log."""

    upto: int
    why: str


def next_step(standing: Standing, held: Held, predecessors: Collection[str] = ()) -> GoOn | Again:
    """Where to go on.

    `predecessors` are the ids of logs of which this one was restored: their stream may be replaced.
    Raises AnotherLog and AnotherHistory.
    """
    first, last, upto = standing.first, standing.last, standing.last_sequence
    if first is None or last is None:
        return GoOn(0, upto) if standing.messages == 0 else Again(upto, "its ends are missing")
    for one in (last, first):
        if one.log_id != held.log_id:
            if one.log_id in predecessors:
                return Again(upto, f"it holds log {one.log_id}, before the restore")
            raise AnotherLog(one.log_id, held.log_id)
    if last.event_id != held.at_last:
        raise AnotherHistory(last.position, last.event_id, held.at_last)
    if standing.damaged or standing.messages != upto - standing.first_sequence + 1:
        return Again(upto, "messages are missing in it")
    if not standing.limited and first.position != held.first:
        return Again(upto, "its beginning is missing")
    return GoOn(last.position, upto)


class Outgoing(msgspec.Struct, frozen=True, gc=False):
    """A fact that may leave the house."""

    position: int
    recorded_us: int
    fact: Recorded[Any]
    state: bytes | None
    """Its JSON text, where the log has it as it goes out."""


class Addressed(NamedTuple):
    """A fact as a message."""

    subject: str
    headers: dict[str, str]
    payload: bytes


def outgoing(row: Row, reading: Reading) -> Outgoing:
    """The fact in a row of the log; what is sealed in it is withheld.

    Raises UnreadableEvent: nothing behind it is published, since nothing may be passed over.
    """
    held = reading.fact(*row)
    fact = withheld(held)
    # As the log has it, where nothing was taken from it and it is of today's version.
    state = row[4] if fact is held and row[3] == fact.event.TOPIC else None
    return Outgoing(fact.position, row[5], fact, state)


def addressed(one: Outgoing, log_id: str, mode: Mode) -> Addressed:
    """The message that says so; its headers name it for good."""
    fact = one.fact
    headers, payload = message_of(fact, log_id, mode, one.state)
    headers[MESSAGE_ID] = message_id(log_id, one.position)
    to = subject(log_id, fact.event.TOPIC, fact.division, drill=fact.meta.drill)
    return Addressed(to, headers, payload)


def message_id(log_id: str, position: int) -> str:
    """Names a fact for good: what a server that has it already does not store again."""
    return f"{log_id}/{position}"


def commits(facts: Sequence[Outgoing], most: int, *, more: bool) -> Iterator[Sequence[Outgoing]]:
    """Facts cut into batches of whole commits, `most` each: a reader sees a commit at once.

    The facts of a commit share their recorded time. One of more than `most` facts is cut. Where there
    is `more` in the log, the last commit may go on there: it is held back, unless it is all there is.
    """
    times = [one.recorded_us for one in facts]
    ends = [n for n, (one, next_) in enumerate(pairwise(times), 1) if one != next_]
    if facts and not (more and ends):
        ends.append(len(facts))
    begin = reached = 0
    for end in ends:
        if end - begin > most and reached > begin:
            yield facts[begin:reached]
            begin = reached
        while end - begin > most:
            yield facts[begin : begin + most]
            begin += most
        reached = end
    if reached > begin:
        yield facts[begin:reached]
