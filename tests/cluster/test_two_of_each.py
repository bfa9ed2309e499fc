"""Two APIs, two gateways, two followers: what one does, the others show, once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

import nats
import nats.errors
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect

from handheld.adapters.local_nats import LocalNats
from handheld.bootstrap import Home, Shared
from tests.support_attachments import hash_of, sample
from tests.support_cluster import (
    BOARD,
    PEOPLE,
    START,
    TWO_OF_EACH,
    Crew,
    Phone,
    closed,
    hello,
    settled,
    until,
)
from tests.support_log import COUNTY, person
from tests.support_postgres import postgres

NOT_SIGNED_IN, SESSION_ENDED = 4401, 4410
SYSTEMS = f"""
[systems.weather]
source = "urn:test:weather-bureau"
may = ["warning"]
divisions = ["{COUNTY}"]
"""
RAIN = {
    "specversion": "1.0",
    "type": "ask.warning.v1",
    "id": "rain-1",
    "source": "urn:test:weather-bureau",
    "data": {"event": "暴雨", "level": "orange", "headline": "暴雨橙色预警", "divisions": [COUNTY]},
}
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crew(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Crew]:
    folder: Path = tmp_path_factory.mktemp("crew")
    broker = LocalNats(folder / "nats")
    broker.start()
    with postgres() as server:
        (folder / "systems.toml").write_text(SYSTEMS)
        told = {"HANDHELD_NATS": broker.url, "HANDHELD_SYSTEMS": str(folder / "systems.toml")}
        made = Crew(server, settled(server.conninfo, folder), folder, **told)
        try:
            await made.start(*TWO_OF_EACH)
            made.nats = broker.url
            yield made
        finally:
            await made.stop()
            broker.stop()


async def test_what_is_commanded_at_one_api_is_shown_by_the_other_and_reaches_each_phone_once(
    crew: Crew,
) -> None:
    phones = [Phone(owner) for owner in crew.owners]
    async with AsyncExitStack() as opened:
        sockets = [
            await opened.enter_async_context(phone.at(crew.live(f"gateway-{n % 2 + 1}")))
            for n, phone in enumerate(phones)
        ]
        for phone, socket in zip(phones, sockets, strict=True):
            assert await phone.read(socket) == "welcome"
        done = await crew.post("api-1", "/task-forces/from-plan", START)
        assert done["outcome"] == "accepted"
        for phone, socket in zip(phones, sockets, strict=True):
            await phone.until(socket, phone.tasks)

        async def shown() -> bool:
            board = await crew.get("api-2", BOARD, task_force=done["made"])
            return bool(board["position"] >= done["last"])

        await until(shown)
        boards = [await crew.get(f"api-{n}", BOARD, task_force=done["made"]) for n in (1, 2)]
        assert boards[0]["board"] == boards[1]["board"]
        assert boards[0]["board"]["count"]["waiting"] == PEOPLE
        # A second order, by the other API: whatever came twice would have come by now.
        order = {"text": "再报", "to": [{"role": "household_contact", "tier": "village"}]}
        path = f"/task-forces/{done['made']}/orders"
        await crew.post("api-2", path, {"order": order})
        for phone, socket in zip(phones, sockets, strict=True):
            await phone.until(socket, partial(phone.has, 2))
    assert all(phone.numbers == [1, 2] for phone in phones)
    tasks = [task for phone in phones for task in phone.tasks()]
    assert len(set(tasks)) == len(tasks) == 2 * PEOPLE


async def test_lists_and_timelines_of_one_api_soon_show_what_was_done_at_the_other(
    crew: Crew,
) -> None:
    made = (await crew.post("api-1", "/task-forces/from-plan", START))["made"]

    async def listed() -> bool:
        rows = (await crew.get("api-2", "/task-forces"))["rows"]
        return any(row["task_force"] == made for row in rows)

    async def told() -> bool:
        found = await crew.ask("api-2", "GET", f"/task-forces/{made}/timeline")
        return found.is_success and "dispatched" in found.text

    await until(listed, 10)
    await until(told, 10)


async def test_a_session_made_at_an_api_works_at_every_gateway_until_it_ends(crew: Crew) -> None:
    with Home(Shared(crew.where, ())) as home:
        password = home.access.create_account("desk-one", None, person="person-SYN-D")
    device = {"id": "desk-0002", "kind": "desk", "name": "desk"}
    signed = await crew.post(
        "api-1", "/sign-in", {"name": "desk-one", "password": password, "device": device}
    )
    token = signed["token"]
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(crew.live("gateway-2"), additional_headers=headers, proxy=None) as ws:
        await ws.send(hello("desk-0002"))
        assert '"welcome"' in str(await ws.recv())
        await crew.post("api-1", "/sign-out", {}, token)
        async with asyncio.timeout(5):
            assert await closed(ws) == SESSION_ENDED


async def test_a_ticket_works_once_at_whichever_gateway(crew: Crew) -> None:
    owner = crew.owners[0]
    made = await crew.post("api-1", "/me/tickets", {}, owner.token)
    said = hello(owner.device, ticket=made["ticket"])
    async with connect(crew.live("gateway-1"), proxy=None) as ws:
        await ws.send(said)
        assert '"welcome"' in str(await ws.recv())
    async with connect(crew.live("gateway-2"), proxy=None) as ws:
        await ws.send(said)
        assert await closed(ws) == NOT_SIGNED_IN


async def test_a_photo_that_was_brought_to_one_api_is_given_by_the_other(crew: Crew) -> None:
    data, owner = sample("gps.jpg"), crew.owners[0]
    path = f"/attachments/{hash_of(data)}"
    jpeg = {"content-type": "image/jpeg"}
    put = await crew.ask("api-1", "PUT", path, owner.token, content=data, headers=jpeg)
    assert put.is_success, put.text
    got = await crew.ask("api-2", "GET", path, owner.token)
    assert got.status_code == 200, got.text
    there = await crew.ask("api-1", "GET", path, owner.token)
    assert got.content == there.content
    assert got.headers["content-type"] == "image/jpeg"


async def test_who_was_erased_at_one_api_has_no_name_at_the_other(crew: Crew) -> None:
    who = person(PEOPLE - 1)
    before = await crew.ask("api-2", "GET", f"/people/{who}")
    assert f"合成{PEOPLE - 1}" in before.text
    await crew.post("api-1", f"/people/{who}/erase", {"reason": "合成人员"}, crew.operator)

    async def nameless() -> bool:
        found = await crew.ask("api-2", "GET", f"/people/{who}")
        lists = await crew.ask("api-2", "GET", "/people")
        return "合成" + str(PEOPLE - 1) not in found.text + lists.text

    await until(nameless, 10)


async def test_another_system_asks_over_nats_and_every_process_knows_what_came_of_it(
    crew: Crew,
) -> None:
    client = await nats.connect(crew.nats)
    try:
        answers = await client.subscribe(f"handheld-answers.{crew.where.district}.weather.>")

        async def asked() -> dict[str, Any] | None:
            with suppress(nats.errors.Error, TimeoutError):  # no follower has made the stream yet
                await client.jetstream(timeout=1).publish(
                    f"handheld-in.{crew.where.district}.weather.ask",
                    json.dumps(RAIN).encode(),
                    headers={"Content-Type": "application/cloudevents+json"},
                )
                return dict(json.loads((await answers.next_msg(timeout=10)).data))
            return None

        first, again = await until(asked), await until(asked)
    finally:
        await client.close()
    assert first["data"] == again["data"]
    assert first["data"]["outcome"] == "accepted"

    async def in_force() -> list[str]:
        rows = (await crew.get("api-2", "/warnings/in-force", division=COUNTY))["rows"]
        return [row["headline"] for row in rows if row["headline"] == "暴雨橙色预警"]

    assert await until(in_force) == ["暴雨橙色预警"]
