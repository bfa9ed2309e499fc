"""What is wrong in a table, row by row, gathered so that a person can mend it all at once."""

from __future__ import annotations

from typing import NamedTuple

from handheld.domain.errors import HandheldError

KEPT = 1_000
"""So many errors are kept; the rest are counted."""


class RowError(NamedTuple):
    """One thing that is wrong in one row."""

    line: int
    """Where the row begins in the file; the first line is 1."""
    column: str | None
    """The column's key, such as `phone`; None for the row as a whole."""
    code: str
    """Has its text in `handheld.texts`."""
    params: dict[str, object]


class ImportRefused(HandheldError):
    """Rows are wrong; nothing was imported."""

    def __init__(self, errors: list[RowError], total: int, rows: int) -> None:
        super().__init__("import.bad_rows", rows=rows)
        self.errors = errors
        """By line; at most `KEPT`."""
        self.total = total
        """How many errors there are, those not kept included."""


class RowErrors:
    """Gathers errors while a table is read and checked."""

    def __init__(self) -> None:
        self.total = 0
        self._kept: list[RowError] = []
        self._lines: set[int] = set()

    def add(self, line: int, column: str | None, code: str, **params: object) -> None:
        """This is wrong as well."""
        self.total += 1
        self._lines.add(line)
        if len(self._kept) < KEPT:
            self._kept.append(RowError(line, column, code, params))

    def refuse(self) -> None:
        """Raises ImportRefused if anything was wrong."""
        if self.total:
            in_order = sorted(self._kept, key=lambda error: error.line)
            raise ImportRefused(in_order, self.total, len(self._lines))
