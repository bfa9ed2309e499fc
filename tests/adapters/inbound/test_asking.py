"""Another system asks, over a real NATS server, and is answered from a real log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from handheld.bootstrap import Home
from handheld.domain.register import DivisionRow, ImportDivisions
from handheld_events.asyncapi import document
from handheld_events.cloud_messages import Mode
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from tests.support_cap import about, message, moment
from tests.support_inbound import (
    FINDING,
    START,
    WARNING,
    answer,
    answered,
    answers,
    asks,
    nothing_waits,
    receiving,
    said,
    same,
    send,
    send_raw,
)
from tests.support_inbound import SYSTEMS as KNOWN
from tests.support_log import COUNTY, TOWNSHIP, Bench, person, populate
from tests.support_nats import NatsServer
from tests.support_postgres import postgres

_DOCUMENT = document("1")
ANSWER = Draft202012Validator(
    {
        **_DOCUMENT["components"]["messages"]["answer.v1"]["payload"],
        "components": _DOCUMENT["components"],
    }
)

CAP = {"cap": message("T1").decode()}


def facts(home: Home | Bench, after: int) -> list[Recorded[Any]]:
    reading = Reading()
    return [reading.fact(*row) for row in home.log.read(after, 10_000)]


@pytest.mark.parametrize("mode", ["structured", "binary"])
async def test_each_kind_is_carried_out_and_answered(
    mode: Mode, home: Home, server: NatsServer
) -> None:
    before = home.log.end()
    async with receiving(home.receiver(KNOWN), server), server.client() as client:
        await send(client, "weather", asks("weather", "cap", CAP, "c/1"), mode)
        await send(client, "weather", asks("weather", "warning", WARNING, "预警 2"), mode)
        await send(client, "hotline", asks("hotline", "finding", FINDING), mode)
        await send(client, "weather", asks("weather", "start", START, "s"), mode)
        found = {
            kind: await answer(client, system, event_id)
            for kind, system, event_id in (
                ("cap", "weather", "c/1"),
                ("warning", "weather", "预警 2"),
                ("finding", "hotline", "1"),
                ("start", "weather", "s"),
            )
        }
        await nothing_waits(client)
        for event in await answers(client):
            ANSWER.validate(event)
    by_stream: dict[str, list[Recorded[Any]]] = {}
    for fact in facts(home, before):
        by_stream.setdefault(fact.stream, []).append(fact)
    for kind, told in found.items():
        assert said(told) == ("accepted", None), kind
        assert told["zh"]["said"] != told["en"]["said"]
        (made,) = told["made"]
        of_it = by_stream[made]
        assert [told["first"], told["last"]] == [of_it[0].position, of_it[-1].position]
        assert {fact.meta.actor for fact in of_it} <= {"system-weather", "system-hotline"}
    (reported,) = by_stream[found["finding"]["made"][0]]
    assert (reported.person, reported.meta.on_behalf_of) == (person(0), person(0))
    assert reported.occurred_at.isoformat() == "2021-07-23T00:00:00+00:00"
    received, proposed = by_stream[found["start"]["made"][0]]
    assert received.event.TOPIC == "warning.received.v1"
    assert (proposed.event.plan, proposed.event.division) == ("plan-storm", TOWNSHIP)
    assert not proposed.event.at_once


async def test_a_start_asked_for_is_never_made_unattended_unless_the_register_says_so(
    home: Home, server: NatsServer
) -> None:
    at_once = {**START, "divisions": [COUNTY], "at_once": True}
    async with receiving(home.receiver(KNOWN), server), server.client() as client:
        await send(client, "weather", asks("weather", "start", START, "1"))
        await send(client, "weather", asks("weather", "start", at_once, "2"))
        assert said(await answer(client, "weather", "1")) == ("accepted", None)
        assert said(await answer(client, "weather", "2")) == ("refused", "system.not_at_once")
        home.react()
        assert not [row for row in home.log.read(0, 1_000) if row[1].startswith("tf-")]

        await send(client, "command", asks("command", "start", at_once, "3"))
        told = await answer(client, "command", "3")
        again = {**at_once, "headline": "山洪灾害红色预警"}
        await send(client, "command", asks("command", "start", again, "4"))
        running = await answer(client, "command", "4")
    assert said(told) == ("accepted", None)
    assert [stream.partition("-")[0] for stream in told["made"]] == ["tf"]
    assert said(running) == ("refused", "start.running")


@pytest.mark.parametrize("mode", ["structured", "binary"])
async def test_what_comes_again_does_nothing_twice_and_is_told_the_same(
    mode: Mode, home: Home, server: NatsServer
) -> None:
    before = home.log.end()
    event = asks("hotline", "finding", FINDING)
    async with receiving(home.receiver(KNOWN), server), server.client() as client:
        await send(client, "hotline", event)
        await answered(client, 1)
        await send(client, "hotline", {**event, "time": "2021-07-23T09:00:00+08:00"}, mode)
        first, second = await answered(client, 2)
        assert same(first, second)
        assert first["time"] == second["time"]
        await send(client, "hotline", asks("hotline", "finding", {**FINDING, "place": "村尾"}))
        await send(client, "hotline", {**event, "drill": True})
        others = (await answered(client, 4))[2:]
    assert [said(one) for one in others] == [("refused", "command.reused")] * 2
    assert len(facts(home, before)) == 1


async def test_a_message_keeps_its_answer_when_the_register_of_divisions_has_changed(
    home: Home, server: NatsServer
) -> None:
    event = asks("weather", "cap", {"cap": message("T9", sent=moment(7)).decode()})
    async with receiving(home.receiver(KNOWN), server), server.client() as client:
        await send(client, "weather", event)
        await answered(client, 1)
        home.execute(ImportDivisions(rows=(DivisionRow(code="330803", name="龙游县"),)), "operator")
        await send(client, "weather", event)
        first, second = await answered(client, 2)
    assert said(first) == ("accepted", None)
    assert same(first, second)


async def test_cap_is_followed_and_what_is_late_is_told_so(home: Home, server: NatsServer) -> None:
    update = message("T2", sent=moment(8), kind="Update", references=about("T1"))
    async with receiving(home.receiver(KNOWN), server), server.client() as client:
        for number, text in enumerate((update, message("T1"), update), 1):
            cap = {"cap": text.decode()}
            await send(client, "weather", asks("weather", "cap", cap, str(number)))
            await answered(client, number)
        told = await answers(client)
    assert [said(one) for one in told] == [
        ("accepted", "warning.update_of_unknown"),
        ("overtaken", "warning.newer_known"),
        ("already_done", "warning.received"),
    ]


@pytest.mark.parametrize(
    ("system", "kind", "data", "more", "code"),
    [
        ("stranger", "finding", FINDING, {"source": "urn:x"}, "system.unknown"),
        ("weather", "warning", WARNING, {"source": "urn:other"}, "system.other_source"),
        ("weather", "finding", FINDING, {}, "system.not_granted"),
        ("hotline", "finding", {**FINDING, "division": COUNTY}, {}, "system.elsewhere"),
        ("weather", "warning", {**WARNING, "divisions": ["330803"]}, {}, "system.elsewhere"),
        ("weather", "cap", {"cap": message(sender="x@y.z").decode()}, {}, "system.cap_sender"),
        ("tried-out", "finding", FINDING, {}, "system.drills_only"),
        ("weather", "start", {**START, "plan": "no-such"}, {}, "plan.unknown"),
        ("weather", "warning", {**WARNING, "divisions": []}, {}, "warning.no_divisions"),
        ("hotline", "finding", {**FINDING, "text": " "}, {}, "words.missing"),
        ("weather", "cap", {"cap": "<alert/>"}, {}, "cap.root"),
    ],
)
async def test_what_may_not_be_is_refused_in_words_and_changes_nothing(
    system: str, kind: str, data: Any, more: Any, code: str, home: Home, server: NatsServer
) -> None:
    end = home.log.end()
    event = {**asks(system if system in KNOWN else "weather", kind, data), **more}
    async with receiving(home.receiver(KNOWN), server), server.client() as client:
        await send(client, system, event)
        told = await answer(client, system)
        await nothing_waits(client)
    assert said(told) == ("refused", code)
    assert told["zh"]["todo"]
    assert told["en"]["todo"]
    assert home.log.end() == end


async def test_a_drill_is_marked_in_the_log_and_in_the_answer(
    home: Home, server: NatsServer
) -> None:
    before = home.log.end()
    exercise = {"cap": message("D1", status="Exercise").decode()}
    async with receiving(home.receiver(KNOWN), server), server.client() as client:
        finding = asks("tried-out", "finding", FINDING, drill=True)
        await send(client, "tried-out", finding, "binary")
        await send(client, "weather", asks("weather", "cap", exercise))
        await send(client, "weather", asks("weather", "warning", WARNING, "2"))
        told = await answered(client, 3)
    drills = {one["system"] + (one.get("subject") or ""): one.get("drill", False) for one in told}
    assert drills == {"tried-out1": True, "weather1": True, "weather2": False}
    marked = {fact.meta.actor: set[bool]() for fact in facts(home, before)}
    for fact in facts(home, before):
        marked[fact.meta.actor].add(fact.meta.drill)
    assert marked == {"system-tried-out": {True}, "system-weather": {True, False}}


async def test_what_nobody_understands_is_answered_and_blocks_nothing_behind_it(
    home: Home, server: NatsServer
) -> None:
    broken = [
        (b"\xff\x00 no event", None),
        (b"[" * 100_000, {"Content-Type": "application/cloudevents+json"}),
        (b"x" * 300_000, {"ce-id": "big"}),
        (b"", None),
    ]
    wrong = [
        asks("hotline", "finding", FINDING, "2", type="task.accepted.v1"),
        asks("hotline", "finding", {**FINDING, "plain": 1}, "3"),
        asks("hotline", "finding", FINDING, "4", drill="yes"),
        asks("hotline", "finding", FINDING, "5", Drill=True),
        asks("hotline", "finding", FINDING, "6", time="yesterday"),
        asks("hotline", "finding", FINDING, "7", specversion="0.3"),
    ]
    end = home.log.end()
    async with receiving(home.receiver(KNOWN), server), server.client() as client:
        for payload, headers in broken:
            await send_raw(client, "hotline", payload, headers)
        for event in wrong:
            await send(client, "hotline", event)
        await send(client, "hotline", asks("hotline", "finding", FINDING, "good"))
        assert said(await answer(client, "hotline", "good")) == ("accepted", None)
        told = await answered(client, len(broken) + len(wrong) + 1)
        await nothing_waits(client)
        codes = {one.get("subject"): said(one)[1] for one in told}
        nameless = [said(one)[1] for one in told if one.get("subject") is None]
    assert codes.pop("good") is None
    assert codes == {
        None: "ask.not_an_event",
        "big": "ask.too_large",
        "2": "ask.unknown_type",
        "3": "ask.data",
        "4": "ask.not_an_event",
        "5": "ask.not_an_event",
        "6": "ask.not_an_event",
        "7": "ask.not_an_event",
    }
    assert len(nameless) == 3
    assert home.log.end() == end + 1


async def test_it_is_the_same_on_postgresql(server: NatsServer, tmp_path: Path) -> None:
    with postgres() as database:
        bench = Bench(database.log(), tmp_path / "keys.db")
        try:
            populate(bench, 3)
            from handheld.adapters.cap import read_cap
            from handheld.application.receiving_events import Receiver

            receiver = Receiver(
                bench.log,
                bench.clock,
                KNOWN,
                organisation=lambda: bench.world.organisation()[0],
                submit=bench.writer.submit_soon,
                read_cap=read_cap,
            )
            before = bench.log.end()
            async with receiving(receiver, server), server.client() as client:
                for _ in range(2):
                    await send(client, "hotline", asks("hotline", "finding", FINDING))
                first, second = await answered(client, 2)
            assert said(first) == ("accepted", None)
            assert same(first, second)
            (fact,) = facts(bench, before)
            assert first["data"]["made"] == [fact.stream]
        finally:
            bench.close()
