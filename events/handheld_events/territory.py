"""Division codes: a prefix is an ancestor."""

from __future__ import annotations

from handheld_events.division import DivisionKind, Tier

TIERS: dict[int, Tier] = {6: "district", 9: "township", 12: "village", 15: "grid"}
"""The tier of a code, by its number of digits."""


def tier_of(code: str) -> Tier:
    """The tier of a division code."""
    return TIERS[len(code)]


def parent_of(code: str) -> str | None:
    """The code one tier up; none for a district."""
    return code[:-3] if len(code) > 6 else None


def ancestors(code: str) -> tuple[str, ...]:
    """The code itself and all above it, the district first: at most four."""
    return tuple(code[:n] for n in TIERS if n <= len(code))


def within(code: str, territory: str) -> bool:
    """Whether a division is the territory or lies in it."""
    return code.startswith(territory)


def kind_by_code(code: str) -> DivisionKind | None:
    """What a village-tier code says of its kind.

    The last three digits of a statistical division code: 001-199 residents' committees, 200-399
    villagers' committees, above that units alike (National Bureau of Statistics, coding rules for
    statistical divisions, 统计用区划代码和城乡划分代码编制规则).
    """
    if len(code) != 12:
        return None
    last = int(code[9:])
    if 1 <= last <= 199:
        return "residents_committee"
    if 200 <= last <= 399:
        return "villagers_committee"
    return "other"
