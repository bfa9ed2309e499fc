"""A task as a phone or a desk shows it: what, where, by when, who ordered it, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from handheld.application.handlers.task_world import giver_of
from handheld.application.loading import Loaded
from handheld.application.reading.allowed import with_task
from handheld.application.reading.named import Named, Naming, Place, place_of
from handheld.application.reading.photos import PhotoShown, Stored, nothing_stored, photos_shown
from handheld.application.reading.seen import Look, must_see
from handheld.application.reading.unnamed import published_texts
from handheld.domain.deadlines import deadlines
from handheld.domain.errors import NotFound
from handheld.domain.seeing import View, Viewer, visible
from handheld.domain.task_force import OrderTerms, TaskForce
from handheld.domain.task_state import Status, Task
from handheld_events.codec import instant
from handheld_events.forms import Filled, Form
from handheld_events.orders import Awaited, Level, Steps
from handheld_events.task_force import TaskForceStarted
from handheld_projections.organisation import Organisation


class DepartmentNamed(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A department."""

    key: str
    name: str | None = None
    """None where it is not registered."""


class VisitShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The latest visit to a household."""

    household: str
    """Its number within the grid."""
    done: str | None = None
    """What was done there."""
    satisfied: bool | None = None
    """None where nobody was asked."""


class ReportShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The latest report that nobody sent back."""

    text: str | None = None
    filled: Filled | None = None
    """The form of the order, filled in."""
    photos: tuple[PhotoShown, ...] = ()
    reported_by: Named | None = None
    """Who entered it, where that was not the assignee."""


class Rating(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """How it was done, as whoever asked for it says (评价), or a superior (评单)."""

    satisfied: bool | None = None
    score: int | None = None
    """1 to 5."""
    text: str | None = None


class Suspended(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Why no deadline runs."""

    since: datetime | None = None
    """(UTC)"""
    until: datetime | None = None
    """When it goes on by itself (UTC)."""


class TaskOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is to be done."""

    order: str
    task_force: str | None = None
    title: str | None = None
    """Of the task force."""
    place: str | None = None
    """Of the task force, in words."""
    level: Level | None = None
    """The response level."""
    text: str | None = None
    form: Form = ()
    """What a report has to tell besides words."""
    open_to: int | None = None
    """First to claim: so many of its tasks are enough."""
    withdrawn: bool = False
    finding: str | None = None
    """The finding that it is about, where who looks may see it."""
    ordered_by: Named | None = None
    """Who gave it, or commands; with the telephone number where that is for who looks."""


class TaskCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A task (任务)."""

    task: str
    version: int
    """Of its stream: for edits."""
    status: Status
    person: Named
    """The assignee; with the telephone number where that is for who looks."""
    division: Place | None = None
    """Where it is."""
    role: str | None = None
    """The post's role by which they were chosen."""
    department: DepartmentNamed | None = None
    unit: bool = False
    """The department itself is called: whoever is on duty accepts for it."""
    order: TaskOrder
    steps: Steps
    dispatched_at: datetime | None = None
    """Recorded time (UTC)."""
    accept_by: datetime | None = None
    """(UTC)"""
    report_by: datetime | None = None
    """(UTC)"""
    drill: bool = False
    delivered: bool = False
    read: bool = False
    en_route: bool = False
    on_scene: bool = False
    open: bool = False
    """Open to a group, first to claim: it is theirs only once they have claimed it."""
    claimed: bool = False
    amended: int = 0
    """The number of the latest amendment."""
    overdue: tuple[Awaited, ...] = ()
    """The steps whose deadline has passed."""
    reminded: Mapping[Awaited, int] = {}
    """The number of the latest reminder for a step."""
    escalated: Mapping[Awaited, int] = {}
    """How many tiers up it was told that a step waits."""
    suspended: Suspended | None = None
    supervised: str | None = None
    """The latest words of whoever watches it."""
    households: tuple[str, ...] = ()
    """Those to be visited: the numbers of the assignee's households, where the form asks for visits."""
    visits: tuple[VisitShown, ...] = ()
    report: ReportShown | None = None
    declined: str | None = None
    """Why the assignee declined."""
    passed_on: tuple[str, ...] = ()
    """The orders given to those below."""
    passed_on_from: str | None = None
    """The task of the official who passed it on."""
    reassigned_to: Named | None = None
    rated: Rating | None = None
    evaluated: Rating | None = None
    history: bool = False
    """Whether its history is for who looks, too."""
    may: tuple[str, ...] = ()
    """The commands that who looks may send about it, as far as that is a matter of who they are."""
    may_for: tuple[str, ...] = ()
    """The same on behalf of the assignee (代领办, 代回单)."""


def task_card(look: Look, viewer: Viewer, task: str, stored: Stored = nothing_stored) -> TaskCard:
    """One task. Raises NotFound (`task.unknown`), for what is hidden, too."""
    seen = look.task(task)
    view = must_see(viewer, "task", seen, NotFound("task.unknown", task=task))
    history = seen is not None and visible(viewer, "task.history", seen).extent != "nothing"
    return _Card(look, viewer, view, look.loaded(task)).made(task, stored, history=history)


class _Card:
    """The making of one card."""

    def __init__(self, look: Look, viewer: Viewer, view: View, loaded: Loaded) -> None:
        self._look = look
        self._viewer = viewer
        self._words = view.names
        self._loaded = loaded
        self._state: Task = loaded.state
        self._force: TaskForce | None = look.force(loaded.about.task_force)
        orders = self._force.orders if self._force is not None else {}
        self._terms: OrderTerms | None = orders.get(self._state.order)
        self._naming = Naming(look, viewer, loaded.about.task_force)

    def made(self, task: str, stored: Stored, *, history: bool) -> TaskCard:
        state, loaded, organisation = self._state, self._loaded, self._look.organisation
        accept_by, report_by = deadlines(state, self._terms)
        suspended, began = state.suspended, loaded.began_us
        allowed = with_task(self._look, self._viewer, loaded)
        return TaskCard(
            task=task,
            version=loaded.version,
            status=state.status,
            person=self._naming.with_phone(state.person),
            division=place_of(organisation, loaded.about.division),
            role=state.role,
            department=department_of(organisation, state.department),
            unit=state.unit,
            order=self._order(),
            steps=state.steps,
            dispatched_at=None if began is None else instant(began),
            accept_by=accept_by,
            report_by=report_by,
            drill=loaded.drill,
            delivered=state.delivered,
            read=state.read,
            en_route=state.en_route,
            on_scene=state.on_scene,
            open=state.open,
            claimed=state.claimed,
            amended=state.amended,
            overdue=tuple(sorted(state.overdue)),
            reminded=state.reminded,
            escalated=state.escalated,
            suspended=(
                None
                if suspended is None
                else Suspended(since=suspended.since, until=suspended.until)
            ),
            supervised=self._said(state.supervised),
            households=self._households(),
            visits=tuple(
                VisitShown(household=household, done=self._said(done), satisfied=satisfied)
                for household, (done, satisfied) in state.visits.items()
            ),
            report=self._report(stored),
            declined=self._said(state.declined),
            passed_on=state.passed_on,
            passed_on_from=state.passed_on_from,
            reassigned_to=self._named(state.reassigned_to),
            rated=(
                None
                if state.rated is None
                else Rating(satisfied=state.rated[0], text=self._said(state.rated[1]))
            ),
            evaluated=(
                None
                if state.evaluated is None
                else Rating(score=state.evaluated[0], text=self._said(state.evaluated[1]))
            ),
            history=history,
            may=allowed.may,
            may_for=allowed.may_for,
        )

    def _said(self, words: str | None) -> str | None:
        return words if self._words else None

    def _named(self, person: str | None) -> Named | None:
        return None if person is None else self._naming.of(person)

    def _households(self) -> tuple[str, ...]:
        terms, person = self._terms, self._look.organisation.people.get(self._state.person)
        visits = terms is not None and any(field.kind == "visits" for field in terms.form)
        return person.households if visits and person is not None else ()

    def _order(self) -> TaskOrder:
        look, known, terms = self._look, self._force, self._terms
        name = self._loaded.about.task_force
        if known is None or terms is None or name is None:
            return TaskOrder(order=self._state.order, task_force=name)
        giver = giver_of(terms, look.loaded) or known.commander or None
        return TaskOrder(
            order=self._state.order,
            task_force=name,
            title=known.title,
            place=self._said(place_in_words(look, name)),
            level=known.level,
            text=order_text(look, terms, words=self._words),
            form=terms.form,
            open_to=terms.open_to,
            withdrawn=terms.withdrawn,
            finding=self._finding(terms.finding),
            ordered_by=None if giver is None else self._naming.with_phone(giver),
        )

    def _finding(self, finding: str | None) -> str | None:
        seen = None if finding is None else self._look.finding(finding)
        if seen is None or visible(self._viewer, "finding", seen).extent == "nothing":
            return None
        return finding

    def _report(self, stored: Stored) -> ReportShown | None:
        state = self._state
        if state.report is None:
            return None
        filled, photos = state.told
        if not self._words:
            filled = msgspec.structs.replace(filled, texts={})
        return ReportShown(
            text=self._said(state.report),
            filled=filled if filled != Filled() else None,
            photos=photos_shown(photos, stored) if self._words else (),
            reported_by=self._named(state.reported_by),
        )


def order_text(look: Look, terms: OrderTerms, *, words: bool) -> str | None:
    """What an order says; to those who see no names only where a plan says it."""
    return terms.text if words or terms.text in published_texts(look.organisation) else None


def place_in_words(look: Look, task_force: str) -> str | None:
    """Where a task force is at work, in the words of who started it."""
    started = [f for f in look.noted(task_force) if isinstance(f.event, TaskForceStarted)]
    return started[0].event.place if started else None


def department_of(organisation: Organisation, key: str | None) -> DepartmentNamed | None:
    """A department by its key; None where there is none."""
    if key is None:
        return None
    known = organisation.departments.get(key)
    return DepartmentNamed(key, known.name if known is not None else None)
