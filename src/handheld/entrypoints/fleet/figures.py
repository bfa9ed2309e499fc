"""What a fleet has seen, and what it holds in the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import msgspec


@dataclass(slots=True)
class Figures:
    """Counted as it happens."""

    phones: int = 0
    connected: int = 0
    welcomes: int = 0
    refused: int = 0
    drops: int = 0
    byes: int = 0
    pauses: int = 0
    storms: int = 0
    signed_out: int = 0
    items: int = 0
    tasks: int = 0
    """Distinct tasks that arrived."""
    accepted: int = 0
    reported: int = 0
    declined: int = 0
    overtaken: int = 0
    elsewhere: int = 0
    """What people of other processes would have done."""
    done: int = 0
    """Commands answered."""
    said_twice: int = 0
    problems: Counter[str] = field(default_factory=Counter[str])
    failed: Counter[str] = field(default_factory=Counter[str])
    """Commands that were not taken, by code."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it, checked against what the phones hold."""

    phones: int
    seconds: float
    """Of the machine."""
    items: int
    """That arrived as new."""
    tasks: int
    """Distinct tasks that arrived."""
    accepted: int
    reported: int
    declined: int
    overtaken: int
    """Answered so: shown to whoever did it, and kept."""
    commands: int
    """Answered in all."""
    failed: dict[str, int]
    """Not taken, by code."""
    welcomes: int
    """Connections that were greeted."""
    drops: int
    storms: int
    said_twice: int
    """Commands that were sent once more on purpose."""
    repeated: int
    """Items that came more than once, and changed nothing."""
    lost_items: int
    """Numbers that the gateway has and a phone does not: must be 0."""
    lost_commands: int
    """Done and never answered: must be 0."""
    doubled: int
    """Tasks that are twice on a phone, facts that two commands share, answers that differ: must be 0."""
    signed_out: int
    unreached: int
    """Phones that could not be asked in the end."""

    @property
    def right(self) -> bool:
        """Nothing lost, nothing doubled."""
        return not (self.lost_items or self.lost_commands or self.doubled or self.unreached)
