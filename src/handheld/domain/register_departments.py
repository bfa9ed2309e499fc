"""The register of departments (部门): import as one decision, dissolve."""

from __future__ import annotations

import msgspec

from handheld.domain.answers import Answer, accepted, already_done
from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.register import StreamChange, first_twice
from handheld.domain.words import check_words
from handheld_events.department import (
    DepartmentDissolved,
    DepartmentEvent,
    DepartmentRegistered,
    DepartmentRenamed,
)
from handheld_events.ids import department_stream, is_key
from handheld_projections.organisation import Department, Organisation


class DepartmentRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A department as a file names it."""

    key: str
    name: str
    division: str
    """The division to which it belongs."""
    synthetic: bool = False


class ImportDepartments(BaseCommand, frozen=True, kw_only=True, tag="departments.import"):
    """Register what is new, rename what has another name; nothing is removed."""

    rows: tuple[DepartmentRow, ...]


class DissolveDepartment(BaseCommand, frozen=True, kw_only=True, tag="department.dissolve"):
    """The department takes no orders any more."""

    department: str
    """The key."""
    reason: str


def decide_departments(
    command: ImportDepartments, organisation: Organisation
) -> list[StreamChange]:
    """What the import changes; nothing where all is as the file says.

    Raises Malformed: `department.twice`, and as `check_department` does.
    """
    if len({row.key for row in command.rows}) < len(command.rows):
        raise Malformed("department.twice", department=first_twice(row.key for row in command.rows))
    changes: list[StreamChange] = []
    for row in command.rows:
        check_department(row, organisation)
        known = organisation.departments.get(row.key)
        event: DepartmentEvent
        if known is None:
            event = DepartmentRegistered(
                name=row.name, division=row.division, synthetic=row.synthetic
            )
        elif known.name != row.name:
            event = DepartmentRenamed(name=row.name)
        else:
            continue
        read = known.version if known else 0
        stream = department_stream(row.key)
        changes.append(StreamChange(stream, read, (event,), row.division, None))
    return changes


def check_department(row: DepartmentRow, organisation: Organisation) -> None:
    """A row can be imported: key and name make sense, the division is known and stays the same.

    Raises Malformed: `department.key`, `words.missing`, `words.too_long`, `division.unknown`,
    `department.division_fixed`, `department.dissolved`, `department.synthetic`.
    """
    if not is_key(row.key):
        raise Malformed("department.key", department=row.key)
    check_words(name=row.name)
    if row.division not in organisation.divisions:
        raise Malformed("division.unknown", division=row.division)
    known = organisation.departments.get(row.key)
    if known is None:
        return
    if known.dissolved:
        raise Malformed("department.dissolved", department=row.key)
    if known.division != row.division:
        raise Malformed("department.division_fixed", department=row.key, known=known.division)
    if known.synthetic != row.synthetic:
        raise Malformed("department.synthetic", department=row.key, known=known.synthetic)


def decide_dissolution(
    command: DissolveDepartment, organisation: Organisation
) -> Answer[DepartmentEvent]:
    """Take a department out of use. Raises NotFound, Malformed."""
    check_words(reason=command.reason)
    if known_department(command.department, organisation).dissolved:
        return already_done("department.dissolved")
    return accepted(DepartmentDissolved(reason=command.reason))


def known_department(key: str, organisation: Organisation) -> Department:
    """The department of a key. Raises NotFound (`department.unknown`)."""
    known = organisation.departments.get(key)
    if known is None:
        raise NotFound("department.unknown", department=key)
    return known
