"""How the people of the typhoon story answer: how soon, in which words, with which numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import exp
from random import Random
from typing import NamedTuple

from handheld_events.forms import Filled, Form, Photo


class Habit(NamedTuple):
    """How those who have an order answer it. Times in minutes; half of them are below the median."""

    accept_median: float
    spread: float
    accept_latest: float
    report_median: float
    """After the acceptance."""
    words: Sequence[str]
    silent: float = 0.0
    """The share who answer nothing before they are reminded; some of them not even then."""
    declines: float = 0.0
    """The share who say that they cannot."""
    numbers: Mapping[str, tuple[int, int]] = {}
    """What they count, by the key of the field: least and most."""
    share: float = 1.0
    """The share who have anything to count."""


LEADERS, GRIDS, HOUSEHOLDS = "lead", "grids", "households"
"""The orders of the plan that go out with the start."""
CLEARING = "clearing"
NAMED = "named"
"""An order about a finding, and what a department passes on; they have no name in the plan."""

HABITS: Mapping[str, Habit] = {
    LEADERS: Habit(
        6,
        0.7,
        55,
        80,
        (
            "已到村，人员到岗，隐患点逐一看过",
            "已到村，低洼处人员已转移",
            "危旧房逐户看过，值守到位",
        ),
        numbers={"moved": (0, 22), "hazards-checked": (3, 15), "hazards-open": (0, 1)},
    ),
    GRIDS: Habit(
        9,
        0.8,
        57,
        60,
        ("网格内巡查一遍，未见异常", "排水沟已清，沙袋已备", "危房两处已拉警戒"),
        numbers={"hazards-checked": (1, 8), "hazards-open": (0, 1), "persuaded": (0, 5)},
    ),
    HOUSEHOLDS: Habit(
        14,
        1.0,
        108,
        20,
        ("已走访完，户内平安", "都走到了，门窗已提醒关好", "走访完毕，老人已接到邻居家"),
        silent=0.008,
        declines=0.003,
        numbers={"moved": (1, 3), "unwilling": (0, 1)},
        share=0.07,
    ),
    "standby-villages": Habit(
        6,
        0.6,
        28,
        40,
        ("村干部已到岗，安置点已打开", "人员到岗，物资已清点"),
        numbers={"on-post": (4, 9), "places": (40, 200)},
    ),
    "rescue": Habit(
        6,
        0.4,
        18,
        35,
        ("抢险队已集结，随时可以出动", "人员机械已落实到名单"),
        numbers={"rescuers": (15, 60), "vehicles": (2, 9)},
    ),
    "situation": Habit(
        4,
        0.4,
        12,
        9,
        ("雨势平稳，无新险情", "平安"),
        numbers={"moved-hour": (0, 12), "blocked": (0, 1)},
    ),
    NAMED: Habit(4, 0.4, 12, 30, ("已到集结点",)),
    CLEARING: Habit(3, 0.3, 6, 45, ("倒树已锯断清走，路已通",)),
}

CHOICES: Mapping[str, Sequence[str]] = {"state": ("平稳", "平稳", "平稳", "有险情、可控")}
"""What is chosen, by the key of the field."""


def minutes(habit: Habit, chance: Random) -> float:
    """How long somebody takes to accept."""
    drawn = habit.accept_median * exp(chance.gauss(0, habit.spread))
    return min(drawn, habit.accept_latest - chance.uniform(0, 1))


def filled(form: Form, habit: Habit, chance: Random) -> Filled:
    """A form, filled in as somebody with this habit does."""
    numbers: dict[str, int] = {}
    choices: dict[str, str] = {}
    counts = chance.random() < habit.share
    for field in form:
        if field.kind == "number" and (field.required or counts):
            numbers[field.key] = chance.randint(*habit.numbers.get(field.key, (0, 0)))
        elif field.kind == "choice":
            choices[field.key] = chance.choice(CHOICES.get(field.key, field.choices))
    return Filled(numbers=numbers, choices=choices)


def photo(of: str) -> Photo:
    """A photo that nobody took: the hash of what it would show."""
    return Photo(sha256=sha256(f"synthetic photo: {of}".encode()).hexdigest(), size=183_000)
