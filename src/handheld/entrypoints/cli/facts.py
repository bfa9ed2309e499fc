"""Facts from the log, each as one line of words, marked where a later fact changed what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from handheld.application.names import Names
from handheld.application.ports import Log, Row
from handheld.entrypoints.cli.render import number, one_line
from handheld.texts import Texts
from handheld_events.base import Corrected
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.envelope import Recorded
from handheld_events.plan import PlanAdopted
from handheld_events.task import TaskOvertaken
from handheld_events.task_force import EntryMade, EntryStruck
from handheld_projections.organisation import Organisation

Fact = Recorded[Any]
CHUNK = 5_000


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


class Marks:
    """What later facts say of earlier ones: corrected, struck. Nothing is left out for it."""

    def __init__(self, facts: Iterable[Fact | Unreadable]) -> None:
        self._corrected: dict[str, Corrected] = {}
        self._struck: set[tuple[str, str]] = set()
        for fact in facts:
            if isinstance(fact, Unreadable):
                continue
            event = fact.event
            if isinstance(event, Corrected):
                self._corrected[f"{fact.stream}/{event.version}"] = event
            elif isinstance(event, EntryStruck):
                self._struck.add((fact.stream, event.entry))

    def corrected(self, fact: Fact) -> Corrected | None:
        """The latest correction of this fact."""
        return self._corrected.get(fact.event_id)

    def struck(self, fact: Fact) -> bool:
        """Whether this fact is an entry that was struck."""
        event = fact.event
        return isinstance(event, EntryMade) and (fact.stream, event.entry) in self._struck

    def words(self, fact: Fact, texts: Texts) -> list[str]:
        """The marks of a fact, for people."""
        words = [texts.say("cli.timeline.struck")] if self.struck(fact) else []
        correction = self.corrected(fact)
        if correction is not None:
            if correction.text is not None:
                words.append(
                    texts.say("cli.timeline.corrected_text", text=one_line(correction.text))
                )
            if correction.occurred_at is not None:
                right = texts.time(correction.occurred_at)
                words.append(texts.say("cli.timeline.corrected_time", time=right))
        if isinstance(fact.event, TaskOvertaken):
            words.append(texts.say("cli.timeline.overtaken"))
        return words

    def machine(self, fact: Fact) -> dict[str, object]:
        """The marks of a fact, for scripts."""
        marks: dict[str, object] = {}
        if self.struck(fact):
            marks["struck"] = True
        correction = self.corrected(fact)
        if correction is not None:
            marks["corrected"] = msgspec.to_builtins(correction)
        return marks


class Describer:
    """Says facts in words, with the names of people and divisions."""

    def __init__(self, texts: Texts, names: Names, organisation: Organisation) -> None:
        self._texts = texts
        self._names = names
        self._divisions = organisation.divisions

    def line(self, fact: Fact) -> str:
        """One line that says what happened."""
        return one_line(self._texts.topic(fact.event.TOPIC, self._params(fact)))

    def actor(self, fact: Fact) -> str:
        """Who did it, and for whom."""
        return one_line(self._names.actor(fact.meta.actor, fact.meta.on_behalf_of))

    def _params(self, fact: Fact) -> dict[str, object]:
        texts = self._texts
        event = fact.event
        params: dict[str, object] = {
            name: _shown(getattr(event, name)) for name in event.__struct_fields__ if name != "name"
        }
        name = getattr(event, "name", None)
        if isinstance(name, str):
            params["name"] = name
        if fact.person is not None:
            params["subject"] = self._names.label(fact.person)
        if "person" in params:
            params["person_name"] = self._names.label(event.person)
        if "role" in params:
            params["role_name"] = texts.role(event.role)
        if params.get("division"):
            params["division_name"] = self.division(event.division)
        if isinstance(event, PlanAdopted):
            params["count"] = len(event.orders)
        if isinstance(event, TaskOvertaken):
            params["did_name"] = texts.say(f"did.{event.did}")
            params["because_name"] = (
                texts.stage("reported")
                if event.because == "reported"
                else texts.state(event.because)
            )
        text = getattr(event, "text", None)
        params["note"] = f"{texts.say('cli.colon')}{text}" if text else ""
        if isinstance(event, Corrected):
            params["right"] = self._right(event)
        return params

    def _right(self, event: Corrected) -> str:
        texts = self._texts
        words = "" if event.text is None else texts.say("cli.right_text", text=event.text)
        if event.occurred_at is not None:
            words += texts.say("cli.right_time", time=texts.time(event.occurred_at))
        return words

    def division(self, code: str) -> str:
        """The name of a division; its code where it is not registered."""
        known = self._divisions.get(code)
        return known.name if known else code


def _shown(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return number(value)


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
