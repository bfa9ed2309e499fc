"""Stream `group-<key>`: people who are called together (工作组), a rescue team say."""

from __future__ import annotations

from typing import ClassVar

from handheld_events.base import Event


class GroupFormed(Event, frozen=True, kw_only=True, gc=False):
    """The group exists, or has other members from now on."""

    TOPIC: ClassVar[str] = "group.formed.v1"
    name: str
    division: str
    members: tuple[str, ...]
    """Person streams; at most 2,000."""


class GroupDissolved(Event, frozen=True, kw_only=True, gc=False):
    """The group is no longer called."""

    TOPIC: ClassVar[str] = "group.dissolved.v1"
    reason: str


GroupEvent = GroupFormed | GroupDissolved
