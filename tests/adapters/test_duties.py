"""Duties by advisory locks of a real PostgreSQL: one has each, and another takes it over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic

import psycopg

from handheld.adapters.postgres_duties import PostgresDuties
from handheld.application.duties import Duty
from tests.support_live import eventually
from tests.support_postgres import Postgres

ALL: tuple[Duty, ...] = ("projector", "reactions", "relay")
HOLDER = """
import sys, time
from handheld.adapters.postgres_duties import PostgresDuties
duties = PostgresDuties(sys.argv[1], "killed", ("relay",))
while not duties.holds("relay"):
    time.sleep(0.01)
print("held", flush=True)
time.sleep(60)
"""


async def test_one_process_has_a_duty_and_the_next_takes_it_when_it_is_given_back(
    server: Postgres,
) -> None:
    first = PostgresDuties(server.conninfo, "given", ALL)
    await eventually(lambda: first.held() == frozenset(ALL))
    second = PostgresDuties(server.conninfo, "given", ALL)
    other = PostgresDuties(server.conninfo, "another_district", ALL)
    try:
        await eventually(lambda: other.held() == frozenset(ALL))
        assert second.held() == frozenset()
        first.close()
        assert first.held() == frozenset()
        await eventually(lambda: second.held() == frozenset(ALL))
    finally:
        for one in (first, second, other):
            one.close()


@contextmanager
def holding(server: Postgres) -> Generator[int]:
    """Another process that has the duty; gives its id."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, server.conninfo], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process.pid
    finally:
        process.kill()
        process.communicate()


async def test_the_duty_of_a_process_that_was_killed_is_taken_over_within_five_seconds(
    server: Postgres,
) -> None:
    with holding(server) as pid:
        next_one = PostgresDuties(server.conninfo, "killed", ("relay",))
        try:
            os.kill(pid, signal.SIGKILL)
            killed = monotonic()
            await eventually(lambda: next_one.holds("relay"))
            assert monotonic() - killed < 5
        finally:
            next_one.close()


async def test_whose_connection_is_cut_knows_that_the_duty_is_lost_and_takes_it_again(
    server: Postgres,
) -> None:
    told: list[frozenset[str]] = []
    duties = PostgresDuties(server.conninfo, "cut", ("relay",))
    duties.changed = lambda: told.append(frozenset(duties.held()))
    try:
        await eventually(lambda: duties.holds("relay"))
        with psycopg.connect(server.conninfo, autocommit=True) as conn:
            conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype='advisory' "
                "AND objid = (hashtextextended('duty cut relay', 0) & 4294967295)::oid"
            )
        await eventually(lambda: frozenset() in told)
        await eventually(lambda: duties.holds("relay"))
    finally:
        duties.close()


async def test_a_process_that_was_stopped_for_long_does_not_believe_in_its_duty(
    server: Postgres,
) -> None:
    duties = PostgresDuties(server.conninfo, "stopped", ("relay",))
    try:
        await eventually(lambda: duties.holds("relay"))
        duties._confirmed -= 3.1  # as after SIGSTOP, before the thread has looked again
        assert not duties.holds("relay")
    finally:
        duties.close()
