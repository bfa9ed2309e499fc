"""Inbox numbers at the log's end, ahead of the index that stores them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from handheld_events.envelope import Recorded
from handheld_projections.inbox import Inbox
from handheld_projections.timeline import Line

Fact = Recorded[Any]


class Numbered(NamedTuple):
    """A fact that reaches a phone, with its number in the inbox of that person."""

    person: str
    number: int
    fact: Fact


class _Taken(NamedTuple):
    upto: int
    lines: dict[str, list[Line]]


class Numbers:
    """Gives the numbers that the index will give, as soon as the facts are in the log.

    It remembers the lines that the index has not stored yet: with those that it has they are the
    inbox without a gap. Not safe to use from several threads at once.
    """

    def __init__(self, heads: Mapping[str, int], position: int) -> None:
        self._inbox = Inbox(heads)
        self._heads = dict(heads)
        self._taken: deque[_Taken] = deque()
        self.position = position

    def head(self, person: str) -> int:
        """The last number of a person's inbox; 0 where it is empty."""
        return self._heads.get(person, 0)

    def take(self, facts: Sequence[Fact], upto: int) -> list[Numbered]:
        """Number the facts that follow the position reached, up to another one."""
        numbered: list[Numbered] = []
        lines: dict[str, list[Line]] = {}
        for fact in facts:
            for line in self._inbox.lines((fact,)):
                numbered.append(Numbered(line.key, line.number, fact))
                lines.setdefault(line.key, []).append(line)
                self._heads[line.key] = line.number
        if lines:
            self._taken.append(_Taken(upto, lines))
        self.position = upto
        return numbered

    def stored(self, position: int) -> None:
        """The index has stored all lines up to a position: they need not be remembered."""
        while self._taken and self._taken[0].upto <= position:
            self._taken.popleft()

    def waiting(self, person: str, after: int) -> list[Line]:
        """The lines of a person after a number that are remembered."""
        return [
            line
            for taken in self._taken
            for line in taken.lines.get(person, ())
            if line.number > after
        ]


def joined(stored: Sequence[Line], waiting: Sequence[Line], after: int, limit: int) -> list[Line]:
    """What follows a number without a gap: the stored lines, then those that only wait.

    `waiting` was looked at before `stored`, of which so many at most were read. Raises ValueError
    where a number is missing.
    """
    lines = list(stored)
    if len(lines) < limit:  # else there may be more of them before those that wait
        last = lines[-1].number if lines else after
        lines += [line for line in waiting if line.number > last]
    for number, line in enumerate(lines, after + 1):
        if line.number != number:
            msg = f"the inbox of {line.key} goes from {number - 1} to {line.number}"
            raise ValueError(msg)
    return lines[:limit]
