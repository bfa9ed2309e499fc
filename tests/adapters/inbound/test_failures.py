"""Whatever ends or is away in the middle: nothing is lost, done twice, or answered in two ways."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace

from handheld.application.ports import LogBusy
from handheld.application.receiving_events import Receiver
from handheld.application.requests import Receipt, Request
from handheld.bootstrap import Home
from handheld.domain.errors import Busy, HandheldError
from handheld.domain.register import DivisionRow, ImportDivisions
from tests.support_inbound import (
    ANSWERS,
    FINDING,
    SETTINGS,
    SYSTEMS,
    answer,
    answered,
    answers,
    asks,
    inbound_of,
    nothing_waits,
    receiving,
    said,
    same,
    send,
    waiting,
)
from tests.support_log import TOWNSHIP, child
from tests.support_nats import NatsServer, until

NEW_VILLAGE = TOWNSHIP + "299"


async def ended(directory: Path, server: NatsServer, point: str) -> None:
    """A process begins to receive, and ends itself at this point."""
    running = await asyncio.create_subprocess_exec(
        *child("tests.adapters.inbound.asking_child", directory, server.url, point)
    )
    assert await running.wait() == -signal.SIGKILL


async def prepared(directory: Path, server: NatsServer) -> None:
    """The streams are there."""
    with Home(directory) as home:
        async with receiving(home.receiver(SYSTEMS), server):
            pass


async def test_what_was_durable_when_the_process_ended_is_answered_and_not_done_again(
    directory: Path, server: NatsServer
) -> None:
    await prepared(directory, server)
    async with server.client() as client:
        await send(client, "hotline", asks("hotline", "finding", FINDING))
        await ended(directory, server, "answer")
        assert await answers(client) == []
        with Home(directory) as home:
            end = home.log.end()
            (fact,) = home.log.read(end - 1, 1)
            assert fact[3] == "finding.reported.v1"
            async with receiving(home.receiver(SYSTEMS), server):
                (told,) = await answered(client, 1)
                await nothing_waits(client)
            assert home.log.end() == end
        assert said(told) == ("accepted", None)
        assert told["data"]["made"] == [fact[1]]


async def test_a_refusal_that_was_answered_stays_what_it_was(
    directory: Path, server: NatsServer
) -> None:
    """Errors are no outcomes of the log; brought again later, it might be accepted."""
    await prepared(directory, server)
    event = asks("hotline", "finding", {**FINDING, "division": NEW_VILLAGE})
    async with server.client() as client:
        await send(client, "hotline", event)
        await ended(directory, server, "ack")
        (refused,) = await answers(client)
        assert said(refused) == ("refused", "division.unknown")
        with Home(directory) as home:
            village = DivisionRow(code=NEW_VILLAGE, name="新村")
            home.execute(ImportDivisions(rows=(village,)), "operator")
            end = home.log.end()
            async with receiving(home.receiver(SYSTEMS), server):
                await nothing_waits(client)
                assert await answers(client) == [refused]
                assert home.log.end() == end

                await send(client, "hotline", event)  # sent anew by its sender, it is asked anew
                assert said((await answered(client, 2))[1]) == ("accepted", None)


async def test_a_server_that_is_killed_keeps_questions_and_answers(
    home: Home, server: NatsServer
) -> None:
    receiver = home.receiver(SYSTEMS)
    async with server.client() as client:
        async with receiving(receiver, server):
            await send(client, "hotline", asks("hotline", "finding", FINDING, "1"))
            first = await answer(client, "hotline", "1")
        await send(client, "hotline", asks("hotline", "finding", FINDING, "2"))
    server.kill()
    server.start()
    async with receiving(receiver, server) as inbound:
        async with server.client() as client:
            assert await answer(client, "hotline", "1") == first
            assert said(await answer(client, "hotline", "2")) == ("accepted", None)
        server.kill()
        await until(lambda: not inbound.connected)
        server.start()
        await until(lambda: inbound.connected)
        async with server.client() as client:
            await send(client, "hotline", asks("hotline", "finding", FINDING, "3"))
            assert said(await answer(client, "hotline", "3")) == ("accepted", None)
        assert inbound.trouble is None


def full() -> Exception:
    return HandheldError("log.full", reason="no space")


@pytest.mark.parametrize("error", [lambda: Busy(retry_after=0), LogBusy, full, OSError])
async def test_what_cannot_be_done_just_now_is_brought_again(
    error: Callable[[], Exception], home: Home, server: NatsServer
) -> None:
    tries = 0

    async def submit(request: Request) -> Receipt:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise error()
        return await home.writer.submit_soon(request)

    receiver = home.receiver(SYSTEMS)
    receiver._submit = submit
    async with receiving(receiver, server), server.client() as client:
        await send(client, "hotline", asks("hotline", "finding", FINDING))
        assert said(await answer(client, "hotline")) == ("accepted", None)
        await nothing_waits(client)
        assert len(await answers(client)) == 1
    assert tries == 3


async def test_an_answer_that_finds_no_stream_is_given_once_there_is_one(
    home: Home, server: NatsServer
) -> None:
    end = home.log.end()
    async with receiving(home.receiver(SYSTEMS), server), server.client() as client:
        await client.jetstream().delete_stream(ANSWERS)
        await send(client, "hotline", asks("hotline", "finding", FINDING))
        assert said(await answer(client, "hotline")) == ("accepted", None)
    assert home.log.end() == end + 1


async def test_several_processes_share_the_work_and_answer_each_once(
    home: Home, server: NatsServer
) -> None:
    end = home.log.end()
    receiver: Receiver = home.receiver(SYSTEMS)
    async with (
        receiving(receiver, server) as one,
        receiving(receiver, server) as other,
        server.client() as client,
    ):
        for number in range(60):
            event = asks("hotline", "finding", FINDING, str(number % 40))
            await send(client, "hotline", event)
        told = await answered(client, 60)
        await nothing_waits(client)
    assert one.answered + other.answered == 60
    by_id: dict[str, list[Any]] = {}
    for each in told:
        by_id.setdefault(each["subject"], []).append(each)
    assert len(by_id) == 40
    assert all(same(found[0], one) for found in by_id.values() for one in found)
    assert home.log.end() == end + 40


async def test_no_more_are_under_way_at_once_than_is_set(home: Home, server: NatsServer) -> None:
    under_way = most = 0

    async def submit(request: Request) -> Receipt:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return await home.writer.submit_soon(request)
        finally:
            under_way -= 1

    receiver = home.receiver(SYSTEMS)
    receiver._submit = submit
    async with (
        receiving(receiver, server, replace(SETTINGS, at_once=2)),
        server.client() as client,
    ):
        for number in range(30):
            await send(client, "hotline", asks("hotline", "finding", FINDING, str(number)))
        await answered(client, 30)
    assert 1 <= most <= 2


async def test_what_is_under_way_at_the_end_is_answered(home: Home, server: NatsServer) -> None:
    reached, go_on = Event(), Event()

    async def submit(request: Request) -> Receipt:
        reached.set()
        await asyncio.to_thread(go_on.wait)
        return await home.writer.submit_soon(request)

    receiver = home.receiver(SYSTEMS)
    receiver._submit = submit
    inbound = inbound_of(receiver, server)
    inbound.start()
    async with server.client() as client:
        await until(lambda: inbound.connected)
        await send(client, "hotline", asks("hotline", "finding", FINDING))
        await asyncio.to_thread(reached.wait)
        closing = asyncio.create_task(asyncio.to_thread(inbound.close))
        await asyncio.sleep(0)
        go_on.set()
        await closing
        assert said(await answer(client, "hotline")) == ("accepted", None)
        assert await waiting(client) == 0
