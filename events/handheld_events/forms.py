"""Report forms (回单表单): the numbers, choices, photos and visits that a report has to tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from handheld_events.base import Value

FieldKind = Literal["number", "choice", "text", "photo", "visits"]
"""数字, 选项, 文字, 照片, 走访."""


class FormField(Value, frozen=True, kw_only=True):
    """One thing that is asked."""

    key: str
    """Names the field; numbers of the same key are summed up the tiers."""
    label: str
    """What people read."""
    kind: FieldKind
    required: bool = True
    """Whether a report must have it."""
    choices: tuple[str, ...] = ()
    """Of a choice: what can be chosen."""
    unit: str | None = None
    """Of a number: what is counted (人, 户, 处)."""
    most: int | None = None
    """Of a number: more than this is a slip of the finger."""


Form = tuple[FormField, ...]


class Photo(Value, frozen=True, kw_only=True, gc=False):
    """A photo (照片), known by its content. Its bytes may come later than the words."""

    sha256: str
    """Of the bytes: 64 hex digits."""
    media: str = "image/jpeg"
    """Media type (RFC 6838)."""
    size: int | None = None
    """Bytes."""


Photos = tuple[Photo, ...]


class Filled(Value, frozen=True, kw_only=True):
    """A form, filled in. Visits are facts of their own."""

    numbers: Mapping[str, int] = msgspec.field(default_factory=dict)
    """By the key of the field."""
    choices: Mapping[str, str] = msgspec.field(default_factory=dict)
    texts: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Words, by the key of the field."""


NOTHING_FILLED = Filled()


class Location(Value, frozen=True, kw_only=True, gc=False):
    """Where a device was (WGS 84)."""

    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""
    accuracy: float | None = None
    """Metres."""
