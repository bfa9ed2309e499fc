"""Choices out of one number: the smaller the number, the plainer the choices. It shrinks well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Picks:
    """Takes choices off a number, one after the other; when it is used up, always the first."""

    def __init__(self, number: int) -> None:
        self._left = number

    def of(self, many: int) -> int:
        """One of so many: 0 to many - 1."""
        self._left, chosen = divmod(self._left, many)
        return chosen

    def one(self, choices: Sequence[T]) -> T:
        """One of these."""
        return choices[self.of(len(choices))]

    def once_in(self, many: int) -> bool:
        """Yes, once in so many times."""
        return self.of(many) == many - 1

    def some(self, choices: Sequence[T]) -> tuple[T, ...]:
        """Some of these, in order; perhaps none."""
        return tuple(choice for choice in choices if self.of(2))
