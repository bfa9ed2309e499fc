"""Upcasters: how a version that is no longer written is read today.

An upcaster takes the fields of an old event, as plain JSON values, to those of the next version.
It is applied when the log is read; the log itself is never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Fields = dict[str, Any]


class Upcast(NamedTuple):
    """One step of a topic to its next version."""

    to: str
    change: Callable[[Fields], Fields]


UPCASTS: Mapping[str, Upcast] = {}
"""By old topic. Every version is still version 1."""
