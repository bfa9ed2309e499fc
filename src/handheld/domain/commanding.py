"""Who directs a running task force: whoever commands it, the command room above, the lead department."""

from __future__ import annotations

from handheld.domain.duty import may_command_department, may_start
from handheld.domain.errors import NotAllowed
from handheld.domain.task_force import TaskForce
from handheld_events.territory import within
from handheld_projections.organisation import Organisation

OFFICIALS = frozenset(
    (
        "district_commander",
        "duty_officer",
        "township_commander",
        "township_official",
        "village_official",
    )
)
"""区县指挥长, 值班员, 乡镇指挥长, 乡镇干部, 村干部."""


def may_direct(known: TaskForce, organisation: Organisation, actor: str) -> bool:
    """Whether somebody gives orders in a task force, changes its level, ends it.

    It is asked of whoever acts, not of those for whom they act: command is not lent by telephone.
    """
    return (
        actor == known.commander
        or may_start(organisation, actor, known.division)
        or (known.lead is not None and may_command_department(organisation, actor, known.lead))
    )


def may_order(known: TaskForce, organisation: Organisation, actor: str) -> bool:
    """Whether somebody gives orders in it and changes them: whoever directs it, and officials there.

    Officials hold a post of a village, a township, the district or a department where the task force
    is at work: blocks and lines (条块) order side by side.
    """
    person = organisation.people.get(actor)
    return may_direct(known, organisation, actor) or any(
        (post.role in OFFICIALS or post.department is not None)
        and (within(post.division, known.division) or within(known.division, post.division))
        for post in (person.posts if person is not None else ())
    )


def check_command(
    state: TaskForce | None,
    organisation: Organisation,
    actor: str,
    task_force: str,
    *,
    only_orders: bool = False,
) -> None:
    """Raises NotAllowed (`task_force.not_in_command`) for whoever does not direct it.

    `only_orders`: for whoever does not even give orders in it.
    """
    may = may_order if only_orders else may_direct
    if state is not None and not may(state, organisation, actor):
        raise NotAllowed("task_force.not_in_command", task_force=task_force)
