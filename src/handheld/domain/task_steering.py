"""What others do with somebody's task: verify, withdraw, suspend, remind, reopen, rate …"""

from __future__ import annotations

from datetime import datetime

from handheld.domain.answers import Answer, accepted, already_done, refused
from handheld.domain.claiming import filled
from handheld.domain.deadlines import Deadlines, deadlines, for_a_late_one, moved
from handheld.domain.errors import Malformed
from handheld.domain.task_commands import (
    Evaluate,
    Extend,
    Rate,
    Remind,
    Reopen,
    Resume,
    SendBack,
    Supervise,
    Suspend,
    Verify,
    Withdraw,
)
from handheld.domain.task_known import Known
from handheld.domain.task_state import Task, awaited
from handheld_events.task import (
    TaskAmended,
    TaskClosed,
    TaskEvaluated,
    TaskEvent,
    TaskExtended,
    TaskRated,
    TaskReminded,
    TaskReopened,
    TaskResumed,
    TaskSentBack,
    TaskSupervised,
    TaskSuspended,
    TaskVerified,
    TaskWithdrawn,
)

Steering = (
    Verify
    | SendBack
    | Withdraw
    | Suspend
    | Resume
    | Extend
    | Remind
    | Supervise
    | Reopen
    | Rate
    | Evaluate
)


def decide(task: Task, command: Steering, known: Known) -> Answer[TaskEvent]:
    """What follows from it. Raises Malformed (`deadline.past`, `task.score`)."""
    match command:
        case Verify():
            return _verify(task, command)
        case SendBack():
            if task.status == "to_verify":
                sent_back = TaskSentBack(reason=command.reason)
                return accepted(sent_back, *_time_anew(task, known, command.reason))
            return _nothing_to_verify(task)
        case Withdraw():
            return _withdraw(task, command.reason)
        case Suspend():
            return _suspend(task, command, known.now)
        case Resume():
            return _resume(task, known)
        case Extend():
            return _extend(task, command, known)
        case Remind():
            return _remind(task, command)
        case Supervise():
            return _supervise(task, command)
        case Reopen():
            return _reopen(task, command, known)
        case Rate():
            return _rate(task, command)
        case Evaluate():
            return _evaluate(task, command)


def _verify(task: Task, command: Verify) -> Answer[TaskEvent]:
    if task.status == "to_verify":
        return accepted(TaskVerified(text=command.text), TaskClosed())
    if task.status == "closed" and "verify" in task.steps:
        return already_done("task.closed")
    return _nothing_to_verify(task)


def _nothing_to_verify(task: Task) -> Answer[TaskEvent]:
    if task.status in ("waiting", "in_progress"):
        return refused("task.nothing_to_verify")
    return refused(f"task.{task.status}")


def _withdraw(task: Task, reason: str) -> Answer[TaskEvent]:
    match task.status:
        case "waiting" | "in_progress" | "to_verify":
            return accepted(TaskWithdrawn(reason=reason))
        case "withdrawn":
            return already_done("task.withdrawn")
        case "closed" | "declined":
            return refused(f"task.{task.status}")


def _suspend(task: Task, command: Suspend, now: datetime) -> Answer[TaskEvent]:
    _check_ahead(command.until, now)
    match task.status:
        case "waiting" | "in_progress":
            before = task.suspended
            if before is not None and before.until == command.until:
                return already_done("task.suspended")
            since = now if before is None or before.since is None else before.since
            return accepted(TaskSuspended(reason=command.reason, until=command.until, at=since))
        case "to_verify":
            return refused("task.reported")
        case "closed" | "declined" | "withdrawn":
            return refused(f"task.{task.status}")


def _resume(task: Task, known: Known) -> Answer[TaskEvent]:
    match task.status:
        case "waiting" | "in_progress" | "to_verify":
            if task.suspended is None:
                return already_done("task.resumed")
            return accepted(resumed(task, known))
        case "closed" | "declined" | "withdrawn":
            return refused(f"task.{task.status}")


def resumed(task: Task, known: Known) -> TaskResumed:
    """The task goes on, with the deadlines that it has from now."""
    after = moved(task, known.terms, known.now)
    waiting = task.status == "waiting"
    return TaskResumed(accept_by=after.accept_by if waiting else None, report_by=after.report_by)


def _extend(task: Task, command: Extend, known: Known) -> Answer[TaskEvent]:
    _check_ahead(command.report_by, known.now)
    match task.status:
        case "waiting" | "in_progress" | "to_verify":
            before = deadlines(task, known.terms).report_by
            if before == command.report_by:
                return already_done("task.extended")
            if before is not None and command.report_by < before:
                return refused("task.not_longer")
            at = None if task.suspended is None else known.now
            return accepted(TaskExtended(report_by=command.report_by, reason=command.reason, at=at))
        case "closed" | "declined" | "withdrawn":
            return refused(f"task.{task.status}")


def _remind(task: Task, command: Remind) -> Answer[TaskEvent]:
    step = awaited(task)
    if step is not None:
        number = task.reminded.get(step, 0) + 1
        return accepted(TaskReminded(awaited=step, number=number, text=command.text))
    if task.suspended is not None:
        return refused("task.suspended")
    if task.status == "to_verify":
        return refused("task.reported")
    return refused(f"task.{task.status}")


def _supervise(task: Task, command: Supervise) -> Answer[TaskEvent]:
    match task.status:
        case "waiting" | "in_progress" | "to_verify":
            if task.supervised == command.text:
                return already_done("task.supervised")
            return accepted(TaskSupervised(text=command.text))
        case "closed" | "declined" | "withdrawn":
            return refused(f"task.{task.status}")


def _reopen(task: Task, command: Reopen, known: Known) -> Answer[TaskEvent]:
    match task.status:
        case "waiting" | "in_progress" | "to_verify":
            return already_done("task.open")
        case "withdrawn":
            return refused("task.withdrawn")
        case "closed" | "declined":
            state = known.task_force
            if state is not None and not _takes(task, state.status):
                return refused(f"task_force.{state.status}")
            if known.terms is not None and known.terms.withdrawn:
                return refused("order.withdrawn")
            if task.status == "declined" and filled(task, known.terms):
                return refused("task.claimed_by_others")
            if known.has_one:
                return refused("task.has_one")
            meanwhile = _amended_meanwhile(task, known, command.reason)
            amended = any(isinstance(event, TaskAmended) for event in meanwhile)
            accept_by = None if amended else _accept_anew(task, known)
            return accepted(TaskReopened(reason=command.reason, accept_by=accept_by), *meanwhile)


def _amended_meanwhile(task: Task, known: Known, reason: str) -> tuple[TaskEvent, ...]:
    """What has ended is not amended with its order: it is when it is accepted anew.

    Of what was done only the time changes: it is the work that was found wanting, not the order.
    """
    terms = known.terms
    if terms is None or terms.amended <= task.amended:
        return _time_anew(task, known, reason)
    ordered = Deadlines(terms.accept_by, terms.report_by)
    later = for_a_late_one(task.order, terms, ordered, known.now)
    if task.status == "closed":
        report_by = later.report_by or ordered.report_by
        return () if report_by is None else (TaskExtended(report_by=report_by, reason=reason),)
    return (
        TaskAmended(
            number=terms.amended,
            steps=terms.steps,
            form=bool(terms.form),
            accept_by=later.accept_by or ordered.accept_by,
            report_by=later.report_by or ordered.report_by,
        ),
    )


def _time_anew(task: Task, known: Known, reason: str) -> tuple[TaskExtended, ...]:
    """More time to report again, where the deadline has passed: nobody is late before they begin."""
    left = deadlines(task, known.terms)
    if known.terms is None or left.report_by is None or left.report_by > known.now:
        return ()
    later = for_a_late_one(task.order, known.terms, left, known.now).report_by
    return () if later is None else (TaskExtended(report_by=later, reason=reason),)


def _accept_anew(task: Task, known: Known) -> datetime | None:
    """As long again to accept what was declined, where that time has passed; none where it stands."""
    left = deadlines(task, known.terms)
    passed = left.accept_by is not None and left.accept_by <= known.now
    if task.status != "declined" or known.terms is None or not passed:
        return None
    return for_a_late_one(task.order, known.terms, left, known.now).accept_by


def _takes(task: Task, task_force: str) -> bool:
    """After stand-down nobody is asked anew, but what was done can be found wanting."""
    return task_force == "active" or (task_force == "stood_down" and task.status == "closed")


def _rate(task: Task, command: Rate) -> Answer[TaskEvent]:
    if task.status != "closed":
        return _not_closed(task)
    if task.rated is None:
        return accepted(TaskRated(satisfied=command.satisfied, text=command.text))
    same = task.rated == (command.satisfied, command.text)
    return already_done("task.rated") if same else refused("task.rated")


def _evaluate(task: Task, command: Evaluate) -> Answer[TaskEvent]:
    if not 1 <= command.score <= 5:
        raise Malformed("task.score", score=command.score)
    if task.status != "closed":
        return _not_closed(task)
    if task.evaluated is None:
        return accepted(TaskEvaluated(score=command.score, text=command.text))
    same = task.evaluated == (command.score, command.text)
    return already_done("task.evaluated") if same else refused("task.evaluated")


def _not_closed(task: Task) -> Answer[TaskEvent]:
    if task.status in ("declined", "withdrawn"):
        return refused(f"task.{task.status}")
    return refused("task.not_closed")


def _check_ahead(moment: datetime | None, now: datetime) -> None:
    if moment is not None and moment <= now:
        raise Malformed("deadline.past", time=moment.isoformat())
