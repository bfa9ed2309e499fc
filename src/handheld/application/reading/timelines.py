"""Timelines: every fact of a task force, task, person, finding …, in log order, paged by position."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from handheld.application.courses import OWN
from handheld.application.index_keeper import IndexKeeper
from handheld.application.reading.facts import FactShown, Showing, Teller, marks_for
from handheld.application.reading.seen import Look, Looking, must_see
from handheld.application.telling.facts import Fact, Unreadable, facts_in
from handheld.domain.duty import PERSON
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.seeing import NOTHING, WHOLE, Reading, Seen, View, Viewer, visible
from handheld.domain.task_state import Task
from handheld.texts import Texts
from handheld_events.envelope import Recorded
from handheld_events.ids import department_stream
from handheld_events.task_force import MessageSent
from handheld_events.territory import within
from handheld_projections.timeline import Line

MOST = 500
"""Facts of a page at most."""
LOOKED_AT = 512
"""Lines that are looked at together."""
READ_AT_MOST = 10_000
"""Facts that are read for one page of what somebody picked out; then it ends, with its `next`."""
TOLD_AT_MOST = 2_000
"""The same where words are searched for: each fact is told in words, with the names of its people."""
PATIENCE_SECONDS = 2.0
"""So long a timeline waits to be brought to the log's end; then it shows what it has."""


class TimelinePage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Facts of one timeline in log order."""

    key: str
    """The stream whose timeline it is."""
    position: int
    """Up to which the log is shown; less than was asked for while the timelines catch up."""
    facts: tuple[FactShown, ...] = ()
    next: int | None = None
    """Ask for what comes after this position to go on, or with the newest first for what comes
    before it; None: there is no more."""
    part: bool = False
    """Only a part is for who looks: that of their territory, or of their department's people."""
    after: int = 0
    """Of a task force: what was recorded up to this position is not for them."""


class Picked(NamedTuple):
    """What somebody picks out of a timeline."""

    newest: bool = False
    """The newest first."""
    before: int | None = None
    """Only what was recorded before this position."""
    topics: tuple[str, ...] = ()
    """Only these; `task.accepted` is every version of it."""
    division: str = ""
    """Only what lies in this division."""
    person: str = ""
    """Only what concerns this person, or was done by or for them."""
    words: str = ""
    """Only what has all of these words in its line, its place or the names of its people."""

    def takes(self, topic: str) -> bool:
        """Whether a topic is among them."""
        return not self.topics or topic in self.topics or topic.rpartition(".v")[0] in self.topics

    def lies(self, fact: Fact | Unreadable) -> bool:
        """Whether it lies in the division, and concerns the person."""
        if not (self.division or self.person):
            return True
        if not isinstance(fact, Recorded) or not within(fact.division or "", self.division):
            return False
        people = (fact.person, fact.meta.actor, fact.meta.on_behalf_of)
        return not self.person or self.person in people


ALL = Picked()


class Timelines:
    """The timelines of one log, for whoever may see them."""

    def __init__(self, looking: Looking, indexes: IndexKeeper) -> None:
        self._looking = looking
        self._indexes = indexes

    def page(
        self,
        viewer: Viewer,
        key: str,
        texts: Texts,
        *,
        after: int = 0,
        limit: int = 100,
        upto: int | None = None,
        picked: Picked = ALL,
        absent: NotFound | None = None,
    ) -> TimelinePage:
        """Facts after a position; `upto` looks at the past as it was at that position.

        Raises `absent`, or NotFound (`timeline.unknown`), for what is hidden, too; Malformed
        (`timeline.limit`).
        """
        if not 1 <= limit <= MOST:
            raise Malformed("timeline.limit", limit=limit, most=MOST)
        look = self._looking.look()
        absent = absent or NotFound("timeline.unknown", key=key)
        end = look.position if upto is None else min(upto, look.position)
        course = self._course(look, key, end)
        view = _view(look, viewer, key, None if upto is None else end, absent)
        asked = Asked(look, viewer, view.task_force)
        if view.each and not any(_shown(asked, view, course.facts(0, ALL))):
            raise absent  # nothing of it is for them: that there is something is not told
        found: list[Fact | Unreadable] = []
        walk = _Walk(course.facts(max(after, view.view.after), picked), picked)
        showing = Showing(look, viewer, texts, view.view.names, view.task_force)
        teller, words = Teller(showing), picked.words.casefold().split()
        for fact in _shown(asked, view, walk):
            if words and not teller.has(fact, words):
                continue
            found.append(fact)
            if len(found) > limit:
                break
        shown = found[:limit]
        further = shown[-1].position if len(found) > limit else walk.cut
        marks = marks_for(look, shown, course.upto)
        return TimelinePage(
            key=key,
            position=course.upto,
            facts=tuple(teller.shown(fact, marks) for fact in shown),
            next=further,
            part=view.view.extent == "part",
            after=view.view.after,
        )

    def _course(self, look: Look, key: str, end: int) -> _Course:
        if not key.startswith(("tf-", PERSON)):
            rows = look.log.read_streams([key]) if key.startswith(OWN) else ()
            facts = [fact for fact in facts_in(rows) if fact.position <= end]
            return _Course(end, lambda after, picked: _own(facts, after, picked))
        reached = end if self._indexes.wait_for(end, PATIENCE_SECONDS) else self._indexes.position
        upto = min(end, reached)
        return _Course(upto, lambda after, picked: self._indexed(look, key, after, upto, picked))

    def _indexed(
        self, look: Look, key: str, after: int, upto: int, picked: Picked
    ) -> Iterator[Fact | Unreadable]:
        for lines in self._lines(key, after, upto, picked):
            positions = [line.position for line in lines if picked.takes(line.note)]
            facts = facts_in(look.log.read_positions(positions))
            yield from reversed(list(facts)) if picked.newest else facts

    def _lines(self, key: str, after: int, upto: int, picked: Picked) -> Iterator[list[Line]]:
        """Its lines between two positions, some at a time, in the order that was asked for."""
        before = upto + 1 if picked.before is None else min(picked.before, upto + 1)
        most = LOOKED_AT * 8 if picked.topics else LOOKED_AT
        if picked.newest:
            while lines := self._indexes.timeline_back(key, before=before, after=after, limit=most):
                before = lines[-1].position
                yield lines
            return
        while lines := self._indexes.timeline(key, after=after, upto=before - 1, limit=most):
            after = lines[-1].position
            yield lines


def _own(
    facts: Sequence[Fact | Unreadable], after: int, picked: Picked
) -> Iterator[Fact | Unreadable]:
    """The facts of a stream of its own, picked out."""
    for fact in reversed(facts) if picked.newest else facts:
        topic = fact.topic if isinstance(fact, Unreadable) else fact.event.TOPIC
        early = picked.before is None or fact.position < picked.before
        if fact.position > after and early and picked.takes(topic):
            yield fact


def _shown(
    asked: Asked, view: _Gate, facts: Iterable[Fact | Unreadable]
) -> Iterator[Fact | Unreadable]:
    """Those that are for who looks."""
    for fact in facts:
        if isinstance(fact, Unreadable):
            if view.view == WHOLE and not view.each:
                yield fact
        elif asked.shows(view, fact):
            yield fact


class _Walk:
    """Goes through facts; where something is picked out it ends after so many."""

    def __init__(self, facts: Iterable[Fact | Unreadable], picked: Picked) -> None:
        self._facts = facts
        self._picked = picked
        self.cut: int | None = None
        """Where it has ended before the facts did."""

    def __iter__(self) -> Iterator[Fact | Unreadable]:
        most = TOLD_AT_MOST if self._picked.words else READ_AT_MOST
        for number, fact in enumerate(self._facts, 1):
            if self._picked.lies(fact):
                yield fact
            if number == most and self._picked != ALL:
                self.cut = fact.position
                return


class _Course(NamedTuple):
    """The facts of a timeline."""

    upto: int
    """The position that it shows."""
    facts: Callable[[int, Picked], Iterator[Fact | Unreadable]]
    """Those after a position, in log order or the newest first."""


class _Gate(NamedTuple):
    """How much of a timeline somebody sees."""

    view: View
    task_force: str | None = None
    """In which its people are shown."""
    each: bool = False
    """Every fact is asked by itself: there is no one thing that it is the timeline of."""


_READINGS: tuple[tuple[str, Reading], ...] = (
    ("finding-", "finding"),
    ("warning-", "warning"),
    ("plan-", "plan"),
    ("division-", "organisation"),
    ("department-", "organisation"),
    ("group-", "organisation"),
)


def _view(look: Look, viewer: Viewer, key: str, as_of: int | None, absent: NotFound) -> _Gate:
    """How much of it is for them. Raises `absent`."""
    if key.startswith("tf-"):
        seen = look.task_force(key, viewer, as_of=as_of)
        return _Gate(must_see(viewer, "task_force.timeline", seen, absent), key)
    if key.startswith("task-"):
        view = must_see(viewer, "task.history", look.task(key), absent)
        return _Gate(view, look.loaded(key).about.task_force)
    if key.startswith(PERSON):
        if key not in look.organisation.people:
            raise absent
        return _Gate(View("whole", names=viewer.role != "analyst" or viewer.names), each=True)
    for prefix, reading in _READINGS:
        if key.startswith(prefix):
            return _Gate(must_see(viewer, reading, seen_of(look, key), absent))
    raise absent


def seen_of(look: Look, key: str) -> Seen | None:
    """What is not a task force or a task, as the policy must know it; None where there is none."""
    organisation = look.organisation
    kind, _, name = key.partition("-")
    match kind:
        case "finding":
            return look.finding(key)
        case "warning":
            return look.warning(key)
        case "plan":
            plan = organisation.plans.get(key)
            return None if plan is None else Seen(organisation, (plan.edition.division,))
        case "division":
            return Seen(organisation, (name,)) if name in organisation.divisions else None
        case "department":
            department = organisation.departments.get(name)
            return None if department is None else Seen(organisation, (department.division,))
        case "group":
            group = organisation.groups.get(name)
            return None if group is None else Seen(organisation, (group.division,))
        case _:
            return None


class Asked:
    """Asks of facts one by one, each stream once, whether somebody sees them."""

    def __init__(self, look: Look, viewer: Viewer, task_force: str | None) -> None:
        self._look = look
        self._viewer = viewer
        self._task_force = task_force
        self._views: dict[str, View] = {}

    def shows(self, gate: _Gate, fact: Fact) -> bool:
        """Whether this fact of the timeline is for them."""
        if isinstance(fact.event, MessageSent):
            return self._message(fact)
        if gate.each:
            view = self._of_stream(fact)
            return view.extent != "nothing" and fact.position > view.after
        if gate.view.extent == "whole" or fact.stream.startswith("tf-"):
            return True
        return self._in_part(gate.view.parts, fact)

    def _message(self, fact: Fact) -> bool:
        """A message to all, or to a unit that is theirs: that is asked for each."""
        reading, seen = self._look.message(fact.stream, fact, self._viewer)
        view = NOTHING if seen is None else visible(self._viewer, reading, seen)
        return view.extent != "nothing" and fact.position > view.after

    def _in_part(self, parts: Sequence[str], fact: Fact) -> bool:
        """What lies in their territory, or is done by their department's people."""
        if not fact.stream.startswith("task-"):
            return self._of_stream(fact).extent != "nothing"
        if any(within(fact.division or "", part) for part in parts):
            return True
        if not any(part.startswith("department-") for part in parts):
            return False  # a district's timeline is long, and no task of it need be loaded
        task: Task | None = self._look.task_state(fact.stream)
        return (
            task is not None
            and task.department is not None
            and department_stream(task.department) in parts
        )

    def _of_stream(self, fact: Fact) -> View:
        view = self._views.get(fact.stream)
        if view is None:
            view = self._views[fact.stream] = self._asked(fact)
        return view

    def _asked(self, fact: Fact) -> View:
        look, viewer, stream = self._look, self._viewer, fact.stream
        reading: Reading
        if stream.startswith("tf-"):
            reading, seen = "task_force.timeline", look.task_force(stream, viewer)
        elif stream.startswith("task-"):
            reading, seen = "task.history", look.task(stream)
        elif stream.startswith(PERSON):
            return self._of_person(stream)
        else:
            reading, seen = _reading_of(stream), seen_of(look, stream)
        return NOTHING if seen is None else visible(viewer, reading, seen)

    def _of_person(self, person: str) -> View:
        """What the register holds of somebody: for those who may name or score them."""
        look, viewer = self._look, self._viewer
        named = look.person(person, viewer)
        if named is None:
            return NOTHING
        views = [visible(viewer, "person.name", named)]
        views += [
            visible(viewer, "score", seen)
            for post in look.organisation.people[person].posts
            if (seen := look.score(person, post)) is not None
        ]
        return next((view for view in views if view.extent != "nothing"), NOTHING)


def _reading_of(stream: str) -> Reading:
    return next(reading for prefix, reading in _READINGS if stream.startswith(prefix))
