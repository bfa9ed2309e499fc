"""Records of another system become facts once, however often and however cut they come."""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from datetime import timedelta
from pathlib import Path

import pytest

from handheld.adapters.clock import RealClock
from handheld.adapters.log import open_memory, open_sqlite
from handheld.adapters.worker_processes import worker_processes
from handheld.application.ports import Log
from handheld.application.taking_in import TakenIn, take_in
from handheld.domain.errors import Busy, HandheldError, Malformed, Stale
from handheld_events.codec import EventTooLarge, Reading, Writing
from handheld_events.envelope import About
from tests.support_log import assert_whole
from tests.support_postgres import Postgres, postgres
from tests.support_taking_in import BEGAN, OLD, Line, ends_its_process, record


@pytest.fixture(scope="module")
def server() -> Generator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, tmp_path: Path, server: Postgres) -> Iterator[Log]:
    match request.param:
        case "memory":
            app = open_memory()
        case "sqlite":
            app = open_sqlite(tmp_path / "log.db")
        case _:
            app = server.log()
    yield app.port
    app.close()


@pytest.fixture(scope="module")
def workers() -> Generator[Executor]:
    with worker_processes(2) as running:
        yield running


def records(*numbers: int) -> list[Line]:
    return [Line(number) for number in numbers]


def take(log: Log, those: Iterable[Line], batch: int = 4) -> TakenIn:
    return take_in(log, RealClock(), OLD, those, record, batch=batch)


def test_each_record_becomes_a_stream_with_its_facts_in_order(log: Log) -> None:
    assert take(log, records(*range(10))) == TakenIn(new=10)
    reading = Reading()
    facts = [reading.fact(*row) for row in log.read(0, 100)]
    assert len(facts) == 20
    assert [fact.version for fact in facts[:4]] == [1, 2, 1, 2]
    assert [fact.event.text for fact in facts[:2]] == ["河堤渗水（0）", "已修复。"]
    assert {fact.occurred_at for fact in facts[2:4]} == {BEGAN + timedelta(minutes=1)}
    assert all(fact.stream.startswith("finding-") for fact in facts)
    assert_whole(log)


def test_facts_are_written_as_those_of_any_command_are(log: Log) -> None:
    take(log, records(1))
    for row in log.read(0, 10):
        fact = Reading().fact(*row)
        about = About(division=fact.division)
        assert row[4] == Writing(fact.meta).state(fact.event, about)


@pytest.mark.parametrize("batch", [4, 3, 7, 100])
def test_a_file_that_comes_again_makes_nothing_twice(log: Log, batch: int) -> None:
    take(log, records(*range(10)))
    assert take(log, records(*range(10)), batch) == TakenIn(known=10)
    assert log.end() == 20


def test_what_is_new_among_what_is_known_is_taken_in(log: Log) -> None:
    take(log, records(1, 3, 5, 7))
    assert take(log, records(*range(10))) == TakenIn(new=6, known=4)
    assert log.end() == 20
    assert_whole(log)


def test_a_record_that_comes_twice_in_one_file_is_there_once(log: Log) -> None:
    twice = records(1, 2, 1, 3, 2)
    assert take(log, twice, batch=3) == TakenIn(new=3, known=2)
    assert take(log, twice, batch=5) == TakenIn(known=5)
    assert log.end() == 6


def test_a_record_that_says_something_else_is_told_and_not_written_over(log: Log) -> None:
    take(log, records(1, 2, 3))
    before = list(log.read(0, 100))
    changed = [Line(1), Line(2, "别的说法"), Line(3)]
    assert take(log, changed) == TakenIn(known=2, differing=1)
    assert list(log.read(0, 100)) == before


def test_another_source_may_give_the_same_ids_to_its_own_records(log: Log) -> None:
    take(log, records(1, 2))
    other = OLD._replace(name="hotline/2020")
    assert take_in(log, RealClock(), other, records(1, 2), record) == TakenIn(new=2)
    assert log.end() == 8


def test_whoever_was_interrupted_goes_on_where_the_last_transaction_ended(log: Log) -> None:
    told: list[TakenIn] = []

    def breaks_off() -> Iterator[Line]:
        yield from records(*range(9))
        msg = "cut short"
        raise OSError(msg)

    with pytest.raises(OSError, match="cut short"):
        take_in(log, RealClock(), OLD, breaks_off(), record, told.append, batch=4)
    # the second batch was under way, and is there whole; the ninth record was in none
    assert told == [TakenIn(new=4)]
    assert log.end() == 16
    again: list[TakenIn] = []
    whole = take_in(log, RealClock(), OLD, records(*range(12)), record, again.append, batch=4)
    assert whole == TakenIn(new=4, known=8)
    assert again == [TakenIn(known=4), TakenIn(known=8), TakenIn(4, 8)]
    assert_whole(log)


# --- with processes that prepare ----------------------------------------------------------------


def test_workers_give_the_same_facts_in_the_same_order(log: Log, workers: Executor) -> None:
    those = records(*range(300), 7, 8)
    alone = open_memory().port
    assert take(alone, those, batch=10) == TakenIn(new=300, known=2)
    told: list[TakenIn] = []
    taken = take_in(log, RealClock(), OLD, those, record, told.append, batch=10, workers=workers)
    assert taken == TakenIn(new=300, known=2)
    assert told == [TakenIn(new=10 * n) for n in range(1, 31)] + [taken]
    assert [row[:5] for row in log.read(0, 1000)] == [row[:5] for row in alone.read(0, 1000)]
    assert_whole(log)
    changed = [*records(*range(150)), Line(150, "别的说法"), *records(*range(151, 303))]
    again = take_in(log, RealClock(), OLD, changed, record, batch=10, workers=workers)
    assert again == TakenIn(new=3, known=299, differing=1)


@pytest.mark.parametrize("prepared_elsewhere", [False, True])
def test_an_error_of_a_record_is_raised_as_it_is_and_what_was_before_it_stays(
    log: Log, workers: Executor, *, prepared_elsewhere: bool
) -> None:
    lines = [*records(*range(9)), Line(9, ""), *records(*range(10, 60))]
    with pytest.raises(Malformed) as raised:
        take_in(
            log,
            RealClock(),
            OLD,
            lines,
            record,
            batch=4,
            workers=workers if prepared_elsewhere else None,
        )
    assert (raised.value.code, raised.value.params) == ("text.missing", {"line": 9})
    assert log.end() == 16
    assert take(log, records(*range(12))) == TakenIn(new=4, known=8)


def test_lines_that_break_off_leave_what_was_read_before_them(log: Log, workers: Executor) -> None:
    def breaks_off() -> Iterator[Line]:
        yield from records(*range(9))
        msg = "cut short"
        raise OSError(msg)

    with pytest.raises(OSError, match="cut short"):
        take_in(log, RealClock(), OLD, breaks_off(), record, batch=4, workers=workers)
    assert log.end() == 16


def test_where_a_worker_is_ended_nothing_waits_and_the_rest_can_follow(log: Log) -> None:
    lines = records(*range(60))
    with worker_processes(2) as few, pytest.raises(BrokenExecutor):
        take_in(log, RealClock(), OLD, lines, ends_its_process, batch=4, workers=few)
    assert log.end() <= 16
    assert_whole(log)
    known = log.end() // 2
    assert take(log, lines) == TakenIn(new=60 - known, known=known)


@pytest.mark.parametrize(
    "error",
    [Malformed("text.missing", line=9), Stale("order-1", 2, 3), Busy(4), EventTooLarge("a.v1", 5)],
)
def test_errors_say_the_same_in_another_process(error: Exception) -> None:
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is type(error)
    assert str(there) == str(error)
    assert vars(there) == vars(error)
    if isinstance(error, HandheldError):
        assert there.args == (error.code, error.params)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_whoever_takes_in_and_the_rest_can_follow(
    tmp_path: Path, how: signal.Signals
) -> None:
    file = tmp_path / "log.db"
    open_sqlite(file).close()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support_taking_in", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        # each is told with the first transaction that it has prepared a part of
        first = process.stdout.readline().split()
        waited_for = selectors.DefaultSelector()
        for worker in first[1:]:
            waited_for.register(os.pidfd_open(int(worker)), selectors.EVENT_READ)
        assert len(waited_for.get_map()) == 2
        if how == signal.SIGINT:
            os.killpg(process.pid, how)
        else:
            process.send_signal(how)
        _, complaint = process.communicate(timeout=30)
        while waited_for.get_map():
            ended = waited_for.select(timeout=30)
            assert ended, "a worker goes on"
            for key, _ in ended:
                waited_for.unregister(key.fileobj)
                os.close(key.fd)
    assert complaint.count("Traceback") == (how == signal.SIGINT)
    app = open_sqlite(file)
    durable = app.port.end()
    assert durable >= int(first[0]) > 0
    assert_whole(app.port)
    taken = take(app.port, records(*range(durable // 2 + 5)), batch=50)
    assert taken == TakenIn(new=5, known=durable // 2)
    app.close()
