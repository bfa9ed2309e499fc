"""What the end of a task force means for what it was started about: told in the same transaction."""

from __future__ import annotations

from handheld.application.handlers.base import Get
from handheld.application.loading import Append, Loaded
from handheld.domain import ending, finding, warning
from handheld.domain.task_force import TaskForce
from handheld_events.finding import FindingEvent
from handheld_events.warning import WarningEvent


def told(
    command: ending.StandDown | ending.CloseTaskForce | ending.CancelTaskForce,
    known: TaskForce,
    get: Get,
) -> list[Append]:
    """The facts of findings and of the warning: settled with a close, free again with a cancel.

    A finding that nobody told of the end would stay with a task force that no longer is.
    """
    name = command.task_force
    found: list[Append] = []
    match command:
        case ending.StandDown():
            pass  # what is under way is finished: it still has the finding
        case ending.CloseTaskForce():
            if known.finding is not None:
                it = get(known.finding)
                facts = finding.closed(it.state, name, command.outcome) if it.version else ()
                found += _append(known.finding, it, facts)
        case ending.CancelTaskForce():
            about = {known.finding, *(order.finding for order in known.orders.values())}
            for stream in sorted(one for one in about if one is not None):
                it = get(stream)
                facts = finding.cancelled(it.state, name, command.reason) if it.version else ()
                found += _append(stream, it, facts)
            if known.warning is not None:
                it = get(known.warning)
                said = warning.start_cancelled(it.state, name, command.reason) if it.version else ()
                found += _append(known.warning, it, said)
    return found


def _append(
    stream: str,
    loaded: Loaded,
    facts: tuple[FindingEvent, ...] | tuple[WarningEvent, ...],
) -> list[Append]:
    return [Append(stream, loaded.version, loaded.about, facts)] if facts else []
