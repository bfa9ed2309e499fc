"""What watchers of boards are sent, encoded once for all who see the same.

The messages `board` and `delta` of the gateway's protocol; docs/boards.md
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from handheld.application.reading.board_made import Made
from handheld.domain.errors import HandheldError

_encode = msgspec.json.Encoder().encode


class Closed(NamedTuple):
    """A watch is over: it is not for them any more, or there is no such board."""

    watch: str
    error: HandheldError


class Showing(NamedTuple):
    """One showing of a board, for any name that a client has given to its watch."""

    kind: bytes
    rest: bytes

    def text(self, watch: str) -> bytes:
        """The frame's JSON text."""
        return b"".join((b'{"type":"', self.kind, b'","watch":', _encode(watch), self.rest))


def whole(n: int, made: Made) -> Showing:
    """The board whole."""
    return Showing(b"board", _about(n, made) + b',"board":' + made.text + b"}")


def change(n: int, made: Made, patch: dict[str, Any]) -> Showing:
    """What has changed since the showing before."""
    return Showing(b"delta", _about(n, made) + b',"patch":' + _encode(patch) + b"}")


def _about(n: int, made: Made) -> bytes:
    told = {"n": n, "position": made.position, "at": made.at, "digest": made.digest}
    return b"," + _encode(told)[1:-1]
