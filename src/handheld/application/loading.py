"""States of streams, loaded from the log and kept while they are in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from handheld.application.ports import Log
from handheld.domain import finding, plan, task, task_force, warning_state
from handheld.domain.errors import HandheldError
from handheld_events.base import Event
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.envelope import About

EVOLVE: Mapping[str, Callable[[Any, Any], Any]] = {
    "task": task.evolve,
    "tf": task_force.evolve,
    "plan": plan.evolve,
    "warning": warning_state.evolve,
    "finding": finding.evolve,
}
"""How a stream's state follows from its facts, by the prefix of its name."""

KEPT = 65_536
"""So many states are kept in memory; the oldest go first."""


class Loaded(msgspec.Struct, frozen=True, gc=False):
    """A stream as it was read: state, version, and where its facts belong."""

    state: Any
    version: int
    about: About
    drill: bool = False
    """As its first fact says: what belongs to a drill stays in it."""
    began_us: int | None = None
    """When its first fact was recorded, microseconds since 1970; if it waits to be, was decided."""


NOTHING = Loaded(None, 0, About())
"""A stream that does not exist."""


class Append(msgspec.Struct, frozen=True, gc=False):
    """Facts to append to one stream after the version that was read."""

    stream: str
    read: int
    about: About
    events: Sequence[Event]
    drill: bool = False


class States:
    """A cache of stream states over a log. Whether a state still holds is checked at commit.

    What was decided is kept as facts, and evolved when somebody asks: a start of 11,000 tasks pays
    nothing for it, and the first acceptance of each need not read the log.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._reading = Reading()
        self._kept: dict[str, Loaded] = {}
        self._ahead: dict[str, tuple[Append, int]] = {}
        self._unreadable: dict[str, UnreadableEvent] = {}

    def load(self, streams: Iterable[str]) -> None:
        """See to it that these streams are in memory."""
        missing = [
            stream for stream in streams if stream not in self._kept and stream not in self._ahead
        ]
        if missing:
            self._read(missing)

    def _read(self, streams: Sequence[str]) -> None:
        stored = self._reading.stored
        kept = self._kept
        for position, stream, version, topic, text, us in self._log.read_streams(streams):
            if stream in self._unreadable:
                continue
            try:
                one = stored(position, topic, text)
                known = kept.get(stream)
                evolve = EVOLVE[_kind(stream)]
                if known is None:
                    about = About(
                        division=one.division, task_force=one.task_force, person=one.person
                    )
                    state, drill = evolve(None, one.data), one.meta.drill
                    kept[stream] = Loaded(state, version, about, drill, us)
                else:
                    state = evolve(known.state, one.data)
                    kept[stream] = Loaded(state, version, known.about, known.drill, known.began_us)
            except UnreadableEvent as error:
                self._unreadable[stream] = error
            except (KeyError, TypeError) as error:  # not a history that the rules can make
                self._unreadable[stream] = UnreadableEvent(position, topic, str(error))

    def get(self, stream: str) -> Loaded:
        """The stream, as loaded and as it will be when all that was added is written.

        Raises HandheldError (`stream.unreadable`): nothing is decided on half a history.
        """
        broken = self._unreadable.get(stream)
        if broken is not None:
            raise HandheldError(
                "stream.unreadable",
                stream=stream,
                position=broken.position,
                topic=broken.topic,
                reason=broken.reason,
            )
        ahead = self._ahead.pop(stream, None)
        if ahead is not None:
            self._evolve(*ahead)
        return self._kept.get(stream, NOTHING)

    def add(self, append: Append, at_us: int) -> None:
        """The stream will go on with these facts, decided so many microseconds after 1970."""
        stream = append.stream
        if stream in self._ahead:
            self.get(stream)
        # A repeated command is decided on what it did itself: the commit will tell.
        known = self._kept.get(stream, NOTHING)
        if _kind(stream) in EVOLVE and append.read == known.version:
            self._ahead[stream] = append, at_us

    def forget(self, streams: Iterable[str]) -> None:
        """Read these anew next time."""
        for stream in streams:
            self._kept.pop(stream, None)
            self._ahead.pop(stream, None)
            self._unreadable.pop(stream, None)

    def trim(self) -> None:
        """Keep memory within bounds."""
        for kept in (self._kept, self._ahead):
            excess = len(kept) - KEPT
            if excess > 0:
                for stream in list(kept)[:excess]:
                    self._kept.pop(stream, None)
                    self._ahead.pop(stream, None)

    def _evolve(self, ahead: Append, at_us: int) -> None:
        evolve = EVOLVE[_kind(ahead.stream)]
        known = self._kept.get(ahead.stream)
        if known is None:
            known = Loaded(None, 0, ahead.about, ahead.drill, at_us)
        state = known.state
        for event in ahead.events:
            state = evolve(state, event)
        version = known.version + len(ahead.events)
        self._kept[ahead.stream] = Loaded(state, version, known.about, known.drill, known.began_us)


def _kind(stream: str) -> str:
    return stream[: stream.find("-")]
