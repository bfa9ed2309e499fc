"""Tables of divisions, departments and people, as offices keep them: XLSX, or CSV in UTF-8 or GB18030.

What a row may say is checked where it is imported (`handheld.application.importing`); here it is
read. All readers take a `RowErrors` that the import goes on with, so that one message names
everything; without one they raise ImportRefused for what they found themselves. They also raise
NotFound and Malformed, as `table_rows.read_rows` says.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from pathlib import Path

from handheld.adapters.table_rows import Row, plain, read_rows
from handheld.adapters.table_words import (
    DEPARTMENT_COLUMNS,
    DIVISION_COLUMNS,
    FINDING_COLUMNS,
    KINDS,
    PEOPLE_COLUMNS,
    ROLE_NAMES,
    YES_NO,
)
from handheld.application.row_errors import RowErrors
from handheld.application.taking_in_findings import FindingEntry
from handheld.domain.errors import Malformed
from handheld.domain.register import DivisionRow, PersonEntry
from handheld.domain.register_departments import DepartmentRow
from handheld_events.division import DivisionKind
from handheld_events.ids import person_stream
from handheld_projections.organisation import Post

_BETWEEN = re.compile(r"[\s、,;]+")
"""What may stand between numbers; full-width commas have been made plain."""


def read_divisions(
    path: Path | Traversable, errors: RowErrors | None = None
) -> list[tuple[int, DivisionRow]]:
    """The divisions, each with its line. Columns: code, name; kind and synthetic if there are any.

    Adds `division.kind_unknown`, `cell.yes_no` and what `read_rows` adds.
    """
    found = RowErrors() if errors is None else errors
    rows = [
        (
            row.line,
            DivisionRow(
                code=plain(row.cells["code"]),
                name=row.cells["name"],
                kind=_kind(row, found),
                synthetic=_synthetic(row, found),
            ),
        )
        for row in read_rows(path, DIVISION_COLUMNS, ("code", "name"), found)
    ]
    if errors is None:
        found.refuse()
    return rows


def read_departments(
    path: Path | Traversable, errors: RowErrors | None = None
) -> list[tuple[int, DepartmentRow]]:
    """The departments, each with its line. Columns: key, name, division; synthetic if there is one.

    Adds `cell.yes_no` and what `read_rows` adds. Raises Malformed (`table.no_divisions`) where not
    one row says which division it belongs to.
    """
    found = RowErrors() if errors is None else errors
    rows = [
        (
            row.line,
            DepartmentRow(
                key=plain(row.cells["key"]).lower(),
                name=row.cells["name"],
                division=plain(row.cells.get("division", "")),
                synthetic=_synthetic(row, found),
            ),
        )
        for row in read_rows(path, DEPARTMENT_COLUMNS, ("key", "name"), found)
    ]
    if not any(row.division for _, row in rows):
        raise Malformed("table.no_divisions", file=path.name)
    if errors is None:
        found.refuse()
    return rows


def read_departments_of(
    source: Path | Traversable, division: str, errors: RowErrors
) -> list[tuple[int, DepartmentRow]]:
    """Departments of one division, whatever division the table names, if it names any."""
    return [
        (
            row.line,
            DepartmentRow(
                key=plain(row.cells["key"]).lower(), name=row.cells["name"], division=division
            ),
        )
        for row in read_rows(source, DEPARTMENT_COLUMNS, ("key", "name"), errors)
    ]


def read_people(path: Path | Traversable, errors: RowErrors | None = None) -> list[PersonEntry]:
    """One entry a row; the import merges those of one person.

    Columns: number, name, role, division; phone, department, households and synthetic if there are
    any. In a table without phones `phone` is None, nothing said; a blank cell is empty, no phone;
    households likewise, their numbers separated by spaces or 、. Adds `cell.yes_no` and what
    `read_rows` adds.
    """
    found = RowErrors() if errors is None else errors
    required = ("number", "name", "role", "division")
    entries = [
        PersonEntry(
            line=row.line,
            person=person_stream(plain(row.cells["number"])),
            name=row.cells["name"],
            phone=plain(row.cells["phone"]) if "phone" in row.cells else None,
            posts=(_post(row),),
            synthetic=_synthetic(row, found),
            households=_households(row),
        )
        for row in read_rows(path, PEOPLE_COLUMNS, required, found)
    ]
    if errors is None:
        found.refuse()
    return entries


def read_findings(path: Path | Traversable, errors: RowErrors) -> list[FindingEntry]:
    """The findings that another system has kept.

    Columns: record, occurred_at (with its offset from UTC), division, text; place if there is one.
    Adds `record.time` and what `read_rows` adds.
    """
    required = ("record", "occurred_at", "division", "text")
    return [
        FindingEntry(
            line=row.line,
            record=row.cells["record"],
            occurred_at=_instant(row, errors),
            division=plain(row.cells["division"]),
            text=row.cells["text"],
            place=row.cells.get("place") or None,
        )
        for row in read_rows(path, FINDING_COLUMNS, required, errors)
    ]


def _instant(row: Row, errors: RowErrors) -> datetime | None:
    text = plain(row.cells["occurred_at"])
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    errors.add(row.line, "occurred_at", "record.time", text=text[:40])
    return None


def _post(row: Row) -> Post:
    department = plain(row.cells.get("department", "")).lower()
    role = _role(row.cells["role"])
    return Post(role, plain(row.cells["division"]), department or None)


def _households(row: Row) -> tuple[str, ...] | None:
    text = row.cells.get("households")
    if text is None:
        return None
    return tuple(number for number in _BETWEEN.split(plain(text)) if number)


def _role(text: str) -> str:
    """The role's key; what is unknown stays as it is, and is refused where roles are checked."""
    name = plain(text)
    return ROLE_NAMES.get(name, name.lower().replace(" ", "_").replace("-", "_"))


def _kind(row: Row, errors: RowErrors) -> DivisionKind | None:
    text = plain(row.cells.get("kind", ""))
    if not text:
        return None
    kind = KINDS.get(text.lower().replace("’", "'"))
    if kind is None:
        errors.add(
            row.line,
            "kind",
            "division.kind_unknown",
            value=text,
            known=", ".join(sorted(set(KINDS.values()))),
        )
    return kind


def _synthetic(row: Row, errors: RowErrors) -> bool:
    text = plain(row.cells.get("synthetic", ""))
    answer = YES_NO.get(text.lower())
    if answer is None:
        errors.add(row.line, "synthetic", "cell.yes_no", value=text)
    return bool(answer)
