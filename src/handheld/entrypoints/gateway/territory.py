"""Which places the clients of a gateway are about: of these it is to be woken, and of no others."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol

from handheld.application.waking import Places

TOWNSHIP = 9
"""Digits: one subscription serves all phones of a township."""


class Wakes(Protocol):
    """Whoever wakes this process when something is recorded in a division."""

    def watch(self, division: str | None = None) -> None:
        """Be woken of a division; without one, of all. Each call counts."""
        ...

    def unwatch(self, division: str | None = None) -> None:
        """Take one call back."""
        ...


class Territory:
    """The places of those who are connected, and of the boards that they look at."""

    def __init__(self, wakes: Wakes | None, places: Places) -> None:
        self._wakes = wakes
        self._places = places
        self._of: dict[tuple[Hashable, str], frozenset[str]] = {}

    def greeted(self, connection: Hashable, person: str) -> None:
        """Somebody is there."""
        if self._wakes is None:
            return
        self._put((connection, ""), frozenset(code[:TOWNSHIP] for code in self._places(person)))

    def looks(self, connection: Hashable, watch: str, division: str | None) -> None:
        """They look at a board; None where it is of no division."""
        self._put(
            (connection, f"board {watch}"), frozenset(() if division is None else (division,))
        )

    def gone(self, connection: Hashable) -> None:
        """They have gone."""
        for key in [key for key in self._of if key[0] == connection]:
            self._put(key, frozenset())

    def _put(self, key: tuple[Hashable, str], codes: frozenset[str]) -> None:
        if self._wakes is None:
            return
        before = self._of.pop(key, frozenset())
        if codes:
            self._of[key] = codes
        for code in codes - before:
            self._wakes.watch(code)
        for code in before - codes:
            self._wakes.unwatch(code)
