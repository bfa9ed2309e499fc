"""Numbers ahead of the index are those that the index will give."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handheld.application.pushing.numbers import Numbers, joined
from handheld_projections.inbox import Inbox
from handheld_projections.timeline import Line
from tests.support_story import stories

Story = list[Any]


def lines_of(facts: Story) -> list[Line]:
    return list(Inbox().lines(facts))


@settings(max_examples=40, deadline=None)
@given(story=stories(), data=st.data())
def test_wherever_it_takes_over_it_gives_the_numbers_of_the_index(
    story: Story, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(story)))
    heads = {line.key: line.number for line in lines_of(story[:cut])}
    numbers = Numbers(heads, cut)
    numbered = []
    while cut < len(story):
        upto = data.draw(st.integers(cut + 1, len(story)))
        numbered += numbers.take(story[cut:upto], story[upto - 1].position)
        cut = upto
    expected = [(x.key, x.number, x.position) for x in lines_of(story)]
    given_now = [(person, number, fact.position) for person, number, fact in numbered]
    assert given_now == expected[len(expected) - len(given_now) :]
    assert all(
        numbers.head(person) == max(n for p, n, _ in expected if p == person)
        for person in {person for person, _, _ in expected}
    )


@settings(max_examples=40, deadline=None)
@given(story=stories(), data=st.data())
def test_what_is_stored_and_what_waits_make_the_inbox_whole_wherever_the_index_is(
    story: Story, data: st.DataObject
) -> None:
    numbers = Numbers({}, 0)
    for start in range(0, len(story), 7):
        batch = story[start : start + 7]
        numbers.take(batch, batch[-1].position)
    everything = lines_of(story)
    looked = data.draw(st.integers(0, len(story)))
    stored = data.draw(st.integers(looked, len(story)))  # it may go on after the first look
    numbers.stored(looked)
    for person in {line.key for line in everything}:
        mine = [line for line in everything if line.key == person]
        after = data.draw(st.integers(0, len(mine)))
        waiting = numbers.waiting(person, after)
        kept = [line for line in mine if line.position <= stored and line.number > after]
        assert joined(kept, waiting, after, len(mine) + 1) == mine[after:]
        assert joined(kept[:2], waiting, after, 2) == mine[after : after + 2]


def test_a_missing_number_is_never_passed_over() -> None:
    lines = [Line("person-S1", n, n, "task-x") for n in (1, 2, 4)]
    with pytest.raises(ValueError, match="goes from 2 to 4"):
        joined(lines, [], 0, 10)
    with pytest.raises(ValueError, match="goes from 0 to 2"):
        joined([], lines[1:2], 0, 10)
