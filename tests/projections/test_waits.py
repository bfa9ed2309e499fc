"""Where a task force waited: which step, how long, and what of it still waits."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings

from handheld_events import task
from handheld_events.codec import microseconds
from handheld_projections.course import Course, buckets
from handheld_projections.waits import Spread, Wait, grouped, spread, waits
from tests.support_story import OFFICER, PEOPLE, VILLAGE, Fact, Facts, stories


def course(facts: list[Fact]) -> Course:
    made = Course()
    made.take(facts)
    return made


def waited(story: Facts, name: str) -> dict[str, tuple[int, bool]]:
    """Of one task, by step: the seconds, and whether it still waits, as of the story's now."""
    made = course(story.facts)
    return {
        wait.step: (wait.seconds, wait.open)
        for wait in waits(made, len(made.positions), microseconds(story.now))
        if made.strands[wait.task].stream == name
    }


def one_task(story: Facts) -> str:
    (name,) = story.order(story.start(), [(PEOPLE[0], VILLAGE)])
    return name


def test_each_step_counts_from_the_end_of_the_one_before() -> None:
    story = Facts()
    name = one_task(story)
    for seconds, event in (
        (5, task.TaskDelivered()),
        (7, task.TaskRead()),
        (60, task.TaskAccepted()),
        (600, task.TaskReported(text="已清理")),
        (30, task.TaskVerified()),
    ):
        story.wait(seconds)
        story.add(name, event)
    story.wait(1000)
    assert waited(story, name) == {
        "delivered": (5, False),
        "read": (7, False),
        "accepted": (60, False),
        "reported": (600, False),
        "verified": (30, False),
    }


def test_what_is_still_waited_for_counts_to_the_instant_that_is_asked_for() -> None:
    story = Facts()
    name = one_task(story)
    story.wait(40)
    assert waited(story, name) == {"delivered": (40, True)}
    story.add(name, task.TaskDelivered())
    story.wait(2)
    assert waited(story, name) == {"delivered": (40, False), "read": (2, True)}


def test_who_accepts_without_having_got_it_waited_for_delivery() -> None:
    story = Facts()
    name = one_task(story)
    story.wait(90)
    story.add(name, task.TaskAccepted(), actor=OFFICER, on_behalf_of=PEOPLE[0])
    story.wait(1)
    story.add(name, task.TaskDelivered())  # the phone comes back: nothing is awaited anew
    assert waited(story, name) == {"delivered": (90, False), "reported": (1, True)}


def test_time_in_which_it_was_suspended_does_not_count() -> None:
    story = Facts()
    name = one_task(story)
    story.add(name, task.TaskAccepted())
    story.wait(100)
    story.add(name, task.TaskSuspended(reason="等设备", until=story.now + timedelta(hours=9)))
    story.wait(5000)
    assert waited(story, name)["reported"] == (100, True)
    story.add(name, task.TaskResumed())
    story.wait(20)
    assert waited(story, name)["reported"] == (120, True)
    story.add(name, task.TaskSuspended(reason="等设备", until=story.now + timedelta(hours=9)))
    story.wait(700)
    story.add(name, task.TaskWithdrawn(reason="雨停了"))
    assert waited(story, name)["reported"] == (120, False)


def test_a_report_that_was_sent_back_adds_to_the_same_step() -> None:
    story = Facts()
    name = one_task(story)
    story.add(name, task.TaskAccepted())
    story.wait(100)
    story.add(name, task.TaskReported(text="好了"))
    story.wait(10)
    story.add(name, task.TaskSentBack(reason="没有照片"))
    story.wait(50)
    story.add(name, task.TaskReported(text="照片补上"))
    found = waited(story, name)
    assert found["reported"] == (150, False)
    assert found["verified"] == (10, True)


def test_who_declined_waits_for_nothing() -> None:
    story = Facts()
    name = one_task(story)
    story.wait(15)
    story.add(name, task.TaskDeclined(reason="在外地"))
    story.wait(500)
    assert waited(story, name) == {"delivered": (15, False)}


def test_the_group_that_waited_longest_comes_first() -> None:
    found = [Wait(n, "read", 0, seconds, n == 2) for n, seconds in enumerate((1, 2, 30, 4, 5))]
    assert spread(found) == Spread(5, 1, 4, 30, 30)
    groups = grouped(found, lambda wait: wait.task < 2)
    assert [name for name, _ in groups] == [False, True]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories())
def test_waits_are_never_negative_and_a_task_waits_for_one_thing(facts: list[Fact]) -> None:
    made = course(facts)
    end = microseconds(facts[-1].recorded_at) if facts else 0
    found = waits(made, len(facts), end)
    assert all(wait.seconds >= 0 for wait in found)
    assert max(Counter(wait.task for wait in found if wait.open).values(), default=1) == 1
    called = {f.stream for f in facts if isinstance(f.event, task.TaskDispatched)}
    assert {made.strands[wait.task].stream for wait in found} >= called


@settings(derandomize=True, deadline=None, max_examples=40)
@given(stories())
def test_a_course_taken_in_two_parts_is_the_same_and_its_past_stays(facts: list[Fact]) -> None:
    half = len(facts) // 2
    parts = course(facts[:half])
    earlier = waits(parts, half, 0)
    parts.take(facts[half:])
    whole = course(facts)
    assert waits(parts, half, 0) == earlier
    assert (parts.positions, parts.recorded, parts.kinds, parts.of, parts.strands) == (
        whole.positions,
        whole.recorded,
        whole.kinds,
        whole.of,
        whole.strands,
    )


@settings(derandomize=True, deadline=None, max_examples=40)
@given(stories())
def test_every_fact_lies_in_one_bucket(facts: list[Fact]) -> None:
    made = course(facts)
    if not facts:
        return
    counts = buckets(made, range(len(facts)), made.recorded[0], made.recorded[-1], 7)
    assert sum(map(sum, counts.values())) == len(facts)
    assert {topic: sum(each) for topic, each in counts.items()} == Counter(
        fact.event.TOPIC.rpartition(".v")[0] for fact in facts
    )
