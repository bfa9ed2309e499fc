"""Outlines from a map file: which feature is which division, and no more points than a screen shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Any, Literal, NamedTuple

import msgspec

from handheld.domain.errors import Malformed
from handheld.domain.register_outlines import OutlineDivisions, OutlineRow, check_outline
from handheld_events.division import Point, Polygons, Ring
from handheld_events.territory import within
from handheld_projections.organisation import Organisation
from handheld_projections.units import outline_digest

FINE = 5
"""Digits after the point: about a metre."""
POINTS = 600
"""Of one outline, after what no screen shows has been left out."""
_FIRST_TOLERANCE = 0.00002
"""Degrees: about two metres. It is doubled until the outline has few enough points."""
_KEYS = ("code", "adcode", "gb", "id")
_NAMES = ("name", "NAME", "名称")


class Feature(NamedTuple):
    """One feature of a map: what it says of itself, and its polygons; None where it has none."""

    properties: dict[str, Any]
    polygons: Polygons | None


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A division that gets an outline."""

    code: str
    name: str
    points: int
    """After simplifying."""
    change: Literal["new", "changed", "unchanged"]


class LeftOut(NamedTuple):
    """A feature that nothing becomes of."""

    feature: int
    """Its number in the file, from 1."""
    named: str
    """What it calls itself."""
    why: Malformed


class OutlinePlan(NamedTuple):
    """What a map file would change, and the command that does it."""

    command: OutlineDivisions
    drawn: tuple[Drawn, ...]
    left_out: tuple[LeftOut, ...]
    without: tuple[str, ...]
    """Divisions one tier below the one asked for that stay without an outline."""


def plan_outlines(
    features: Sequence[Feature], organisation: Organisation, below: str, source: str | None
) -> OutlinePlan:
    """Match the features with a division and those below it: by code, else by name.

    Raises Malformed (`outline.nothing`) where no feature is a division at all.
    """
    names: dict[str, list[str]] = {}
    for known in organisation.divisions.values():
        if within(known.code, below):
            names.setdefault(known.name, []).append(known.code)
    rows: dict[str, OutlineRow] = {}
    left_out: list[LeftOut] = []
    for number, feature in enumerate(features, 1):
        codes = _codes_of(feature.properties, organisation, below, names)
        fault = _fault(feature, codes, rows)
        if fault is None and feature.polygons is not None:
            row = OutlineRow(code=codes[0], polygons=simplified(feature.polygons))
            try:
                check_outline(row.code, row.polygons)
            except Malformed as error:
                fault = error
            else:
                rows[row.code] = row
        if fault is not None:
            left_out.append(LeftOut(number, _named(feature.properties), fault))
    if not rows:
        raise Malformed("outline.nothing", features=len(features))
    drawn = tuple(_drawn(row, organisation) for row in rows.values())
    return OutlinePlan(
        OutlineDivisions(rows=tuple(rows.values()), source=source),
        drawn,
        tuple(left_out),
        tuple(
            one.code
            for one in organisation.children(below)
            if one.outline is None and one.code not in rows
        ),
    )


def _fault(feature: Feature, codes: Sequence[str], rows: dict[str, OutlineRow]) -> Malformed | None:
    if not codes:
        return Malformed("outline.unmatched")
    if len(codes) > 1:
        return Malformed("outline.several")
    if feature.polygons is None:
        return Malformed("outline.geometry")
    if codes[0] in rows:
        return Malformed("outline.twice")
    return None


def _codes_of(
    properties: dict[str, Any], organisation: Organisation, below: str, names: dict[str, list[str]]
) -> list[str]:
    for key in _KEYS:
        code = str(properties.get(key, "")).strip()
        if code in organisation.divisions and within(code, below):
            return [code]
    for key in _NAMES:
        name = properties.get(key)
        if isinstance(name, str) and name.strip() in names:
            return names[name.strip()]
    return []


def _named(properties: dict[str, Any]) -> str:
    for key in (*_NAMES, *_KEYS):
        value = properties.get(key)
        if isinstance(value, str | int) and str(value).strip():
            return str(value).strip()[:80]
    return ""


def _drawn(row: OutlineRow, organisation: Organisation) -> Drawn:
    known = organisation.divisions[row.code]
    points = sum(len(ring) for polygon in row.polygons for ring in polygon)
    change: Literal["new", "changed", "unchanged"] = "changed"
    if known.outline is None:
        change = "new"
    elif known.outline.digest == outline_digest(row.polygons):
        change = "unchanged"
    return Drawn(code=row.code, name=known.name, points=points, change=change)


def simplified(polygons: Polygons) -> Polygons:
    """The same to the eye: rounded to a metre, and with 600 points at most (Douglas-Peucker).

    Rings that come to nothing are left out; a polygon without its outer ring too.
    """
    tolerance = _FIRST_TOLERANCE
    found = _reduced(polygons, tolerance)
    while sum(len(ring) for polygon in found for ring in polygon) > POINTS and tolerance < 1:
        tolerance *= 2
        found = _reduced(polygons, tolerance)
    return found


def _reduced(polygons: Polygons, tolerance: float) -> Polygons:
    kept = []
    for polygon in polygons:
        rings = [_ring(ring, tolerance) for ring in polygon]
        if rings and len(rings[0]) > 3:
            kept.append((rings[0], *(ring for ring in rings[1:] if len(ring) > 3)))
    return tuple(kept)


def _ring(ring: Ring, tolerance: float) -> Ring:
    rounded = list(_without_repeats((round(x, FINE), round(y, FINE)) for x, y in ring))
    if len(rounded) < 4:
        return tuple(rounded)
    # A closed ring has no ends to hold on to: it is cut where it is farthest from its first point.
    first = rounded[0]
    far = max(range(len(rounded)), key=lambda n: _apart(first, rounded[n]))
    if far in (0, len(rounded) - 1):
        return ()
    return tuple(_line(rounded[: far + 1], tolerance)[:-1] + _line(rounded[far:], tolerance))


def _without_repeats(points: Iterable[Point]) -> Iterable[Point]:
    before = None
    for point in points:
        if point != before:
            yield point
        before = point


def _line(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker (1973), without recursion: a coast has many points."""
    keep = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        middle = range(first + 1, last)
        farthest = max(middle, key=lambda n: _beside(points[n], points[first], points[last]))
        if _beside(points[farthest], points[first], points[last]) > tolerance:
            keep.add(farthest)
            waiting += [(first, farthest), (farthest, last)]
    return [points[n] for n in sorted(keep)]


def _apart(one: Point, other: Point) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _beside(point: Point, begin: Point, end: Point) -> float:
    """How far a point lies from a stretch, in degrees."""
    along = (end[0] - begin[0], end[1] - begin[1])
    length = along[0] ** 2 + along[1] ** 2
    if not length:
        return sqrt(_apart(point, begin))
    share = ((point[0] - begin[0]) * along[0] + (point[1] - begin[1]) * along[1]) / length
    share = min(1.0, max(0.0, share))
    nearest = (begin[0] + share * along[0], begin[1] + share * along[1])
    return sqrt(_apart(point, nearest))
