"""The inbox of a person: gapless numbers that follow from the log alone."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from handheld_events import task
from handheld_events.task import TaskEvent
from handheld_events.task_force import CommandHandedOver, PersonPulledIn
from handheld_projections.inbox import Inbox
from handheld_projections.timeline import Line
from tests.support_story import OFFICER, PEOPLE, START, VILLAGE, Fact, Facts, cut, stories

ALWAYS: tuple[TaskEvent, ...] = (
    task.TaskSentBack(reason="不清"),
    task.TaskVerified(),
    task.TaskWithdrawn(reason="不需要"),
    task.TaskReassigned(to=PEOPLE[1], task="task-x", reason="换人"),
    task.TaskSuspended(reason="停电"),
    task.TaskResumed(),
    task.TaskExtended(report_by=START, reason="路断"),
    task.TaskReminded(awaited="accept", number=1),
    task.TaskSupervised(text="盯紧"),
    task.TaskAmended(number=1, steps=("accept", "report")),
    task.TaskReopened(reason="没完"),
    task.TaskRated(satisfied=True),
    task.TaskEvaluated(score=4),
    task.TaskCancelled(reason="误发"),
)
FROM_OTHERS: tuple[TaskEvent, ...] = (
    task.TaskAccepted(),
    task.TaskDeclined(reason="在外地"),
    task.TaskReported(text="好"),
    task.TaskCorrected(version=1, reason="记错", text="对的"),
    task.TaskOvertaken(did="accept", because="closed"),
    task.TaskEnRoute(),
    task.TaskOnScene(),
    task.HouseholdVisited(household="12", done="已告知"),
    task.TaskPassedOn(order="order-2", tasks=2),
)
NEVER: tuple[TaskEvent, ...] = (
    task.TaskDelivered(),
    task.TaskRead(),
    task.TaskClosed(),
    task.TaskOverdue(awaited="accept", due_at=START),
    task.TaskNoticeBegun(rung="sms", number=1),
    task.TaskNoticeAttempted(rung="sms", number=1, result="taken"),
    task.TaskNoticeAnswered(number=1, arrived=True),
)


def items_of(event: TaskEvent, actor: str) -> list[Line]:
    story = Facts()
    (name,) = story.order(story.start(), [(PEOPLE[0], VILLAGE)])
    story.add(name, event, actor=actor)
    return list(Inbox().lines(story.facts))[1:]


def test_a_new_task_is_the_first_item() -> None:
    story = Facts()
    names = story.order(story.start(), [(PEOPLE[0], VILLAGE), (PEOPLE[1], VILLAGE)])
    first, second = story.facts[-2:]
    assert list(Inbox().lines(story.facts)) == [
        Line(PEOPLE[0], 1, first.position, names[0]),
        Line(PEOPLE[1], 1, second.position, names[1]),
    ]


@pytest.mark.parametrize("event", ALWAYS)
@pytest.mark.parametrize("actor", [PEOPLE[0], OFFICER])
def test_what_others_decide_about_the_task_reaches_its_assignee(
    event: TaskEvent, actor: str
) -> None:
    assert [line.number for line in items_of(event, actor)] == [2]


@pytest.mark.parametrize("event", FROM_OTHERS)
def test_what_somebody_did_for_them_reaches_them_and_what_they_did_does_not(
    event: TaskEvent,
) -> None:
    assert len(items_of(event, OFFICER)) == 1
    assert items_of(event, PEOPLE[0]) == []


@pytest.mark.parametrize("event", NEVER)
@pytest.mark.parametrize("actor", [PEOPLE[0], OFFICER])
def test_marks_are_no_items(event: TaskEvent, actor: str) -> None:
    assert items_of(event, actor) == []


def test_every_fact_of_a_task_is_in_these_lists() -> None:
    shown = {type(event) for event in (*ALWAYS, *FROM_OTHERS, *NEVER)}
    shown |= {task.TaskDispatched, task.TaskEscalated}
    assert shown == set(get_args(TaskEvent))


def test_the_superior_is_told_what_was_not_answered_and_the_assignee_is_not() -> None:
    for to, keys in ((PEOPLE[5], [PEOPLE[5]]), (None, [])):
        told = task.TaskEscalated(awaited="accept", number=1, to=to, division=VILLAGE)
        assert [line.key for line in items_of(told, "reactions")] == keys


def test_whoever_commands_from_now_on_is_told_so() -> None:
    story = Facts()
    name = story.start()
    told = story.add(name, CommandHandedOver(to=PEOPLE[3], handed_by=OFFICER))
    assert list(Inbox().lines([told])) == [Line(PEOPLE[3], 1, told.position, name)]


def test_a_cancellation_reaches_everybody_who_had_a_task() -> None:
    story = Facts()
    names = story.order(story.start(), [(who, VILLAGE) for who in PEOPLE[:3]])
    before = len(story.facts)
    for name in names:
        story.add(name, task.TaskCancelled(reason="误发"))
    told = list(Inbox().lines(story.facts[before:]))
    assert [(line.key, line.note) for line in told] == list(zip(PEOPLE[:3], names, strict=True))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories(), st.lists(st.integers(0, 200), max_size=6))
def test_numbers_are_gapless_for_each_person_and_the_same_in_any_batches(
    facts: list[Fact], places: list[int]
) -> None:
    whole = list(Inbox().lines(facts))
    for name in {line.key for line in whole}:
        mine = [line for line in whole if line.key == name]
        assert [line.number for line in mine] == list(range(1, len(mine) + 1))
        assert [line.position for line in mine] == sorted({line.position for line in mine})
    again = Inbox()
    assert [line for batch in cut(facts, places) for line in again.lines(batch)] == whole


def test_whoever_is_pulled_in_without_an_order_is_told_so() -> None:
    story = Facts()
    name = story.start()
    told = story.add(name, PersonPulledIn(person=PEOPLE[0], division=VILLAGE))
    tasked = story.add(name, PersonPulledIn(person=PEOPLE[1], division=VILLAGE, order="o"))
    facts = [replace(told, person=PEOPLE[0]), replace(tasked, person=PEOPLE[1])]
    (line,) = Inbox().lines(facts)
    assert (line.key, line.note) == (PEOPLE[0], name)
