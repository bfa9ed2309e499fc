"""How the rows of each register are asked about, and how they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from handheld.application.reading.called import Called
from handheld.application.reading.listed import (
    FindingListed,
    PersonListed,
    TaskForceListed,
    TaskListed,
    WarningListed,
)
from handheld.application.reading.pages import ALL_FOUND, Asking, Hidden, Shown
from handheld.application.reading.seen import Look
from handheld.application.register_reach import reach_of
from handheld.domain.seeing import NOTHING, Reading, Seen, View, Viewer, visible
from handheld_events.ids import department_stream
from handheld_events.territory import ancestors, within
from handheld_projections.organisation import Person
from handheld_projections.register_rows import (
    FindingRow,
    PersonRow,
    TaskForceRow,
    TaskRow,
    WarningRow,
)

_NO_ORDERS: Hidden = frozenset({"orders"})
NO_WORDS: Hidden = frozenset({"names", "phones", "texts"})
"""By what nobody and nothing is found for those who see without names."""


def _view(viewer: Viewer, reading: Reading, seen: Seen | None) -> View:
    return NOTHING if seen is None else visible(viewer, reading, seen)


# --- task forces --------------------------------------------------------------------------------


def of_task_forces(called: Called) -> Asking[TaskForceRow]:
    """Who asks finds one by its orders only where these are for them."""
    look, viewer = called.look, called.viewer

    def views(rows: Sequence[TaskForceRow]) -> list[View]:
        look.load([row.task_force for row in rows])
        return [
            _view(viewer, "task_force", look.task_force(row.task_force, viewer)) for row in rows
        ]

    def hidden(row: TaskForceRow, view: View) -> Hidden:
        if not view.names:
            return NO_WORDS
        return ALL_FOUND if _reads_all_orders(look, viewer, row.task_force) else _NO_ORDERS

    return Asking(lambda row: row.task_force, views, hidden)


def _reads_all_orders(look: Look, viewer: Viewer, task_force: str) -> bool:
    """Whether no order of it is hidden: not those of others, nor those of a time before they came.

    The words of all its orders are looked through together: by one that is hidden nobody finds it.
    """
    course = _view(viewer, "task_force.timeline", look.task_force(task_force, viewer))
    if course.extent != "nothing" and not course.after:
        return True
    known = look.force(task_force)
    views = [
        _view(viewer, "order", look.order(task_force, order, viewer))
        for order in (known.orders if known is not None else ())
    ]
    return all(view.extent != "nothing" and not view.after for view in views)


def task_force(called: Called, one: Shown[TaskForceRow]) -> TaskForceListed:
    """A task force in the list."""
    row = one.row
    return TaskForceListed(
        task_force=row.task_force,
        title=row.title,
        division=called.place(row.division),
        status=row.status,
        archived=row.archived,
        level=row.level,
        drill=row.drill,
        plan=row.plan,
        place=row.place if one.view.names else None,
        started_at=row.started_at,
        ended_at=row.ended_at,
        started_by=called.person(row.started_by, row.task_force),
        commander=called.person(row.commander, row.task_force),
        last_at=row.last_at,
        position=row.position,
    )


# --- tasks --------------------------------------------------------------------------------------


def of_tasks(called: Called) -> Asking[TaskRow]:
    """A row says as much as the task's own stream would; by name it is found where that is shown."""
    look, viewer = called.look, called.viewer

    def views(rows: Sequence[TaskRow]) -> list[View]:
        look.load({row.task_force for row in rows})
        return [_view(viewer, "task", _seen_of_task(called, row)) for row in rows]

    def hidden(row: TaskRow, view: View) -> Hidden:
        if not view.names:
            return NO_WORDS
        if called.shows(row.person, row.task_force):
            return ALL_FOUND
        return frozenset({"names"})

    return Asking(lambda row: row.task, views, hidden)


def _seen_of_task(called: Called, row: TaskRow) -> Seen:
    return called.look.task_of(
        row.task_force,
        order=row.order,
        division=row.division,
        person=row.person,
        department=row.department,
        unit=row.unit,
    )


def task(called: Called, one: Shown[TaskRow]) -> TaskListed:
    """A task in the list."""
    row = one.row
    known = called.look.force(row.task_force)
    terms = known.orders.get(row.order) if known is not None else None
    department = None if row.department is None else department_stream(row.department)
    return TaskListed(
        task=row.task,
        task_force=row.task_force,
        title=known.title if known is not None else None,
        order=row.order,
        text=terms.text if terms is not None and one.view.names else None,
        person=called.person(row.person, row.task_force),
        division=called.place(row.division),
        department=None if department is None else called.unit(department),
        unit=row.unit,
        open=row.open,
        state=row.state,
        overdue=row.overdue,
        delivered=row.delivered,
        reminded=row.reminded,
        escalated=row.escalated,
        dispatched_at=row.dispatched_at,
        drill=row.drill,
        cancelled=row.cancelled,
        last_at=row.last_at,
        position=row.position,
    )


# --- findings and warnings ----------------------------------------------------------------------


def of_findings(called: Called) -> Asking[FindingRow]:
    """By its words a finding is found where these are shown."""
    look, viewer = called.look, called.viewer

    def views(rows: Sequence[FindingRow]) -> list[View]:
        look.load([row.finding for row in rows])
        return [_view(viewer, "finding", look.finding(row.finding)) for row in rows]

    return Asking(
        lambda row: row.finding, views, lambda _, view: ALL_FOUND if view.names else NO_WORDS
    )


def finding(called: Called, one: Shown[FindingRow]) -> FindingListed:
    """A finding in the list."""
    row, named = one.row, one.view.names
    return FindingListed(
        finding=row.finding,
        text=row.text if named else None,
        place=row.place if named else None,
        division=called.place(row.division),
        desk=called.unit(row.desk),
        state=row.state,
        reporter=called.person(row.reporter),
        task_force=row.task_force,
        order=row.order,
        reported_at=row.reported_at,
        drill=row.drill,
        wants_task_force=row.wants_task_force,
        last_at=row.last_at,
        position=row.position,
    )


def of_warnings(called: Called) -> Asking[WarningRow]:
    """Warnings are public: whoever sees one reads all of it."""
    look, viewer = called.look, called.viewer

    def views(rows: Sequence[WarningRow]) -> list[View]:
        look.load([row.warning for row in rows])
        return [_view(viewer, "warning", look.warning(row.warning)) for row in rows]

    return Asking(lambda row: row.warning, views, lambda _row, _view: ALL_FOUND)


def warning(called: Called, one: Shown[WarningRow]) -> WarningListed:
    """A warning in the list."""
    row = one.row
    return WarningListed(
        warning=row.warning,
        event=row.event,
        level=row.level,
        headline=row.headline,
        status=row.status,
        source=row.source,
        divisions=tuple(called.place(code) for code in row.divisions),
        received_at=row.received_at,
        expires=row.expires,
        drill=row.drill,
        last_at=row.last_at,
        position=row.position,
    )


# --- people -------------------------------------------------------------------------------------


def of_people(called: Called) -> Asking[PersonRow]:
    """In the list is whoever may be named; by number is found whose number is shown."""

    def views(rows: Sequence[PersonRow]) -> list[View]:
        look, viewer = called.look, called.viewer
        return [_view(viewer, "person.name", look.person(row.person, viewer)) for row in rows]

    def hidden(row: PersonRow, _: View) -> Hidden:
        return ALL_FOUND if called.naming().sees_phone(row.person) else frozenset({"phones"})

    return Asking(lambda row: row.person, views, hidden)


def person(called: Called, one: Shown[PersonRow]) -> PersonListed:
    """Somebody in the list."""
    known = called.look.organisation.people[one.row.person]
    return PersonListed(
        person=called.naming().with_phone(known.stream),
        posts=known.posts,
        erased=known.erased,
        synthetic=known.synthetic,
    )


def candidates(called: Called) -> tuple[str, ...] | None:
    """Who may have a name that is for who looks; None: everybody."""
    organisation, viewer = called.look.organisation, called.viewer
    reach = reach_of(viewer, organisation)
    if reach is None:
        return None
    mine = organisation.people.get(viewer.actor)
    # Whoever answers for one's own places and those above them is known to everybody there.
    above = {
        code
        for post in (mine.posts if mine is not None else ())
        for code in ancestors(post.division)
    }
    answers, territories = frozenset(reach.answers), reach.territories

    def may_be(known: Person) -> bool:
        return known.stream == viewer.actor or any(
            post.department in answers
            or post.division in above
            or any(within(post.division, code) for code in territories)
            for post in known.posts
        )

    return tuple(stream for stream, known in organisation.people.items() if may_be(known))
