"""HTTP: a board of 20 kB, and durable single commands of 64 keep-alive clients, against floors.

The server has core 0, the load core 1; the load is the same for floor and product.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec

from benchmarks import county
from benchmarks.county import Shape
from benchmarks.http_load import Measured, Plan
from benchmarks.http_serving import Ready
from benchmarks.measure import Rounds, Timing, in_turns, spread
from benchmarks.places import Place, place
from benchmarks.report import Line, contest
from benchmarks.start import request
from handheld.bootstrap import Home
from handheld.domain.ordering import Order
from handheld.domain.starting import StartAdHoc
from handheld_events.ids import command_id

NAME = "http"
CLIENTS = 64
SMALL_FORCES = 60
"""Besides the large one: with so many task forces the board has some 20 kB."""
GETS = 6_000
COMMANDS = 4_096
PATIENCE = 120.0
LOAD_CORE = 1


class Running(NamedTuple):
    """A server process."""

    process: subprocess.Popen[bytes]
    port: int
    tokens: Sequence[str]

    def cpu(self) -> float:
        """CPU seconds that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(kind: str, path: Path) -> Generator[Running]:
    """A server until the end of the block."""
    words = [sys.executable, "-m", "benchmarks.http_serving", kind, str(path)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ready = msgspec.json.decode(process.stdout.readline(), type=Ready)
        yield Running(process, ready.port, ready.tokens)
    finally:
        process.stdin.close()
        process.wait(PATIENCE)


def load(running: Running, requests: list[list[str]]) -> Timing:
    """Send the requests; wall time of the load, CPU seconds of the server."""
    plan = Plan(running.port, requests, core=LOAD_CORE)
    before = running.cpu()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.http_load"],
        input=msgspec.json.encode(plan),
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE,
    )
    measured = msgspec.json.decode(done.stdout, type=Measured)
    if measured.wrong:
        msg = f"{measured.wrong} of {measured.answers} answers were wrong: {measured.first_wrong}"
        raise RuntimeError(msg)
    return Timing(measured.seconds, running.cpu() - before)


def run(where: Place, rounds: int, shape: Shape = county.ELEVEN_THOUSAND) -> list[Line]:
    """Measure."""
    template = where.template("county", lambda path: county.settle(path, shape))
    return [_board(where, template, rounds), _single(where, template, rounds, shape)]


# --- GET of a board --------------------------------------------------------------------------------


def _board(where: Place, template: Path, rounds: int) -> Line:
    with where.copy(template) as path:
        with Home(path) as home:
            home.writer.execute(request())
            for number in range(SMALL_FORCES):
                order = Order(text="清理倒伏树木", people=("person-G00000",))
                small = StartAdHoc(
                    title=f"道路抢通{number}", division=county.DISTRICT, orders=(order,)
                )
                home.execute(small, "operator")
            home.access.create_account("ops", "correct horse battery")
            home.caught_up()
        with server("product", path) as product:
            token, address = _operator(product.port), f"/api/v1/boards/divisions/{county.DISTRICT}"
            body = where.root / "board.json"
            headers = {"authorization": f"Bearer {token}"}
            url = f"http://127.0.0.1:{product.port}{address}"
            body.write_bytes(httpx.get(url, headers=headers, trust_env=False).content)
            with server("bare", body) as bare:
                took = in_turns(
                    rounds,
                    {
                        "bare": lambda: load(bare, _gets("/board", token)),
                        "product": lambda: load(product, _gets(address, token)),
                    },
                )
    size = body.stat().st_size
    return _line(
        f"GET of a board of {size / 1000:.0f} kB, signed in and with policy: rate",
        took["product"],
        took["bare"],
        0.8,
        ("GET /boards/divisions/…", "FastAPI, one dependency, same bytes"),
    )


def _gets(path: str, token: str) -> list[list[str]]:
    text = f"GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n"
    return [[text] * (GETS // CLIENTS) for _ in range(CLIENTS)]


def _operator(port: int) -> str:
    said = {"name": "ops", "password": "correct horse battery"}
    answer = httpx.post(f"http://127.0.0.1:{port}/api/v1/sign-in", json=said, trust_env=False)
    return str(answer.json()["token"])


# --- durable single commands -------------------------------------------------------------------------


def _single(where: Place, template: Path, rounds: int, shape: Shape) -> Line:
    with where.copy(template) as path, place() as other:
        with Home(path) as home:
            home.writer.execute(request())
            home.caught_up()
            tasks = {
                task.person: stream for stream, task in home.boards.tasks(_started(home)).items()
            }
        with other.copy(path) as twin:
            turn = _Turns(shape, tasks)
            with server("product", path) as product, server("no_log", twin) as floor:
                took = in_turns(
                    rounds,
                    {
                        "floor": lambda: load(floor, turn.requests(floor.tokens)),
                        "product": lambda: load(product, turn.requests(product.tokens)),
                    },
                )
    return _line(
        f"durable single commands, {CLIENTS} keep-alive clients: rate",
        took["product"],
        took["floor"],
        0.4,
        ("POST /tasks/…/read and so on", "the same, without the log"),
    )


def _started(home: Home) -> str:
    (line,) = home.boards.tier_board(county.DISTRICT).task_forces
    return line.task_force


class _Turns:
    """Commands that are each accepted: another step of other tasks in every round."""

    def __init__(self, shape: Shape, tasks: dict[str, str]) -> None:
        self._people = sorted(tasks)
        self._tasks = tasks
        self._made = 0

    def requests(self, tokens: Sequence[str]) -> list[list[str]]:
        people = sorted(self._people)
        by_person = dict(zip(_signed_in(people, tokens), tokens, strict=False))
        found: list[list[str]] = [[] for _ in range(CLIENTS)]
        for number in range(COMMANDS):
            person = people[(self._made + number) % len(people)]
            step = ("read", "accept", "en-route", "on-scene")[
                (self._made + number) // len(people) % 4
            ]
            key = command_id(
                int(county.OPENED.timestamp() * 1000), (self._made + number).to_bytes(10, "big")
            )
            found[number % CLIENTS].append(
                f"POST /api/v1/tasks/{self._tasks[person]}/{step} HTTP/1.1\r\nhost: bench\r\n"
                f"authorization: Bearer {by_person[person]}\r\nidempotency-key: {key}\r\n"
                "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
            )
        self._made += COMMANDS
        return found


def _signed_in(people: Sequence[str], tokens: Sequence[str]) -> Sequence[str]:
    """The server signs in everybody, sorted; those with tasks are all of them here."""
    if len(people) != len(tokens):
        msg = f"{len(people)} people have tasks, {len(tokens)} are signed in"
        raise RuntimeError(msg)
    return people


def _line(what: str, ours: Rounds, floor: Rounds, goal: float, names: tuple[str, str]) -> Line:
    low, high = spread(floor, ours)
    return Line(
        benchmark=NAME,
        what=what,
        value=floor.wall / ours.wall,
        unit="× floor",
        goal=goal,
        at_most=False,
        note=f"from {low:.2f} to {high:.2f} by round; {floor.cpu / ours.cpu:.2f} in CPU",
        contests=(contest(names[0], ours), contest(names[1], floor)),
    )
