"""Pulling people into a running task force (拉入)."""

from __future__ import annotations

from handheld.domain import assignment, task_force
from handheld.domain.base import BaseCommand
from handheld.domain.errors import NotFound
from handheld.domain.ordering import Dispatch, Opening
from handheld.domain.task_force import TaskForce
from handheld_events.ids import TaskIds
from handheld_events.task import TaskDispatched
from handheld_events.task_force import PersonPulledIn
from handheld_projections.organisation import Organisation


class PullIn(BaseCommand, frozen=True, kw_only=True, tag="task_force.pull_in"):
    """Somebody joins later (拉入), with a task of an order already given if one is named."""

    task_force: str
    person: str
    order: str | None = None


def decide_pull_in(
    command: PullIn, state: TaskForce | None, organisation: Organisation, tasked: bool
) -> Opening:
    """Somebody joins; `tasked` says whether they have a task of this order already.

    Raises NotFound, Malformed.
    """
    known = task_force.existing(state, command.task_force)
    if refusal := task_force.not_active(known):
        return Opening(refusal.outcome, refusal.code, command.task_force, known.division, [], [])
    if command.order is not None and command.order not in known.orders:
        raise NotFound("order.unknown", order=command.order)
    if tasked or (command.person, command.order) in known.pulled_in:
        return Opening(
            "already_done",
            "task_force.pulled_in",
            command.task_force,
            known.division,
            [],
            [],
        )
    assignee = assignment.named(organisation, command.person, known.division)
    dispatches: list[Dispatch] = []
    if command.order is not None:
        dispatches.append(
            Dispatch(
                TaskIds(command.order).of(command.person),
                assignee,
                TaskDispatched(
                    order=command.order, person=command.person, steps=known.orders[command.order]
                ),
            )
        )
    event = PersonPulledIn(person=command.person, division=assignee.division, order=command.order)
    return Opening("accepted", None, command.task_force, known.division, [event], dispatches)
