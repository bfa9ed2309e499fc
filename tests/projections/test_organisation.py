"""Who there is: divisions, people and the posts they hold."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from handheld_events import division, person
from handheld_events.envelope import About
from handheld_projections.organisation import (
    Division,
    Organisation,
    OrganisationState,
    Person,
    Post,
)
from tests.support_story import (
    CODES,
    DISTRICT,
    PEOPLE,
    ROLES,
    TOWNSHIP,
    VILLAGE,
    Fact,
    Facts,
    sealed,
    stories,
)

A, B = PEOPLE[0], PEOPLE[1]


def organisation_of(facts: list[Fact]) -> Organisation:
    organisation = Organisation()
    organisation.apply(facts)
    return organisation


def register(story: Facts, who: str) -> None:
    event = person.PersonRegistered(name=sealed(who), synthetic=True)
    story.add(who, event, About(division=VILLAGE, person=who))


def take(story: Facts, who: str, role: str = "grid_head", where: str = VILLAGE) -> None:
    story.add(who, person.PostTaken(role=role, division=where))


def leave(story: Facts, who: str, role: str = "grid_head", where: str = VILLAGE) -> None:
    story.add(who, person.PostLeft(role=role, division=where))


def test_a_division_is_registered_and_renamed() -> None:
    story = Facts()
    stream = f"division-{VILLAGE}"
    registered = division.DivisionRegistered(
        code=VILLAGE, name="希塘", kind="villagers_committee", synthetic=True
    )
    story.add(stream, registered, About(division=VILLAGE))
    story.add(stream, division.DivisionRenamed(name="希塘村"))
    organisation = organisation_of(story.facts)
    assert organisation.divisions == {
        VILLAGE: Division(VILLAGE, "希塘村", "villagers_committee", True, 2)
    }


def test_divisions_are_counted_by_tier_and_children_are_in_order() -> None:
    story = Facts()
    for code in ("330825102", TOWNSHIP, DISTRICT, VILLAGE):
        event = division.DivisionRegistered(code=code, name=code)
        story.add(f"division-{code}", event, About(division=code))
    organisation = organisation_of(story.facts)
    assert organisation.count_by_tier() == {"district": 1, "township": 2, "village": 1, "grid": 0}
    assert [d.code for d in organisation.children(DISTRICT)] == [TOWNSHIP, "330825102"]
    assert [d.code for d in organisation.children(TOWNSHIP)] == [VILLAGE]
    assert organisation.children("330825102") == []


def test_a_person_takes_posts_leaves_them_and_keeps_the_others() -> None:
    story = Facts()
    register(story, A)
    take(story, A)
    take(story, A, "household_contact")
    leave(story, A)
    organisation = organisation_of(story.facts)
    assert organisation.people == {
        A: Person(A, sealed(A), None, True, 4, (Post("household_contact", VILLAGE),))
    }
    assert list(organisation.holders("grid_head", VILLAGE)) == []
    assert list(organisation.holders("household_contact", VILLAGE)) == [A]
    assert list(organisation.holders("household_contact", DISTRICT)) == []


def test_holders_are_in_the_order_in_which_they_took_the_post() -> None:
    story = Facts()
    for who in (A, B):
        register(story, who)
    take(story, B)
    take(story, A)
    assert list(organisation_of(story.facts).holders("grid_head", VILLAGE)) == [B, A]
    leave(story, B)
    take(story, B)
    assert list(organisation_of(story.facts).holders("grid_head", VILLAGE)) == [A, B]


def test_a_new_contact_replaces_the_old_one() -> None:
    story = Facts()
    register(story, A)
    story.add(A, person.PersonContactChanged(name=sealed(A), phone=sealed("other")))
    assert organisation_of(story.facts).people[A].phone == sealed("other")


def test_who_is_erased_holds_no_post_and_stays_known_as_erased() -> None:
    story = Facts()
    for who in (A, B):
        register(story, who)
        take(story, who)
    story.add(A, person.PersonErased(reason="本人要求"))
    organisation = organisation_of(story.facts)
    assert (organisation.people[A].erased, organisation.people[A].posts) == (True, ())
    assert list(organisation.holders("grid_head", VILLAGE)) == [B]


def test_a_copy_goes_on_by_itself_and_what_it_was_copied_from_never_changes() -> None:
    story = Facts()
    for who in (A, B):
        register(story, who)
        take(story, who)
    first = organisation_of(story.facts)
    handed_out = first.copy()
    before = shown(handed_out)
    leave(story, A)
    take(story, A, ROLES[1])
    story.add(B, person.PersonErased(reason="本人要求"))
    first.apply(story.facts[4:])
    assert shown(handed_out) == before
    assert list(handed_out.holders("grid_head", VILLAGE)) == [A, B]
    assert list(first.holders("grid_head", VILLAGE)) == []


def test_facts_of_other_streams_are_passed_over() -> None:
    story = Facts()
    story.order(story.start(), [(A, VILLAGE)])
    assert organisation_of(story.facts).people == {}


def test_a_role_once_held_and_left_is_held_nowhere() -> None:
    story = Facts()
    register(story, A)
    take(story, A)
    leave(story, A)
    assert not any(organisation_of(story.facts).posts_of("grid_head").values())


def shown(organisation: Organisation) -> object:
    """All that can be asked of an organisation."""
    holders = {
        (role, code): tuple(organisation.holders(role, code)) for role in ROLES for code in CODES
    }
    return dict(organisation.divisions), dict(organisation.people), holders


def through_a_checkpoint(organisation: Organisation) -> Organisation:
    """As the keeper stores it and reads it back."""
    stored = msgspec.msgpack.encode(organisation.snapshot())
    again = Organisation()
    again.restore(msgspec.msgpack.decode(stored, type=OrganisationState))
    return again


def test_a_checkpoint_keeps_the_order_in_which_a_post_was_taken() -> None:
    story = Facts()
    for who in (A, B):
        register(story, who)
    take(story, B)
    take(story, A)
    organisation = through_a_checkpoint(organisation_of(story.facts))
    assert list(organisation.holders("grid_head", VILLAGE)) == [B, A]


@settings(derandomize=True, deadline=None, max_examples=100)
@given(stories(), st.integers(0, 200), st.integers(0, 200))
def test_snapshot_and_the_facts_after_it_are_the_organisation(
    facts: list[Fact], place: int, end: int
) -> None:
    facts = facts[:end]
    whole = organisation_of(facts)
    early = organisation_of(facts[:place])
    before = shown(early)
    later = through_a_checkpoint(early)
    later.apply(facts[place:])
    assert shown(later) == shown(whole)
    assert shown(early) == before


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories())
def test_who_holds_a_post_is_who_says_so(facts: list[Fact]) -> None:
    organisation = organisation_of(facts)
    held = {
        (p.role, p.division, who) for who, one in organisation.people.items() for p in one.posts
    }
    assert held == {
        (role, code, who)
        for role in ROLES
        for code in CODES
        for who in organisation.holders(role, code)
    }
