"""A line in the log for each command, whichever way it came: its id, who, what came of it, which facts."""

from __future__ import annotations

import logging
from time import time
from typing import Any

from handheld.application.requests import Request
from handheld.application.writer import Result
from handheld.domain.errors import HandheldError
from handheld.entrypoints.http.request_lines import COMMANDS, Fields, Lines

Answered = tuple[Request, Result, float]


def command_lines() -> Lines | None:
    """For commands and their answers; None where the log has no lines of this weight."""
    return Lines(COMMANDS, "command", _fields) if COMMANDS.isEnabledFor(logging.INFO) else None


def answered(lines: Lines, request: Request, result: Result) -> None:
    """A command was answered."""
    lines.put((request, result, time()))


def _fields(one: Answered) -> Fields:
    request, result, at = one
    meta = request.meta
    fields: dict[str, Any] = {
        "at": at,
        "command": meta.command,
        "kind": type(request.command).__struct_config__.tag,
        "actor": meta.actor,
    }
    if meta.on_behalf_of is not None:
        fields["on_behalf_of"] = meta.on_behalf_of
    if meta.device is not None:
        fields["device"] = meta.device
    if isinstance(result, HandheldError):
        return fields | {"outcome": "error", "code": result.code}
    fields |= {"outcome": result.outcome, "first": result.first, "last": result.last}
    if result.code is not None:
        fields["code"] = result.code
    if result.repeated:
        fields["repeated"] = True
    return fields
