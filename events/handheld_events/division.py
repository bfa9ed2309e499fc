"""Stream `division-<code>`: a coded unit of territory (区划)."""

from __future__ import annotations

from typing import ClassVar, Literal

from handheld_events.base import Event

Tier = Literal["district", "township", "village", "grid"]
"""层级: district 区/县, township 乡镇/街道, village 村/社区, grid 网格."""

DivisionKind = Literal["villagers_committee", "residents_committee", "other"]
"""What a village-tier division is: 村民委员会, 居民委员会 (社区), or something alike."""


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


DivisionEvent = DivisionRegistered | DivisionRenamed
