"""Slow phones, dead phones, and a server that stops."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from handheld.bootstrap import Home
from handheld.domain import task
from handheld.entrypoints.gateway import looking_after
from handheld.entrypoints.gateway.looking_after import LookingAfter
from handheld.entrypoints.gateway.wire import FULL_BYTES, QUEUE_BYTES, Wire
from handheld_events.codec import Reading
from tests.support_gateway import Phone, Site, opened, serving
from tests.support_log import copied, person

SLOW, QUICK = person(6), person(7)


def narrow(site: Site) -> socket.socket:
    """A connection of which the kernel keeps little."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", site.port))
    return made


async def last_words(phone: Phone) -> tuple[str, int]:
    """The code of the farewell, and that of the close."""
    while True:
        try:
            await phone.read()
        except ConnectionClosed as error:
            return phone.heard[-1]["code"], error.rcvd.code if error.rcvd is not None else 0


async def test_who_does_not_read_is_disconnected_and_the_others_are_not_kept_waiting(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wire, "queued_most", FULL_BYTES + 4096)
    async with serving(home, narrow=True) as site:
        slowly = Phone.of(site, SLOW, sock=narrow(site), max_queue=1, close_timeout=0.2)
        async with slowly as slow, Phone.of(site, QUICK) as quick:
            await slow.hello()
            await quick.hello()
            await site.start()
            await quick.until(1)
            await slow.until(1)
            mine = slow.stored[1]["task"]
            news = 0
            while not site.gateway.figures.too_slow:
                news += 1
                await site.do(task.Remind(task=mine, text="请尽快" * 200))
                if news % 20 == 0:
                    await site.do(task.Remind(task=quick.stored[1]["task"]))
                    await quick.until(1 + news // 20)
            assert await last_words(slow) == ("gateway.too_slow", 4408)
            stored = slow.last
            await site.do(task.Remind(task=mine))
        async with Phone.of(site, SLOW) as again:
            again.stored = slow.stored
            await again.hello(epoch=site.gateway.hub.epoch)
            await again.until(2 + news)
            assert again.numbers() == [*range(stored + 1, news + 3)]


async def test_who_catches_up_and_does_not_read_is_waited_for_with_little_in_memory(
    home: Home,
) -> None:
    async with serving(home, narrow=True) as site:
        async with Phone.of(site, SLOW) as phone:
            await phone.hello()
            await site.start()
            await phone.until(1)
            remind = task.Remind(task=phone.stored[1]["task"], text="请尽快" * 600)
            for _ in range(60):
                await site.do(remind)
            await phone.until(61)
        slowly = Phone.of(site, SLOW, "device-2", sock=narrow(site), max_queue=1, close_timeout=0.2)
        async with slowly as slow:
            await slow.hello(epoch=site.gateway.hub.epoch, last_seq=0)
            for _ in range(8):
                await slow.say("resend", after=0)
            await site.until(lambda: site.gateway.queued_bytes)
            await asyncio.sleep(0.05)
            assert site.gateway.queued_bytes < QUEUE_BYTES + 64 * 4096
            await slow.until(61)
            assert site.gateway.figures.too_slow == 0


async def test_who_has_died_is_let_go(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking_after, "PING_SECONDS", 0.0)
    monkeypatch.setattr(looking_after, "SILENT_SECONDS", 0.5)
    async with Phone.of(site, QUICK) as alive, Phone.of(site, SLOW, close_timeout=0.2) as dead:
        await alive.hello()
        await dead.hello()
        dead.socket.transport.pause_reading()  # it answers no ping any more
        (wire,) = [phone.wire for phone in site.gateway.connections.phones if phone.person == SLOW]
        (other,) = [phone for phone in site.gateway.connections.phones if phone.person == QUICK]
        wire.heard -= 60
        gateway = site.gateway
        looking = LookingAfter(
            gateway.connections.phones, gateway.figures, lambda _: True, lambda: 0.0
        )
        looking.look_after(other)
        await asyncio.sleep(0.05)
        for phone in tuple(gateway.connections.phones):
            looking.look_after(phone)
        await site.until(lambda: gateway.sockets == 1)
        assert gateway.figures.silent == 1
        await alive.hello()


def delivered(home: Home) -> list[str | None]:
    reading = Reading()
    rows = [row for row in home.log.read(0, 9_999) if row[3].startswith("task.delivered")]
    return [reading.fact(*row).person for row in rows]


async def test_after_a_restart_everybody_resumes_and_each_task_takes_effect_once(
    county: Path, tmp_path: Path
) -> None:
    path = copied(county, tmp_path / "data")
    everybody = [person(n) for n in range(12)]
    stored: dict[str, dict[int, Any]] = {}
    with opened(path) as home:
        async with serving(home) as site:
            opening = [Phone.of(site, who) for who in everybody]
            phones = [await each.__aenter__() for each in opening]
            for phone in phones:
                await phone.hello()
            await site.start()
            for who, phone in zip(everybody, phones, strict=True):
                await phone.until(1)
                stored[who] = phone.stored
            await phones[0].ack()
            await site.until(lambda: delivered(home))
            stopping = asyncio.create_task(_told_to_come_back(phones))
        retry_after = await stopping
        assert len(set(retry_after)) > 1
        assert all(0.5 <= seconds <= 5 for seconds in retry_after)
        for each in opening:
            await each.__aexit__(None, None, None)
    with opened(path) as home:
        async with serving(home) as site:
            epoch = site.gateway.hub.epoch
            for who in everybody:
                async with Phone.of(site, who) as phone:
                    phone.stored = stored[who]
                    welcome = await phone.hello(epoch=epoch)
                    assert (welcome["after"], welcome["head"]) == (1, 1)
            await site.until(lambda: len(delivered(home)) == 12)
            assert sorted(delivered(home), key=str) == everybody
            assert site.gateway.figures.resumed == 12


async def _told_to_come_back(phones: list[Phone]) -> list[float]:
    told = await asyncio.gather(*(last_words(phone) for phone in phones))
    assert set(told) == {("gateway.restart", 1012)}
    return [phone.heard[-1]["retry_after"] for phone in phones]


async def test_what_is_under_way_is_answered_before_the_server_stops(
    county: Path, tmp_path: Path
) -> None:
    with opened(copied(county, tmp_path / "data")) as home:
        async with serving(home) as site:
            opening = Phone.of(site, QUICK)
            phone = await opening.__aenter__()
            await phone.hello()
            await site.start()
            await phone.until(1)
            commands = [
                {
                    "id": f"01983a6e{n:04x}7000800000000000000{n:x}",
                    "command": {"command": "task.accept", "task": phone.stored[1]["task"]},
                }
                for n in range(8)
            ]
            await phone.say("do", commands=commands)
            await site.until(lambda: site.gateway.figures.commands == 8)
        assert await last_words(phone) == ("gateway.restart", 1012)
        kinds = [message["type"] for message in phone.heard]
        assert kinds.count("done") == 8
        assert kinds.index("bye") > max(n for n, kind in enumerate(kinds) if kind == "done")
        await opening.__aexit__(None, None, None)


async def test_a_board_is_shown_and_changes_follow(home: Home) -> None:
    async with serving(home, boards=True) as site, Phone.of(site, QUICK) as phone:
        await phone.hello(inbox=False)
        board = {"kind": "division", "key": "330825"}
        await phone.say("watch", watch="mine", board=board)
        message = await phone.next("problem")  # a household contact sees no board of the county
        assert message["about"] == "mine"
        assert json.dumps(message).count("330825") <= 1
