"""Duties: what one process does for a district, however many there are. docs/scale-out.md"""

from __future__ import annotations

from typing import Literal, Protocol

Duty = Literal["projector", "reactions", "relay", "notices"]
"""Storing views and registers; asking for what is due; publishing; telling people by other ways."""


class Duties(Protocol):
    """Which duties this process has."""

    def holds(self, duty: Duty) -> bool:
        """Whether it has this one now. Safe to ask from any thread, often."""
        ...

    def told(self) -> tuple[Duty, ...]:
        """Those that it has, by name, for whoever looks after several processes."""
        ...


class AllDuties:
    """Of a process that is alone with its log."""

    def holds(self, duty: Duty) -> bool:
        """It has every one."""
        return True

    def told(self) -> tuple[Duty, ...]:
        """There is nobody to tell them apart from."""
        return ()
