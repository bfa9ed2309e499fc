"""A plan while it is written: what is wrong with it, and whom it would call today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from handheld.application.reading.called import Called
from handheld.application.reading.named import Place
from handheld.application.reading.preview import (
    CalledTwice,
    DepartmentPreviewed,
    OrderPreviewed,
    Previewed,
    Showing,
)
from handheld.application.reading.seen import Look, must_see
from handheld.domain.assignment import Assignment, assign
from handheld.domain.duty import may_start
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.plan import AdoptPlan, Plan
from handheld.domain.plan_faults import Fault, plan_faults
from handheld.domain.seeing import Seen, Viewer
from handheld.domain.starting import Preview, StartFromPlan
from handheld.domain.waves import reached
from handheld_events.division import Posture
from handheld_events.ids import department_stream, plan_stream
from handheld_events.orders import Level, PlanOrder
from handheld_events.plan import PlanAdopted
from handheld_projections.organisation import Organisation

Explain = Callable[[str, Mapping[str, object]], tuple[str, str]]
"""A code and its values, in words: what is wrong, what to do."""


class PlanFault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing for which the plan would be refused."""

    at: str
    """Where: `title`, `triggers/0`, `orders/2/form/1`; empty: the plan as a whole."""
    code: str
    wrong: str
    todo: str


class OrderForeseenNow(msgspec.Struct, frozen=True, kw_only=True):
    """An order of the plan, and whom it would call if its turn were now."""

    number: int
    """Of the plan's orders, from 0."""
    at_start: bool
    """Called at the start at this level; otherwise at a time, or at a higher level."""
    called: OrderPreviewed | None
    """None where it cannot be told, for a fault."""


class PlanPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan would do in a division, nothing of which is recorded."""

    faults: tuple[PlanFault, ...]
    division: Place
    posture: Posture
    level: Level | None
    """The response level of the start that is previewed."""
    people: int
    """How many people its start would call."""
    tasks: int
    departments: tuple[DepartmentPreviewed, ...]
    orders: tuple[OrderForeseenNow, ...]
    called_twice: tuple[CalledTwice, ...]


def plan_preview(
    look: Look,
    viewer: Viewer,
    command: AdoptPlan,
    at: datetime,
    explain: Explain,
    *,
    division: str | None = None,
    level: Level | None = None,
) -> PlanPreview:
    """What this edition would do, started in `division` at `level`; its own where none is given.

    Only for those who could adopt it there. Raises NotAllowed (`plan.not_yours`), NotFound
    (`division.unknown`).
    """
    organisation = look.organisation
    where = division or command.division
    must_see(viewer, "organisation", Seen(organisation), _unknown(where))
    if where not in organisation.divisions:
        raise _unknown(where)
    if not may_start(organisation, viewer.actor, where):
        raise NotAllowed("plan.not_yours")
    level = level or command.level
    found = [_assigned(organisation, where, order, at) for order in command.orders]
    pairs = list(zip(command.orders, found, strict=True))
    starts = [
        (order, assigned)
        for order, assigned in pairs
        if assigned is not None and _at_start(order, level)
    ]
    start = StartFromPlan(plan=plan_stream(command.plan), division=where, level=level)
    seen = Previewed(Preview(command.title, starts, (), level), start, Plan(_edition(command)))
    called = Called(look, viewer)
    showing = Showing(called, seen)
    return PlanPreview(
        faults=tuple(_faults(plan_faults(command, organisation), command, called, explain)),
        division=called.place(where),
        posture=organisation.posture_of(where),
        level=level,
        people=seen.people(),
        tasks=seen.tasks(),
        departments=tuple(
            one
            for one in showing.departments()
            if one.department.unit.removeprefix("department-") in organisation.departments
        ),
        orders=tuple(
            OrderForeseenNow(
                number=number,
                at_start=_at_start(order, level),
                called=None if assigned is None else showing.order(order, assigned, names=False),
            )
            for number, (order, assigned) in enumerate(pairs)
        ),
        called_twice=showing.called_twice(),
    )


def _unknown(division: str) -> NotFound:
    return NotFound("division.unknown", division=division)


def _at_start(order: PlanOrder, level: Level | None) -> bool:
    return order.after is None and reached(order, level)


def _assigned(
    organisation: Organisation, where: str, order: PlanOrder, at: datetime
) -> Assignment | None:
    try:
        return assign(organisation, where, order.to, (), at)
    except Malformed:
        return None  # what is wrong with it stands among the faults


def _edition(command: AdoptPlan) -> PlanAdopted:
    return PlanAdopted(
        title=command.title,
        division=command.division,
        orders=command.orders,
        level=command.level,
        lead=command.lead,
        responding=command.responding,
    )


def _faults(
    faults: Iterable[Fault], command: AdoptPlan, called: Called, explain: Explain
) -> Iterable[PlanFault]:
    """In words that name an order by its number, and what has a name by that."""
    numbers = {order.key: str(n) for n, order in enumerate(command.orders, 1)}
    labels = {field.key: field.label for order in command.orders for field in order.form}
    for fault in faults:
        params = dict(fault.why.params)
        if "order" in params:
            params["order"] = numbers.get(str(params["order"]), params["order"])
        if "key" in params:
            params["key"] = labels.get(str(params["key"])) or params["key"]
        if "department" in params:
            department = str(params["department"])
            params["department"] = called.unit(department_stream(department)).name or department
        wrong, todo = explain(fault.why.code, params)
        yield PlanFault(at=fault.at, code=fault.why.code, wrong=wrong, todo=todo)
