"""Helpers for tests of the log, the writer and durability. All people here are synthetic."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from handheld.adapters.clock import RealClock
from handheld.adapters.keyring import FileKeyring
from handheld.adapters.log import CommandLog, open_sqlite
from handheld.adapters.log_memory import MemoryLog
from handheld.adapters.log_sqlite import SQLiteLog
from handheld.application.board_keeper import BoardKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import CommandKey, Decided, Log, NewRow
from handheld.application.requests import Receipt, Request
from handheld.application.world import KeptWorld
from handheld.application.writer import BATCH, CAPACITY, Writer
from handheld.bootstrap import Home, found_home
from handheld.domain.answers import Outcome
from handheld.domain.plan import AdoptPlan
from handheld.domain.register import (
    Contact,
    DivisionRow,
    ImportDivisions,
    ImportPeople,
    PersonRow,
)
from handheld.domain.starting import StartFromPlan
from handheld_events.envelope import Meta
from handheld_events.ids import TaskIds, command_id, order_id, person_stream
from handheld_events.orders import PlanOrder, Target
from handheld_projections.organisation import Post

ROOT = Path(__file__).resolve().parents[1]
COUNTY, TOWNSHIP, VILLAGE = "330825", "330825100", "330825100200"
TOPIC = "task.accepted.v1"

_numbers = count(1)


def new_command(number: int | None = None) -> str:
    """A command id; the same number gives the same one."""
    number = next(_numbers) if number is None else number
    return command_id(1_627_023_600_000 + number, blake2b(b"%d" % number, digest_size=10).digest())


def key(command: str | None = None, actor: str = "operator", body: bytes = b"body") -> CommandKey:
    """The key of a command."""
    return CommandKey(actor, command or new_command(), blake2b(body, digest_size=16).digest())


def rows(stream: str, *versions: int, state: bytes = b"{}") -> list[NewRow]:
    """Facts on one stream."""
    return [(stream, version, TOPIC, state) for version in versions]


def decided(
    facts: Sequence[NewRow] = (),
    *,
    reads: Sequence[tuple[str, int]] = (),
    about: CommandKey | None = None,
    outcome: Outcome = "accepted",
    code: str | None = None,
) -> Decided:
    """A decision, ready to be written."""
    return Decided(about or key(), outcome, code, reads, facts)


def history(log: Log) -> list[tuple[int, str, int]]:
    """Position, stream and version of everything in a log."""
    return [row[:3] for row in log.read(0, 10_000_000)]


def assert_whole(log: Log) -> None:
    """Positions grow, times never decrease, every stream counts 1, 2, 3 …"""
    position = recorded = 0
    versions: dict[str, int] = {}
    for at, stream, version, _, _, us in log.read(0, 10_000_000):
        assert at > position
        assert us >= recorded
        assert version == versions.get(stream, 0) + 1, f"{stream}: {version}"
        position, recorded, versions[stream] = at, us, version


def person(number: int) -> str:
    """The stream of a synthetic person."""
    return person_stream(f"S{number:06d}")


class Bench:
    """A writer on a log with nothing around it but what its decisions need."""

    def __init__(
        self,
        app: CommandLog,
        keys: Path,
        *,
        world: type[KeptWorld] = KeptWorld,
        capacity: int = CAPACITY,
        batch: int = BATCH,
    ) -> None:
        self.app = app
        self.log: Log = app.port
        self.keyring = FileKeyring(keys)
        self.clock = RealClock()
        organisation, boards = OrganisationKeeper(self.log, None), BoardKeeper(self.log, None)
        self.world = world(self.log, organisation, boards, self.clock, followed=False)
        self.writer = Writer(self.log, self.clock, self.world, capacity=capacity, batch=batch)

    def request(self, command: Any, actor: str, command_id: str | None = None) -> Request:
        """A request made now."""
        moment = self.clock.now()
        about = Meta(actor=actor, command=command_id or new_command(), occurred_at=moment)
        return Request(command, about)

    def execute(self, command: Any, actor: str, command_id: str | None = None) -> Receipt:
        """Carry out a command."""
        return self.writer.execute(self.request(command, actor, command_id))

    def close(self) -> None:
        """Close the writer and what it writes to."""
        self.writer.close()
        self.keyring.close()
        self.app.close()


@contextmanager
def held(bench: Bench) -> Generator[Callable[[], None]]:
    """Somebody else has the log's write lock: what is submitted meanwhile waits, and is one batch.

    Gives what waits until the writer stands at the lock, with all that it has taken so far.
    """
    with _locked(bench.log), pytest.MonkeyPatch.context() as patched:
        at_the_lock, commit = Event(), bench.log.commit

        def told(*about: Any) -> Any:
            at_the_lock.set()
            return commit(*about)

        def arrived() -> None:
            assert at_the_lock.wait(60)

        patched.setattr(bench.log, "commit", told)
        yield arrived


@contextmanager
def _locked(log: Log) -> Generator[None]:
    if isinstance(log, SQLiteLog):
        with open_sqlite(Path(log.datastore.pool.db_name)) as other:
            port = other.port
            assert isinstance(port, SQLiteLog)
            with port.datastore.transaction(commit=True):
                yield
    else:
        assert isinstance(log, MemoryLog)
        with log._database_lock:
            yield


def populate(
    home: Home | Bench, people: int, *, name: str = "合成{}", phone: str | None = None
) -> None:
    """A county with one village in which everybody is a household contact, and a plan for them."""
    divisions = tuple(
        DivisionRow(code=code, name=words, synthetic=True)
        for code, words in ((COUNTY, "县"), (TOWNSHIP, "乡"), (VILLAGE, "村"))
    )
    home.execute(ImportDivisions(rows=divisions), "operator")
    numbers = range(people)
    names = home.keyring.seal([(person(n), name.format(n)) for n in numbers])
    phones = home.keyring.seal([(person(n), phone.format(n)) for n in numbers]) if phone else None
    home.execute(
        ImportPeople(
            rows=tuple(
                PersonRow(
                    person=person(n),
                    contact=Contact(names[n], phones[n] if phones else None),
                    posts=(Post("household_contact", VILLAGE),),
                    synthetic=True,
                )
                for n in numbers
            )
        ),
        "operator",
    )
    order = PlanOrder(
        key="visit", text="走访", to=(Target(role="household_contact", tier="village"),)
    )
    home.execute(
        AdoptPlan(plan="storm", title="防台风", division=COUNTY, orders=(order,)), "operator"
    )


def populated(directory: Path, people: int) -> Path:
    """A data directory with such a county, closed."""
    found_home(directory)
    with Home(directory) as home:
        populate(home, people)
    return directory


def copied(directory: Path, to: Path) -> Path:
    """A copy of a closed data directory."""
    shutil.copytree(directory, to)
    return to


START = StartFromPlan(plan="plan-storm", division=COUNTY, again=True)


def start_request(command: str) -> Request:
    """The same start, whoever sends it again."""
    moment = datetime(2021, 7, 23, 7, tzinfo=UTC)
    return Request(START, Meta(actor="operator", command=command, occurred_at=moment))


def started_tasks(home: Home | Bench, people: int, command: str | None = None) -> list[str]:
    """Start, and give the tasks of everybody, in order."""
    command = command or new_command()
    home.writer.execute(start_request(command))
    ids = TaskIds(order_id(command, 0))
    return [ids.of(person(n)) for n in range(people)]


def child(module: str, *arguments: object) -> list[str]:
    """The command line of a child process that runs a module of the tests."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def run_children(commands: Sequence[Sequence[str]], timeout: float = 120) -> list[str]:
    """Run child processes at the same time; gives what each printed."""
    children = [
        subprocess.Popen(c, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for c in commands
    ]
    printed = []
    try:
        for one in children:
            out, err = one.communicate(timeout=timeout)
            assert one.returncode == 0, err
            printed.append(out)
    finally:
        for one in children:
            if one.poll() is None:
                one.kill()
                one.communicate()
    return printed
