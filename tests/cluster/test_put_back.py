"""A database is put back to an earlier moment with its own tools, and goes on as a log of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import psycopg
import pytest

from handheld.adapters.local_nats import LocalNats
from handheld.adapters.local_postgres import LocalPostgres, directory_of_its_own
from handheld.bootstrap import Home, Shared, Where
from handheld_events.cloud_messages import read
from handheld_events.envelope import Recorded
from handheld_events.subjects import within
from tests.support_cluster import BOARD, PEOPLE, START, Crew, Phone, crew_env, settled, until
from tests.support_log import history, person
from tests.support_nats import client_of, delivered, facts, places, stored

FROM_PLAN = "/task-forces/from-plan"


class Archived(LocalPostgres):
    """A server whose write-ahead log is kept."""

    def __init__(self, directory: Path) -> None:
        self.archive = directory / "archive"
        super().__init__(
            directory,
            archive_mode="on",
            archive_command=f"mkdir -p {self.archive} && cp %p {self.archive}/%f",
            hot_standby="off",
        )

    def ask(self, statement: str) -> object:
        """One value."""
        with psycopg.connect(self.conninfo, autocommit=True) as conn:
            row = conn.execute(statement.encode()).fetchone()
        return row and row[0]

    def back_up(self) -> None:
        """As every night."""
        base, host = self.directory / "base", self.directory
        self.run("pg_basebackup", "-D", base, "-h", host, "-U", "handheld", "-c", "fast")

    def go_back(self, moment: object) -> None:
        """To what it was then."""
        last = self.ask("SELECT pg_walfile_name(pg_switch_wal())")
        while not (self.archive / str(last)).exists():
            sleep(0.02)
        self.stop()
        shutil.rmtree(self.data)
        (self.directory / "base").rename(self.data)
        signal = self.data / "recovery.signal"
        signal.touch()
        shutil.copystat(self.data / "PG_VERSION", signal)
        if os.geteuid() == 0:
            shutil.chown(signal, "nobody")
        self.settings |= {
            "archive_mode": "off",
            "restore_command": f"cp {self.archive}/%f %p",
            "recovery_target_time": moment,
            "recovery_target_action": "promote",
        }
        self.start()


@pytest.fixture
def server() -> Iterator[Archived]:
    with directory_of_its_own() as directory:
        made = Archived(directory)
        try:
            made.start()
            yield made
        finally:
            made.stop()


def restored(where: Where) -> dict[str, object]:
    """As an operator says so."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "handheld", "migrate", "--restored", "--json"],
        env={**os.environ, **crew_env(where)},
        check=True,
        capture_output=True,
    )
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[LocalNats]:
    made = LocalNats(tmp_path / "nats")
    try:
        made.start()
        yield made
    finally:
        made.stop()


async def published(broker: LocalNats, where: Where, reader: str) -> list[Recorded[Any]]:
    """What a consumer that lasts gets of the stream until it has all that the log holds."""
    with Home(Shared(where, ())) as home:
        log = home.log.log_id
        async with client_of(broker.url) as client:

            async def all_there() -> list[tuple[int, str, int]] | None:
                found, there = await stored(client, where.district), history(home.log)
                sources = {read(one.headers, one.data or b"")["source"] for one in found}
                same = sources == {f"urn:handheld:log:{log}"} and places(facts(found)) == there
                return there if same else None

            told = await until(all_there)
            found = await delivered(client, where.district, [within()], len(told), durable=reader)
    sources = {read(one.headers, one.data)["source"] for one in found}
    assert sources == {f"urn:handheld:log:{log}"}
    assert places(facts(found)) == told
    return facts(found)


async def test_after_going_back_phones_take_a_snapshot_links_are_dead_and_views_made_anew(
    server: Archived, broker: LocalNats, tmp_path: Path
) -> None:
    where = settled(server.conninfo, tmp_path)
    take_over = {"HANDHELD_NATS": broker.url, "HANDHELD_NATS_TAKE_OVER": "true"}
    crew = Crew(server, where, tmp_path, **take_over)
    phone = Phone(crew.owners[0])
    server.back_up()
    with Home(Shared(where, ())) as home:
        (link,) = home.access.issue_links([person(1)])
        former = home.log.log_id
    try:
        await crew.start(("api", 1), ("gateway", 1), ("follow", 1))
        async with phone.at(crew.live("gateway-1")) as socket:
            first = await crew.post("api-1", FROM_PLAN, START)
            await phone.until(socket, phone.tasks)
            moment = server.ask("SELECT now()")
            lost = await crew.post("api-1", FROM_PLAN, START)
            await phone.until(socket, lambda: len(phone.tasks()) == 2)
        epoch = phone.epoch
        ahead = await published(broker, where, "archive")
        assert lost["last"] <= ahead[-1].position
        await crew.stop()
        server.go_back(moment)
        told = restored(where)
        assert told["log"] != former
        # The stream is ahead of the log that is there now: it is published anew, as it is now.
        await crew.start(("follow", 1))
        anew = await published(broker, where, "archive")
        assert anew[-1].position < lost["first"]
        await crew.start(("api", 1), ("gateway", 1))
        async with phone.at(crew.live("gateway-1")) as socket:
            await phone.until(socket, lambda: phone.snapshots)
            assert phone.epoch != epoch
            assert len(phone.items) == 1
            again = await crew.post("api-1", FROM_PLAN, START)
            await phone.until(socket, lambda: len(phone.items) == 2)
        assert again["first"] == first["last"] + 1 == lost["first"]
        assert again["made"] != lost["made"]
        redeemed = await crew.ask(
            "api-1",
            "POST",
            "/sign-in/link",
            json={"secret": link.secret, "device": {"id": "phone-0001", "kind": "phone"}},
        )
        assert redeemed.status_code == 401, redeemed.text
        assert (await crew.ask("api-1", "GET", "/me", crew.operator)).status_code == 401

        async def listed() -> bool:
            rows = (await crew.get("api-1", "/task-forces"))["rows"]
            return {row["task_force"] for row in rows} == {first["made"], again["made"]}

        await until(listed)
        assert (await crew.get("api-1", BOARD))["board"]["count"]["waiting"] == 2 * PEOPLE
        await crew.stop()
        with Home(Shared(where)) as home:
            home.caught_up()
            checks = home.verify()
        assert all(check.same for check in checks), checks
    finally:
        await crew.stop()
