"""What the register knows of each division, department, person, group and plan, as it is now."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from handheld_events.division import DivisionKind, Polygons, Posture
from handheld_events.plan import PlanAdopted
from handheld_events.sealed import Sealed
from handheld_projections.posts import Post


class Outline(msgspec.Struct, frozen=True):
    """Which fact has the newest outline of a division; the outline itself stays in the log."""

    position: int
    digest: str
    """Of its polygons: the same again changes nothing."""


def outline_digest(polygons: Polygons) -> str:
    """What tells one outline from another: 64 bits, hex."""
    return blake2b(msgspec.json.encode(polygons), digest_size=8).hexdigest()


class Division(msgspec.Struct, frozen=True):
    """A unit of territory (区划)."""

    code: str
    name: str
    kind: DivisionKind | None
    synthetic: bool
    version: int
    """The stream version that this state has."""
    posture: Posture | None = None
    """What it was switched to itself; none where it goes by the nearest one above that says."""
    outline: Outline | None = None
    """None where no map has been taken in."""


class Department(msgspec.Struct, frozen=True):
    """An agency (部门, 条)."""

    key: str
    name: str
    division: str
    """The division to which it belongs."""
    synthetic: bool
    version: int
    """The stream version that this state has."""
    dissolved: bool = False
    """It takes no orders any more."""


class Person(msgspec.Struct, frozen=True):
    """A person; name and phone stay sealed."""

    stream: str
    name: Sealed
    phone: Sealed | None
    synthetic: bool
    version: int
    """The stream version that this state has."""
    posts: tuple[Post, ...] = ()
    erased: bool = False
    households: tuple[str, ...] = ()
    """Numbers of the households that the person visits (联户)."""


class Group(msgspec.Struct, frozen=True):
    """People who are called together (工作组)."""

    key: str
    name: str
    division: str
    members: tuple[str, ...]
    """Person streams."""
    version: int
    """The stream version that this state has."""
    dissolved: bool = False


class PlanInForce(msgspec.Struct, frozen=True):
    """A plan (预案) in its latest edition."""

    stream: str
    edition: PlanAdopted
    version: int
    """The stream version that this state has."""
    retired: bool = False
    """It can no longer be started."""
