"""A district in PostgreSQL at the terminal: its tables, and commands beside its processes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from handheld.adapters import log_postgres
from handheld.adapters.local_nats import LocalNats
from handheld.bootstrap import Home, Shared, Where
from tests.cli.driving import DIVISIONS, Ran, Terminal
from tests.support_postgres import Postgres

_numbers = count(1)


class District(Terminal):
    """Somebody whose settings name a database."""

    def __init__(self, where: Where, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(where.directory)
        self.where = where
        monkeypatch.setenv("HANDHELD_DATABASE", where.database)
        monkeypatch.setenv("HANDHELD_DISTRICT", where.district)


@pytest.fixture
def bare(server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> District:
    """A district without tables."""
    name = f"cli{next(_numbers)}"
    where = Where(database=server.conninfo, district=name, directory=tmp_path / "data")
    return District(where, monkeypatch)


@pytest.fixture
def district(bare: District) -> District:
    """One with tables."""
    bare.ok("migrate")
    return bare


@pytest.fixture
def running(district: District) -> Iterator[Home]:
    """A process of it that has the duties."""
    with Home(Shared(district.where)) as home:
        yield home


def code(ran: Ran) -> str:
    """The error's code."""
    assert ran.code != 0
    found: str = ran.json["error"]["code"]
    return found


def test_tables_are_made_once_however_many_ask_at_the_same_time(bare: District) -> None:
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(bare.process, "migrate", "--json") for _ in range(2)]
        told = [one.result() for one in runs]
    assert [one.code for one in told] == [0, 0], told
    assert len({one.json["log"] for one in told}) == 1
    assert bare.json("migrate") == {**told[0].json, "made": False}


def test_a_database_that_is_not_there_is_named_without_its_password(
    bare: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = f"host={tmp_path} port=1 user=handheld password=geheim dbname=postgres"
    monkeypatch.setenv("HANDHELD_DATABASE", nowhere)
    monkeypatch.setattr(log_postgres, "CONNECT_SECONDS", 0.3)
    for command in (("migrate",), ("account", "list"), ("board",)):
        ran = bare.run(*command, "--json")
        assert code(ran) == "database.unreachable"
        assert "geheim" not in ran.out + ran.err


def test_tables_of_a_newer_version_are_left_alone(district: District) -> None:
    schema = f"{district.where.district}_access"
    with psycopg.connect(district.where.database, autocommit=True) as conn:
        conn.execute(f"UPDATE {schema}.layout SET number = number + 1".encode())
        before = conn.execute(f"SELECT number FROM {schema}.layout".encode()).fetchone()
    for command in (("migrate",), ("account", "list")):
        assert code(district.run(*command, "--json")) in ("access.newer", "database.newer")
    with psycopg.connect(district.where.database) as conn:
        assert conn.execute(f"SELECT number FROM {schema}.layout".encode()).fetchone() == before


@pytest.mark.parametrize("command", ["migrate", "api", "gateway", "follow"])
def test_what_needs_a_database_says_so(terminal: Terminal, command: str) -> None:
    assert code(terminal.run(command, "--json")) == "database.not_set"


@pytest.mark.parametrize("command", ["api", "gateway", "follow", "serve"])
def test_no_process_makes_tables(bare: District, command: str) -> None:
    assert code(bare.run(command, "--port", "0", "--json")) == "database.not_migrated"
    with psycopg.connect(bare.where.database) as conn:
        found = conn.execute(
            "SELECT 1 FROM pg_namespace WHERE nspname LIKE %s", (f"{bare.where.district}%",)
        )
        assert found.fetchall() == []


def test_accounts_and_links_are_made_beside_the_processes(
    district: District, running: Home
) -> None:
    divisions = district.data.parent / "divisions.csv"
    divisions.write_text(DIVISIONS, "utf-8")
    district.ok("divisions", "import", divisions)
    district.ok("people", "generate", "--contacts", "6", "--grids", "6")
    running.caught_up()
    made = district.json("account", "create", "ops", "--role", "operator")
    signed_in = running.access.sign_in("ops", made["password"])
    assert running.access.identify(signed_in.token) is not None
    number = sorted(running.organisation.caught_up()[0].people)[0].removeprefix("person-")
    issued = district.json("link", "issue", "--person", number, "--url", "https://c.example")
    assert issued["links"][0]["url"].startswith("https://c.example/s#")
    assert [one["account"] for one in district.json("account", "list")] == ["ops"]
    tokens = district.data.parent / "tokens"
    signed = district.json("fleet-sign-in", tokens, "--most", "3")
    assert signed["people"] == 3
    assert not (district.data / "access.db").exists()


def test_findings_kept_elsewhere_are_taken_in_beside_the_processes(
    district: District, running: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = district.data.parent
    divisions, systems, kept = folder / "d.csv", folder / "systems.toml", folder / "kept.csv"
    divisions.write_text(DIVISIONS, "utf-8")
    district.ok("divisions", "import", divisions)
    district.ok("people", "generate", "--contacts", "6", "--grids", "6")
    number = sorted(running.organisation.caught_up()[0].people)[0].removeprefix("person-")
    systems.write_text(
        '[systems.hotline]\nsource = "urn:example:hotline"\nmay = ["finding"]\n'
        f'divisions = ["999901"]\nreporter = "{number}"\n'
    )
    monkeypatch.setenv("HANDHELD_SYSTEMS", str(systems))
    rows = (f"H{n},2021-07-23T08:00:00+08:00,999901101201,井盖缺失{n}\n" for n in range(300))
    kept.write_text("record,occurred_at,division,text\n" + "".join(rows), "utf-8")
    assert district.json("finding", "import", kept, "--system", "hotline")["new"] == 300
    again = district.json("finding", "import", kept, "--system", "hotline")
    assert (again["new"], again["known"]) == (0, 300)
    running.caught_up()
    facts = running.log.read_kinds(0, ["finding"])
    assert [row[2] for row in facts] == [1] * 300


def test_a_directory_is_not_made_where_a_database_is_set(bare: District) -> None:
    assert code(bare.run("init", "--json")) == "database.migrate"
    assert not bare.data.exists()


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_copies_are_made_with_the_tools_of_postgresql(
    district: District, tmp_path: Path, command: str
) -> None:
    ran = district.run(command, tmp_path / "copy")
    assert ran.code != 0
    assert "pg_basebackup" in ran.err
    assert "docs/scale-out.md" in ran.err
    assert code(district.run(command, tmp_path / "copy", "--json")) == "database.own_tools"


def examined(district: District) -> dict[str, str]:
    """What the doctor finds: its state, by code."""
    ran = district.run("doctor", "--port", "0", "--json")
    return {one["code"]: one["state"] for one in ran.json["checks"]}


def test_the_doctor_looks_at_database_and_nats(
    bare: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert examined(bare)["database.no_tables"] == "failed"
    bare.ok("migrate")
    with server_of(tmp_path) as nats:
        monkeypatch.setenv("HANDHELD_NATS", nats.url)
        found = examined(bare)
        assert {code: state for code, state in found.items() if state == "failed"} == {}
        there = ("version", "synchronous", "same_clock", "tables")
        assert [found[f"database.{code}"] for code in there] == ["fine"] * 4
        assert found["nats.jetstream"] == "fine"
    assert examined(bare)["nats.unreachable"] == "failed"
    monkeypatch.setenv("HANDHELD_DATABASE", f"host={tmp_path} port=1 password=geheim")
    ran = bare.run("doctor", "--port", "0")
    assert ran.code != 0
    assert "cannot be reached" in ran.out
    assert "geheim" not in ran.out


def test_the_doctor_tells_what_a_server_promises_too_early(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = f"{district.where.database} options='-c synchronous_commit=off'"
    monkeypatch.setenv("HANDHELD_DATABASE", asked)
    assert examined(district)["database.asynchronous"] == "warning"


@contextmanager
def server_of(folder: Path) -> Generator[LocalNats]:
    """NATS with JetStream."""
    made = LocalNats(folder / "nats")
    made.start()
    try:
        yield made
    finally:
        made.stop()
