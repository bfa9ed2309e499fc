"""The register of divisions and people: import as one decision, all rows or none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from handheld.domain.answers import Answer, accepted, already_done
from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.households import check_households, linked
from handheld.domain.targets import check_roles
from handheld.domain.words import check_words
from handheld_events.department import DepartmentEvent
from handheld_events.division import (
    DivisionEvent,
    DivisionKind,
    DivisionRegistered,
    DivisionRenamed,
)
from handheld_events.group import GroupEvent
from handheld_events.ids import (
    division_stream,
    is_division_code,
    is_person_number,
    is_personal_number,
)
from handheld_events.person import (
    PersonContactChanged,
    PersonErased,
    PersonEvent,
    PersonRegistered,
    PostLeft,
    PostTaken,
)
from handheld_events.sealed import Sealed
from handheld_events.territory import kind_by_code, parent_of
from handheld_projections.organisation import Organisation, Person, Post

RegisterEvent = DivisionEvent | DepartmentEvent | GroupEvent | PersonEvent
"""What the streams of the register are made of."""

OF_DEPARTMENTS = ("department_head", "department_officer")
"""Roles that only a department's post can have."""


class DivisionRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A division as a file names it."""

    code: str
    name: str
    kind: DivisionKind | None = None
    """What the code says, where the file does not."""
    synthetic: bool = False


class PersonEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A person as a file or a generator gives them: in plaintext, never stored like this."""

    line: int
    """The line of the file, for messages."""
    person: str
    """The person's stream."""
    name: str
    phone: str | None = None
    posts: tuple[Post, ...]
    synthetic: bool = False
    households: tuple[str, ...] | None = None
    """Numbers of the households that they visit; None where nothing is said about them."""


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name and telephone number, sealed by the shell."""

    name: Sealed
    phone: Sealed | None = None


class PersonRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person as a file names them, with all the posts that they are to hold."""

    person: str
    """The person's stream."""
    contact: Contact | None
    """None where name and phone are already as the file has them."""
    posts: tuple[Post, ...]
    synthetic: bool = False
    households: tuple[str, ...] | None = None
    """Numbers of the households that they visit; None leaves those that are linked."""


class ImportDivisions(BaseCommand, frozen=True, kw_only=True, tag="divisions.import"):
    """Register what is new, rename what has another name; nothing is removed."""

    rows: tuple[DivisionRow, ...]


class ImportPeople(BaseCommand, frozen=True, kw_only=True, tag="people.import"):
    """Make these people's contacts, posts and households what the rows say; others are untouched."""

    rows: tuple[PersonRow, ...]


class ErasePerson(BaseCommand, frozen=True, kw_only=True, tag="person.erase"):
    """Destroy what the log holds of somebody's name and phone, for good."""

    person: str
    reason: str


class StreamChange(NamedTuple):
    """Facts to append to one stream after the version that was read."""

    stream: str
    read: int
    events: tuple[RegisterEvent, ...]
    division: str | None
    person: str | None


def decide_divisions(command: ImportDivisions, organisation: Organisation) -> list[StreamChange]:
    """What the import changes; nothing where all is as the file says.

    Raises Malformed: `division.code`, `division.twice`, `division.no_parent`, `words.missing`.
    """
    coming = {row.code for row in command.rows}
    if len(coming) < len(command.rows):
        raise Malformed("division.twice", division=first_twice(row.code for row in command.rows))
    changes: list[StreamChange] = []
    for row in command.rows:
        check_division(row, coming, organisation)
        known = organisation.divisions.get(row.code)
        event: DivisionEvent
        if known is None:
            event = DivisionRegistered(
                code=row.code,
                name=row.name,
                kind=row.kind or kind_by_code(row.code),
                synthetic=row.synthetic,
            )
        elif known.name != row.name:
            event = DivisionRenamed(name=row.name)
        else:
            continue
        read = known.version if known else 0
        changes.append(StreamChange(division_stream(row.code), read, (event,), row.code, None))
    return changes


def check_division(row: DivisionRow, coming: set[str], organisation: Organisation) -> None:
    """A row can be imported: its code is one, its parent is known or comes with it.

    Raises Malformed.
    """
    if not is_division_code(row.code):
        raise Malformed("division.code", division=row.code)
    check_words(name=row.name)
    if row.kind is not None and len(row.code) != 12:
        raise Malformed("division.kind_tier", division=row.code)
    parent = parent_of(row.code)
    if parent is not None and parent not in coming and parent not in organisation.divisions:
        raise Malformed("division.no_parent", division=row.code, parent=parent)


def decide_people(command: ImportPeople, organisation: Organisation) -> list[StreamChange]:
    """What the import changes; nothing where all is as the file says.

    Raises Malformed: `person.number`, `person.twice`, `person.erased`, `division.unknown`,
    `role.unknown`, `post.none`, `post.no_department`, `department.unknown`,
    `department.dissolved`, and as `check_households` does.
    """
    people = {row.person for row in command.rows}
    if len(people) < len(command.rows):
        raise Malformed("person.twice", person=first_twice(row.person for row in command.rows))
    changes: list[StreamChange] = []
    for row in command.rows:
        check_person(row.person, row.posts, organisation)
        check_households(row.person, row.households, row.posts)
        known = organisation.people.get(row.person)
        events = _registered(row) if known is None else _changed(row, known)
        if events:
            changes.append(
                StreamChange(
                    row.person,
                    known.version if known else 0,
                    events,
                    row.posts[0].division,
                    row.person,
                )
            )
    return changes


def check_person(person: str, posts: tuple[Post, ...], organisation: Organisation) -> None:
    """A person can be imported: number, posts, roles and divisions make sense. Raises Malformed."""
    number = person.removeprefix("person-")
    if number == person or not is_person_number(number):
        raise Malformed("person.number", person=number)
    if is_personal_number(number):
        raise Malformed("person.number_personal")
    known = organisation.people.get(person)
    if known is not None and known.erased:
        raise Malformed("person.erased", person=person)
    if not posts:
        raise Malformed("post.none", person=person)
    if len(set(posts)) < len(posts):
        raise Malformed("post.twice", person=person)
    for post in posts:
        check_roles(post.role)
        if post.division not in organisation.divisions:
            raise Malformed("division.unknown", division=post.division)
        check_department_of(post, organisation)


def check_department_of(post: Post, organisation: Organisation) -> None:
    """A post's department is known and takes orders; a department's own role names one.

    Raises Malformed.
    """
    if post.department is None:
        if post.role in OF_DEPARTMENTS:
            raise Malformed("post.no_department", role=post.role)
        return
    department = organisation.departments.get(post.department)
    if department is None:
        raise Malformed("department.unknown", department=post.department)
    if department.dissolved:
        raise Malformed("department.dissolved", department=post.department)


def decide_erasure(command: ErasePerson, organisation: Organisation) -> Answer[PersonEvent]:
    """Erase a person. Raises NotFound, Malformed."""
    check_words(reason=command.reason)
    known = organisation.people.get(command.person)
    if known is None:
        raise NotFound("person.unknown", person=command.person)
    if known.erased:
        return already_done("person.erased")
    return accepted(PersonErased(reason=command.reason))


def _registered(row: PersonRow) -> tuple[PersonEvent, ...]:
    if row.contact is None:
        raise Malformed("person.no_name", person=row.person)
    first = PersonRegistered(
        name=row.contact.name, phone=row.contact.phone, synthetic=row.synthetic
    )
    return (first, *_taken(row.posts), *linked(row.households, row.posts, ()))


def _changed(row: PersonRow, known: Person) -> tuple[PersonEvent, ...]:
    events: list[PersonEvent] = []
    if row.contact is not None:
        events.append(PersonContactChanged(name=row.contact.name, phone=row.contact.phone))
    held, wanted = set(known.posts), set(row.posts)
    events += [
        PostLeft(role=p.role, division=p.division, department=p.department)
        for p in known.posts
        if p not in wanted
    ]
    events += _taken(p for p in row.posts if p not in held)
    events += linked(row.households, row.posts, known.households)
    return tuple(events)


def _taken(posts: Iterable[Post]) -> list[PostTaken]:
    return [PostTaken(role=p.role, division=p.division, department=p.department) for p in posts]


def first_twice(values: Iterable[str]) -> str:
    """The first value that comes again; empty where none does."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return ""
