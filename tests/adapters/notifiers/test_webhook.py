"""Signed webhooks: facts of a real log, told to a receiver of our own that checks the signature."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from handheld.adapters.notifiers.cursors import Cursors
from handheld.adapters.notifiers.outside import Limits
from handheld.adapters.notifiers.webhook import Webhook, WebhookSettings
from handheld.adapters.push_tables import push_file
from handheld.domain.ordering import Order
from handheld.domain.task import Accept
from tests.support_ladder import PHONES, REAL, Standing, standing
from tests.support_peers import Answer, Peer, peer
from tests.support_reactions import EVERYBODY, task_of

VISIT = Order(text="走访", to=EVERYBODY)
PATIENT = Limits()
HASTY = Limits(timeout=1)
"""For whom nobody answers."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Standing]:
    async with standing(tmp_path / "data") as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Peer]:
    async with peer() as made:
        yield made


@asynccontextmanager
async def telling(
    here: Standing, receiver: Peer, limits: Limits = PATIENT, **about: Any
) -> AsyncGenerator[Webhook]:
    cursors = Cursors(push_file(here.home.directory / "push.db"))
    fields: dict[str, Any] = {
        "name": "city",
        "url": f"{receiver.url}/hook",
        "secrets": ("new", "old"),
        **about,
    }
    hook = Webhook(WebhookSettings(**fields), here.home.log, cursors, limits, first_wait=0.01)
    running = asyncio.create_task(hook.run())
    try:
        yield hook
    finally:
        await hook.close()
        await running
        cursors.close()


def events(receiver: Peer) -> list[dict[str, Any]]:
    return [event for asked in receiver.asked for event in asked.json()]


async def reached(hook: Webhook, position: int) -> None:
    for _ in range(2_000):
        if hook.position >= position:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(hook.trouble)


def proves(receiver: Peer, secret: str) -> bool:
    def right(at: str, body: bytes, given: str) -> bool:
        made = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
        return f"v1={made}" in given.split(",")

    return all(
        right(
            asked.headers["x-handheld-timestamp"],
            asked.body,
            asked.headers["x-handheld-signature"],
        )
        for asked in receiver.asked
    )


async def test_facts_are_told_in_order_signed_with_each_secret(
    here: Standing, receiver: Peer
) -> None:
    async with telling(here, receiver) as hook:
        _, (order,) = here.start(VISIT)
        here.do(Accept(task=task_of(order, REAL[0])), REAL[0])
        await reached(hook, here.home.log.end())
    told = events(receiver)
    assert [event["type"] for event in told] == [
        "task_force.started.v1",
        "task_force.order_issued.v1",
        *["task.dispatched.v1"] * 3,
        "task.accepted.v1",
    ]
    positions = [int(event["position"]) for event in told]
    assert positions == sorted(set(positions))
    assert all(event["specversion"] == "1.0" for event in told)
    assert receiver.asked[0].headers["content-type"] == "application/cloudevents-batch+json"
    assert proves(receiver, "new")
    assert proves(receiver, "old")
    assert not proves(receiver, "other")


async def test_drills_and_people_are_not_told_and_nothing_sealed_leaves(
    here: Standing, receiver: Peer
) -> None:
    async with telling(here, receiver, topics=("person.", "task.", "division.")) as hook:
        here.start(VISIT, drill=True)
        await reached(hook, here.home.log.end())
        assert receiver.asked == []
    cursors = Cursors(push_file(here.home.directory / "push.db"))
    cursors.move("city", here.home.log.log_id, 0)
    cursors.close()
    async with telling(here, receiver, topics=("person.",)) as hook:
        await reached(hook, here.home.log.end())
    told = events(receiver)
    assert len(told) > 5
    text = b"".join(asked.body for asked in receiver.asked)
    assert not any(phone.encode() in text for phone in PHONES.values())
    sealed = [told[-2]["data"]["data"][name] for name in ("name", "phone")]
    assert [value["box"] for value in sealed] == ["", ""]
    assert text.count(b'"box":') == text.count(b'"box":""')


async def test_what_is_not_taken_is_told_again_and_nothing_is_skipped(
    here: Standing, receiver: Peer
) -> None:
    receiver.scripted = [
        Answer(500),
        Answer(hang=True),
        Answer(reset=True),
        Answer(403),
        Answer(413),
    ]
    async with telling(here, receiver, HASTY) as hook:
        here.start(VISIT)
        await reached(hook, here.home.log.end())
    first = receiver.asked[0].json()
    assert [asked.json() for asked in receiver.asked[:5]] == [first] * 5
    taken = [event["id"] for asked in receiver.asked[5:] for event in asked.json()]
    assert taken == [event["id"] for event in first]


async def test_it_goes_on_from_its_cursor_after_a_restart(here: Standing, receiver: Peer) -> None:
    async with telling(here, receiver) as hook:
        here.start(VISIT)
        await reached(hook, here.home.log.end())
    before = len(events(receiver))
    here.start(VISIT)
    async with telling(here, receiver) as hook:
        await reached(hook, here.home.log.end())
    ids = [event["id"] for event in events(receiver)]
    assert len(ids) == 2 * before
    assert len(set(ids)) == len(ids)


async def test_one_that_does_not_answer_holds_up_no_other(here: Standing, receiver: Peer) -> None:
    async with peer() as dead:
        dead.answering = lambda _: Answer(503)
        async with telling(here, dead, name="dead") as stuck, telling(here, receiver) as hook:
            here.start(VISIT)
            await reached(hook, here.home.log.end())
            await dead.until(2)
            assert stuck.trouble == "http_503"
            assert stuck.position < hook.position


def test_after_a_restore_it_goes_on_from_where_the_log_is_another_one(tmp_path: Path) -> None:
    cursors = Cursors(push_file(tmp_path / "push.db"))
    assert cursors.position("city", "log-1", 40) == 40
    cursors.move("city", "log-1", 90)
    assert cursors.position("city", "log-1", 95) == 90
    assert cursors.position("city", "log-2", 70) == 70
    assert cursors.position("city", "log-2", 80) == 70
    cursors.close()
