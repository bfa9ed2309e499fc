"""Who directs a running task force: whoever commands it, the command room above, the lead department."""

from __future__ import annotations

from handheld.domain.duty import may_command_department, may_start
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
CADRES = frozenset(("village_team_leader", "grid_head"))
"""联村团长, 网格长: with officials, those who telephone people in their place and answer for them."""


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


def official_above(
    organisation: Organisation, actor: str, division: str | None, *, cadres: bool = False
) -> bool:
    """Whether somebody is an official of a division or of one above it.

    `cadres`: grid heads and village-team leaders count as well.
    """
    if division is None:
        return False
    person = organisation.people.get(actor)
    return any(
        (post.role in OFFICIALS or (cadres and post.role in CADRES))
        and post.department is None
        and within(division, post.division)
        for post in (person.posts if person is not None else ())
    )


def own_department(
    organisation: Organisation, actor: str, department: str | None, division: str | None
) -> bool:
    """Whether somebody commands the department whose person is called at its own division.

    Of those who are stationed elsewhere (派驻) the department sees what they do, and directs nothing.
    """
    if department is None:
        return False
    known = organisation.departments.get(department)
    at_home = known is not None and known.division == division
    return at_home and may_command_department(organisation, actor, department)
