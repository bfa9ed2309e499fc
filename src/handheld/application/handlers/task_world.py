"""What is looked up for a decision about a task: its task force, its order, a department's people."""

from __future__ import annotations

from handheld.application.handlers.base import Get, World
from handheld.application.loading import Loaded
from handheld.domain.task import Known, Task
from handheld.domain.task_force import TaskForce


def known_of(loaded: Loaded, who: str, get: Get | None, world: World) -> Known:
    """What is known of a task besides its history; of its task force only where `get` is given."""
    state: Task | None = loaded.state
    task_force: TaskForce | None = None
    if state is not None and get is not None and loaded.about.task_force is not None:
        task_force = get(loaded.about.task_force).state
    terms = None
    if state is not None and task_force is not None:
        terms = task_force.orders.get(state.order)
    return Known(world.now(), task_force, terms, state is not None and _of_unit(state, who, world))


def read_of_unit(who: str, world: World) -> tuple[tuple[str, int], ...]:
    """That somebody holds a post is what a decision rests on: the version of their stream."""
    person = world.organisation()[0].people.get(who)
    return () if person is None else ((who, person.version),)


def _of_unit(state: Task, who: str, world: World) -> bool:
    if not state.unit or state.department is None or who == state.person:
        return False
    person = world.organisation()[0].people.get(who)
    return person is not None and any(p.department == state.department for p in person.posts)
