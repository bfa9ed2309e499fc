"""What is due for many tasks at once: marks, reminders, escalations, and the end of suspensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handheld.application.handlers.base import (
    ORGANISATION,
    TASKS,
    Get,
    Handler,
    Proposal,
    Table,
    World,
    decided_at,
    of_kind,
)
from handheld.application.loading import Append, Loaded
from handheld.application.requests import Request
from handheld.domain import duty, time_rules
from handheld.domain.duty import Superior
from handheld.domain.errors import Malformed, NotAllowed
from handheld.domain.task_force import TaskForce
from handheld.domain.task_known import Known


def check_by_itself(request: Request) -> None:
    """What falls due is asked for by reactions and the operator. Raises NotAllowed (`command.due`)."""
    if request.meta.actor.startswith(duty.PERSON):
        raise NotAllowed("command.due")


def _streams(command: time_rules.Command) -> Sequence[str]:
    time_rules.check(command)
    streams = dict.fromkeys(command.tasks)
    return [of_kind(stream, "task-", "task.unknown", "task") for stream in streams]


def _due(command: time_rules.Command, request: Request, get: Get, world: World) -> Proposal:
    check_by_itself(request)
    loaded: dict[str, Loaded] = {}
    for stream in command.tasks:  # checked when they were read
        one = get(stream)
        if one.version:
            loaded[stream] = one
    now = decided_at(request, world)
    superiors = _Superiors(command, world, now)
    facts = time_rules.decide(
        command,
        {stream: one.state for stream, one in loaded.items()},
        _known(loaded, get, now),
        lambda stream: superiors.of(loaded[stream]),
    )
    if not facts:
        return Proposal("already_done", "tasks.nothing_due", ())
    appends = []
    for stream, fact in facts.items():
        one = loaded[stream]
        appends.append(Append(stream, one.version, one.about, (fact,)))
    return Proposal("accepted", None, appends)


def _known(loaded: Mapping[str, Loaded], get: Get, now: datetime) -> dict[str, Known]:
    """What is known of the tasks of each order. Raises Malformed (`tasks.several_task_forces`)."""
    orders: dict[str, str | None] = {}
    for one in loaded.values():
        orders[one.state.order] = one.about.task_force
    names = set(orders.values())
    if len(names) > 1:  # drills and real ones, say
        raise Malformed("tasks.several_task_forces")
    name = next(iter(names), None)
    task_force: TaskForce | None = get(name).state if name is not None else None
    terms = task_force.orders if task_force is not None else {}
    return {order: Known(now, task_force, terms.get(order)) for order in orders}


class _Superiors:
    """Who is told: the same for many tasks, but never whoever is late."""

    def __init__(self, command: time_rules.Command, world: World, now: datetime) -> None:
        self._command = command
        self._world = world
        self._now = now
        self._found: dict[tuple[str, str | None], Superior | None] = {}

    def of(self, loaded: Loaded) -> Superior | None:
        """None where the district has been passed."""
        division, task = loaded.about.division, loaded.state
        if division is None:
            return None
        key = (division, task.department)
        if key not in self._found:
            self._found[key] = self._above(*key, None)
        found = self._found[key]
        if found is not None and found.person == task.person:
            return self._above(*key, task.person)
        return found

    def _above(self, division: str, department: str | None, late: str | None) -> Superior | None:
        command = self._command
        if not isinstance(command, time_rules.EscalateAll):
            return None
        return duty.told_of_delay(
            self._world.organisation()[0],
            division,
            department,
            late,
            command.number,
            command.skipped,
            self._now,
        )


_DUE = Handler(_streams, _due, TASKS, ORGANISATION)

HANDLERS: Table = {
    time_rules.MarkOverdue: _DUE,
    time_rules.RemindAll: _DUE,
    time_rules.EscalateAll: _DUE,
    time_rules.ResumeDue: _DUE,
}
