"""The contract of `commit`: all or nothing, once, and only on what has not changed."""

from __future__ import annotations

from itertools import zip_longest

import pytest

from handheld.application.ports import Conflict, Log, Reused, Verdict, Written
from tests.adapters.contract_base import Contract
from tests.support_log import assert_whole, decided, history, key, new_command, rows


def now(us: int = 1_000) -> int:
    return us


def kinds(verdicts: list[Verdict]) -> list[type]:
    return [type(verdict) for verdict in verdicts]


class WritingContract(Contract):
    """Writing decisions."""

    def test_a_decision_over_several_streams_is_written_whole(self, log: Log) -> None:
        (verdict,) = log.commit([decided(rows("tf-1", 1, 2) + rows("task-1", 1))], now)
        assert isinstance(verdict, Written)
        assert not verdict.repeated
        assert [row[1:3] for row in history(log)] == [("tf-1", 1), ("tf-1", 2), ("task-1", 1)]
        assert (verdict.first, verdict.last) == (history(log)[0][0], history(log)[-1][0])

    def test_a_decision_that_conflicts_on_its_last_row_leaves_nothing(self, log: Log) -> None:
        log.commit([decided(rows("task-1", 1))], now)
        before = history(log)
        known = key()
        (verdict,) = log.commit([decided(rows("tf-1", 1) + rows("task-1", 1), about=known)], now)
        assert verdict == Conflict("task-1")
        assert history(log) == before
        assert log.known_commands([known]) == {}

    def test_a_decision_that_skips_a_version_is_a_conflict(self, log: Log) -> None:
        log.commit([decided(rows("task-1", 1))], now)
        before = history(log)
        assert kinds(log.commit([decided(rows("task-1", 3))], now)) == [Conflict]
        assert kinds(log.commit([decided(rows("task-2", 2))], now)) == [Conflict]
        assert history(log) == before

    def test_one_conflict_in_a_batch_does_not_hold_up_the_others(self, log: Log) -> None:
        log.commit([decided(rows("task-1", 1))], now)
        batch = [decided(rows("task-0", 1)), decided(rows("task-1", 1)), decided(rows("task-2", 1))]
        assert kinds(log.commit(batch, now)) == [Written, Conflict, Written]
        assert_whole(log)

    def test_a_repeat_is_answered_as_the_first_time(self, log: Log) -> None:
        first = decided(rows("task-1", 1), outcome="overtaken", code="task.closed")
        (original,) = log.commit([first], lambda: 1_000)
        log.commit([decided(rows("task-2", 1))], lambda: 2_000)
        # It is decided anew on what is there by then; the first answer counts.
        again = first._replace(outcome="accepted", code=None, rows=rows("task-1", 2))
        (repeat,) = log.commit([again], lambda: 3_000)
        assert isinstance(original, Written)
        assert repeat == original._replace(repeated=True)
        assert len(history(log)) == 2

    def test_a_command_id_with_another_body_is_reused(self, log: Log) -> None:
        command = new_command()
        log.commit([decided(rows("task-1", 1), about=key(command, body=b"one"))], now)
        other = decided(rows("task-1", 2), about=key(command, body=b"two"))
        assert log.commit([other], now) == [Reused()]
        assert len(history(log)) == 1

    def test_the_same_command_id_of_two_actors_is_two_commands(self, log: Log) -> None:
        command = new_command()
        batch = [
            decided(rows("task-1", 1), about=key(command, "person-1")),
            decided(rows("task-2", 1), about=key(command, "person-2")),
        ]
        assert kinds(log.commit(batch, now)) == [Written, Written]

    @pytest.mark.parametrize("same_body", [True, False])
    def test_a_command_id_twice_in_a_batch_is_written_once(self, log: Log, same_body: bool) -> None:
        command = new_command()
        twin = key(command, body=b"body" if same_body else b"other")
        batch = [
            decided(rows("task-1", 1), about=key(command)),
            decided(rows("task-2", 1), about=twin),
            decided(rows("task-3", 1)),
        ]
        first, second, third = log.commit(batch, now)
        assert isinstance(first, Written)
        assert not isinstance(second, Written) or second.repeated
        assert isinstance(third, Written)
        assert [row[1] for row in history(log)] == ["task-1", "task-3"]

    def test_a_stream_that_was_only_read_must_not_have_changed(self, log: Log) -> None:
        log.commit([decided(rows("plan-1", 1))], now)
        log.commit([decided(rows("plan-1", 2))], now)
        stale = decided(rows("tf-1", 1), reads=[("plan-1", 1)])
        fresh = decided(rows("tf-2", 1), reads=[("plan-1", 2)])
        assert log.commit([stale], now) == [Conflict("plan-1")]
        assert kinds(log.commit([fresh], now)) == [Written]
        assert kinds(log.commit([stale, fresh._replace(key=key(), rows=())], now)) == [
            Conflict,
            Written,
        ]

    def test_a_stream_read_as_missing_must_still_be_missing(self, log: Log) -> None:
        decision = decided(rows("tf-1", 1), reads=[("plan-1", 0)])
        assert kinds(log.commit([decision], now)) == [Written]
        log.commit([decided(rows("plan-1", 1))], now)
        assert log.commit([decided(rows("tf-2", 1), reads=[("plan-1", 0)])], now) == [
            Conflict("plan-1")
        ]

    @pytest.mark.parametrize("outcome", ["refused", "already_done"])
    def test_an_outcome_without_facts_rests_on_what_it_read(self, log: Log, outcome: str) -> None:
        log.commit([decided(rows("task-1", 1))], now)
        answer = decided(reads=[("task-1", 1)], outcome="refused", code="why")
        answer = answer._replace(outcome=outcome)  # type: ignore[arg-type]
        stale = answer._replace(key=key(), reads=[("task-1", 0)])
        written, conflict = log.commit([answer, stale], now)
        assert isinstance(written, Written)
        assert (written.outcome, written.code, written.first) == (outcome, "why", None)
        assert conflict == Conflict("task-1")
        assert log.known_commands([answer.key, stale.key]) == {
            ("operator", answer.key.command): written._replace(repeated=True)
        }

    def test_decisions_of_a_batch_follow_each_other_on_one_stream(self, log: Log) -> None:
        batch = [
            decided(rows("task-1", 1)),
            decided(rows("task-1", 2, 3)),
            decided(reads=[("task-1", 3)], outcome="already_done"),
            decided(rows("task-1", 4)),
        ]
        assert kinds(log.commit(batch, now)) == [Written] * 4
        assert [row[2] for row in history(log)] == [1, 2, 3, 4]

    def test_what_follows_an_excluded_decision_leaves_no_gap(self, log: Log) -> None:
        log.commit([decided(rows("plan-1", 1))], now)
        batch = [
            decided(rows("task-1", 1)),
            decided(rows("task-1", 2), reads=[("plan-1", 0)]),  # conflicts
            decided(rows("task-1", 3)),  # decided as if the one before it was written
            decided(reads=[("task-1", 3)], outcome="already_done"),
            decided(rows("task-2", 1)),
        ]
        verdicts = log.commit(batch, now)
        assert kinds(verdicts) == [Written, Conflict, Conflict, Conflict, Written]
        assert_whole(log)

    def test_a_repeat_in_a_batch_leaves_no_gap_behind_it(self, log: Log) -> None:
        known = decided(rows("task-1", 1))
        log.commit([known], now)
        batch = [
            known._replace(rows=rows("task-1", 2)),
            decided(rows("task-1", 3)),
            decided(rows("task-2", 1)),
        ]
        assert kinds(log.commit(batch, now)) == [Written, Conflict, Written]
        assert_whole(log)

    def test_nothing_to_commit_is_no_fault(self, log: Log) -> None:
        assert log.commit([], now) == []
        assert log.end() == 0

    def test_fifty_thousand_facts_are_one_commit(self, log: Log) -> None:
        facts = [row for n in range(50_000) for row in rows(f"task-{n:012x}", 1, state=b"x" * 200)]
        (verdict,) = log.commit([decided(facts)], now)
        assert isinstance(verdict, Written)
        assert len(log.read(0, 60_000)) == 50_000
        assert log.end() == verdict.last
        assert {row[5] for row in log.read(0, 60_000)} == {verdict.recorded_us}

    @pytest.mark.parametrize("many", [3, 5_001])
    def test_few_or_many_are_kept_as_they_were_said(self, log: Log, many: int) -> None:
        refused = [decided(outcome="refused", code=f"code.{n % 3}") for n in range(many)]
        facts = [
            (f"任务-{n:06}", version, f"topic.{n % 5}.v1", bytes(range(256)) * (n % 3) + b"%d" % n)
            for n in range(many)
            for version in (1, 2)
        ]
        accepted = [decided(facts[n : n + 4]) for n in range(0, len(facts), 4)]
        batch = [one for pair in zip_longest(refused, accepted) for one in pair if one is not None]
        verdicts = log.commit(batch, now)
        assert [row[1:5] for row in log.read(0, 20_000)] == facts
        answers = log.known_commands([one.key for one in batch])
        for one, verdict in zip(batch, verdicts, strict=True):
            assert isinstance(verdict, Written)
            assert (verdict.outcome, verdict.code) == (one.outcome, one.code)
            assert (verdict.first is None) == (not one.rows)
            assert answers[one.key.actor, one.key.command] == verdict._replace(repeated=True)

    def test_fifty_thousand_decisions_are_one_commit(self, log: Log) -> None:
        batch = [decided(rows(f"task-{n:012x}", 1), reads=[("plan-1", 0)]) for n in range(50_000)]
        verdicts = log.commit(batch, now)
        assert {type(verdict) for verdict in verdicts} == {Written}
        assert log.known_commands([d.key for d in batch]).keys() == {
            (d.key.actor, d.key.command) for d in batch
        }

    def test_the_clock_is_asked_once_a_commit_and_every_fact_has_its_time(self, log: Log) -> None:
        asked: list[int] = []

        def clock() -> int:
            asked.append(1_000 + len(asked))
            return asked[-1]

        log.commit([decided(rows("task-1", 1)), decided(rows("task-2", 1, 2))], clock)
        assert asked == [1_000]
        assert {row[5] for row in log.read(0, 10)} == {1_000}

    def test_recorded_time_never_decreases_when_the_clock_goes_back(self, log: Log) -> None:
        log.commit([decided(rows("task-1", 1))], lambda: 5_000)
        (verdict,) = log.commit([decided(rows("task-1", 2))], lambda: 3_000)
        log.commit([decided(rows("task-1", 3))], lambda: 7_000)
        assert isinstance(verdict, Written)
        assert verdict.recorded_us == 5_000
        assert [row[5] for row in log.read(0, 10)] == [5_000, 5_000, 7_000]

    def test_a_clock_that_fails_writes_nothing(self, log: Log) -> None:
        def broken() -> int:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            log.commit([decided(rows("task-1", 1))], broken)
        assert history(log) == []
        assert kinds(log.commit([decided(rows("task-1", 1))], now)) == [Written]
