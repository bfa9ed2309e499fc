"""Lengths of time in words: the two largest units, never less than what was meant."""

from __future__ import annotations

from typing import Literal

Unit = Literal["days", "hours", "minutes", "seconds"]

_LENGTHS: tuple[tuple[Unit, int], ...] = (
    ("days", 86_400),
    ("hours", 3_600),
    ("minutes", 60),
    ("seconds", 1),
)


def parts(seconds: int) -> list[tuple[Unit, int]]:
    """The two largest units of a length of time; zeros are left out, but for 0 seconds.

    What the smaller of the two cannot say is rounded up: "within 5 minutes" must stay true.
    """
    for index, (_, length) in enumerate(_LENGTHS[:-1]):
        if seconds >= length:
            least = _LENGTHS[index + 1][1]
            whole = -(-seconds // least) * least
            if index and whole == _LENGTHS[index - 1][1]:
                return [(_LENGTHS[index - 1][0], 1)]
            count, rest = divmod(whole, length)
            found: list[tuple[Unit, int]] = [
                (_LENGTHS[index][0], count),
                (_LENGTHS[index + 1][0], rest // least),
            ]
            return [(unit, number) for unit, number in found if number]
    return [("seconds", seconds)]
