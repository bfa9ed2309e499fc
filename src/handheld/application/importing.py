"""Importing divisions, departments and people: every row is checked, then one command takes them all, or none.

Whatever gave the rows, a file or a generator, is none of this module's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from handheld.application.division_codes import check_code
from handheld.application.people_rows import Gathered, gather
from handheld.application.ports import Keyring
from handheld.application.row_errors import ImportRefused, RowError, RowErrors
from handheld.domain.errors import Malformed
from handheld.domain.register import (
    Contact,
    DivisionRow,
    ImportDivisions,
    ImportPeople,
    PersonEntry,
    PersonRow,
    check_division,
)
from handheld.domain.register_departments import (
    DepartmentRow,
    ImportDepartments,
    check_department,
)
from handheld.domain.words import check_words
from handheld_events.ids import is_key
from handheld_projections.organisation import Organisation, Person

__all__ = [
    "ImportPlan",
    "ImportRefused",
    "RowError",
    "RowErrors",
    "plan_departments",
    "plan_divisions",
    "plan_people",
]


class ImportPlan(NamedTuple):
    """What an import would do, and the command that does it."""

    command: ImportDivisions | ImportDepartments | ImportPeople | None
    """None in a dry run of people. Without rows where nothing changes: "already done"."""
    new: int
    changed: int
    unchanged: int
    named: frozenset[str] = frozenset()
    """The keys of all that the table names: codes, keys of departments, person streams."""
    people: tuple[tuple[Gathered, Person | None, bool], ...] = ()
    """Who is new or changes: as the table has them, as they are, whether name or phone change."""


def plan_divisions(
    rows: Sequence[tuple[int, DivisionRow]],
    organisation: Organisation,
    errors: RowErrors | None = None,
) -> ImportPlan:
    """Check the divisions, each with its line, and say what is new or has another name.

    `errors` may hold what was found wrong before. Raises ImportRefused.
    """
    found = RowErrors() if errors is None else errors
    first_lines: dict[str, int] = {}
    for line, row in rows:
        first_lines.setdefault(row.code, line)
    coming = set(first_lines)
    wanted: list[DivisionRow] = []
    new = 0
    for line, row in rows:
        _check(line, row, first_lines[row.code], coming, organisation, found)
        known = organisation.divisions.get(row.code)
        if known is None:
            new += 1
        elif known.name == row.name:
            continue
        wanted.append(row)
    found.refuse()
    changed = len(wanted) - new
    command = ImportDivisions(rows=tuple(wanted))
    return ImportPlan(command, new, changed, len(rows) - len(wanted), frozenset(coming))


def _check(
    line: int,
    row: DivisionRow,
    first_line: int,
    coming: set[str],
    organisation: Organisation,
    errors: RowErrors,
) -> None:
    """Name, code, kind and what is registered, each by itself."""
    _check_name(line, row.name, errors)
    if not check_code(line, "code", row.code, errors):
        return
    if first_line != line:
        errors.add(line, "code", "division.twice", division=row.code, first_line=first_line)
        return
    kind = row.kind
    named = msgspec.structs.replace(row, name=_NAMED)
    try:
        check_division(msgspec.structs.replace(named, kind=None), coming, organisation)
    except Malformed as error:
        errors.add(line, "code", error.code, **error.params)
    else:
        try:
            check_division(named, coming, organisation)
        except Malformed as error:
            errors.add(line, "kind", error.code, **error.params)
            kind = None
    known = organisation.divisions.get(row.code)
    if known is None:
        return
    if known.synthetic != row.synthetic:
        errors.add(
            line, "synthetic", "division.synthetic", division=row.code, known=known.synthetic
        )
    if kind is not None and kind != known.kind:
        errors.add(
            line,
            "kind",
            "division.kind_fixed",
            division=row.code,
            known=known.kind or "-",
            kind=kind,
        )


_NAMED = "x"
"""Stands for a name that was checked by itself."""


def _check_name(line: int, name: str, errors: RowErrors) -> None:
    try:
        check_words(name=name)
    except Malformed as error:
        errors.add(line, "name", error.code, **error.params)


_DEPARTMENT_COLUMNS = {
    "department.division_fixed": "division",
    "department.synthetic": "synthetic",
}
"""Where the row is wrong, by what is wrong; else it is the key."""


def plan_departments(
    rows: Sequence[tuple[int, DepartmentRow]],
    organisation: Organisation,
    errors: RowErrors | None = None,
) -> ImportPlan:
    """Check the departments, each with its line, and say what is new or has another name.

    `errors` may hold what was found wrong before. Raises ImportRefused.
    """
    found = RowErrors() if errors is None else errors
    first_lines: dict[str, int] = {}
    wanted: list[DepartmentRow] = []
    new = 0
    for line, row in rows:
        first_line = first_lines.setdefault(row.key, line)
        if first_line != line:
            found.add(line, "key", "department.twice", department=row.key, first_line=first_line)
            continue
        _check_department(line, row, organisation, found)
        known = organisation.departments.get(row.key)
        if known is None:
            new += 1
        elif known.name == row.name:
            continue
        wanted.append(row)
    found.refuse()
    command = ImportDepartments(rows=tuple(wanted))
    named = frozenset(first_lines)
    return ImportPlan(command, new, len(wanted) - new, len(rows) - len(wanted), named)


def _check_department(
    line: int, row: DepartmentRow, organisation: Organisation, errors: RowErrors
) -> None:
    """Name, division, key and what is registered, each by itself."""
    _check_name(line, row.name, errors)
    placed = row.division in organisation.divisions
    if not row.division:
        errors.add(line, "division", "department.no_division")
    elif not placed and check_code(line, "division", row.division, errors):
        errors.add(line, "division", "division.unknown", division=row.division)
    if not row.key:
        errors.add(line, "key", "cell.missing")
        return
    if not is_key(row.key):
        errors.add(line, "key", "department.key", department=row.key)
        return
    if not placed:
        return
    try:
        check_department(msgspec.structs.replace(row, name=_NAMED), organisation)
    except Malformed as error:
        column = _DEPARTMENT_COLUMNS.get(error.code, "key")
        errors.add(line, column, error.code, **error.params)


def plan_people(
    entries: Iterable[PersonEntry],
    organisation: Organisation,
    keyring: Keyring,
    *,
    dry_run: bool = False,
    errors: RowErrors | None = None,
) -> ImportPlan:
    """Check the people, seal what is new of their names and phones, and leave out the unchanged.

    Entries of one person are merged: their posts add up. In a dry run, or where anything is wrong,
    nothing is sealed and no key is made. `errors` may hold what was found wrong before. Raises
    ImportRefused.
    """
    found = RowErrors() if errors is None else errors
    people = gather(entries, organisation, found)
    found.refuse()
    wanted: list[tuple[Gathered, Person | None, bool]] = []
    new = 0
    for person in people:
        known = organisation.people.get(person.person)
        if known is None:
            new += 1
            wanted.append((person, None, True))
            continue
        contact = not _same_contact(person, known, keyring)
        links = person.households is not None and person.households != known.households
        if contact or links or set(person.posts) != set(known.posts):
            wanted.append((person, known, contact))
    command = None if dry_run else ImportPeople(rows=_sealed(wanted, keyring))
    unchanged = len(people) - len(wanted)
    named = frozenset(person.person for person in people)
    return ImportPlan(command, new, len(wanted) - new, unchanged, named, tuple(wanted))


def _same_contact(person: Gathered, known: Person, keyring: Keyring) -> bool:
    if keyring.open(known.name) != person.name:
        return False
    if person.phone is None:
        return True
    return person.phone == ("" if known.phone is None else keyring.open(known.phone))


def _sealed(
    wanted: Iterable[tuple[Gathered, Person | None, bool]], keyring: Keyring
) -> tuple[PersonRow, ...]:
    """The rows of the command; all that must be sealed is sealed at once."""
    rows = list(wanted)
    fields: list[tuple[str, str]] = []
    for person, _, contact in rows:
        if contact:
            fields.append((person.person, person.name))
            if person.phone:
                fields.append((person.person, person.phone))
    sealed = iter(keyring.seal(fields))
    result: list[PersonRow] = []
    for person, known, contact in rows:
        seals = None
        if contact:
            name = next(sealed)
            phone = next(sealed) if person.phone else None
            if person.phone is None and known is not None:
                phone = known.phone  # nothing was said about it: it stays
            seals = Contact(name=name, phone=phone)
        result.append(
            PersonRow(
                person=person.person,
                contact=seals,
                posts=tuple(person.posts),
                synthetic=person.synthetic,
                households=person.households,
            )
        )
    return tuple(result)
