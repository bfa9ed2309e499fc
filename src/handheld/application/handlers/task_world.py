"""What is looked up for a decision about a task: its task force, its order, who may, a unit's people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handheld.application.handlers.base import Get, World
from handheld.application.loading import Loaded
from handheld.application.requests import Request
from handheld.domain import policy
from handheld.domain.duty import PERSON
from handheld.domain.task import Known, Task
from handheld.domain.task_force import OrderTerms, TaskForce


def known_of(
    loaded: Loaded,
    command: Any,
    request: Request,
    get: Get,
    world: World,
    *,
    whole: bool = True,
) -> Known:
    """What is known of a task besides its history; of its task force only where it is needed.

    `whole`: the rules need it. Who may needs it, too, but for what somebody does with their own task.
    """
    state: Task | None = loaded.state
    now = world.now()
    if state is None:
        return Known(now)
    actor, who, name = request.meta.actor, request.who, loaded.about.task_force
    own = actor == who == state.person and "assignee" in policy.TABLE[type(command)]
    plain = own or not actor.startswith(PERSON)
    task_force: TaskForce | None = None
    terms: OrderTerms | None = None
    if name is not None and (whole or not plain):
        task_force = get(name).state
        terms = None if task_force is None else task_force.orders.get(state.order)
    of_unit = _of_unit(state, who, world)
    if plain:
        return Known(now, task_force, terms, of_unit)
    subject = policy.Subject(
        organisation=world.organisation()[0],
        territory=task_force.division if task_force is not None else "",
        task_force=task_force,
        task=state,
        division=loaded.about.division,
        of_unit=of_unit,
        who=who,
        giver=lambda: giver_of(terms, get),
        reporter=reporter_of(terms.finding if terms is not None else None, get),
    )
    return Known(now, task_force, terms, of_unit, policy.may(actor, type(command), subject))


def giver_of(terms: OrderTerms | None, get: Get) -> str | None:
    """The person who gave an order, or passed it on; whoever does that one's task since, if any."""
    if terms is None:
        return None
    if terms.passed_on_from is None:
        return terms.given_by
    above: Task | None = get(terms.passed_on_from).state
    return None if above is None else above.reassigned_to or above.person


def reporter_of(finding: str | None, get: Get) -> Callable[[], str | None]:
    """Looks up who reported a finding; None where there is none."""
    return lambda: None if finding is None else get(finding).about.person


def read_of(person: str, world: World) -> tuple[tuple[str, int], ...]:
    """What is known of a person is what a decision rests on: the version of their stream."""
    known = world.organisation()[0].people.get(person)
    return () if known is None else ((person, known.version),)


def _of_unit(state: Task, who: str, world: World) -> bool:
    if not state.unit or state.department is None or who == state.person:
        return False
    person = world.organisation()[0].people.get(who)
    return person is not None and any(p.department == state.department for p in person.posts)
