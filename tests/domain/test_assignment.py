"""Who gets an order: held against a brute-force search through everybody's posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handheld.domain.assignment import Assignee, assign, named
from handheld.domain.errors import Malformed
from handheld.domain.roles import ROLES
from handheld_events.orders import Target, Vacancy
from handheld_events.territory import TIERS, kind_by_code
from handheld_projections.organisation import Organisation
from tests.support_organisation import erase, import_person, organisation

CODES = (
    "330825",
    "330825100",
    "330825101",
    "330825100001",
    "330825100200",
    "330825100201",
    "330825101200",
    "330825101400",
    "330825100200001",
    "330825100200002",
    "330825101200001",
)
PEOPLE = tuple(f"person-S{n}" for n in range(6))

roles = st.sampled_from(ROLES[:3])
targets = st.builds(
    Target,
    role=roles,
    tier=st.none() | st.sampled_from(list(TIERS.values())),
    kind=st.none() | st.sampled_from(["villagers_committee", "residents_committee", "other"]),
)
posts = st.lists(st.tuples(roles, st.sampled_from(CODES)), min_size=1, max_size=4, unique=True)


class Town(NamedTuple):
    """An organisation, and the same told plainly: who holds which post, oldest first."""

    organisation: Organisation
    held: list[tuple[str, str, str]]
    erased: set[str]

    def give(self, stream: str, wanted: Sequence[tuple[str, str]]) -> None:
        if stream not in self.erased:
            import_person(self.organisation, stream, wanted)
            kept = [h for h in self.held if h[2] != stream or (h[0], h[1]) in wanted]
            self.held[:] = kept
            self.held.extend((r, d, stream) for r, d in wanted if (r, d, stream) not in kept)

    def erase(self, stream: str) -> None:
        if stream in self.organisation.people:
            erase(self.organisation, stream)
            self.held[:] = [h for h in self.held if h[2] != stream]
            self.erased.add(stream)

    def assigned(
        self, territory: str, wanted: list[Target]
    ) -> tuple[list[Assignee], list[Vacancy]]:
        """By brute force."""
        found: list[Assignee] = []
        vacant: list[Vacancy] = []
        for target in wanted:
            for code in sorted(CODES):
                holders = [p for role, d, p in self.held if (role, d) == (target.role, code)]
                if not (
                    code[: len(territory)] == territory
                    and target.tier in (None, TIERS[len(code)])
                    and target.kind in (None, kind_by_code(code))
                ):
                    continue
                for stream in holders:
                    if stream not in [assignee.person for assignee in found]:
                        found.append(Assignee(stream, code, target.role))
                if target.tier is not None and not holders:
                    vacant.append(Vacancy(role=target.role, division=code))
        return found, vacant


@st.composite
def towns(draw: st.DrawFn) -> Town:
    town = Town(organisation(CODES), [], set())
    for stream, wanted, gone in draw(
        st.lists(st.tuples(st.sampled_from(PEOPLE), posts, st.integers(0, 9)), max_size=12)
    ):
        if gone == 0:
            town.erase(stream)
        else:
            town.give(stream, wanted)
    return town


@settings(deadline=None)
@given(towns(), st.sampled_from(CODES), st.lists(targets, max_size=3))
def test_exactly_those_are_chosen_whom_the_targets_mean(
    town: Town, territory: str, wanted: list[Target]
) -> None:
    found = assign(town.organisation, territory, wanted)

    assert (found.assignees, found.vacant) == town.assigned(territory, wanted)


@settings(deadline=None)
@given(towns(), st.sampled_from(CODES), st.lists(targets, max_size=3), st.data())
def test_people_named_come_last_and_nobody_twice(
    town: Town, territory: str, wanted: list[Target], data: st.DataObject
) -> None:
    living = [stream for stream in town.organisation.people if stream not in town.erased]
    people = data.draw(st.lists(st.sampled_from(living), max_size=8)) if living else []

    found = assign(town.organisation, territory, wanted, people)

    by_post, _ = town.assigned(territory, wanted)
    added = [p for p in dict.fromkeys(people) if p not in {a.person for a in by_post}]
    assert found.assignees[: len(by_post)] == by_post
    assert [a.person for a in found.assignees[len(by_post) :]] == added
    assert all(a.role is None for a in found.assignees[len(by_post) :])


@settings(deadline=None)
@given(towns(), st.sampled_from(CODES), st.lists(targets, max_size=3))
def test_nobody_erased_is_chosen(town: Town, territory: str, wanted: list[Target]) -> None:
    found = assign(town.organisation, territory, wanted)

    assert not town.erased & {assignee.person for assignee in found.assignees}


@settings(deadline=None)
@given(towns(), st.sampled_from(CODES), st.lists(targets, max_size=3))
def test_a_copy_chooses_alike(town: Town, territory: str, wanted: list[Target]) -> None:
    found = assign(town.organisation, territory, wanted)

    assert assign(town.organisation.copy(), territory, wanted) == found


@settings(deadline=None)
@given(towns(), st.sampled_from(CODES), st.lists(targets, max_size=3))
def test_a_restored_checkpoint_chooses_in_the_same_order(
    town: Town, territory: str, wanted: list[Target]
) -> None:
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
