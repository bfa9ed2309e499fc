"""From a commit's acknowledgement in one process until another shows it, at half the saturated rate.

One process writes single acceptances, another is a gateway; a third follows, as in every district.
What is told: since when the other process' boards show the position, and when somebody who watches
the county's board there has it. The floor is a bare NOTIFY until its LISTEN hears it.
"""

from __future__ import annotations

import json
import time
from bisect import bisect_left
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median, quantiles
from threading import Event, Thread
from typing import NamedTuple

import psycopg
from websockets.sync.client import ClientConnection, connect

from benchmarks import county, start
from benchmarks.county import Shape
from benchmarks.district import Districts
from benchmarks.live import process, sign_in_operator
from benchmarks.places import Place
from benchmarks.report import Line
from handheld.adapters.local_postgres import LocalPostgres, local_postgres
from handheld.application.pushing.boards import BETWEEN_SECONDS
from handheld.bootstrap import Home

NAME = "cluster_delta"
GOAL_MS = 20.0
SINGLE = 20
"""Commands on a board at rest in each round."""
RESTS = 1.0
"""Seconds after which nothing is on its way any more."""
SINGLE_RATE = 2.0
"""A second: each finds the showing before long past."""
NOTICES = 500
PATIENCE = 60.0
LOOK_SECONDS = 0.2

Times = Sequence[tuple[int, float]]
"""Positions and when, in their order."""


class Round(NamedTuple):
    """Seconds, of each command or notice."""

    rate: float
    """Commands a second, saturated."""
    bare: list[float]
    boards: list[float]
    watched: list[float]
    single: list[float]


class Watcher:
    """Somebody who watches the county's board on a socket of their own."""

    def __init__(self, port: int, token: str) -> None:
        self.shown: list[tuple[int, float]] = []
        self._came = Event()
        self._ending = Event()
        self._url = f"ws://127.0.0.1:{port}/api/v1/live"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        again = 0.0
        while not self._ending.wait(again):
            with connect(self._url, additional_headers=self._headers, max_size=None) as socket:
                again = self._watch(socket)

    def _watch(self, socket: ClientConnection) -> float:
        """Until it is to end; or until the gateway says that it is not ready: gives for how long."""
        clock = datetime.now(UTC).isoformat()
        hello = {"type": "hello", "device": "device-desk", "clock": clock, "inbox": False}
        board = {"type": "watch", "watch": "county", "board": {"key": county.DISTRICT}}
        socket.send(json.dumps(hello))
        while not self._ending.is_set():
            try:
                text = socket.recv(LOOK_SECONDS)
            except TimeoutError:
                continue
            now, told = time.monotonic(), json.loads(text)
            match told["type"]:
                case "welcome":
                    socket.send(json.dumps(board))
                case "board" | "delta":
                    self.shown.append((told["position"], now))
                    self._came.set()
                case "bye":
                    return float(told["retry_after"])
                case _:
                    pass
        return 0.0

    def until(self, position: int) -> Times:
        """What was shown until this position is. Raises TimeoutError."""
        give_up = time.monotonic() + PATIENCE
        while not self.shown or self.shown[-1][0] < position:
            self._came.clear()
            if time.monotonic() > give_up:
                raise TimeoutError
            self._came.wait(LOOK_SECONDS)
        return self.shown[:]

    def close(self) -> None:
        """Watch no more."""
        self._ending.set()
        self._thread.join()


class Deltas:
    """Round after round, each on a copy of the district after a start."""

    def __init__(self, place: Place, server: LocalPostgres, shape: Shape) -> None:
        self._server = server
        self._shape = shape
        self._operator = ""
        self._districts = Districts(server, place, shape, self._begin)

    def _begin(self, home: Home) -> None:
        home.writer.execute(start.request())
        self._operator = sign_in_operator(home)

    def round(self) -> Round:
        """Saturated, then at half of that, then one by one."""
        bare = bare_notices(self._server.conninfo, min(NOTICES, self._shape.tasks))
        with self._districts.fresh() as where, self._districts.processes(where, ["follow"]):
            told = (where.database, where.district, str(where.directory))
            with (
                process("benchmarks.delta_processes", "gateway", *told) as gateway,
                process("benchmarks.delta_processes", "writer", *told) as writer,
                self._watching(gateway.hear()["port"]) as watcher,
            ):
                writer.hear()

                def paced(count: int, rate: float) -> tuple[Times, Times, Times]:
                    answer = writer.do("pace", count=count, rate=rate)
                    acknowledged = [(p, at) for p, at in answer["acknowledged"]]
                    last = acknowledged[-1][0]
                    shown = watcher.until(last)
                    return acknowledged, gateway.do("seen", position=last)["seen"], shown

                third = self._shape.tasks // 3
                rate: float = writer.do("saturate", count=third)["rate"]
                half = paced(third, rate / 2)
                time.sleep(RESTS)
                single = paced(min(SINGLE, third // 4), SINGLE_RATE)
        return Round(
            rate,
            bare,
            delays(half[0], half[1]),
            delays(half[0], half[2]),
            delays(single[0], single[2]),
        )

    @contextmanager
    def _watching(self, port: int) -> Generator[Watcher]:
        watcher = Watcher(port, self._operator)
        try:
            watcher.until(0)
            yield watcher
        finally:
            watcher.close()


def delays(acknowledged: Times, shown: Times) -> list[float]:
    """How long after each acknowledgement the first showing of its position, or a later one, came."""
    positions = [position for position, _ in shown]
    return [shown[bisect_left(positions, p)][1] - at for p, at in acknowledged]


def bare_notices(conninfo: str, count: int) -> list[float]:
    """From before a notice is sent until another connection has it, one after the other."""
    heard: list[float] = []
    with (
        psycopg.connect(conninfo, autocommit=True) as sending,
        psycopg.connect(conninfo, autocommit=True) as listening,
    ):
        listening.execute("LISTEN bare")
        for _ in range(count):
            began = time.monotonic()
            sending.execute("NOTIFY bare")
            for _ in listening.notifies(timeout=PATIENCE, stop_after=1):
                heard.append(time.monotonic() - began)
    return heard


def p99(values: Sequence[float]) -> float:
    """As high as only one in a hundred is higher, in milliseconds."""
    return quantiles(values, n=100, method="inclusive")[98] * 1000


def run(place: Place, rounds: int, shape: Shape = county.ELEVEN_THOUSAND) -> list[Line]:
    """Measure."""
    with local_postgres(shared_buffers="256MB", max_wal_size="4GB", max_connections=200) as server:
        deltas = Deltas(place, server, shape)
        measured = [deltas.round() for _ in range(rounds + 1)]
    measured = measured[1:] or measured
    bare = median(value for one in measured for value in one.bare) * 1000
    rate = median(one.rate for one in measured)

    def line(what: str, taken: Sequence[list[float]], goal: float | None) -> Line:
        values = [value for one in taken for value in one]
        each = [p99(one) for one in taken]
        return Line(
            benchmark=NAME,
            what=what,
            value=p99(values) - bare,
            unit="ms above a bare LISTEN",
            goal=goal,
            at_most=True,
            note=f"P99 from {min(each):.1f} to {max(each):.1f} ms by round, median "
            f"{median(values) * 1000:.1f} ms, of {len(values):,}; bare LISTEN {bare:.2f} ms; saturated "
            f"{rate:,.0f} commands/s",
        )

    return [
        line(
            "P99, acknowledged → on the boards of another process, at half the saturated rate",
            [one.boards for one in measured],
            GOAL_MS,
        ),
        line(
            "P99, acknowledged → delta at a watcher of another process, of a board at rest",
            [one.single for one in measured],
            GOAL_MS,
        ),
        line(
            "P99, acknowledged → delta at a watcher of another process, at half the saturated rate: "
            f"showings are {BETWEEN_SECONDS * 1000:.0f} ms apart",
            [one.watched for one in measured],
            None,
        ),
    ]
