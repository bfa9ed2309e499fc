from __future__ import annotations

import pytest

from handheld.domain.matching import Proposed, proposals
from handheld_events.plan import Trigger
from tests.domain.warning.support import NOW, content, with_plan
from tests.support_cap import COUNTY, FAR, NORTH, SOUTH, moment

ORANGE = Trigger(event="台风", at_least="orange")


def found(*triggers: Trigger, division: str = COUNTY, **said: object) -> list[Proposed]:
    return proposals(content(**said), with_plan(*triggers, division=division), NOW)


def test_a_plan_is_proposed_with_everything_filled_in() -> None:
    assert found(ORANGE) == [
        Proposed("plan-typhoon", 1, COUNTY, "防台风应急预案：台风橙色预警", "IV", "propose")
    ]


@pytest.mark.parametrize(
    ("level", "answers"), [("blue", False), ("yellow", False), ("orange", True), ("red", True)]
)
def test_a_lower_level_than_the_trigger_is_not_answered(level: str, answers: bool) -> None:
    assert bool(found(ORANGE, level=level)) == answers


@pytest.mark.parametrize(
    ("event", "headline", "answers"),
    [
        ("强台风", "预警", True),
        ("大风", "受台风影响发布预警", True),
        ("暴雨", "暴雨预警", False),
    ],
)
def test_the_hazard_is_known_by_its_words(event: str, headline: str, answers: bool) -> None:
    assert bool(found(ORANGE, event=event, headline=headline)) == answers


def test_words_of_a_hazard_are_the_same_in_capitals() -> None:
    assert found(Trigger(event="typhoon", at_least="blue"), event="TYPHOON", headline="x")


@pytest.mark.parametrize(
    ("plan", "warned", "started"),
    [
        (COUNTY, (COUNTY,), [COUNTY]),
        (NORTH, (COUNTY,), [NORTH]),
        (COUNTY, (NORTH, SOUTH), [NORTH, SOUTH]),
        (COUNTY, (FAR, NORTH + "200"), [NORTH + "200"]),
        (NORTH, (SOUTH,), []),
        (FAR, (COUNTY,), []),
        (COUNTY, (), []),
    ],
)
def test_a_plan_is_started_where_it_may_be_and_the_warning_is_for(
    plan: str, warned: tuple[str, ...], started: list[str]
) -> None:
    assert [p.division for p in found(ORANGE, division=plan, divisions=warned)] == started


def test_of_several_triggers_the_highest_that_is_reached_counts() -> None:
    triggers = (
        Trigger(event="风", at_least="blue", level="IV"),
        Trigger(event="台风", at_least="red", level="I", does="start"),
        Trigger(event="台", at_least="yellow", level="III"),
    )
    assert [p.level for p in found(*triggers)] == ["III"]
    assert [(p.level, p.does) for p in found(*triggers, level="red")] == [("I", "start")]


def test_a_retired_plan_answers_nothing() -> None:
    assert proposals(content(), with_plan(ORANGE, retired=True), NOW) == []


def test_a_plan_without_triggers_answers_nothing() -> None:
    assert found() == []


def test_a_warning_that_is_over_is_not_answered() -> None:
    assert proposals(content(expires=moment(8)), with_plan(ORANGE), moment(8)) == []
    assert proposals(content(expires=None), with_plan(ORANGE), moment(8))


def test_a_long_headline_is_cut() -> None:
    title = found(ORANGE, headline="台风" * 100)[0].title
    assert len(title) == 60
    assert title.startswith("防台风应急预案：台风台风")
    assert title.endswith("…")


def test_plans_come_in_the_order_of_their_keys() -> None:
    both = with_plan(ORANGE, key="z")
    with_plan(ORANGE, key="a", organisation=both)
    assert [p.plan for p in proposals(content(), both, NOW)] == ["plan-a", "plan-z"]
