"""A request: a command, and what its sender says about it."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from handheld.application.ports import CommandKey
from handheld.domain.answers import Outcome
from handheld.domain.errors import Malformed
from handheld.domain.words import check_instants
from handheld_events.envelope import Meta
from handheld_events.ids import is_command_id

_encode = msgspec.json.Encoder().encode


REACTIONS = "reactions"
"""The actor of what the system does by itself."""


class Request(msgspec.Struct, frozen=True):
    """What a sender asks for. The same actor and command id mean the same request."""

    command: Any
    """One of the commands in the table of handlers."""
    meta: Meta
    expects: tuple[tuple[str, int], ...] = ()
    """Streams of what is edited, and the versions that the editor saw (If-Match).

    Not part of the body: sent again with other versions it is the same request, answered as at first.
    """
    body: bytes | None = None
    """What was sent, where the command was made of it with what is known here, which changes.

    None where the command itself is what was sent.
    """

    def key(self) -> CommandKey:
        """What makes it the same request: sender, command id, and a hash of the body.

        Raises Malformed (`command.id`, `time.not_utc`, `command.not_text`).
        """
        meta = self.meta
        if not is_command_id(meta.command):
            raise Malformed("command.id", command=meta.command)
        check_instants(meta.occurred_at, meta.reported_at)
        try:
            sent = _encode(self.command) if self.body is None else self.body
            body = f"{meta.on_behalf_of or ''} ".encode() + sent
        except (TypeError, ValueError) as error:
            raise Malformed("command.not_text", reason=str(error)) from error
        return CommandKey(meta.actor, meta.command, blake2b(body, digest_size=16).digest())

    @property
    def who(self) -> str:
        """The person who acts, or for whom the actor acts."""
        return self.meta.on_behalf_of or self.meta.actor


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a request: everything in it is durable."""

    outcome: Outcome
    code: str | None
    first: int | None
    """Position of the first fact; None where there is none."""
    last: int | None
    recorded_at: datetime
    repeated: bool
    """The command came before; this is the answer it got then."""
