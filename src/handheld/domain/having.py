"""Who has a task of an order already, as the board of the task force knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handheld.domain.task_state import is_open
from handheld_events.ids import further_task_id
from handheld_projections.open_tasks import OpenTask


def tasks_of(
    tasks: Mapping[str, OpenTask], person: str, order: str | None = None
) -> Iterator[tuple[str, OpenTask]]:
    """The tasks of a person, of one order or of all, with their streams."""
    for stream, task in tasks.items():
        if task.person == person and order in (None, task.order):
            yield stream, task


def next_task(tasks: Mapping[str, OpenTask], person: str, order: str) -> str:
    """The stream of the next task of the order that the person would get."""
    return further_task_id(order, person, sum(1 for _ in tasks_of(tasks, person, order)))


def has_open(tasks: Mapping[str, OpenTask], person: str, order: str) -> bool:
    """Whether the person still has something to do by this order."""
    return any(is_open(task.status) for _, task in tasks_of(tasks, person, order))


def has_or_did(tasks: Mapping[str, OpenTask], person: str, order: str | None) -> bool:
    """Whether they have it open, or have done it."""
    return any(
        is_open(task.status) or task.status == "closed"
        for _, task in tasks_of(tasks, person, order)
    )
