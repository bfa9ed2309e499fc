"""A phone that stops reading slows nobody, is let go, and comes back to all that it missed."""

from __future__ import annotations

import asyncio
import socket
from contextlib import AsyncExitStack

import pytest
from websockets.exceptions import ConnectionClosed

from handheld.bootstrap import Home
from handheld.domain import task
from handheld.entrypoints.gateway.wire import FULL_BYTES, Wire
from tests.support_gateway import Json, Phone, Site, people, serving
from tests.support_live import grant_desk
from tests.support_log import COUNTY

STUCK, *OTHERS = people(12)
LONG = "请尽快" * 200


def narrow(site: Site) -> socket.socket:
    """A connection of which the kernel keeps little."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", site.port))
    return made


async def reminded(site: Site, phones: list[Phone], rounds: int) -> None:
    """Everybody is reminded, and everybody but the one who is stuck has got it when this is over."""
    for _ in range(rounds):
        for phone in phones:
            await site.do(task.Remind(task=phone.stored[1]["task"]))
    for phone in phones:
        await phone.until(phone.last + rounds)


async def test_while_one_does_not_read_the_others_get_everything_and_it_resumes(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wire, "queued_most", 3 * FULL_BYTES)
    async with serving(home, boards=True, narrow=True) as site, AsyncExitStack() as stack:
        slowly = Phone.of(site, STUCK, sock=narrow(site), max_queue=1, close_timeout=0.2)
        stuck = await stack.enter_async_context(slowly)
        others = [await stack.enter_async_context(Phone.of(site, who)) for who in OTHERS]
        desk = await stack.enter_async_context(Phone.of(site, "", token=grant_desk(home)))
        for phone in (stuck, *others):
            await phone.hello()
        await desk.hello(inbox=False)
        await desk.say("watch", watch="county", board={"kind": "division", "key": COUNTY})
        await site.start()
        for phone in (stuck, *others):
            await phone.until(1)
        mine = stuck.stored[1]["task"]
        stuck.socket.transport.pause_reading()
        news = 0
        while not site.gateway.queued_bytes:
            await site.do(task.Remind(task=mine, text=LONG))
            news += 1
        heads = [phone.last for phone in others]
        await reminded(site, others, 2)
        for phone in others:  # all of them, while it is stuck
            accept: Json = {"command": "task.accept", "task": phone.stored[1]["task"]}
            await site.do(task.Accept(task=accept["task"]), OTHERS[others.index(phone)])
        assert [phone.last for phone in others] == [head + 2 for head in heads]
        await asyncio.to_thread(home.caught_up)
        while (await desk.read())["position"] < home.log.end():
            assert site.gateway.queued_bytes
        assert site.gateway.queued_bytes
        assert site.gateway.figures.too_slow == 0
        while not site.gateway.figures.too_slow:
            await site.do(task.Remind(task=mine, text=LONG))
            news += 1
        stuck.socket.transport.resume_reading()
        assert await let_go(stuck) == ("gateway.too_slow", 4408)
        assert site.gateway.figures.too_slow == 1
        assert stuck.last <= 1 + news  # what was written before it was let go may still arrive
        async with Phone.of(site, STUCK) as again:
            again.stored, again.epoch = stuck.stored, stuck.epoch
            first = stuck.last + 1
            await again.hello()
            await again.until(1 + news)
            assert again.numbers() == [*range(first, news + 2)]
        await reminded(site, others, 1)


async def let_go(phone: Phone) -> tuple[str, int]:
    """The code of the farewell, and that of the close."""
    while True:
        try:
            await phone.read()
        except ConnectionClosed as error:
            return phone.heard[-1]["code"], error.rcvd.code if error.rcvd is not None else 0
