"""The board of a grid (网格): its tasks by person, its households, its findings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from rich.text import Text

from handheld.application.names import Names
from handheld.bootstrap import Home
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import clean, number, one_line, table
from handheld_events.territory import within
from handheld_projections.findings import FindingLine
from handheld_projections.open_tasks import State
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import TierBoard

ROWS = 50


class GridTask(msgspec.Struct, frozen=True):
    """A task in the grid."""

    task: str
    person: str
    state: State
    overdue: bool
    visited: int
    """Households visited in its course."""


class GridHousehold(msgspec.Struct, frozen=True):
    """A household of the grid, as the number by which it is known there."""

    household: str
    contacts: tuple[str, ...]
    """The people linked to it (联户)."""
    visited: bool
    satisfied: bool | None
    """At the last visit that is counted."""


class Grid(msgspec.Struct, frozen=True):
    """What there is in a grid."""

    tasks: list[GridTask]
    households: list[GridHousehold]
    findings: list[FindingLine]
    """Those that are not dealt with."""


def grid_of(
    home: Home,
    seen: TierBoard,
    organisation: Organisation,
    *,
    drills: bool,
    at: int | None = None,
) -> Grid:
    """The tasks and households of the grid whose board this is, now or at a position.

    Findings are those of now; of the past the board itself gives how many there were.
    """
    code = seen.division
    found = [
        (task.dispatched_at, task.person, stream, task)
        for line in seen.task_forces
        for stream, task in home.boards.tasks(line.task_force, at=at).items()
        if task.division == code
    ]
    tasks: list[GridTask] = []
    visited: dict[str, bool | None] = {}
    for _, _, stream, task in sorted(found, key=lambda each: each[:3]):
        visited |= task.visited or {}  # what a later task found stands
        count = len(task.visited or ())
        tasks.append(GridTask(stream, task.person, task.status, task.overdue, count))
    contacts: dict[str, list[str]] = {}
    for person, household in linked(organisation, code):
        contacts.setdefault(household, []).append(person)
    households = [
        GridHousehold(
            household,
            tuple(contacts.get(household, ())),
            household in visited,
            visited.get(household),
        )
        for household in sorted({*contacts, *visited}, key=in_order)
    ]
    findings = home.boards.findings(drills=drills).open.values() if at is None else ()
    return Grid(tasks, households, [line for line in findings if within(line.division, code)])


def linked(organisation: Organisation, code: str) -> Iterator[tuple[str, str]]:
    """Everybody in a post of the grid, with each household linked to them."""
    for stream, person in organisation.people.items():
        if person.households and any(post.division == code for post in person.posts):
            for household in person.households:
                yield stream, household


def in_order(household: str) -> list[tuple[int, str]]:
    """Where a household stands in a list: 2 before 10, 3-1 after 3, A1 after all numbers."""
    parts = re.findall(r"[0-9]+|[^0-9]+", household)
    return [(int(part), "") if part.isdecimal() else (1 << 60, part) for part in parts]


def show_grid(session: Session, grid: Grid, names: Names) -> None:
    """Tables of what there is."""
    texts = session.texts
    if grid.tasks:
        heads = [texts.say(f"cli.head.{key}") for key in ("person_name", "state", "visited")]
        made = table(*heads, title=texts.say("cli.grid.tasks"), right=(2,))
        for task in grid.tasks[:ROWS]:
            state = texts.state(task.state)
            if task.overdue:
                state += f"\n{texts.say('marks.overdue')}"
            visited = number(task.visited) if task.visited else ""
            who = Text(clean(names.label(task.person))).append(f"\n{task.task}", style="dim")
            made.add_row(who, state, visited)
        session.show("", made)
        _more(session, len(grid.tasks))
    if grid.households:
        done = sum(household.visited and bool(household.contacts) for household in grid.households)
        linked = sum(bool(household.contacts) for household in grid.households)
        title = texts.say("cli.grid.households", count=number(linked), done=number(done))
        others = len(grid.households) - linked
        if others:
            title += texts.say("cli.grid.households_others", others=number(others))
        heads = [texts.say(f"cli.head.{key}") for key in ("household", "contacts", "visited")]
        made = table(*heads, title=title)
        for household in grid.households[:ROWS]:
            people = texts.say("cli.list_comma").join(names.label(p) for p in household.contacts)
            people = people or texts.say("cli.grid.not_linked")
            said = texts.say("cli.grid.visited" if household.visited else "cli.grid.not_visited")
            if household.satisfied is not None:
                said += f" {texts.satisfaction(household.satisfied)}"
            made.add_row(clean(household.household), clean(people), said)
        session.show("", made)
        _more(session, len(grid.households))
    if grid.findings:
        heads = [texts.say(f"cli.head.{key}") for key in ("text", "state", "reported", "finding")]
        made = table(*heads, title=texts.say("cli.grid.findings"))
        for line in grid.findings[:ROWS]:
            state = texts.say(f"finding_states.{line.state}")
            reported = texts.time(line.reported_at).replace(" ", "\n")
            made.add_row(clean(one_line(line.text)), state, reported, line.finding)
        session.show("", made)
        _more(session, len(grid.findings))


def _more(session: Session, count: int) -> None:
    if count > ROWS:
        session.say("grid.more", count=number(count - ROWS))
