"""Who may see what, by the people of a small county."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from handheld.domain import task_force
from handheld.domain.seeing import (
    NOTHING,
    TABLE,
    WHOLE,
    Reading,
    Seen,
    View,
    Viewer,
    reaches,
    rows,
    visible,
)
from handheld_events.task_force import DepartmentCalled, PersonPulledIn, TaskForceEvent
from handheld_projections.organisation import Organisation
from tests.support_organisation import erase, import_person, organisation
from tests.support_rules import COMMANDER, STARTED

COUNTY, TOWN, NEXT, VILLAGE = "330825", "330825101", "330825102", "330825101264"
GRID = "330825101264001"
CHIEF, TOWN_OFFICIAL, NEXT_OFFICIAL = "person-CH", "person-TO", "person-NO"
VILLAGER, LEADER, GRID_HEAD = "person-VO", "person-VL", "person-GH"
WORKER, CONTACT = "person-GW", "person-HC"
WATER_HEAD, STATIONED, POLICE_HEAD = "person-WH", "person-ST", "person-PH"
PEOPLE = (
    CHIEF,
    TOWN_OFFICIAL,
    NEXT_OFFICIAL,
    VILLAGER,
    LEADER,
    GRID_HEAD,
    WORKER,
    CONTACT,
    WATER_HEAD,
    STATIONED,
    POLICE_HEAD,
)
OVER_GRID = {CHIEF, TOWN_OFFICIAL, VILLAGER, LEADER, GRID_HEAD}
PULLED_IN_AT = 40


def county() -> Organisation:
    return organisation(
        [COUNTY, TOWN, NEXT, VILLAGE, GRID],
        {
            CHIEF: [("district_commander", COUNTY)],
            TOWN_OFFICIAL: [("township_official", TOWN)],
            NEXT_OFFICIAL: [("township_official", NEXT)],
            VILLAGER: [("village_official", VILLAGE)],
            LEADER: [("village_team_leader", VILLAGE)],
            GRID_HEAD: [("grid_head", GRID)],
            WORKER: [("grid_worker", GRID)],
            CONTACT: [("household_contact", GRID)],
            WATER_HEAD: [("department_head", COUNTY, "water")],
            STATIONED: [("enforcement_officer", TOWN, "water")],
            POLICE_HEAD: [("department_head", COUNTY, "police")],
        },
        {"water": COUNTY, "police": COUNTY},
    )


def of_town(*later: TaskForceEvent) -> task_force.TaskForce:
    """A task force of the township, commanded by somebody who holds no post there."""
    state = task_force.evolve(None, replace(STARTED, division=TOWN))
    for event in later:
        state = task_force.evolve(state, event)
    return state


FORCE = Seen(county(), divisions=(TOWN,), task_force=of_town())
TASK = FORCE._replace(divisions=(GRID,), person=CONTACT)
"""What is seen of a task of the household contact."""


def who_sees(reading: Reading, seen: Seen, extent: str = "whole") -> set[str]:
    return {person for person in PEOPLE if visible(Viewer(person), reading, seen).extent == extent}


def members(**since: int) -> Seen:
    """The task force, with those who have a task or were pulled in, and since when they see it."""
    after = {f"person-{key}": position for key, position in since.items()}
    return FORCE._replace(after=after.get, has_task=lambda person: person in after)


# --- task forces --------------------------------------------------------------------------------


def test_officials_see_the_task_forces_of_their_territory_and_their_part_of_those_above() -> None:
    for reading in ("task_force", "order", "entry", "message", "task_force.timeline"):
        assert who_sees(reading, FORCE) == {CHIEF, TOWN_OFFICIAL}
        parts = {VILLAGER, LEADER, GRID_HEAD, WATER_HEAD, STATIONED, POLICE_HEAD}
        assert who_sees(reading, FORCE, "part") == parts
    seen = visible(Viewer(VILLAGER), "task_force", FORCE)
    assert seen == View("part", parts=(VILLAGE,))
    seen = visible(Viewer(STATIONED), "task_force.late", FORCE)
    assert seen == View("part", parts=("department-water",))


def test_who_is_merely_called_sees_title_order_and_words_to_all_and_no_more() -> None:
    called = members(HC=0)
    told: tuple[Reading, ...] = ("task_force", "order", "message")
    for reading in told:
        assert visible(Viewer(CONTACT), reading, called) == WHOLE
    for reading in set(TABLE) - {*told, "task", "finding", "organisation", "person.name"}:
        assert visible(Viewer(CONTACT), reading, called) == NOTHING


def test_an_official_from_elsewhere_who_has_a_task_is_a_member() -> None:
    assert visible(Viewer(NEXT_OFFICIAL), "entry", FORCE) == NOTHING
    assert visible(Viewer(NEXT_OFFICIAL), "entry", members(NO=0)) == WHOLE


def test_who_was_pulled_in_from_then_on_sees_what_came_then() -> None:
    pulled_in = members(HC=PULLED_IN_AT)._replace(
        task_force=of_town(PersonPulledIn(person=CONTACT, division=GRID, sees="from_now"))
    )
    for reading in ("entry", "task_force.timeline"):
        assert visible(Viewer(CONTACT), reading, pulled_in) == View("whole", after=PULLED_IN_AT)
        then = pulled_in._replace(as_of=PULLED_IN_AT)
        assert visible(Viewer(CONTACT), reading, then) == NOTHING
        since = pulled_in._replace(as_of=PULLED_IN_AT + 1)
        assert visible(Viewer(CONTACT), reading, since).extent == "whole"


def test_a_view_from_the_beginning_is_wider_than_one_from_then_on() -> None:
    pulled_in = members(TO=PULLED_IN_AT)
    assert visible(Viewer(TOWN_OFFICIAL), "entry", pulled_in) == WHOLE
    analyst = Viewer(NEXT_OFFICIAL, "analyst")
    assert visible(analyst, "entry", members(NO=PULLED_IN_AT)) == View("whole", after=PULLED_IN_AT)
    assert visible(analyst, "entry", FORCE) == View("whole", names=False)


def test_a_department_that_is_called_sees_all_of_it_by_those_who_answer_for_it() -> None:
    called = of_town(DepartmentCalled(department="water", part="responding"))
    seen = who_sees("entry", FORCE._replace(task_force=called))
    assert seen == {CHIEF, TOWN_OFFICIAL, WATER_HEAD}


def test_whoever_commands_sees_it_wherever_their_posts_are() -> None:
    people = county()
    import_person(people, COMMANDER, [("household_contact", NEXT)])
    assert visible(Viewer(COMMANDER), "task_force.late", FORCE._replace(organisation=people)) == (
        WHOLE
    )


def test_words_to_one_unit_are_for_that_unit_and_for_command() -> None:
    to_water = FORCE._replace(units=("department-water",), person=NEXT_OFFICIAL)
    seen = who_sees("message.unit", to_water)
    assert seen == {CHIEF, TOWN_OFFICIAL, WATER_HEAD, STATIONED, NEXT_OFFICIAL}
    assert VILLAGER in who_sees("message.unit", FORCE._replace(units=(VILLAGE,)))


# --- tasks --------------------------------------------------------------------------------------


def test_a_task_is_seen_by_who_has_it_and_by_those_above_its_place() -> None:
    assert who_sees("task", TASK) == {CONTACT, *OVER_GRID}
    assert who_sees("task.history", TASK) == {CONTACT, *OVER_GRID}
    given = TASK._replace(giver=lambda: NEXT_OFFICIAL)
    assert NEXT_OFFICIAL in who_sees("task.history", given)


def test_whoever_reported_what_a_task_is_about_sees_how_it_stands_and_not_its_history() -> None:
    about = TASK._replace(reporter=lambda: WORKER)
    assert WORKER in who_sees("task", about)
    assert WORKER not in who_sees("task.history", about)


def test_a_department_sees_its_people_wherever_they_serve_and_their_score_only_at_home() -> None:
    stationed = FORCE._replace(person=STATIONED, departments=("water",))
    assert who_sees("task", stationed) == {STATIONED, WATER_HEAD, CHIEF, TOWN_OFFICIAL}
    assert who_sees("score", stationed) == {STATIONED, CHIEF, TOWN_OFFICIAL}
    at_home = stationed._replace(divisions=(COUNTY,))
    assert who_sees("score", at_home) == {STATIONED, CHIEF, WATER_HEAD}


def test_the_task_of_a_unit_is_that_of_everybody_in_it() -> None:
    unit = FORCE._replace(
        person=WATER_HEAD, departments=("water",), of_unit=True, divisions=(COUNTY,)
    )
    assert STATIONED in who_sees("task", unit)
    assert STATIONED not in who_sees("task", unit._replace(of_unit=False))


# --- boards and lists ---------------------------------------------------------------------------


def test_boards_of_places_are_for_those_above_them() -> None:
    for reading in ("board.division", "late"):
        assert who_sees(reading, Seen(county(), divisions=(TOWN,))) == {CHIEF, TOWN_OFFICIAL}
    assert who_sees("board.grid", Seen(county(), divisions=(GRID,))) == OVER_GRID


def test_the_board_of_a_department_is_for_those_who_answer_for_it_and_the_command_room() -> None:
    seen = Seen(county(), divisions=(COUNTY,), departments=("water",))
    assert who_sees("board.department", seen) == {WATER_HEAD, CHIEF}


def test_an_analyst_sees_everything_without_names_unless_they_are_allowed() -> None:
    analyst = Viewer(WORKER, "analyst")
    named = Viewer(WORKER, "analyst", names=True)
    boards: tuple[Reading, ...] = ("board.division", "late", "score", "task.history", "finding")
    for reading in boards:
        assert visible(analyst, reading, FORCE) == View("whole", names=False)
        assert visible(named, reading, FORCE) == WHOLE
    of_chief = Seen(county(), divisions=(NEXT,), person=NEXT_OFFICIAL)
    assert visible(analyst, "person.name", of_chief) == NOTHING
    assert visible(named, "person.name", of_chief) == WHOLE
    for reading in ("person.phone", "inbox"):
        assert visible(named, reading, of_chief) == NOTHING


# --- what comes up and in -----------------------------------------------------------------------


def test_a_finding_is_for_its_reporter_its_place_and_all_desks_on_which_it_lay() -> None:
    found = Seen(county(), divisions=(GRID,), reporter=lambda: CONTACT, desks=(VILLAGE, TOWN))
    assert who_sees("finding", found) == {CONTACT, *OVER_GRID}
    routed = found._replace(desks=(VILLAGE, "department-water"))
    assert who_sees("finding", routed) == {CONTACT, WATER_HEAD, STATIONED, *OVER_GRID}
    ordered = found._replace(has_task=lambda person: person == WORKER)
    assert WORKER in who_sees("finding", ordered)


def test_warnings_and_plans_are_for_all_who_serve_where_they_are_but_not_for_field_people() -> None:
    for reading in ("warning", "plan"):
        seen = Seen(county(), divisions=(TOWN,))
        assert who_sees(reading, seen) == {CHIEF, TOWN_OFFICIAL}
        hidden = who_sees(reading, seen, "nothing")
        assert hidden == {NEXT_OFFICIAL, WORKER, CONTACT}


# --- people -------------------------------------------------------------------------------------


def test_names_and_telephones_are_for_those_above_and_everybody_knows_their_own_superiors() -> None:
    contact = Seen(county(), divisions=(GRID,), person=CONTACT)
    for reading in ("person.name", "person.phone"):
        assert who_sees(reading, contact) == {CONTACT, *OVER_GRID}
        official = Seen(county(), divisions=(TOWN,), person=TOWN_OFFICIAL)
        below = {TOWN_OFFICIAL, CHIEF, VILLAGER, LEADER, GRID_HEAD, WORKER, CONTACT, STATIONED}
        assert who_sees(reading, official) == below
        stationed = Seen(county(), divisions=(TOWN,), person=STATIONED, departments=("water",))
        assert who_sees(reading, stationed) == {STATIONED, WATER_HEAD, CHIEF, TOWN_OFFICIAL}


def test_who_has_a_task_is_told_who_ordered_it_and_who_commands_but_no_number() -> None:
    for orderer, seen in (
        (NEXT_OFFICIAL, members(HC=0)._replace(giver=lambda: NEXT_OFFICIAL)),
        (COMMANDER, members(HC=0)),
    ):
        of = seen._replace(divisions=(NEXT,), person=orderer)
        assert CONTACT in who_sees("person.name", of)
        assert CONTACT not in who_sees("person.phone", of)
        assert WORKER not in who_sees("person.name", of)
    assert CONTACT not in who_sees("person.name", members(HC=0)._replace(person=POLICE_HEAD))


def test_members_know_each_other_by_name() -> None:
    other = members(NO=0)._replace(person=CONTACT, divisions=(GRID,))
    assert NEXT_OFFICIAL in who_sees("person.name", other)
    assert NEXT_OFFICIAL not in who_sees("person.phone", other)


def test_an_inbox_is_only_for_its_owner() -> None:
    assert who_sees("inbox", Seen(county(), divisions=(GRID,), person=CONTACT)) == {CONTACT}


def test_the_organisation_without_names_is_for_everybody_registered() -> None:
    assert who_sees("organisation", Seen(county())) == {*PEOPLE}


# --- in general ---------------------------------------------------------------------------------


@pytest.mark.parametrize("reading", TABLE)
def test_processes_see_everything_and_strangers_and_the_erased_nothing(reading: Reading) -> None:
    people = county()
    erase(people, CHIEF)
    everything = members(NN=0, CH=0)._replace(organisation=people, person=CHIEF)
    assert visible(Viewer("operator"), reading, everything) == WHOLE
    assert visible(Viewer("person-NN"), reading, everything) == NOTHING
    assert visible(Viewer(CHIEF), reading, everything) == NOTHING


def test_a_post_that_was_left_opens_nothing_any_more() -> None:
    people = county()
    import_person(people, TOWN_OFFICIAL, [("township_official", NEXT)])
    seen = Seen(people, divisions=(TOWN,), as_of=3)
    assert visible(Viewer(TOWN_OFFICIAL), "board.division", seen) == NOTHING


def test_each_row_of_a_list_is_asked_as_the_single_thing_is() -> None:
    listed = [(place, Seen(county(), divisions=(place,))) for place in (COUNTY, TOWN, NEXT, GRID)]
    seen = [place for place, _ in rows(Viewer(TOWN_OFFICIAL), "finding", listed)]
    assert seen == [TOWN, GRID]
    parts = dict(rows(Viewer(VILLAGER), "warning", listed))
    assert {place: view.extent for place, view in parts.items()} == {
        COUNTY: "part",
        TOWN: "part",
        GRID: "whole",
    }


def test_what_somebody_reaches_is_told_for_choosing_rows() -> None:
    people = county()
    import_person(people, GRID_HEAD, [("grid_head", GRID), ("department_officer", TOWN, "water")])
    assert reaches(Viewer(GRID_HEAD), people) == (GRID, "department-water")
    assert reaches(Viewer(CONTACT), people) == ()
