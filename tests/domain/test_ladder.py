"""Who is told next, by which way, and when: for whatever has been tried before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handheld.domain.ladder import RUNGS, TRIES, USUAL_WAITS, Ladder, Next, attempt_id, next_notice
from handheld_events.task import NoticeResult, Rung
from handheld_projections.notices import Attempt

SINCE = datetime(2021, 7, 23, 7, tzinfo=UTC)
EVERY = frozenset(RUNGS)
RESULTS: tuple[NoticeResult, ...] = ("taken", "refused", "failed", "unknown", "skipped")

rungs = st.frozensets(st.sampled_from(RUNGS))
ladders = st.builds(
    lambda waits, drills: Ladder(
        waits=dict(zip(sorted(waits, key=RUNGS.index), range(60, 9_000, 97), strict=False)),
        drills=drills,
    ),
    rungs,
    rungs,
)


def told(
    rung: Rung, number: int = 1, minutes: float = 1, result: NoticeResult | None = "taken"
) -> Attempt:
    return Attempt(rung, number, SINCE + timedelta(minutes=minutes), result)


def following(
    *attempts: Attempt, reachable: frozenset[Rung] = EVERY, drill: bool = False
) -> Next | None:
    return next_notice(
        Ladder(),
        reachable,
        SINCE,
        attempts,
        numbered=max((one.number for one in attempts), default=0),
        drill=drill,
    )


def minute(found: Next | None) -> tuple[Rung, float] | None:
    return None if found is None else (found.rung, (found.at - SINCE).total_seconds() / 60)


def test_the_usual_ladder() -> None:
    assert minute(following()) == ("web_push", 1)
    assert minute(following(told("web_push"))) == ("messenger", 3)
    assert minute(following(told("messenger", minutes=3))) == ("sms", 8)
    assert minute(following(told("sms", minutes=8))) == ("voice", 12)
    assert minute(following(told("voice", minutes=12))) == ("call_list", 15)
    assert following(told("call_list", minutes=15, result=None)) is None
    assert following(Attempt("call_list", 5, SINCE, "listed")) is None


def test_a_rung_by_which_somebody_cannot_be_reached_is_passed_over_and_hurries_nothing() -> None:
    assert minute(following(reachable=frozenset({"sms", "call_list"}))) == ("sms", 8)
    assert following(reachable=frozenset()) is None


def test_a_rung_that_failed_is_not_tried_again_and_what_is_unknown_once() -> None:
    failed = told("web_push", result="failed")
    assert minute(following(failed)) == ("messenger", 3)
    unknown = told("sms", 3, 8, "unknown")
    assert following(unknown) == Next("sms", 4, SINCE + timedelta(minutes=9), repeats=3)
    again = Attempt("sms", 4, SINCE + timedelta(minutes=9), "unknown", repeats=3)
    assert minute(following(unknown, again)) == ("voice", 13)


def test_a_drill_uses_its_own_rungs() -> None:
    assert minute(following(told("messenger", minutes=3), drill=True)) == ("call_list", 15)


def test_after_downtime_nothing_is_due_at_once_and_rungs_keep_their_distance() -> None:
    hour = SINCE + timedelta(hours=1)
    first = next_notice(Ladder(), EVERY, SINCE, (), numbered=0, drill=False, floor=hour)
    assert minute(first) == ("web_push", 61)
    late = Attempt("web_push", 1, SINCE + timedelta(minutes=61), "taken")
    assert minute(following(late)) == ("messenger", 63)


def test_the_id_of_an_attempt_follows_from_task_and_number() -> None:
    assert attempt_id("task-1", 1) == attempt_id("task-1", 1)
    assert len({attempt_id(task, n) for task in ("task-1", "task-2") for n in (1, 2)}) == 4


@given(
    ladders,
    rungs,
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(RESULTS), st.integers(0, 4_000)), max_size=30),
    st.none() | st.integers(0, 4_000),
)
def test_whatever_comes_of_it_the_ladder_goes_up_ends_and_hurries_nobody(
    ladder: Ladder,
    reachable: frozenset[Rung],
    drill: bool,
    course: list[tuple[NoticeResult, int]],
    floor: int | None,
) -> None:
    attempts: list[Attempt] = []
    begins = None if floor is None else SINCE + timedelta(seconds=floor)
    while True:
        found = next_notice(
            ladder, reachable, SINCE, attempts, numbered=len(attempts), drill=drill, floor=begins
        )
        if found is None:
            break
        assert found.rung in reachable
        assert found.rung in ladder.waits
        assert not drill or found.rung in ladder.drills
        assert found.number == len(attempts) + 1
        assert found.at >= SINCE + timedelta(seconds=ladder.waits[found.rung])
        if begins is not None:
            assert found.at > begins
        if attempts:
            before = attempts[-1]
            assert found.at >= before.at
            if found.repeats is None:
                assert RUNGS.index(found.rung) > RUNGS.index(before.rung)
            else:
                assert (before.rung, before.result) == (found.rung, "unknown")
        begun = Attempt(found.rung, found.number, found.at, None, repeats=found.repeats)
        waiting = next_notice(
            ladder,
            reachable,
            SINCE,
            [*attempts, begun],
            numbered=found.number,
            drill=drill,
            floor=begins,
        )
        assert waiting is None, "one at a time"
        result, late = course.pop(0) if course else ("unknown", 0)
        at = found.at + timedelta(seconds=late)
        attempts.append(Attempt(found.rung, found.number, at, result, repeats=found.repeats))
        assert len(attempts) <= TRIES * len(RUNGS)
    tried = {one.rung for one in attempts}
    usable = {rung for rung in ladder.waits if rung in reachable}
    assert tried == {rung for rung in usable if not drill or rung in ladder.drills}


def test_the_usual_waits_name_every_rung_in_order() -> None:
    assert tuple(USUAL_WAITS) == RUNGS
    assert sorted(USUAL_WAITS.values()) == list(USUAL_WAITS.values())
