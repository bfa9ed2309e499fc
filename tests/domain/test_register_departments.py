"""Departments and groups: imported, formed, changed, dissolved."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from handheld.domain.errors import HandheldError
from handheld.domain.register_departments import (
    DepartmentRow,
    DissolveDepartment,
    ImportDepartments,
    decide_departments,
    decide_dissolution,
)
from handheld.domain.register_groups import DissolveGroup, FormGroup, decide
from handheld_events.department import DepartmentDissolved, DepartmentRegistered, DepartmentRenamed
from handheld_events.group import GroupDissolved, GroupFormed
from handheld_projections.organisation import Organisation
from tests.support_organisation import dissolve_department, erase, group, organisation

COUNTY, TOWNSHIP, OTHER = "330825", "330825101", "330825102"
A, B = "person-A", "person-B"
OFFICER = "person-O"


def _town() -> Organisation:
    return organisation(
        [COUNTY, TOWNSHIP, OTHER],
        {
            A: [("grid_head", TOWNSHIP)],
            B: [("grid_head", TOWNSHIP)],
            OFFICER: [("duty_officer", TOWNSHIP)],
        },
        {"water": COUNTY},
    )


def _row(key: str = "water", name: str = "名water", division: str = COUNTY) -> DepartmentRow:
    return DepartmentRow(key=key, name=name, division=division)


def _decide(*rows: DepartmentRow) -> list[tuple[str, int, tuple[object, ...]]]:
    changes = decide_departments(ImportDepartments(rows=rows), _town())
    return [(change.stream, change.read, change.events) for change in changes]


def test_departments_are_registered_and_renamed_and_otherwise_untouched() -> None:
    new = _row("police", "公安局", TOWNSHIP)

    assert _decide(_row(), new) == [
        ("department-police", 0, (DepartmentRegistered(name="公安局", division=TOWNSHIP),))
    ]
    assert _decide(_row(name="水务局")) == [
        ("department-water", 1, (DepartmentRenamed(name="水务局"),))
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (_row("Water Board"), "department.key"),
        (_row("fire", " "), "words.missing"),
        (_row("fire", "消防", "330899"), "division.unknown"),
        (_row(division=TOWNSHIP), "department.division_fixed"),
        (
            DepartmentRow(key="water", name="水", division=COUNTY, synthetic=True),
            "department.synthetic",
        ),
        (_row("new"), "department.twice"),
    ],
)
def test_one_bad_department_refuses_the_whole_file(row: DepartmentRow, code: str) -> None:
    with pytest.raises(HandheldError) as caught:
        _decide(_row("new"), row)

    assert caught.value.code == code


def test_a_department_is_dissolved_once_and_cannot_come_back() -> None:
    town = _town()
    command = DissolveDepartment(department="water", reason="机构改革")
    assert decide_dissolution(command, town).events == (DepartmentDissolved(reason="机构改革"),)

    dissolve_department(town, "water")

    assert decide_dissolution(command, town).code == "department.dissolved"
    with pytest.raises(HandheldError) as caught:
        decide_departments(ImportDepartments(rows=(_row(),)), town)
    assert caught.value.code == "department.dissolved"


# Groups

RESCUE = FormGroup(group="rescue", name="抢险队", division=TOWNSHIP, members=(A, B))


def test_a_group_is_formed_changed_dissolved_and_formed_again() -> None:
    town = _town()
    formed = GroupFormed(name="抢险队", division=TOWNSHIP, members=(A, B))
    assert decide(RESCUE, town, "operator").events == (formed,)
    group(town, RESCUE)
    assert decide(RESCUE, town, "operator").code == "group.formed"

    smaller = FormGroup(group="rescue", name="抢险队", division=TOWNSHIP, members=(B,))
    group(town, smaller)
    assert (town.groups["rescue"].members, town.groups["rescue"].version) == ((B,), 2)

    end = DissolveGroup(group="rescue", reason="汛期结束")
    assert decide(end, town, "operator").events == (GroupDissolved(reason="汛期结束"),)
    group(town, end)
    assert decide(end, town, "operator").code == "group.dissolved"

    group(town, smaller)
    assert not town.groups["rescue"].dissolved


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"group": "Rescue!"}, "group.key"),
        ({"name": ""}, "words.missing"),
        ({"division": "330899"}, "division.unknown"),
        ({"members": ()}, "group.no_members"),
        ({"members": (A, A)}, "group.member_twice"),
        ({"members": ("person-X",)}, "person.unknown"),
        ({"members": ("person-A", "person-E")}, "person.erased"),
        ({"members": tuple(f"person-{n}" for n in range(2_001))}, "group.too_many"),
    ],
)
def test_a_group_that_makes_no_sense_is_refused(change: dict[str, object], code: str) -> None:
    town = organisation(
        [COUNTY, TOWNSHIP], {p: [("grid_head", TOWNSHIP)] for p in (A, B, "person-E")}
    )
    erase(town, "person-E")
    alone = FormGroup(group="rescue", name="队", division=TOWNSHIP, members=(A,))
    command = replace(alone, **change)

    with pytest.raises(HandheldError) as caught:
        decide(command, town, "operator")

    assert caught.value.code == code


def test_a_command_room_forms_groups_in_its_territory_only() -> None:
    assert decide(RESCUE, _town(), OFFICER).outcome == "accepted"
    elsewhere = FormGroup(group="rescue", name="队", division=OTHER, members=(A,))
    for command, actor in ((RESCUE, A), (elsewhere, OFFICER)):
        with pytest.raises(HandheldError) as caught:
            decide(command, _town(), actor)
        assert caught.value.code == "group.not_yours"
