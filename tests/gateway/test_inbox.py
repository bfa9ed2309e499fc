"""The inbox over sockets: hello, resume, acknowledge. design.md §6"""

from __future__ import annotations

import asyncio
from typing import Any

from handheld.domain import task
from handheld_events.codec import Reading
from tests.support_gateway import Phone, Site, token_of
from tests.support_log import person

WHO = person(3)


def facts(site: Site, topic: str) -> list[Any]:
    reading = Reading()
    rows = site.home.log.read(0, 10_000)
    return [reading.fact(*row) for row in rows if row[3].startswith(topic)]


async def delivered(site: Site, who: str) -> Any:
    await site.until(lambda: [f for f in facts(site, "task.delivered") if f.person == who])
    (fact,) = [f for f in facts(site, "task.delivered") if f.person == who]
    return fact


async def test_a_new_device_with_nothing_waiting_is_welcomed(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        welcome = await phone.hello()
        assert (welcome["head"], welcome["after"]) == (0, 0)
        assert welcome["epoch"].startswith(site.home.log.log_id)
        assert abs(welcome["clock_offset"]) < 5


async def test_a_task_reaches_the_phone_of_its_assignee_and_is_durable_by_then(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        await phone.hello()
        await site.start()
        await phone.until(1)
        item = phone.stored[1]
        assert item["topic"] == "task.dispatched.v1"
        rows = site.home.log.read_positions([item["position"]])
        assert [row[1] for row in rows] == [item["task"]]
        assert Reading().fact(*rows[0]).person == WHO


async def test_what_was_acknowledged_is_delivered_once_and_by_the_first_device(site: Site) -> None:
    async with Phone.of(site, WHO, "device-1") as one, Phone.of(site, WHO, "device-2") as two:
        await one.hello()
        await two.hello()
        await site.start()
        await one.until(1)
        await two.until(1)
        assert not facts(site, "task.delivered")
        await two.ack()
        assert (await delivered(site, WHO)).meta.device == "device-2"
        await one.ack()
        await one.hello()  # the writer has taken the other acknowledgement when this is answered
        await site.do(task.Read(task=one.stored[1]["task"]), WHO)
        assert (await delivered(site, WHO)).meta.device == "device-2"


async def test_a_hello_with_what_is_stored_acknowledges_it(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        await phone.hello()
        await site.start()
        await phone.until(1)
        epoch = phone.epoch
    async with Phone.of(site, WHO) as again:
        await again.hello(epoch=epoch, last_seq=1)
        assert (await delivered(site, WHO)).meta.device == "device-1"
        assert again.numbers() == []


async def test_each_device_resumes_from_where_it_was(site: Site) -> None:
    await site.start()
    await site.start()
    async with Phone.of(site, WHO, "device-1") as one, Phone.of(site, WHO, "device-2") as two:
        epoch = site.gateway.hub.epoch
        await one.hello(epoch=epoch, last_seq=1)
        await two.hello(epoch=epoch, last_seq=0)
        one.stored[1] = {}
        await one.until(2)
        await two.until(2)
        assert one.numbers() == [2]
        assert two.numbers() == [1, 2]


async def test_who_has_everything_resumes_without_any_reading(site: Site) -> None:
    await site.start()
    await site.until(lambda: site.gateway.hub.head(WHO) == 1)
    async with Phone.of(site, WHO) as phone:
        welcome = await phone.hello(epoch=site.gateway.hub.epoch, last_seq=1)
        assert (welcome["head"], welcome["after"]) == (1, 1)
        figures = site.gateway.figures
        assert (figures.resumed, figures.caught_up, figures.snapshots) == (1, 0, 0)


async def test_another_epoch_gets_a_snapshot_in_place_of_what_is_stored(site: Site) -> None:
    await site.start()
    await site.until(lambda: site.gateway.hub.head(WHO) == 1)
    await asyncio.to_thread(site.home.caught_up)  # a snapshot is of what is stored
    async with Phone.of(site, WHO) as phone:
        await phone.hello(epoch="another.3", last_seq=77)
        snapshot = await phone.next("snapshot")
        assert (snapshot["epoch"], snapshot["head"]) == (site.gateway.hub.epoch, 1)
        assert [item["seq"] for item in snapshot["items"]] == [1]
        await phone.ack(1)
        await delivered(site, WHO)
        await site.start()
        await phone.until(2)
        assert phone.numbers() == [2]


async def test_a_number_that_was_never_given_gets_a_snapshot(site: Site) -> None:
    await site.start()
    await site.until(lambda: site.gateway.hub.head(WHO) == 1)
    await asyncio.to_thread(site.home.caught_up)  # a snapshot is of what is stored
    async with Phone.of(site, WHO) as phone:
        await phone.hello(epoch=site.gateway.hub.epoch, last_seq=5)
        assert (await phone.next("snapshot"))["head"] == 1


async def test_a_gap_is_sent_again_when_it_is_asked_for(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        await phone.hello()
        for number in (1, 2, 3):
            await site.start()
            await phone.until(number)
        await phone.say("resend", after=1)
        assert [item["seq"] for item in (await phone.next("items"))["items"]] == [2, 3]
        await site.start()
        assert [item["seq"] for item in (await phone.next("items"))["items"]] == [4]


async def test_what_was_not_sent_cannot_be_acknowledged(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        await phone.hello()
        await phone.ack(3)
        assert (await phone.next("problem"))["code"] == "gateway.ack"
        assert not facts(site, "task.delivered")


async def test_the_latest_connection_of_a_device_takes_its_inbox(site: Site) -> None:
    token = token_of(site.home, WHO)
    async with Phone.of(site, WHO, token=token) as old:
        await old.hello()
        async with Phone.of(site, WHO, token=token) as new:
            await new.hello()
            assert (await old.next("problem"))["code"] == "gateway.inbox_moved"
            await site.start()
            await new.until(1)
        await old.hello()
        await old.until(1)
