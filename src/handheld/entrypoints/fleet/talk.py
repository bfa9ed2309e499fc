"""What a fleet in a process of its own and whoever started it say to each other: JSON lines."""

from __future__ import annotations

from typing import Any

import msgspec

from handheld.entrypoints.fleet.figures import Figures, Summary
from handheld.entrypoints.fleet.running import Wish

END = b"end\n"
"""Asks for the end. Where its input ends without it, nobody is there any more."""


class Begin(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: what is wished, and how many people follow, a line each."""

    wish: Wish
    phones: int
    """So many of them have phones here, the first ones; the others are only known of."""
    people: int


class Grown(msgspec.Struct, frozen=True, kw_only=True, tag="grown"):
    """The figures by now."""

    connected: int
    items: int
    tasks: int
    accepted: int
    reported: int
    declined: int
    overtaken: int
    drops: int

    @classmethod
    def of(cls, figures: Figures) -> Grown:
        """Of these."""
        return cls(**{name: getattr(figures, name) for name in cls.__struct_fields__})


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """What came of it."""

    summary: Summary


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """It could not begin, or go on."""

    code: str
    params: dict[str, Any]


Said = Grown | Ended | Broken
