"""What is done to one task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handheld.application.handlers import notices, task_moves, tasks_due
from handheld.application.handlers.base import (
    ORGANISATION,
    TASKS,
    Get,
    Handler,
    Proposal,
    Table,
    World,
    one,
    task_stream,
)
from handheld.application.handlers.task_world import known_of, read_of
from handheld.application.loading import Append, Loaded
from handheld.application.requests import Request
from handheld.domain import claiming, task
from handheld.domain.having import has_open, next_task, tasks_of
from handheld_events.codec import instant
from handheld_events.envelope import Meta
from handheld_events.task import TaskEvent
from handheld_events.times import judge

_DOING = frozenset(
    (task.Accept, task.Decline, task.GoEnRoute, task.ReachScene, task.Visit, task.Report)
)
_ACCEPTING = frozenset((task.Accept, task.GoEnRoute, task.ReachScene, task.Visit, task.Report))
_DEADLINES = frozenset((task.Suspend, task.Resume, task.Extend, task.SendBack))


def _task(command: task.Command, request: Request, get: Get, world: World) -> Proposal:
    loaded = get(command.task)
    state: task.Task | None = loaded.state
    asks = state is not None and _asks_the_task_force(command, state)
    known = known_of(loaded, command, request, get, world, whole=asks)
    answer = task.decide(state, command, request.who, request.meta.actor, known)
    proposal = one(answer, command.task, loaded)
    if known.of_unit:
        proposal = proposal._replace(reads=read_of(request.who, world))
    if answer.outcome != "accepted":
        return proposal
    if type(command) in _DOING and _before_dispatch(request.meta, loaded, known.now):
        # The fact is kept as it is claimed; whoever claimed it is told that it cannot be true.
        code = "task.before_dispatch"
        proposal = proposal._replace(code=code)
    if state is None or known.task_force is None:
        return proposal
    return _with_what_it_takes(proposal, state, command.task, answer.events, get, loaded)


def _reopen(command: task.Reopen, request: Request, get: Get, world: World) -> Proposal:
    """What was ended goes on, unless the assignee was given the same once more in the meantime."""
    loaded = get(command.task)
    state: task.Task | None = loaded.state
    known = known_of(loaded, command, request, get, world)
    reads: list[tuple[str, int]] = []
    if state is not None:
        tasks = world.tasks(loaded.about.task_force or "")
        who, order = state.person, state.order
        known = known._replace(has_one=has_open(tasks, who, order))
        reads += [(s, t.version) for s, t in tasks_of(tasks, who, order) if s != command.task]
        reads.append((next_task(tasks, who, order), 0))
    answer = task.decide(state, command, request.who, request.meta.actor, known)
    return one(answer, command.task, loaded)._replace(reads=reads)


def _before_dispatch(meta: Meta, loaded: Loaded, now: datetime) -> bool:
    if loaded.began_us is None:
        return False
    began = instant(loaded.began_us)
    # Most claims are plainly possible; `judge` settles the others.
    if meta.reported_at is None and not meta.clock_offset and meta.occurred_at >= began:
        return False
    return judge(meta, now).at < began


def _asks_the_task_force(command: task.Command, state: task.Task) -> bool:
    if type(command) in _ACCEPTING:
        suspended = state.suspended is not None
        return state.open or state.unit or state.form or suspended
    if isinstance(command, task.Decline):
        return state.open and state.claimed
    return type(command) in _DEADLINES


def _with_what_it_takes(
    proposal: Proposal,
    state: task.Task,
    stream: str,
    events: Sequence[TaskEvent],
    get: Get,
    loaded: Loaded,
) -> Proposal:
    """An acceptance takes a place of an open order, or a department's part; to decline gives it back."""
    name = loaded.about.task_force or ""
    task_force = get(name)
    facts = tuple(claiming.taken(state, stream, events, task_force.state))
    if not facts:
        return proposal
    claim = Append(name, task_force.version, task_force.about, facts)
    return proposal._replace(appends=(claim, *proposal.appends))


_TASK = Handler(task_stream, _task, TASKS, ORGANISATION)

HANDLERS: Table = {
    task.Deliver: _TASK,
    task.Read: _TASK,
    task.Accept: _TASK,
    task.Decline: _TASK,
    task.GoEnRoute: _TASK,
    task.ReachScene: _TASK,
    task.Visit: _TASK,
    task.Report: _TASK,
    task.Verify: _TASK,
    task.SendBack: _TASK,
    task.Withdraw: _TASK,
    task.Suspend: _TASK,
    task.Resume: _TASK,
    task.Extend: _TASK,
    task.Remind: _TASK,
    task.Supervise: _TASK,
    task.Reopen: Handler(task_stream, _reopen, TASKS, ORGANISATION | TASKS),
    task.Rate: _TASK,
    task.Evaluate: _TASK,
    task.CorrectTask: _TASK,
    **task_moves.HANDLERS,
    **tasks_due.HANDLERS,
    **notices.HANDLERS,
}
