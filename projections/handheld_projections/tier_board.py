"""The tier board: what a division sees of itself and of those one tier below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from handheld_events.orders import Level
from handheld_projections import board, figures, funnel
from handheld_projections.boards import FINDINGS, WARNINGS, Part
from handheld_projections.figures import Figures
from handheld_projections.findings import FINDING_STATES, count_of
from handheld_projections.sums import Ratings, Visits, ratings_total, total, visits_total
from handheld_projections.tally import Tally
from handheld_projections.task_forces import Status, Summary
from handheld_projections.warnings import touching


class Count(msgspec.Struct, frozen=True):
    """How many tasks are in each state. The states exclude each other: they sum to `tasks`."""

    waiting: int
    in_progress: int
    to_verify: int
    closed: int
    declined: int
    withdrawn: int
    overdue: int = 0
    """Of those open: a deadline has passed (超期). A mark, not a state."""

    @property
    def tasks(self) -> int:
        """All of them."""
        return (
            self.waiting
            + self.in_progress
            + self.to_verify
            + self.closed
            + self.declined
            + self.withdrawn
        )

    @property
    def open(self) -> int:
        """Those in which something is still to be done."""
        return self.waiting + self.in_progress + self.to_verify


class TaskForceLine(msgspec.Struct, frozen=True):
    """A task force that touches the division, with its tasks there."""

    task_force: str
    title: str
    status: Status
    level: Level | None
    drill: bool
    started_at: datetime
    count: Count


class Child(msgspec.Struct, frozen=True):
    """A division one tier below."""

    code: str
    count: Count


class TierBoard(msgspec.Struct, frozen=True):
    """The board of one division."""

    division: str
    position: int
    """The log position that it shows: two boards of the same position are equal."""
    count: Count
    children: tuple[Child, ...]
    funnel: tuple[funnel.Step, ...]
    task_forces: tuple[TaskForceLine, ...]
    sums: dict[str, int] = {}
    """What reports have counted, by the key of the form's field."""
    visits: Visits = msgspec.field(default_factory=Visits)
    ratings: Ratings = msgspec.field(default_factory=Ratings)
    figures: Figures = msgspec.field(default_factory=Figures)
    """What the rates of the loop are made of: see `handheld_projections.figures.rates`."""
    findings: dict[str, int] = {}
    """How many findings are in each state."""
    warnings: tuple[str, ...] = ()
    """The streams of the warnings in force that touch the division."""


def tier_board(
    parts: Mapping[str, Part], division: str, position: int, *, drills: bool = False
) -> TierBoard:
    """The board of a division over these task forces.

    Drills are left out, or, if asked for, are all that is shown: they never mix with real figures.
    """
    chosen = counted(parts.values(), drills=drills)
    tallies: list[Tally] = []
    lines = []
    children: dict[str, list[board.Row]] = {}
    for part in chosen:
        here = {code: t for code, t in part.tallies.items() if code.startswith(division)}
        tallies += here.values()
        rows = {code: tally.counts for code, tally in here.items()}
        row = board.add(rows.values())
        if part.summary is not None and any(row):
            lines.append(line(part.summary, row))
        for code, numbers in board.by_child(rows, division).items():
            children.setdefault(code, []).append(numbers)
    return TierBoard(
        division,
        position,
        Count(*board.add(tally.counts for tally in tallies)),
        tuple(Child(code, Count(*board.add(children[code]))) for code in sorted(children)),
        tuple(funnel.steps((tally.stages, tally.times) for tally in tallies)),
        tuple(sorted(lines, key=lambda line: line.task_force)),
        total(tally.sums for tally in tallies),
        visits_total(tally.visits for tally in tallies),
        ratings_total(tally.ratings for tally in tallies),
        figures.total(
            figures.Counted(tally.counts, tally.stages, tally.exceptions) for tally in tallies
        ),
        _findings(parts, division, drills=drills),
        _warnings(parts, division, drills=drills),
    )


def counted(parts: Iterable[Part], *, drills: bool) -> list[Part]:
    """The parts that count: those of task forces, without those started by mistake."""
    return [
        part
        for part in parts
        if part.summary is not None
        and part.summary.drill == drills
        and part.summary.status != "cancelled"
    ]


def line(summary: Summary, numbers: list[int]) -> TaskForceLine:
    """A task force with its counts."""
    return TaskForceLine(
        summary.task_force,
        summary.title,
        summary.status,
        summary.level,
        summary.drill,
        summary.started_at,
        Count(*numbers),
    )


def own_part(parts: Mapping[str, Part], name: str, *, drills: bool) -> Part | None:
    """The part of the findings or the warnings, real or of drills."""
    return parts.get(f"{name}/drill" if drills else name)


def _findings(parts: Mapping[str, Part], division: str, *, drills: bool) -> dict[str, int]:
    part = own_part(parts, FINDINGS, drills=drills)
    if part is None or part.findings is None:
        return {}
    return dict(zip(FINDING_STATES, count_of(part.findings, division), strict=True))


def _warnings(parts: Mapping[str, Part], division: str, *, drills: bool) -> tuple[str, ...]:
    part = own_part(parts, WARNINGS, drills=drills)
    if part is None or part.warnings is None:
        return ()
    return tuple(line.warning for line in touching(part.warnings, division))
