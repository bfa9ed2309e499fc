"""What a changed or cancelled order comes to for each task that it has."""

from __future__ import annotations

from typing import Protocol

from handheld.domain.task_state import Status, is_open
from handheld_events.task import TaskAmended, TaskCancelled
from handheld_events.task_force import OrderAmended


class Placed(Protocol):
    """A task of which its status is known, as its stream or as a board tells it."""

    @property
    def status(self) -> Status:
        """One of the six states."""
        ...


def amended(task: Placed, order: OrderAmended) -> TaskAmended | None:
    """An open task waits to be accepted anew; nothing changes for one that has ended."""
    if not is_open(task.status):
        return None
    return TaskAmended(
        number=order.number,
        steps=order.steps,
        form=bool(order.form),
        accept_by=order.accept_by,
        report_by=order.report_by,
    )


def cancelled(task: Placed, reason: str) -> TaskCancelled | None:
    """Whoever has the task, or had it and is done, is told that it never counted.

    Nothing for what was withdrawn: they were told already that nobody need do it.
    """
    return None if task.status == "withdrawn" else TaskCancelled(reason=reason)
