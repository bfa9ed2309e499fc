"""Task forces: start, talk, end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handheld.application.handlers import orders
from handheld.application.handlers.allowed import check_allowed
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
from handheld.application.handlers.causes import told as told_of_the_end
from handheld.application.handlers.openings import left_alone, proposal
from handheld.application.loading import Append
from handheld.application.requests import Request
from handheld.domain import (
    ending,
    finding,
    starting,
    talking,
    task_force,
    warning,
)
from handheld.domain.answers import Answer
from handheld.domain.duty import PERSON, may_start
from handheld.domain.errors import NotFound
from handheld.domain.finding_desks import may_decide
from handheld_events.envelope import About
from handheld_events.ids import entry_id, message_id
from handheld_events.territory import within
from handheld_projections.organisation import Organisation


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
        _check_warning(known.state, command, organisation, meta.actor)
        plan = command.plan if isinstance(command, starting.StartFromPlan) else None
        told: Answer[Any] = warning.started(
            known.state, opening.task_force, command.division, plan, command.warning
        )
        if told.outcome != "accepted":
            return Proposal("refused", told.code, ())
        causes.append(Append(command.warning, known.version, known.about, told.events))
    if command.finding is not None:
        known = get(command.finding)
        _check_finding(known.state, command.finding, organisation, meta.actor)
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


def _check_warning(
    state: warning.WarningState | None,
    command: starting.StartFromPlan | starting.StartAdHoc,
    organisation: Organisation,
    actor: str,
) -> None:
    """Who sees nothing of a warning starts nothing on it. Raises NotFound (`warning.unknown`)."""
    if state is None or not actor.startswith(PERSON):
        return
    places = state.content.divisions or (command.division[:6],)
    here = command.division
    if not any(
        within(place, here) or within(here, place) or may_start(organisation, actor, place)
        for place in places
    ):
        raise NotFound("warning.unknown", warning=command.warning)


def _check_finding(
    state: finding.Finding | None, stream: str, organisation: Organisation, actor: str
) -> None:
    """Those on whose desk it lies, and command rooms of the place. Raises NotFound (`finding.unknown`)."""
    if state is None or may_decide(organisation, actor, state.desk):
        return
    if not may_start(organisation, actor, state.division):
        raise NotFound("finding.unknown", finding=stream)


def _is_over(state: finding.Finding | None, get: Get) -> bool:
    """Whether what was started about a finding before has ended."""
    if state is None or state.task_force is None:
        return False
    former: task_force.TaskForce | None = get(state.task_force).state
    return former is not None and former.status in ("closed", "cancelled")


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
    return made._replace(reads=left_alone(opening, tasks))


_TALK = Handler(task_force_stream, _talk, NOTHING_KNOWN, ORGANISATION)
_AMONG = Handler(task_force_stream, _talk, NOTHING_KNOWN, ORGANISATION | TASKS)
_END = Handler(task_force_stream, _end, TASKS, ORGANISATION | TASKS)

HANDLERS: Table = {
    starting.StartFromPlan: Handler(
        lambda c: (of_kind(c.plan, "plan-", "plan.unknown", "plan"), *_causes(c)),
        _start,
        TASKS | WARNINGS,
        ORGANISATION | TASKS,
    ),
    starting.StartAdHoc: Handler(lambda c: _causes(c), _start, TASKS | WARNINGS, ORGANISATION),
    **orders.HANDLERS,
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
