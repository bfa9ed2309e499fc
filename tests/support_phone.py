"""A gateway as one phone meets it, without a socket: an inbox, and what was done, each once."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from handheld.application.sent import Sent
from handheld.entrypoints.gateway.messages import (
    Done,
    FromClient,
    FromGateway,
    Hello,
    Items,
    Snapshot,
    Welcome,
)

NOW = datetime(2021, 7, 23, 7, tzinfo=UTC)


def command_of(number: int) -> Sent:
    """Something that somebody did."""
    return Sent(id=f"{number:032x}", command={"command": "task.accept", "task": f"task-{number}"})


class Gateway:
    """The other end: what it has recorded, and the inbox."""

    def __init__(self, epoch: str = "a.1") -> None:
        self.epoch = epoch
        self.positions: list[int] = []
        self.recorded: dict[str, int] = {}
        """What was done, in the order in which it was taken."""
        self.acked = 0

    def adds(self, position: int) -> None:
        """One more item in the inbox."""
        self.positions.append(position)

    def items(self, *numbers: int) -> Items:
        """These numbers, as many as there are."""
        return Items(items=tuple(self.raw(n) for n in numbers if 1 <= n <= len(self.positions)))

    def raw(self, number: int) -> msgspec.Raw:
        """One item."""
        at = self.positions[number - 1]
        topic = "task.dispatched.v1"
        body = {"seq": number, "position": at, "topic": topic, "stream": f"task-{at}"}
        return msgspec.Raw(msgspec.json.encode(body))

    def greets(self, hello: Hello) -> list[FromGateway]:
        """As design.md, section 6: the missing items, or a snapshot."""
        head = len(self.positions)
        resumes = hello.epoch == self.epoch and hello.last_seq <= head
        after = hello.last_seq if resumes else 0
        welcome = Welcome(epoch=self.epoch, head=head, after=after, clock=NOW, clock_offset=0)
        if resumes or (hello.epoch is None and not head):
            return [welcome, *([self.items(*range(after + 1, head + 1))] if after < head else [])]
        return [welcome, self.snapshot()]

    def snapshot(self) -> Snapshot:
        """All that there is: nothing of it is done."""
        every = tuple(self.raw(n + 1) for n in range(len(self.positions)))
        undone = tuple(f"task-{at}" for at in self.positions)
        return Snapshot(epoch=self.epoch, head=len(self.positions), items=every, open=undone)

    def takes(self, sent: Sent) -> Done:
        """A command: recorded once, and answered as the first time."""
        repeated = sent.id in self.recorded
        first = self.recorded.setdefault(sent.id, 1000 + len(self.recorded))
        return Done(id=sent.id, outcome="accepted", first=first, recorded_at=NOW, repeated=repeated)


def sent_in(messages: list[FromClient]) -> list[Sent]:
    """The commands in what a phone says."""
    return [sent for message in messages for sent in getattr(message, "commands", ())]
