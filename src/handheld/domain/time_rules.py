"""What becomes due by itself (超期, 催办, 提级): one command over many tasks of a task force.

Reactions send these. Each task is decided on its own state: where somebody has acted in the
meantime, or the same was said before, it is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handheld.domain.base import BaseCommand
from handheld.domain.deadlines import accept_by, report_by
from handheld.domain.duty import Superior
from handheld.domain.errors import Malformed
from handheld.domain.task_known import Known
from handheld.domain.task_state import Task, awaited
from handheld.domain.task_steering import resumed
from handheld.domain.words import check_instants
from handheld_events.base import Instant
from handheld_events.orders import Awaited
from handheld_events.task import TaskEscalated, TaskEvent, TaskOverdue, TaskReminded

MOST_TASKS = 256
"""So many tasks at most share a command, so that others need not wait long for their turn."""


class DueCommand(BaseCommand, frozen=True, kw_only=True):
    """Something that is due for many tasks of one task force."""

    tasks: tuple[str, ...]
    """At most 256 streams."""


class MarkOverdue(DueCommand, frozen=True, kw_only=True, tag="task.mark_overdue"):
    """超期: a deadline has passed."""

    awaited: Awaited
    due_at: Instant


class RemindAll(DueCommand, frozen=True, kw_only=True, tag="task.remind_due"):
    """催办, by the system."""

    awaited: Awaited
    number: int
    skipped: int = 0


class EscalateAll(DueCommand, frozen=True, kw_only=True, tag="task.escalate_due"):
    """提级: the duty post so many tiers up is told."""

    awaited: Awaited
    number: int
    skipped: int = 0


class ResumeDue(DueCommand, frozen=True, kw_only=True, tag="task.resume_due"):
    """The time until which they were suspended has come."""


Command = MarkOverdue | RemindAll | EscalateAll | ResumeDue

Above = Callable[[str], Superior | None]
"""The duty post that is told, by task; none where nothing is above the district."""


def check(command: Command) -> None:
    """Raises Malformed (`tasks.number`, `tasks.counted`, `time.not_utc`)."""
    if not 1 <= len(command.tasks) <= MOST_TASKS:
        raise Malformed("tasks.number", count=len(command.tasks), limit=MOST_TASKS)
    match command:
        case MarkOverdue():
            check_instants(command.due_at)
        case RemindAll() | EscalateAll():
            if command.number < 1 or command.skipped < 0:
                raise Malformed("tasks.counted", number=command.number, skipped=command.skipped)
        case ResumeDue():
            pass


def decide(
    command: Command, tasks: Mapping[str, Task], known: Mapping[str, Known], above: Above
) -> dict[str, TaskEvent]:
    """The fact for each task for which it still holds, by stream; `known` is by order."""
    rule = _rule(command, above)
    facts: dict[str, TaskEvent] = {}
    for stream, task in tasks.items():
        fact = rule(stream, task, known[task.order])
        if fact is not None:
            facts[stream] = fact
    return facts


_Rule = Callable[[str, Task, Known], TaskEvent | None]


def _rule(command: Command, above: Above) -> _Rule:
    match command:
        case MarkOverdue():
            return lambda _, task, known: _overdue(command, task, known)
        case RemindAll():
            return lambda _, task, known: _reminded(command, task)
        case EscalateAll():
            return lambda stream, task, known: _escalated(command, stream, task, above)
        case ResumeDue():
            return lambda _, task, known: _resumed(task, known)


def _reminded(command: RemindAll, task: Task) -> TaskReminded | None:
    step, number = command.awaited, command.number
    if awaited(task) != step or task.reminded.get(step, 0) >= number:
        return None
    return TaskReminded(awaited=step, number=number, skipped=command.skipped)


def _resumed(task: Task, known: Known) -> TaskEvent | None:
    due = task.suspended
    if due is None or due.until is None or due.until > known.now:
        return None
    return resumed(task, known)


def _overdue(command: MarkOverdue, task: Task, known: Known) -> TaskOverdue | None:
    step, waits_for = command.awaited, awaited(task)
    if waits_for is None or step in task.overdue:
        return None
    if waits_for != step and step == "accept":  # a report is missing from what nobody accepted, too
        return None
    deadline = (accept_by if step == "accept" else report_by)(task, known.terms)
    if deadline is None or deadline > known.now:  # amended, extended, resumed in the meantime
        return None
    return TaskOverdue(awaited=step, due_at=deadline)


def _escalated(command: EscalateAll, stream: str, task: Task, above: Above) -> TaskEscalated | None:
    step = command.awaited
    if awaited(task) != step or task.escalated.get(step, 0) >= command.number:
        return None
    told: Superior | None = above(stream)
    if told is None:
        return None
    return TaskEscalated(
        awaited=step,
        number=command.number,
        to=told.person,
        division=told.division,
        skipped=command.skipped,
    )
