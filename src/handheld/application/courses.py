"""The course of anything that has one: where its facts stand in the log, in log order."""

from __future__ import annotations

from typing import NamedTuple

from handheld.application.index_keeper import IndexKeeper
from handheld.application.ports import Log

OWN = ("task-", "finding-", "warning-", "plan-", "department-", "group-", "division-")
"""Whose timeline is its own stream, short, and not worth an index."""


class Course(NamedTuple):
    """The facts of a task force, person, task, finding, warning …"""

    key: str
    facts: list[tuple[int, str]]
    """Position and topic of each."""


def course_of(log: Log, indexes: IndexKeeper, key: str) -> Course:
    """The course of a task force or person as the index has it, of anything else from its stream."""
    if key.startswith(OWN):
        return Course(key, sorted((row[0], row[3]) for row in log.read_streams([key])))
    return Course(key, [(line.position, line.note) for line in indexes.timeline(key)])
