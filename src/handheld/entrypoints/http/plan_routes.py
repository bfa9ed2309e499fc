"""Plans while they are written: those that come with the program, and what an edition would do."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from handheld import data
from handheld.adapters.tables import read_departments_of
from handheld.application.importing import RowErrors
from handheld.application.reading.plan_preview import PlanPreview, plan_preview
from handheld.domain.plan import AdoptPlan
from handheld.entrypoints.http.command_examples import EXAMPLES
from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.organisation_routes import Several
from handheld.entrypoints.http.parts import Call
from handheld_events.orders import Level


class DepartmentNamed(msgspec.Struct, frozen=True):
    """A department that a plan names."""

    department: str
    """The key."""
    name: str


class PlanShipped(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that comes with the program."""

    plan: str
    """The key."""
    title: str
    orders: int
    departments: tuple[DepartmentNamed, ...]
    """Those that it names: they may not be registered yet."""
    triggers: tuple[str, ...]
    """The warnings that it answers."""


class PlanPreviewQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which start."""

    division: str | None = None
    """Started here; none: in the plan's own division."""
    level: Level | None = None
    """At this response level; none: at the plan's own."""


def _shipped(call: Call) -> Several[PlanShipped]:
    names = _names()
    plans = (data.plan_for(key, data.NO_DIVISION) for key in data.plans())
    return Several(tuple(_listed(plan, names) for plan in plans))


def _names() -> dict[str, str]:
    """Of the departments that the plans name, by key."""
    rows = read_departments_of(data.departments(), data.NO_DIVISION, RowErrors())
    return {row.key: row.name for _, row in rows}


def _listed(plan: AdoptPlan, names: Mapping[str, str]) -> PlanShipped:
    named = {*plan.responding, plan.lead}
    for order in plan.orders:
        named |= {target.department for target in order.to}
    return PlanShipped(
        plan=plan.plan,
        title=plan.title,
        orders=len(plan.orders),
        departments=tuple(
            DepartmentNamed(key, names.get(key, key))
            for key in sorted(one for one in named if one is not None)
        ),
        triggers=tuple(trigger.event for trigger in plan.triggers),
    )


def _one_shipped(call: Call) -> AdoptPlan:
    return data.plan_for(call.path["plan"], data.NO_DIVISION)


def _preview(call: Call) -> PlanPreview:
    query: PlanPreviewQuery = call.query
    home = call.home

    def explain(code: str, params: Mapping[str, object]) -> tuple[str, str]:
        if "departments" in params:
            names, keys = _names(), str(params["departments"]).split(", ")
            params = {**params, "departments": ", ".join(names.get(key, key) for key in keys)}
        return call.texts.error(code, params)

    return plan_preview(
        home.looking.look(),
        call.viewer,
        call.body,
        home.clock.now(),
        explain,
        division=query.division,
        level=query.level,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/shipped-plans",
        name="shipped_plans",
        summary="Plans that come with the program 附带的预案",
        tag="organisation",
        run=_shipped,
        answers=Several[PlanShipped],
    ),
    Endpoint(
        method="GET",
        path="/shipped-plans/{plan}",
        name="shipped_plan",
        summary="One of them, as the command that adopts it 附带的预案",
        tag="organisation",
        run=_one_shipped,
        answers=AdoptPlan,
    ),
    Endpoint(
        method="POST",
        path="/plans/preview",
        name="plan_preview",
        summary="What a plan would do, and what is wrong with it; nothing is recorded 预案预览",
        tag="organisation",
        run=_preview,
        body=AdoptPlan,
        query=PlanPreviewQuery,
        answers=PlanPreview,
        problems=(403, 404),
        examples={"example": {**EXAMPLES["plan.adopt"], "command": "plan.adopt"}},
    ),
)
