"""States of streams, loaded from the log and kept while they are in use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from handheld.application.ports import Log
from handheld.domain import plan, task, task_force
from handheld_events.base import Event
from handheld_events.codec import Reading
from handheld_events.envelope import About

EVOLVE: Mapping[str, Callable[[Any, Any], Any]] = {
    "task": task.evolve,
    "tf": task_force.evolve,
    "plan": plan.evolve,
}
"""How a stream's state follows from its facts, by the prefix of its name."""

KEPT = 65_536
"""So many states are kept in memory; the oldest go first."""


class Loaded(NamedTuple):
    """A stream as it was read: state, version, and where its facts belong."""

    state: Any
    version: int
    about: About


NOTHING = Loaded(None, 0, About())
"""A stream that does not exist."""


class States:
    """A cache of stream states over a log. Whether a state still holds is checked at commit."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._reading = Reading()
        self._kept: dict[str, Loaded] = {}

    def load(self, streams: Collection[str]) -> None:
        """See to it that these streams are in memory."""
        missing = [stream for stream in streams if stream not in self._kept]
        if missing:
            found: dict[str, Loaded] = {}
            fact = self._reading.fact
            for row in self._log.read_streams(missing):
                recorded = fact(*row)
                stream = recorded.stream
                before = found.get(stream)
                if before is None:
                    about = About(
                        division=recorded.division,
                        task_force=recorded.task_force,
                        person=recorded.person,
                    )
                    before = Loaded(None, 0, about)
                state = _evolver(stream)(before.state, recorded.event)
                found[stream] = Loaded(state, recorded.version, before.about)
            self._kept.update(found)

    def get(self, stream: str) -> Loaded:
        """The stream, as loaded or advanced."""
        return self._kept.get(stream, NOTHING)

    def advance(self, stream: str, about: About, events: Iterable[Event]) -> None:
        """The stream goes on with these facts, if it is in memory or new here."""
        kept = self._kept.get(stream)
        state, version, known = kept or Loaded(None, 0, about)
        evolve = _evolver(stream)
        for event in events:
            state = evolve(state, event)
            version += 1
        self._kept[stream] = Loaded(state, version, known)

    def forget(self, streams: Iterable[str]) -> None:
        """Read these anew next time."""
        for stream in streams:
            self._kept.pop(stream, None)

    def trim(self) -> None:
        """Keep memory within bounds."""
        excess = len(self._kept) - KEPT
        if excess > 0:
            for stream in list(self._kept)[:excess]:
                del self._kept[stream]


def _evolver(stream: str) -> Callable[[Any, Any], Any]:
    return EVOLVE[stream.partition("-")[0]]
