"""Facts to JSON text and back: what the log's `state` column holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any

import msgspec

from handheld_events.base import Event
from handheld_events.catalogue import CATALOGUE
from handheld_events.envelope import About, Meta, Recorded, Stored
from handheld_events.upcasts import UPCASTS, Upcast

MAX_BYTES = 256 * 1024
"""No event exceeds this: it must travel in one frame and be read on a phone."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class CodecError(Exception):
    """What the codec cannot write or read."""


class EventTooLarge(CodecError):
    """An event over 256 KiB is not written."""

    def __init__(self, topic: str, size: int) -> None:
        super().__init__(topic, size)
        self.topic = topic
        self.size = size

    def __str__(self) -> str:
        return f"{self.topic} takes {self.size} bytes; {MAX_BYTES} is the limit"


class UnreadableEvent(CodecError):
    """An event that this version of the software cannot read."""

    def __init__(self, position: int, topic: str, reason: str) -> None:
        super().__init__(position, topic, reason)
        self.position = position
        self.topic = topic
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.topic} at position {self.position}: {self.reason}"


def microseconds(moment: datetime) -> int:
    """A UTC instant as whole microseconds since 1970: the form of `recorded_at` in the log."""
    return (moment - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=1024)
def instant(us: int) -> datetime:
    """The instant of whole microseconds since 1970."""
    return _EPOCH + us * _MICROSECOND


_encode = msgspec.json.Encoder().encode


class Writing:
    """Encodes the facts of one command; what they share is encoded once."""

    def __init__(self, meta: Meta) -> None:
        self._head = b'{"meta":' + _encode(meta) + b',"data":'

    def state(self, event: Event, about: About) -> bytes:
        """The JSON text of one fact.

        Raises EventTooLarge.
        """
        tail = _encode(about)
        state = self._head + _encode(event) + (b"," + tail[1:] if len(tail) > 2 else b"}")
        return _not_too_large(event, state)


def alone(meta: Meta, event: Event, about: About) -> bytes:
    """The JSON text of a fact that shares its command with few others: the same, at half the price.

    Raises EventTooLarge.
    """
    division, task_force, person = about.division, about.task_force, about.person
    stored = Stored(meta=meta, data=event, division=division, task_force=task_force, person=person)
    return _not_too_large(event, _encode(stored))


def _not_too_large(event: Event, state: bytes) -> bytes:
    if len(state) > MAX_BYTES:
        raise EventTooLarge(event.TOPIC, len(state))
    return state


_DECODERS: dict[type[Event], Callable[[bytes], Stored[Any]]] = {}
_MAKING = Lock()


def _decoder(event: type[Event]) -> Callable[[bytes], Stored[Any]]:
    """Made when the first such fact is met: most programs meet few of all kinds."""
    found = _DECODERS.get(event)
    if found is None:
        # Two threads that make decoders of the same types at once crash the process: msgspec fills in
        # what it knows of a type while others may already use it.
        with _MAKING:
            found = _DECODERS.get(event)
            if found is None:
                found = msgspec.json.Decoder(Stored[event]).decode  # type: ignore[valid-type]
                _DECODERS[event] = found
    return found


def make_all() -> None:
    """Every decoder now: for programs in which several threads meet all kinds."""
    for event in CATALOGUE.values():
        _decoder(event)


class Reading:
    """Decodes facts, old versions included."""

    def __init__(
        self,
        catalogue: Mapping[str, type[Event]] = CATALOGUE,
        upcasts: Mapping[str, Upcast] = UPCASTS,
    ) -> None:
        self._catalogue = catalogue
        self._upcasts = upcasts

    def fact(
        self, position: int, stream: str, version: int, topic: str, state: bytes, recorded_us: int
    ) -> Recorded[Any]:
        """The fact in one row of the log.

        Raises UnreadableEvent, which names the position and the topic.
        """
        stored = self.stored(position, topic, state)
        return Recorded(
            position,
            stream,
            version,
            instant(recorded_us),
            stored.meta,
            stored.division,
            stored.task_force,
            stored.person,
            stored.data,
        )

    def stored(self, position: int, topic: str, state: bytes) -> Stored[Any]:
        """What the row at a position holds, without its columns.

        Raises UnreadableEvent, which names the position and the topic.
        """
        try:
            event = self._catalogue.get(topic)
            return self._old(topic, state) if event is None else _decoder(event)(state)
        except (msgspec.MsgspecError, KeyError, ValueError) as error:
            raise UnreadableEvent(position, topic, str(error) or type(error).__name__) from error

    def _old(self, topic: str, state: bytes) -> Stored[Any]:
        if topic not in self._upcasts:
            msg = f"no event of this name is known to this version: {topic}"
            raise ValueError(msg)
        fields: dict[str, Any] = msgspec.json.decode(state)
        while topic in self._upcasts:
            topic, change = self._upcasts[topic]
            try:
                fields["data"] = change(fields["data"])
            except Exception as error:
                msg = f"its upcaster failed: {type(error).__name__}: {error}"
                raise ValueError(msg) from error
        return msgspec.convert(fields, Stored[self._catalogue[topic]])  # type: ignore[name-defined]
