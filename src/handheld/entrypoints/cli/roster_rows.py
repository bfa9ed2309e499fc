"""Duty rosters as tables: whose turn it is, from when to when, in which post."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import handheld.entrypoints.cli.arguments as arguments
from handheld.adapters.table_rows import Row, plain, read_rows
from handheld.application.row_errors import RowErrors
from handheld.domain.errors import HandheldError, Malformed
from handheld.domain.register_duty import SetRoster
from handheld.domain.targets import check_roles
from handheld_events.division import Shift
from handheld_projections.organisation import Organisation, Post

T = TypeVar("T")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("number", "工号", "编号", "人员编号", "值班人员编号"),
    "name": ("name", "姓名", "值班人员"),
    "begins": ("begins", "开始", "开始时间", "接班时间"),
    "ends": ("ends", "结束", "结束时间", "交班时间"),
    "role": ("role", "岗位", "角色"),
    "division": ("division", "区划代码", "区划编码", "区划"),
    "department": ("department", "部门", "部门编码", "部门代码"),
}
"""Columns by key, and what their headers may say; names are for the reader, numbers count."""


def rosters(
    file: Path,
    organisation: Organisation,
    role: str | None,
    division: str | None,
    department: str | None,
) -> list[SetRoster]:
    """The rosters of a table, one for each post. What options say counts for all rows.

    Raises ImportRefused, and as `table_rows.read_rows` does.
    """
    errors = RowErrors()
    found: dict[Post, list[Shift]] = {}
    required = ["number", "begins", "ends"]
    required += ["role"] if role is None else []
    required += ["division"] if division is None else []
    for row in read_rows(file, COLUMNS, tuple(required), errors):
        made = _shift(row, organisation, errors)
        post = _post(row, organisation, errors, role, division, department)
        if made is not None and post is not None:
            found.setdefault(post, []).append(made)
    errors.refuse()
    return [
        SetRoster(
            role=post.role, division=post.division, department=post.department, shifts=tuple(shifts)
        )
        for post, shifts in found.items()
    ]


def _shift(row: Row, organisation: Organisation, errors: RowErrors) -> Shift | None:
    person = _checked(
        row, "number", errors, lambda text: arguments.known_person(text, organisation)
    )
    begins = _checked(row, "begins", errors, _moment)
    ends = _checked(row, "ends", errors, _moment)
    if person is None or begins is None or ends is None:
        return None
    if begins >= ends:
        errors.add(row.line, "ends", "roster.shift", person=person, begins=begins)
        return None
    return Shift(person=person, begins=begins, ends=ends)


def _post(
    row: Row,
    organisation: Organisation,
    errors: RowErrors,
    role: str | None,
    division: str | None,
    department: str | None,
) -> Post | None:
    which = role or _checked(row, "role", errors, _role)
    where = division or _checked(
        row, "division", errors, lambda text: arguments.known_division(text, organisation)
    )
    whose = department
    if whose is None and row.cells.get("department"):
        whose = _checked(
            row, "department", errors, lambda text: arguments.known_department(text, organisation)
        )
        if whose is None:
            return None
    return None if which is None or where is None else Post(which, where, whose)


def _role(text: str) -> str:
    key = arguments.role(text)
    check_roles(key)
    return key


def _moment(text: str) -> datetime:
    found = arguments.moment(text)
    if found is None:
        raise Malformed("usage.time", text=text)
    return found


def _checked(row: Row, column: str, errors: RowErrors, read: Callable[[str], T]) -> T | None:
    """What a cell means; what is wrong with it is added to the errors."""
    text = plain(row.cells.get(column, ""))
    if not text:
        errors.add(row.line, column, "cell.missing")
        return None
    try:
        return read(text)
    except HandheldError as error:
        errors.add(row.line, column, error.code, **error.params)
        return None
