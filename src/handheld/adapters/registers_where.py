"""Conditions on the rows of the registers, as SQL with its values.

They are written as SQLite has them; `for_engine` gives what PostgreSQL says instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from handheld.adapters.database import Engine
from handheld.adapters.pinyin import normal, pattern
from handheld.application.register_queries import Placed, Query
from handheld_events.codec import microseconds

Condition = tuple[str, list[Any]]
"""SQL and the values of its marks."""

FEW_DIGITS = 9
"""A township or a county has so many rows that they are met soon when all are looked through, newest
first; an index by division would first gather them all."""

NOWHERE = "(FALSE)"
"""The condition that holds for no row."""


AMONG = "IN (SELECT value FROM json_each(?))"
"""One of the values in a JSON list."""

_POSTGRESQL = (
    (re.compile(re.escape(AMONG)), "= ANY(ARRAY(SELECT json_array_elements_text(?::json)))"),
    (re.compile(r"GLOB '\*' \|\| \? \|\| '\*'"), "~ ?"),
    (re.compile(r"\binstr\("), "strpos("),
    # Its planner knows how many rows a division has: it need not be told to use no index.
    (re.compile(r"(?<=[ (])\+(?=[a-z])"), ""),
)


def for_engine(statement: str, engine: Engine) -> str:
    """The same statement as an engine has it."""
    if engine == "postgresql":
        for ours, theirs in _POSTGRESQL:
            statement = ours.sub(theirs, statement)
    return statement


def without_nul(value: Any) -> Any:
    """The value as PostgreSQL can have it: no text of its own holds U+0000."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value


class Where:
    """Conditions that must all hold, with their values."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.values: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        """One more condition."""
        self.conditions.append(condition)
        self.values += values

    def equal(self, column: str, value: Any) -> None:
        """The column has this value, where one is asked for."""
        if value is not None:
            self.add(f"{column}=?", value)

    def one_of(self, column: str, values: Sequence[Any]) -> None:
        """The column has one of these values, where any are asked for."""
        if values:
            self.add(f"{column} IN ({', '.join('?' for _ in values)})", *values)

    def within(self, column: str, division: str | None) -> None:
        """The division and all below it: codes of which its own is a prefix."""
        if division is not None:
            looked_up = column if len(division) > FEW_DIGITS else f"+{column}"
            self.add(f"{looked_up} >= ? AND {looked_up} < ?", division, f"{division}:")

    def placed(self, query: Placed, begun: str) -> None:
        """What those of a territory and a time have in common, but for the territory."""
        self.equal("drill", None if query.drill is None else int(query.drill))
        if query.since is not None:
            self.add(f"{begun} >= ?", microseconds(query.since))
        if query.until is not None:
            self.add(f"{begun} < ?", microseconds(query.until))

    def words(self, query: Query, found: Callable[[str], Condition]) -> None:
        """Each of the words is found."""
        for word in query.words.split():
            condition, values = found(word)
            self.add(condition, *values)

    def text(self) -> str:
        """All of it."""
        return " AND ".join(self.conditions) or "TRUE"


def found_in(word: str, columns: Sequence[str], by_initials: Sequence[str]) -> Condition:
    """The condition that a word is in one of these columns, or its letters are initials there."""
    conditions = [f"instr({column}_words, ?) > 0" for column in columns]
    values: list[Any] = [normal(word)] * len(columns)
    letters = pattern(word)
    if letters is not None:
        conditions += [f"{column}_initials GLOB '*' || ? || '*'" for column in by_initials]
        values += [letters] * len(by_initials)
    return f"({' OR '.join(conditions) or 'FALSE'})", values


def divisions_named(word: str) -> Condition:
    """The codes of the divisions that a word names, and of all below them: a SELECT."""
    condition, values = found_in(word, ("above.name",), ("above.name",))
    return (
        "SELECT below.division FROM register_divisions above JOIN register_divisions below "
        "ON below.division >= above.division AND below.division < above.division || ':' "
        f"WHERE {condition}",
        values,
    )


def any_of(conditions: Iterable[Condition]) -> Condition:
    """At least one of them holds."""
    told = list(conditions)
    return (
        f"({' OR '.join(condition for condition, _ in told) or 'FALSE'})",
        [value for _, values in told for value in values],
    )


def inside(column: str, codes: Iterable[str]) -> Condition:
    """In one of these divisions."""
    return any_of((f"({column} >= ? AND {column} < ?)", [code, f"{code}:"]) for code in codes)


def among(column: str, values: Sequence[str]) -> Condition:
    """One of these values."""
    return f"{column} {AMONG}", [msgspec.json.encode(values).decode()]
