"""The roles that a post can have. Their names for people are in `handheld.texts`."""

from __future__ import annotations

ROLES = (
    "district_commander",
    "duty_officer",
    "township_official",
    "village_team_leader",
    "village_official",
    "grid_head",
    "grid_worker",
    "household_contact",
)
"""区指挥长, 值班员, 乡镇干部, 联村团长, 村干部, 网格长, 专职网格员, 联户党员."""
