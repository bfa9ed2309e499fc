"""All that is said over sockets, both ways, is as the AsyncAPI document of the running server has it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from websockets.exceptions import ConnectionClosed

from handheld.domain import task
from tests.support_gateway import Json, Phone, Site, sent, token_of
from tests.support_http import get
from tests.support_live import grant_desk, site_of
from tests.support_reading import DISTRICT, TOWNSHIP, Town, town
from tests.support_server import Served, served

BOARDS: tuple[Json, ...] = (
    {"kind": "division", "key": DISTRICT, "rows": {"limit": 20}},
    {"kind": "division", "key": DISTRICT, "drills": True},
    {"kind": "division", "key": TOWNSHIP, "rows": {"offset": 1, "limit": 2, "late": True}},
    {"kind": "department", "key": "nowhere"},
)


@pytest.fixture
def story(tmp_path: Path) -> Generator[Town]:
    with town(tmp_path / "data") as story:
        yield story


class Traffic:
    """What was said, and what the document says of it."""

    def __init__(self, document: Json) -> None:
        self.seen: Counter[tuple[str, str]] = Counter()
        self.topics: Counter[str | None] = Counter()
        self._ways = {name: one["action"] for name, one in document["operations"].items()}
        components = document["components"]
        self._validators = {
            name: Draft202012Validator({**message["payload"], "components": components})
            for name, message in components["messages"].items()
        }

    def said(self, message: Json) -> None:
        """By a client."""
        assert self._ways[message["type"]] == "receive"
        self._validators[message["type"]].validate(message)
        self.seen["client", message["type"]] += 1

    def heard(self, message: Json) -> None:
        """From the gateway."""
        assert self._ways.get(message["type"], "send") == "send"
        self._validators[message["type"]].validate(message)
        self.seen["gateway", message["type"]] += 1
        for item in message.get("items", ()):
            self.topics[item.get("topic")] += 1


class Overheard(Phone):
    """A phone all of whose traffic is held against the document."""

    traffic: Traffic

    async def say(self, kind: str, **fields: Any) -> None:
        self.traffic.said(json.loads(json.dumps({"type": kind, **fields})))
        await super().say(kind, **fields)

    async def read(self) -> Json:
        message = await super().read()
        self.traffic.heard(message)
        return message


def cast(story: Town) -> list[str]:
    """All who have a part of their own, and a few of the crowd."""
    named = {who for who in story.people if isinstance(who, str)}
    crowd = story.everybody()[:10]
    return sorted((named | set(crowd)) - {story.erased})


async def everybody(story: Town, site: Site, traffic: Traffic) -> int:
    """Each person's inbox, whole and as a snapshot; how many items that were."""
    found = 0
    for who in cast(story):
        token = token_of(site.home, who)
        async with Overheard.of(site, who, token=token) as phone:
            phone.traffic = traffic
            welcome = await phone.hello()
            if welcome["head"]:
                await phone.next("snapshot")
        async with Overheard.of(site, who, token=token) as phone:
            phone.traffic = traffic
            welcome = await phone.hello(epoch=welcome["epoch"], last_seq=0)
            await phone.until(welcome["head"])
            assert phone.numbers() == [*range(1, welcome["head"] + 1)]
            found += phone.last
    return found


async def at_work(story: Town, site: Site, traffic: Traffic) -> None:
    """Somebody reads, acknowledges, asks again, does things right and wrong."""
    mine, one = next(iter(story.home.boards.tasks(story.flood).items()))
    who = one.person
    async with Overheard.of(site, who) as phone:
        phone.traffic = traffic
        welcome = await phone.hello(last_seq=0, epoch=f"{site.home.log.log_id}.1")
        await phone.until(welcome["head"])
        await phone.ack()
        await phone.say("resend", after=0)
        await phone.next("items")
        commands = [
            sent({"command": "task.read", "task": mine}, 1),
            sent({"command": "task.accept", "task": mine}, 2, occurred_at="2021-07-23T07:00:00Z"),
            sent({"command": "task.accept", "task": "task-0"}, 3),
            sent({"command": "no.such"}, 4),
            sent({"command": "task.read", "task": mine}, 5, drill=True, expects={mine: 1}),
        ]
        await phone.say("do", commands=commands)
        answered = [await phone.read() for _ in commands]
        while sum(one["type"] in ("done", "failed") for one in answered) < len(commands):
            answered.append(await phone.read())
        await phone.say("ack", seq=10_000)
        await phone.next("problem")


async def watched(story: Town, site: Site, desk: Overheard, mine: str) -> None:
    """Boards of all kinds, and what changes on them."""
    await desk.hello(inbox=False)
    for number, board in enumerate(BOARDS):
        await desk.say("watch", watch=f"w{number}", board=board)
    shown: set[str] = set()
    while len(shown) < len(BOARDS):
        message = await desk.read()
        shown.add(message.get("watch") or message["about"])
    await site.do(task.Remind(task=mine))
    await desk.next("delta")
    await desk.say("unwatch", watch="w0")


async def until_closed(desk: Overheard) -> None:
    with suppress(ConnectionClosed):
        while True:
            await desk.read()


def story_told(server: Served, story: Town) -> Traffic:
    document = get(f"{server.api}/asyncapi.json").json()
    traffic, site = Traffic(document), site_of(server)

    async def main() -> None:
        items = await everybody(story, site, traffic)
        assert items > 20
        await at_work(story, site, traffic)
        mine = next(iter(story.home.boards.tasks(story.flood)))
        async with Overheard.of(site, "", token=grant_desk(story.home)) as desk:
            desk.traffic = traffic
            await watched(story, site, desk, mine)
            ending = asyncio.create_task(until_closed(desk))
            await asyncio.to_thread(server.stop)
            await ending

    asyncio.run(main())
    return traffic


def test_the_traffic_of_a_whole_story_is_as_documented(story: Town) -> None:
    with served(story.home) as server:
        traffic = story_told(server, story)
    document = {name for _, name in traffic.seen}
    assert document == set(traffic._validators), "not all kinds of messages were exchanged"
    assert len(traffic.topics) > 8
    with pytest.raises(ValidationError):
        traffic.heard({"type": "welcome", "epoch": "1"})
    with pytest.raises(ValidationError):
        traffic.heard({"type": "items", "items": [{"seq": 1}]})
