"""Task forces: start, orders, level, command, people, talk, end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handheld.application.handlers.base import (
    NOTHING_KNOWN,
    ORGANISATION,
    TASKS,
    WARNINGS,
    Get,
    Handler,
    Proposal,
    Table,
    World,
    of_kind,
    one,
    task_force_stream,
)
from handheld.application.loading import Append
from handheld.application.requests import Request
from handheld.domain import (
    commanding,
    directing,
    ending,
    finding,
    ordering,
    starting,
    talking,
    task_force,
    warning,
    waves,
)
from handheld.domain.answers import Answer
from handheld.domain.task_state import is_open
from handheld_events.envelope import About
from handheld_events.ids import entry_id, message_id
from handheld_projections.open_tasks import (
    OpenTask,
)


def _talk(command: task_force.Command, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    meta = request.meta
    state: task_force.TaskForce | None = loaded.state
    commands = state is not None and request.who == state.commander
    answer = talking.decide(
        state,
        command,
        entry_id(meta.command),
        message_id(meta.command),
        request.who if commands else meta.actor,
    )
    return one(answer, command.task_force, loaded)


def _judge(
    command: task_force.ArchiveTaskForce
    | task_force.ReopenTaskForce
    | task_force.EvaluateTaskForce,
    request: Request,
    get: Get,
    world: World,
) -> Proposal:
    state = get(command.task_force).state
    commanding.check_command(state, world.organisation()[0], request.meta.actor, command.task_force)
    return _talk(command, request, get, world)


def _start(
    command: starting.StartFromPlan | starting.StartAdHoc,
    request: Request,
    get: Get,
    world: World,
) -> Proposal:
    organisation, position = world.organisation()
    read = None
    if isinstance(command, starting.StartFromPlan):
        loaded = get(command.plan)
        read = (loaded.state, loaded.version) if loaded.version else None
    meta = request.meta
    opening = starting.decide_start(
        command, meta.command, world.now(), read, organisation, position, meta.actor
    )
    causes: list[Append] = []
    known_causes = [known for cause in _causes(command) if (known := get(cause)).version]
    drill = meta.drill or any(known.drill for known in known_causes)
    if drill and not all(known.drill for known in known_causes):
        return Proposal("refused", "start.drill_mixed", ())  # it would call people in earnest
    if command.warning is not None:
        known = get(command.warning)
        plan = command.plan if isinstance(command, starting.StartFromPlan) else None
        told: Answer[Any] = warning.started(
            known.state, opening.task_force, command.division, plan, command.warning
        )
        if told.outcome != "accepted":
            return Proposal("refused", told.code, ())
        causes.append(Append(command.warning, known.version, known.about, told.events))
    if command.finding is not None:
        known = get(command.finding)
        told = finding.started(
            known.state,
            opening.task_force,
            finding=command.finding,
            former_over=_is_over(known.state, get),
        )
        if told.outcome != "accepted":
            return Proposal("refused", told.code, ())
        causes.append(Append(command.finding, known.version, known.about, told.events))
    about = About(division=opening.division, task_force=opening.task_force)
    return proposal(opening, 0, about, causes=causes)


def _is_over(state: finding.Finding | None, get: Get) -> bool:
    """Whether what was started about a finding before has ended."""
    if state is None or state.task_force is None:
        return False
    former: task_force.TaskForce | None = get(state.task_force).state
    return former is not None and former.status in ("closed", "cancelled")


def _order(command: ordering.IssueOrder, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    organisation = world.organisation()[0]
    commanding.check_command(
        loaded.state, organisation, request.meta.actor, command.task_force, only_orders=True
    )
    opening = ordering.decide_order(
        command, request.meta.command, world.now(), loaded.state, world.organisation()[0]
    )
    return proposal(opening, loaded.version, loaded.about)


def _level(command: waves.ChangeLevel, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    organisation = world.organisation()[0]
    commanding.check_command(loaded.state, organisation, request.meta.actor, command.task_force)
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
    made = proposal(opening, loaded.version, loaded.about, tasks)
    return made._replace(reads=_left_alone(opening, tasks))


def _foreseen(command: waves.CallForeseen, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    opening = waves.call_foreseen(
        command, request.meta.command, world.now(), loaded.state, world.organisation()[0]
    )
    return proposal(opening, loaded.version, loaded.about)


def _direct(command: directing.Command, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    organisation, actor = world.organisation()[0], request.meta.actor
    if not isinstance(command, directing.HandOver):  # it says itself who may
        orders = isinstance(command, (directing.AmendOrder, directing.WithdrawOrder))
        commanding.check_command(
            loaded.state, organisation, actor, command.task_force, only_orders=orders
        )
    if isinstance(command, (directing.HandOver, directing.NameLead)):
        tasks: Mapping[str, OpenTask] = {}
    else:
        every = world.tasks(command.task_force)
        tasks = {stream: one for stream, one in every.items() if one.order == command.order}
    still_open = {stream: one for stream, one in tasks.items() if is_open(one.status)}
    opening = directing.decide(command, world.now(), loaded.state, organisation, still_open, actor)
    made = proposal(opening, loaded.version, loaded.about, tasks)
    return made._replace(reads=_left_alone(opening, tasks))


def _end(
    command: ending.StandDown | ending.CloseTaskForce | ending.CancelTaskForce,
    request: Request,
    get: Get,
    world: World,
) -> Proposal:
    loaded = get(command.task_force)
    organisation = world.organisation()[0]
    commanding.check_command(loaded.state, organisation, request.meta.actor, command.task_force)
    tasks = world.tasks(command.task_force)
    opening = ending.decide(command, loaded.state, {s: known.status for s, known in tasks.items()})
    made = proposal(opening, loaded.version, loaded.about, tasks)
    if opening.outcome == "refused":
        # A task that is open is what it rests on; one is enough.
        still_open = [(s, t.version) for s, t in tasks.items() if t.state <= 2]
        return made._replace(reads=still_open[:1])
    return made._replace(reads=_left_alone(opening, tasks))


def _left_alone(
    opening: ordering.Opening, tasks: Mapping[str, OpenTask]
) -> Sequence[tuple[str, int]]:
    """The tasks of which it makes no facts: it rests on none of them waiting in the meantime.

    Whoever is given a task in the place of somebody else, or has one reopened, changes one of these.
    """
    if opening.outcome != "accepted":
        return ()
    return [(stream, one.version) for stream, one in tasks.items() if stream not in opening.deeds]


def proposal(
    opening: ordering.Opening,
    read: int,
    about: About,
    tasks: Mapping[str, OpenTask] | None = None,
    causes: Sequence[Append] = (),
) -> Proposal:
    """What an opening comes to: its task force, new tasks, then facts of tasks that exist.

    `read` is the version of the task force, `tasks` are those of which there may be facts.
    """
    if opening.outcome != "accepted":
        return Proposal(opening.outcome, opening.code, ())
    name = opening.task_force
    appends = [Append(name, read, about, opening.events)] if opening.events else []
    appends += [
        Append(
            dispatch.task,
            0,
            About(
                division=dispatch.assignee.division,
                task_force=name,
                person=dispatch.assignee.person,
            ),
            (dispatch.event,),
        )
        for dispatch in opening.dispatches
    ]
    known = tasks or {}
    appends += [
        Append(
            stream,
            known[stream].version,
            About(division=known[stream].division, task_force=name, person=known[stream].person),
            (fact,),
        )
        for stream, fact in opening.deeds.items()
    ]
    return Proposal("accepted", None, [*appends, *causes])


_TALK = Handler(task_force_stream, _talk, NOTHING_KNOWN)
_DIRECT = Handler(task_force_stream, _direct, TASKS, ORGANISATION | TASKS)
_END = Handler(task_force_stream, _end, TASKS, ORGANISATION | TASKS)
_JUDGE = Handler(task_force_stream, _judge, NOTHING_KNOWN, ORGANISATION)

HANDLERS: Table = {
    starting.StartFromPlan: Handler(
        lambda c: (of_kind(c.plan, "plan-", "plan.unknown", "plan"), *_causes(c)),
        _start,
        TASKS | WARNINGS,
        ORGANISATION,
    ),
    starting.StartAdHoc: Handler(lambda c: _causes(c), _start, TASKS | WARNINGS, ORGANISATION),
    ordering.IssueOrder: Handler(task_force_stream, _order, TASKS, ORGANISATION),
    waves.ChangeLevel: Handler(task_force_stream, _level, TASKS, ORGANISATION | TASKS),
    waves.CallForeseen: Handler(task_force_stream, _foreseen, TASKS, ORGANISATION),
    directing.AmendOrder: _DIRECT,
    directing.WithdrawOrder: _DIRECT,
    directing.ReleaseRest: _DIRECT,
    directing.HandOver: _DIRECT,
    directing.NameLead: _DIRECT,
    ending.StandDown: _END,
    ending.CloseTaskForce: _END,
    ending.CancelTaskForce: _END,
    task_force.MakeEntry: _TALK,
    task_force.StrikeEntry: _TALK,
    task_force.CorrectTaskForce: _TALK,
    task_force.SendMessage: _TALK,
    task_force.RateTaskForce: _TALK,
    task_force.EvaluateTaskForce: _JUDGE,
    task_force.ArchiveTaskForce: _JUDGE,
    task_force.ReopenTaskForce: _JUDGE,
}


def _causes(command: starting.StartFromPlan | starting.StartAdHoc) -> tuple[str, ...]:
    """The warning and the finding that a start names."""
    named = []
    if command.warning is not None:
        named.append(of_kind(command.warning, "warning-", "warning.unknown", "warning"))
    if command.finding is not None:
        named.append(of_kind(command.finding, "finding-", "finding.unknown", "finding"))
    return tuple(named)
