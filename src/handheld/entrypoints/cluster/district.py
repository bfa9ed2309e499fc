"""A district on one machine with all its servers and processes, for the demonstration."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from handheld.adapters.api_client import health
from handheld.adapters.clock import ClockSetting
from handheld.adapters.local_nats import LocalCluster, LocalNats
from handheld.adapters.local_postgres import LocalPostgres
from handheld.adapters.nats_looking import leader, standing_of
from handheld.adapters.nats_settings import NatsSettings
from handheld.application.relaying import Standing
from handheld.bootstrap import Shared, Where, migrate
from handheld.entrypoints.cluster.processes import Kind, Member
from handheld.texts.language import Language

EACH = 2
"""So many apis, gateways and followers."""
DISTRICT = "longyou"


class Cluster:
    """PostgreSQL, three NATS servers, two apis, two gateways, two followers. Close it when done.

    Everything lies in one directory, listens on the loopback, and ends with this.
    """

    def __init__(self, directory: Path, language: Language) -> None:
        self._directory = directory
        self._language = language
        self._stack = AsyncExitStack()
        self._members: list[Member] = []
        self._dead: LocalNats
        self.where = Where(database="", district=DISTRICT, directory=directory / "files")

    async def servers(self, clock: ClockSetting) -> None:
        """Start PostgreSQL and NATS, and make the tables. Raises Installation."""
        for name in ("postgresql", "nats", "logs"):
            (self._directory / name).mkdir()
        self._directory.chmod(0o755)  # PostgreSQL runs as a user of its own where this is root
        self.postgres = await asyncio.to_thread(
            LocalPostgres, self._directory / "postgresql", max_connections=200
        )
        self._stack.callback(self.postgres.stop)
        await asyncio.to_thread(self.postgres.start)
        self.nats = LocalCluster(self._directory / "nats")
        self._stack.callback(self.nats.stop)
        await asyncio.to_thread(self.nats.start)
        self.where = Where(
            database=self.postgres.conninfo,
            district=DISTRICT,
            directory=self._directory / "files",
        )
        await asyncio.to_thread(migrate, self.where, clock)

    def place(self) -> Shared:
        """The stores, for one more process: this one."""
        return Shared(self.where)

    async def processes(self) -> None:
        """Start the processes, all at once. Raises Installation (`cluster.not_started`)."""
        env = {
            "HANDHELD_DATABASE": self.where.database,
            "HANDHELD_DISTRICT": DISTRICT,
            "HANDHELD_DATA": str(self.where.directory),
            "HANDHELD_NATS": self.nats.urls,
            "HANDHELD_NATS_REPLICAS": "3",
            "HANDHELD_LANG": self._language,
            "HANDHELD_LOG_LEVEL": "info",
        }
        kinds: Sequence[Kind] = ("gateway", "api", "follow")
        made = [
            Member(kind, number, env, self._directory / "logs")
            for kind in kinds
            for number in range(1, EACH + 1)
        ]
        self._members = made
        env["HANDHELD_GATEWAYS"] = ",".join(one.address for one in made if one.kind == "gateway")
        env["HANDHELD_ORIGINS"] = ",".join(one.address for one in made if one.kind == "api")
        for one in made:
            self._stack.push_async_callback(one.stop)
        await asyncio.gather(*(one.start() for one in made))

    def addresses(self, kind: Kind) -> list[str]:
        """Where the processes of a kind are."""
        return [one.address for one in self._members if one.kind == kind]

    def member(self, kind: Kind, number: int) -> Member:
        """One process."""
        return next(one for one in self._members if (one.kind, one.number) == (kind, number))

    async def holder(self, duty: str) -> Member | None:
        """The follower that has a duty now; None while nobody has."""
        for one in self._members:
            follows = one.kind == "follow" and one.pid is not None
            if follows and duty in (await health(one.address)).get("duties", ()):
                return one
        return None

    # --- the servers ------------------------------------------------------------------------------

    def kill_postgres(self) -> None:
        """A power cut of the database, which comes back at once and recovers."""
        self.postgres.kill()
        self.postgres.start()

    async def kill_nats(self) -> None:
        """Kill the server that leads the stream."""
        name = await leader(self._nats_settings(), DISTRICT)
        self._dead = self.nats.named(name)
        await asyncio.to_thread(self._dead.kill)

    async def nats_again(self) -> None:
        """Start it again."""
        await asyncio.to_thread(self._dead.start)

    async def published(self) -> Standing:
        """What the stream of published facts holds. Raises Installation (`nats.unreachable`)."""
        return await standing_of(self._nats_settings(), DISTRICT)

    def _nats_settings(self) -> NatsSettings:
        return NatsSettings(servers=self.nats.urls)

    async def close(self) -> None:
        """End everything, in the order in which operators would."""
        await self._stack.aclose()
