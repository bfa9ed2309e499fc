"""A simulated fleet: when each phone gets its task, and what its owner does with it.

The times are drawn so that the loop runs as public reports of 23 July 2021 tell it: all 263
village-team leaders had accepted within an hour, all 561 grid heads within two, 20 of them late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp
from random import Random
from typing import Any, NamedTuple

from handheld.domain import task

MINUTE = 60.0
LATE_GRID_HEADS = 20


class Phone(NamedTuple):
    """One assignee and their task."""

    task: str
    person: str
    role: str
    verifier: str
    """Who checks the report, where the order asks for it."""


class Deed(NamedTuple):
    """What somebody does, at a second after the start."""

    second: float
    actor: str
    command: Any


class Habit(NamedTuple):
    """How people of a role answer; times in minutes, half of them below the median."""

    accept_median: float
    spread: float
    accept_latest: float
    report_median: float
    never: float
    """The share who never answer."""
    declines: float
    """The share who say that they cannot."""
    words: Sequence[str]


HABITS: dict[str, Habit] = {
    "village_team_leader": Habit(
        6, 0.7, 55, 75, 0, 0, ("已到村，人员到岗，隐患点逐一看过", "已到村，低洼处三户已转移")
    ),
    "grid_head": Habit(
        9,
        0.8,
        57,
        60,
        0,
        0,
        ("网格内巡查一遍，未见异常", "排水沟已清，沙袋已备", "危房两处已拉警戒"),
    ),
    "household_contact": Habit(
        14, 1.0, 110, 45, 0.004, 0.003, ("已走访，户内平安", "已提醒关好门窗", "老人已接到邻居家")
    ),
}


def deeds(phones: Sequence[Phone], seed: int) -> list[Deed]:
    """Everything that the fleet will do, by time."""
    random = Random(seed)
    late = _late(phones, random)
    done: list[Deed] = []
    for phone in phones:
        done += _life(phone, random, late=phone.task in late)
    done.sort(key=lambda deed: deed.second)
    return done


def _late(phones: Sequence[Phone], random: Random) -> set[str]:
    heads = [phone.task for phone in phones if phone.role == "grid_head"]
    return set(random.sample(heads, min(LATE_GRID_HEADS, len(heads))))


def _life(phone: Phone, random: Random, *, late: bool) -> Iterator[Deed]:
    habit = HABITS[phone.role]
    me = phone.person
    without_signal = random.random() < 0.03
    delivered = random.uniform(1, 25) * (MINUTE if without_signal else 1)
    yield Deed(delivered, me, task.Deliver(task=phone.task))
    answer = random.random()
    if answer < habit.never:
        return
    if late:
        accepted = random.uniform(62, 115) * MINUTE
    else:
        minutes = habit.accept_median * exp(random.gauss(0, habit.spread))
        accepted = max(delivered + 3, min(minutes, habit.accept_latest) * MINUTE)
    yield Deed(accepted - random.uniform(1, 3), me, task.Read(task=phone.task))
    if answer < habit.never + habit.declines:
        yield Deed(accepted, me, task.Decline(task=phone.task, reason="人在外地，赶不回来"))
        return
    yield Deed(accepted, me, task.Accept(task=phone.task))
    reported = accepted + habit.report_median * exp(random.gauss(0, 0.5)) * MINUTE
    yield from _reports(phone, min(reported, 280 * MINUTE), habit, random)


def _reports(phone: Phone, second: float, habit: Habit, random: Random) -> Iterator[Deed]:
    report = task.Report(task=phone.task, text=random.choice(habit.words))
    if phone.role != "village_team_leader":
        yield Deed(second, phone.person, report)
        return
    second = min(second, 240 * MINUTE)
    yield Deed(second, phone.person, report)
    checked = second + random.uniform(3, 15) * MINUTE
    if random.random() < 0.04:
        back = task.SendBack(task=phone.task, reason="请补报转移人数")
        yield Deed(checked, phone.verifier, back)
        again = task.Report(task=phone.task, text="补报：转移 3 户 7 人，已安置在村文化礼堂")
        yield Deed(checked + 12 * MINUTE, phone.person, again)
        checked += 20 * MINUTE
    yield Deed(checked, phone.verifier, task.Verify(task=phone.task))
