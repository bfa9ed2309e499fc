"""Who gets an order: held against a brute-force search through everybody's posts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handheld.domain.assignment import Assignee, assign, named
from handheld.domain.errors import Malformed
from handheld_events.orders import Target, Vacancy
from handheld_projections.organisation import Organisation, Post
from tests.domain.assigning import CODES, Town, known_groups, targets, towns
from tests.support_organisation import (
    Posts,
    dissolve_department,
    erase,
    form_group,
    import_person,
    on_duty,
    organisation,
)

searches = settings(deadline=None, max_examples=300)


@searches
@given(towns(), st.sampled_from(CODES), targets, st.data())
def test_exactly_those_are_chosen_whom_the_targets_mean(
    town: Town, territory: str, wanted: list[Target], data: st.DataObject
) -> None:
    wanted = known_groups(town, wanted)
    living = [stream for stream in town.organisation.people if stream not in town.erased]
    people = data.draw(st.lists(st.sampled_from(living), max_size=4)) if living else []

    found = assign(town.organisation, territory, wanted, people)

    assignees, vacant = town.assigned(territory, wanted, people)
    assert found.assignees == assignees
    # By target and then by division: in which order is nobody's business.
    assert set(found.vacant) == set(vacant)
    assert len(found.vacant) == len(vacant)


@searches
@given(towns(), st.sampled_from(CODES), targets)
def test_nobody_is_called_twice_and_nobody_erased(
    town: Town, territory: str, wanted: list[Target]
) -> None:
    found = assign(town.organisation, territory, known_groups(town, wanted))

    people = [assignee.person for assignee in found.assignees]
    assert len(set(people)) == len(people)
    assert not town.erased & set(people)


@searches
@given(towns(), st.sampled_from(CODES), targets)
def test_every_vacant_post_has_one_stand_in_if_anybody_holds_a_duty_post_above(
    town: Town, territory: str, wanted: list[Target]
) -> None:
    found = assign(town.organisation, territory, known_groups(town, wanted))

    covered = [vacancy for assignee in found.assignees for vacancy in assignee.instead_of]
    assert len(set(covered)) == len(covered)
    assert set(covered) <= set(found.vacant)
    if town.organisation.holders("duty_officer", "330825"):
        assert set(covered) == set(found.vacant)


@searches
@given(towns(), st.sampled_from(CODES), targets)
def test_a_copy_chooses_alike(town: Town, territory: str, wanted: list[Target]) -> None:
    wanted = known_groups(town, wanted)
    found = assign(town.organisation, territory, wanted)

    assert assign(town.organisation.copy(), territory, wanted) == found


@searches
@given(towns(), st.sampled_from(CODES), targets)
def test_a_restored_checkpoint_chooses_in_the_same_order(
    town: Town, territory: str, wanted: list[Target]
) -> None:
    wanted = known_groups(town, wanted)
    restored = Organisation()
    restored.restore(town.organisation.snapshot())

    assert assign(restored, territory, wanted) == assign(town.organisation, territory, wanted)


def test_a_post_taken_later_stays_later_after_a_checkpoint() -> None:
    town = organisation(CODES, {"person-S1": [CONTACT], "person-S2": [HEAD]})
    import_person(town, "person-S1", [CONTACT, HEAD])
    restored = Organisation()
    restored.restore(town.snapshot())

    found = [assign(o, "330825", [Target(role="grid_head")]) for o in (town, restored)]

    assert [[a.person for a in f.assignees] for f in found] == [["person-S2", "person-S1"]] * 2


HEAD = ("grid_head", "330825100200001")
CONTACT = ("household_contact", "330825100200")


def test_who_holds_two_of_the_posts_gets_one_task_for_the_first() -> None:
    town = organisation(CODES, {"person-S1": [CONTACT, HEAD]})
    both = [Target(role="grid_head"), Target(role="household_contact")]

    found = assign(town, "330825", both)

    assert found.assignees == [Assignee("person-S1", HEAD[1], "grid_head")]


def test_several_holders_of_one_post_come_in_the_order_in_which_they_took_it() -> None:
    town = organisation(CODES, {p: [HEAD] for p in ("person-S3", "person-S1", "person-S2")})

    found = assign(town, "330825", [Target(role="grid_head")])

    assert [a.person for a in found.assignees] == ["person-S3", "person-S1", "person-S2"]


def test_a_division_without_a_holder_is_vacant_where_a_tier_is_asked_for() -> None:
    town = organisation(CODES, {"person-S1": [HEAD]})

    found = assign(town, "330825", [Target(role="grid_head", tier="grid")])

    assert [(post.role, post.division) for post in found.vacant] == [
        ("grid_head", "330825100200002"),
        ("grid_head", "330825101200001"),
    ]
    assert assign(town, "330825", [Target(role="grid_head")]).vacant == []


def test_a_division_whose_only_holder_was_erased_is_vacant() -> None:
    town = organisation(CODES, {"person-S1": [HEAD]})
    erase(town, "person-S1")

    vacant = assign(town, "330825", [Target(role="grid_head", tier="grid")]).vacant
    assert Vacancy(role="grid_head", division=HEAD[1]) in vacant


def test_villagers_committees_are_meant_without_the_communities() -> None:
    villages = {c: f"person-V{c}" for c in CODES if len(c) == 12}
    town = organisation(CODES, {p: [("village_team_leader", c)] for c, p in villages.items()})
    target = Target(role="village_team_leader", tier="village", kind="villagers_committee")

    found = assign(town, "330825", [target])

    assert [a.division for a in found.assignees] == [
        "330825100200",
        "330825100201",
        "330825101200",
    ]


def test_a_neighbour_is_not_meant() -> None:
    town = organisation(CODES, {"person-S1": [HEAD]})

    assert assign(town, "330825101", [Target(role="grid_head")]).assignees == []


def test_a_person_named_gets_the_task_at_their_first_post_in_the_territory() -> None:
    town = organisation(CODES, {"person-S1": [("grid_head", "330825101200001"), CONTACT]})

    assert named(town, "person-S1", "330825100") == Assignee("person-S1", CONTACT[1], None)
    assert named(town, "person-S1", "330825").division == "330825101200001"


def test_a_person_named_from_elsewhere_gets_it_at_their_first_post() -> None:
    town = organisation(CODES, {"person-S1": [CONTACT, HEAD]})

    assert named(town, "person-S1", "330825101").division == CONTACT[1]


@pytest.mark.parametrize("choose", [named, lambda o, p, t: assign(o, t, [], [p])])
def test_nobody_unknown_or_erased_can_be_named(choose: object) -> None:
    assert callable(choose)
    town = organisation(CODES, {"person-S1": [HEAD]})
    erase(town, "person-S1")

    with pytest.raises(Malformed) as erased:
        choose(town, "person-S1", "330825")
    with pytest.raises(Malformed) as unknown:
        choose(town, "person-S2", "330825")

    assert (erased.value.code, erased.value.params) == ("person.erased", {"person": "person-S1"})
    assert (unknown.value.code, unknown.value.params) == ("person.unknown", {"person": "person-S2"})


OFFICER = "person-O"
DEPARTMENTS = {"water": "330825", "police": "330825"}


def people_of(found: Sequence[Assignee]) -> list[str]:
    return [assignee.person for assignee in found]


def test_a_stationed_officer_is_called_in_their_township_and_in_no_other() -> None:
    town = organisation(
        CODES,
        {"person-A": [("enforcement_officer", "330825100", "police")]},
        DEPARTMENTS,
    )
    for target in (
        Target(role="enforcement_officer"),
        Target(role="enforcement_officer", department="police"),
    ):
        here = assign(town, "330825100", [target])
        assert here.assignees == [
            Assignee("person-A", "330825100", "enforcement_officer", "police")
        ]
        assert assign(town, "330825101", [target]).assignees == []


def test_officers_of_the_whole_county_serve_each_township() -> None:
    town = organisation(
        CODES, {"person-A": [("department_officer", "330825", "water")]}, DEPARTMENTS
    )

    found = assign(town, "330825101", [Target(role="department_officer", department="water")])

    assert people_of(found.assignees) == ["person-A"]


def test_a_duty_officer_of_a_department_is_not_one_of_the_command_room() -> None:
    town = organisation(
        CODES,
        {
            "person-A": [("duty_officer", "330825", "water")],
            "person-B": [("duty_officer", "330825")],
        },
        DEPARTMENTS,
    )
    room = assign(town, "330825", [Target(role="duty_officer", tier="district")])
    water = assign(town, "330825", [Target(role="duty_officer", department="water")])

    assert (people_of(room.assignees), people_of(water.assignees)) == (["person-B"], ["person-A"])


def a_department(*missing: str) -> Organisation:
    people: dict[str, Posts] = {
        "person-D": [("duty_officer", "330825", "water")],
        "person-E": [("department_officer", "330825", "water")],
        "person-F": [("department_officer", "330825", "water")],
        "person-H": [("department_head", "330825", "water")],
        OFFICER: [("duty_officer", "330825")],
    }
    return organisation(
        CODES, {p: posts for p, posts in people.items() if p not in missing}, DEPARTMENTS
    )


UNIT = [Target(department="water")]


@pytest.mark.parametrize(
    ("missing", "who"),
    [
        ((), ("person-H", "department_head")),
        (("person-H",), ("person-E", "department_officer")),
        (("person-H", "person-E", "person-F"), ("person-D", "duty_officer")),
    ],
)
def test_a_department_is_called_through_its_head_else_an_officer(
    missing: tuple[str, ...], who: tuple[str, str]
) -> None:
    found = assign(a_department(*missing), "330825101", UNIT)

    assert found.assignees == [Assignee(who[0], "330825", who[1], "water", unit=True)]
    assert found.vacant == []


def test_a_department_is_called_through_whoever_is_on_duty_there() -> None:
    town = a_department()
    on_duty(town, "person-D", Post("duty_officer", "330825", "water"))

    (found,) = assign(town, "330825", UNIT).assignees

    assert (found.person, found.role, found.unit) == ("person-D", "duty_officer", True)


def test_a_department_without_anybody_is_vacant_and_the_duty_officer_gets_its_task() -> None:
    town = a_department("person-D", "person-E", "person-F", "person-H")
    vacancy = Vacancy(role="department_head", division="330825")

    found = assign(town, "330825", UNIT)

    assert found.vacant == [vacancy]
    assert found.assignees == [Assignee(OFFICER, "330825", "duty_officer", instead_of=(vacancy,))]


def test_a_department_that_was_dissolved_is_vacant() -> None:
    town = a_department()
    dissolve_department(town, "water")

    for target in (*UNIT, Target(role="department_head", department="water")):
        found = assign(town, "330825", [target])
        assert [v.role for v in found.vacant] == ["department_head"]
        assert people_of(found.assignees) == [OFFICER]


def test_posts_of_a_dissolved_department_are_no_posts_of_their_role() -> None:
    post = ("enforcement_officer", "330825100", "police")
    town = organisation(CODES, {"person-A": [post]}, DEPARTMENTS)
    dissolve_department(town, "police")

    assert assign(town, "330825", [Target(role="enforcement_officer")]).assignees == []


def test_who_heads_two_departments_answers_for_one_of_them() -> None:
    town = organisation(
        CODES,
        {
            "person-H": [
                ("department_head", "330825", "water"),
                ("department_head", "330825", "police"),
            ],
            "person-E": [("department_officer", "330825", "police")],
        },
        DEPARTMENTS,
    )

    found = assign(town, "330825", [Target(department="water"), Target(department="police")])

    assert [(a.person, a.department, a.unit) for a in found.assignees] == [
        ("person-H", "water", True),
        ("person-E", "police", True),
    ]


def test_who_is_called_by_post_and_for_the_unit_answers_for_the_unit_with_one_task() -> None:
    by_post = Target(role="department_head", department="water")
    for wanted in ([by_post, *UNIT], [*UNIT, by_post]):
        found = assign(a_department(), "330825", wanted)
        assert found.assignees == [
            Assignee("person-H", "330825", "department_head", "water", unit=True)
        ]


def test_only_who_is_on_duty_is_called_where_the_order_says_so() -> None:
    town = organisation(CODES, {p: [("duty_officer", "330825")] for p in ("person-A", "person-B")})
    target = Target(role="duty_officer", on_duty=True)
    assert people_of(assign(town, "330825", [target]).assignees) == ["person-A", "person-B"]

    on_duty(town, "person-B", Post("duty_officer", "330825"))

    assert people_of(assign(town, "330825", [target]).assignees) == ["person-B"]


def test_a_group_is_its_members_wherever_they_are() -> None:
    town = organisation(CODES, {"person-S1": [CONTACT], "person-S2": [HEAD]})
    form_group(town, "rescue", "330825", "person-S2", "person-S1")
    erase(town, "person-S1")

    found = assign(town, "330825101", [Target(group="rescue")])

    assert found.assignees == [Assignee("person-S2", HEAD[1], None)]


VACANT_GRID = "330825101200001"


@pytest.mark.parametrize(
    ("holders", "who"),
    [
        ({"person-V": ("village_official", "330825101200")}, "person-V"),
        ({"person-L": ("village_team_leader", "330825101200")}, "person-L"),
        (
            {
                "person-L": ("village_team_leader", "330825101200"),
                "person-V": ("village_official", "330825101200"),
            },
            "person-V",
        ),
        ({"person-T": ("township_official", "330825101")}, "person-T"),
        ({"person-W": ("village_official", "330825101400")}, None),
        ({"person-C": ("district_commander", "330825")}, "person-C"),
    ],
)
def test_the_task_of_a_vacant_post_goes_to_the_nearest_duty_post_above(
    holders: dict[str, tuple[str, str]], who: str | None
) -> None:
    town = organisation(CODES, {person: [post] for person, post in holders.items()})
    vacancy = Vacancy(role="grid_head", division=VACANT_GRID)

    found = assign(town, VACANT_GRID, [Target(role="grid_head", tier="grid")])

    assert found.vacant == [vacancy]
    assert people_of(found.assignees) == ([who] if who else [])
    assert all(assignee.instead_of == (vacancy,) for assignee in found.assignees)


def test_who_stands_in_for_several_and_is_called_anyway_has_one_task() -> None:
    official = ("village_official", "330825100200")
    town = organisation(CODES, {"person-V": [official]})
    wanted = [Target(role="village_official"), Target(role="grid_head", tier="grid")]

    (found,) = assign(town, "330825100200", wanted).assignees

    assert found.role == "village_official"
    assert [v.division for v in found.instead_of] == ["330825100200001", "330825100200002"]


def test_a_stand_in_for_thousands_names_a_thousand_of_them() -> None:
    codes = ["330825", "330825100", *(f"330825100{n:03d}" for n in range(1, 700))]
    grids = [f"{code}{n:03d}" for code in codes[2:] for n in (1, 2)]
    town = organisation([*codes, *grids], {OFFICER: [("duty_officer", "330825")]})

    found = assign(town, "330825", [Target(role="grid_head", tier="grid")])

    assert len(found.vacant) == 1_398
    assert [len(a.instead_of) for a in found.assignees] == [1_000]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (Target(), "target.nothing"),
        (Target(on_duty=True), "target.nothing"),
        (Target(group="rescue", role="grid_head"), "target.group_alone"),
        (Target(group="rescue", department="water"), "target.group_alone"),
        (Target(department="water", tier="grid"), "target.unit_alone"),
        (Target(department="water", kind="other"), "target.unit_alone"),
        (Target(role="grid_head", tier="grid", kind="other"), "target.kind_tier"),
        (Target(role="mayor"), "role.unknown"),
        (Target(department="No Key"), "department.key"),
        (Target(group="No Key"), "group.key"),
        (Target(department="fire"), "department.unknown"),
        (Target(role="grid_head", department="fire"), "department.unknown"),
        (Target(group="none"), "group.unknown"),
    ],
)
def test_a_target_that_names_nothing_or_contradicts_itself_is_refused(
    target: Target, code: str
) -> None:
    town = organisation(CODES, {"person-S1": [HEAD]}, DEPARTMENTS)

    with pytest.raises(Malformed) as caught:
        assign(town, "330825", [target])

    assert caught.value.code == code
