"""The typhoon on a cluster: one start reaches everybody while its parts are killed one by one.

Everything goes the way that people's doings go: over the API, over WebSockets, by reaction. What came
of it is compared: what the phones hold with what the gateways have, the boards of one process with
those of another, the published stream with the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib.resources import files
from time import monotonic
from typing import Any, NamedTuple

from handheld.adapters.api_client import ApiClient
from handheld.demo.scene import COUNTY
from handheld.domain.errors import HandheldError
from handheld.entrypoints.cluster.district import Cluster
from handheld.entrypoints.cluster.processes import Member

TAKEOVER_SECONDS = 5.0
"""So soon a duty has another holder."""
RECOVERY_SECONDS = 10.0
"""So soon everything works again, after any one part was killed."""
BOARD = f"/boards/divisions/{COUNTY}"
LOOK_SECONDS = 0.05


class Killed(NamedTuple):
    """A part that was killed while everything went on."""

    name: str
    seconds: float
    """Until all that it did was done again, by another or by itself."""


class Told(NamedTuple):
    """Whoever shows the story is told, as it happens."""

    warned: Callable[[str], None]
    started: Callable[[int, float], None]
    """How many facts it made, and how many seconds it took until it was durable."""
    killed: Callable[[Killed], None]


class ClusterStory:
    """Plays it. `duty` and `operator` are signed in at every API."""

    def __init__(self, cluster: Cluster, duty: ApiClient, operator: ApiClient, told: Told) -> None:
        self._cluster = cluster
        self._duty = duty
        self._operator = operator
        self._told = told
        self._warning: dict[str, Any] = {}
        self.task_force = ""
        self.killed: list[Killed] = []

    async def warned(self) -> None:
        """The bureau's message arrives; a plan answers it by reaction."""
        alert = (files("handheld.data") / "demo" / "typhoon-1-warning.xml").read_bytes()
        await self._operator.post("/warnings/cap", alert)

        async def proposed() -> Any:
            rows = (await self._duty.get("/warnings/in-force", division=COUNTY))["rows"]
            return next((row for row in rows if row["proposals"]), None)

        self._warning = await until(proposed)
        self._told.warned(self._warning["event"])

    async def started(self) -> None:
        """The duty officer presses; a gateway is killed while the tasks go out."""
        proposal = self._warning["proposals"][0]
        command = {
            "plan": proposal["plan"],
            "division": proposal["division"]["code"],
            "title": proposal["title"],
            "level": proposal["level"],
            "warning": self._warning["warning"],
        }
        begun = monotonic()
        done = await self._duty.post("/task-forces/from-plan", command)
        seconds = monotonic() - begun
        self.task_force = done["made"]
        self._told.started(done["first"] and done["last"] - done["first"], seconds)
        await self._kill(self._cluster.member("gateway", 1), self._order)

    async def troubles(self) -> None:
        """The others, one by one; an order in each trouble shows that everything works again."""
        await self._kill(self._cluster.member("api", 1), self._order)
        holder = await self._cluster.holder("reactions")
        if holder is not None:
            await self._kill(holder, lambda: until(self._reacts))
        await self._published()
        await self._cluster.kill_nats()
        await self._noted("nats", self._published)
        await self._cluster.nats_again()
        await asyncio.to_thread(self._cluster.kill_postgres)
        await self._noted("postgresql", self._order)

    async def counts(self) -> dict[str, int]:
        """Tasks of the county by state, as an API shows them."""
        board = (await self._duty.get(BOARD, task_force=self.task_force))["board"]
        return dict(board["count"])

    async def closed(self) -> None:
        """It stands down, and is closed."""
        at = f"/task-forces/{self.task_force}"
        await self._duty.post(f"{at}/stand-down", {"reason": "台风已过境。"})
        outcome = {"outcome": "演示结束，无人员伤亡。", "withdraw_open": True}
        await self._duty.post(f"{at}/close", outcome)

    async def compared(self) -> tuple[bool, int, int]:
        """Whether all APIs show the same board; how many messages the stream has, and facts the log."""
        boards = [self._duty.at(address) for address in self._cluster.addresses("api")]
        end = 0

        async def at_rest() -> bool:
            nonlocal end
            found = [await one.get(BOARD) for one in boards]
            end = max(int(one["position"]) for one in found)
            standing = await self._cluster.published()
            last = standing.last
            return (
                len({one["position"] for one in found}) == 1
                and last is not None
                and last.position >= end
            )

        await until(at_rest)
        shown = [(await one.get(BOARD))["board"] for one in boards]
        standing = await self._cluster.published()
        return all(one == shown[0] for one in shown), standing.messages, end

    # --- killing ----------------------------------------------------------------------------------

    async def _kill(self, member: Member, works: Callable[[], Awaitable[Any]]) -> None:
        await member.kill()
        await self._noted(member.name, works)
        await member.start()

    async def _noted(self, name: str, works: Callable[[], Awaitable[Any]]) -> None:
        begun = monotonic()
        await works()
        killed = Killed(name, monotonic() - begun)
        self.killed.append(killed)
        self._told.killed(killed)

    async def _reacts(self) -> bool:
        return await self._cluster.holder("reactions") is not None

    async def _published(self) -> None:
        """What is ordered now arrives in the stream."""
        position = await self._order()

        async def arrived() -> bool:
            with suppress(HandheldError):  # another server is being chosen
                last = (await self._cluster.published()).last
                return last is not None and last.position >= position
            return False

        await until(arrived)

    async def _order(self) -> int:
        """An order goes out, and is on the board; gives its last position."""
        order = {
            "text": f"报告本村情况（第{len(self.killed) + 1}次）。",
            "to": [{"role": "village_official", "tier": "village"}],
            "accept_within": 1800,
        }
        done = await self._duty.post(f"/task-forces/{self.task_force}/orders", {"order": order})
        position = int(done["last"])

        async def shown() -> bool:
            board = await self._duty.get(BOARD, task_force=self.task_force)
            return bool(board["position"] >= position)

        await until(shown)
        return position


async def until(true: Callable[[], Awaitable[Any]], seconds: float = 60.0) -> Any:
    """Wait until something is so, and give it. Raises HandheldError (`cluster.waited`)."""
    give_up = monotonic() + seconds
    while True:
        found = await true()
        if found:
            return found
        if monotonic() >= give_up:
            raise HandheldError("cluster.waited", seconds=round(seconds))
        await asyncio.sleep(LOOK_SECONDS)
