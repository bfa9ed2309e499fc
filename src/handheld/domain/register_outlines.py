"""Outlines of divisions (地图轮廓): for maps only, no rule goes by them."""

from __future__ import annotations

from math import isfinite

import msgspec

from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.register import StreamChange, first_twice
from handheld.domain.words import check_words
from handheld_events.division import DivisionOutlined, Polygons, Ring
from handheld_events.ids import division_stream
from handheld_projections.organisation import Organisation
from handheld_projections.units import outline_digest

MOST_POINTS = 2_000
"""Of one outline: some 40 kB as JSON, far below what an event may hold."""
_FEWEST_POINTS = 4
"""Of a ring, the last being the first again (RFC 7946, section 3.1.6)."""


class OutlineRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A division with its outline; without polygons it loses the one it has."""

    code: str
    polygons: Polygons


class OutlineDivisions(BaseCommand, frozen=True, kw_only=True, tag="divisions.outline"):
    """Draw these divisions so from now on; others are untouched."""

    rows: tuple[OutlineRow, ...]
    source: str | None = None
    """Where the outlines come from, in words."""


def decide_outlines(command: OutlineDivisions, organisation: Organisation) -> list[StreamChange]:
    """What changes; nothing where all are drawn so already.

    Raises NotFound (`division.unknown`), Malformed (`division.twice`, `outline.ring`,
    `outline.range`, `outline.points`, words).
    """
    check_words(source=command.source)
    twice = first_twice(row.code for row in command.rows)
    if twice:
        raise Malformed("division.twice", division=twice)
    changes: list[StreamChange] = []
    for row in command.rows:
        known = organisation.divisions.get(row.code)
        if known is None:
            raise NotFound("division.unknown", division=row.code)
        check_outline(row.code, row.polygons)
        before = known.outline.digest if known.outline is not None else None
        after = outline_digest(row.polygons) if row.polygons else None
        if before != after:
            event = DivisionOutlined(polygons=row.polygons, source=command.source)
            stream = division_stream(row.code)
            changes.append(StreamChange(stream, known.version, (event,), row.code, None))
    return changes


def check_outline(code: str, polygons: Polygons) -> None:
    """Raises Malformed (`outline.ring`, `outline.range`, `outline.points`)."""
    rings = [ring for polygon in polygons for ring in polygon]
    if any(not polygon for polygon in polygons) or not all(map(_closed, rings)):
        raise Malformed("outline.ring", division=code)
    points = [point for ring in rings for point in ring]
    for longitude, latitude in points:
        fine = isfinite(longitude) and isfinite(latitude)
        if not fine or abs(longitude) > 180 or abs(latitude) > 90:
            raise Malformed("outline.range", division=code, point=f"{longitude}, {latitude}")
    if len(points) > MOST_POINTS:
        raise Malformed("outline.points", division=code, points=len(points), most=MOST_POINTS)


def _closed(ring: Ring) -> bool:
    return len(ring) >= _FEWEST_POINTS and ring[0] == ring[-1]
