"""The starts that a warning leads to."""

from __future__ import annotations

import pytest

from handheld.domain import warning
from handheld.domain.answers import Answer, accepted, already_done, refused
from handheld.domain.errors import NotFound
from handheld.domain.warning_commands import DeclineProposal, ProposeStart
from handheld_events.orders import Level
from handheld_events.plan import Trigger
from handheld_events.warning import (
    ProposalDeclined,
    StartCancelled,
    StartedOnWarning,
    StartProposed,
    WarningCancelled,
    WarningEvent,
    WarningExpired,
    WarningUpdated,
)
from tests.domain.warning.support import STREAM, after, asked, content, told, with_plan
from tests.support_cap import COUNTY, NORTH, moment

PLAN = "plan-typhoon"
PLANS = with_plan(
    Trigger(event="台风", at_least="orange", level="III"),
    Trigger(event="台", at_least="red", level="I", does="start"),
)
PROPOSE = ProposeStart(warning=STREAM)
DECLINE = DeclineProposal(warning=STREAM, plan=PLAN, division=COUNTY, reason="已按原专班处置")
DECLINED = ProposalDeclined(plan=PLAN, division=COUNTY, reason="已按原专班处置")
STARTED = StartedOnWarning(task_force="tf-1", division=COUNTY, plan=PLAN)
CANCELLED = StartCancelled(task_force="tf-1", reason="误发")
RED = WarningUpdated(content=content(level="red"))
NOTHING: Answer[WarningEvent] = already_done("warning.nothing_to_propose")


def proposed(level: Level = "III", *, at_once: bool = False) -> StartProposed:
    return StartProposed(
        plan=PLAN,
        plan_version=1,
        division=COUNTY,
        title="防台风应急预案：台风橙色预警",
        level=level,
        at_once=at_once,
    )


def answers(*before: WarningEvent) -> object:
    return asked(after(*before), PROPOSE, organisation=PLANS)


def test_a_plan_that_answers_is_proposed_once() -> None:
    assert answers(told()) == accepted(proposed())
    assert answers(told(), proposed()) == NOTHING


def test_where_no_plan_answers_there_is_nothing_to_propose() -> None:
    assert asked(after(told(event="暴雨", headline="暴雨")), PROPOSE, organisation=PLANS) == NOTHING


def test_a_higher_level_proposes_again_with_the_higher_response() -> None:
    assert answers(told(), proposed(), RED) == accepted(proposed("I", at_once=True))
    assert answers(told(), proposed(), RED, proposed("I")) == NOTHING


def test_a_lower_level_does_not_propose_again() -> None:
    lower = WarningUpdated(content=content(level="orange"))
    assert answers(told(level="red"), proposed("I"), lower) == NOTHING


def test_what_was_declined_is_proposed_again_only_when_the_warning_is_raised() -> None:
    assert answers(told(), proposed(), DECLINED) == NOTHING
    assert answers(told(), proposed(), DECLINED, RED) == accepted(proposed("I", at_once=True))
    assert answers(told(), proposed(), DECLINED, RED, proposed("I")) == NOTHING


def test_what_was_started_is_not_proposed_again() -> None:
    assert answers(told(), proposed(), STARTED, RED) == NOTHING


def test_what_was_started_for_the_whole_is_not_proposed_for_a_part_of_it() -> None:
    narrower = WarningUpdated(content=content(level="red", divisions=(NORTH,)))
    state = after(told(), proposed(), STARTED, narrower)
    assert asked(state, PROPOSE, organisation=PLANS) == NOTHING


def test_a_start_that_was_cancelled_is_none_for_people_and_not_repeated_by_itself() -> None:
    state = after(told(), proposed(), STARTED, CANCELLED)
    assert asked(state, PROPOSE, organisation=PLANS) == NOTHING
    again = StartedOnWarning(task_force="tf-2", division=COUNTY, plan=PLAN)
    assert warning.started(state, "tf-2", COUNTY, PLAN) == accepted(again)
    assert warning.started(warning.evolve(state, again), "tf-3", COUNTY, PLAN) == already_done(
        "warning.started"
    )


def test_after_a_cancelled_start_a_higher_level_proposes_again() -> None:
    assert answers(told(), proposed(), STARTED, CANCELLED, RED) == accepted(
        proposed("I", at_once=True)
    )


def test_only_a_start_on_this_warning_is_taken_back_and_once() -> None:
    state = after(told(), proposed(), STARTED)
    assert warning.start_cancelled(state, "tf-1", "误发") == (CANCELLED,)
    assert warning.start_cancelled(state, "tf-2", "误发") == ()
    assert warning.start_cancelled(warning.evolve(state, CANCELLED), "tf-1", "误发") == ()


def test_another_place_is_proposed_beside_what_was() -> None:
    moved = WarningUpdated(content=content(divisions=(NORTH,)))
    answer = asked(after(told(), proposed(), moved), PROPOSE, organisation=PLANS)
    assert [e.division for e in answer.events if isinstance(e, StartProposed)] == [NORTH]


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (WarningCancelled(reason="解除"), "warning.cancelled"),
        (WarningExpired(due_at=moment(18)), "warning.expired"),
    ],
)
def test_nothing_is_proposed_for_what_has_ended(end: WarningEvent, code: str) -> None:
    assert answers(told(), end) == already_done(code)


def test_one_that_is_told_anew_after_its_end_is_proposed_anew() -> None:
    over = WarningExpired(due_at=moment(18))
    again = WarningUpdated(content=content(expires=moment(22)))
    assert answers(told(), proposed(), over, again) == accepted(proposed())


def test_a_proposal_is_declined_with_its_reason() -> None:
    assert asked(after(told(), proposed()), DECLINE) == accepted(DECLINED)
    assert asked(after(told(), proposed(), DECLINED), DECLINE) == already_done("warning.declined")
    assert asked(after(told(), proposed(), STARTED), DECLINE) == refused("warning.started")


def test_what_was_not_proposed_cannot_be_declined() -> None:
    with pytest.raises(NotFound) as caught:
        asked(after(told()), DECLINE)
    assert (caught.value.code, caught.value.params["division"]) == ("proposal.unknown", COUNTY)


def test_a_start_is_named_on_the_warning() -> None:
    state = after(told(), proposed())
    assert warning.started(state, "tf-1", COUNTY, PLAN) == accepted(STARTED)


def test_two_officers_who_press_at_once_start_once() -> None:
    state = after(told(), proposed(), STARTED)
    assert warning.started(state, "tf-2", COUNTY, PLAN) == already_done("warning.started")
    assert warning.started(state, "tf-2", NORTH, PLAN).outcome == "accepted"
    assert warning.started(state, "tf-2", COUNTY, None).outcome == "accepted"


def test_nothing_is_started_on_what_was_lifted() -> None:
    state = after(told(), WarningCancelled(reason="解除"))
    assert warning.started(state, "tf-1", COUNTY, PLAN) == refused("warning.cancelled")


def test_there_must_be_a_warning_to_start_on() -> None:
    with pytest.raises(NotFound, match=r"warning\.unknown"):
        warning.started(None, "tf-1", COUNTY, PLAN)
