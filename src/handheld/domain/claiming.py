"""Open orders (待抢办) and units: what an acceptance takes besides the task itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handheld.domain.task_force import OrderTerms, TaskForce
from handheld.domain.task_state import Task
from handheld_events.task import TaskAccepted, TaskDeclined, TaskEvent
from handheld_events.task_force import (
    DepartmentAccepted,
    OrderClaimed,
    OrderUnclaimed,
    TaskForceEvent,
)


def places_left(terms: OrderTerms) -> int | None:
    """How many may still claim the order; None where it is open to nobody in particular."""
    return None if terms.open_to is None else max(terms.open_to - terms.claimed, 0)


def claimed_by_others(task: Task, terms: OrderTerms | None) -> bool:
    """Whether the task waits, is open, has no place yet, and none is left."""
    return task.status == "waiting" and filled(task, terms)


def filled(task: Task, terms: OrderTerms | None) -> bool:
    """Whether the task is open, has no place yet, and none is left."""
    if not task.open or task.claimed or terms is None:
        return False
    return places_left(terms) == 0


def taken(
    task: Task, stream: str, events: Sequence[TaskEvent], state: TaskForce
) -> Iterator[TaskForceEvent]:
    """What the task force is told of these facts of the task: a place taken or given back, a unit.

    `task` is as it was before them.
    """
    if any(isinstance(event, TaskDeclined) for event in events):
        yield from _given_back(task, stream, state)
        return
    if not any(isinstance(event, TaskAccepted) for event in events):
        return
    # An order that is not known here yet was given by another process: the commit will tell.
    terms = state.orders.get(task.order)
    left = places_left(terms) if terms is not None and task.open and not task.claimed else None
    if left is not None:
        yield OrderClaimed(order=task.order, task=stream, left=left - 1)
    if task.unit and task.department is not None:
        accepted = state.departments.get(task.department, ("responding", False))[1]
        if not accepted:
            yield DepartmentAccepted(department=task.department, task=stream)


def _given_back(task: Task, stream: str, state: TaskForce) -> Iterator[TaskForceEvent]:
    """Whoever had claimed a place and declines after all leaves it to somebody else."""
    terms = state.orders.get(task.order)
    if terms is None or terms.open_to is None or not (task.open and task.claimed):
        return
    yield OrderUnclaimed(order=task.order, task=stream, left=terms.open_to - terms.claimed + 1)
