"""The timeline: which facts belong to a task force or a person."""

from __future__ import annotations

from hypothesis import given, settings

from handheld_events import person, task, task_force
from handheld_events.envelope import About
from handheld_projections.timeline import Line, Timeline
from tests.support_story import OFFICER, PEOPLE, VILLAGE, Fact, Facts, sealed, stories


def keys_of(fact: Fact) -> set[str]:
    return {line.key for line in Timeline().lines([fact])}


def test_a_fact_of_a_task_stands_under_task_force_assignee_and_whoever_did_it() -> None:
    story = Facts()
    stream = story.start()
    (name,) = story.order(stream, [(PEOPLE[0], VILLAGE)])
    fact = story.add(name, task.TaskAccepted(), actor=OFFICER, on_behalf_of=PEOPLE[0])
    lines = list(Timeline().lines([fact]))
    assert lines[0] == Line(stream, fact.position, fact.position, "task.accepted.v1")
    assert sorted(line.key for line in lines) == sorted([stream, PEOPLE[0], OFFICER])
    assert {(line.number, line.position, line.note) for line in lines} == {
        (fact.position, fact.position, "task.accepted.v1")
    }


def test_who_did_it_themselves_has_one_line_not_two() -> None:
    story = Facts()
    (name,) = story.order(story.start(), [(PEOPLE[0], VILLAGE)])
    fact = story.add(name, task.TaskAccepted(), actor=PEOPLE[0])
    assert [line.key for line in Timeline().lines([fact])].count(PEOPLE[0]) == 1


def test_both_the_actor_and_the_one_they_acted_for_have_a_line() -> None:
    story = Facts()
    stream = story.start()
    event = task_force.EntryMade(entry="entry-1", text="到场")
    fact = story.add(stream, event, actor=OFFICER, on_behalf_of=PEOPLE[3])
    assert keys_of(fact) == {stream, OFFICER, PEOPLE[3]}


def test_a_process_has_no_timeline() -> None:
    story = Facts()
    event = person.PersonRegistered(name=sealed(PEOPLE[0]), synthetic=True)
    fact = story.add(PEOPLE[0], event, About(person=PEOPLE[0]), actor="operator")
    assert keys_of(fact) == {PEOPLE[0]}


@settings(derandomize=True, deadline=None, max_examples=40)
@given(stories())
def test_every_fact_of_a_task_force_has_one_line_there_in_log_order(facts: list[Fact]) -> None:
    lines = list(Timeline().lines(facts))
    assert len({(line.key, line.number) for line in lines}) == len(lines)
    for name in {fact.task_force for fact in facts if fact.task_force is not None}:
        there = [line.position for line in lines if line.key == name]
        assert there == [fact.position for fact in facts if fact.task_force == name]
