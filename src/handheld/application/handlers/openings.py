"""What an opening comes to: facts of the task force, of new tasks, of tasks that exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handheld.application.handlers.base import (
    Proposal,
)
from handheld.application.loading import Append
from handheld.domain import (
    ordering,
)
from handheld_events.envelope import About
from handheld_projections.open_tasks import (
    OpenTask,
)


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


def left_alone(
    opening: ordering.Opening, tasks: Mapping[str, OpenTask]
) -> Sequence[tuple[str, int]]:
    """The tasks of which it makes no facts: it rests on none of them waiting in the meantime.

    Whoever is given a task in the place of somebody else, or has one reopened, changes one of these.
    """
    if opening.outcome != "accepted":
        return ()
    return [(stream, one.version) for stream, one in tasks.items() if stream not in opening.deeds]
