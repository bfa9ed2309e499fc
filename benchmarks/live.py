"""Phones on sockets: from the click to the last phone, the fan-out, acceptances, reconnects, memory.

Server and phones are processes of their own, each on its core; the floors are a plain `websockets`
server with the same phones, and the rows put into the log by hand.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks import county
from benchmarks.county import Shape
from benchmarks.measure import Rounds, Timing, spread
from benchmarks.places import Place
from benchmarks.report import Line, contest
from benchmarks.start import Starts
from handheld.application.access.records import DeviceSaid
from handheld.bootstrap import Home
from handheld_events.ids import command_id

NAME = "live"
ITEM = 900
"""Bytes of what a bare server sends: as many as an item of a start."""


class Process:
    """A process that obeys lines of JSON."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hear(self) -> dict[str, Any]:
        """The next line."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            msg = "a process of the measurement has ended"
            raise RuntimeError(msg)
        told: dict[str, Any] = json.loads(line)
        return told

    def tell(self, order: str, **more: Any) -> None:
        """Have it do something."""
        assert self._process.stdin is not None
        print(json.dumps({"do": order, **more}), file=self._process.stdin, flush=True)

    def do(self, order: str, **more: Any) -> dict[str, Any]:
        """Have it do something, and wait for the answer."""
        self.tell(order, **more)
        return self.hear()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def process(*arguments: str) -> Generator[Process]:
    """A process, for so long."""
    made = Process(*arguments)
    try:
        yield made
    finally:
        made.close()


class Measured:
    """Timings of one contestant, as they come."""

    def __init__(self) -> None:
        self.runs: list[Timing] = []

    def add(self, told: dict[str, Any], cpu: float) -> None:
        """From when it began to when it ended."""
        self.runs.append(Timing(told["ended"] - told["began"], cpu))

    @property
    def rounds(self) -> Rounds:
        """All of them, without the first, which warms up."""
        return Rounds(tuple(self.runs[1:] or self.runs))


class Live:
    """One round after another, on both servers."""

    def __init__(self, place: Place, shape: Shape) -> None:
        self._place = place
        self.shape = shape
        self.starts = Starts(place, shape)
        self.phones = place.root / "tokens"
        self._operator = ""
        self._template = place.template("live", self._settle)
        self.nobody = place.root / "no-tokens"
        self.nobody.write_text("\n" * (shape.tasks - 1))
        self.measured: dict[str, Measured] = {}
        self.stalls: list[float] = []
        self.kib: dict[str, list[float]] = {"product": [], "bare": []}

    def _settle(self, path: Path) -> None:
        county.settle(path, self.shape)
        with Home(path) as home:
            self.phones.write_text("\n".join(sign_in(home, self.shape)))
            self._operator = sign_in_operator(home)

    def add(self, name: str, told: dict[str, Any], cpu: float) -> None:
        """One more timing."""
        self.measured.setdefault(name, Measured()).add(told, cpu)

    def round(self) -> None:
        """Floor and product."""
        appended = self.starts.by_hand()
        self.measured.setdefault("append", Measured()).runs.append(appended)
        self._bare()
        self._product()

    def _bare(self) -> None:
        with process("benchmarks.live_servers", "bare") as server:
            port = str(server.hear()["port"])
            before = server.do("usage")
            with process("benchmarks.live_phones", port, str(self.nobody)) as phones:
                told = phones.do("connect", kind="welcome")
                after = server.do("usage")
                self.add("bare connect", told, after["cpu"] - before["cpu"])
                self.kib["bare"].append((after["rss"] - before["rss"]) / self.shape.tasks / 1024)
                phones.do("await", kind="")
                sent = server.do("send", text="x" * (ITEM - 6))
                heard = phones.do("all heard")
                self.add("bare send", {**sent, "ended": heard["ended"]}, sent["cpu"])
                self.add("bare send, written", sent, sent["cpu"])
                before = server.do("usage")
                told = phones.do("say", text="x" * 150)
                after = server.do("usage")
                self.add("bare receive", told, after["cpu"] - before["cpu"])

    def _product(self) -> None:
        with (
            self._place.copy(self._template) as path,
            process("benchmarks.live_servers", "product", str(path)) as server,
        ):
            port = str(server.hear()["port"])
            before = server.do("usage")
            with process("benchmarks.live_phones", port, str(self.phones)) as phones:
                told = phones.do("connect", kind="welcome")
                after = server.do("usage")
                self.add("connect", told, after["cpu"] - before["cpu"])
                used = (after["rss"] - before["rss"]) / self.shape.tasks / 1024
                self.kib["product"].append(used)
                self._used(server, phones, port)

    def _used(self, server: Process, phones: Process, port: str) -> None:
        phones.do("await", kind="items")
        sent = server.do("send", text=json.dumps({"seq": 0, "text": "x" * (ITEM - 50)}))
        heard = phones.do("all heard")
        self.add("fan-out", {**sent, "ended": heard["ended"]}, sent["cpu"])
        self.add("fan-out, written", sent, sent["cpu"])
        phones.do("await", kind="items")
        before = server.do("usage")
        clicked = click(f"http://127.0.0.1:{port}", self._operator)
        heard = phones.do("all heard")
        after = server.do("usage")
        check_tasks([heard], self.shape)
        cpu = after["cpu"] - before["cpu"]
        self.add("click", {"began": clicked, "ended": heard["ended"]}, cpu)
        self.stalls.append(after["stall"])
        server.do("settled")
        before = server.do("usage")
        told = phones.do("accept")
        settled = server.do("settled")
        after = server.do("usage")
        accepted = {"began": told["began"], "ended": max(told["ended"], settled["now"])}
        self.add("accept", accepted, after["cpu"] - before["cpu"])
        phones.do("ack")
        server.do("delivered", tasks=self.shape.tasks)
        phones.do("disconnect")
        before = server.do("usage")
        told = phones.do("connect", kind="welcome")
        after = server.do("usage")
        self.add("reconnect", told, after["cpu"] - before["cpu"])


def sign_in(home: Home, shape: Shape) -> list[str]:
    """A session for everybody whom the plan calls."""
    people = [person for person, _ in county.posts(shape)]
    said = [(p, DeviceSaid(id=f"device-{n:06}")) for n, p in enumerate(people)]
    return [one.token for one in home.access.grant_sessions(said)]


def sign_in_operator(home: Home) -> str:
    """A session for whoever clicks."""
    return home.access.grant_sessions([("operator", DeviceSaid(id="device-desk"))])[0].token


def click(address: str, token: str) -> float:
    """The click, over HTTP; gives when it was, by the machine's monotonic clock."""
    at = int(county.OPENED.timestamp() * 1000) + 3_600_000
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": command_id(at, bytes(10)),
    }
    body = {"plan": county.PLAN, "division": county.DISTRICT}
    with httpx.Client(base_url=f"{address}/api/v1", headers=headers) as client:
        client.get("/health/live")
        began = time.monotonic()
        answer = client.post("/task-forces/from-plan", json=body, timeout=60)
        answer.raise_for_status()
    return began


def check_tasks(heard: Sequence[dict[str, Any]], shape: Shape) -> None:
    """Everybody has a task of their own, whichever crowd they are in. Raises RuntimeError."""
    for what in ("distinct", "tasks"):
        if sum(told[what] for told in heard) != shape.tasks:
            msg = f"not everybody has a task of their own: {heard}"
            raise RuntimeError(msg)


def run(place: Place, rounds: int, shape: Shape = county.ELEVEN_THOUSAND) -> list[Line]:
    """Measure."""
    live = Live(place, shape)
    for _ in range(rounds + 1):
        live.round()
    return _lines(live)


def _lines(live: Live) -> list[Line]:
    took = {name: measured.rounds for name, measured in live.measured.items()}

    def together(name: str, *parts: str) -> Rounds:
        runs = zip(*(took[part].runs for part in parts), strict=True)
        took[name] = Rounds(
            tuple(Timing(sum(r.wall for r in run), sum(r.cpu for r in run)) for run in runs)
        )
        return took[name]

    together("append + bare send", "append", "bare send")
    together("append + bare receive", "append", "bare receive")

    def ratio(what: str, name: str, floor: str, goal: float) -> Line:
        low, high = spread(took[name], took[floor])
        cpu = took[name].cpu / took[floor].cpu
        return Line(
            benchmark=NAME,
            what=what,
            value=took[name].wall / took[floor].wall,
            unit="× floor",
            goal=goal,
            at_most=True,
            note=f"from {low:.2f} to {high:.2f} by round; {cpu:.2f} in CPU of the server",
            contests=(contest(name, took[name]), contest(floor, took[floor])),
        )

    def figure(what: str, values: list[float], unit: str, goal: float | None) -> Line:
        values = sorted(values[1:] or values)
        return Line(
            benchmark=NAME,
            what=what,
            value=values[len(values) // 2],
            unit=unit,
            goal=goal,
            at_most=True,
            note=f"from {values[0]:.3g} to {values[-1]:.3g} by round",
        )

    tasks = f"{live.shape.tasks:,}"
    rate = took["bare connect"].wall / took["reconnect"].wall * 100
    return [
        ratio(f"click → last of {tasks} phones", "click", "append + bare send", 2),
        ratio("fan-out alone, until the last phone", "fan-out", "bare send", 1.25),
        ratio("fan-out alone, until it is written", "fan-out, written", "bare send, written", 1.25),
        figure("longest stall of the loop meanwhile", [s * 1000 for s in live.stalls], "ms", 20),
        ratio(
            f"{tasks} acceptances, durable and on the board", "accept", "append + bare receive", 2
        ),
        Line(
            benchmark=NAME,
            what=f"{tasks} reconnects with session check and resume, of bare ones a second",
            value=rate,
            unit="%",
            goal=80,
            at_most=False,
            contests=(
                contest("reconnect", took["reconnect"]),
                contest("bare connect", took["bare connect"]),
            ),
        ),
        figure("memory of the server a phone", live.kib["product"], "KiB", 25),
        figure("memory of a bare server a socket", live.kib["bare"], "KiB", None),
    ]
