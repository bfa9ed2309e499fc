"""Whatever the order in which devices come, send twice and wait: the same in the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from handheld.application.loading import States
from handheld.domain import task
from handheld_events.codec import Reading
from handheld_events.ids import TaskIds, command_id, order_id
from tests.support_gateway import Json, Phone, Site, opened, token_of
from tests.support_live import site_of
from tests.support_log import copied, new_command, person, start_request
from tests.support_server import Served, served

PEOPLE, FORCES = 2, 3
CHECKS = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
DEVICES = ("device-1", "device-2")
WHAT = {
    "device-1": ("task.read", "task.accept", "task.reach_scene", "task.report"),
    "device-2": ("task.read", "task.accept", "task.report"),
}
TEXT = "已走访"


class Step(NamedTuple):
    """One device: sends the next so many things; says them twice; goes away and comes back; waits."""

    person: int
    device: str
    size: int
    twice: bool
    breaks: bool
    answers: bool


STEPS = st.lists(
    st.builds(
        Step,
        person=st.integers(0, PEOPLE - 1),
        device=st.sampled_from(DEVICES),
        size=st.integers(1, 5),
        twice=st.booleans(),
        breaks=st.booleans(),
        answers=st.booleans(),
    ),
    max_size=14,
)


class Device:
    """A device with its queue, at the server or not."""

    def __init__(self, site: Site, who: int, name: str, token: str, queue: list[Json]) -> None:
        self._site = site
        self.who = person(who)
        self.name = name
        self._token = token
        self.queue = queue
        self.answers: dict[str, Json] = {}
        self.stored: dict[int, Json] = {}
        self._epoch: str | None = None
        self._phone: Phone | None = None
        self._open: Any = None
        self._sent = 0

    async def step(self, step: Step) -> None:
        phone = await self._there()
        commands = self.queue[self._sent : self._sent + step.size]
        if commands:
            self._sent += len(commands)
            for _ in range(1 + step.twice):
                await phone.say("do", commands=commands)
        if step.answers and commands:
            while commands[-1]["id"] not in self.answers:
                self._take(await phone.read())
        if step.breaks:
            await self.away(abort=True)

    async def finish(self) -> None:
        """Send what is left until all of it is answered, and take the whole inbox."""
        phone = await self._there()
        for first in range(0, len(self.queue), 50):
            await phone.say("do", commands=self.queue[first : first + 50])
        while len(self.answers) < len(self.queue):
            self._take(await phone.read())

    async def takes(self, number: int) -> None:
        """Take the inbox up to a number."""
        phone = await self._there()
        await phone.until(number)

    async def _there(self) -> Phone:
        if self._phone is not None:
            return self._phone
        self._open = Phone.of(self._site, self.who, self.name, self._token, close_timeout=1)
        phone: Phone = await self._open.__aenter__()
        phone.stored = self.stored
        await phone.hello(epoch=self._epoch)
        self._phone, self._epoch = phone, phone.epoch
        return phone

    def _take(self, message: Json) -> None:
        if message["type"] == "done":
            self.answers[message["id"]] = message

    async def away(self, *, abort: bool = False) -> None:
        """The connection breaks, or is closed."""
        if self._phone is None:
            return
        self.stored = self._phone.stored
        if abort:
            self._phone.socket.transport.abort()
            # What was not answered may have got lost: it is sent again.
            known = [n for n, sent in enumerate(self.queue) if sent["id"] in self.answers]
            self._sent = known[-1] + 1 if known else 0
        self._phone = None
        await self._open.__aexit__(None, None, None)


class Play(NamedTuple):
    """One order of things: its task forces, and who has which devices."""

    tasks: dict[int, list[str]]
    devices: list[Device]


class Stage:
    """A server for many plays, each on task forces of its own."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.site = site_of(server)
        home = server.home
        self.tokens = {
            (n, name): token_of(home, person(n), name) for n in range(PEOPLE) for name in DEVICES
        }
        self.commands = 0

    def play(self) -> Play:
        tasks: dict[int, list[str]] = {n: [] for n in range(PEOPLE)}
        for _ in range(FORCES):
            command = new_command()
            self.server.home.writer.execute(start_request(command))
            ids = TaskIds(order_id(command, 0))
            for n in range(PEOPLE):
                tasks[n].append(ids.of(person(n)))
        devices = [
            Device(self.site, n, name, token, self._queue(name, tasks[n]))
            for (n, name), token in self.tokens.items()
        ]
        return Play(tasks, devices)

    def _queue(self, device: str, tasks: Sequence[str]) -> list[Json]:
        found = []
        for one in tasks:
            for name in WHAT[device]:
                self.commands += 1
                text = {"text": TEXT} if name == "task.report" else {}
                about = self.commands.to_bytes(10, "big")
                command = {"command": name, "task": one, **text}
                found.append({"id": command_id(1_627_023_600_000, about), "command": command})
        return found


async def play(stage: Stage, play: Play, steps: Sequence[Step]) -> None:
    by_name = {(device.who, device.name): device for device in play.devices}
    try:
        for step in steps:
            await by_name[person(step.person), step.device].step(step)
        await asyncio.gather(*(device.finish() for device in play.devices))
        # The facts are there: a fence, and each device reads its inbox up to it.
        fences = {}
        for n, tasks in play.tasks.items():
            await stage.site.do(task.Remind(task=tasks[0]))
            await asyncio.to_thread(stage.server.home.caught_up)
            lines = stage.server.home.indexes.inbox(person(n))
            fences[person(n)] = lines[-1].number
        for device in play.devices:
            await device.takes(fences[device.who])
    finally:
        for device in play.devices:
            await device.away()


def shown(stage: Stage, play: Play) -> None:
    """The same, whichever order it was."""
    home = stage.server.home
    states = States(home.log)
    streams = [one for tasks in play.tasks.values() for one in tasks]
    states.load(streams)
    reading = Reading()
    facts = [reading.fact(*row) for row in home.log.read_streams(streams)]
    for stream in streams:
        state = states.get(stream).state
        assert (state.status, state.report) == ("closed", TEXT), state
        mine = [fact.event.TOPIC for fact in facts if fact.stream == stream]
        for once in ("task.dispatched.v1", "task.accepted.v1", "task.reported.v1"):
            assert mine.count(once) == 1, (once, mine)
        assert mine.count("task.read.v1") <= 1
        assert mine.count("task.on_scene.v1") <= 1
    commands = [fact.meta.command for fact in facts if fact.meta.device is not None]
    asked = {sent["id"]: sent for device in play.devices for sent in device.queue}
    for device in play.devices:
        assert device.answers.keys() == {sent["id"] for sent in device.queue}
        for answer in device.answers.values():
            assert answer["outcome"] in ("accepted", "already_done", "overtaken")
            assert (answer["id"] in commands) == (answer["outcome"] != "already_done")
    assert set(commands) - asked.keys() <= {
        fact.meta.command for fact in facts if fact.event.TOPIC == "task.delivered.v1"
    }
    one, two, *others = sorted(play.devices, key=lambda device: device.who)
    for left, right in ((one, two), (others[0], others[1])):
        assert left.who == right.who
        both = left.stored.keys() & right.stored.keys()
        assert max(left.stored) == max(right.stored)
        for number in both:
            if left.stored[number] and right.stored[number]:
                assert json.dumps(left.stored[number], sort_keys=True) == json.dumps(
                    right.stored[number], sort_keys=True
                )


@pytest.fixture(scope="module")
def stage(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    directory = copied(county, tmp_path_factory.mktemp("shuffled") / "data")
    with opened(directory) as home, served(home) as server:
        yield Stage(server)


def orders(stage: Stage, steps: Sequence[Step]) -> None:
    one = stage.play()
    asyncio.run(play(stage, one, steps))
    shown(stage, one)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=CHECKS,
    derandomize=True,
    phases=(Phase.generate,),  # the stage goes on from play to play: nothing can be made smaller
)
@given(steps=STEPS)
def test_whatever_the_order_of_deliveries_the_end_is_the_same(
    stage: Stage, steps: list[Step]
) -> None:
    orders(stage, steps)


@pytest.mark.soak
@settings(
    max_examples=1_000,
    deadline=None,
    suppress_health_check=CHECKS,
    phases=(Phase.generate,),
)
@given(steps=STEPS)
def test_whatever_a_thousand_orders_of_deliveries_the_end_is_the_same(
    stage: Stage, steps: list[Step]
) -> None:
    orders(stage, steps)
