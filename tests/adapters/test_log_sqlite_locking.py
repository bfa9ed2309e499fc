"""How the SQLite log takes its locks and tells of conflicts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent

from handheld.adapters.log import CommandLog, open_sqlite
from handheld.adapters.log_sqlite import SQLiteLog
from handheld.application.ports import Conflict, LogBroken, Written
from tests.support_log import ROOT, TOPIC, assert_whole, decided, history, key, rows


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[SQLiteLog, SQLiteLog]]:
    """The same file opened twice, as two processes would."""
    apps: list[CommandLog] = [open_sqlite(tmp_path / "log.db") for _ in range(2)]
    one, two = (app.port for app in apps)
    assert isinstance(one, SQLiteLog)
    assert isinstance(two, SQLiteLog)
    yield one, two
    for app in apps:
        app.close()


def test_what_is_read_in_a_writing_transaction_holds_until_it_is_written(
    pair: tuple[SQLiteLog, SQLiteLog],
) -> None:
    """A deferred transaction would fail here at once, whatever its patience (SQLITE_BUSY)."""
    one, two = pair
    one.commit([decided(rows("task-1", 1))], int)
    with ThreadPoolExecutor(1) as pool:
        with one.datastore.transaction(commit=True) as c:
            c.execute("SELECT max(originator_version) FROM stored_events")
            assert c.fetchone()[0] == 1
            other = pool.submit(two.commit, [decided(rows("task-1", 2))], int)
            with pytest.raises(TimeoutError):
                other.result(0.2)
            c.execute(
                "INSERT INTO stored_events VALUES (2,'task-1',2,?,?,0)", ("task.accepted.v1", b"{}")
            )
        # It went on when the lock was free, and saw what had been written.
        assert other.result(10) == [Conflict("task-1")]
    assert_whole(two)


def test_reading_goes_on_while_somebody_writes(pair: tuple[SQLiteLog, SQLiteLog]) -> None:
    one, two = pair
    one.commit([decided(rows("task-1", 1))], int)
    with one.datastore.transaction(commit=True) as c:
        c.execute("INSERT INTO stored_events VALUES (2,'task-2',1,'task.accepted.v1',x'7b7d',0)")
        assert [row[1] for row in history(two)] == ["task-1"]
    assert [row[1] for row in history(two)] == ["task-1", "task-2"]


def test_a_taken_version_arrives_as_the_librarys_integrity_error(
    pair: tuple[SQLiteLog, SQLiteLog],
) -> None:
    one, two = pair
    one.insert_events([StoredEvent("task-1", 1, TOPIC, b"{}")])
    events = [StoredEvent("task-2", 1, TOPIC, b"{}"), StoredEvent("task-1", 1, TOPIC, b"{}")]
    with pytest.raises(IntegrityError):
        two.insert_events(events)
    assert len(history(two)) == 1
    # The connection that failed is good for the next.
    assert two.insert_events(events[:1]) == [2]


def test_a_rollback_leaves_the_order_of_positions_whole(
    pair: tuple[SQLiteLog, SQLiteLog],
) -> None:
    one, two = pair
    one.commit([decided(rows("task-1", 1))], int)
    taken = [StoredEvent("task-2", 1, TOPIC, b"{}"), StoredEvent("task-1", 1, TOPIC, b"{}")]
    with pytest.raises(IntegrityError):
        one.insert_events(taken)
    (verdict,) = two.commit([decided(rows("task-3", 1))], int)
    assert isinstance(verdict, Written)
    assert one.end() == verdict.last
    assert [row[1] for row in history(one)] == ["task-1", "task-3"]


def test_positions_with_gaps_are_followed(pair: tuple[SQLiteLog, SQLiteLog]) -> None:
    """Another adapter's positions have gaps; a file may come from it."""
    one, two = pair
    one.commit([decided(rows("task-1", 1))], lambda: 1_000)
    with one.datastore.transaction(commit=True) as c:
        c.execute("INSERT INTO stored_events VALUES (900,'task-1',2,?,?,?)", (TOPIC, b"{}", 5_000))
    two.commit([decided(rows("task-1", 3))], lambda: 9_000)
    assert [row[0] for row in history(two)] == [1, 900, 901]
    assert [row[0] for row in two.read(1, 1)] == [900]
    assert two.position_at(4_999) == 1
    assert two.position_at(5_000) == two.position_at(8_999) == 900
    assert two.position_at(9_000) == 901
    assert [row[0] for row in two.read_positions([2, 1, 900])] == [1, 900]


def test_another_error_of_the_file_is_no_conflict(pair: tuple[SQLiteLog, SQLiteLog]) -> None:
    one, two = pair
    with one.datastore.transaction(commit=True) as c:
        c.execute("DROP TABLE commands")
    with pytest.raises(LogBroken) as caught:
        two.commit([decided(rows("task-1", 1), about=key())], int)
    assert isinstance(caught.value.__cause__, OperationalError)
    assert history(two) == []


READING_AT_THE_END = """
import sys, threading
from pathlib import Path
from eventsourcing.persistence import ConnectionPoolClosedError
from handheld.adapters.log import open_sqlite
from tests.support_log import decided, rows

directory = Path(sys.argv[1])
for n in range(25):
    app = open_sqlite(directory / f"{n}.db")
    app.port.commit([decided([row for k in range(300) for row in rows(f"task-{k}", 1)])], int)

    def read(log=app.port):
        try:
            while True:
                log.read(0, 1_000)
        except ConnectionPoolClosedError:
            pass

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    app.close()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
"""


def test_closing_a_log_that_others_are_reading_crashes_nothing(tmp_path: Path) -> None:
    """In a process of its own: a connection closed under a statement takes the process with it."""
    command = [sys.executable, "-c", READING_AT_THE_END, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
