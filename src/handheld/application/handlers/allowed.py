"""Who may act, asked of the policy with what it wants to know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handheld.application.handlers.base import (
    Get,
    World,
)
from handheld.application.handlers.task_world import giver_of, reporter_of
from handheld.application.requests import Request
from handheld.domain import (
    policy,
    task_force,
)
from handheld.domain.duty import PERSON
from handheld.domain.errors import NotAllowed


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


def lets(
    command: Any,
    request: Request,
    world: World,
    *,
    territory: str = "",
    also: str | None = None,
    places: Iterable[str] | None = None,
) -> bool:
    """Whether who acts may do this in a division, or in all places.

    Asked before the state answers: a refusal tells nothing of what it is about.
    """
    named = None if places is None else tuple(dict.fromkeys(places))
    subject = policy.Subject(world.organisation()[0], territory, also=also, places=named)
    return policy.may(request.meta.actor, type(command), subject)
