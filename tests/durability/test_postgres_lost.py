"""PostgreSQL is killed, cut off and held up under a log: what was acknowledged is there, once."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import psycopg
import pytest

from handheld.adapters import log_postgres, postgres_store, subscription
from handheld.adapters.log import CommandLog
from handheld.adapters.postgres_at_once import commit_at_once
from handheld.application.ports import LogAway, LogBusy, LogFull, Written
from tests.support_log import assert_whole, decided, history, key, rows
from tests.support_postgres import Postgres, postgres


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server of its own for each test: here it is killed."""
    with postgres() as running:
        yield running


@pytest.fixture
def app(server: Postgres) -> Iterator[CommandLog]:
    app = server.log()
    yield app
    app.close()


def told(server: Postgres, statement: str, *parameters: object) -> list[tuple[object, ...]]:
    """What the server answers to an operator."""
    with psycopg.connect(server.conninfo, autocommit=True) as conn:
        return conn.execute(statement.encode(), parameters).fetchall()


def cut_off(server: Postgres) -> int:
    """End all other connections, as a network does; how many there were."""
    found = told(
        server,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    )
    return len(found)


def test_a_server_that_is_killed_under_writers_loses_and_doubles_nothing(
    server: Postgres, app: CommandLog
) -> None:
    log, ending, written = app.port, Event(), Event()
    acknowledged: list[tuple[str, Written]] = []

    def write(writer: int) -> int:
        commits = 0
        while not ending.is_set():
            command = f"{writer:02d}-{commits:06d}"
            facts = rows(f"task-{command}", 1, 2) + rows(f"tf-{writer}", commits + 1)
            try:
                (verdict,) = log.commit([decided(facts, about=key(command))], int)
            except LogBusy:
                continue  # the very same again
            assert isinstance(verdict, Written)
            acknowledged.append((command, verdict))
            commits += 1
        return commits

    seen: list[tuple[int, str, int]] = []

    def follow() -> None:
        while not written.is_set() or (seen[-1][0] if seen else 0) < log.end():
            after = seen[-1][0] if seen else 0
            try:
                if log.wait(after, 0.2):
                    seen.extend(row[:3] for row in log.read(after, 500))
            except LogBusy:
                sleep(0.05)

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, n) for n in range(3)]
        following = pool.submit(follow)
        for _ in range(3):
            before = len(acknowledged)
            while len(acknowledged) < before + 20:
                assert not any(one.done() for one in writing), [one.result() for one in writing]
                sleep(0.01)
            server.kill()
            server.start()
        ending.set()
        commits = [one.result(60) for one in writing]
        written.set()
        following.result(60)

    assert_whole(log)
    assert sum(commits) == len(acknowledged)
    assert len(history(log)) == 3 * len(acknowledged)
    at = {position: (stream, version) for position, stream, version in history(log)}
    for command, verdict in acknowledged:
        assert verdict.first is not None
        assert at[verdict.first] == (f"task-{command}", 1)
    assert seen == history(log)


@pytest.mark.parametrize("arrived", [False, True])
@pytest.mark.parametrize(("facts", "sends"), [(1, "commit_at_once"), (500, "finish")])
def test_a_commit_whose_answer_was_lost_is_not_made_twice(
    server: Postgres,
    app: CommandLog,
    monkeypatch: pytest.MonkeyPatch,
    arrived: bool,
    facts: int,
    sends: str,
) -> None:
    """Whether the end of the transaction was lost on its way, or the answer to it."""
    log = app.port
    cuts: list[int] = []
    send = getattr(log_postgres, sends)

    def cut(*given: Any) -> Any:
        if cuts:
            return send(*given)
        if arrived:
            send(*given)
            cuts.append(cut_off(server))
            return given[0].execute("SELECT 'in place of the answer'")
        cuts.append(cut_off(server))
        return send(*given)

    monkeypatch.setattr(log_postgres, sends, cut)
    (first,) = log.commit([decided(rows("task-1", *range(1, facts + 1)))], int)
    (second,) = log.commit([decided(rows("task-1", facts + 1))], int)
    assert cuts
    assert isinstance(first, Written)
    assert isinstance(second, Written)
    assert first.repeated == arrived
    assert [version for _, _, version in history(log)] == list(range(1, facts + 2))
    assert (first.last, second.first) == (facts, facts + 1)


def test_who_waits_too_long_for_the_lock_is_told_so_and_nothing_is_written(
    server: Postgres, app: CommandLog
) -> None:
    schema = app.env["POSTGRES_SCHEMA"]
    impatient = CommandLog(app.env | {"POSTGRES_LOCK_TIMEOUT": "1", "CREATE_TABLE": "n"})
    with impatient, psycopg.connect(server.conninfo) as other:
        other.execute(
            f"SELECT pg_advisory_xact_lock(5203, '{schema}.events'::regclass::oid::integer)"
            "".encode()
        )
        with pytest.raises(LogBusy):
            impatient.port.commit([decided(rows("task-1", 1))], int)
        assert history(impatient.port) == []
        other.rollback()
        (verdict,) = impatient.port.commit([decided(rows("task-1", 1))], int)
    assert isinstance(verdict, Written)


def test_a_server_that_stays_away_is_told_after_a_while(
    server: Postgres, app: CommandLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_store, "PATIENCE_SECONDS", 0.5)
    with CommandLog(app.env | {"POSTGRES_CONNECT_TIMEOUT": "1"}) as impatient:
        log = impatient.port
        log.commit([decided(rows("task-1", 1))], int)
        server.kill()
        with pytest.raises(LogBusy):
            log.commit([decided(rows("task-1", 2))], int)
        with pytest.raises(LogBusy):
            log.read(0, 10)
        monkeypatch.undo()
        server.start()
        (verdict,) = log.commit([decided(rows("task-1", 2))], int)
    assert isinstance(verdict, Written)


def test_a_commit_of_which_nobody_knows_is_told_so_and_answered_when_it_is_asked_again(
    server: Postgres, app: CommandLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_store, "PATIENCE_SECONDS", 0.5)
    log = app.port

    def cut_before(*given: Any) -> Any:
        server.kill()
        return commit_at_once(*given)

    decision = decided(rows("task-1", 1))
    with monkeypatch.context() as cut:
        cut.setattr(log_postgres, "commit_at_once", cut_before)
        with pytest.raises(LogAway):
            log.commit([decision], int)
    server.start()
    (first,) = log.commit([decision], int)
    (second,) = log.commit([decision], int)
    assert isinstance(first, Written)
    assert isinstance(second, Written)
    assert (second.first, second.repeated) == (first.first, True)
    assert history(log) == [(first.first, "task-1", 1)]


def test_who_is_cut_off_in_the_middle_of_a_commit_holds_nobody_up_for_long(
    server: Postgres, app: CommandLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_store, "HELD_SECONDS", 1)
    lock = f"SELECT pg_advisory_xact_lock(5203, '{app.env['POSTGRES_SCHEMA']}.events'::regclass::oid::integer)"
    with CommandLog(app.env | {"CREATE_TABLE": "n"}) as silent:
        log = silent.port
        assert isinstance(log, log_postgres.PostgresLog)
        with log.datastore.get_connection() as conn:
            conn.execute(b"BEGIN")
            conn.execute(lock.encode())
            (verdict,) = app.port.commit([decided(rows("task-1", 1))], int)
            conn.close()
    assert isinstance(verdict, Written)


def test_followers_are_woken_by_other_processes_again_after_their_connection_was_cut(
    server: Postgres, app: CommandLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription, "POLL_SECONDS", 3_600.0)
    with CommandLog(app.env | {"CREATE_TABLE": "n"}) as elsewhere, ThreadPoolExecutor(1) as pool:
        for n in range(3):
            woken = pool.submit(app.port.wait, n, 60)
            listens = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%%'"
            while not told(server, listens):
                sleep(0.01)
            elsewhere.port.commit([decided(rows("task-1", n + 1))], int)
            assert woken.result(60)
            cut_off(server)


@pytest.mark.parametrize("setting", ["off", "local"])
def test_a_server_that_acknowledges_before_the_disk_has_it_is_told_not_to(
    server: Postgres, app: CommandLog, setting: str
) -> None:
    with psycopg.connect(server.conninfo, autocommit=True) as conn:
        conn.execute(f"ALTER SYSTEM SET synchronous_commit = '{setting}'".encode())
        conn.execute("SELECT pg_reload_conf()")
    log = app.port
    assert isinstance(log, log_postgres.PostgresLog)
    cut_off(server)
    assert log.end() == 0  # on a new connection
    with log.datastore.reading() as c:
        assert c.execute("SHOW synchronous_commit").fetchone() == ("on",)


@pytest.fixture
def small_disk(server: Postgres) -> Iterator[Path]:
    """Forty megabytes for all tables from now on, where the machine lets us mount a file system."""
    place = server.directory / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    shutil.chown(place, "nobody", "nogroup")
    try:
        with psycopg.connect(server.conninfo, autocommit=True) as conn:
            conn.execute(f"CREATE TABLESPACE small LOCATION '{place}'".encode())
            conn.execute("ALTER ROLE handheld SET default_tablespace = 'small'")
        yield place
    finally:
        server.stop()
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_refuses_cleanly_and_goes_on_when_there_is_room(
    server: Postgres, small_disk: Path
) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(15_000_000))
    with server.log() as app:
        log, done = app.port, 0
        with pytest.raises(LogFull):  # noqa: PT012
            while done < 200:
                state = os.urandom(100_000).hex().encode()
                log.commit([decided(rows(f"task-{done:03d}", 1, 2, state=state))], int)
                done += 1
        assert done > 0
        with pytest.raises(LogFull):
            log.commit([decided(rows("task-again", *range(1, 300), state=bytes(80_000)))], int)
        assert len(history(log)) == 2 * done
        assert_whole(log)
        ballast.unlink()
        (verdict,) = log.commit([decided(rows(f"task-{done:03d}", 1))], int)
        assert isinstance(verdict, Written)
        assert verdict.first == 2 * done + 1
