"""The table: which handler takes which command."""

from __future__ import annotations

from handheld.application.handlers import findings, register, task_forces, tasks, warnings
from handheld.application.handlers.base import Handler, Table
from handheld.domain.errors import HandheldError

HANDLERS: Table = {
    **register.HANDLERS,
    **task_forces.HANDLERS,
    **tasks.HANDLERS,
    **findings.HANDLERS,
    **warnings.HANDLERS,
}


def handler_for(command: object) -> Handler:
    """The handler of a command."""
    try:
        return HANDLERS[type(command)]
    except KeyError:
        raise HandheldError("command.unknown", command=type(command).__name__) from None
