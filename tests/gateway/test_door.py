"""Who comes in, and who is shown out."""

from __future__ import annotations

import asyncio
import gc
import json
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from handheld.entrypoints.gateway import phone as phones
from handheld.entrypoints.gateway.wire import Wire
from tests.support_gateway import ORIGIN, Phone, Site, token_of
from tests.support_log import person

WHO = person(1)


def opening(site: Site, headers: dict[str, str], path: str = "") -> Any:
    return connect(site.url + path, additional_headers=headers, compression=None)


async def status(refused: AbstractAsyncContextManager[ClientConnection]) -> int:
    with pytest.raises(InvalidStatus) as error:
        async with refused:
            pass
    return error.value.response.status_code


async def closed(socket: ClientConnection) -> int:
    """The code with which a connection is closed."""
    async with asyncio.timeout(20):
        while True:
            try:
                await socket.recv()
            except ConnectionClosed as error:
                return error.rcvd.code if error.rcvd is not None else 0


def hello(**fields: Any) -> str:
    clock = datetime.now(UTC).isoformat()
    return json.dumps({"type": "hello", "device": "device-1", "clock": clock, **fields})


async def test_http_goes_on_beside_the_sockets_on_the_same_port(site: Site) -> None:
    async with Phone.of(site, WHO) as phone, httpx.AsyncClient() as client:
        await phone.hello()
        answer = await client.get(f"http://127.0.0.1:{site.port}/anything")
        assert answer.text == "plain"


async def test_only_one_path_takes_sockets(site: Site) -> None:
    token = token_of(site.home, WHO)
    assert await status(opening(site, {"Authorization": f"Bearer {token}"}, "/more")) == 404


async def test_a_token_that_opens_nothing_is_refused(site: Site) -> None:
    assert await status(opening(site, {"Authorization": "Bearer nothing"})) == 401
    assert await status(opening(site, {"Authorization": "Basic eDp5"})) == 401


async def test_a_browser_comes_in_with_its_cookie_from_our_own_pages_only(site: Site) -> None:
    cookie = f"a=b; handheld_session={token_of(site.home, WHO)}"
    async with opening(site, {"Cookie": cookie, "Origin": ORIGIN}) as socket:
        await socket.send(hello())
        assert json.loads(await socket.recv())["type"] == "welcome"
    for origin in ("https://elsewhere.example", f"{ORIGIN}.evil.example", "null", ORIGIN.upper()):
        assert await status(opening(site, {"Cookie": cookie, "Origin": origin})) == 403


async def test_a_ticket_is_good_once(site: Site) -> None:
    who = site.home.access.identify(token_of(site.home, WHO))
    assert who is not None
    ticket = site.home.access.ticket(who)
    async with opening(site, {"Origin": "https://elsewhere.example"}) as socket:
        await socket.send(hello(ticket=ticket))
        assert json.loads(await socket.recv())["type"] == "welcome"
    async with opening(site, {}) as socket:
        await socket.send(hello(ticket=ticket))
        assert json.loads(await socket.recv())["code"] == "gateway.not_signed_in"
        assert await closed(socket) == 4401


async def test_who_is_nobody_is_told_so_and_closed(site: Site) -> None:
    async with opening(site, {"Cookie": "handheld_session=old"}) as socket:
        await socket.send(hello())
        assert json.loads(await socket.recv())["code"] == "gateway.not_signed_in"
        assert await closed(socket) == 4401


async def test_who_says_nothing_is_closed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phones, "HELLO_SECONDS", 0.05)
    async with opening(site, {}) as socket:
        assert json.loads(await socket.recv())["code"] == "gateway.no_hello"
        assert await closed(socket) == 4401


async def test_a_session_that_is_revoked_closes_its_sockets(site: Site) -> None:
    async with Phone.of(site, WHO, "device-1") as one, Phone.of(site, WHO, "device-2") as two:
        await one.hello()
        await two.hello()
        session = site.home.access.identify(token_of(site.home, WHO, "device-3"))
        assert session is not None
        async with Phone.of(site, person(2)) as other:
            await other.hello()
            await asyncio.to_thread(site.home.access.revoke_person, WHO)
            assert await closed(one.socket) == 4410
            assert await closed(two.socket) == 4410
            await other.hello()
        assert site.gateway.figures.revoked == 2


async def test_words_come_in_the_language_of_the_handshake(site: Site) -> None:
    token = token_of(site.home, WHO)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "zh-CN,en;q=0.5"}
    async with opening(site, headers) as socket:
        await socket.send("{")
        assert "消息无法识别" in json.loads(await socket.recv())["words"]
    async with opening(site, headers, "?lang=en") as socket:
        await socket.send("{")
        assert "cannot be understood" in json.loads(await socket.recv())["words"]


async def test_what_cannot_be_understood_closes_the_connection_the_third_time(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        await phone.hello()
        for wrong in ("{", '{"type":"ack"}', '{"type":"hello","more":1}', "[]"):
            await phone.socket.send(wrong)
            assert (await phone.read())["code"] == "gateway.malformed"
            await phone.hello()
        await phone.socket.send(b"\x00")
        assert (await phone.read())["code"] == "gateway.binary"
        await phone.socket.send('{"type":"ack","seq":1}')
        assert (await phone.read())["code"] == "gateway.ack"
        await phone.socket.send("null")
        assert await closed(phone.socket) == 4400


async def test_a_message_before_the_hello_is_not_taken(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        await phone.ack(0)
        assert (await phone.read())["code"] == "gateway.hello_first"
        await phone.hello()


async def test_a_frame_over_64_kib_closes_the_connection(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        await phone.hello()
        await phone.socket.send("x" * (64 * 1024 + 1))
        assert await closed(phone.socket) == 1009


async def test_broken_utf_8_closes_the_connection(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        await phone.hello()
        await phone.socket.send(b"\xff\xfe", text=True)
        assert await closed(phone.socket) == 1007


async def test_a_connection_leaves_nothing_behind(site: Site) -> None:
    for _ in range(3):
        async with Phone.of(site, WHO) as phone:
            await phone.hello()
    await site.until(lambda: site.gateway.sockets == 0)
    gateway = site.gateway
    assert not gateway.crowd.present
    assert not gateway.crowd.everybody
    gc.collect()
    assert not [one for one in gc.get_objects() if type(one) in {Wire, phones.Phone}]


async def test_too_many_connections_of_one_person_close_the_oldest(site: Site) -> None:
    tokens = [token_of(site.home, WHO, f"device-{n}") for n in range(17)]
    headers = [{"Authorization": f"Bearer {token}"} for token in tokens]
    sockets = [await opening(site, each) for each in headers]
    for number, socket in enumerate(sockets):
        await socket.send(hello(device=f"device-{number}"))
        assert json.loads(await socket.recv())["type"] == "welcome"
    assert json.loads(await sockets[0].recv())["code"] == "gateway.too_many"
    assert await closed(sockets[0]) == 4408
    for socket in sockets[1:]:
        await socket.close()


async def test_what_is_stored_of_somebody_else_is_not_sent_as_whoever_is_signed_in(
    site: Site,
) -> None:
    async with Phone.of(site, WHO) as phone:
        await phone.hello(person=WHO)
    async with Phone.of(site, WHO) as phone:
        clock = "2021-07-23T07:00:00Z"
        await phone.say("hello", device="device-1", clock=clock, person=person(2))
        assert (await phone.read())["code"] == "gateway.other_person"
        assert await closed(phone.socket) == 4401
