"""Orders of a running task force: issued, amended, withdrawn, called by level or time; its command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handheld.application.handlers.allowed import check_allowed
from handheld.application.handlers.base import (
    ORGANISATION,
    TASKS,
    Get,
    Handler,
    Proposal,
    Table,
    World,
    decided_at,
    task_force_stream,
)
from handheld.application.handlers.openings import left_alone, proposal
from handheld.application.handlers.task_world import read_of
from handheld.application.handlers.tasks_due import check_by_itself
from handheld.application.requests import Request
from handheld.domain import (
    calling_again,
    directing,
    ordering,
    task_force,
    waves,
)
from handheld.domain.duty import PERSON
from handheld.domain.task_state import is_open
from handheld_projections.open_tasks import (
    OpenTask,
)


def _order(command: ordering.IssueOrder, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    check_allowed(command, request, get, world)
    organisation, position = world.organisation()
    actor = request.meta.actor
    opening = ordering.decide_order(
        command,
        request.meta.command,
        world.now(),
        loaded.state,
        organisation,
        given_by=actor if actor.startswith(PERSON) else None,
    )
    return proposal(ordering.known_at(opening, position), loaded.version, loaded.about)


def _level(command: waves.ChangeLevel, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    check_allowed(command, request, get, world)
    organisation, position = world.organisation()
    known: task_force.TaskForce | None = loaded.state
    waves_of = {o for o, t in known.orders.items() if t.called_at_level} if known else set()
    every = world.tasks(command.task_force)
    tasks = {stream: one for stream, one in every.items() if one.order in waves_of}
    still_open = {stream: one for stream, one in tasks.items() if is_open(one.status)}
    opening = waves.change_level(
        command,
        request.meta.command,
        world.now(),
        loaded.state,
        organisation,
        still_open,
    )
    made = proposal(ordering.known_at(opening, position), loaded.version, loaded.about, tasks)
    return made._replace(reads=left_alone(opening, tasks))


def _foreseen(command: waves.CallForeseen, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    check_by_itself(request)
    organisation, position = world.organisation()
    opening = waves.call_foreseen(
        command, request.meta.command, world.now(), loaded.state, organisation
    )
    return proposal(ordering.known_at(opening, position), loaded.version, loaded.about)


def _direct(command: directing.Command, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    if isinstance(command, (directing.ReleaseRest, directing.TellUnfilled)):
        check_by_itself(request)
    else:
        check_allowed(command, request, get, world)
    organisation, actor = world.organisation()[0], request.meta.actor
    tasks: Mapping[str, OpenTask] = {}
    reads: Sequence[tuple[str, int]] = ()
    if isinstance(command, directing.HandOver):
        reads = read_of(command.to, world)
    elif isinstance(
        command, (directing.AmendOrder, directing.WithdrawOrder, directing.ReleaseRest)
    ):
        every = world.tasks(command.task_force)
        orders = frozenset((command.order,))
        if isinstance(command, directing.WithdrawOrder) and loaded.state is not None:
            orders = directing.with_those_below(loaded.state, command.order, every)
        tasks = {stream: one for stream, one in every.items() if one.order in orders}
    opening = directing.decide(
        command, decided_at(request, world), loaded.state, organisation, tasks, actor
    )
    made = proposal(opening, loaded.version, loaded.about, tasks)
    return made._replace(reads=(*reads, *left_alone(opening, tasks)))


def _call_again(
    command: calling_again.CallAgain, request: Request, get: Get, world: World
) -> Proposal:
    check_by_itself(request)
    loaded = get(command.task_force)
    tasks = world.tasks(command.task_force)
    released = {stream: get(stream).state for stream in calling_again.let_go(tasks, command.order)}
    now, organisation = decided_at(request, world), world.organisation()[0]
    opening = calling_again.decide(command, now, loaded.state, organisation, tasks, released)
    theirs = {dispatch.assignee.person for dispatch in opening.dispatches}
    reads = [(s, t.version) for s, t in tasks.items() if t.person in theirs]
    return proposal(opening, loaded.version, loaded.about)._replace(reads=reads)


_DIRECT = Handler(task_force_stream, _direct, TASKS, ORGANISATION | TASKS)

HANDLERS: Table = {
    ordering.IssueOrder: Handler(task_force_stream, _order, TASKS, ORGANISATION),
    waves.ChangeLevel: Handler(task_force_stream, _level, TASKS, ORGANISATION | TASKS),
    waves.CallForeseen: Handler(task_force_stream, _foreseen, TASKS, ORGANISATION),
    directing.AmendOrder: _DIRECT,
    directing.WithdrawOrder: _DIRECT,
    directing.ReleaseRest: _DIRECT,
    directing.TellUnfilled: _DIRECT,
    directing.HandOver: _DIRECT,
    directing.NameLead: _DIRECT,
    calling_again.CallAgain: Handler(task_force_stream, _call_again, TASKS, ORGANISATION | TASKS),
}
