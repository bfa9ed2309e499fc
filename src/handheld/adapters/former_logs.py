"""Of which logs a restored log is a copy, as it says itself.

docs/adr/0021-a-restored-log-has-a-new-id.md
"""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex
from typing import Protocol

import msgspec

RESTORED = "restored_from"
"""The fact about a log that names the log of which it is a copy."""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Of which log a restored one is a copy, up to where, and since when it is one of its own."""

    log_id: str
    position: int
    taken_at: datetime
    restored_at: datetime


class _Told(Protocol):
    def fact(self, name: str) -> str | None: ...


def origins(text: str | None) -> tuple[Origin, ...]:
    """What the fact says, the latest restore last."""
    return msgspec.json.decode(text or "[]", type=tuple[Origin, ...])


def former_logs(log: _Told) -> tuple[str, ...]:
    """The ids of the logs of which this one was restored, the latest last."""
    return tuple(origin.log_id for origin in origins(log.fact(RESTORED)))


def as_another(
    known: str | None, log_id: str, position: int, taken_at: datetime, now: datetime
) -> dict[str, str]:
    """The facts by which a copy of a log becomes a log of its own; `known`: its `RESTORED` so far."""
    origin = Origin(log_id=log_id, position=position, taken_at=taken_at, restored_at=now)
    former = msgspec.json.encode((*origins(known), origin)).decode()
    return {"log_id": token_hex(8), RESTORED: former}
