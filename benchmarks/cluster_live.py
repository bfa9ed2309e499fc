"""A click on a cluster until the last phone has its task, against the same click on one process.

The cluster: PostgreSQL, `handheld api`, two of `handheld gateway`, `handheld follow`; half of the
phones at each gateway. The floor is what `live` measures: `handheld serve` on SQLite. Phones have the
last core for themselves; one server has the first; processes of a cluster go where there is room.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from benchmarks import county, live
from benchmarks.county import Shape
from benchmarks.district import Districts
from benchmarks.live import Process, check_tasks, click, process, sign_in, sign_in_operator
from benchmarks.measure import Timing, in_turns, spread
from benchmarks.places import Place
from benchmarks.report import Line, contest
from handheld.adapters.local_postgres import LocalPostgres, local_postgres
from handheld.bootstrap import Home
from handheld.entrypoints.cluster.processes import Kind, Member

NAME = "cluster_live"
_KINDS: tuple[Kind, ...] = ("api", "gateway", "gateway", "follow")
GATEWAYS = _KINDS.count("gateway")


class Clicks:
    """One click after another, each on data of its own."""

    def __init__(self, place: Place, server: LocalPostgres, shape: Shape) -> None:
        self._place = place
        self._shape = shape
        self._files = [place.root / f"tokens-{n}" for n in range(GATEWAYS)]
        self._firsts: list[int] = []
        self._operator = ""
        self._districts = Districts(server, place, shape, self._sign_in)
        self._all = place.root / "tokens"
        self._embedded_operator = ""
        self._template = place.template("embedded", self._settle)

    def _sign_in(self, home: Home) -> None:
        tokens = sign_in(home, self._shape)
        for number, file in enumerate(self._files):
            first = len(tokens) * number // GATEWAYS
            self._firsts.append(first)
            file.write_text("\n".join(tokens[first : len(tokens) * (number + 1) // GATEWAYS]))
        self._operator = sign_in_operator(home)

    def _settle(self, path: Path) -> None:
        county.settle(path, self._shape)
        with Home(path) as home:
            self._all.write_text("\n".join(sign_in(home, self._shape)))
            self._embedded_operator = sign_in_operator(home)

    def embedded(self) -> Timing:
        """One process on SQLite, and one crowd."""
        with (
            self._place.copy(self._template) as path,
            process("benchmarks.live_servers", "product", str(path)) as server,
        ):
            port = str(server.hear()["port"])
            with process("benchmarks.live_phones", port, str(self._all)) as phones:
                phones.do("connect", kind="welcome")
                before = server.do("usage")
                address = f"http://127.0.0.1:{port}"
                wall = self._clicked(address, self._embedded_operator, [phones])
                after = server.do("usage")
        return Timing(wall, after["cpu"] - before["cpu"])

    def clustered(self) -> Timing:
        """Four processes and a database, and a crowd at each gateway."""
        with (
            self._districts.fresh() as where,
            self._districts.processes(where, _KINDS) as members,
            ExitStack() as stack,
        ):
            crowds = [
                stack.enter_context(
                    process("benchmarks.live_phones", str(one.port), str(file), str(first))
                )
                for one, file, first in zip(
                    _of(members, "gateway"), self._files, self._firsts, strict=True
                )
            ]
            for phones in crowds:
                phones.do("connect", kind="welcome")
            before = self._districts.cpu(members)
            (api,) = _of(members, "api")
            wall = self._clicked(api.address, self._operator, crowds)
            return Timing(wall, self._districts.cpu(members) - before)

    def _clicked(self, address: str, operator: str, crowds: list[Process]) -> float:
        for phones in crowds:
            phones.do("await", kind="items")
        began = click(address, operator)
        for phones in crowds:
            phones.tell("all heard")
        heard = [phones.hear() for phones in crowds]
        check_tasks(heard, self._shape)
        return float(max(told["ended"] for told in heard) - began)


def _of(members: list[Member], kind: Kind) -> list[Member]:
    return [one for one in members if one.kind == kind]


def run(place: Place, rounds: int, shape: Shape = county.ELEVEN_THOUSAND) -> list[Line]:
    """Measure."""
    with local_postgres(shared_buffers="256MB", max_wal_size="4GB", max_connections=200) as server:
        clicks = Clicks(place, server, shape)
        took = in_turns(rounds, {"floor": clicks.embedded, "cluster": clicks.clustered})
    base, ours = took["floor"], took["cluster"]
    low, high = spread(ours, base)
    return [
        Line(
            benchmark=NAME,
            what=f"click → last of {shape.tasks:,} phones over {GATEWAYS} gateways",
            value=ours.wall / base.wall,
            unit=f"× {live.NAME}",
            goal=1.3,
            at_most=True,
            note=f"from {low:.2f} to {high:.2f} by round; {ours.cpu / base.cpu:.2f} in CPU, of the "
            "database and four processes on all cores against one process on one core",
            contests=(contest("click, cluster", ours), contest("click, one process", base)),
        )
    ]
