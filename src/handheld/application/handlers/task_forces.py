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
    decided_at,
    of_kind,
    one,
    task_force_stream,
)
from handheld.application.handlers.causes import told as told_of_the_end
from handheld.application.handlers.task_world import giver_of, read_of, reporter_of
from handheld.application.handlers.tasks_due import check_by_itself
from handheld.application.loading import Append
from handheld.application.requests import Request
from handheld.domain import (
    calling_again,
    directing,
    ending,
    finding,
    ordering,
    policy,
    starting,
    talking,
    task_force,
    warning,
    waves,
)
from handheld.domain.answers import Answer
from handheld.domain.duty import PERSON
from handheld.domain.errors import NotAllowed
from handheld.domain.task_state import is_open
from handheld_events.envelope import About
from handheld_events.ids import entry_id, message_id
from handheld_projections.open_tasks import (
    OpenTask,
)


def _talk(command: task_force.Command, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    check_allowed(command, request, get, world)
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
    known_causes = [known for cause in _causes(command) if (known := get(cause)).version]
    drill = meta.drill or any(known.drill for known in known_causes)
    running: Sequence[str] = ()
    if isinstance(command, starting.StartFromPlan):
        running = world.running(command.plan, command.division, drills=drill)
    opening = starting.decide_start(
        command, meta.command, world.now(), read, organisation, position, meta.actor, running
    )
    causes: list[Append] = []
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


def check_allowed(command: Any, request: Request, get: Get, world: World) -> None:
    """Whether who acts may do this in the task force.

    Raises NotAllowed (`task_force.not_in_command`, `task_force.not_a_member`).
    """
    name, actor = command.task_force, request.meta.actor
    state: task_force.TaskForce | None = get(name).state
    if state is None or not actor.startswith(PERSON):
        return
    action = type(command)
    terms = state.orders.get(getattr(command, "order", None) or "")
    subject = policy.Subject(
        organisation=world.organisation()[0],
        territory=state.division,
        task_force=state,
        giver=lambda: giver_of(terms, get),
        about_finding=terms is not None and terms.finding is not None and terms.given_by is None,
        reporter=reporter_of(state.finding, get),
        asked=state.messages.get(getattr(command, "answers", None) or ""),
        member=lambda person: any(t.person == person for t in world.tasks(name).values()),
    )
    if policy.may(actor, action, subject):
        return
    if "member" in policy.TABLE[action]:
        raise NotAllowed("task_force.not_a_member", task_force=name, person=actor)
    raise NotAllowed("task_force.not_in_command", task_force=name)


def _is_over(state: finding.Finding | None, get: Get) -> bool:
    """Whether what was started about a finding before has ended."""
    if state is None or state.task_force is None:
        return False
    former: task_force.TaskForce | None = get(state.task_force).state
    return former is not None and former.status in ("closed", "cancelled")


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
    return made._replace(reads=_left_alone(opening, tasks))


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
    return made._replace(reads=(*reads, *_left_alone(opening, tasks)))


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


def _end(
    command: ending.StandDown | ending.CloseTaskForce | ending.CancelTaskForce,
    request: Request,
    get: Get,
    world: World,
) -> Proposal:
    loaded = get(command.task_force)
    check_allowed(command, request, get, world)
    tasks = world.tasks(command.task_force)
    opening = ending.decide(
        command,
        loaded.state,
        {stream: known.status for stream, known in tasks.items()},
        request.meta.actor,
    )
    about = told_of_the_end(command, loaded.state, get) if opening.outcome == "accepted" else ()
    made = proposal(opening, loaded.version, loaded.about, tasks, about)
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


_TALK = Handler(task_force_stream, _talk, NOTHING_KNOWN, ORGANISATION)
_AMONG = Handler(task_force_stream, _talk, NOTHING_KNOWN, ORGANISATION | TASKS)
_DIRECT = Handler(task_force_stream, _direct, TASKS, ORGANISATION | TASKS)
_END = Handler(task_force_stream, _end, TASKS, ORGANISATION | TASKS)

HANDLERS: Table = {
    starting.StartFromPlan: Handler(
        lambda c: (of_kind(c.plan, "plan-", "plan.unknown", "plan"), *_causes(c)),
        _start,
        TASKS | WARNINGS,
        ORGANISATION | TASKS,
    ),
    starting.StartAdHoc: Handler(lambda c: _causes(c), _start, TASKS | WARNINGS, ORGANISATION),
    ordering.IssueOrder: Handler(task_force_stream, _order, TASKS, ORGANISATION),
    waves.ChangeLevel: Handler(task_force_stream, _level, TASKS, ORGANISATION | TASKS),
    waves.CallForeseen: Handler(task_force_stream, _foreseen, TASKS, ORGANISATION),
    directing.AmendOrder: _DIRECT,
    directing.WithdrawOrder: _DIRECT,
    directing.ReleaseRest: _DIRECT,
    directing.TellUnfilled: _DIRECT,
    calling_again.CallAgain: Handler(task_force_stream, _call_again, TASKS, ORGANISATION | TASKS),
    directing.HandOver: _DIRECT,
    directing.NameLead: _DIRECT,
    ending.StandDown: _END,
    ending.CloseTaskForce: _END,
    ending.CancelTaskForce: _END,
    task_force.MakeEntry: _AMONG,
    task_force.StrikeEntry: _TALK,
    task_force.CorrectTaskForce: _TALK,
    task_force.SendMessage: _AMONG,
    task_force.RateTaskForce: _AMONG,
    task_force.EvaluateTaskForce: _TALK,
    task_force.ArchiveTaskForce: _TALK,
    task_force.ReopenTaskForce: _TALK,
}


def _causes(command: starting.StartFromPlan | starting.StartAdHoc) -> tuple[str, ...]:
    """The warning and the finding that a start names."""
    named = []
    if command.warning is not None:
        named.append(of_kind(command.warning, "warning-", "warning.unknown", "warning"))
    if command.finding is not None:
        named.append(of_kind(command.finding, "finding-", "finding.unknown", "finding"))
    return tuple(named)
