"""Many requests at once: each answered, durable, once; the queue bounded."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any, cast

import pytest

from handheld.adapters.log import open_memory, open_sqlite
from handheld.application.requests import Receipt, Request
from handheld.domain import task
from handheld.domain.errors import Busy, CommandReused, WriterStopped
from tests.support_log import (
    Bench,
    assert_whole,
    held,
    new_command,
    person,
    populate,
    started_tasks,
)

MANY = 2_000


class SlowDoor:
    """The writer's queue, with a thread held up right before it gets in."""

    def __init__(self, queue: Any, until: Event) -> None:
        self._queue = queue
        self._until = until

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queue, name)

    def put(self, item: Any) -> None:
        if item is not None:
            assert self._until.wait(10)
        self._queue.put(item)


def accepts(bench: Bench, people: int) -> list[Request]:
    tasks = started_tasks(bench, people)
    return [bench.request(task.Accept(task=t), person(n)) for n, t in enumerate(tasks)]


@pytest.fixture(params=["memory", "sqlite"])
def crowded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    app = open_memory() if request.param == "memory" else open_sqlite(tmp_path / "log.db")
    bench = Bench(app, tmp_path / "keyring.db")
    populate(bench, MANY)
    yield bench
    bench.close()


async def test_two_thousand_from_a_loop_and_from_threads_are_answered_once(crowded: Bench) -> None:
    requests = accepts(crowded, MANY)
    with ThreadPoolExecutor(20) as pool:
        threaded = [
            asyncio.get_running_loop().run_in_executor(pool, crowded.writer.execute, request)
            for request in requests[::2]
        ]
        looped = [crowded.writer.submit_soon(request) for request in requests[1::2]]
        answers: list[Receipt | None] = [None] * MANY
        answers[::2] = await asyncio.gather(*threaded)
        answers[1::2] = await asyncio.gather(*looped)
    accepted = {r[0]: r[1] for r in crowded.log.read(0, 100_000) if r[3] == "task.accepted.v1"}
    assert len(accepted) == MANY
    for request, receipt in zip(requests, answers, strict=True):
        assert receipt is not None
        assert (receipt.outcome, receipt.repeated) == ("accepted", False)
        assert receipt.first == receipt.last
        # The position that it was told is that of its own fact.
        assert accepted[receipt.first or 0] == request.command.task
    assert_whole(crowded.log)


def test_what_was_answered_is_in_the_file_for_others_to_read(
    sqlite_bench: Bench, tmp_path: Path
) -> None:
    receipts = [sqlite_bench.writer.execute(request) for request in accepts(sqlite_bench, 20)]
    with open_sqlite(tmp_path / "log.db") as other:
        positions = [receipt.first or 0 for receipt in receipts]
        found = other.port.read_positions(positions)
    assert [row[3] for row in found] == ["task.accepted.v1"] * 20


def test_a_full_queue_says_when_to_come_back_and_loses_nobody(tmp_path: Path) -> None:
    bench = Bench(open_sqlite(tmp_path / "log.db"), tmp_path / "keyring.db", capacity=8)
    populate(bench, 40)
    requests = accepts(bench, 40)
    waiting: list[Future[Receipt]] = []
    with held(bench) as arrived:
        waiting.append(bench.writer.submit(requests[0]))
        arrived()  # it is out of the queue, at the lock
        waiting += [bench.writer.submit(request) for request in requests[1:9]]
        with pytest.raises(Busy) as caught:
            bench.writer.submit(requests[9])
        assert caught.value.retry_after >= 1
        assert caught.value.code == "writer.busy"
    assert {one.result(10).outcome for one in waiting} == {"accepted"}
    rest = requests[len(waiting) :]
    assert {bench.writer.execute(request).repeated for request in rest} == {False}
    bench.close()


def test_repeats_in_one_batch_take_effect_once(bench: Bench) -> None:
    first, other = started_tasks(bench, 2)
    command = new_command()
    same = bench.request(task.Accept(task=first), person(0), command)
    different = bench.request(task.Read(task=first), person(0), command)
    with held(bench) as arrived:
        blocker = bench.writer.submit(bench.request(task.Accept(task=other), person(1)))
        arrived()
        waiting = [bench.writer.submit(same) for _ in range(5)]
        reused = bench.writer.submit(different)
    receipts = [one.result(10) for one in waiting]
    assert blocker.result(3).outcome == "accepted"
    assert [receipt.repeated for receipt in receipts] == [False] + [True] * 4
    assert len({(r.outcome, r.first, r.last, r.recorded_at) for r in receipts}) == 1
    with pytest.raises(CommandReused):
        reused.result(10)
    topics = Counter(row[3] for row in bench.log.read_streams([first]))
    assert topics == {"task.dispatched.v1": 1, "task.accepted.v1": 1}


def test_what_is_queued_is_finished_before_the_writer_closes(bench: Bench) -> None:
    requests = accepts(bench, 20)
    with held(bench):
        waiting = [bench.writer.submit(request) for request in requests]
        closing = Thread(target=bench.writer.close)
        closing.start()
        sleep(0.05)
    closing.join(10)
    assert not closing.is_alive()
    assert {one.result(0).outcome for one in waiting} == {"accepted"}
    with pytest.raises(WriterStopped):
        bench.writer.submit(requests[0])


def test_nobody_waits_for_ever_when_the_writer_closes(bench: Bench) -> None:
    """A thread may be held up between the check that the writer runs and the queue."""
    (task_of_one,) = started_tasks(bench, 1)
    closed = Event()
    bench.writer._queue = cast(Any, SlowDoor(bench.writer._queue, closed))
    request = bench.request(task.Accept(task=task_of_one), person(0))
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(lambda: bench.writer.submit(request).result(10))
        sleep(0.1)
        closing = Thread(target=bench.writer.close)
        closing.start()
        closing.join(2)
        closed.set()
        closing.join(10)
        assert not closing.is_alive()
        error = sending.exception(10)
    # In time, or told that it was not: never left without an answer.
    assert error is None or isinstance(error, WriterStopped)


def test_a_wait_given_up_at_the_moment_of_the_answer_harms_nobody(bench: Bench) -> None:
    """The writer may see a wait as open that is cancelled before it answers."""
    first, second = accepts(bench, 20)[:2]
    with held(bench):
        waiting = bench.writer.submit(first)
        waiting.done = lambda: False  # type: ignore[method-assign]
        waiting.cancel()
    assert bench.writer.submit(second).result(3).outcome == "accepted"


async def test_whoever_gives_up_waiting_harms_nobody(bench: Bench) -> None:
    """A cancelled wait is no cancelled command, and the writer goes on."""
    requests = accepts(bench, 20)
    with held(bench):
        given_up = [bench.writer.submit(request) for request in requests[:5]]
        gone = [bench.writer.submit_soon(request) for request in requests[5:10]]
        kept = [bench.writer.submit_soon(request) for request in requests[10:]]
        for waiting in given_up:
            waiting.cancel()
        for soon in gone:
            soon.cancel()
    assert {receipt.outcome for receipt in await asyncio.gather(*kept)} == {"accepted"}
    for request in requests[:10]:
        assert bench.writer.execute(request).repeated


def test_a_loop_that_has_closed_harms_nobody(bench: Bench) -> None:
    requests = accepts(bench, 20)

    async def leave() -> None:
        waits = [bench.writer.submit_soon(request) for request in requests[:10]]
        assert not any(wait.done() for wait in waits)

    with held(bench):
        asyncio.run(leave())
        waiting = [bench.writer.submit(request) for request in requests[10:]]
    assert {one.result(10).outcome for one in waiting} == {"accepted"}
    assert bench.writer.execute(requests[0]).repeated


async def test_each_is_told_once_and_one_that_fails_keeps_no_other_from_it(bench: Bench) -> None:
    requests = accepts(bench, 20) * 20
    told: Counter[str] = Counter()
    all_told = asyncio.Event()

    def tell(number: int, result: Any) -> None:
        told[type(result).__name__] += 1
        if told.total() == len(requests):
            all_told.set()
        if number % 7 == 0:
            raise ValueError(number)

    for number, request in enumerate(requests):
        bench.writer.submit_and_tell(request, partial(tell, number))
    async with asyncio.timeout(20):
        await all_told.wait()
    assert told == {"Receipt": len(requests)}
