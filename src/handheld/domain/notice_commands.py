"""Telling people by other ways than their phone's connection (通知): what is asked for, and decided.

The ladder asks for these, for many tasks of one task force at once. Each task is decided on its own
state: what was said before, or is no longer needed, is passed over. docs/reaching-people.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed
from handheld.domain.task_state import Task
from handheld.domain.time_rules import MOST_TASKS
from handheld_events.task import (
    NoticeResult,
    Rung,
    TaskEvent,
    TaskNoticeAnswered,
    TaskNoticeAttempted,
    TaskNoticeBegun,
)

LONGEST_CODE = 200
"""Characters kept of what the other side says."""


class NoticeToBegin(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The next attempt for one task."""

    task: str
    number: int
    """One more than the attempts before it."""
    repeats: int | None = None
    """The number of the attempt of which nobody knows what came."""


class NoticeDone(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What came of one attempt."""

    task: str
    number: int
    rung: Rung
    result: NoticeResult
    code: str | None = None
    reference: str | None = None


class NoticeAnswer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What the other side says later of one attempt."""

    task: str
    number: int
    arrived: bool
    code: str | None = None


class BeginNotices(BaseCommand, frozen=True, kw_only=True, tag="task.begin_notices"):
    """The intention to tell these people by this rung, before anything is sent.

    To be on the call list needs no sending: of that rung it is the whole.
    """

    rung: Rung
    tasks: tuple[NoticeToBegin, ...]
    """At most 256, of one task force."""


class NoteNotices(BaseCommand, frozen=True, kw_only=True, tag="task.note_notices"):
    """What came of attempts that were begun."""

    tasks: tuple[NoticeDone, ...]
    """At most 256, of one task force."""


class NoteAnswers(BaseCommand, frozen=True, kw_only=True, tag="task.note_notice_answers"):
    """What the other side says became of attempts (回执)."""

    tasks: tuple[NoticeAnswer, ...]
    """At most 256, of one task force."""


Command = BeginNotices | NoteNotices | NoteAnswers


def check(command: Command) -> None:
    """Raises Malformed (`tasks.number`, `notices.number`)."""
    if not 1 <= len(command.tasks) <= MOST_TASKS:
        raise Malformed("tasks.number", count=len(command.tasks), limit=MOST_TASKS)
    for one in command.tasks:
        if one.number < 1:
            raise Malformed("notices.number", number=one.number)


def decide(command: Command, tasks: Mapping[str, Task]) -> dict[str, TaskEvent]:
    """The fact for each task for which it still holds, by stream; each task is named once."""
    facts: dict[str, TaskEvent] = {}
    for one in _each(command):
        task = tasks.get(one.task)
        fact = None if task is None or one.task in facts else _fact(command, one, task)
        if fact is not None:
            facts[one.task] = fact
    return facts


def is_unreached(task: Task) -> bool:
    """Whether somebody is still to be told that there is this task."""
    return task.status == "waiting" and not task.delivered and task.suspended is None


def _each(command: Command) -> Sequence[NoticeToBegin | NoticeDone | NoticeAnswer]:
    return command.tasks


def _fact(
    command: Command, one: NoticeToBegin | NoticeDone | NoticeAnswer, task: Task
) -> TaskEvent | None:
    match one:
        case NoticeToBegin():
            rung = command.rung if isinstance(command, BeginNotices) else "call_list"
            return _begun(rung, one, task)
        case NoticeDone():
            return _done(one, task)
        case NoticeAnswer():
            return _answered(one, task)


def _begun(rung: Rung, one: NoticeToBegin, task: Task) -> TaskEvent | None:
    if not is_unreached(task) or task.noticing or one.number != task.noticed + 1:
        return None
    if rung == "call_list":
        return TaskNoticeAttempted(rung=rung, number=one.number, result="listed")
    return TaskNoticeBegun(rung=rung, number=one.number, repeats=one.repeats)


def _done(one: NoticeDone, task: Task) -> TaskEvent | None:
    """Recorded whatever has become of the task: it was done."""
    if not task.noticing or one.number != task.noticed:
        return None
    return TaskNoticeAttempted(
        rung=one.rung,
        number=one.number,
        result=one.result,
        code=_short(one.code),
        reference=_short(one.reference),
    )


def _answered(one: NoticeAnswer, task: Task) -> TaskEvent | None:
    known = one.number <= task.noticed and (one.number < task.noticed or not task.noticing)
    if not known or one.number in task.notices_answered:
        return None
    return TaskNoticeAnswered(number=one.number, arrived=one.arrived, code=_short(one.code))


def _short(words: str | None) -> str | None:
    return None if not words else words[:LONGEST_CODE]
