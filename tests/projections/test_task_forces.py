"""What is known of a task force at a glance."""

from __future__ import annotations

from datetime import timedelta

from handheld_events import task_force
from handheld_events.orders import PlanOrder, Target, Vacancy
from handheld_projections.task_forces import (
    DepartmentLine,
    ForeseenOrder,
    IssuedOrder,
    Summary,
    summarise,
)
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
    assert summary.orders == {
        "order-1": IssuedOrder("order-1", "visit", "走访", ("accept",), 12, deadline, None, 1)
    }
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


def test_a_question_is_open_until_it_is_answered() -> None:
    story = Facts()
    stream = story.start()
    asked = task_force.MessageSent(message="message-1", text="水位？", question=True)
    story.add(stream, asked)
    story.add(stream, task_force.MessageSent(message="message-2", text="已到岗"))
    summary = summary_of(story.facts)
    assert summary is not None
    assert (summary.messages, summary.questions) == (2, ["message-1"])
    answer = task_force.MessageSent(message="message-3", text="退了", answers="message-1")
    story.add(stream, answer)
    summary = summary_of(story.facts)
    assert summary is not None
    assert (summary.messages, summary.questions) == (3, [])


def test_one_department_leads_and_who_led_before_responds() -> None:
    story = Facts()
    stream = story.start()
    story.add(stream, task_force.DepartmentCalled(department="water", part="lead"))
    story.add(stream, task_force.DepartmentCalled(department="police", part="responding"))
    story.wait(60)
    story.add(stream, task_force.DepartmentAccepted(department="police", task="task-1"))
    story.add(stream, task_force.DepartmentCalled(department="police", part="lead"))
    summary = summary_of(story.facts)
    assert summary is not None
    assert summary.departments == {
        "water": DepartmentLine("water", "responding"),
        "police": DepartmentLine("police", "lead", START + timedelta(seconds=60)),
    }


def test_an_order_stands_as_amended_claimed_and_withdrawn() -> None:
    story = Facts()
    stream = story.start()
    deadline = START + timedelta(hours=3)
    story.add(stream, task_force.OrderIssued(order="order-1", text="走访", tasks=9, open_to=2))
    story.add(stream, task_force.OrderClaimed(order="order-1", task="task-1", left=1))
    amended = task_force.OrderAmended(
        order="order-1", number=1, text="改走北路", reason="塌方", tasks=9, report_by=deadline
    )
    story.add(stream, amended)
    story.add(stream, task_force.OrderWithdrawn(order="order-1", reason="解除", withdrawn=9))
    summary = summary_of(story.facts)
    assert summary is not None
    order = summary.orders["order-1"]
    assert (order.text, order.report_by, order.amended) == ("改走北路", deadline, 1)
    assert (order.open_to, order.claimed, order.withdrawn) == (2, 1, True)


def test_what_a_plan_foresees_waits_until_it_is_called_and_is_gone_when_withdrawn() -> None:
    story = Facts()
    stream = story.start()
    later = START + timedelta(hours=1)
    foreseen = PlanOrder(key="rounds", text="巡查", to=(Target(role="grid_head"),), every=3600)
    story.add(stream, task_force.OrderForeseen(order=foreseen, at=START))
    issued = task_force.OrderIssued(
        order="order-1", text="巡查", tasks=1, key="rounds", occurrence=3, next_at=later, skipped=2
    )
    story.add(stream, issued)
    summary = summary_of(story.facts)
    assert summary is not None
    assert summary.foreseen["rounds"] == ForeseenOrder("rounds", "巡查", None, later, 3600, 3)
    story.add(stream, task_force.OrderWithdrawn(order="order-1", reason="够了", withdrawn=1))
    summary = summary_of(story.facts)
    assert summary is not None
    assert summary.foreseen == {}


def test_after_the_close_it_is_rated_evaluated_archived_and_reopened() -> None:
    story = Facts()
    stream = story.start()
    story.add(stream, task_force.CommandHandedOver(to=PEOPLE[2], handed_by=OFFICER))
    story.add(stream, task_force.LevelChanged(level="II", before=None, reason="雨大"))
    story.add(stream, task_force.TaskForceClosed(outcome="完成"))
    story.add(stream, task_force.TaskForceRated(satisfied=False))
    story.add(stream, task_force.TaskForceEvaluated(score=4))
    story.add(stream, task_force.TaskForceArchived())
    summary = summary_of(story.facts)
    assert summary is not None
    assert (summary.commander, summary.level) == (PEOPLE[2], "II")
    assert (summary.satisfied, summary.score, summary.archived) == (False, 4, True)
    story.add(stream, task_force.TaskForceReopened(reason="没完"))
    summary = summary_of(story.facts)
    assert summary is not None
    assert (summary.status, summary.archived) == ("active", False)
    assert (summary.ended_at, summary.outcome) == (None, None)
    assert (summary.satisfied, summary.score) == (None, None)
