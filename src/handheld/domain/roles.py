"""The roles that a post can have. Their names for people are in `handheld.texts`."""

from __future__ import annotations

from collections.abc import Mapping

from handheld_events.division import Tier

ROLES = (
    "district_commander",
    "duty_officer",
    "township_commander",
    "township_official",
    "village_team_leader",
    "village_official",
    "grid_head",
    "grid_worker",
    "household_contact",
    "department_head",
    "department_officer",
    "enforcement_officer",
)
"""指挥长, 值班员, 乡镇指挥长, 乡镇干部, 联村团长, 村干部, 网格长, 专职网格员, 联户党员; 部门负责人, 部门干部, 执法队员."""

COMMAND_ROLES = ("district_commander", "duty_officer", "township_commander")
"""Those who run the command room of a division. With a department, a duty officer runs that one's."""

COMMANDERS = ("district_commander", "township_commander")
"""Those above whoever is on duty in a command room."""

DEPARTMENT_COMMAND = ("department_head", "duty_officer")
"""Those who command a department, in posts of that department."""

UNIT_ROLES = ("department_head", "department_officer", "duty_officer")
"""Who answers for a department when nobody is on duty there, in order of who is asked first."""

DUTY_POSTS: Mapping[Tier, tuple[str, ...]] = {
    "grid": ("grid_head",),
    "village": ("village_official", "village_team_leader"),
    "township": ("duty_officer", "township_commander", "township_official"),
    "district": ("duty_officer", "district_commander"),
}
"""The posts that answer for a division, by tier, in order of who is asked first."""
