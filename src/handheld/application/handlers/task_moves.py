"""Tasks that come about from others: reassigned, passed on, given to whoever is pulled in."""

from __future__ import annotations

from msgspec.structs import replace

from handheld.application.handlers.allowed import check_allowed
from handheld.application.handlers.base import (
    ORGANISATION,
    TASKS,
    Get,
    Handler,
    Proposal,
    Table,
    World,
    one,
    task_force_stream,
    task_stream,
)
from handheld.application.handlers.openings import proposal
from handheld.application.handlers.task_world import known_of, read_of
from handheld.application.loading import Append
from handheld.application.requests import Request
from handheld.domain import joining, passing_on, reassigning
from handheld.domain.having import tasks_of
from handheld.domain.ordering import known_at
from handheld_events.envelope import About


def _reassign(command: reassigning.Reassign, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task)
    about = loaded.about
    tasks = world.tasks(about.task_force or "")
    made = reassigning.decide(
        command,
        loaded.state,
        known_of(loaded, command, request, get, world),
        world.organisation()[0],
        tasks,
        (request.who, request.meta.actor),
    )
    theirs = [(stream, task.version) for stream, task in tasks_of(tasks, command.to)]
    theirs += read_of(command.to, world)
    ended = one(made.answer, command.task, loaded)._replace(reads=theirs)
    if made.dispatch is None:
        return ended
    new = made.dispatch
    begun = Append(
        new.task,
        0,
        About(
            division=new.assignee.division,
            task_force=about.task_force,
            person=new.assignee.person,
        ),
        (new.event,),
    )
    return ended._replace(appends=(*ended.appends, begun))


def _pass_on(command: passing_on.PassOn, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task)
    name = loaded.about.task_force or ""
    known = known_of(loaded, command, request, get, world)
    organisation, position = world.organisation()
    made = passing_on.decide(
        command,
        request.meta.command,
        request.who,
        loaded.state,
        loaded.about.division,
        known,
        name,
        organisation,
    )
    task_force = get(name)
    opened = proposal(known_at(made.opening, position), task_force.version, task_force.about)
    own = Append(command.task, loaded.version, loaded.about, made.own)
    appends = (*opened.appends, own) if made.own else opened.appends
    reads = read_of(request.who, world) if known.of_unit else ()
    return opened._replace(appends=appends, reads=reads)


def _pull_in(command: joining.PullIn, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task_force)
    check_allowed(command, request, get, world)
    tasks = world.tasks(command.task_force)
    opening = joining.decide_pull_in(
        command,
        world.now(),
        loaded.state,
        world.organisation()[0],
        tasks,
    )
    about = replace(loaded.about, person=command.person)
    theirs = [(stream, task.version) for stream, task in tasks_of(tasks, command.person)]
    theirs += read_of(command.person, world)
    return proposal(opening, loaded.version, about)._replace(reads=theirs)


_KNOWS = ORGANISATION | TASKS

HANDLERS: Table = {
    reassigning.Reassign: Handler(task_stream, _reassign, TASKS, _KNOWS),
    passing_on.PassOn: Handler(task_stream, _pass_on, TASKS, ORGANISATION),
    joining.PullIn: Handler(task_force_stream, _pull_in, TASKS, _KNOWS),
}
