"""Two days offline with two hundred things done: all of it arrives, in order, once, and honestly.

The connection breaks again and again in the middle of the replay.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from websockets.exceptions import ConnectionClosed

from handheld.adapters.clock import ClockSetting
from handheld.bootstrap import Home, found_home
from handheld.domain import task
from handheld_events.codec import Reading
from handheld_events.ids import command_id
from handheld_events.times import judge
from tests.support_gateway import Json, Phone, Site, token_of
from tests.support_live import site_of
from tests.support_log import COUNTY, assert_whole, person, populate
from tests.support_server import served

LEFT = datetime(2021, 7, 23, 7, tzinfo=UTC)
BACK = LEFT + timedelta(days=2)
AHEAD = timedelta(minutes=5)
"""The phone's clock is so far ahead."""
WHO = person(0)
TASKS, WITHDRAWN, DONE_ELSEWHERE = 80, 10, 5
FULL = ("task.read", "task.accept", "task.go_en_route", "task.reach_scene")


def what_was_done(tasks: list[str], random: Random) -> list[Json]:
    """Two hundred actions over two days, those on one task in their order."""
    steps = [FULL if n < 40 else FULL[1:2] for n in range(len(tasks))]
    turns = [n for n, names in enumerate(steps) for _ in names]
    random.shuffle(turns)
    left = [list(names) for names in steps]
    moments = sorted(LEFT + timedelta(seconds=random.uniform(60, 172_700)) for _ in turns)
    return [
        {
            "id": command_id(int(at.timestamp() * 1000), number.to_bytes(10, "big")),
            "command": {"command": left[turn].pop(0), "task": tasks[turn]},
            "occurred_at": (at + AHEAD).isoformat(),
        }
        for number, (turn, at) in enumerate(zip(turns, moments, strict=True))
    ]


class Replay:
    """A queue that is sent until all of it is answered, over connections that break."""

    def __init__(self, site: Site, token: str, queue: list[Json], random: Random) -> None:
        self._site = site
        self._token = token
        self._queue = queue
        self._random = random
        self.answers: dict[str, Json] = {}
        self.again: list[tuple[Json, Json]] = []
        """Answers to the same command."""
        self.broken = 0

    async def over(self, stored: dict[int, Json], epoch: str | None) -> None:
        """Until nothing is left, with what is stored on the phone."""
        while len(self.answers) < len(self._queue):
            async with Phone.of(self._site, WHO, token=self._token) as phone:
                phone.stored, phone.epoch = stored, epoch
                await phone.hello(clock=(BACK + AHEAD).isoformat())
                await self._some(phone)
                stored = phone.stored
                phone.socket.transport.abort()

    async def _some(self, phone: Phone) -> None:
        waiting = [sent for sent in self._queue if sent["id"] not in self.answers]
        # What was answered last is sent again now and then: as if the answer had got lost.
        known = [sent for sent in self._queue if sent["id"] in self.answers]
        if known and self._random.random() < 0.3:
            waiting = known[-3:] + waiting
        size = self._random.choice((1, 7, 30, 64))
        for first in range(0, min(len(waiting), 90), size):
            await phone.say("do", commands=waiting[first : first + size])
        for _ in range(self._random.randrange(0, 24)):
            if len(self.answers) == len(self._queue):
                return
            try:
                message = await phone.next("done")
            except ConnectionClosed:
                break
            earlier = self.answers.setdefault(message["id"], message)
            if earlier is not message:
                self.again.append((earlier, message))
        self.broken += 1


def facts_of(home: Home) -> dict[str, list[Any]]:
    """What each command has left in the log."""
    found: dict[str, list[Any]] = {}
    reading = Reading()
    for row in home.log.read_kinds(0, ["task"]):
        fact = reading.fact(*row)
        found.setdefault(fact.meta.command, []).append(fact)
    return found


async def test_two_hundred_actions_of_two_days_arrive_in_order_once_and_as_they_were(
    tmp_path: Path,
) -> None:
    random = Random(20210725)
    found_home(tmp_path / "data", clock=ClockSetting(origin=LEFT, rate=0))
    with Home(tmp_path / "data") as home:
        populate(home, 2)
        with served(home) as server:
            site, token = site_of(server), token_of(home, WHO)
            async with Phone.of(site, WHO, token=token) as phone:
                await phone.hello(clock=(LEFT + AHEAD).isoformat())
                for _ in range(TASKS):
                    await site.start()
                await phone.until(TASKS)
                await phone.ack()
            tasks = [phone.stored[number]["task"] for number in range(1, TASKS + 1)]
            queue = what_was_done(tasks, random)
            assert len(queue) == 200
            home.go_on_to(LEFT + timedelta(days=1))
            for one in tasks[:WITHDRAWN]:
                await site.do(task.Withdraw(task=one, reason="警报解除"))
            for one in tasks[WITHDRAWN : WITHDRAWN + DONE_ELSEWHERE]:
                await site.do(task.Accept(task=one), WHO)  # on another device
            home.go_on_to(BACK)
            replay = Replay(site, token, queue, random)
            await replay.over(phone.stored, phone.epoch)
            assert replay.broken > 10
            async with Phone.of(site, WHO, token=token) as later:
                later.stored, later.epoch = phone.stored, phone.epoch
                welcome = await later.hello(clock=(BACK + AHEAD).isoformat())
                await later.until(welcome["head"])
            assert later.epoch == phone.epoch
        none_is_lost_doubled_or_out_of_order(home, queue, replay)
        overtaken_ones_are_shown_as_such(home, queue, replay, tasks)
        times_are_as_they_happened(home, queue)
        home.caught_up()
        count = home.boards.tier_board(COUNTY).count
        assert (count.withdrawn, count.in_progress) == (WITHDRAWN, TASKS - WITHDRAWN)
        assert_whole(home.log)


def none_is_lost_doubled_or_out_of_order(home: Home, queue: list[Json], replay: Replay) -> None:
    answers, facts = replay.answers, facts_of(home)
    assert answers.keys() == {sent["id"] for sent in queue}
    assert replay.again
    for earlier, again in replay.again:
        assert again["repeated"]
        told = ("outcome", "code", "first", "last", "recorded_at")
        assert [earlier.get(name) for name in told] == [again.get(name) for name in told]
    position = 0
    for sent in queue:
        left, answer = facts.get(sent["id"], []), answers[sent["id"]]
        assert bool(left) == (answer["outcome"] != "already_done")
        if left:
            assert [fact.position for fact in left] == [*range(answer["first"], answer["last"] + 1)]
            assert left[0].position > position
            position = left[-1].position
    once = [(f.stream, f.event.TOPIC) for left in facts.values() for f in left]
    for topic in ("task.read.v1", "task.accepted.v1", "task.en_route.v1", "task.on_scene.v1"):
        streams = [stream for stream, what in once if what == topic]
        assert len(streams) == len(set(streams))


def overtaken_ones_are_shown_as_such(
    home: Home, queue: list[Json], replay: Replay, tasks: list[str]
) -> None:
    gone, facts = set(tasks[:WITHDRAWN]), facts_of(home)
    elsewhere = set(tasks[WITHDRAWN : WITHDRAWN + DONE_ELSEWHERE])
    overtaken = 0
    for sent in queue:
        answer, command = replay.answers[sent["id"]], sent["command"]
        if command["command"] == "task.read":
            continue
        if command["task"] in gone:
            overtaken += 1
            assert (answer["outcome"], answer["code"]) == ("overtaken", "task.withdrawn")
            assert answer["words"]
            (fact,) = facts[sent["id"]]
            assert fact.event.TOPIC == "task.overtaken.v1"
        elif command["task"] in elsewhere and command["command"] == "task.accept":
            assert (answer["outcome"], answer["code"]) == ("already_done", "task.accepted")
        else:
            assert answer["outcome"] == "accepted"
    assert overtaken == WITHDRAWN * 3


def times_are_as_they_happened(home: Home, queue: list[Json]) -> None:
    facts = facts_of(home)
    for sent in queue:
        claimed = datetime.fromisoformat(sent["occurred_at"])
        for fact in facts.get(sent["id"], []):
            assert fact.meta.occurred_at == claimed
            assert fact.recorded_at == BACK
            judged = judge(fact.meta, fact.recorded_at, LEFT)
            assert (judged.at, judged.claim) == (claimed - AHEAD, "clock_corrected")
