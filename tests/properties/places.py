"""Where the machine plays, and who is there. All people are synthetic."""

from __future__ import annotations

from typing import Literal

from handheld_events.forms import Form, FormField
from handheld_events.orders import Steps
from handheld_projections.organisation import Post

DISTRICT, TOWNSHIP, VILLAGE = "330825", "330825101", "330825101264"
GRID = "330825101264001"
CODES = (DISTRICT, TOWNSHIP, "330825102", VILLAGE, "330825102200", GRID)
DEPARTMENTS = ("water", "police")
GROUPS = ("rescue", "boats")
PLANS = ("typhoon", "flood")

PEOPLE = tuple(f"person-S{n}" for n in range(6))
OFFICER = "person-S9"
"""On duty in the district."""
TOWN = "person-S8"
"""Commands the first township."""
EVERYBODY = (*PEOPLE, TOWN, OFFICER)

POSTS = (
    Post("grid_head", GRID),
    Post("household_contact", GRID),
    Post("village_official", VILLAGE),
    Post("department_officer", TOWNSHIP, "water"),
    Post("department_head", DISTRICT, "police"),
    Post("village_official", "330825102200"),
    Post("grid_head", VILLAGE),
    Post("duty_officer", TOWNSHIP),
    Post("duty_officer", DISTRICT),
    Post("department_officer", DISTRICT, "water"),
    Post("enforcement_officer", TOWNSHIP, "police"),
    Post("duty_officer", DISTRICT, "police"),
)
ROLES = tuple(dict.fromkeys(post.role for post in POSTS))

STEPS: tuple[Steps, ...] = (
    ("accept", "report"),
    ("accept",),
    ("accept", "report", "verify"),
    ("accept", "en_route", "on_scene", "report", "verify"),
    ("accept", "on_scene"),
)
FORMS: tuple[Form, ...] = (
    (),
    (FormField(key="moved", label="转移", kind="number", unit="人", most=500),),
    (
        FormField(key="moved", label="转移", kind="number", required=False),
        FormField(key="road", label="道路", kind="choice", choices=("通", "断"), required=False),
        FormField(key="visits", label="走访", kind="visits"),
    ),
)

Where = Literal["here", "there"]
"""At which of two writers."""
