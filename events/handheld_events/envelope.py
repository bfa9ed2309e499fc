"""The envelope: what is known of every fact besides the fact itself.

Three times are kept apart. *occurred*: what the person or device claims; *reported*: when the
device said so; *recorded*: when the log took it, set by the writer at commit, one a commit,
never decreasing. Only the position orders facts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from handheld_events.base import Event, Instant

E = TypeVar("E", bound=Event)


class Meta(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
):
    """What all the facts of one command share."""

    actor: str
    """Who did it: a person stream, or a named process such as `operator`."""
    command: str
    """The id of the command, made on the device: 32 hex digits of a UUID version 7."""
    occurred_at: Instant
    reported_at: Instant | None = None
    """None where it is the same instant as `occurred_at`."""
    on_behalf_of: str | None = None
    """The person for whom the actor did it, where they differ (代领办, 代回单)."""
    device: str | None = None
    clock_offset: float | None = None
    """Seconds by which the device's clock was ahead of the server's, measured at hello."""
    drill: bool = False
    """A drill (演练): never mixes with real figures."""


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Where a fact belongs. Every fact of a task or a task force has that of its first one."""

    division: str | None = None
    task_force: str | None = None
    person: str | None = None
    """Whom it concerns: the assignee of a task, the subject of a person stream."""


class Stored(
    msgspec.Struct,
    Generic[E],
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
):
    """The JSON text that the log holds of one fact."""

    meta: Meta
    data: E
    division: str | None = None
    task_force: str | None = None
    person: str | None = None


class Recorded(msgspec.Struct, Generic[E], frozen=True, gc=False):
    """A fact as read from the log."""

    position: int
    """The place in the log: the only order that counts. Growing, not contiguous."""
    stream: str
    version: int
    """The place in its stream: 1, 2, 3 …"""
    recorded_at: datetime
    meta: Meta
    division: str | None
    task_force: str | None
    person: str | None
    event: E

    @property
    def event_id(self) -> str:
        """Unique in a log and the same on every adapter: `<stream>/<version>`."""
        return f"{self.stream}/{self.version}"

    @property
    def originator_id(self) -> str:
        """The stream, under the name that the `eventsourcing` library gives it."""
        return self.stream

    @property
    def originator_version(self) -> int:
        """The version, under the name that the `eventsourcing` library gives it."""
        return self.version

    @property
    def occurred_at(self) -> datetime:
        """When it happened, as claimed (UTC)."""
        return self.meta.occurred_at

    @property
    def reported_at(self) -> datetime:
        """When the device said so (UTC)."""
        return self.meta.reported_at or self.meta.occurred_at
