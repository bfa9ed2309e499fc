"""The same answer for what is hidden and for what there is not, to commands as to questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from handheld.application.reading.seen import Look
from handheld.domain.errors import (
    HandheldError,
    Malformed,
    NotAllowed,
    NotFound,
    Unconfirmed,
)
from handheld.domain.plan import RetirePlan
from handheld.domain.seeing import NOTHING, Reading, Seen, Viewer, visible
from handheld.domain.starting import StartFromPlan
from handheld_events.ids import plan_stream

TELLING = (NotAllowed, NotFound, Malformed, Unconfirmed)
"""Errors by which somebody could learn that there is something."""


def _plan(look: Look, stream: str) -> Seen | None:
    known = look.organisation.plans.get(stream)
    return None if known is None else Seen(look.organisation, (known.edition.division,))


class _Subject(NamedTuple):
    """What a command names, and how it is looked at."""

    field: str
    reading: Reading
    code: str
    seen: Callable[[Look, str, Viewer], Seen | None]


_SUBJECTS = (
    _Subject("task", "task", "task.unknown", lambda look, name, _: look.task(name)),
    _Subject(
        "task_force",
        "task_force",
        "task_force.unknown",
        lambda look, name, viewer: look.task_force(name, viewer),
    ),
    _Subject("finding", "finding", "finding.unknown", lambda look, name, _: look.finding(name)),
    _Subject("warning", "warning", "warning.unknown", lambda look, name, _: look.warning(name)),
)


def as_if_absent(
    error: HandheldError, command: Any, viewer: Viewer, look: Callable[[], Look]
) -> HandheldError:
    """The error that somebody is told: where what the command is about is hidden, that it is not there."""
    if not isinstance(error, TELLING):
        return error
    for field, reading, code, seen in _SUBJECTS:
        name = getattr(command, field, None)
        if not isinstance(name, str):
            continue
        found = seen(look(), name, viewer)
        view = NOTHING if found is None else visible(viewer, reading, found)
        if view.extent == "nothing":
            return NotFound(code, **{field: name})
    if isinstance(command, StartFromPlan | RetirePlan):
        key = command.plan.removeprefix("plan-")
        found = _plan(look(), plan_stream(key))
        view = NOTHING if found is None else visible(viewer, "plan", found)
        if view.extent == "nothing":
            return NotFound("plan.unknown", plan=key)
    return error
