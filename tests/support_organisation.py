"""Divisions, departments, people, groups and duty, registered through the rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from handheld.domain.register import (
    Contact,
    DivisionRow,
    ErasePerson,
    ImportDivisions,
    ImportPeople,
    PersonRow,
    decide_divisions,
    decide_erasure,
    decide_people,
)
from handheld.domain.register_departments import (
    DepartmentRow,
    DissolveDepartment,
    ImportDepartments,
    decide_departments,
    decide_dissolution,
)
from handheld.domain.register_duty import HandOverDuty, SetRoster, TakeDuty
from handheld.domain.register_duty import decide as decide_duty
from handheld.domain.register_groups import DissolveGroup, FormGroup
from handheld.domain.register_groups import decide as decide_group
from handheld.domain.register_posture import SwitchPosture
from handheld.domain.register_posture import decide as decide_posture
from handheld_events.base import Event
from handheld_events.division import Posture, Shift
from handheld_events.envelope import Recorded
from handheld_events.examples import META, sealed
from handheld_projections.organisation import Organisation, Post

Posts = Sequence[tuple[str, str] | tuple[str, str, str | None]]
"""Role and division, and the department if there is one."""

NOW = datetime(2021, 7, 23, 7, 0, tzinfo=UTC)


def organisation(
    divisions: Iterable[str] = (),
    people: Mapping[str, Posts] | None = None,
    departments: Mapping[str, str] | None = None,
) -> Organisation:
    """These divisions, departments (by key, with their division), and people with their posts."""
    made = Organisation()
    import_divisions(made, *(DivisionRow(code=code, name=f"名{code}") for code in divisions))
    import_departments(made, departments or {})
    for stream, posts in (people or {}).items():
        import_person(made, stream, posts)
    return made


def import_divisions(organisation: Organisation, *rows: DivisionRow) -> None:
    for change in decide_divisions(ImportDivisions(rows=rows), organisation):
        take(organisation, change.stream, change.read, change.events)


def import_departments(organisation: Organisation, departments: Mapping[str, str]) -> None:
    rows = tuple(DepartmentRow(key=k, name=f"名{k}", division=d) for k, d in departments.items())
    for change in decide_departments(ImportDepartments(rows=rows), organisation):
        take(organisation, change.stream, change.read, change.events)


def dissolve_department(organisation: Organisation, key: str) -> None:
    answer = decide_dissolution(DissolveDepartment(department=key, reason="机构改革"), organisation)
    read = organisation.departments[key].version
    take(organisation, f"department-{key}", read, answer.events)


def import_person(
    organisation: Organisation,
    stream: str,
    posts: Posts,
    households: tuple[str, ...] | None = None,
) -> None:
    row = person(stream, posts, households=households)
    for change in decide_people(ImportPeople(rows=(row,)), organisation):
        take(organisation, change.stream, change.read, change.events)


def person(
    stream: str, posts: Posts, *, named: bool = True, households: tuple[str, ...] | None = None
) -> PersonRow:
    """A row for a synthetic person."""
    return PersonRow(
        person=stream,
        contact=Contact(sealed(stream)) if named else None,
        posts=tuple(Post(post[0], post[1], post[2] if len(post) == 3 else None) for post in posts),
        synthetic=True,
        households=households,
    )


def erase(organisation: Organisation, stream: str) -> None:
    answer = decide_erasure(ErasePerson(person=stream, reason="本人申请"), organisation)
    if answer.events:
        take(organisation, stream, organisation.people[stream].version, answer.events)


def form_group(organisation: Organisation, key: str, division: str, *members: str) -> None:
    command = FormGroup(group=key, name=f"名{key}", division=division, members=members)
    group(organisation, command)


def group(organisation: Organisation, command: FormGroup | DissolveGroup) -> None:
    """Carry the command out, for the operator."""
    known = organisation.groups.get(command.group)
    answer = decide_group(command, organisation, "operator")
    take(organisation, f"group-{command.group}", known.version if known else 0, answer.events)


def duty(
    organisation: Organisation,
    command: SetRoster | HandOverDuty | TakeDuty,
    at: datetime = NOW,
    actor: str = "operator",
) -> str | None:
    """Carry the command out; gives its code."""
    answer = decide_duty(command, organisation, actor, at)
    read = organisation.divisions[command.division].version
    take(organisation, f"division-{command.division}", read, answer.events, at)
    return answer.code


def on_duty(organisation: Organisation, person: str, post: Post, at: datetime = NOW) -> None:
    """The person is on duty in the post."""
    role, division, department = post
    command = HandOverDuty(division=division, role=role, department=department, to=person)
    duty(organisation, command, at)


def roster(organisation: Organisation, post: Post, *shifts: Shift) -> None:
    """The roster of a post."""
    role, division, department = post
    command = SetRoster(division=division, role=role, department=department, shifts=shifts)
    duty(organisation, command)


def switch(organisation: Organisation, division: str, posture: Posture) -> None:
    """Switch a posture, for the operator."""
    command = SwitchPosture(division=division, posture=posture, reason="台风预警")
    for change in decide_posture(command, organisation, "operator"):
        take(organisation, change.stream, change.read, change.events)


def take(
    organisation: Organisation,
    stream: str,
    read: int,
    events: Sequence[Event],
    at: datetime = NOW,
) -> None:
    """The facts of one decision, each at its version."""
    assert read == _version(organisation, stream)
    organisation.apply(
        Recorded(1, stream, read + n, at, META, None, None, None, event)
        for n, event in enumerate(events, 1)
    )


def _version(organisation: Organisation, stream: str) -> int:
    kind, _, key = stream.partition("-")
    known = {
        "person": organisation.people.get(stream),
        "division": organisation.divisions.get(key),
        "department": organisation.departments.get(key),
        "group": organisation.groups.get(key),
        "plan": organisation.plans.get(stream),
    }[kind]
    return known.version if known else 0
