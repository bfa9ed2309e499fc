"""The demonstration of a cluster, as it is told on a terminal."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

import handheld.entrypoints.cli.demo_sign_ins as sign_ins
import handheld.entrypoints.cli.fleet_shown as fleet_shown
from handheld import data, synthetic
from handheld.adapters.api_client import ApiClient, sign_in
from handheld.adapters.clock import ClockSetting
from handheld.adapters.tables import read_divisions
from handheld.application.importing import plan_departments, plan_divisions, plan_people
from handheld.application.names import Names
from handheld.bootstrap import Home
from handheld.demo.parts import Where, parts
from handheld.demo.scene import COUNTY, LEAD, OPERATOR, TOWNSHIP, VILLAGE, WARNED
from handheld.demo.story import FULL, SEED
from handheld.domain.plan import AdoptPlan
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import number, table
from handheld.entrypoints.cluster.district import Cluster
from handheld.entrypoints.cluster.story import (
    RECOVERY_SECONDS,
    TAKEOVER_SECONDS,
    ClusterStory,
    Killed,
    Told,
)
from handheld.entrypoints.fleet.owners import Owner
from handheld.entrypoints.fleet.process import FleetProcess
from handheld.entrypoints.fleet.running import Wish
from handheld.entrypoints.fleet.signing_in import signed_in, whom
from handheld.entrypoints.fleet.sockets import room_for
from handheld.entrypoints.gateway.door import PATH

WHERE = Where(COUNTY, TOWNSHIP, VILLAGE, LEAD)
QUIET_SECONDS = 1.0


class ClusterDemo:
    """Builds a district on PostgreSQL and NATS, plays the typhoon on it, and compares."""

    def __init__(
        self, session: Session, directory: Path, *, phones: int | None, rate: float
    ) -> None:
        self._session = session
        self._cluster = Cluster(directory, session.texts.language)
        self._phones = phones
        self._rate = rate

    async def run(self, *, leave: bool) -> bool:
        """Whether nothing was lost or doubled, and all agrees. Raises Installation, HandheldError."""
        session, cluster = self._session, self._cluster
        interrupted = asyncio.Event()
        loop = asyncio.get_running_loop()
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(one, interrupted.set)
        try:
            session.say("cluster.servers")
            clock = ClockSetting(origin=WARNED, rate=self._rate, since=datetime.now(UTC))
            await cluster.servers(clock)
            session.say("cluster.people")
            await asyncio.to_thread(self._prepare)
            session.say("cluster.processes")
            await cluster.processes()
            right = await self._play(close=leave)
            if not leave and not interrupted.is_set():
                self._invite()
                await interrupted.wait()
            return right
        finally:
            with session.working("closing"):
                await cluster.close()

    def _prepare(self) -> None:
        """What a district has before anything happens; and a session for everybody with a phone."""
        with Home(self._cluster.place()) as home:
            self._take_in(home)
            home.caught_up()
            organisation = home.organisation.caught_up()[0]
            people = whom(organisation, None, (), self._phones)
            room_for(len(people))
            self._owners = list(signed_in(organisation, home.access, people))
            chosen = {one.person for one in self._owners}
            self._others = [
                Owner(
                    person=one, token="", device="", posts=known.posts, households=known.households
                )
                for one, known in sorted(organisation.people.items())
                if one not in chosen
            ]
            found = parts(organisation, WHERE, home.clock.now())
            self._signs = sign_ins.made(home.access, found)
            self._organisation, self._names = (
                organisation,
                Names(organisation, home.keyring, self._session.texts),
            )

    def _take_in(self, home: Home) -> None:
        session = self._session
        with session.progress("preparing") as advance:
            rows = read_divisions(data.divisions(COUNTY))
            home.execute(plan_divisions(rows, home.organisation.known()).command, OPERATOR)
            known = home.organisation.caught_up()[0]
            villages = [d for d in known.divisions.values() if len(d.code) == 12]
            grids = list(enumerate(synthetic.grids(villages, FULL.grids, SEED), 1))
            home.execute(plan_divisions(grids, known).command, OPERATOR)
            advance(1, 3)
            known = home.organisation.caught_up()[0]
            departments = list(enumerate(synthetic.departments(COUNTY), 1))
            home.execute(plan_departments(departments, known).command, OPERATOR)
            known = home.organisation.caught_up()[0]
            people = synthetic.people(known, SEED, contacts=FULL.contacts)
            home.execute(plan_people(people, known, home.keyring).command, OPERATOR)
            advance(2, 3)
            plan = msgspec.json.decode(data.plan("typhoon").read_bytes(), type=AdoptPlan)
            home.execute(plan, OPERATOR)

    async def _play(self, *, close: bool) -> bool:
        session, cluster = self._session, self._cluster
        duty, operator = [await self._at_the_apis(one) for one in ("duty", sign_ins.OPERATOR)]
        story = ClusterStory(cluster, duty, operator, self._told())
        first, *more = [
            f"ws{one.removeprefix('http')}{PATH}" for one in cluster.addresses("gateway")
        ]
        with fleet_shown.live(session) as show:

            def told(figures: Any) -> None:
                if figures.connected >= len(self._owners):
                    connected.set()
                show(figures)

            connected = asyncio.Event()
            fleet = FleetProcess(told)
            try:
                wish = Wish(url=first, more=tuple(more))
                await fleet.start(self._owners, wish, self._others)
                await self._unless_it_ends(fleet, connected.wait())
                session.say("cluster.phones", count=number(len(self._owners)))
                await story.warned()
                await story.started()
                await story.troubles()
                session.say("cluster.resting")
                summary = await fleet.end()
            finally:
                await fleet.close()
        fleet_shown.tell(session, summary)
        if close:  # who stays to look finds it going on
            await story.closed()
        agree = await self._compared(duty, story)
        self._table(story)
        for one in (duty, operator):
            await one.close()
        return summary.right and agree

    async def _unless_it_ends(self, fleet: FleetProcess, awaited: Coroutine[Any, Any, Any]) -> None:
        """Wait for something; where the fleet ends before, say why. Raises as `FleetProcess.ended`."""
        waiting, ended = asyncio.ensure_future(awaited), asyncio.ensure_future(fleet.ended())
        await asyncio.wait((waiting, ended), return_when=asyncio.FIRST_COMPLETED)
        for one in (waiting, ended):
            one.cancel()
        if not waiting.done() or waiting.cancelled():
            await fleet.ended()

    async def _at_the_apis(self, name: str) -> ApiClient:
        """Somebody with an account, signed in."""
        account = next(one for one in self._signs.accounts if one.name == name)
        return await sign_in(self._cluster.addresses("api"), name, account.password)

    def _told(self) -> Told:
        session = self._session

        def killed(one: Killed) -> None:
            session.say("cluster.killed", name=one.name, seconds=f"{one.seconds:.1f}")

        return Told(
            warned=lambda event: session.say("cluster.warned", event=event),
            started=lambda facts, seconds: session.say(
                "cluster.started", count=number(facts), seconds=f"{seconds:.2f}"
            ),
            killed=killed,
        )

    async def _compared(self, duty: ApiClient, story: ClusterStory) -> bool:
        """Boards of both APIs, and the published stream with the log."""
        agree, published, end = await story.compared()
        session = self._session
        session.say("cluster.boards_agree" if agree else "cluster.boards_differ")
        same = published == end
        key = "cluster.stream_agrees" if same else "cluster.stream_differs"
        session.say(key, published=number(published), facts=number(end))
        return agree and same

    def _table(self, story: ClusterStory) -> None:
        session = self._session
        made = table(
            session.texts.say("cli.cluster.part"),
            session.texts.say("cli.cluster.again"),
            session.texts.say("cli.cluster.goal"),
        )
        for one in story.killed:
            goal = TAKEOVER_SECONDS if one.name.startswith("follow") else RECOVERY_SECONDS
            made.add_row(one.name, f"{one.seconds:.1f} s", f"≤ {goal:g} s")
        session.show("", made)

    def _invite(self) -> None:
        session = self._session
        address = self._cluster.addresses("api")[0]
        session.say("live.address", address=address)
        sign_ins.show(session, address, self._signs, self._organisation, self._names)
        session.say("serve.stop")
