"""For operators: what comes with the program, taken in to try it with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec

from handheld import data
from handheld.adapters.tables import read_departments_of, read_divisions
from handheld.application.importing import (
    ImportPlan,
    RowErrors,
    plan_departments,
    plan_divisions,
    plan_people,
)
from handheld.application.reading.plans import plans as adopted_plans
from handheld.application.requests import Receipt
from handheld.domain.errors import NotFound
from handheld.domain.register import DivisionRow, ImportDivisions
from handheld.entrypoints.http.commands import carry_out_as
from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.keys import command_key
from handheld.entrypoints.http.operators import operator
from handheld.entrypoints.http.parts import Call
from handheld.entrypoints.http.samples import (
    Registered,
    check_no_real_people,
    registered,
    sample_grids,
    sample_people,
)

T = TypeVar("T")


class County(msgspec.Struct, frozen=True):
    """A county whose divisions come with the program."""

    code: str
    name: str
    divisions: int
    taken: bool
    """Whether it is registered already."""


class ShippedPlan(msgspec.Struct, frozen=True):
    """A plan that comes with the program."""

    plan: str
    title: str
    adopted: bool


class Samples(msgspec.Struct, frozen=True, kw_only=True):
    """What can be taken in, and what there is."""

    counties: tuple[County, ...]
    plans: tuple[ShippedPlan, ...]
    registered: Registered


class SampleDivisions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which county."""

    county: str


class SampleDepartments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which district."""

    division: str


class SamplePeople(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which district, and how many."""

    division: str
    size: Literal["small", "full"] = "small"
    """`small`: a grid a village; `full`: as many as a county called on at once."""


class SamplePlans(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which plans, for which district."""

    division: str
    plans: tuple[str, ...] = ("typhoon",)


class SampleTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken in."""

    new: int
    unchanged: int
    position: int | None


def _samples(call: Call) -> Samples:
    operator(call)
    organisation = call.home.organisation.known()
    adopted = {one.plan for one in adopted_plans(call.home.looking.look(), call.viewer)}
    counties = []
    for code in data.counties():
        rows = read_divisions(data.divisions(code))
        name = next((row.name for _, row in rows if row.code == code), code)
        counties.append(County(code, name, len(rows), code in organisation.divisions))
    shipped = [(key, data.plan_for(key, data.NO_DIVISION).title) for key in data.plans()]
    return Samples(
        counties=tuple(counties),
        plans=tuple(ShippedPlan(key, title, key in adopted) for key, title in shipped),
        registered=registered(organisation, len(adopted)),
    )


def _key(call: Call) -> str:
    operator(call)
    return command_key(call.request.headers.get("idempotency-key"))


async def _off_the_loop(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(None, work)


async def _divisions(call: Call) -> SampleTaken:
    key, county = _key(call), call.body.county

    def look() -> ImportPlan:
        errors = RowErrors()
        rows = read_divisions(data.divisions(county), errors)
        return plan_divisions(rows, call.home.organisation.known(), errors)

    return await _taken(call, key, await _off_the_loop(look))


async def _departments(call: Call) -> SampleTaken:
    key, division = _key(call), _district(call)

    def look() -> ImportPlan:
        errors = RowErrors()
        rows = read_departments_of(data.departments(), division, errors)
        return plan_departments(rows, call.home.organisation.known(), errors)

    return await _taken(call, key, await _off_the_loop(look))


async def _people(call: Call) -> SampleTaken:
    """Grids first where there are none: two commands. Done again it goes on where it ended."""
    key, division, full = _key(call), _district(call), call.body.size == "full"
    home = call.home

    def look_at_grids() -> list[DivisionRow]:
        organisation = home.organisation.known()
        check_no_real_people(organisation)  # before the grids are there
        return sample_grids(organisation, division, full=full)

    def look() -> ImportPlan:
        organisation = home.organisation.known()
        entries = sample_people(organisation, full=full)
        return plan_people(entries, organisation, home.keyring)

    rows = await _off_the_loop(look_at_grids)
    if rows:
        command = ImportDivisions(rows=tuple(rows))
        await carry_out_as(call, home.new_command_id(), command)
    return await _taken(call, key, await _off_the_loop(look))


async def _plans(call: Call) -> SampleTaken:
    _key(call)
    division, receipts = _district(call), list[Receipt]()
    for key in call.body.plans:
        plan = data.plan_for(key, division)
        receipts.append(await carry_out_as(call, call.home.new_command_id(), plan))
    new = [receipt for receipt in receipts if receipt.outcome == "accepted"]
    last = max((receipt.last or 0 for receipt in receipts), default=0)
    return SampleTaken(new=len(new), unchanged=len(receipts) - len(new), position=last or None)


def _district(call: Call) -> str:
    division: str = call.body.division
    if division not in call.home.organisation.known().divisions:
        raise NotFound("division.unknown", division=division[:15])
    return division


async def _taken(call: Call, key: str, plan: ImportPlan) -> SampleTaken:
    receipt = None
    if plan.command is not None:
        receipt = await carry_out_as(call, key, plan.command)
    return SampleTaken(
        new=plan.new,
        unchanged=plan.unchanged,
        position=None if receipt is None else receipt.last,
    )


def _take(path: str, name: str, summary: str, run: Any, body: Any, example: Any) -> Endpoint:
    return Endpoint(
        method="POST",
        path=f"/samples/{path}",
        name=name,
        summary=summary,
        tag="administration",
        run=run,
        body=body,
        answers=SampleTaken,
        takes_key=True,
        problems=(403, 404, 409, 422, 503),
        examples={"longyou": example},
    )


_LONGYOU = {"division": "330825"}

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/samples",
        name="samples",
        summary="What comes with the program, and what there is 样例",
        tag="administration",
        run=_samples,
        answers=Samples,
        problems=(403,),
    ),
    _take(
        "divisions",
        "sample_divisions",
        "Take in a county's divisions 样例区划",
        _divisions,
        SampleDivisions,
        {"county": "330825"},
    ),
    _take(
        "departments",
        "sample_departments",
        "Take in the departments that plans name 样例部门",
        _departments,
        SampleDepartments,
        _LONGYOU,
    ),
    _take(
        "people",
        "sample_people",
        "Make people up, marked so 虚构人员",
        _people,
        SamplePeople,
        {**_LONGYOU, "size": "small"},
    ),
    _take(
        "plans",
        "sample_plans",
        "Adopt plans that come with the program 样例预案",
        _plans,
        SamplePlans,
        {**_LONGYOU, "plans": ["typhoon"]},
    ),
)
