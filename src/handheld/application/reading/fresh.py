"""States of streams as the log's end has them, for showing: never decided on, always caught up.

What is kept goes on with the facts that the log has got since, so that a task force to which
thousands belong is read once and not again with every word that is said in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import RLock
from typing import Any

from handheld.application.loading import EVOLVE, NOTHING, Loaded
from handheld.application.ports import Log, Row
from handheld.domain.errors import HandheldError
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.envelope import About, Recorded
from handheld_events.finding import FindingPassedUp, FindingReported, FindingRouted
from handheld_events.task_force import CommandHandedOver, PersonPulledIn, TaskForceStarted

KEPT = 65_536
"""So many states are kept in memory; the oldest go first."""
FORGET_BEHIND = 50_000
"""Positions: who is so far behind reads anew what is asked for."""
CHUNK = 2_000

NOTED = (
    TaskForceStarted,
    PersonPulledIn,
    CommandHandedOver,
    FindingReported,
    FindingPassedUp,
    FindingRouted,
)
"""Facts that say more about who may see than the state of their stream keeps."""

Fact = Recorded[Any]


class Fresh:
    """A cache of stream states that follows the log. Safe to use from several threads."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lock = RLock()
        self._reading = Reading()
        self._kept: dict[str, Loaded] = {}
        self._noted: dict[str, list[Fact]] = {}
        self._unreadable: dict[str, UnreadableEvent] = {}
        self._position = log.end()

    def catch_up(self) -> int:
        """Take in what the log has got since; gives the position that is shown now."""
        end = self._log.end()
        if end == self._position:
            return end
        with self._lock:
            if end - self._position > FORGET_BEHIND or not (self._kept or self._unreadable):
                self._clear()
                self._position = end
            while self._position < end:
                rows = self._log.read(self._position, CHUNK)
                if not rows:
                    break
                for row in rows:
                    if row[1] in self._kept:
                        self._take(row)
                    else:
                        self._unreadable.pop(row[1], None)
                self._position = rows[-1][0]
            return self._position

    def load(self, streams: Iterable[str]) -> None:
        """See to it that these streams are in memory: read together they cost one question."""
        with self._lock:
            missing = [
                stream
                for stream in dict.fromkeys(streams)
                if stream not in self._kept
                and stream not in self._unreadable
                and stream.partition("-")[0] in EVOLVE
            ]
            if not missing:
                return
            if len(self._kept) + len(missing) > KEPT:
                self._trim(len(missing))
            for start in range(0, len(missing), CHUNK):
                for row in self._log.read_streams(missing[start : start + CHUNK]):
                    if row[1] not in self._unreadable:
                        self._take(row)

    def get(self, stream: str) -> Loaded:
        """The stream; `NOTHING` where there is none.

        Raises HandheldError (`stream.unreadable`): half a history is not shown as a state.
        """
        found = self._kept.get(stream)
        if found is not None:
            return found
        self.load((stream,))
        broken = self._unreadable.get(stream)
        if broken is not None:
            raise HandheldError(
                "stream.unreadable",
                stream=stream,
                position=broken.position,
                topic=broken.topic,
                reason=broken.reason,
            )
        return self._kept.get(stream, NOTHING)

    def noted(self, stream: str) -> Sequence[Fact]:
        """The facts of the stream that say who came to it: see NOTED, in log order."""
        with self._lock:
            self.get(stream)
            return tuple(self._noted.get(stream, ()))

    def _take(self, row: Row) -> None:
        position, stream, version, topic, text, us = row
        known = self._kept.get(stream, NOTHING)
        if version <= known.version:
            return  # it was read together with others that came later
        try:
            fact = self._reading.fact(position, stream, version, topic, text, us)
            state = EVOLVE[stream.partition("-")[0]](known.state, fact.event)
        except UnreadableEvent as error:
            self._break(stream, error)
            return
        except (KeyError, TypeError) as error:  # not a history that the rules can make
            self._break(stream, UnreadableEvent(position, topic, str(error)))
            return
        if isinstance(fact.event, NOTED):
            self._noted.setdefault(stream, []).append(fact)
        if known.version:
            about, drill, began = known.about, known.drill, known.began_us
        else:
            about = About(division=fact.division, task_force=fact.task_force, person=fact.person)
            drill, began = fact.meta.drill, us
        self._kept[stream] = Loaded(state, version, about, drill, began)

    def _break(self, stream: str, error: UnreadableEvent) -> None:
        self._forget(stream)
        self._unreadable[stream] = error

    def _forget(self, stream: str) -> None:
        self._kept.pop(stream, None)
        self._noted.pop(stream, None)

    def _trim(self, room: int) -> None:
        for stream in list(self._kept)[: len(self._kept) + room - KEPT]:
            self._forget(stream)

    def _clear(self) -> None:
        self._kept.clear()
        self._noted.clear()
        self._unreadable.clear()
