"""Looking back on a task force: how densely its facts lie, and where it waited (复盘)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from handheld.application.reading.density import Between, Density, density
from handheld.application.reading.moments import read_at
from handheld.application.reading.waits import Ranked, Waits, waits
from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.parts import Call
from handheld.entrypoints.http.task_force_routes import FORCE
from handheld_events.base import Instant
from handheld_projections.waits import Step


class DensityQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is counted, in which parts."""

    buckets: int = 200
    """Into how many equal parts the time is divided."""
    at: str | None = None
    """Up to a position, or an instant with its zone; none: now."""
    since: str | None = None
    """After a position, or an instant."""
    begin: Instant | None = None
    """When the first part begins; none: at the first fact."""
    end: Instant | None = None
    """When the last part ends; none: at the last fact."""
    division: str = ""
    """Only what lies in this division."""
    person: str = ""
    """Only what concerns this person."""


class WaitsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which waits."""

    at: str | None = None
    """As of a position, or an instant with its zone; none: now."""
    step: Step | None = None
    """None: the step with the longest waits."""
    division: str = ""
    """Only in this division."""
    open: bool | None = None
    """Only those who still wait, or only those who do not."""
    offset: int = 0
    """How many come before the window."""
    limit: int = 50


def _position(call: Call, text: str | None) -> tuple[int | None, datetime | None]:
    """The position that is asked for, and its instant; None, None: now."""
    at = read_at(text)
    if at is None:
        return None, None
    moment = call.home.board_desk.reading.moment(at)
    return moment.position, at if isinstance(at, datetime) else moment.at


def _density(call: Call) -> Density:
    query: DensityQuery = call.query
    upto, _ = _position(call, query.at)
    since, _ = _position(call, query.since)
    between = Between(query.buckets, since, query.begin, query.end, query.division, query.person)
    look, kept = call.home.looking.look(), call.parts.courses
    return density(look, kept, call.viewer, call.path["task_force"], call.texts, between, upto)


def _waits(call: Call) -> Waits:
    query: WaitsQuery = call.query
    upto, instant = _position(call, query.at)
    ranked = Ranked(query.step, query.division, query.open, query.offset, query.limit)
    look, now = call.home.looking.look(), instant or call.home.clock.now()
    return waits(look, call.parts.courses, call.viewer, call.path["task_force"], ranked, now, upto)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{FORCE}/density",
        name="task_force_density",
        summary="How densely its facts lie in its time 事实密度",
        tag="task forces",
        run=_density,
        query=DensityQuery,
        answers=Density,
    ),
    Endpoint(
        method="GET",
        path=f"{FORCE}/waits",
        name="task_force_waits",
        summary="Where it waited, the longest first 等待排行",
        tag="task forces",
        run=_waits,
        query=WaitsQuery,
        answers=Waits,
    ),
)
