"""The inbox of a person: gapless numbers that follow from the log alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from handheld_events import task
from handheld_events.task import TaskEvent
from handheld_events.task_force import PersonPulledIn
from handheld_projections.inbox import Inbox
from handheld_projections.timeline import Line
from tests.support_story import OFFICER, PEOPLE, VILLAGE, Fact, Facts, cut, stories

ALWAYS: tuple[TaskEvent, ...] = (
    task.TaskSentBack(reason="不清"),
    task.TaskVerified(),
    task.TaskWithdrawn(reason="不需要"),
)
FROM_OTHERS: tuple[TaskEvent, ...] = (
    task.TaskAccepted(),
    task.TaskDeclined(reason="在外地"),
    task.TaskReported(text="好"),
    task.TaskCorrected(version=1, reason="记错", text="对的"),
    task.TaskOvertaken(did="accept", because="closed"),
)
NEVER: tuple[TaskEvent, ...] = (
    task.TaskDelivered(),
    task.TaskRead(),
    task.TaskClosed(),
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
