"""Findings from below: reported, handed on, settled, ordered about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handheld.application.handlers.base import (
    NOTHING_KNOWN,
    ORGANISATION,
    TASKS,
    Get,
    Handler,
    Proposal,
    Table,
    World,
    of_kind,
    one,
)
from handheld.application.handlers.openings import proposal
from handheld.application.loading import Append, Loaded
from handheld.application.requests import Request
from handheld.domain import finding, finding_commands, finding_orders
from handheld.domain.errors import CommandReused, Malformed, NotFound
from handheld.domain.ordering import known_at
from handheld.domain.task_state import Status as TaskStatus
from handheld.domain.task_state import is_open
from handheld_events.envelope import About
from handheld_events.ids import finding_id
from handheld_projections.open_tasks import OpenTask


def _report(
    command: finding_commands.ReportFinding, request: Request, get: Get, world: World
) -> Proposal:
    stream = finding_id(request.meta.command)
    if get(stream).version:  # somebody else's command, under the same id
        raise CommandReused(request.meta.command)
    assignee = None
    if command.task is not None:
        task = get(of_kind(command.task, "task-", "task.unknown", "task"))
        if task.state is None:
            raise NotFound("task.unknown", task=command.task)
        assignee = task.about.person
    event = finding_orders.decide_report(
        command, request.who, world.organisation()[0], assignee, request.meta.actor
    )
    about = About(division=command.division, person=request.who)
    return Proposal("accepted", None, (Append(stream, 0, about, (event,)),))


def _finding(
    command: finding_commands.Command, request: Request, get: Get, world: World
) -> Proposal:
    loaded = get(command.finding)
    answer = finding.decide(loaded.state, command, _by(request, loaded, world))
    return one(answer, command.finding, loaded)


def _order(
    command: finding_commands.OrderOnFinding, request: Request, get: Get, world: World
) -> Proposal:
    loaded, known = get(command.finding), get(command.task_force)
    by = _by(request, loaded, world)
    if loaded.version:  # before anything is told of it
        finding.check_desk(loaded.state, command.finding, by)
    if loaded.version and known.version and loaded.drill != known.drill:
        raise Malformed("finding.drill", finding=command.finding, task_force=command.task_force)
    position = world.organisation()[1]
    ordered = finding_orders.decide_order_on(
        loaded.state,
        command,
        by,
        request.meta.command,
        world.now(),
        known.state,
    )
    causes = (
        [Append(command.finding, loaded.version, loaded.about, ordered.events)]
        if ordered.events
        else []
    )
    opening = known_at(ordered.opening, position)
    return proposal(opening, known.version, known.about, causes=causes)


def _settle(
    command: finding_commands.SettleFinding, request: Request, get: Get, world: World
) -> Proposal:
    loaded = get(command.finding)
    state = finding.existing(loaded.state, command.finding)
    # What this order is asked about, and all others by which the desk means to settle it.
    orders = [order for order in {command.order, *state.meant} if order in state.orders]
    tasks = {
        stream: task
        for task_force in sorted({state.orders[order] for order in orders})
        for stream, task in world.tasks(task_force).items()
        if task.order in orders
    }
    by_order: dict[str, list[TaskStatus]] = {
        order: [task.status for task in tasks.values() if task.order == order] for order in orders
    }
    last = _done_last(command.task, tasks)
    report = get(last).state.report if last is not None else None
    by = _by(request, loaded, world)
    answer = finding_orders.decide_settled(state, command, by, by_order, report)
    settled = one(answer, command.finding, loaded)
    if answer.outcome == "accepted":  # it rests on none of them being reopened in the meantime
        return settled._replace(reads=[(stream, task.version) for stream, task in tasks.items()])
    # A task that is open is what a refusal rests on; one is enough.
    waiting = [(stream, task.version) for stream, task in tasks.items() if is_open(task.status)]
    return settled._replace(reads=waiting[:1])


def _done_last(named: str | None, tasks: Mapping[str, OpenTask]) -> str | None:
    """The task whose report says how it was settled: the one named, else the one closed last."""
    if named is not None and named in tasks and tasks[named].status == "closed":
        return named
    closed = {
        stream: task.dispatched_at + timedelta(seconds=task.closing or 0)
        for stream, task in tasks.items()
        if task.status == "closed"
    }
    return max(closed, key=lambda stream: (closed[stream], stream), default=None)


def _by(request: Request, loaded: Loaded, world: World) -> finding.By:
    return finding.By(request.meta.actor, request.who, loaded.about.person, world.organisation()[0])


def _stream(command: Any) -> tuple[str, ...]:
    return (of_kind(command.finding, "finding-", "finding.unknown", "finding"),)


def _both(command: finding_commands.OrderOnFinding) -> tuple[str, ...]:
    return (
        *_stream(command),
        of_kind(command.task_force, "tf-", "task_force.unknown", "task_force"),
    )


_FINDING = Handler(_stream, _finding, NOTHING_KNOWN, ORGANISATION)

HANDLERS: Table = {
    finding_commands.ReportFinding: Handler(lambda _: (), _report, NOTHING_KNOWN, ORGANISATION),
    finding_commands.AddToFinding: _FINDING,
    finding_commands.PassUp: _FINDING,
    finding_commands.Route: _FINDING,
    finding_commands.Return: _FINDING,
    finding_commands.DealWith: _FINDING,
    finding_commands.CorrectFinding: _FINDING,
    finding_commands.OrderOnFinding: Handler(_both, _order, TASKS, ORGANISATION),
    finding_commands.SettleFinding: Handler(_stream, _settle, NOTHING_KNOWN, ORGANISATION | TASKS),
}
