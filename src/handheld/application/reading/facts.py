"""Facts as the API shows them: what happened, who did it, when, what is marked on it, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from handheld.application.reading.named import ERASED, Named, Naming, Place, SeenNames, place_of
from handheld.application.reading.seen import Look
from handheld.application.reading.unnamed import published_texts, unnamed, without_words
from handheld.application.telling.facts import Describer, Fact, Unreadable, facts_in
from handheld.application.telling.marks import Marks, changes
from handheld.domain.seeing import Viewer
from handheld.texts import Texts
from handheld_events.person import PersonContactChanged, PersonRegistered
from handheld_events.sealed import Sealed
from handheld_events.task import TaskOvertaken


class Correction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is right of a fact that was wrong."""

    reason: str | None = None
    text: str | None = None
    """The right words, where the words were wrong."""
    occurred_at: datetime | None = None
    """The right time, where the time was wrong (UTC)."""


class MarksShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is marked on a fact; nothing is left out for it."""

    struck: bool = False
    """The entry is void, and stays visible as such."""
    corrected: Correction | None = None
    """The latest correction."""
    overtaken: bool = False
    """It was done when the task had moved on, and has no effect."""
    claim: str | None = None
    """Why the time that was claimed cannot be true; None where it is believed."""
    judged_at: datetime | None = None
    """The time by which it is judged instead (UTC)."""
    words: tuple[str, ...] = ()
    """The same for people."""


class FactShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A fact of the log, as far as it is for who looks."""

    position: int
    """The place in the log: the only order that counts."""
    topic: str
    """Name and version, such as `task.accepted.v1`."""
    stream: str | None = None
    version: int | None = None
    """The place in its stream: what a correction points at."""
    occurred_at: datetime | None = None
    """When it happened, as claimed (UTC)."""
    reported_at: datetime | None = None
    """When the device said so (UTC)."""
    recorded_at: datetime | None = None
    """When the log took it (UTC)."""
    actor: Named | None = None
    on_behalf_of: Named | None = None
    """For whom the actor did it."""
    person: Named | None = None
    """Whom it concerns: the assignee, the reporter."""
    drill: bool = False
    division: Place | None = None
    task_force: str | None = None
    data: dict[str, Any] = {}
    """The fields of the fact as the catalogue of events has them, sealed ones opened."""
    words: str = ""
    """One line that says what happened, in the language of who looks."""
    marks: MarksShown | None = None
    unreadable: bool = False
    """This version of the program cannot read it: the newer one that wrote it can."""


class Showing(NamedTuple):
    """Who looks, and how much of what they see is theirs."""

    look: Look
    viewer: Viewer
    texts: Texts
    names: bool = True
    """Whether the words of people are for them; the policy says so with each view."""
    task_force: str | None = None
    """In which the people are shown."""


class Teller:
    """Shows facts to one who looks."""

    def __init__(self, showing: Showing) -> None:
        look, texts = showing.look, showing.texts
        self._showing = showing
        self._organisation = look.organisation
        self.naming = Naming(look, showing.viewer, showing.task_force)
        self._describer = Describer(
            texts, SeenNames(self.naming, look, texts), look.organisation, look.log
        )
        self._places: dict[str, Place | None] = {}
        self._published = published_texts(look.organisation)

    def shown(self, fact: Fact | Unreadable, marks: Marks) -> FactShown:
        """The fact as it is for who looks."""
        if isinstance(fact, Unreadable):
            return FactShown(position=fact.position, topic=fact.topic, unreadable=True)
        texts, meta, event = self._showing.texts, fact.meta, fact.event
        if not self._showing.names:
            event = unnamed(event, texts, self._published)
        told = msgspec.structs.replace(fact, event=event)
        return FactShown(
            position=fact.position,
            topic=event.TOPIC,
            stream=fact.stream,
            version=fact.version,
            occurred_at=fact.occurred_at,
            reported_at=fact.reported_at,
            recorded_at=fact.recorded_at,
            actor=self.naming.of(meta.actor),
            on_behalf_of=None if meta.on_behalf_of is None else self.naming.of(meta.on_behalf_of),
            person=None if fact.person is None else self.naming.of(fact.person),
            drill=meta.drill,
            division=self._place(fact.division),
            task_force=fact.task_force,
            data=self._data(event),
            words=self._describer.line(told),
            marks=self._marks(fact, marks),
        )

    def has(self, fact: Fact | Unreadable, words: Sequence[str]) -> bool:
        """Whether all of these words (casefolded) stand in its line, its place or its names."""
        if isinstance(fact, Unreadable):
            return False
        event, texts = fact.event, self._showing.texts
        if not self._showing.names:
            event = unnamed(event, texts, self._published)
        place = self._place(fact.division)
        people = (fact.person, fact.meta.actor, fact.meta.on_behalf_of)
        told = [
            self._describer.line(msgspec.structs.replace(fact, event=event)),
            place.name or "" if place is not None else "",
            *(self.naming.of(person).name or "" for person in people if person is not None),
        ]
        text = " ".join(told).casefold()
        return all(word in text for word in words)

    def _place(self, code: str | None) -> Place | None:
        if code is None:
            return None
        if code not in self._places:
            self._places[code] = place_of(self._organisation, code)
        return self._places[code]

    def _data(self, event: Any) -> dict[str, Any]:
        if isinstance(event, PersonRegistered | PersonContactChanged):
            return self._opened(event)
        data: dict[str, Any] = msgspec.to_builtins(event)
        return data if self._showing.names else without_words(data)

    def _opened(self, event: PersonRegistered | PersonContactChanged) -> dict[str, Any]:
        """Name and telephone number, each where it is for who looks."""
        subject = event.name.subject
        data: dict[str, Any] = {}
        if isinstance(event, PersonRegistered) and event.synthetic:
            data["synthetic"] = True
        if self.naming.shows(subject):
            data["name"] = self._open(event.name)
        if event.phone is not None and self.naming.sees_phone(subject):
            data["phone"] = self._open(event.phone)
        return data

    def _open(self, sealed: Sealed) -> str:
        return self._showing.look.keyring.open(sealed) or ERASED

    def _marks(self, fact: Fact, marks: Marks) -> MarksShown | None:
        correction, names = marks.corrected(fact), self._showing.names
        at, claim = marks.judged(fact)
        believed = claim == "as_claimed"
        shown = MarksShown(
            struck=marks.struck(fact),
            corrected=(
                None
                if correction is None
                else Correction(
                    reason=correction.reason if names else None,
                    text=correction.text if names else None,
                    occurred_at=correction.occurred_at,
                )
            ),
            overtaken=isinstance(fact.event, TaskOvertaken),
            claim=None if believed else claim,
            judged_at=None if believed else at,
            words=tuple(marks.words(fact, self._showing.texts)) if names else (),
        )
        return None if shown == MarksShown() else shown


def marks_for(look: Look, shown: Iterable[Fact | Unreadable], upto: int) -> Marks:
    """The marks of facts, as they were known at a position.

    What marks a fact stands in its own stream; so does the dispatch that a task's facts are held
    against.
    """
    facts = [fact for fact in shown if not isinstance(fact, Unreadable)]
    streams = sorted({fact.stream for fact in facts if fact.stream.startswith(_MARKED)})
    rows = [
        row
        for row in look.log.read_streams(streams)
        if row[0] <= upto and (changes(row[3]) or (row[2] == 1 and row[1].startswith("task-")))
    ]
    found: list[Fact] = _readable(rows)
    found.sort(key=lambda fact: fact.position)
    return Marks(found)


_MARKED = ("task-", "tf-", "finding-", "warning-")


def _readable(rows: Sequence[Any]) -> list[Fact]:
    return [fact for fact in facts_in(rows) if not isinstance(fact, Unreadable)]
