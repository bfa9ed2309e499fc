"""A command as a device sends it: what is wanted, and what the device says about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from handheld.application.access.identity import Identity
from handheld.application.handlers.table import HANDLERS
from handheld.application.requests import Request
from handheld.domain.errors import Malformed
from handheld_events.base import Instant
from handheld_events.envelope import Meta
from handheld_events.ids import is_key, plan_stream


def _name_of(kind: Any) -> str:
    return str(kind.__struct_config__.tag)


COMMANDS: Mapping[str, type] = {_name_of(kind): kind for kind in HANDLERS}
"""Every command by its name, such as `task.accept`."""


PLAN_STREAMS = frozenset(("task_force.start", "warning.decline_proposal"))
"""Commands whose `plan` is a stream."""


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One command with its id, over HTTP in bulk or over a WebSocket."""

    id: str
    """Made on the device: 32 hex digits of a UUID version 7. Sent again it is the same command."""
    command: dict[str, Any]
    """Its name under `command`, and its fields."""
    occurred_at: Instant | None = None
    """When it happened, where that was before it is sent."""
    on_behalf_of: str | None = None
    """The person for whom it is done (代领办, 代回单)."""
    drill: bool = False
    expects: dict[str, int] | None = None
    """Streams and the versions that the sender has seen: what has changed since is not edited."""


def command_of(fields: dict[str, Any]) -> Any:
    """The command with these fields. Raises Malformed (`command.unknown_name`, `command.fields`)."""
    name = fields.get("command")
    kind = COMMANDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Malformed("command.unknown_name", command=str(name)[:80])
    try:
        return msgspec.convert(_with_streams(fields), kind)
    except (msgspec.ValidationError, ValueError) as error:
        raise Malformed("command.fields", command=name, reason=str(error)) from error


def _with_streams(fields: dict[str, Any]) -> dict[str, Any]:
    """Where a plan's stream is meant, its key is taken as well: lists of plans name the key."""
    plan = fields.get("plan")
    if fields["command"] in PLAN_STREAMS and isinstance(plan, str) and is_key(plan):
        return {**fields, "plan": plan if plan.startswith("plan-") else plan_stream(plan)}
    return fields


def request_of(
    sent: Sent, who: Identity, now: datetime, *, clock_offset: float | None = None
) -> Request:
    """The request that a device makes; what happened earlier is reported now.

    Raises Malformed (`command.unknown_name`, `command.fields`).
    """
    return Request(
        command_of(sent.command),
        Meta(
            actor=who.actor,
            command=sent.id,
            occurred_at=sent.occurred_at or now,
            reported_at=now if sent.occurred_at is not None and sent.occurred_at != now else None,
            on_behalf_of=sent.on_behalf_of,
            device=who.device,
            clock_offset=clock_offset,
            drill=sent.drill,
        ),
        tuple(sorted((sent.expects or {}).items())),
    )
