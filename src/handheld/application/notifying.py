"""What the ladder needs of the outside: ways to tell somebody, each behind the same port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from handheld_events.task import NoticeResult, Rung


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to tell one person, as it goes to whoever passes it on."""

    id: str
    """32 hex digits; the same when it is made once more, so that it can be taken as one."""
    task: str
    task_force: str
    person: str
    drill: bool
    text: str
    """In words, for rungs that show or speak them; a drill says so."""
    phone: str | None = None
    """The telephone number in plain text: never kept, never logged."""


class Came(msgspec.Struct, frozen=True):
    """What came of an attempt."""

    result: NoticeResult
    code: str | None = None
    """A word of ours, or the code of the other side."""
    reference: str | None = None


class Told(msgspec.Struct, frozen=True):
    """What the other side says later of a notice that it took."""

    arrived: bool
    code: str | None = None


class Notifier(Protocol):
    """A way to tell people."""

    @property
    def rung(self) -> Rung:
        """Which one."""
        ...

    @property
    def together(self) -> int:
        """So many notices at most are given to one `send`."""
        ...

    @property
    def asks_later(self) -> bool:
        """Whether the other side can be asked what became of a notice."""
        ...

    async def send(self, notices: Sequence[Notice]) -> Mapping[str, Came]:
        """Try to tell these people; what came of it by the id of the notice. Raises nothing.

        What is not in the answer counts as unknown.
        """
        ...

    async def ask(self, reference: str, notices: Sequence[Notice]) -> Mapping[str, Told]:
        """What became of what was taken under a reference, by the id of the notice.

        Those of which nothing is known yet are left out. Raises nothing.
        """
        ...

    async def close(self) -> None:
        """Let connections go."""
        ...
