"""A task force at a glance, and its orders (专班, 指令)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from handheld.application.board_keeper import BoardKeeper
from handheld.application.handlers.task_world import giver_of
from handheld.application.reading.allowed import with_task_force
from handheld.application.reading.named import Named, Naming, Place, place_of
from handheld.application.reading.seen import Look, must_see
from handheld.application.reading.tasks import DepartmentNamed, department_of, order_text
from handheld.application.reading.unnamed import published_texts
from handheld.application.telling.facts import Unreadable, facts_in
from handheld.domain.errors import NotFound
from handheld.domain.seeing import View, Viewer, visible
from handheld.domain.task_force import OrderTerms, Status, TaskForce
from handheld_events.division import Posture
from handheld_events.forms import Form
from handheld_events.orders import Level, Steps
from handheld_events.task_force import DepartmentPart, OrderAmended, OrderIssued
from handheld_projections.open_tasks import OpenTask, State
from handheld_projections.task_forces import IssuedOrder, Summary

PATIENCE_SECONDS = 2.0
"""So long boards may take to show what the log has; then they show what they have."""


class DepartmentShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A department in a task force."""

    department: DepartmentNamed
    part: DepartmentPart
    """Whether it leads or responds."""
    accepted_at: datetime | None = None
    """When it took its part on (UTC)."""


class TaskForceCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A task force (专班). Whoever only has a task of it sees what it is, and who commands."""

    task_force: str
    version: int
    """Of its stream: for edits."""
    title: str
    division: Place
    place: str | None = None
    """In words."""
    level: Level | None = None
    """The response level."""
    status: Status
    drill: bool = False
    started_at: datetime
    """Recorded time (UTC)."""
    ended_at: datetime | None = None
    """Recorded time of the close or the cancellation (UTC)."""
    commander: Named | None = None
    """With the telephone number where that is for who looks."""
    lead: DepartmentNamed | None = None
    """The department that leads."""
    inside: bool = False
    """Whether its course is for who looks: what follows is told to them only."""
    part: bool = False
    """Of the course only the part in their territory, or of their department's people."""
    after: int = 0
    """What was recorded up to this position is not for them."""
    started_by: Named | None = None
    plan: str | None = None
    """The plan stream."""
    warning: str | None = None
    """The warning stream because of which it was started, where who looks may see it."""
    finding: str | None = None
    """The finding stream because of which it was started, where who looks may see it."""
    posture: Posture | None = None
    departments: tuple[DepartmentShown, ...] = ()
    members: int | None = None
    """How many people command it, were pulled in or have a task; None where only a part is seen."""
    tasks: Mapping[State, int] | None = None
    """How many tasks are in each state; None where only a part is seen."""
    overdue: int | None = None
    """How many of them are overdue (超期)."""
    orders: int | None = None
    entries: int | None = None
    outcome: str | None = None
    """With what it was closed, or why it was cancelled."""
    satisfied: bool | None = None
    """How it was rated."""
    score: int | None = None
    """A superior's evaluation, 1 to 5."""
    archived: bool = False
    may: tuple[str, ...] = ()
    """The commands that who looks may send about it, as far as that is a matter of who they are."""


class OrderShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An order (指令) as it stands, after its amendments."""

    order: str
    task_force: str
    version: int
    """Of the task force's stream: for edits."""
    key: str | None = None
    """The plan's name for it, or its number."""
    text: str | None = None
    """None where the words of people are not for who looks."""
    steps: Steps
    form: Form = ()
    """What a report has to tell besides words."""
    accept_by: datetime | None = None
    """(UTC)"""
    report_by: datetime | None = None
    """(UTC)"""
    open_to: int | None = None
    """First to claim: so many of its tasks are enough."""
    claimed: int = 0
    """Of an open order: how many places are taken."""
    called_at_level: Level | None = None
    """It belongs to the wave of this response level."""
    amended: int = 0
    """The number of the latest amendment."""
    withdrawn: bool = False
    given_by: Named | None = None
    """Who gave it by itself, or passed it on."""
    passed_on_from: str | None = None
    """The task of the official who passed it on."""
    finding: str | None = None
    """The finding that it is about, where who looks may see it."""
    tasks: int | None = None
    """How many tasks it has; None where only a part is seen."""
    vacant: int | None = None
    """How many posts asked for nobody held."""
    states: Mapping[State, int] | None = None
    """How many of its tasks are in each state; None where only a part is seen."""
    overdue: int | None = None
    """How many of them are overdue."""


class ForeseenShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An order that the plan has yet to call."""

    key: str
    text: str
    level: Level | None = None
    """It waits for this response level."""
    at: datetime | None = None
    """When it is called (UTC)."""
    every: int | None = None
    """Seconds after which it is given again."""
    given: int = 0
    """How often it was given so far."""


class Orders(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The orders of a task force, in the order in which they were given."""

    orders: tuple[OrderShown, ...]
    foreseen: tuple[ForeseenShown, ...] = ()


def task_force_card(
    look: Look, boards: BoardKeeper, viewer: Viewer, task_force: str
) -> TaskForceCard:
    """A task force at a glance. Raises NotFound (`task_force.unknown`), for what is hidden, too."""
    absent = NotFound("task_force.unknown", task_force=task_force)
    seen = look.task_force(task_force, viewer)
    view = must_see(viewer, "task_force", seen, absent)
    known = look.force(task_force)
    if known is None or seen is None:
        raise absent
    boards.wait_for(look.position, PATIENCE_SECONDS)
    summary = boards.summary(task_force)
    naming = Naming(look, viewer, task_force)
    course = visible(viewer, "task_force.timeline", seen)
    card = TaskForceCard(
        task_force=task_force,
        version=known.version,
        title=known.title,
        division=place_of(look.organisation, known.division) or Place(known.division),
        place=summary.place if view.names else None,
        level=known.level,
        status=known.status,
        drill=summary.drill,
        started_at=summary.started_at,
        ended_at=summary.ended_at,
        commander=naming.with_phone(known.commander) if known.commander else None,
        lead=department_of(look.organisation, known.lead),
        archived=known.archived,
        may=with_task_force(look, viewer, task_force),
    )
    if course.extent == "nothing":
        return card
    return msgspec.structs.replace(
        card, **_inside(look, boards, viewer, (known, summary, course), naming)
    )


def _inside(
    look: Look,
    boards: BoardKeeper,
    viewer: Viewer,
    found: tuple[TaskForce, Summary, View],
    naming: Naming,
) -> dict[str, object]:
    known, summary, course = found
    told: dict[str, object] = {
        "inside": True,
        "part": course.extent == "part",
        "after": course.after,
        "started_by": naming.of(summary.started_by),
        "plan": summary.plan,
        "warning": _if_seen(look, viewer, known.warning),
        "finding": _if_seen(look, viewer, known.finding),
        "posture": known.posture,
        "departments": tuple(
            DepartmentShown(
                department=DepartmentNamed(*_named_department(look, line.department)),
                part=line.part,
                accepted_at=line.accepted_at,
            )
            for line in summary.departments.values()
        ),
        "orders": len(known.orders),
        "entries": summary.entries,
        "outcome": summary.outcome if course.names else None,
        "satisfied": summary.satisfied,
        "score": summary.score,
    }
    if course.extent == "whole":
        tasks = boards.tasks(summary.task_force)
        people = {task.person for task in tasks.values()} | known.commanded
        people |= {person for person, _ in known.pulled_in}
        told |= {
            "members": len(people),
            "tasks": _by_state(tasks.values()),
            "overdue": sum(task.overdue for task in tasks.values()),
        }
    return told


def orders(look: Look, boards: BoardKeeper, viewer: Viewer, task_force: str) -> Orders:
    """The orders that are for who looks: whoever only has a task sees that one.

    Raises NotFound (`task_force.unknown`), for what is hidden, too.
    """
    absent = NotFound("task_force.unknown", task_force=task_force)
    seen = look.task_force(task_force, viewer)
    must_see(viewer, "task_force", seen, absent)
    known = look.force(task_force)
    if known is None or seen is None:
        raise absent
    boards.wait_for(look.position, PATIENCE_SECONDS)
    summary = boards.summary(task_force)
    course = visible(viewer, "task_force.timeline", seen)
    counts = _by_order(boards.tasks(task_force)) if course.extent == "whole" else None
    said = _said_at(look, task_force)
    shown = []
    for order, terms in known.orders.items():
        view = _order_view(look, viewer, task_force, order)
        if view.extent != "nothing" and said.get(order, 0) > view.after:
            issued = summary.orders.get(order)
            tasks = None if counts is None else counts.get(order, [])
            shown.append(
                _order(look, viewer, (task_force, known, terms), order, issued, view, tasks)
            )
    later = summary.foreseen.values() if course.extent != "nothing" else ()
    return Orders(
        orders=tuple(shown),
        foreseen=tuple(
            ForeseenShown(
                key=one.key,
                text=one.text,
                level=one.level,
                at=one.at,
                every=one.every,
                given=one.given,
            )
            for one in later
            if known.status == "active" and _may_read(look, course, one.text)
        ),
    )


def order(
    look: Look, boards: BoardKeeper, viewer: Viewer, task_force: str, order: str
) -> OrderShown:
    """One order. Raises NotFound (`order.unknown`), for what is hidden, too."""
    absent = NotFound("order.unknown", order=order)
    try:
        found = orders(look, boards, viewer, task_force)
    except NotFound as error:
        raise absent from error
    for one in found.orders:
        if one.order == order:
            return one
    raise absent


def _said_at(look: Look, task_force: str) -> dict[str, int]:
    """The position at which each order was given, or said anew: who came later sees it from then on."""
    topics = (OrderIssued.TOPIC, OrderAmended.TOPIC)
    rows = [row for row in look.log.read_streams([task_force]) if row[3] in topics]
    return {f.event.order: f.position for f in facts_in(rows) if not isinstance(f, Unreadable)}


def _order_view(look: Look, viewer: Viewer, task_force: str, order: str) -> View:
    seen = look.order(task_force, order, viewer)
    return View("nothing") if seen is None else visible(viewer, "order", seen)


def _order(
    look: Look,
    viewer: Viewer,
    of: tuple[str, TaskForce, OrderTerms],
    order: str,
    issued: IssuedOrder | None,
    view: View,
    tasks: list[OpenTask] | None,
) -> OrderShown:
    task_force, known, terms = of
    giver = giver_of(terms, look.loaded)
    return OrderShown(
        order=order,
        task_force=task_force,
        version=known.version,
        key=terms.key,
        text=order_text(look, terms, words=view.names),
        steps=terms.steps,
        form=terms.form,
        accept_by=terms.accept_by,
        report_by=terms.report_by,
        open_to=terms.open_to,
        claimed=terms.claimed,
        called_at_level=terms.called_at_level,
        amended=terms.amended,
        withdrawn=terms.withdrawn,
        given_by=None if giver is None else Naming(look, viewer, task_force).of(giver),
        passed_on_from=terms.passed_on_from,
        finding=_if_seen(look, viewer, terms.finding),
        tasks=None if tasks is None else len(tasks),
        vacant=None if tasks is None or issued is None else issued.vacant_count,
        states=None if tasks is None else _by_state(tasks),
        overdue=None if tasks is None else sum(task.overdue for task in tasks),
    )


def _if_seen(look: Look, viewer: Viewer, stream: str | None) -> str | None:
    """A finding or a warning that led to it, where it is for who looks."""
    if stream is None:
        return None
    if stream.startswith("finding-"):
        seen = look.finding(stream)
        hidden = seen is None or visible(viewer, "finding", seen).extent == "nothing"
    else:
        seen = look.warning(stream)
        hidden = seen is None or visible(viewer, "warning", seen).extent == "nothing"
    return None if hidden else stream


def _may_read(look: Look, view: View, text: str) -> bool:
    return view.names or text in published_texts(look.organisation)


def _named_department(look: Look, key: str) -> tuple[str, str | None]:
    known = look.organisation.departments.get(key)
    return key, known.name if known is not None else None


def _by_state(tasks: Iterable[OpenTask]) -> dict[State, int]:
    found: dict[State, int] = {}
    for task in tasks:
        found[task.status] = found.get(task.status, 0) + 1
    return found


def _by_order(tasks: Mapping[str, OpenTask]) -> dict[str, list[OpenTask]]:
    found: dict[str, list[OpenTask]] = {}
    for task in tasks.values():
        found.setdefault(task.order, []).append(task)
    return found
