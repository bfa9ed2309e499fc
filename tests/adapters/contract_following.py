"""The contract of `wait`: woken at once, and nothing is ever missed."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Thread
from time import monotonic

import pytest
from eventsourcing.persistence import StoredEvent

from handheld.adapters import subscription
from handheld.adapters.log import CommandLog
from handheld.application.ports import Log
from tests.adapters.contract_base import Contract
from tests.support_log import TOPIC, decided, rows

NEVER = 3_600.0
"""Seconds between polls: whoever wakes in time was woken."""


def waiting(log: Log, after: int) -> Future[bool]:
    """Whether somebody who waits, already now, is woken."""
    woken, looked = Future[bool](), Event()

    def ended() -> bool:
        looked.set()  # there was nothing: it waits now
        return False

    Thread(target=lambda: woken.set_result(log.wait(after, 60, ended)), daemon=True).start()
    assert looked.wait(60)
    return woken


class FollowingContract(Contract):
    """Following what is written."""

    def test_waiting_for_what_is_there_returns_at_once(self, log: Log) -> None:
        log.commit([decided(rows("task-1", 1))], int)
        began = monotonic()
        assert log.wait(0, 60)
        assert monotonic() - began < 30

    def test_waiting_ends_when_the_time_is_up(self, log: Log) -> None:
        log.commit([decided(rows("task-1", 1))], int)
        began = monotonic()
        assert not log.wait(log.end(), 0.2)
        assert 0.2 <= monotonic() - began < 30

    def test_a_commit_wakes_a_waiting_thread_by_itself(
        self, log: Log, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(subscription, "POLL_SECONDS", NEVER)
        for n in range(20):
            woken = waiting(log, n)
            log.commit([decided(rows(f"task-{n}", 1))], int)
            assert woken.result(120)

    def test_facts_saved_through_the_library_wake_too(
        self, app: CommandLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(subscription, "POLL_SECONDS", NEVER)
        woken = waiting(app.port, 0)
        app.recorder.insert_events([StoredEvent("task-1", 1, TOPIC, b"{}")])
        assert woken.result(120)

    def test_a_follower_misses_nothing_that_many_threads_write(self, log: Log) -> None:
        """Each writer has streams of its own; the follower sees every fact once, in order."""
        writers, commits = 4, 60
        seen: list[tuple[int, str, int]] = []

        def follow() -> None:
            position = 0
            while len(seen) < writers * commits * 3:
                assert log.wait(position, 20), f"nothing came after {position}"
                batch = log.read(position, 50)
                seen.extend(row[:3] for row in batch)
                position = batch[-1][0]

        def write(writer: int) -> None:
            for n in range(commits):
                verdicts = log.commit(
                    [
                        decided(rows(f"task-{writer}-{n}", 1, 2)),
                        decided(rows(f"tf-{writer}", n + 1)),
                    ],
                    int,
                )
                assert [type(v).__name__ for v in verdicts] == ["Written", "Written"]

        with ThreadPoolExecutor(writers + 1) as pool:
            following = pool.submit(follow)
            for writing in [pool.submit(write, n) for n in range(writers)]:
                writing.result()
            following.result(30)
        assert seen == [row[:3] for row in log.read(0, 10_000)]
