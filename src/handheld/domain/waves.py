"""Waves: what a plan orders later, at a time, again and again, or at a response level (响应等级)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from handheld.domain import task_force
from handheld.domain.assignment import Assignment, assign
from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed
from handheld.domain.ordering import Calling, Opening, by, issue
from handheld.domain.task_force import TaskForce
from handheld.domain.words import check_words
from handheld_events.base import Instant
from handheld_events.ids import order_id
from handheld_events.orders import LEVELS, Level, PlanOrder
from handheld_events.task import TaskWithdrawn
from handheld_events.task_force import LevelChanged, OrderForeseen
from handheld_projections.open_tasks import (
    OpenTask,
)
from handheld_projections.organisation import Organisation


class ChangeLevel(BaseCommand, frozen=True, kw_only=True, tag="task_force.change_level"):
    """Raise or lower the response level (升级, 降级): call the plan's next wave, or release it."""

    task_force: str
    level: Level
    reason: str


class CallForeseen(BaseCommand, frozen=True, kw_only=True, tag="order.call_foreseen"):
    """A time has come that the plan foresaw: give the order (again)."""

    task_force: str
    key: str
    at: Instant
    """When it was due. What was called already is not called twice."""


def rank(level: Level | None) -> int:
    """How high a level is: IV is 0, I is 3, none is -1."""
    return -1 if level is None else LEVELS.index(level)


def reached(order: PlanOrder, level: Level | None) -> bool:
    """Whether an order belongs to what is called at this level."""
    return order.level is None or rank(level) >= rank(order.level)


def call(
    order: PlanOrder,
    found: Assignment | None,
    at: datetime,
    order_stream: str,
    opening: Opening,
    calling: Calling,
) -> None:
    """Give an order at the start, or when its level is reached: now, or when its time comes.

    `found` is None for one that waits: whom it is for is seen when it is called.
    """
    calling = Calling(
        posture=calling.posture,
        departments=calling.departments,
        called_at_level=order.level,
        occurrence=1 if order.every is not None else None,
        next_at=by(at, order.every),
    )
    if found is None:
        opening.events.append(OrderForeseen(order=order, at=by(at, order.after)))
        return
    if order.every is not None:
        opening.events.append(OrderForeseen(order=order, at=at))
    issue(order_stream, order, found, at, opening, calling)


def change_level(
    command: ChangeLevel,
    command_id: str,
    at: datetime,
    state: TaskForce | None,
    organisation: Organisation,
    tasks: Mapping[str, OpenTask],
) -> Opening:
    """What a change of level comes to; `tasks` are the open ones. Raises NotFound, Malformed."""
    known = task_force.existing(state, command.task_force)
    check_words(reason=command.reason)
    opening = Opening(task_force=command.task_force, division=known.division)
    if refusal := task_force.not_active(known):
        opening.outcome, opening.code = refusal.outcome, refusal.code
        return opening
    if known.level == command.level:
        opening.outcome, opening.code = "already_done", "task_force.level"
        return opening
    _release(command, known, tasks, opening)
    opening.events.append(
        LevelChanged(
            level=command.level,
            before=known.level,
            reason=command.reason,
            withdrawn=len(opening.deeds),
        )
    )
    number = 0
    for foreseen in known.foreseen.values():
        order = foreseen.order
        waits = foreseen.at is None and order.level is not None
        if not waits or reached(order, known.level) or not reached(order, command.level):
            continue
        found = None
        if order.after is None:
            found = _reached_now(order, organisation, known.division, at)
            if found is None:
                continue  # its places are vacant up to the district: the rest of the wave goes out
        calling = Calling(posture=known.posture, departments=known.departments)
        call(order, found, at, order_id(command_id, number), opening, calling)
        number += 1
    return opening


def call_foreseen(
    command: CallForeseen,
    command_id: str,
    at: datetime,
    state: TaskForce | None,
    organisation: Organisation,
) -> Opening:
    """What a time that has come brings; times missed in between are skipped, and counted."""
    known = task_force.existing(state, command.task_force)
    opening = Opening(task_force=command.task_force, division=known.division)
    if refusal := task_force.not_active(known):
        opening.outcome, opening.code = refusal.outcome, refusal.code
        return opening
    foreseen = known.foreseen.get(command.key)
    if foreseen is None or foreseen.at != command.at:
        opening.outcome, opening.code = "already_done", "order.called"
        return opening
    order = foreseen.order
    skipped = 0
    occurrence = next_at = None
    if order.every is not None:
        every = timedelta(seconds=order.every)
        skipped = max(0, (at - command.at) // every)
        occurrence = foreseen.given + skipped + 1
        next_at = command.at + every * (skipped + 1)
    found = _reached_now(order, organisation, known.division, at)
    if found is None:
        if next_at is None:
            opening.outcome, opening.code = "refused", "order.reaches_nobody_now"
        else:  # perhaps next time
            opening.events.append(OrderForeseen(order=order, at=next_at))
        return opening
    calling = Calling(
        posture=known.posture,
        departments=known.departments,
        called_at_level=order.level,
        occurrence=occurrence,
        next_at=next_at,
        skipped=skipped,
    )
    issue(order_id(command_id, 0), order, found, at, opening, calling)
    return opening


def _reached_now(
    order: PlanOrder, organisation: Organisation, territory: str, at: datetime
) -> Assignment | None:
    """Whom the order reaches; None where that is nobody, or a group that is no more."""
    try:
        found = assign(organisation, territory, order.to, (), at)
    except Malformed:
        return None
    return found if found.assignees else None


def _release(
    command: ChangeLevel, known: TaskForce, tasks: Mapping[str, OpenTask], opening: Opening
) -> None:
    """Let the waves above the new level go: as at a stand-down, what is under way is finished."""
    if rank(command.level) >= rank(known.level):
        return
    above = {
        order
        for order, terms in known.orders.items()
        if terms.called_at_level is not None and rank(terms.called_at_level) > rank(command.level)
    }
    fact = TaskWithdrawn(reason=command.reason)
    for stream, one in tasks.items():
        if one.order in above and one.status == "waiting":
            opening.deeds[stream] = fact
    opening.events += [
        OrderForeseen(order=foreseen.order)
        for foreseen in known.foreseen.values()
        if foreseen.at is not None and not reached(foreseen.order, command.level)
    ]
