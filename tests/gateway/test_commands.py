"""Commands over sockets: durable before they are answered, in order, with words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handheld.domain.errors import Busy
from handheld_events.codec import Reading
from handheld_events.times import judge
from tests.support_gateway import Phone, Site, sent
from tests.support_log import person

WHO = person(2)


async def with_task(phone: Phone, site: Site) -> str:
    await phone.hello()
    await site.start()
    await phone.until(1)
    task: str = phone.stored[1]["task"]
    return task


def facts(site: Site, topic: str) -> list[Any]:
    reading = Reading()
    return [reading.fact(*row) for row in site.home.log.read(0, 9_999) if row[3].startswith(topic)]


async def test_an_acceptance_is_answered_when_it_is_durable(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        task = await with_task(phone, site)
        accept = sent({"command": "task.accept", "task": task})
        await phone.say("do", commands=[accept])
        done = await phone.next("done")
        assert (done["id"], done["outcome"]) == (accept["id"], "accepted")
        (fact,) = facts(site, "task.accepted")
        assert (fact.position, fact.meta.device) == (done["first"], "device-1")
        await phone.say("do", commands=[accept])
        again = await phone.next("done")
        assert again["repeated"]
        assert again["first"] == done["first"]


async def test_answers_come_in_the_order_of_the_commands(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        task = await with_task(phone, site)
        commands = [
            sent({"command": "task.accept", "task": task}, 1),
            sent({"command": "no.such"}, 2),
            sent({"command": "task.accept", "task": task}, 3),
            sent({"command": "task.report", "task": task}, 4),
            sent({"command": "task.report", "task": task, "text": "已走访"}, 5),
        ]
        await phone.say("do", commands=commands)
        answers = [await phone.read() for _ in commands]
        assert [answer["id"] for answer in answers] == [command["id"] for command in commands]
        assert [(a.get("outcome"), a.get("code")) for a in answers] == [
            ("accepted", None),
            (None, "command.unknown_name"),
            ("already_done", "task.accepted"),
            (None, "command.fields"),
            ("accepted", None),
        ]
        assert not any(answer.get("again") for answer in answers)
        assert all(a["words"] for a in answers if a.get("code"))


async def test_the_task_of_somebody_else_is_answered_as_one_that_is_not_there(site: Site) -> None:
    async with Phone.of(site, WHO) as phone, Phone.of(site, person(4)) as other:
        task = await with_task(phone, site)
        await other.hello()
        absent = task[:-4] + "0000"
        for command in (
            {"command": "task.accept", "task": task},
            {"command": "task.accept", "task": absent},
        ):
            await other.say("do", commands=[sent(command)])
            assert (await other.next("failed"))["code"] == "task.unknown"


async def test_what_happened_offline_keeps_its_time_corrected_by_the_devices_clock(
    site: Site,
) -> None:
    async with Phone.of(site, WHO) as phone:
        task = await with_task(phone, site)
        ahead = timedelta(hours=2)
        await phone.hello(clock=(datetime.now(UTC) + ahead).isoformat())
        # It happened a minute ago, by a clock that is two hours ahead.
        at = datetime.now(UTC) + ahead - timedelta(minutes=1)
        await phone.say(
            "do",
            commands=[
                sent({"command": "task.accept", "task": task}, 1, occurred_at=at.isoformat()),
                sent({"command": "task.read", "task": task}, 2),
            ],
        )
        await phone.next("done")
        await phone.next("done")
        (fact,) = facts(site, "task.accepted")
        assert abs(fact.meta.clock_offset - 7200) < 60
        judged = judge(fact.meta, fact.recorded_at)
        assert judged.claim == "clock_corrected"
        assert abs((judged.at - (at - ahead)).total_seconds()) < 60
        (read,) = facts(site, "task.read")
        assert judge(read.meta, read.recorded_at).claim == "as_claimed"


@pytest.mark.parametrize("ahead", [0.0, 0.5, 1.9])
async def test_a_claim_of_this_very_moment_is_not_impossible(site: Site, ahead: float) -> None:
    async with Phone.of(site, WHO) as phone:
        task = await with_task(phone, site)
        at = datetime.now(UTC) + timedelta(seconds=ahead)
        read = sent({"command": "task.read", "task": task}, occurred_at=at.isoformat())
        await phone.say("do", commands=[read])
        await phone.next("done")
        (fact,) = facts(site, "task.read")
        assert judge(fact.meta, fact.recorded_at).claim == "as_claimed"


async def test_more_than_64_commands_in_one_message_are_not_taken(site: Site) -> None:
    async with Phone.of(site, WHO) as phone:
        await phone.hello()
        await phone.say("do", commands=[sent({"command": "x"}, n) for n in range(65)])
        assert (await phone.next("problem"))["code"] == "gateway.commands"


async def test_when_there_is_no_room_the_rest_waits_too_so_that_the_order_holds(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Phone.of(site, WHO) as phone:
        task = await with_task(phone, site)
        writer = site.home.writer
        monkeypatch.setattr(writer, "_capacity", 0)
        commands = [
            sent({"command": "task.accept", "task": task}, 1),
            sent({"command": "task.report", "task": task, "text": "好"}, 2),
        ]
        await phone.say("do", commands=commands)
        for _ in commands:
            failed = await phone.next("failed")
            assert (failed["code"], failed["again"]) == (Busy(1).code, True)
        monkeypatch.undo()
        await phone.say("do", commands=commands)
        assert [(await phone.next("done"))["outcome"] for _ in commands] == ["accepted"] * 2


async def test_a_delivery_that_found_no_room_is_asked_for_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Phone.of(site, WHO) as phone:
        await with_task(phone, site)
        monkeypatch.setattr(site.home.writer, "_capacity", 0)
        await phone.ack()
        await site.until(lambda: site.gateway.deliveries._again)
        monkeypatch.undo()
        await site.until(lambda: facts(site, "task.delivered"))
