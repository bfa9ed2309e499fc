"""Divisions, departments, groups, people, duty, plans; and what a start would be."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

from handheld.application.reading.duty import DutyShown, duties
from handheld.application.reading.organisation import (
    DepartmentCard,
    DepartmentListed,
    DivisionCard,
    DivisionListed,
    GroupCard,
    GroupListed,
    department_card,
    departments,
    division_card,
    divisions,
    group_card,
    groups,
)
from handheld.application.reading.people import PersonCard, person_card
from handheld.application.reading.plans import PlanCard, PlanListed, plan_card, plans
from handheld.application.reading.preview import StartPreview, start_preview
from handheld.domain.starting import StartAdHoc, StartFromPlan
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.parts import Call

T = TypeVar("T")


class Several(msgspec.Struct, Generic[T], frozen=True):
    """All of them: such lists are short."""

    rows: tuple[T, ...]


class Below(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which division."""

    below: str | None = None
    """Those one tier below this division; none: the districts."""


class Within(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which division."""

    division: str | None = None
    """Of this division and all below it."""


class PlansQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which plans."""

    division: str | None = None
    """Those that may be started for it."""
    retired: bool = False
    """Also those that no longer can."""


class PlanQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which edition."""

    edition: int | None = None
    """As that version of its stream adopted it; none: the latest."""


class PreviewQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of it."""

    names: bool = False
    """With everybody who would be called."""
    drill: bool = False


def _versioned(card: PlanCard | DivisionCard | DepartmentCard | GroupCard) -> Answer:
    return Answer(card, version=card.version)


def _divisions(call: Call) -> Several[DivisionListed]:
    return Several(divisions(call.home.looking.look(), call.viewer, call.query.below))


def _division(call: Call) -> Answer:
    return _versioned(division_card(call.home.looking.look(), call.viewer, call.path["division"]))


def _departments(call: Call) -> Several[DepartmentListed]:
    return Several(departments(call.home.looking.look(), call.viewer, call.query.division))


def _department(call: Call) -> Answer:
    look, now = call.home.looking.look(), call.home.clock.now()
    return _versioned(department_card(look, call.viewer, call.path["department"], now))


def _groups(call: Call) -> Several[GroupListed]:
    return Several(groups(call.home.looking.look(), call.viewer, call.query.division))


def _group(call: Call) -> Answer:
    return _versioned(group_card(call.home.looking.look(), call.viewer, call.path["group"]))


def _person(call: Call) -> PersonCard:
    return person_card(call.home.looking.look(), call.viewer, call.path["person"])


def _duty(call: Call) -> Several[DutyShown]:
    look, now = call.home.looking.look(), call.home.clock.now()
    return Several(duties(look, call.viewer, now, call.query.division))


def _plans(call: Call) -> Several[PlanListed]:
    query: PlansQuery = call.query
    look = call.home.looking.look()
    return Several(plans(look, call.viewer, query.division, retired=query.retired))


def _plan(call: Call) -> Answer:
    look = call.home.looking.look()
    return _versioned(plan_card(look, call.viewer, call.path["plan"], call.query.edition))


def _preview(call: Call) -> StartPreview:
    query: PreviewQuery = call.query
    home = call.home
    return start_preview(
        home.looking.look(),
        call.viewer,
        call.body,
        lambda command: home.preview(command, drill=query.drill),
        names=query.names,
    )


_VERSIONED: tuple[Any, ...] = (PlanCard, DivisionCard, DepartmentCard, GroupCard)


def _get(
    path: str, name: str, summary: str, run: object, answers: Any, query: object = None
) -> Endpoint:
    return msgspec.structs.replace(
        _GET,
        path=path,
        name=name,
        summary=summary,
        run=run,
        answers=answers,
        query=query,
        tagged=answers in _VERSIONED,
    )


_GET = Endpoint(method="GET", path="", name="", summary="", tag="organisation", run=_divisions)

_PLAN = {"command": "task_force.start", "plan": "plan-flood", "division": "330825"}
_AD_HOC = {
    "command": "task_force.start_ad_hoc",
    "title": "道路抢通",
    "division": "330825101",
    "orders": [{"text": "清理倒伏树木", "to": [{"role": "grid_head", "tier": "grid"}]}],
}

ENDPOINTS = (
    _get(
        "/divisions",
        "divisions",
        "Divisions one tier below 下级区划",
        _divisions,
        Several[DivisionListed],
        Below,
    ),
    _get("/divisions/{division}", "division", "A division 区划", _division, DivisionCard),
    _get(
        "/departments",
        "departments",
        "Departments 部门",
        _departments,
        Several[DepartmentListed],
        Within,
    ),
    _get(
        "/departments/{department}", "department", "A department 部门", _department, DepartmentCard
    ),
    _get("/groups", "groups", "Groups 编组", _groups, Several[GroupListed], Within),
    _get("/groups/{group}", "group", "A group 编组", _group, GroupCard),
    _get("/people/{person}", "person", "Somebody 人员", _person, PersonCard),
    _get("/duty", "duty", "Rosters, and who is on 值班", _duty, Several[DutyShown], Within),
    _get("/plans", "plans", "Plans 预案", _plans, Several[PlanListed], PlansQuery),
    _get("/plans/{plan}", "plan", "A plan 预案", _plan, PlanCard, PlanQuery),
    Endpoint(
        method="POST",
        path="/task-forces/preview",
        name="preview",
        summary="Whom a start would call; nothing is recorded 发起预览",
        tag="task forces",
        run=_preview,
        body=StartFromPlan | StartAdHoc,
        query=PreviewQuery,
        answers=StartPreview,
        problems=(403, 404),
        examples={"plan": _PLAN, "ad_hoc": _AD_HOC},
    ),
)
