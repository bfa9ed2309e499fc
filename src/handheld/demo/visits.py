"""Household visits (走访) of the typhoon story: which household, when, what, satisfied or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

DONE = (
    "告知台风消息和安置点位置",
    "帮着关好门窗、收起阳台杂物",
    "已备好饮水和手电",
    "老人已接到邻居家过夜",
)
UNSATISFIED = (
    "嫌安置点太远，不愿去",
    "去年屋顶漏雨报过没人修，有意见",
    "担心家里鱼塘，埋怨排水沟没清",
)
SATISFIED, DISSATISFIED = 0.945, 0.975
"""Below the first they are satisfied, below the second not; of the others nobody was asked."""


BY_TELEPHONE = 0.24
"""The share of households, in houses that are safe, that are told by telephone and not visited."""


class Round(NamedTuple):
    """One household of somebody's round."""

    at: datetime
    household: str
    done: str
    satisfied: bool | None


def visited(
    households: Sequence[str], begins: datetime, ends: datetime, chance: Random
) -> Iterator[Round]:
    """Somebody's round: each household that must be seen, once, in order, before it ends."""
    seen = [each for each in households if chance.random() >= BY_TELEPHONE] or households[:1]
    room = (ends - begins) / (len(households) + 1)
    at = begins + min(timedelta(minutes=chance.uniform(5, 40)), room)
    for household in seen:
        drawn = chance.random()
        if drawn < SATISFIED:
            yield Round(at, household, chance.choice(DONE), True)
        elif drawn < DISSATISFIED:
            yield Round(at, household, chance.choice(UNSATISFIED), False)
        else:
            yield Round(at, household, "家中无人，已留告知单并打了电话", None)
        at += min(timedelta(minutes=chance.uniform(6, 24)), room)
