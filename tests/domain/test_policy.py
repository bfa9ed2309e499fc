"""Who may do what: the table is whole, and each relation is what it says."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from handheld.application.handlers.table import HANDLERS
from handheld.domain import task, task_force
from handheld.domain.directing import AmendOrder, HandOver, ReleaseRest, WithdrawOrder
from handheld.domain.ending import StandDown
from handheld.domain.joining import PullIn
from handheld.domain.ordering import IssueOrder
from handheld.domain.passing_on import PassOn
from handheld.domain.policy import TABLE, Subject, may
from handheld.domain.reassigning import Reassign
from handheld.domain.starting import StartAdHoc, StartFromPlan
from handheld.domain.task_force import MakeEntry, SendMessage
from handheld.domain.time_rules import MarkOverdue
from handheld_events.task_force import CommandHandedOver, DepartmentCalled, PersonPulledIn
from tests.support_organisation import organisation
from tests.support_rules import COMMANDER, STARTED

COUNTY, TOWNSHIP, ELSEWHERE, VILLAGE = "330825", "330825101", "330825102", "330825101264"
DUTY, TOWN, OTHER_TOWN = "person-DD", "person-TO", "person-OT"
HEAD, GRID_HEAD, CONTACT, STRANGER = "person-WH", "person-GH", "person-HC", "person-NN"
PEOPLE = (DUTY, TOWN, OTHER_TOWN, HEAD, GRID_HEAD, CONTACT, COMMANDER, STRANGER)


def county() -> Any:
    return organisation(
        [COUNTY, TOWNSHIP, ELSEWHERE, VILLAGE],
        {
            DUTY: [("duty_officer", COUNTY)],
            TOWN: [("township_official", TOWNSHIP)],
            OTHER_TOWN: [("township_official", ELSEWHERE)],
            HEAD: [("department_head", COUNTY, "water")],
            GRID_HEAD: [("grid_head", VILLAGE)],
            CONTACT: [("household_contact", VILLAGE)],
            COMMANDER: [("enforcement_officer", ELSEWHERE)],
        },
        {"water": COUNTY},
    )


FORCE = task_force.evolve(None, replace(STARTED, division=COUNTY))
OWN = task.Task(order="order-1", person=CONTACT, steps=("accept", "report"))
SUBJECT = Subject(
    organisation=county(), territory=COUNTY, task_force=FORCE, task=OWN, division=VILLAGE
)


def who_may(action: type, subject: Subject = SUBJECT) -> set[str]:
    return {person for person in PEOPLE if may(person, action, subject)}


def test_the_table_names_every_command_and_no_other() -> None:
    assert set(TABLE) == set(HANDLERS)
    assert all(TABLE.values())


@pytest.mark.parametrize(
    "action",
    [task.Verify, task.SendBack, task.Withdraw, task.Extend, task.Supervise, Reassign],
)
def test_those_who_answer_for_a_task_steer_it(action: type) -> None:
    """Who commands, the command room, officials there and above: not who has it, nor elsewhere."""
    assert who_may(action) == {DUTY, TOWN, COMMANDER}
    giver = SUBJECT._replace(giver=lambda: OTHER_TOWN)
    assert who_may(action, giver) == {DUTY, TOWN, COMMANDER, OTHER_TOWN}


def test_a_department_directs_its_people_at_home_and_only_sees_those_who_are_stationed() -> None:
    of_water = SUBJECT._replace(task=replace(OWN, department="water"))
    assert HEAD not in who_may(task.Verify, of_water)
    at_home = of_water._replace(division=COUNTY)
    assert HEAD in who_may(task.Verify, at_home)
    assert HEAD not in who_may(task.Evaluate, at_home)


def test_a_task_is_done_by_who_has_it_and_for_them_by_cadres_of_the_place() -> None:
    assert who_may(task.Accept) == {CONTACT}
    assert who_may(PassOn) == {CONTACT}
    for_them = SUBJECT._replace(who=CONTACT)
    assert who_may(task.Report, for_them) == {CONTACT, GRID_HEAD, TOWN, DUTY, COMMANDER}
    assert who_may(task.Deliver, for_them) == {CONTACT}


def test_who_has_a_task_may_take_it_up_again_and_correct_it() -> None:
    for action in (task.Resume, task.Reopen, task.CorrectTask):
        assert who_may(action) == {CONTACT, DUTY, TOWN, COMMANDER}


def test_whoever_reported_what_it_is_about_rates_it() -> None:
    assert STRANGER not in who_may(task.Rate)
    assert STRANGER in who_may(task.Rate, SUBJECT._replace(reporter=lambda: STRANGER))


def test_officials_there_order_and_pull_in_and_change_only_what_they_gave() -> None:
    assert who_may(IssueOrder) == who_may(PullIn) == {DUTY, TOWN, OTHER_TOWN, HEAD, COMMANDER}
    for action in (AmendOrder, WithdrawOrder):
        assert who_may(action) == {DUTY, COMMANDER}
        assert who_may(action, SUBJECT._replace(giver=lambda: TOWN)) == {DUTY, COMMANDER, TOWN}


def test_the_lead_department_directs_but_does_not_hand_over_command() -> None:
    led = task_force.evolve(FORCE, DepartmentCalled(department="water", part="lead"))
    assert who_may(StandDown, SUBJECT._replace(task_force=led)) == {DUTY, COMMANDER, HEAD}
    assert who_may(HandOver, SUBJECT._replace(task_force=led)) == {DUTY, COMMANDER}


def test_members_talk_and_whoever_was_asked_answers() -> None:
    assert who_may(SendMessage) == {DUTY, COMMANDER}
    state = FORCE
    for event in (
        PersonPulledIn(person=STRANGER, division=COUNTY),
        CommandHandedOver(to=DUTY, handed_by=COMMANDER),
    ):
        state = task_force.evolve(state, event)
    inside = SUBJECT._replace(task_force=state, member=lambda person: person == CONTACT)
    assert who_may(SendMessage, inside) == {DUTY, COMMANDER, STRANGER, CONTACT}
    assert TOWN in who_may(SendMessage, SUBJECT._replace(asked=TOWNSHIP))
    assert HEAD in who_may(SendMessage, SUBJECT._replace(asked="department-water"))
    assert who_may(MakeEntry, inside) == {*PEOPLE} - {GRID_HEAD}


def test_command_rooms_start_in_their_territory() -> None:
    for action in (StartFromPlan, StartAdHoc):
        assert who_may(action, Subject(county(), TOWNSHIP)) == {DUTY}


def test_what_falls_due_is_nobodys_to_ask_for_but_processes_may_whatever_people_may() -> None:
    for action in (MarkOverdue, ReleaseRest):
        assert who_may(action) == set()
        assert may("reactions", action, SUBJECT)
    assert may("operator", task.Verify, SUBJECT)
    assert not may("operator", task.Deliver, SUBJECT)
