"""Notices: intentions, what came of them, and what the other side says later, for many tasks at once."""

from __future__ import annotations

from collections.abc import Sequence

from handheld.application.handlers.base import (
    TASKS,
    Get,
    Handler,
    Proposal,
    Table,
    World,
    of_kind,
)
from handheld.application.handlers.tasks_due import check_by_itself
from handheld.application.loading import Append, Loaded
from handheld.application.requests import Request
from handheld.domain import notice_commands
from handheld.domain.errors import Malformed


def _streams(command: notice_commands.Command) -> Sequence[str]:
    notice_commands.check(command)
    streams = dict.fromkeys(one.task for one in command.tasks)
    return [of_kind(stream, "task-", "task.unknown", "task") for stream in streams]


def _notices(
    command: notice_commands.Command, request: Request, get: Get, world: World
) -> Proposal:
    check_by_itself(request)
    loaded: dict[str, Loaded] = {}
    for one in command.tasks:
        known = get(one.task)
        if known.version:
            loaded[one.task] = known
    if len({known.about.task_force for known in loaded.values()}) > 1:  # drills and real ones, say
        raise Malformed("tasks.several_task_forces")
    facts = notice_commands.decide(
        command, {stream: known.state for stream, known in loaded.items()}
    )
    if not facts:
        return Proposal("already_done", "notices.nothing_to_note", ())
    appends = [
        Append(stream, loaded[stream].version, loaded[stream].about, (fact,))
        for stream, fact in facts.items()
    ]
    return Proposal("accepted", None, appends)


_NOTICES = Handler(_streams, _notices, TASKS)

HANDLERS: Table = {
    notice_commands.BeginNotices: _NOTICES,
    notice_commands.NoteNotices: _NOTICES,
    notice_commands.NoteAnswers: _NOTICES,
}
