"""A finding in a small county, and who asks for what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from handheld.domain import finding
from handheld.domain.answers import Answer
from handheld.domain.finding import By, Finding
from handheld_events.base import Event
from handheld_events.finding import FindingEvent, FindingReported
from tests.support_organisation import organisation
from tests.support_rules import Given, Outcomes

E = TypeVar("E", bound=Event)

COUNTY = "330825"
TOWNSHIP = "330825101"
VILLAGE = "330825101264"
GRID = "330825101264001"
NEXT_VILLAGE = "330825101265"
OTHER_TOWNSHIP = "330825102"

REPORTER = "person-S1"
OFFICIAL = "person-S2"
"""Of the village."""
GRID_HEAD = "person-S3"
TOWNSHIP_DUTY = "person-S4"
TOWNSHIP_OFFICIAL = "person-S5"
COMMANDER = "person-S6"
WATER_OFFICER = "person-S7"
NEXT_OFFICIAL = "person-S8"
"""Of the next village."""
OTHER_DUTY = "person-S9"
"""Of the other township."""
WATER_DUTY = "person-S10"
NOBODY = "person-S99"

FINDING = "finding-1"
REPORTED = FindingReported(text="大树倒伏", division=GRID, desk=VILLAGE)

ORGANISATION = organisation(
    (COUNTY, TOWNSHIP, OTHER_TOWNSHIP, VILLAGE, NEXT_VILLAGE, GRID),
    {
        REPORTER: [("household_contact", GRID)],
        OFFICIAL: [("village_official", VILLAGE)],
        GRID_HEAD: [("grid_head", GRID)],
        TOWNSHIP_DUTY: [("duty_officer", TOWNSHIP)],
        TOWNSHIP_OFFICIAL: [("township_official", TOWNSHIP)],
        COMMANDER: [("district_commander", COUNTY)],
        WATER_OFFICER: [("department_officer", COUNTY, "water")],
        WATER_DUTY: [("duty_officer", COUNTY, "water")],
        NEXT_OFFICIAL: [("village_official", NEXT_VILLAGE)],
        OTHER_DUTY: [("duty_officer", OTHER_TOWNSHIP)],
    },
    {"water": COUNTY, "police": COUNTY},
)


def by(actor: str, on_behalf_of: str | None = None) -> By:
    """Somebody asks, about what the reporter found."""
    return By(actor, on_behalf_of or actor, REPORTER, ORGANISATION)


def given_finding(*events: FindingEvent) -> Given[Finding, FindingEvent]:
    """What was reported, and what happened then. Who asks is the village's official."""
    return Given(
        finding.evolve,
        lambda state, command, who: finding.decide(state, command, by(who)),
        OFFICIAL,
        REPORTED,
        *events,
    )


def answering(
    given: Given[Finding, FindingEvent], answer: Callable[[Any], Answer[FindingEvent]]
) -> Outcomes[Finding, FindingEvent]:
    """The same for what is decided by another function on the finding's state."""
    state = given.state
    return Outcomes(state, finding.evolve, lambda: answer(state))
