"""Maps: outlines of divisions, taken in from GeoJSON and given as GeoJSON."""

from __future__ import annotations

import asyncio

import msgspec

from handheld.adapters.geojson import read_features
from handheld.application.outlining import Drawn, LeftOut, plan_outlines
from handheld.application.reading.outlines import OutlineCollection, outlines
from handheld.domain.errors import NotFound
from handheld.entrypoints.http.bodies import bytes_of, check_media
from handheld.entrypoints.http.commands import carry_out_as
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.keys import command_key
from handheld.entrypoints.http.operators import operator
from handheld.entrypoints.http.parts import Call
from handheld_events.codec import Reading

GEOJSON = "application/geo+json"
JSON = "application/json"
MAP_MOST = 64 * 1024 * 1024

_READING = Reading()


class OutlinesQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How."""

    division: str
    """The map is of this division and those below it: names are looked for there."""
    source: str | None = None
    """Where the map comes from, in words."""
    dry_run: bool = False
    """Only say what it would do."""


class NotDrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A feature of which nothing becomes."""

    feature: int
    """Its number in the file, from 1."""
    named: str
    """What it calls itself."""
    code: str
    wrong: str
    todo: str


class OutlinesTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What a map did, or would do."""

    drawn: tuple[Drawn, ...]
    """Which divisions get an outline."""
    left_out: tuple[NotDrawn, ...]
    """Features of which nothing becomes, and why."""
    without: tuple[str, ...]
    """Divisions one tier below that stay without an outline, by code."""
    dry_run: bool
    position: int | None
    """Of the last fact; None where nothing was recorded."""
    shown: OutlineCollection | None = None
    """Of a dry run: as they would be drawn."""


def _outlines(call: Call) -> Answer:
    look = call.home.looking.look()
    found, tag = outlines(look, call.viewer, call.path["division"], call.home.log, _READING)
    return Answer(found, headers=(("etag", f'"outlines.{tag}"'),))


def _not_drawn(call: Call, one: LeftOut) -> NotDrawn:
    wrong, todo = call.texts.error(one.why.code, one.why.params)
    return NotDrawn(feature=one.feature, named=one.named, code=one.why.code, wrong=wrong, todo=todo)


async def _take_in(call: Call) -> OutlinesTaken:
    operator(call)
    key = command_key(call.request.headers.get("idempotency-key"))
    check_media(call.request, GEOJSON, JSON)
    raw = await bytes_of(call.request, MAP_MOST)
    query: OutlinesQuery = call.query
    organisation = call.home.organisation.known()
    if query.division not in organisation.divisions:
        raise NotFound("division.unknown", division=query.division[:20])
    plan = await asyncio.get_running_loop().run_in_executor(
        None, lambda: plan_outlines(read_features(raw), organisation, query.division, query.source)
    )
    position, shown = None, None
    if query.dry_run:
        names = {one.code: one.name for one in plan.drawn}
        shown = OutlineCollection.of(
            (row.code, names[row.code], query.source, row.polygons) for row in plan.command.rows
        )
    else:
        position = (await carry_out_as(call, key, plan.command)).last
    return OutlinesTaken(
        drawn=plan.drawn,
        left_out=tuple(_not_drawn(call, one) for one in plan.left_out),
        without=plan.without,
        dry_run=query.dry_run,
        position=position,
        shown=shown,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/outlines/{division}",
        name="outlines",
        summary="Outlines of a division and those below it, as GeoJSON 地图轮廓",
        tag="organisation",
        run=_outlines,
        answers=OutlineCollection,
        tagged=True,
        problems=(404,),
    ),
    Endpoint(
        method="POST",
        path="/imports/outlines",
        name="import_outlines",
        summary="Take outlines in from GeoJSON 导入地图轮廓",
        tag="administration",
        run=_take_in,
        raw=GEOJSON,
        raw_also=(JSON,),
        query=OutlinesQuery,
        answers=OutlinesTaken,
        most=MAP_MOST,
        takes_key=True,
        problems=(403, 404, 409, 503),
    ),
)
