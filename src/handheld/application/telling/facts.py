"""Facts from the log, each as one line of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from handheld.application.ports import Log, Row
from handheld.application.telling.lines import one_line
from handheld.application.telling.marks import Marks
from handheld.application.telling.values import Telling
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.envelope import Recorded

__all__ = [
    "Describer",
    "Fact",
    "Marks",
    "Unreadable",
    "facts_at",
    "facts_in",
    "machine_fact",
    "marks_of",
    "own_facts",
]

Fact = Recorded[Any]
CHUNK = 5_000
WINDOW = 64


class Unreadable(NamedTuple):
    """An event that this version cannot read; the log is shown around it."""

    position: int
    topic: str
    reason: str


def facts_in(rows: Iterable[Row]) -> Iterator[Fact | Unreadable]:
    """The facts of rows, in their order."""
    reading = Reading()
    for row in rows:
        try:
            yield reading.fact(*row)
        except UnreadableEvent as error:
            yield Unreadable(error.position, error.topic, error.reason)


def facts_at(log: Log, positions: Sequence[int]) -> list[Fact | Unreadable]:
    """The facts at these positions, in log order."""
    found: list[Fact | Unreadable] = []
    for start in range(0, len(positions), CHUNK):
        found += facts_in(log.read_positions(positions[start : start + CHUNK]))
    return found


def own_facts(
    log: Log, first: int | None, last: int | None, task: str | None = None
) -> Iterator[Fact]:
    """What a command recorded of the task force itself, or of the one task that it was about.

    That comes before the facts of other tasks.
    """
    at = first or 0
    while at and at <= (last or 0):
        for fact in facts_in(log.read(at - 1, WINDOW, last)):
            if isinstance(fact, Unreadable):
                return
            if not fact.stream.startswith("tf-") and fact.stream != task:
                return
            yield fact
        at += WINDOW


def marks_of(log: Log, shown: Iterable[Fact | Unreadable], changing: Sequence[int]) -> Marks:
    """The marks of the facts that are shown, by the facts at the positions `changing`.

    What a task did is held against its dispatch, which need not be among them.
    """
    facts = [fact for fact in shown if not isinstance(fact, Unreadable)]
    later = [f for f in facts_at(log, changing) if not isinstance(f, Unreadable)]
    begun = {fact.stream for fact in facts if fact.version == 1}
    tasks = {f.stream for f in facts if f.stream.startswith("task-")} - begun
    first = [f for f in facts_in(log.read_streams(tasks)) if not isinstance(f, Unreadable)]
    return Marks([*(fact for fact in first if fact.version == 1), *facts, *later])


class Describer(Telling):
    """Says facts in words, with the names of people, departments and divisions."""

    def line(self, fact: Fact) -> str:
        """One line that says what happened."""
        return one_line(self._texts.topic(fact.event.TOPIC, self.params(fact)))

    def actor(self, fact: Fact) -> str:
        """Who did it, and for whom."""
        return one_line(self._names.actor(fact.meta.actor, fact.meta.on_behalf_of))


def machine_fact(fact: Fact | Unreadable) -> dict[str, object]:
    """All that is known of a fact, for scripts; personal fields stay sealed."""
    if isinstance(fact, Unreadable):
        return {"position": fact.position, "topic": fact.topic, "unreadable": fact.reason}
    found: dict[str, object] = {
        "position": fact.position,
        "event_id": fact.event_id,
        "stream": fact.stream,
        "version": fact.version,
        "topic": fact.event.TOPIC,
        "occurred_at": fact.occurred_at,
        "reported_at": fact.reported_at,
        "recorded_at": fact.recorded_at,
        "actor": fact.meta.actor,
        "on_behalf_of": fact.meta.on_behalf_of,
        "command": fact.meta.command,
        "device": fact.meta.device,
        "drill": fact.meta.drill,
        "division": fact.division,
        "task_force": fact.task_force,
        "person": fact.person,
        "data": fact.event,
    }
    return found
