"""Who plays in the workshop story: synthetic people, picked from the tree of Qujiang by their posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from handheld import data, synthetic
from handheld.adapters.tables import read_divisions
from handheld.application.importing import plan_departments, plan_divisions, plan_people
from handheld.demo.stage import Stage
from handheld.domain.register import PersonEntry
from handheld.domain.register_duty import SetRoster
from handheld.texts.times import DIVISION_ZONE
from handheld_events.division import Shift
from handheld_events.ids import person_stream
from handheld_events.territory import within
from handheld_projections.organisation import Organisation, Post

SEED = 20210518
DISTRICT = "330803"
TOWNSHIP = "330803203"
"""双桥乡."""
VILLAGE = "330803203212"
"""双桥村."""
GRID = "330803203212001"
GRIDS = 14
CONTACTS = 28
ENFORCEMENT, PLANNING = "enforcement", "planning"

OPERATOR = "operator"


def at(day: int, clock: str) -> datetime:
    """A time of the story by the clock in Qujiang, on 18 May 2021 and the days after it (UTC)."""
    moment = datetime.fromisoformat(f"2021-05-18T{clock}").replace(tzinfo=DIVISION_ZONE)
    return (moment + timedelta(days=day)).astimezone(UTC)


class Cast(NamedTuple):
    """Person streams, by what they are in the story."""

    day_officer: str
    """On duty in the district centre by day."""
    night_officer: str
    commander: str
    """Of the district."""
    township_duty: str
    township_head: str
    township_official: str
    village_official: str
    team_leader: str
    grid_head: str
    grid_worker: str
    contact: str
    """A household contact of the grid."""
    enforcement_duty: str
    enforcers: tuple[str, str]
    """Officers of the enforcement department."""
    stationed: tuple[str, str]
    """Officers of that department who serve the township."""
    planning_duty: str
    surveyors: tuple[str, str]
    """Officers of the planning and resources department."""


def prepare(stage: Stage) -> Iterator[int]:
    """Put the register into the log, step by step, and hang up the rosters; tells each step done."""
    keyring = stage.home.keyring
    rows = read_divisions(data.divisions(DISTRICT))
    stage.do(plan_divisions(rows, stage.organisation()).command, OPERATOR)
    yield 1
    known = stage.organisation()
    villages = [d for d in known.divisions.values() if within(d.code, TOWNSHIP)]
    grids = list(enumerate(synthetic.grids(villages, GRIDS, SEED), 1))
    stage.do(plan_divisions(grids, known).command, OPERATOR)
    departments = list(enumerate(synthetic.departments(DISTRICT), 1))
    stage.do(plan_departments(departments, stage.organisation()).command, OPERATOR)
    yield 2
    known = stage.organisation()
    people = synthetic.people(known, SEED, contacts=CONTACTS)
    people.append(_grid_worker(len(people) + 1))
    stage.do(plan_people(people, known, keyring).command, OPERATOR)
    yield 3
    for roster in _rosters(cast(stage.organisation())):
        stage.do(roster, OPERATOR)
    yield 4


def _grid_worker(number: int) -> PersonEntry:
    """The full-time worker of the grid, who is not among those that the generator makes."""
    return PersonEntry(
        line=number,
        person=person_stream(f"S{number:07d}"),
        name="演练专职网格员01",
        phone=f"000-{number // 10_000:04d}-{number % 10_000:04d}",
        posts=(Post("grid_worker", GRID),),
        synthetic=True,
    )


def cast(organisation: Organisation) -> Cast:
    """The people of the story, each found by the post that they hold."""

    def first(role: str, division: str, department: str | None = None) -> str:
        return organisation.holders(role, division, department)[0]

    def pair(role: str, division: str, department: str | None = None) -> tuple[str, str]:
        one, other = organisation.holders(role, division, department)[:2]
        return one, other

    by_day, by_night = pair("duty_officer", DISTRICT)
    return Cast(
        by_day,
        by_night,
        first("district_commander", DISTRICT),
        first("duty_officer", TOWNSHIP),
        first("township_commander", TOWNSHIP),
        first("township_official", TOWNSHIP),
        first("village_official", VILLAGE),
        first("village_team_leader", VILLAGE),
        first("grid_head", GRID),
        first("grid_worker", GRID),
        first("household_contact", GRID),
        first("duty_officer", DISTRICT, ENFORCEMENT),
        pair("department_officer", DISTRICT, ENFORCEMENT),
        pair("enforcement_officer", TOWNSHIP, ENFORCEMENT),
        first("duty_officer", DISTRICT, PLANNING),
        pair("department_officer", DISTRICT, PLANNING),
    )


def _rosters(people: Cast) -> Iterator[SetRoster]:
    """The centre has shifts of ten and of fourteen hours, the departments one of a day and a half."""
    morning, evening = at(0, "08:00"), at(0, "18:00")
    next_morning, next_evening = at(1, "08:00"), at(1, "18:00")
    yield SetRoster(
        division=DISTRICT,
        role="duty_officer",
        shifts=(
            Shift(person=people.day_officer, begins=morning, ends=evening),
            Shift(person=people.night_officer, begins=evening, ends=next_morning),
            Shift(person=people.day_officer, begins=next_morning, ends=next_evening),
        ),
    )
    for key, person in (
        (ENFORCEMENT, people.enforcement_duty),
        (PLANNING, people.planning_duty),
    ):
        yield SetRoster(
            division=DISTRICT,
            role="duty_officer",
            department=key,
            shifts=(Shift(person=person, begins=morning, ends=next_evening),),
        )
