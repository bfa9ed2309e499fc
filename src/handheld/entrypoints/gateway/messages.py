"""What phones and desks say to the gateway, and what it says to them: JSON text frames.

docs/pushing.md explains them; docs/reference/gateway.asyncapi.json is made from these classes.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from handheld.application.reading.board_wanted import Wanted as Wanted
from handheld.application.sent import Sent
from handheld_events.base import Instant

PROTOCOL: Literal["handheld.v1"] = "handheld.v1"
"""The WebSocket subprotocol (RFC 6455, section 1.9)."""
MAX_FRAME = 64 * 1024
"""Bytes of the largest frame that is taken from a client."""


class Message(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"
):
    """A message either way; its name is under `type`."""


# --- from the client ---------------------------------------------------------------------------


class Hello(Message, frozen=True, kw_only=True, tag="hello"):
    """The first message: who is there, and what is stored there."""

    device: str
    """Made on the device once and kept: 8 to 64 letters, digits, `-`, `_`."""
    epoch: str | None = None
    """Of what is stored on the device; None where nothing is."""
    last_seq: int = 0
    """The last inbox number stored on the device, of that epoch, without a gap."""
    clock: Instant
    """The device's clock as it sends this."""
    ticket: str | None = None
    """Single-use, where neither a cookie nor a header said who it is."""
    inbox: bool = True
    """Whether this connection takes the inbox; a desk that only watches boards does not."""
    person: str | None = None
    """Whose inbox and actions are stored there: the session must be theirs (4401 otherwise)."""


class Ack(Message, frozen=True, kw_only=True, tag="ack"):
    """Everything up to this number is stored on the device: said after its storage has committed."""

    seq: int


class Resend(Message, frozen=True, kw_only=True, tag="resend"):
    """A number is missing: everything after this one once more."""

    after: int


class Do(Message, frozen=True, kw_only=True, tag="do"):
    """Commands, in the order in which they happened; each is answered by itself."""

    commands: tuple[Sent, ...]
    """At most 64."""


class Watch(Message, frozen=True, kw_only=True, tag="watch"):
    """Show this board from now on. The same name with another board replaces it."""

    watch: str
    """The client's own name for it, up to 40 characters."""
    board: Wanted


class Unwatch(Message, frozen=True, kw_only=True, tag="unwatch"):
    """No longer."""

    watch: str


FromClient = Hello | Ack | Resend | Do | Watch | Unwatch


# --- from the gateway --------------------------------------------------------------------------


class Welcome(Message, frozen=True, kw_only=True, tag="welcome"):
    """The answer to a hello: what follows are items after `after`, or a snapshot."""

    protocol: Literal["handheld.v1"] = PROTOCOL
    epoch: str
    """Of the numbers: log id and version of the inbox."""
    head: int
    """The last number there is."""
    after: int
    """The number that the gateway goes on from."""
    clock: Instant
    """The gateway's clock."""
    clock_offset: float
    """Seconds by which the device's clock is ahead."""


class Items(Message, frozen=True, kw_only=True, tag="items"):
    """Inbox items in gapless order. To be acknowledged once they are stored."""

    items: tuple[msgspec.Raw, ...]
    """Each a `handheld.application.pushing.items.Item`."""


class Snapshot(Message, frozen=True, kw_only=True, tag="snapshot"):
    """All that matters now of an inbox, in place of all that is stored on the device."""

    epoch: str
    head: int
    """To be acknowledged; items go on after it."""
    items: tuple[msgspec.Raw, ...]
    """The items of open tasks, of findings not settled, and the newest 50 of the rest, by number."""
    open: tuple[str, ...]
    """The tasks and findings in which something is still to be done; whatever else is here is done."""


class Done(Message, frozen=True, kw_only=True, tag="done", omit_defaults=True):
    """A command is durable: what came of it."""

    id: str
    outcome: Literal["accepted", "already_done", "overtaken", "refused"]
    code: str | None = None
    words: str | None = None
    """What that means and what to do, in the session's language."""
    first: int | None = None
    last: int | None = None
    recorded_at: Instant
    repeated: bool = False


class Failed(Message, frozen=True, kw_only=True, tag="failed", omit_defaults=True):
    """A command was not taken: nothing of it is kept."""

    id: str
    code: str
    words: str
    again: bool = False
    """Whether the same may be sent again later; otherwise it will fail again."""


class Board(Message, frozen=True, kw_only=True, tag="board"):
    """A board whole: the first one, and whenever deltas would not do."""

    watch: str
    n: int
    """The number of this showing; deltas count on from it."""
    position: int
    at: Instant
    """When the position was recorded."""
    digest: str
    """Of the document: what was shown can be compared with what the log gives."""
    board: dict[str, Any]


class Delta(Message, frozen=True, kw_only=True, tag="delta"):
    """What has changed on a board: a JSON merge patch (RFC 7396) on the showing n - 1."""

    watch: str
    n: int
    position: int
    at: Instant
    digest: str
    patch: dict[str, Any]


class Problem(Message, frozen=True, kw_only=True, tag="problem"):
    """A message could not be taken; the connection goes on, unless it is closed next."""

    code: str
    words: str
    about: str | None = None
    """The watch that it was about."""


class Bye(Message, frozen=True, kw_only=True, tag="bye"):
    """The gateway closes: come back after so many seconds, and resume."""

    code: str
    retry_after: float


FromGateway = Welcome | Items | Snapshot | Done | Failed | Board | Delta | Problem | Bye

CLOSE_NOT_SIGNED_IN = 4401
CLOSE_FORBIDDEN_ORIGIN = 4403
CLOSE_REVOKED = 4410
CLOSE_TOO_SLOW = 4408
CLOSE_MALFORMED = 4400
CLOSE_RESTART = 1012
"""Service restart, of the registry that RFC 6455 set up."""
