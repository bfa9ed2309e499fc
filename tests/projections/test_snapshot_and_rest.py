"""The promise of each fold: snapshot at N + the facts after N = snapshot at M, in any batches.

Parts go through msgpack as the keeper sends them; a closed part leaves memory with the checkpoint.
"""

from __future__ import annotations

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handheld_events import task, task_force
from handheld_projections.boards import Boards, Part
from handheld_projections.inbox import Inbox
from handheld_projections.tier_board import TierBoard, tier_board
from handheld_projections.timeline import Timeline
from tests.support_story import (
    CODES,
    DISTRICT,
    PEOPLE,
    VILLAGE,
    Fact,
    Facts,
    cut,
    folded,
    stories,
)

places = st.lists(st.integers(0, 250), max_size=6)


class Kept:
    """Boards with checkpoints, as the keeper makes them."""

    def __init__(self) -> None:
        self.boards = Boards(self.missing)
        self.stored: dict[str, bytes] = {}
        self.closed: set[str] = set()

    def missing(self, name: str) -> Part | None:
        """What left memory comes back when something more is said of it."""
        state = self.stored.get(name)
        return None if state is None else read(state)

    def checkpoint(self) -> None:
        parts = self.boards.parts
        for name in self.boards.changed & parts.keys():
            self.stored[name] = msgspec.msgpack.encode(parts[name])
            if parts[name].closed:
                self.closed.add(name)
            else:
                self.closed.discard(name)
        self.boards.stored()
        assert self.boards.changed == set()
        assert not any(part.closed for part in self.boards.parts.values())

    def restart(self) -> None:
        """Memory is lost; what was stored and is not closed comes back."""
        self.boards = Boards(self.missing)
        self.boards.restore(
            {name: read(state) for name, state in self.stored.items() if name not in self.closed}
        )

    def all_parts(self) -> dict[str, Part]:
        return {name: read(state) for name, state in self.stored.items()} | self.boards.parts


def read(state: bytes) -> Part:
    return msgspec.msgpack.decode(state, type=Part)


def every_board(parts: dict[str, Part]) -> list[TierBoard]:
    return [tier_board(parts, code, 0, drills=drills) for code in CODES for drills in (False, True)]


def story_with_everything() -> list[Fact]:
    """Two task forces, one closed; a pull-in, corrections, and facts that come after the close."""
    story = Facts()
    first, second = story.start(), story.start(drill=True)
    tasks = story.order(first, [(PEOPLE[0], VILLAGE), (PEOPLE[1], DISTRICT)])
    story.order(second, [(PEOPLE[0], VILLAGE)], drill=True)
    story.add(tasks[0], task.TaskAccepted(), actor=PEOPLE[0])
    event = task_force.PersonPulledIn(person=PEOPLE[2], division=VILLAGE, order="order-1")
    story.add(first, event)
    tasks.append(story.dispatch(first, "order-1", PEOPLE[2], VILLAGE))
    story.add(tasks[0], task.TaskCorrected(version=2, reason="记错", text="对的"))
    for name in tasks:
        story.add(name, task.TaskWithdrawn(reason="结束"))
    story.add(first, task_force.TaskForceClosed(outcome="完成", withdrawn=3))
    story.add(tasks[0], task.TaskOvertaken(did="report", because="withdrawn", text="晚了"))
    story.add(tasks[1], task.TaskDelivered(), actor=PEOPLE[1])
    story.add(first, task_force.TaskForceCorrected(version=1, reason="记错", text="对的"))
    story.add(tasks[0], task.TaskRated(satisfied=True))
    story.add(first, task_force.TaskForceRated(satisfied=True))
    story.add(first, task_force.TaskForceReopened(reason="没完"))
    story.add(tasks[0], task.TaskReopened(reason="没完"))
    return story.facts


@settings(derandomize=True, deadline=None, max_examples=150)
@given(stories(), places, st.sets(st.integers(0, 6)), st.sets(st.integers(0, 6)))
@example(story_with_everything(), list(range(40)), set(range(40)), set())
@example(story_with_everything(), list(range(40)), set(range(40)), set(range(40)))
def test_boards_go_on_from_any_checkpoint_in_any_batches(
    facts: list[Fact], ends: list[int], checkpoints: set[int], restarts: set[int]
) -> None:
    kept = Kept()
    for number, batch in enumerate(cut(facts, ends)):
        kept.boards.apply(batch)
        if number in checkpoints:
            kept.checkpoint()
            if number in restarts:
                kept.restart()
    whole = folded(facts)
    assert kept.all_parts() == whole.parts
    assert every_board(kept.all_parts()) == every_board(whole.parts)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(stories(), st.integers(0, 250), st.integers(0, 250))
def test_boards_as_of_n_and_the_rest_are_the_boards_as_of_m(
    facts: list[Fact], first: int, second: int
) -> None:
    n, m = sorted((first, second))
    kept = Kept()
    kept.boards.apply(facts[:n])
    at_n = {name: msgspec.msgpack.encode(part) for name, part in kept.boards.parts.items()}
    boards = Boards()
    boards.restore({name: read(state) for name, state in at_n.items()})
    boards.apply(facts[n:m])
    assert boards.parts == folded(facts[:m]).parts


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories(), places)
def test_a_part_goes_its_way_whatever_happens_to_the_others(
    facts: list[Fact], ends: list[int]
) -> None:
    whole = folded(facts)
    for name, part in whole.parts.items():
        alone = Boards()
        for batch in cut(facts, ends):
            alone.apply(fact for fact in batch if fact.task_force == name)
        assert alone.parts == {name: part}


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories(), st.integers(0, 250))
def test_parts_that_did_not_change_are_not_stored_again(facts: list[Fact], place: int) -> None:
    boards = folded(facts[:place])
    before = {name: msgspec.msgpack.encode(part) for name, part in boards.parts.items()}
    boards.stored()
    boards.apply(facts[place:])
    for name, part in boards.parts.items():
        if name not in boards.changed:
            assert msgspec.msgpack.encode(part) == before[name]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories(), st.integers(0, 250))
def test_an_inbox_goes_on_from_its_last_numbers(facts: list[Fact], place: int) -> None:
    first = list(Inbox().lines(facts[:place]))
    heads = {line.key: line.number for line in first}
    rest = list(Inbox(heads).lines(facts[place:]))
    assert first + rest == list(Inbox().lines(facts))


@settings(derandomize=True, deadline=None, max_examples=40)
@given(stories(), places)
def test_a_timeline_is_the_same_in_any_batches(facts: list[Fact], ends: list[int]) -> None:
    lines = [line for batch in cut(facts, ends) for line in Timeline().lines(batch)]
    assert sorted(lines) == sorted(Timeline().lines(facts))
