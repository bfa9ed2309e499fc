"""Initials of pinyin: `wzcc` for 违章拆除. All readings of a character are kept.

A character with several initials becomes one private-use character that stands for the set of them,
so that initials are one character each, and can be looked for with classes of characters.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

_PRIVATE_USE = 0xE000


@cache
def readings_version() -> str:
    """Which readings these are: with others, what was stored must be made anew."""
    from importlib.metadata import version

    return version("pypinyin")


class _Readings(NamedTuple):
    of: Mapping[str, str]
    """By Chinese character: its initial, or what stands for its initials."""
    sets: Mapping[str, frozenset[str]]
    """What stands for several initials, and which they are."""


@cache
def _readings() -> _Readings:
    # Phrases would take four fifths of the loading time, and a single reading of a character each.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    by_readings: dict[str, frozenset[str]] = {}
    for readings in set(pinyin_dict.values()):
        by_readings[readings] = frozenset(
            unicodedata.normalize("NFD", reading)[0].lower() for reading in readings.split(",")
        )
    several = sorted({"".join(sorted(s)) for s in by_readings.values() if len(s) > 1})
    symbols = {letters: chr(_PRIVATE_USE + n) for n, letters in enumerate(several)}
    of = {}
    for code, readings in pinyin_dict.items():
        letters = "".join(sorted(by_readings[readings]))
        of[chr(code)] = letters if len(letters) == 1 else symbols[letters]
    return _Readings(of, {symbol: frozenset(letters) for letters, symbol in symbols.items()})


def normal(text: str) -> str:
    """The text as it is compared: full-width and half-width, upper and lower case alike."""
    return unicodedata.normalize("NFKC", text).casefold()


def initials(text: str) -> str:
    """One character for each Chinese character, letter or digit of a text; all else is left out."""
    of = _readings().of
    return "".join(of.get(c) or (c if c.isalnum() else "") for c in normal(text))


def pattern(word: str) -> str | None:
    """These initials as classes of characters, which GLOB and regular expressions have alike.

    None where the word cannot be initials.
    """
    if not (word.isascii() and word.isalnum()):
        return None
    return "".join(map(_class, word.lower()))


@cache
def _class(letter: str) -> str:
    several = "".join(s for s, letters in _readings().sets.items() if letter in letters)
    return f"[{letter}{several}]"
