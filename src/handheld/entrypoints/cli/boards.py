"""`handheld board`: what a division or a department sees of itself and of what is below it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer

import handheld.entrypoints.cli.arguments as arguments
import handheld.entrypoints.cli.board_tables as board_tables
import handheld.entrypoints.cli.boards_told as told
from handheld.application.reading.beside import Gathered, gather
from handheld.application.reading.board_wanted import Wanted
from handheld.bootstrap import Home
from handheld.domain.errors import Malformed, NotFound
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.forces_shown import summary_of
from handheld.entrypoints.cli.grid_board import show_grid
from handheld.entrypoints.cli.options import At, Drills, Json, MaybeCode, OfDepartment, OfTaskForce
from handheld.entrypoints.cli.past import moment_of
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.shown_boards import show_shown
from handheld.entrypoints.cli.waiting import show_waiters
from handheld.entrypoints.cli.words import help_text
from handheld_events.territory import tier_of
from handheld_projections.organisation import Organisation
from handheld_projections.waiters import Waiter

Waiting = Annotated[
    int, typer.Option("--waiting", min=0, metavar="NUMBER", help=help_text("board.waiting"))
]

WasShown = Annotated[bool, typer.Option("--shown", help=help_text("shown.option"))]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "board", "board.command")(board)


def board(
    ctx: typer.Context,
    code: MaybeCode = None,
    department: OfDepartment = None,
    task_force: OfTaskForce = None,
    at: At = None,
    waiting: Waiting = 0,
    drills: Drills = False,
    shown: WasShown = False,
    as_json: Json = False,
) -> None:
    """The board."""
    session = session_of(ctx, as_json)
    if department is not None and (code is not None or task_force is not None):
        raise Malformed("usage.board")
    with session.home(caught_up=True) as home:
        organisation = session.organisation(home)
        position, time = moment_of(session, home, at)
        if department is not None:
            key = arguments.known_department(department, organisation)
            if shown:
                wanted = Wanted(kind="department", key=key, drills=drills)
                show_shown(session, home, wanted, time)
                return
            _department(session, home, key, position, time, waiting, drills)
            return
        stream = None if task_force is None else arguments.task_force_stream(task_force)
        if stream is not None:
            summary = summary_of(home, stream)
            drills = summary.drill
            division = code or summary.division
        else:
            division = code or topmost(organisation)
        division = arguments.known_division(division, organisation)
        if shown:
            wanted = Wanted(key=division, task_force=stream, drills=drills)
            show_shown(session, home, wanted, time)
            return
        gathered = home.boards.read(
            lambda parts, at: gather(parts, at, division, organisation, drills=drills),
            task_force=stream,
            at=position,
        )
        seen, grid = gathered.board, gathered.grid
        waiters = _waiters(home, division, stream, position, drills) if waiting else []
        if as_json:
            found = _machine(gathered, organisation, time)
            found["waiting"] = {"count": len(waiters), "rows": waiters[:waiting]}
            session.json(found)
            return
        board_tables.show(session, seen, organisation, time, drills=drills)
        told.show(session, gathered)
        if grid is not None:
            show_grid(session, grid, session.names(home))
        if not seen.count.tasks and stream is None:
            closed = sum(summary.drill == drills for summary in home.boards.closed())
            if closed:
                session.say("boards.closed", count=number(closed))
        if waiting:
            _show_waiters(session, home, waiters, waiting, time)


def topmost(organisation: Organisation) -> str:
    """The one district there is. Raises NotFound (`division.none`), Malformed (`usage.which`)."""
    districts = sorted(c for c in organisation.divisions if tier_of(c) == "district")
    if not districts:
        raise NotFound("division.none")
    if len(districts) > 1:
        raise Malformed("usage.which", known=" ".join(districts))
    return districts[0]


def _department(
    session: Session,
    home: Home,
    key: str,
    position: int | None,
    time: datetime,
    waiting: int,
    drills: bool,
) -> None:
    """The board of a department: its people, wherever they serve."""
    organisation = session.organisation(home)
    name = organisation.departments[key].name
    seen = home.boards.department_board(key, at=position, drills=drills)
    waiters = home.boards.waiters("", at=position, drills=drills, department=key) if waiting else []
    if session.as_json:
        found = msgspec.to_builtins(seen)
        rows = {"count": len(waiters), "rows": waiters[:waiting]}
        session.json({**found, "name": name, "at": time, "waiting": rows})
        return
    names = session.names(home)
    board_tables.show_department(session, seen, organisation, names, time, drills=drills)
    if waiting:
        _show_waiters(session, home, waiters, waiting, time)


def _waiters(
    home: Home, division: str, task_force: str | None, position: int | None, drills: bool
) -> list[Waiter]:
    return home.boards.waiters(division, task_force=task_force, at=position, drills=drills)


def _show_waiters(
    session: Session, home: Home, waiters: list[Waiter], limit: int, time: datetime
) -> None:
    if not waiters:
        session.say("waiting.no_waiting")
        return
    title = session.texts.say("cli.waiting.waiting", count=number(len(waiters)))
    organisation, names = session.organisation(home), session.names(home)
    session.show("")
    show_waiters(session, waiters[:limit], title, time, organisation, names)


def _machine(gathered: Gathered, organisation: Organisation, time: datetime) -> dict[str, Any]:
    seen = gathered.board
    found: dict[str, Any] = msgspec.to_builtins(seen)
    found["name"] = organisation.divisions[seen.division].name
    found["at"] = time
    for child in found["children"]:
        known = organisation.divisions.get(child["code"])
        child["name"] = known.name if known else None
    found["sums"] = [
        {"key": key, "label": label.label, "unit": label.unit, "sum": seen.sums[key]}
        for key, label in gathered.labels.items()
    ]
    found["warnings"] = gathered.warnings
    if gathered.grid is not None:
        found["grid"] = gathered.grid
    return found
