from __future__ import annotations

import msgspec
import pytest

from handheld.domain.errors import Malformed, NotFound
from handheld.domain.register import (
    DivisionRow,
    ErasePerson,
    ImportDivisions,
    ImportPeople,
    PersonRow,
    RegisterEvent,
    StreamChange,
    decide_divisions,
    decide_erasure,
    decide_people,
)
from handheld_events.department import DepartmentEvent
from handheld_events.division import DivisionEvent, DivisionRegistered, DivisionRenamed
from handheld_events.examples import EXAMPLES, PERSON, recorded, sealed
from handheld_events.group import GroupEvent
from handheld_events.person import (
    HouseholdsLinked,
    PersonContactChanged,
    PersonErased,
    PersonEvent,
    PersonRegistered,
    PostLeft,
    PostTaken,
)
from handheld_projections.organisation import Organisation, Post
from tests.support_organisation import (
    dissolve_department,
    erase,
    form_group,
    import_departments,
    import_divisions,
    import_person,
    organisation,
    person,
)

COUNTY, TOWNSHIP, VILLAGE = "330825", "330825101", "330825101264"
CONTACT = ("household_contact", VILLAGE, None)
HEAD = ("grid_head", VILLAGE, None)
P = "person-S1"


def _county() -> Organisation:
    return organisation([COUNTY, TOWNSHIP, VILLAGE])


def _divisions(town: Organisation, *rows: DivisionRow) -> list[StreamChange]:
    return decide_divisions(ImportDivisions(rows=rows), town)


def _people(town: Organisation, *rows: PersonRow) -> list[StreamChange]:
    return decide_people(ImportPeople(rows=rows), town)


# Divisions


def test_a_new_division_is_registered_with_the_kind_that_its_code_says() -> None:
    (change,) = _divisions(organisation([COUNTY, TOWNSHIP]), DivisionRow(code=VILLAGE, name="希塘"))

    assert change == StreamChange(
        f"division-{VILLAGE}",
        0,
        (DivisionRegistered(code=VILLAGE, name="希塘", kind="villagers_committee"),),
        VILLAGE,
        None,
    )


def test_a_file_that_says_the_kind_is_believed() -> None:
    row = DivisionRow(code=VILLAGE, name="希塘", kind="residents_committee", synthetic=True)

    (change,) = _divisions(organisation([COUNTY, TOWNSHIP]), row)

    assert change.events == (
        DivisionRegistered(code=VILLAGE, name="希塘", kind="residents_committee", synthetic=True),
    )


def test_parents_may_come_with_their_children_in_any_order() -> None:
    rows = [DivisionRow(code=code, name=code) for code in (VILLAGE, TOWNSHIP, COUNTY)]

    assert [c.division for c in _divisions(Organisation(), *rows)] == [VILLAGE, TOWNSHIP, COUNTY]


def test_another_name_renames() -> None:
    (change,) = _divisions(_county(), DivisionRow(code=VILLAGE, name="新名"))

    assert (change.read, change.events) == (1, (DivisionRenamed(name="新名"),))


def test_a_division_that_was_renamed_is_known_by_its_new_name() -> None:
    town = _county()
    import_divisions(town, DivisionRow(code=VILLAGE, name="新名"))

    assert (town.divisions[VILLAGE].name, town.divisions[VILLAGE].version) == ("新名", 2)
    assert _divisions(town, DivisionRow(code=VILLAGE, name="新名")) == []


def test_the_same_file_again_changes_nothing() -> None:
    rows = [DivisionRow(code=code, name=f"名{code}") for code in (COUNTY, TOWNSHIP, VILLAGE)]

    assert _divisions(_county(), *rows) == []


def test_divisions_that_a_file_does_not_name_stay() -> None:
    assert _divisions(_county()) == []


@pytest.mark.parametrize(
    ("rows", "code", "params"),
    [
        ([("3308", "x")], "division.code", {"division": "3308"}),
        ([("33082a", "x")], "division.code", {"division": "33082a"}),
        ([("330826", " ")], "words.missing", {"field": "name"}),
        (
            [("330826101", "x")],
            "division.no_parent",
            {"division": "330826101", "parent": "330826"},
        ),
        (
            [("330826", "x"), ("330826101001", "y")],
            "division.no_parent",
            {"division": "330826101001", "parent": "330826101"},
        ),
        ([("330826", "x"), ("330826", "y")], "division.twice", {"division": "330826"}),
    ],
)
def test_one_bad_row_refuses_the_whole_file(
    rows: list[tuple[str, str]], code: str, params: dict[str, str]
) -> None:
    good = DivisionRow(code="330827", name="好")

    with pytest.raises(Malformed) as caught:
        _divisions(_county(), good, *(DivisionRow(code=c, name=n) for c, n in rows))

    assert (caught.value.code, caught.value.params) == (code, params)


def test_only_a_village_can_be_a_committee() -> None:
    with pytest.raises(Malformed):
        _divisions(_county(), DivisionRow(code="330825102", name="乡", kind="villagers_committee"))


# People


def test_a_new_person_is_registered_and_takes_their_posts() -> None:
    (change,) = _people(_county(), person(P, [CONTACT, HEAD]))

    assert change == StreamChange(
        P,
        0,
        (
            PersonRegistered(name=sealed(P), synthetic=True),
            PostTaken(role="household_contact", division=VILLAGE),
            PostTaken(role="grid_head", division=VILLAGE),
        ),
        VILLAGE,
        P,
    )


def test_a_known_person_takes_and_leaves_what_the_row_says() -> None:
    town = _county()
    import_person(town, P, [CONTACT])

    (change,) = _people(town, person(P, [HEAD], named=False))

    assert (change.read, change.events) == (
        2,
        (
            PostLeft(role="household_contact", division=VILLAGE),
            PostTaken(role="grid_head", division=VILLAGE),
        ),
    )


def test_another_contact_is_recorded() -> None:
    town = _county()
    import_person(town, P, [CONTACT])

    (change,) = _people(town, person(P, [CONTACT]))

    assert change.events == (PersonContactChanged(name=sealed(P)),)


def test_the_same_people_again_change_nothing() -> None:
    town = _county()
    import_person(town, P, [CONTACT, HEAD])

    assert _people(town, person(P, [HEAD, CONTACT], named=False)) == []


def test_posts_left_and_taken_are_what_the_organisation_then_knows() -> None:
    town = _county()
    import_person(town, P, [CONTACT])
    import_person(town, P, [HEAD])

    assert town.people[P].posts == (HEAD,)
    assert list(town.holders(*HEAD)) == [P]
    assert list(town.holders(*CONTACT)) == []


@pytest.mark.parametrize(
    ("row", "code", "params"),
    [
        (person("person-张三", [HEAD]), "person.number", {"person": "张三"}),
        (person("person-", [HEAD]), "person.number", {"person": ""}),
        (person("person-S2", []), "post.none", {"person": "person-S2"}),
        (person("person-S2", [HEAD, HEAD]), "post.twice", {"person": "person-S2"}),
        (
            person("person-S2", [("grid_head", "330899")]),
            "division.unknown",
            {"division": "330899"},
        ),
        (person("person-S2", [HEAD], named=False), "person.no_name", {"person": "person-S2"}),
        (person("person-E", [HEAD]), "person.erased", {"person": "person-E"}),
        (person(P, [HEAD]), "person.twice", {"person": P}),
    ],
)
def test_one_bad_person_refuses_the_whole_file(
    row: PersonRow, code: str, params: dict[str, str]
) -> None:
    town = _county()
    import_person(town, "person-E", [HEAD])
    erase(town, "person-E")

    with pytest.raises(Malformed) as caught:
        _people(town, person(P, [HEAD]), row)

    assert (caught.value.code, caught.value.params) == (code, params)


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(Malformed) as caught:
        _people(_county(), person(P, [("mayor", VILLAGE)]))

    assert (caught.value.code, caught.value.params["role"]) == ("role.unknown", "mayor")


def test_a_stream_that_is_no_persons_is_refused() -> None:
    with pytest.raises(Malformed) as caught:
        _people(_county(), person("S1", [HEAD]))

    assert caught.value.code == "person.number"


# Erasure


def test_a_person_is_erased_once() -> None:
    town = _county()
    import_person(town, P, [CONTACT])
    command = ErasePerson(person=P, reason="本人申请")

    first = decide_erasure(command, town)
    erase(town, P)
    second = decide_erasure(command, town)

    assert (first.outcome, first.events) == ("accepted", (PersonErased(reason="本人申请"),))
    assert (second.outcome, second.code, second.events) == ("already_done", "person.erased", ())


def test_who_was_erased_holds_no_post() -> None:
    town = _county()
    import_person(town, P, [CONTACT, HEAD])
    erase(town, P)

    assert town.people[P].erased
    assert town.people[P].posts == ()
    assert list(town.holders(*HEAD)) == []


def test_erasure_needs_a_person_and_a_reason() -> None:
    with pytest.raises(NotFound) as unknown:
        decide_erasure(ErasePerson(person=P, reason="x"), _county())
    with pytest.raises(Malformed) as blank:
        decide_erasure(ErasePerson(person=P, reason=" "), _county())

    assert (unknown.value.code, blank.value.code) == ("person.unknown", "words.missing")


# The organisation


@pytest.mark.parametrize(
    "event",
    [
        e
        for e in EXAMPLES.values()
        if isinstance(e, DivisionEvent | DepartmentEvent | GroupEvent | PersonEvent)
    ],
)
def test_the_organisation_takes_in_every_event_of_the_register(event: RegisterEvent) -> None:
    county = [COUNTY, TOWNSHIP, VILLAGE]
    town = organisation(county, departments={"water": COUNTY, "enforcement": COUNTY})
    import_person(town, PERSON, [CONTACT, ("enforcement_officer", TOWNSHIP, "enforcement")])
    form_group(town, "rescue", COUNTY, PERSON)
    before = msgspec.msgpack.encode(town.snapshot())

    town.apply([recorded(event, version=9)])

    assert msgspec.msgpack.encode(town.snapshot()) != before


# Departments' posts and households


GRID = VILLAGE + "001"


def _with_departments() -> Organisation:
    return organisation([COUNTY, TOWNSHIP, VILLAGE, GRID], departments={"water": COUNTY})


def test_a_post_of_a_department_is_another_one_than_that_of_the_division() -> None:
    town = _with_departments()
    import_person(town, P, [("duty_officer", COUNTY)])

    (change,) = _people(town, person(P, [("duty_officer", COUNTY, "water")], named=False))

    assert change.events == (
        PostLeft(role="duty_officer", division=COUNTY),
        PostTaken(role="duty_officer", division=COUNTY, department="water"),
    )


def test_who_serves_elsewhere_than_their_department_is_stationed() -> None:
    town = _with_departments()
    at_home = Post("enforcement_officer", COUNTY, "water")
    away = Post("enforcement_officer", TOWNSHIP, "water")
    import_person(town, P, [at_home, away])

    assert [town.stationed(post) for post in (at_home, away, Post(*HEAD))] == [False, True, False]
    assert town.department_posts("water") == {"enforcement_officer": [(P, COUNTY), (P, TOWNSHIP)]}


def test_households_are_linked_to_somebody_of_a_grid() -> None:
    town = _with_departments()
    contact = ("household_contact", GRID)

    (change,) = _people(town, person(P, [contact], households=("003", "7-201")))
    assert change.events[-1] == HouseholdsLinked(households=("003", "7-201"))

    import_person(town, P, [contact], ("003", "7-201"))
    assert town.people[P].households == ("003", "7-201")
    assert _people(town, person(P, [contact], named=False)) == []
    assert _people(town, person(P, [contact], named=False, households=("003", "7-201"))) == []


def test_who_leaves_their_last_grid_visits_no_household_any_more() -> None:
    town = _with_departments()
    import_person(town, P, [("household_contact", GRID)], ("003",))

    (change,) = _people(town, person(P, [CONTACT], named=False))

    assert change.events[-1] == HouseholdsLinked(households=())


def test_who_was_erased_visits_no_household() -> None:
    town = _with_departments()
    import_person(town, P, [("household_contact", GRID)], ("003",))
    erase(town, P)

    assert town.people[P].households == ()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (person(P, [("duty_officer", COUNTY, "fire")]), "department.unknown"),
        (person(P, [("duty_officer", COUNTY, "gone")]), "department.dissolved"),
        (person(P, [("department_head", COUNTY)]), "post.no_department"),
        (person(P, [CONTACT], households=("003",)), "household.no_grid"),
        (person(P, [("household_contact", GRID)], households=("3", "3")), "household.twice"),
        (person(P, [("household_contact", GRID)], households=("3 4",)), "household.number"),
        (
            person(P, [("household_contact", GRID)], households=("138-0000-0000",)),
            "household.number_personal",
        ),
        (
            person(P, [("household_contact", GRID)], households=("33082519700101123X",)),
            "household.number_personal",
        ),
        (
            person(P, [("household_contact", GRID)], households=tuple(map(str, range(201)))),
            "household.too_many",
        ),
    ],
)
def test_a_department_or_household_that_makes_no_sense_is_refused(
    row: PersonRow, code: str
) -> None:
    town = _with_departments()
    import_departments(town, {"gone": COUNTY})
    dissolve_department(town, "gone")

    with pytest.raises(Malformed) as caught:
        _people(town, row)

    assert caught.value.code == code
    assert "138" not in str(caught.value)
