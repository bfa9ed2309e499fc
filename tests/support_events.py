"""Facts as rows of a log, for the tests of the published language."""

from __future__ import annotations

from typing import Any

from handheld_events.base import Event
from handheld_events.codec import Reading, Writing, microseconds
from handheld_events.envelope import Meta, Recorded
from handheld_events.examples import META, TASK, at, stream_of

POSITION = 12_000
RECORDED_AT = at(7).replace(second=2)


def stored(event: Event, meta: Meta = META) -> bytes:
    """What the log would hold of this event."""
    return Writing(meta).state(event, stream_of(event)[1])


def read(
    topic: str, state: bytes, stream: str = TASK, reading: Reading | None = None
) -> Recorded[Any]:
    """The fact in a row of the log that has this topic and state."""
    return (reading or Reading()).fact(POSITION, stream, 1, topic, state, microseconds(RECORDED_AT))
