"""The table: which handler takes which command."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from msgspec.structs import replace

from handheld.application.loading import Append, Loaded
from handheld.application.requests import Request
from handheld.domain import ending, joining, ordering, plan, register, starting, task, task_force
from handheld.domain.answers import Answer, Outcome
from handheld.domain.errors import HandheldError, NotFound
from handheld_events.envelope import About
from handheld_events.ids import TaskIds, division_stream, entry_id, plan_stream
from handheld_projections.moves import OpenTask
from handheld_projections.organisation import Organisation


class Proposal(NamedTuple):
    """What a handler makes of a request."""

    outcome: Outcome
    code: str | None
    appends: Sequence[Append]
    reads: Sequence[tuple[str, int]] = ()
    """Streams known through the world on which this rests, with the version known."""


class World(Protocol):
    """What handlers may know beyond the streams they read."""

    def now(self) -> datetime:
        """The time by the log's clock (UTC): what is dispatched now has its deadlines from now."""
        ...

    def organisation(self) -> tuple[Organisation, int]:
        """Divisions and people, caught up to the log's end, and that position."""
        ...

    def open_tasks(self, task_force: str) -> Mapping[str, OpenTask]:
        """The open tasks of a task force, caught up to the log's end."""
        ...


Get = Callable[[str], Loaded]


Known = frozenset[Literal["organisation", "tasks"]]
NOTHING_KNOWN: Known = frozenset()
ORGANISATION: Known = frozenset({"organisation"})
TASKS: Known = frozenset({"tasks"})


class Handler(NamedTuple):
    """Which streams a command reads, and what is made of it."""

    reads: Callable[[Any], Sequence[str]]
    handle: Callable[[Any, Request, Get, World], Proposal]
    changes: Known
    """What of the world it may change."""
    knows: Known = NOTHING_KNOWN
    """What of the world it asks: changes decided before it must be written first."""


def _one(answer: Answer[Any], stream: str, loaded: Loaded, about: About | None = None) -> Proposal:
    appends = (Append(stream, loaded.version, about or loaded.about, answer.events),)
    return Proposal(answer.outcome, answer.code, appends if answer.events else ())


def _task(command: task.Command, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task)
    return _one(
        task.decide(loaded.state, command, request.who, request.meta.actor), command.task, loaded
    )


def _task_force(command: task_force.Command, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    answer = task_force.decide(loaded.state, command, entry_id(request.meta.command))
    return _one(answer, command.task_force, loaded)


def _plan(command: plan.Command, request: Request, get: Get, world: World) -> Proposal:
    stream = plan_stream(command.plan)
    loaded = get(stream)
    if isinstance(command, plan.AdoptPlan):
        known = world.organisation()[0].divisions
        if command.division not in known:
            raise NotFound("division.unknown", division=command.division)
        return _one(
            plan.decide(loaded.state, command),
            stream,
            loaded,
            loaded.about if loaded.version else About(division=command.division),
        )
    return _one(plan.decide(loaded.state, command), stream, loaded)


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
        command, meta.command, world.now(), read, organisation, position
    )
    return _opening(opening, 0, About(division=opening.division, task_force=opening.task_force))


def _order(command: ordering.IssueOrder, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    meta = request.meta
    opening = ordering.decide_order(
        command, meta.command, world.now(), loaded.state, world.organisation()[0]
    )
    return _opening(opening, loaded.version, loaded.about)


def _pull_in(command: joining.PullIn, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    tasked = command.order is not None and bool(get(_task_of(command)).version)
    opening = joining.decide_pull_in(command, loaded.state, world.organisation()[0], tasked)
    about = replace(loaded.about, person=command.person)
    return _opening(opening, loaded.version, about)


def _opening(opening: ordering.Opening, read: int, about: About) -> Proposal:
    if opening.outcome != "accepted":
        return Proposal(opening.outcome, opening.code, ())
    appends = [Append(opening.task_force, read, about, opening.events)]
    task_force = opening.task_force
    appends += [
        Append(
            dispatch.task,
            0,
            About(
                division=dispatch.assignee.division,
                task_force=task_force,
                person=dispatch.assignee.person,
            ),
            (dispatch.event,),
        )
        for dispatch in opening.dispatches
    ]
    return Proposal("accepted", None, appends)


def _task_of(command: joining.PullIn) -> str:
    return TaskIds(command.order or "").of(command.person)


def _end(
    command: ending.StandDown | ending.CloseTaskForce, request: Request, get: Get, world: World
) -> Proposal:
    loaded = get(command.task_force)
    tasks = world.open_tasks(command.task_force)
    end = ending.decide(
        command, loaded.state, {stream: known.status for stream, known in tasks.items()}
    )
    proposal = _one(end.answer, command.task_force, loaded)  # last: the close makes a board final
    if end.answer.outcome == "refused":
        # A task that is open is what it rests on; one is enough.
        return proposal._replace(reads=[(s, known.version) for s, known in tasks.items()][:1])
    if end.fact is None:
        return proposal
    withdrawn = (
        Append(
            stream,
            tasks[stream].version,
            About(
                division=tasks[stream].division,
                task_force=command.task_force,
                person=tasks[stream].person,
            ),
            (end.fact,),
        )
        for stream in end.withdrawn
    )
    return proposal._replace(appends=(*withdrawn, *proposal.appends))


def _import(
    command: register.ImportDivisions | register.ImportPeople,
    request: Request,
    get: Get,
    world: World,
) -> Proposal:
    organisation, _ = world.organisation()
    if isinstance(command, register.ImportDivisions):
        changes = register.decide_divisions(command, organisation)
        done = "divisions.unchanged"
        divisions = organisation.divisions
        reads = [
            (division_stream(row.code), divisions[row.code].version)
            for row in command.rows
            if row.code in divisions
        ]
    else:
        changes = register.decide_people(command, organisation)
        done = "people.unchanged"
        people = organisation.people
        reads = [
            (row.person, people[row.person].version) for row in command.rows if row.person in people
        ]
    if not changes:
        return Proposal("already_done", done, (), reads)
    appends = [
        Append(
            change.stream,
            change.read,
            About(division=change.division, person=change.person),
            change.events,
        )
        for change in changes
    ]
    return Proposal("accepted", None, appends, reads)


def _erase(command: register.ErasePerson, request: Request, get: Get, world: World) -> Proposal:
    organisation, _ = world.organisation()
    answer = register.decide_erasure(command, organisation)
    if not answer.events:
        return Proposal(answer.outcome, answer.code, ())
    known = organisation.people[command.person]
    about = About(division=known.posts[0].division if known.posts else None, person=command.person)
    return Proposal(
        answer.outcome,
        answer.code,
        (Append(command.person, known.version, about, answer.events),),
    )


def _of_kind(stream: str, prefix: str, code: str, name: str) -> str:
    """The stream, if its name is that of its kind: no other history is ever read for it."""
    if not stream.startswith(prefix):
        raise NotFound(code, **{name: stream})
    return stream


def _task_stream(command: Any) -> tuple[str, ...]:
    return (_of_kind(command.task, "task-", "task.unknown", "task"),)


def _task_force_stream(command: Any) -> tuple[str, ...]:
    return (_of_kind(command.task_force, "tf-", "task_force.unknown", "task_force"),)


def _pull_in_streams(command: joining.PullIn) -> tuple[str, ...]:
    streams = _task_force_stream(command)
    return (*streams, _task_of(command)) if command.order else streams


_TASK = Handler(_task_stream, _task, TASKS)
_TASK_FORCE = Handler(_task_force_stream, _task_force, NOTHING_KNOWN)
_PLAN = Handler(lambda c: (plan_stream(c.plan),), _plan, NOTHING_KNOWN, ORGANISATION)
_END = Handler(_task_force_stream, _end, TASKS, TASKS)
_REGISTER = Handler(lambda _: (), _import, ORGANISATION, ORGANISATION)

HANDLERS: Mapping[type, Handler] = {
    register.ImportDivisions: _REGISTER,
    register.ImportPeople: _REGISTER,
    register.ErasePerson: Handler(lambda _: (), _erase, ORGANISATION, ORGANISATION),
    plan.AdoptPlan: _PLAN,
    plan.RetirePlan: _PLAN,
    starting.StartFromPlan: Handler(
        lambda c: (_of_kind(c.plan, "plan-", "plan.unknown", "plan"),),
        _start,
        TASKS,
        ORGANISATION,
    ),
    starting.StartAdHoc: Handler(lambda _: (), _start, TASKS, ORGANISATION),
    ordering.IssueOrder: Handler(_task_force_stream, _order, TASKS, ORGANISATION),
    joining.PullIn: Handler(_pull_in_streams, _pull_in, TASKS, ORGANISATION),
    ending.StandDown: _END,
    ending.CloseTaskForce: _END,
    task_force.MakeEntry: _TASK_FORCE,
    task_force.StrikeEntry: _TASK_FORCE,
    task_force.CorrectTaskForce: _TASK_FORCE,
    task.Deliver: _TASK,
    task.Read: _TASK,
    task.Accept: _TASK,
    task.Decline: _TASK,
    task.Report: _TASK,
    task.Verify: _TASK,
    task.SendBack: _TASK,
    task.Withdraw: _TASK,
    task.CorrectTask: _TASK,
}


def handler_for(command: object) -> Handler:
    """The handler of a command."""
    try:
        return HANDLERS[type(command)]
    except KeyError:
        raise HandheldError("command.unknown", command=type(command).__name__) from None
