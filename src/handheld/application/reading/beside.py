"""What a board shows beside its counts: what sums are called, the warnings, its households."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from handheld_events.territory import tier_of, within
from handheld_projections.boards import FINDINGS, WARNINGS, Part
from handheld_projections.findings import FindingLine
from handheld_projections.open_tasks import State
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import TierBoard, counted, own_part, tier_board
from handheld_projections.warnings import WarningLine

Parts = Mapping[str, Part]


class Label(NamedTuple):
    """What a field of a report form is called, and what it counts."""

    label: str
    unit: str


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


class Gathered(NamedTuple):
    """A tier board with what is shown beside it, all of one position."""

    board: TierBoard
    labels: dict[str, Label]
    """Of the sums, by the key of the field."""
    warnings: list[WarningLine]
    """Those in force that touch the division."""
    grid: Grid | None
    """Of a grid."""


def gather(
    parts: Parts, position: int, code: str, organisation: Organisation, *, drills: bool
) -> Gathered:
    """The tier board of a division with all beside it."""
    board = tier_board(parts, code, position, drills=drills)
    return Gathered(
        board,
        labels(parts, board),
        warnings(parts, board, drills=drills),
        grid(parts, code, organisation, drills=drills) if tier_of(code) == "grid" else None,
    )


def labels(parts: Parts, seen: TierBoard) -> dict[str, Label]:
    """The labels of the sums by the key of the field, from the forms of the orders."""
    found: dict[str, Label] = {}
    for line in seen.task_forces if seen.sums else ():
        part = parts.get(line.task_force)
        if part is None or part.summary is None:
            continue
        for order in part.summary.orders.values():
            for field in order.form:
                if field.key in seen.sums:
                    found.setdefault(field.key, Label(field.label, field.unit or ""))
    for key in seen.sums:  # an amended form may ask for it no more
        found.setdefault(key, Label(key, ""))
    return found


def warnings(parts: Parts, seen: TierBoard, *, drills: bool) -> list[WarningLine]:
    """The warnings of the board, as copies."""
    part = own_part(parts, WARNINGS, drills=drills)
    known = part.warnings if part is not None else None
    if known is None:
        return []
    return [msgspec.structs.replace(known.open[name]) for name in seen.warnings]


def grid(parts: Parts, code: str, organisation: Organisation, *, drills: bool) -> Grid:
    """The tasks, households and findings of a grid; `organisation` as it was then."""
    tasks, visited = grid_tasks(parts, code, drills=drills)
    return Grid(
        tasks,
        households(visited, organisation, code),
        grid_findings(parts, code, drills=drills),
    )


def grid_tasks(
    parts: Parts, code: str, *, drills: bool
) -> tuple[list[GridTask], dict[str, bool | None]]:
    """The tasks of a grid; and its households that were visited, with what they said last."""
    found = [
        (task.dispatched_at, task.person, stream, task)
        for part in counted(parts.values(), drills=drills)
        for stream, task in part.tasks.items()
        if task.division == code
    ]
    tasks: list[GridTask] = []
    visited: dict[str, bool | None] = {}
    for _, _, stream, task in sorted(found, key=lambda each: each[:3]):
        visited |= task.visited or {}  # what a later task found stands
        count = len(task.visited or ())
        tasks.append(GridTask(stream, task.person, task.status, task.overdue, count))
    return tasks, visited


def households(
    visited: Mapping[str, bool | None], organisation: Organisation, code: str
) -> list[GridHousehold]:
    """The households of a grid: those linked to somebody there, and those visited."""
    contacts: dict[str, list[str]] = {}
    for person, household in linked(organisation, code):
        contacts.setdefault(household, []).append(person)
    return [
        GridHousehold(
            household,
            tuple(sorted(contacts.get(household, ()))),
            household in visited,
            visited.get(household),
        )
        for household in sorted({*contacts, *visited}, key=in_order)
    ]


def grid_findings(parts: Parts, code: str, *, drills: bool) -> list[FindingLine]:
    """The findings of a grid that are not dealt with, as copies."""
    kept = own_part(parts, FINDINGS, drills=drills)
    lines = kept.findings.open.values() if kept is not None and kept.findings is not None else ()
    return [msgspec.structs.replace(line) for line in lines if within(line.division, code)]


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
