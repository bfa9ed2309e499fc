"""Stream `division-<code>`: a coded unit of territory (区划)."""

from __future__ import annotations

from typing import ClassVar, Literal

from handheld_events.base import Event, Instant, Value

Tier = Literal["district", "township", "village", "grid"]
"""层级: district 区/县, township 乡镇/街道, village 村/社区, grid 网格."""

DivisionKind = Literal["villagers_committee", "residents_committee", "other"]
"""What a village-tier division is: 村民委员会, 居民委员会 (社区), or something alike."""

Posture = Literal["peacetime", "wartime"]
"""平时, 战时: the procedure of a division; a division has that of the nearest one above that says."""


Point = tuple[float, float]
"""Longitude and latitude in degrees, as the map that they were drawn for has them."""

Ring = tuple[Point, ...]
"""Closed: the last point is the first."""

Polygons = tuple[tuple[Ring, ...], ...]
"""Each its outer ring, then its holes: the coordinates of a MultiPolygon (RFC 7946, section 3.1.7)."""


class Shift(Value, frozen=True, kw_only=True, gc=False):
    """Somebody's turn on a duty roster."""

    person: str
    begins: Instant
    ends: Instant


class DivisionRegistered(Event, frozen=True, kw_only=True, gc=False):
    """A division entered the register. Its code's prefixes are its ancestors."""

    TOPIC: ClassVar[str] = "division.registered.v1"
    code: str
    """6 digits (county, GB/T 2260), 9 (township), 12 (village) or 15 (grid)."""
    name: str
    kind: DivisionKind | None = None
    """Of a village-tier division only."""
    synthetic: bool = False
    """Made by a generator for a demo or a drill; no such unit exists."""


class DivisionRenamed(Event, frozen=True, kw_only=True, gc=False):
    """The same unit, under another name."""

    TOPIC: ClassVar[str] = "division.renamed.v1"
    name: str


class PostureSwitched(Event, frozen=True, kw_only=True, gc=False):
    """The division goes over to another procedure (平战转换)."""

    TOPIC: ClassVar[str] = "division.posture_switched.v1"
    posture: Posture
    reason: str


class RosterSet(Event, frozen=True, kw_only=True, gc=False):
    """Who will be on duty, and when (值班表). It replaces what was set for the post before."""

    TOPIC: ClassVar[str] = "division.roster_set.v1"
    role: str
    shifts: tuple[Shift, ...]
    """In order of time; they do not overlap."""
    department: str | None = None
    """The department whose post it is; none for one of the division."""


class DutyTaken(Event, frozen=True, kw_only=True, gc=False):
    """Somebody is on duty from now on (接班): by the roster, or because it was handed over."""

    TOPIC: ClassVar[str] = "division.duty_taken.v1"
    role: str
    person: str
    department: str | None = None
    taken_from: str | None = None
    """Who was on duty before."""
    note: str | None = None
    """What the one who goes tells the one who comes."""


class DivisionOutlined(Event, frozen=True, kw_only=True, gc=False):
    """Where the division lies (地图轮廓), for maps only: no rule goes by it. It replaces the one before."""

    TOPIC: ClassVar[str] = "division.outlined.v1"
    polygons: Polygons
    """None at all takes the outline away."""
    source: str | None = None
    """Where it comes from, in the words of whoever took it in."""


DivisionEvent = (
    DivisionRegistered
    | DivisionRenamed
    | PostureSwitched
    | RosterSet
    | DutyTaken
    | DivisionOutlined
)
