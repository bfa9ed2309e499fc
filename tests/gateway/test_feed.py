"""A feed sends every number once and in order, however storage and news interleave."""

from __future__ import annotations

import json
from collections import deque

from hypothesis import given, settings
from hypothesis import strategies as st

from handheld.application.pushing.hub import Asked, Caught, Delivery
from handheld.entrypoints.gateway.feed import Feed
from handheld.entrypoints.gateway.figures import Figures

WHO = "person-S1"


class World:
    """An inbox, deliveries that are under way to the loop, and reads that are."""

    epoch = "log.1"

    def __init__(self) -> None:
        self.person = WHO
        self.full = False
        self.numbered = 0
        self.under_way: deque[Delivery] = deque()
        self.wanting = 0
        self.reading: tuple[Asked, Caught] | None = None
        self.sent: list[int] = []
        self.feed = Feed(self, self, Figures(), lambda _: self.want())
        self.feed.on = True

    def head(self, person: str) -> int:
        return self.numbered

    def want(self) -> None:
        self.wanting += 1

    def send(self, data: bytes, *, bounded: bool) -> bool:
        self.sent += [item["seq"] for item in json.loads(data)["items"]]
        return True

    def unreadable(self) -> None:
        raise AssertionError

    def items(self, first: int, last: int) -> list[bytes]:
        return [b'{"seq":%d}' % number for number in range(first, last + 1)]

    def news(self, count: int, *, made: bool) -> None:
        first, self.numbered = self.numbered + 1, self.numbered + count
        items = self.items(first, self.numbered) if made else None
        self.under_way.append(Delivery(WHO, first, self.numbered, items))

    def arrive(self) -> None:
        if self.under_way:
            self.feed.live(self.under_way.popleft())

    def read(self) -> None:
        if self.reading is None and self.wanting:
            self.wanting -= 1
            asked = self.feed.missing()
            if asked is not None:
                after = asked.after or 0
                last = min(self.numbered, after + 3)
                self.reading = asked, Caught(last, self.numbered, self.items(after + 1, last))

    def caught(self) -> None:
        if self.reading is not None:
            (asked, found), self.reading = self.reading, None
            self.feed.caught(asked, found)

    def step(self, step: str) -> None:
        match step:
            case "news":
                self.news(1, made=True)
            case "more":
                self.news(2, made=True)
            case "not made":
                self.news(1, made=False)
            case "full":
                self.full = not self.full
                if not self.full:
                    self.feed.room()
            case "arrive":
                self.arrive()
            case "read":
                self.read()
            case _:
                self.caught()


STEPS = st.lists(
    st.sampled_from(("news", "more", "not made", "full", "arrive", "read", "caught")), max_size=40
)


@settings(max_examples=300, deadline=None)
@given(before=st.integers(0, 5), stored=st.integers(0, 5), missed=st.booleans(), steps=STEPS)
def test_every_number_is_sent_once_and_in_order(
    before: int, stored: int, missed: bool, steps: list[str]
) -> None:
    world = World()
    world.numbered = before
    last = min(stored, before)
    if missed:  # numbered, and handed over, before anybody said hello
        world.news(2, made=True)
        world.under_way.clear()
    assert world.feed.begin(world.epoch, last) == (world.numbered, last)
    world.feed.go_on()
    for step in steps:
        world.step(step)
        assert world.sent == [*range(last + 1, last + 1 + len(world.sent))]
    world.full = False
    world.feed.room()
    for _ in range(100):
        world.arrive()
        world.read()
        world.caught()
    assert world.sent == [*range(last + 1, world.numbered + 1)]
