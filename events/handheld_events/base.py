"""What every event of the published language is: a frozen value with a stable name and version."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its zone. What is stored is UTC."""


class Event(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A fact, in the past tense.

    `TOPIC` is its stable name and version (`task.accepted.v1`); it is what the log stores, never
    an import path. A change that old readers cannot take is a new version with an upcaster
    (docs/how-to/add-an-event.md).
    """

    TOPIC: ClassVar[str]


class Value(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A part of an event that has no life of its own."""


class Corrected(Event, frozen=True, kw_only=True):
    """What a correction says, whatever the stream: an earlier fact of the same stream was wrong.

    Nothing is edited: the wrong fact stays in the log and is shown as corrected.
    """

    version: int
    """The stream version of the fact that is corrected."""
    reason: str
    text: str | None = None
    """The right words, where the words were wrong."""
    occurred_at: Instant | None = None
    """The right time, where the time was wrong (UTC)."""
