"""What is due for many tasks at once: marks, reminders, escalations, and the end of suspensions."""

from __future__ import annotations

from collections.abc import Sequence

from handheld.application.handlers.base import (
    ORGANISATION,
    TASKS,
    Get,
    Handler,
    Proposal,
    Table,
    World,
    of_kind,
)
from handheld.application.loading import Append, Loaded
from handheld.application.requests import Request
from handheld.domain import duty, time_rules
from handheld.domain.duty import Superior
from handheld.domain.errors import Malformed
from handheld.domain.task_force import TaskForce
from handheld.domain.task_known import Known
from handheld_events.territory import ancestors


def _streams(command: time_rules.Command) -> Sequence[str]:
    time_rules.check(command)
    streams = dict.fromkeys(command.tasks)
    return [of_kind(stream, "task-", "task.unknown", "task") for stream in streams]


def _due(command: time_rules.Command, request: Request, get: Get, world: World) -> Proposal:
    streams = _streams(command)
    loaded = {stream: known for stream in streams if (known := get(stream)).version}
    if len({one.about.task_force for one in loaded.values()}) > 1:  # drills and real ones, say
        raise Malformed("tasks.several_task_forces")
    superiors = _Superiors(command, world)
    facts = time_rules.decide(
        command,
        {stream: one.state for stream, one in loaded.items()},
        _known(loaded, get, world),
        lambda stream: superiors.of(loaded[stream].about.division),
    )
    if not facts:
        return Proposal("already_done", "tasks.nothing_due", ())
    appends = [
        Append(stream, loaded[stream].version, loaded[stream].about, (fact,))
        for stream, fact in facts.items()
    ]
    return Proposal("accepted", None, appends)


def _known(loaded: dict[str, Loaded], get: Get, world: World) -> dict[str, Known]:
    """What is known of each task: the same for all tasks of an order."""
    now = world.now()
    by_order: dict[tuple[str | None, str], Known] = {}
    found: dict[str, Known] = {}
    for stream, one in loaded.items():
        key = (one.about.task_force, one.state.order)
        known = by_order.get(key)
        if known is None:
            name, order = key
            task_force: TaskForce | None = get(name).state if name is not None else None
            terms = None if task_force is None else task_force.orders.get(order)
            known = by_order[key] = Known(now, task_force, terms)
        found[stream] = known
    return found


class _Superiors:
    """Who is told, by division: many tasks lie in one."""

    def __init__(self, command: time_rules.Command, world: World) -> None:
        self._command = command
        self._world = world
        self._found: dict[str | None, Superior | None] = {}

    def of(self, division: str | None) -> Superior | None:
        """None where the district has been passed."""
        if division not in self._found:
            self._found[division] = self._above(division)
        return self._found[division]

    def _above(self, division: str | None) -> Superior | None:
        command, world = self._command, self._world
        if not isinstance(command, time_rules.EscalateAll) or division is None:
            return None
        if command.number >= len(ancestors(division)):
            return None
        return duty.superior(world.organisation()[0], division, command.number, world.now())


_DUE = Handler(_streams, _due, TASKS, ORGANISATION)

HANDLERS: Table = {
    time_rules.MarkOverdue: _DUE,
    time_rules.RemindAll: _DUE,
    time_rules.EscalateAll: _DUE,
    time_rules.ResumeDue: _DUE,
}
