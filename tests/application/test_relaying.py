"""What a relay does next, decided without any server. docs/publishing.md"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handheld.application.relaying import (
    Again,
    AnotherHistory,
    AnotherLog,
    GoOn,
    Held,
    Outgoing,
    Standing,
    addressed,
    commits,
    message_id,
    next_step,
    outgoing,
)
from handheld_events.cloud_messages import Published
from handheld_events.codec import Reading, UnreadableEvent, microseconds
from handheld_events.examples import META_ON_BEHALF, TASK, at, recorded
from handheld_events.task import TaskAccepted
from tests.support_events import stored

FIRST, LAST = Published("log", 1, "task-a/1"), Published("log", 90, "task-b/3")
WHOLE = Standing(80, 1, 80, FIRST, LAST)
HELD = Held("log", 1, "task-b/3")


def test_a_stream_that_ends_at_a_fact_of_the_log_is_gone_on_with() -> None:
    assert next_step(WHOLE, HELD) == GoOn(90, 80)


def test_a_stream_without_messages_begins_with_the_log() -> None:
    assert next_step(Standing(0, 0, 0, None, None), HELD) == GoOn(0, 0)
    assert next_step(Standing(0, 81, 80, None, None), HELD) == GoOn(0, 80)


@pytest.mark.parametrize(
    "changes",
    [
        {"messages": 79},
        {"damaged": True},
        {"first_sequence": 2, "messages": 79, "first": Published("log", 2, "task-a/2")},
        {"last": None},
        {"first": None},
    ],
    ids=["a hole", "the server says so", "no beginning", "no last one", "no first one"],
)
def test_a_damaged_stream_is_published_again_behind_what_is_removed(
    changes: dict[str, Any],
) -> None:
    step = next_step(WHOLE._replace(**changes), HELD)

    assert isinstance(step, Again)
    assert step.upto == 80


def test_a_limited_stream_need_not_have_its_beginning() -> None:
    limited = WHOLE._replace(
        first_sequence=31, messages=50, first=Published("log", 40, "task-a/2"), limited=True
    )

    assert next_step(limited, HELD) == GoOn(90, 80)


def test_the_stream_of_another_log_is_left_alone_unless_it_is_a_predecessor() -> None:
    with pytest.raises(AnotherLog, match="the stream holds log log; this is log new"):
        next_step(WHOLE, HELD._replace(log_id="new"), ["older"])
    assert isinstance(next_step(WHOLE, HELD._replace(log_id="new"), ["log"]), Again)


@pytest.mark.parametrize("held", ["task-c/1", None])
def test_another_history_under_the_same_id_is_noticed(held: str | None) -> None:
    with pytest.raises(AnotherHistory, match="position 90 was published as task-b/3"):
        next_step(WHOLE, HELD._replace(at_last=held))


def facts(*sizes: int) -> list[Outgoing]:
    """Commits of these sizes."""
    instants = [us for us, size in enumerate(sizes) for _ in range(size)]
    return [Outgoing(n, us, recorded(TaskAccepted()), None) for n, us in enumerate(instants, 1)]


@pytest.mark.parametrize(
    ("sizes", "more", "cut"),
    [
        ((), False, []),
        ((3,), False, [3]),
        ((3, 2), False, [5]),
        ((3, 2, 4), False, [5, 4]),
        ((5, 5), False, [5, 5]),
        ((12,), False, [5, 5, 2]),
        ((1, 12, 1), False, [1, 5, 5, 3]),
        ((3, 2), True, [3]),
        ((5,), True, [5]),
    ],
)
def test_batches_are_whole_commits_where_they_fit(
    sizes: tuple[int, ...], more: bool, cut: list[int]
) -> None:
    assert [len(batch) for batch in commits(facts(*sizes), 5, more=more)] == cut


@given(st.lists(st.integers(1, 12), max_size=12), st.integers(1, 6))
def test_nothing_is_left_out_and_no_commit_is_cut_that_fits(sizes: list[int], most: int) -> None:
    whole = facts(*sizes)
    batches = list(commits(whole, most, more=False))

    assert [one for batch in batches for one in batch] == whole
    assert all(0 < len(batch) <= most for batch in batches)
    for before, after in pairwise(batches):
        if before[-1].recorded_us == after[0].recorded_us:
            assert sizes[after[0].recorded_us] > most


def test_a_row_goes_out_under_its_subject_and_names_itself() -> None:
    state = stored(TaskAccepted(), META_ON_BEHALF)
    one = outgoing((7, TASK, 1, "task.accepted.v1", state, 5), Reading())
    message = addressed(one, "log", "binary")

    assert (one.position, one.recorded_us) == (7, 5)
    assert message.subject == "handheld.log.drill.village.330825.101.264._.task.accepted.v1"
    assert (message.headers["ce-id"], message.headers["ce-drill"]) == ("7", "true")
    assert message.headers["Nats-Msg-Id"] == message_id("log", 7) == "log/7"


def test_what_cannot_be_read_is_not_passed_over() -> None:
    row = (7, TASK, 1, "task.teleported.v1", b"{}", microseconds(at(7)))
    with pytest.raises(UnreadableEvent):
        outgoing(row, Reading())
