"""Notices and digests in the messenger, against a platform and a robot of our own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Mapping

import pytest

from handheld.adapters.notifiers.dingtalk import DingTalk, DingTalkSettings
from handheld.adapters.notifiers.outside import Limits
from handheld.adapters.notifiers.robot import MOST_A_MINUTE, Robot, RobotSettings
from handheld.application.notifying import Came, Notice, Told
from tests.support_peers import Answer, Asked, Messenger, Peer, peer, said

PATIENT = Limits(first_wait=0.01)
HASTY = Limits(timeout=1, tries=1)
"""For whom nobody answers: to wait once is enough."""
PEOPLE = {f"100000000{n:02}": f"u{n}" for n in range(5)}


def notice(number: int, text: str = "有任务") -> Notice:
    return Notice(
        id=f"{number:032}",
        task=f"task-{number}",
        task_force="tf-1",
        person=f"person-T{number}",
        drill=False,
        text=text,
        phone=f"100000000{number:02}",
    )


def messenger(made: Peer, secret: str = "app-secret", limits: Limits = PATIENT) -> DingTalk:
    settings = DingTalkSettings(app_key="key", app_secret=secret, agent_id=7, url=made.url)
    return DingTalk(settings, limits)


def results(came: Mapping[str, Came]) -> list[Came]:
    return [came[one] for one in sorted(came)]


async def test_people_are_found_by_their_number_and_told_in_one_call() -> None:
    async with peer() as made:
        platform = Messenger(made, PEOPLE)
        ding = messenger(made)
        came = await ding.send([notice(n) for n in range(6)])
        assert results(came) == [*[Came("taken", None, "1")] * 5, Came("refused", "60121")]
        assert platform.sent == [([f"u{n}" for n in range(5)], "有任务")]
        assert platform.tokens == 1
        await ding.close()


async def test_a_token_that_is_over_is_renewed_once() -> None:
    async with peer() as made:
        platform = Messenger(made, PEOPLE)
        ding = messenger(made)
        await ding.send([notice(0)])
        platform.tokens += 1  # somebody else has asked for one: ours is over
        assert results(await ding.send([notice(0, "又一项")])) == [Came("taken", None, "2")]
        assert platform.tokens == 3
        await ding.close()


async def test_with_a_wrong_secret_nothing_is_sent_and_that_is_certain() -> None:
    async with peer() as made:
        Messenger(made, PEOPLE)
        ding = messenger(made, "wrong")
        assert results(await ding.send([notice(0)])) == [Came("failed", "token_40089")]
        await ding.close()


async def test_what_was_taken_and_swallowed_is_told_later() -> None:
    async with peer() as made:
        Messenger(made, PEOPLE)
        ding = messenger(made)
        await ding.send([notice(0)])
        came = await ding.send([notice(0), notice(1)])
        assert results(came) == [Came("taken", None, "2")] * 2
        told = await ding.ask("2", [notice(0), notice(1), notice(4)])
        assert told == {notice(0).id: Told(False, "143105"), notice(1).id: Told(True)}
        assert await ding.ask("no number", [notice(0)]) == {}
        await ding.close()


async def test_a_busy_or_broken_platform_is_called_what_it_is() -> None:
    async with peer() as made:
        platform = Messenger(made, PEOPLE)
        ding, hasty = messenger(made), messenger(made, limits=HASTY)
        await ding.send([notice(0)])

        async def sent(answer: Answer, ding: DingTalk = ding) -> list[Came]:
            def answering(asked: Asked) -> Answer:
                return answer if asked.path.endswith("asyncsend_v2") else platform.answer(asked)

            made.answering = answering
            return results(await ding.send([notice(0)]))

        assert await sent(said({"errcode": 90018})) == [Came("failed", "90018")]
        assert await sent(said({"errcode": 33012})) == [Came("refused", "33012")]
        assert await sent(Answer(200, b"<html>")) == [Came("unknown", "no_json")]
        assert await sent(Answer(hang=True), hasty) == [Came("unknown", "timeout")]
        assert await sent(Answer(502)) == [Came("failed", "http_502")]
        await ding.close()
        await hasty.close()


async def test_no_secret_reaches_the_log_of_the_program(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with peer() as made:
        Messenger(made, PEOPLE)
        ding = messenger(made)
        await ding.send([notice(0)])
        await ding.close()
    assert "app-secret" not in caplog.text
    assert "access_token" not in caplog.text
    assert "10000000000" not in caplog.text


class Group:
    """A group's robot: checks the signature, and is shut up by who speaks too often."""

    def __init__(self, made: Peer) -> None:
        self.said: list[str] = []
        self.shut = False
        made.answering = self.answer

    def answer(self, asked: Asked) -> Answer:
        at = asked.query["timestamp"]
        made = hmac.new(b"SECret", f"{at}\nSECret".encode(), hashlib.sha256).digest()
        if asked.query["sign"] != base64.b64encode(made).decode():
            return said({"errcode": 310000, "errmsg": "sign not match"})
        if abs(int(at) / 1000 - time.time()) > 3600 or asked.query["access_token"] != "tok":
            return said({"errcode": 310000, "errmsg": "invalid timestamp"})
        if self.shut or len(self.said) >= 20:
            self.shut = True
            return said({"errcode": 410100, "errmsg": "send too fast"})
        self.said.append(asked.json()["text"]["content"])
        return said({"errcode": 0})


def robot(made: Peer, secret: str = "SECret") -> Robot:
    url = f"{made.url}/robot/send?access_token=tok"
    return Robot(RobotSettings(url=url, secret=secret, division="330825"), PATIENT)


async def test_a_robot_is_believed_and_never_speaks_so_often_that_it_is_shut_up() -> None:
    async with peer() as made:
        group = Group(made)
        speaker = robot(made)
        came = [await speaker.say(f"第{n}次") for n in range(40)]
        assert [one.result for one in came] == ["taken"] * MOST_A_MINUTE + ["skipped"] * (
            40 - MOST_A_MINUTE
        )
        assert len(group.said) == MOST_A_MINUTE
        assert not group.shut
        await speaker.close()


async def test_a_robot_that_was_shut_up_by_others_is_silent_for_a_while() -> None:
    async with peer() as made:
        group = Group(made)
        group.shut = True
        speaker = robot(made)
        assert await speaker.say("一") == Came("refused", "410100")
        assert not speaker.may_speak()
        assert await speaker.say("二") == Came("skipped", "too_soon")
        assert len(made.asked) == 1
        await speaker.close()


async def test_with_a_wrong_secret_the_robot_says_nothing() -> None:
    async with peer() as made:
        group = Group(made)
        speaker = robot(made, "other")
        assert await speaker.say("一") == Came("refused", "310000")
        assert group.said == []
        await speaker.close()
