"""What is known of a task force at a glance."""

from __future__ import annotations

from datetime import timedelta

from handheld_events import task_force
from handheld_events.orders import Vacancy
from handheld_projections.task_forces import IssuedOrder, Summary, summarise
from tests.support_story import OFFICER, PEOPLE, START, VILLAGE, Fact, Facts


def summary_of(facts: list[Fact]) -> Summary | None:
    summary: Summary | None = None
    for fact in facts:
        if fact.stream.startswith("tf-"):
            summary = summarise(summary, fact)
    return summary


def test_a_start_says_what_where_when_and_by_whom() -> None:
    story = Facts()
    stream = "tf-1"
    started = task_force.TaskForceStarted(
        title="拆除违建",
        division=VILLAGE,
        organisation_at=3,
        plan="plan-demolition",
        plan_version=2,
        place="双桥乡",
        level="III",
    )
    story.add(stream, started, drill=True)
    assert summary_of(story.facts) == Summary(
        stream,
        "拆除违建",
        VILLAGE,
        START,
        OFFICER,
        True,
        "III",
        "双桥乡",
        "plan-demolition",
        "active",
        [],
    )


def test_orders_people_and_entries_are_taken_in() -> None:
    story = Facts()
    stream = story.start()
    deadline = START + timedelta(hours=1)
    order = task_force.OrderIssued(
        order="order-1",
        key="visit",
        text="走访",
        tasks=12,
        steps=("accept",),
        accept_by=deadline,
        vacant=(Vacancy(role="grid_head", division=VILLAGE),),
        vacant_count=1,
    )
    story.add(stream, order)
    story.add(stream, task_force.PersonPulledIn(person=PEOPLE[0], division=VILLAGE))
    story.add(stream, task_force.EntryMade(entry="entry-1", text="到场"))
    story.add(stream, task_force.EntryStruck(entry="entry-1", reason="重复"))
    story.add(stream, task_force.TaskForceCorrected(version=1, reason="记错", text="对的"))
    summary = summary_of(story.facts)
    assert summary is not None
    assert summary.orders == [
        IssuedOrder("order-1", "visit", "走访", ("accept",), 12, deadline, None, 1)
    ]
    assert (summary.pulled_in, summary.entries, summary.status) == (1, 1, "active")


def test_it_is_stood_down_then_closed_with_time_and_outcome() -> None:
    story = Facts()
    stream = story.start()
    story.wait(60)
    story.add(stream, task_force.StoodDown(reason="解除", withdrawn=4))
    stood_down = summary_of(story.facts)
    assert stood_down is not None
    assert (stood_down.status, stood_down.ended_at) == ("stood_down", None)
    story.wait(60)
    story.add(stream, task_force.TaskForceClosed(outcome="完成"))
    closed = summary_of(story.facts)
    assert closed is not None
    assert (closed.status, closed.outcome) == ("closed", "完成")
    assert closed.ended_at == START + timedelta(seconds=120)


def test_orders_of_one_task_force_are_not_those_of_another() -> None:
    story = Facts()
    first, second = story.start(), story.start()
    story.order(first, [(PEOPLE[0], VILLAGE)])
    summaries: dict[str, Summary | None] = {}
    for fact in story.facts:
        if fact.stream.startswith("tf-"):
            summaries[fact.stream] = summarise(summaries.get(fact.stream), fact)
    one, two = summaries[first], summaries[second]
    assert one is not None
    assert two is not None
    assert (len(one.orders), len(two.orders)) == (1, 0)


def test_what_comes_before_a_start_that_could_not_be_read_is_nothing() -> None:
    story = Facts()
    story.start()
    story.order("tf-unread", [(PEOPLE[0], VILLAGE)])
    assert summarise(None, story.facts[1]) is None
