"""Stream `department-<key>`: an agency (部门, 条); it belongs to a division."""

from __future__ import annotations

from typing import ClassVar

from handheld_events.base import Event


class DepartmentRegistered(Event, frozen=True, kw_only=True, gc=False):
    """A department entered the register."""

    TOPIC: ClassVar[str] = "department.registered.v1"
    name: str
    division: str
    synthetic: bool = False
    """Made by a generator for a demo or a drill."""


class DepartmentRenamed(Event, frozen=True, kw_only=True, gc=False):
    """The same department, under another name."""

    TOPIC: ClassVar[str] = "department.renamed.v1"
    name: str


class DepartmentDissolved(Event, frozen=True, kw_only=True, gc=False):
    """The department takes no orders any more."""

    TOPIC: ClassVar[str] = "department.dissolved.v1"
    reason: str


DepartmentEvent = DepartmentRegistered | DepartmentRenamed | DepartmentDissolved
