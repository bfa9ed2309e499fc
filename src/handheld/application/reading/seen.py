"""Who looks at what: puts together what the policy must know of it (docs/rules/who-may-see.md).

`Looking` is kept as long as the log is open. Each question, or batch of questions, takes a `Look`:
everything as the log's end has it, looked up once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import Any

from handheld.application.handlers.task_world import giver_of
from handheld.application.loading import Loaded
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Keyring, Log
from handheld.application.reading.fresh import Fact, Fresh
from handheld.domain.duty import PERSON
from handheld.domain.errors import NotFound
from handheld.domain.finding import Finding
from handheld.domain.seeing import NOTHING, Reading, Seen, View, Viewer, visible
from handheld.domain.task_force import TaskForce
from handheld.domain.task_state import Task
from handheld.domain.warning_state import WarningState
from handheld_events.finding import FindingPassedUp, FindingReported, FindingRouted
from handheld_events.ids import TaskIds
from handheld_events.task_force import CommandHandedOver, MessageSent, PersonPulledIn
from handheld_events.territory import tier_of
from handheld_projections.membership import sees_after
from handheld_projections.organisation import Organisation, Post

OTHERS_SECONDS = 0.5
"""What another process commits is seen after so long at most; what this one does, at once."""

REMEMBERED = 200_000
"""So many answers are kept at most before all are asked anew."""


def must_see(viewer: Viewer, reading: Reading, seen: Seen | None, absent: NotFound) -> View:
    """How much they see of it. Raises `absent` for what is hidden and for what there is not."""
    view = NOTHING if seen is None else visible(viewer, reading, seen)
    if view.extent == "nothing":
        raise absent
    return view


class Looking:
    """What is kept from one look to the next. Safe to use from several threads."""

    def __init__(self, log: Log, organisation: OrganisationKeeper, keyring: Keyring) -> None:
        self.log = log
        self.keyring = keyring
        self.fresh = Fresh(log)
        self.had: set[tuple[str, str]] = set()
        """(Order, person): had a task of it; that never becomes untrue."""
        self._organisation = organisation
        self._look: Look | None = None
        self._stirred = -1
        self._until = 0.0

    def at_hand(self) -> Look | None:
        """The last look, where it still holds: for event loops, which must not wait for the log."""
        known = self._look
        holds = self.log.stirred == self._stirred and monotonic() < self._until
        return known if holds else None

    def look(self) -> Look:
        """Everything as the log's end has it. Take one for each request, or each batch."""
        stirred, now, known = self.log.stirred, monotonic(), self._look
        if known is not None and stirred == self._stirred and now < self._until:
            return known
        position = self.fresh.catch_up()
        if known is None or known.position != position:
            if len(self.had) > REMEMBERED:
                self.had.clear()
            known = self._look = Look(self, self._organisation.known(), position)
        # After the look itself: whoever sees these sees that one, or a later one.
        self._stirred, self._until = stirred, now + OTHERS_SECONDS
        return known


class Look:
    """One look: the organisation and the states of streams at a position, each asked for once."""

    def __init__(self, looking: Looking, organisation: Organisation, position: int) -> None:
        self.organisation = organisation
        self.position = position
        """The log's end when it was taken."""
        self.log = looking.log
        self.keyring = looking.keyring
        self._looking = looking
        self._fresh = looking.fresh
        self._after: dict[tuple[str, str], int | None] = {}
        self._had_none: set[tuple[str, str]] = set()

    # --- states of streams ------------------------------------------------------------------------

    def load(self, streams: Iterable[str]) -> None:
        """Read these streams together, before they are asked for one by one."""
        self._fresh.load(streams)

    def loaded(self, stream: str) -> Loaded:
        """A stream as it is. Raises HandheldError (`stream.unreadable`)."""
        return self._fresh.get(stream)

    def force(self, name: str | None) -> TaskForce | None:
        """The state of a task force; None where there is none."""
        known: TaskForce | None = self._of_kind("tf-", name)
        return known

    def task_state(self, stream: str) -> Task | None:
        """The state of a task; None where there is none."""
        known: Task | None = self._of_kind("task-", stream)
        return known

    def _of_kind(self, prefix: str, stream: str | None) -> Any:
        return (
            self._fresh.get(stream).state
            if stream is not None and stream.startswith(prefix)
            else None
        )

    # --- what is looked at ------------------------------------------------------------------------

    def task_force(self, name: str, viewer: Viewer, *, as_of: int | None = None) -> Seen | None:
        """A task force, its timeline, its entries and messages to all; None where there is none.

        `as_of`: the position that is looked at, where that is in the past.
        """
        known = self.force(name)
        if known is None:
            return None
        return Seen(
            self.organisation,
            divisions=(known.division,),
            task_force=known,
            after=lambda person: self.sees_after(name, person),
            has_task=lambda person: self.has_task(name, person),
            giver=lambda: viewer.actor if self._gave_one(known, viewer.actor) else None,
            reporter=self._reporter(known.finding),
            units=_told(known),
            as_of=as_of,
        )

    def order(self, task_force: str, order: str, viewer: Viewer) -> Seen | None:
        """An order of a task force; None where there is none."""
        seen, known = self.task_force(task_force, viewer), self.force(task_force)
        if seen is None or known is None or order not in known.orders:
            return None
        terms = known.orders[order]
        return seen._replace(
            has_task=lambda person: self.had_task_of(order, person),
            giver=lambda: giver_of(terms, self.loaded),
        )

    def message(self, task_force: str, sent: Fact, viewer: Viewer) -> tuple[Reading, Seen | None]:
        """Words to the task force, or to one unit of it; and which reading that is."""
        seen, event = self.task_force(task_force, viewer), sent.event
        if seen is None or not isinstance(event, MessageSent):
            return "message", None
        seen = seen._replace(person=sent.meta.actor)
        if event.to is None:
            return "message", seen
        return "message.unit", seen._replace(units=(event.to,))

    def task(self, stream: str) -> Seen | None:
        """A task, or its history; None where there is none."""
        state = self.task_state(stream)
        if state is None:
            return None
        about = self.loaded(stream).about
        return self.task_of(
            about.task_force,
            order=state.order,
            division=about.division,
            person=state.person,
            department=state.department,
            unit=state.unit,
        )

    def task_of(
        self,
        task_force: str | None,
        *,
        order: str,
        division: str | None,
        person: str,
        department: str | None = None,
        unit: bool = False,
    ) -> Seen:
        """The same from a row that says as much: the task's own stream need not be read."""
        known = self.force(task_force)
        terms = known.orders.get(order) if known is not None else None
        return Seen(
            self.organisation,
            divisions=() if division is None else (division,),
            person=person,
            departments=() if department is None else (department,),
            of_unit=unit,
            task_force=known,
            after=lambda who: self.sees_after(task_force, who),
            has_task=lambda who: self.had_task_of(order, who),
            giver=lambda: giver_of(terms, self.loaded),
            reporter=self._reporter(terms.finding if terms is not None else None),
        )

    def person(self, person: str, viewer: Viewer, task_force: str | None = None) -> Seen | None:
        """Somebody's name and telephone number; None where nobody is registered so.

        `task_force`: the one in which they are shown, to which they must belong: whoever directs it
        sees its people.
        """
        registered = self.organisation.people.get(person)
        if registered is None:
            return None
        known = self.force(task_force)
        return Seen(
            self.organisation,
            divisions=tuple(post.division for post in registered.posts),
            person=person,
            departments=tuple(
                {post.department for post in registered.posts if post.department is not None}
            ),
            task_force=known,
            after=lambda who: self.sees_after(task_force, who),
            has_task=lambda who: self.has_task(task_force, who),
            giver=lambda: person if self._gave_to(known, person, viewer.actor) else None,
        )

    def inbox(self, person: str) -> Seen | None:
        """Somebody's inbox; None where nobody is registered so."""
        known = person in self.organisation.people
        return Seen(self.organisation, person=person) if known else None

    def score(self, person: str, post: Post) -> Seen | None:
        """Somebody's score in a post; None where nobody is registered so."""
        if person not in self.organisation.people:
            return None
        departments = () if post.department is None else (post.department,)
        return Seen(
            self.organisation, divisions=(post.division,), person=person, departments=departments
        )

    def finding(self, stream: str) -> Seen | None:
        """A finding; None where there is none."""
        state: Finding | None = self._of_kind("finding-", stream)
        if state is None:
            return None
        desks = {
            fact.event.desk
            for fact in self.noted(stream)
            if isinstance(fact.event, FindingReported | FindingPassedUp | FindingRouted)
        }
        orders = tuple(state.orders)
        return Seen(
            self.organisation,
            divisions=(state.division,),
            task_force=self.force(state.task_force),
            has_task=lambda who: any(self.had_task_of(order, who) for order in orders),
            reporter=self._reporter(stream),
            desks=tuple(sorted(desks)),
        )

    def warning(self, stream: str) -> Seen | None:
        """A warning; None where there is none.

        While nobody has said which divisions it is for, it is for the whole district: somebody has
        to see it to say so.
        """
        state: WarningState | None = self._of_kind("warning-", stream)
        if state is None:
            return None
        divisions = state.content.divisions or tuple(
            sorted(code for code in self.organisation.divisions if tier_of(code) == "district")
        )
        return Seen(self.organisation, divisions=divisions)

    # --- who came to it ---------------------------------------------------------------------------

    def noted(self, stream: str) -> Sequence[Fact]:
        """Of a task force who started it, was handed it and pulled in; of a finding its desks."""
        return self._fresh.noted(stream)

    def had_task_of(self, order: str, person: str) -> bool:
        """Whether somebody has, or had, a task of an order."""
        return self._had_one((order,), person)

    def has_task(self, task_force: str | None, person: str) -> bool:
        """Whether somebody has, or had, a task of a task force."""
        known = self.force(task_force)
        return known is not None and self._had_one(tuple(known.orders), person)

    def sees_after(self, task_force: str | None, person: str) -> int | None:
        """The position after which somebody sees a task force; None: they do not belong to it."""
        if task_force is None or self.force(task_force) is None:
            return None
        key = (task_force, person)
        if key not in self._after:
            self._after[key] = self._sees_after(task_force, person)
        return self._after[key]

    def _sees_after(self, task_force: str, person: str) -> int | None:
        joined = [fact for fact in self.noted(task_force) if _joins(fact, person)]
        after = sees_after(joined, person)
        if after is None:
            return 0 if self.has_task(task_force, person) else None
        if after and any(row[0] <= after for row in self._dispatched(task_force, person)):
            return 0  # their task was there before they were pulled in
        return after

    def _dispatched(self, task_force: str, person: str) -> list[Any]:
        known = self.force(task_force)
        orders = known.orders if known is not None else ()
        rows = self.log.read_streams([TaskIds(order).of(person) for order in orders])
        return [row for row in rows if row[2] == 1]

    def _had_one(self, orders: Sequence[str], person: str) -> bool:
        """The first task of an order that somebody is given always bears the same name."""
        had = self._looking.had
        if any((order, person) in had for order in orders):
            return True
        if not person.startswith(PERSON):
            return False
        asked = {
            TaskIds(order).of(person): order
            for order in orders
            if (order, person) not in self._had_none
        }
        found = {row[1] for row in self.log.read_streams(list(asked))} if asked else set[str]()
        for stream, order in asked.items():
            if stream in found:
                had.add((order, person))
            else:
                self._had_none.add((order, person))
        return bool(found)

    def _gave_one(self, known: TaskForce, actor: str) -> bool:
        return any(
            giver_of(terms, self.loaded) == actor
            for terms in known.orders.values()
            if terms.given_by is not None or terms.passed_on_from is not None
        )

    def _gave_to(self, known: TaskForce | None, giver: str, actor: str) -> bool:
        """Whether somebody gave an order of which the other has a task."""
        return known is not None and any(
            giver_of(terms, self.loaded) == giver and self.had_task_of(order, actor)
            for order, terms in known.orders.items()
        )

    def _reporter(self, finding: str | None) -> Callable[[], str | None]:
        return lambda: None if finding is None else self.loaded(finding).about.person


def _told(known: TaskForce) -> frozenset[str]:
    """The units to which a task force sent words, asked or told."""
    return frozenset(unit for unit in known.messages.values() if unit is not None)


def _joins(fact: Fact, person: str) -> bool:
    match fact.event:
        case PersonPulledIn(person=who) | CommandHandedOver(to=who):
            return who == person
        case _:
            return True
