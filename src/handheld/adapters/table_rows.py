"""The rows of a table by column: separators, quotation marks, headers."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from handheld.adapters.table_text import read_bytes, text_of
from handheld.application.row_errors import RowErrors
from handheld.domain.errors import Malformed

SEPARATORS = ",;\t"
ZIP = b"PK\x03\x04"
"""How a workbook begins."""

_QUOTED = re.compile('"[^"]*"')
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_SHOWN = 40
"""Characters of a header that an error repeats."""


class Row(NamedTuple):
    """One row below the header."""

    line: int
    """Where it begins in the file; the first line is 1."""
    cells: Mapping[str, str]
    """By the column's key, without spaces around; columns that the table has not are missing."""


def _of_workbook(data: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    # The library of workbooks is much to load for every command that reads none.
    from handheld.adapters.table_workbook import workbook_rows

    return workbook_rows(data, file)


def read_rows(
    path: Path | Traversable,
    columns: Mapping[str, tuple[str, ...]],
    required: tuple[str, ...],
    errors: RowErrors,
) -> Iterator[Row]:
    """The rows, blank ones left out; those that do not fit the header are added to the errors.

    Added: `table.too_many_cells`, `cell.control`. Raises as `read_bytes`, `text_of` and
    `workbook_rows` do, and Malformed (`table.columns_missing`, `table.column_unknown`, `table.column_twice`, `table.quoting`,
    `table.no_rows`).
    """
    file = path.name
    data = read_bytes(path)
    rows = _of_workbook(data, file) if data.startswith(ZIP) else _split(text_of(data, file), file)
    _, header = next(rows)
    keys = _keys(header, columns, required, file)
    found = False
    for line, cells in rows:
        found = True
        stripped = [cell.strip() for cell in cells]
        if any(stripped[len(keys) :]):
            errors.add(line, None, "table.too_many_cells", cells=len(cells), columns=len(keys))
            continue
        stripped += [""] * (len(keys) - len(stripped))
        for key, cell in zip(keys, stripped, strict=False):
            if _CONTROL.search(cell):
                errors.add(line, key, "cell.control")
        yield Row(line, dict(zip(keys, stripped, strict=False)))
    if not found:
        raise Malformed("table.no_rows", file=file)


def plain(text: str) -> str:
    """A code, number or key as typed on any keyboard: full-width letters and digits made plain."""
    return unicodedata.normalize("NFKC", text).strip()


def _split(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line that it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Malformed("table.quoting", file=file, line=line) from error
        if any(cell.strip() for cell in cells):
            yield line, cells


def _separator(text: str) -> str:
    header = _QUOTED.sub("", text.lstrip().splitlines()[0])
    return max(SEPARATORS, key=header.count)


def _keys(
    header: list[str], columns: Mapping[str, tuple[str, ...]], required: tuple[str, ...], file: str
) -> list[str]:
    """The columns' keys in the order of the table."""
    names = [plain(name).lower() for name in header]
    while not names[-1]:
        names.pop()
    by_name = {name: key for key, known in columns.items() for name in known}
    keys = [by_name.get(name, "") for name in names]
    missing = [key for key in required if key not in keys]
    unknown = [name[:_SHOWN] or "-" for name, key in zip(names, keys, strict=True) if not key]
    if missing and len(unknown) == len(names):
        raise Malformed(  # not one header is known: it is another table, or has no header at all
            "table.columns_missing",
            file=file,
            columns=_listed(columns, missing),
            found=", ".join(unknown[:10]),
        )
    if unknown:
        raise Malformed(
            "table.column_unknown",
            file=file,
            columns=", ".join(unknown[:10]),
            known=_listed(columns, list(columns)),
        )
    for name, key in zip(names, keys, strict=True):
        if keys.count(key) > 1:
            raise Malformed("table.column_twice", file=file, column=name)
    if missing:
        raise Malformed(
            "table.columns_missing",
            file=file,
            columns=_listed(columns, missing),
            found=", ".join(names),
        )
    return keys


def _listed(columns: Mapping[str, tuple[str, ...]], keys: list[str]) -> str:
    """Columns by key and first Chinese header, for a person to find or to add."""
    return ", ".join(f"{key} ({columns[key][1]})" for key in keys)
