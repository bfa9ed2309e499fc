"""Warnings that are typed in, and what may be done to one."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from handheld.domain import warning
from handheld.domain.answers import accepted, already_done, refused
from handheld.domain.errors import HandheldError, Malformed, NotFound
from handheld.domain.warning_commands import (
    CorrectWarning,
    ExpireWarning,
    LiftWarning,
    NewCommand,
    PlaceWarning,
    ProposeStart,
    RaiseWarning,
    TellWarning,
    UpdateWarning,
)
from handheld_events.examples import EXAMPLES
from handheld_events.warning import (
    Cap,
    WarningCancelled,
    WarningContent,
    WarningCorrected,
    WarningEvent,
    WarningExpired,
    WarningPlaced,
    WarningReceived,
    WarningUpdated,
)
from handheld_projections.organisation import Organisation
from tests.domain.warning.support import NOW, STREAM, after, asked, content, told, with_plan
from tests.support_cap import COUNTY, FAR, NORTH, SENDER, SOUTH, moment, register

TELL = TellWarning(event="暴雨", level="yellow", divisions=(NORTH, COUNTY), told_by="县气象台")
FROM_CAP = WarningReceived(
    source="cap",
    content=content(area="沿江地区", divisions=()),
    cap=Cap(sender=SENDER, identifier="T1", sent=moment(7)),
)
LIFTED = WarningCancelled(reason="电话解除")
OVER = WarningExpired(due_at=moment(18))
LIFT = LiftWarning(warning=STREAM, reason="电话解除")


def new(command: NewCommand) -> WarningContent:
    answer = warning.decide_new(command, register(), NOW)
    (fact,) = answer.events
    assert isinstance(fact, WarningReceived)
    return fact.content


def raised(command: warning.Command | NewCommand, *before: WarningEvent) -> HandheldError:
    with pytest.raises(HandheldError) as caught:
        _run(command, *before)
    return caught.value


def _run(command: warning.Command | NewCommand, *before: WarningEvent) -> None:
    if isinstance(command, NewCommand):
        warning.decide_new(command, register(), NOW)
    else:
        asked(after(*before) if before else None, command)


def test_one_command_types_in_what_was_told_by_telephone() -> None:
    said = new(TELL)
    assert said == WarningContent(
        event="暴雨", level="yellow", headline="暴雨", divisions=(COUNTY,), expires=None
    )


def test_an_anomaly_in_data_is_raised_with_its_description() -> None:
    command = RaiseWarning(
        event="欠薪风险",
        level="yellow",
        headline="某企业水电费欠缴",
        divisions=(NORTH,),
        description="连续三个月未缴",
    )
    answer = warning.decide_new(command, register(), NOW)
    assert answer == accepted(
        WarningReceived(
            source="data",
            content=WarningContent(
                event="欠薪风险",
                level="yellow",
                headline="某企业水电费欠缴",
                divisions=(NORTH,),
                description="连续三个月未缴",
            ),
        )
    )


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (TellWarning(event=" ", level="red", divisions=(COUNTY,), told_by="x"), Malformed, "words.missing"),
        (TellWarning(event="x", level="red", divisions=(COUNTY,), told_by=""), Malformed, "words.missing"),
        (TellWarning(event="x", level="red", divisions=(), told_by="x"), Malformed, "warning.no_divisions"),
        (TellWarning(event="x", level="red", divisions=("330826",), told_by="x"), NotFound, "division.unknown"),
        (TellWarning(event="x", level="red", divisions=(COUNTY,), told_by="x", expires=NOW), Malformed, "warning.over_before"),
        (TellWarning(event="x", level="red", divisions=(COUNTY,), told_by="气象台 0570-702 3456"), Malformed, "warning.office_only"),
        (TellWarning(event="x", level="red", divisions=(COUNTY,), told_by="老王（１３８００００１２３４）"), Malformed, "warning.office_only"),
        (TellWarning(event="x", level="red", divisions=(COUNTY,), told_by="+86 (570) 702.3456"), Malformed, "warning.office_only"),
        (UpdateWarning(warning=STREAM, level="red"), NotFound, "warning.unknown"),
        (ProposeStart(warning=STREAM), NotFound, "warning.unknown"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    command: warning.Command | NewCommand, kind: type[HandheldError], code: str
) -> None:
    error = raised(command)
    assert (type(error), error.code) == (kind, code)


@pytest.mark.parametrize(
    "office", ["110", "12345 热线", "气象台 2021 年值班室 3 号席", "县水利局防汛办"]
)
def test_an_office_and_a_service_number_say_who_told_it(office: str) -> None:
    assert warning.decide_new(replace(TELL, told_by=office), register(), NOW).outcome == "accepted"


NEWS = TellWarning(
    event="台风", level="red", divisions=(COUNTY,), told_by="县气象台", updates=STREAM
)


def anew(*before: WarningEvent, command: TellWarning = NEWS) -> object:
    state = after(*before) if before else None
    return warning.told_anew(state, command, STREAM, register(), NOW)


def test_news_by_telephone_go_on_as_the_warning_they_are_about_whoever_sent_that() -> None:
    from_the_office = WarningReceived(source="cap", content=content(description="十级大风"))
    said = content(level="red", headline="台风", description="十级大风")
    news = WarningUpdated(content=said, told_by="县气象台")
    assert anew(from_the_office) == accepted(news)
    assert anew(from_the_office, news) == already_done("warning.unchanged")


def test_news_bring_back_what_had_expired_and_not_what_was_lifted() -> None:
    over = WarningExpired(due_at=moment(18))
    later = replace(NEWS, expires=moment(22))
    assert getattr(anew(told(), over, command=later), "outcome", None) == "accepted"
    lifted = WarningCancelled(reason="解除")
    assert anew(told(), lifted) == refused("warning.cancelled")


def test_news_name_a_warning_that_there_is_and_no_persons_number() -> None:
    with pytest.raises(NotFound, match=r"warning\.unknown"):
        anew()
    with pytest.raises(Malformed, match=r"warning\.office_only"):
        anew(told(), command=replace(NEWS, told_by="13800001234"))


def test_an_update_changes_only_what_it_says() -> None:
    answer = asked(after(told()), UpdateWarning(warning=STREAM, level="red", expires=moment(20)))
    assert answer == accepted(WarningUpdated(content=content(level="red", expires=moment(20))))


def test_an_update_that_says_nothing_new_is_already_done() -> None:
    command = UpdateWarning(warning=STREAM, level="orange")
    assert asked(after(told()), command) == already_done("warning.unchanged")


def test_a_headline_that_was_never_given_goes_with_the_event() -> None:
    state = after(told(headline="台风"))
    answer = asked(state, UpdateWarning(warning=STREAM, event="强台风"))
    assert answer == accepted(WarningUpdated(content=content(event="强台风", headline="强台风")))


def test_what_a_sender_says_only_the_sender_changes_or_lifts() -> None:
    state = after(FROM_CAP)
    assert asked(state, UpdateWarning(warning=STREAM, level="red")) == refused(
        "warning.of_its_sender"
    )
    assert asked(state, LIFT) == refused("warning.of_its_sender")


def test_lifting_ends_it() -> None:
    assert asked(after(told()), LIFT) == accepted(LIFTED)
    state = after(told(), LIFTED)
    assert state.status == "cancelled"
    assert asked(state, LIFT) == already_done("warning.cancelled")
    assert asked(state, UpdateWarning(warning=STREAM, level="red")) == refused("warning.cancelled")
    assert asked(state, PlaceWarning(warning=STREAM, divisions=(NORTH,))) == refused(
        "warning.cancelled"
    )


def test_it_expires_when_its_time_is_over() -> None:
    expire = ExpireWarning(warning=STREAM, due_at=moment(18))
    assert asked(after(told()), expire, at=moment(18)) == accepted(OVER)
    assert asked(after(told(), OVER), expire, at=moment(18)) == already_done("warning.expired")
    assert asked(after(told(), LIFTED), expire, at=moment(18)) == already_done("warning.cancelled")


def test_it_does_not_expire_when_it_was_prolonged_meanwhile() -> None:
    expire = ExpireWarning(warning=STREAM, due_at=moment(18))
    longer = WarningUpdated(content=content(expires=moment(20)))
    endless = WarningUpdated(content=content(expires=None))
    for update in (longer, endless):
        assert asked(after(told(), update), expire, at=moment(19)) == refused("warning.not_over")


def test_one_that_is_over_may_be_told_anew_for_longer() -> None:
    state = after(told(), OVER)
    command = UpdateWarning(warning=STREAM, expires=moment(22))
    answer = asked(state, command, at=moment(19))
    assert answer == accepted(WarningUpdated(content=content(expires=moment(22))))
    assert warning.evolve(state, answer.events[0]).in_force
    with pytest.raises(Malformed, match="over_before"):
        asked(state, UpdateWarning(warning=STREAM, level="red"), at=moment(19))


def test_a_duty_officer_places_it() -> None:
    place = PlaceWarning(warning=STREAM, divisions=(SOUTH, NORTH, NORTH + "200"))
    answer = asked(after(FROM_CAP), place)
    assert answer == accepted(WarningPlaced(divisions=(NORTH, SOUTH)))
    state = after(FROM_CAP, *answer.events)
    assert state.content.divisions == (NORTH, SOUTH)
    assert asked(state, place) == already_done("warning.placed")


def test_a_correction_points_at_a_fact_that_there_is() -> None:
    state = after(told())
    command = CorrectWarning(warning=STREAM, version=1, reason="听错了", text="暴雨")
    assert asked(state, command) == accepted(
        WarningCorrected(version=1, reason="听错了", text="暴雨")
    )
    for version in (0, 2):
        wrong = CorrectWarning(warning=STREAM, version=version, reason="x", text="y")
        assert raised(wrong, told()).code == "correction.no_such_fact"
    empty = CorrectWarning(warning=STREAM, version=1, reason="x")
    assert raised(empty, told()).code == "correction.empty"


@pytest.mark.parametrize("event", [e for e in EXAMPLES.values() if isinstance(e, WarningEvent)])
def test_every_fact_of_a_warning_is_taken_in(event: WarningEvent) -> None:
    if isinstance(event, WarningReceived):
        assert warning.evolve(None, event).in_force
        with pytest.raises(TypeError, match="received once"):
            warning.evolve(after(told()), event)
    else:
        assert warning.evolve(after(told()), event).version == 2
        with pytest.raises(TypeError, match="begins with"):
            warning.evolve(None, event)


def raised_for(plan: str, *divisions: str, organisation: Organisation) -> Any:
    command = RaiseWarning(
        event="山洪", level="orange", headline="当心", divisions=divisions, plan=f"plan-{plan}"
    )
    return warning.decide_new(command, organisation, NOW)


def test_whoever_tells_of_it_may_ask_for_a_plan_whose_start_is_proposed_and_not_made() -> None:
    known = with_plan(key="flood", title="防汛", division=COUNTY)
    received, *proposed = raised_for("flood", NORTH, SOUTH, organisation=known).events
    assert received.content.divisions == (NORTH, SOUTH)
    assert [(p.division, p.plan_version, p.title, p.at_once) for p in proposed] == [
        (NORTH, 1, "防汛：当心", False),
        (SOUTH, 1, "防汛：当心", False),
    ]
    (of_all,) = raised_for("flood", COUNTY, organisation=known).events[1:]
    assert of_all.division == COUNTY


@pytest.mark.parametrize(
    ("plan", "division", "retired", "code"),
    [
        ("none", COUNTY, False, "plan.unknown"),
        ("flood", COUNTY, True, "plan.retired"),
        ("flood", FAR, False, "plan.elsewhere"),
    ],
)
def test_a_plan_that_cannot_be_started_there_is_not_proposed(
    plan: str, division: str, retired: bool, code: str
) -> None:
    known = with_plan(key="flood", division=COUNTY, retired=retired)
    with pytest.raises(HandheldError) as found:
        raised_for(plan, division, organisation=known)
    assert found.value.code == code
