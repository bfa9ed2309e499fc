from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handheld_events.envelope import Meta
from handheld_events.examples import META
from handheld_events.times import Judged, judge

DISPATCHED = datetime(2021, 7, 23, 7, 0, tzinfo=UTC)


def _after(minutes: float) -> datetime:
    return DISPATCHED + timedelta(minutes=minutes)


def _claim(
    occurred: float,
    *,
    reported: float | None = None,
    recorded: float = 60,
    ahead: float | None = None,
) -> Judged:
    """Judge a claim; all in minutes after the dispatch."""
    meta = Meta(
        actor=META.actor,
        command=META.command,
        occurred_at=_after(occurred),
        reported_at=None if reported is None else _after(reported),
        clock_offset=None if ahead is None else ahead * 60,
    )
    return judge(meta, _after(recorded), DISPATCHED)


def test_a_possible_claim_is_taken_as_it_is() -> None:
    assert _claim(20) == Judged(_after(20), "as_claimed")
    assert _claim(20, reported=30) == Judged(_after(20), "as_claimed")


def test_the_bounds_themselves_are_possible() -> None:
    assert _claim(0) == Judged(DISPATCHED, "as_claimed")
    assert _claim(30, reported=30) == Judged(_after(30), "as_claimed")
    assert _claim(60, recorded=60) == Judged(_after(60), "as_claimed")


def test_a_clock_that_was_measured_right_corrects_nothing() -> None:
    assert _claim(20, ahead=0) == Judged(_after(20), "as_claimed")


def test_a_clock_that_was_ahead_is_set_back() -> None:
    assert _claim(20, ahead=5) == Judged(_after(15), "clock_corrected")


def test_a_clock_that_was_behind_is_set_on() -> None:
    assert _claim(20, ahead=-5) == Judged(_after(25), "clock_corrected")


def test_the_time_of_report_is_corrected_like_the_claim() -> None:
    assert _claim(70, reported=75, recorded=60, ahead=20) == Judged(_after(50), "clock_corrected")
    assert _claim(25, reported=30, ahead=-20) == Judged(_after(45), "clock_corrected")
    assert _claim(55, reported=50, ahead=10) == Judged(_after(40), "impossible")


def test_nothing_is_answered_before_it_was_dispatched() -> None:
    assert _claim(-1) == Judged(DISPATCHED, "impossible")
    assert _claim(3, ahead=5) == Judged(DISPATCHED, "impossible")


def test_nothing_happened_after_it_was_reported() -> None:
    assert _claim(31, reported=30) == Judged(_after(30), "impossible")


def test_nothing_happened_after_it_was_recorded() -> None:
    assert _claim(61, recorded=60) == Judged(_after(60), "impossible")
    assert _claim(58, recorded=60, ahead=-5) == Judged(_after(60), "impossible")


def test_a_report_said_to_come_after_the_record_does_not_bound() -> None:
    assert _claim(90, reported=95, recorded=60) == Judged(_after(60), "impossible")
    assert _claim(50, reported=95, recorded=60) == Judged(_after(50), "as_claimed")


def test_a_report_said_to_come_before_the_dispatch_is_moved_to_the_dispatch() -> None:
    assert _claim(-20, reported=-10) == Judged(DISPATCHED, "impossible")
    assert _claim(-5, reported=-10) == Judged(DISPATCHED, "impossible")


def test_without_a_dispatch_only_the_end_bounds() -> None:
    meta = Meta(actor="operator", command=META.command, occurred_at=_after(-600))

    assert judge(meta, _after(0)) == Judged(_after(-600), "as_claimed")


# Minutes around the dispatch: close enough that the bounds cross in every way.
moments = st.integers(-600, 600).map(_after)
offsets = st.none() | st.floats(-40_000, 40_000)


@settings(deadline=None)
@given(moments, st.none() | moments, offsets, moments, st.none() | moments)
def test_the_time_that_judges_lies_within_what_is_certain(
    occurred: datetime,
    reported: datetime | None,
    offset: float | None,
    recorded: datetime,
    dispatched: datetime | None,
) -> None:
    assume(dispatched is None or dispatched <= recorded)
    meta = Meta(
        actor="operator",
        command=META.command,
        occurred_at=occurred,
        reported_at=reported,
        clock_offset=offset,
    )

    at, claim = judge(meta, recorded, dispatched)

    assert at <= recorded
    assert dispatched is None or at >= dispatched
    if claim == "as_claimed":
        assert at == occurred
    if claim == "clock_corrected":
        assert at == occurred - timedelta(seconds=offset or 0)


@pytest.mark.parametrize("offset", [1e11, -1e11, 1e300, -1e300])
def test_an_absurd_clock_offset_is_judged_impossible_and_stops_nothing(offset: float) -> None:
    meta = Meta(actor="operator", command=META.command, occurred_at=_after(5), clock_offset=offset)

    at, claim = judge(meta, _after(60), DISPATCHED)

    assert claim == "impossible"
    assert DISPATCHED <= at <= _after(60)
