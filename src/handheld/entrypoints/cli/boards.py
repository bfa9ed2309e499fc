"""`handheld board`: what a division sees of itself and of those one tier below."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer

import handheld.entrypoints.cli.arguments as arguments
import handheld.entrypoints.cli.board_tables as board_tables
from handheld.bootstrap import Home
from handheld.domain.errors import Malformed, NotFound
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.forces import summary_of
from handheld.entrypoints.cli.options import Json, MaybeCode
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text
from handheld_events.codec import instant, microseconds
from handheld_events.territory import tier_of
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import TierBoard, Waiter


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "board", "board.command")(board)


def board(
    ctx: typer.Context,
    code: MaybeCode = None,
    task_force: Annotated[
        str | None,
        typer.Option("--task-force", metavar="TASK_FORCE", help=help_text("board.task_force")),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME|POSITION", help=help_text("board.at"))
    ] = None,
    waiting: Annotated[
        int, typer.Option("--waiting", min=0, metavar="NUMBER", help=help_text("board.waiting"))
    ] = 0,
    drills: Annotated[bool, typer.Option("--drills", help=help_text("board.drills"))] = False,
    as_json: Json = False,
) -> None:
    """The board."""
    session = session_of(ctx, as_json)
    with session.home(caught_up=True) as home:
        organisation = session.organisation(home)
        stream = None if task_force is None else arguments.task_force_stream(task_force)
        if stream is not None:
            summary = summary_of(home, stream)
            drills = summary.drill
            division = code or summary.division
        else:
            division = code or topmost(organisation)
        division = arguments.known_division(division, organisation)
        position, time = _moment(session, home, at)
        seen = home.boards.tier_board(division, task_force=stream, at=position, drills=drills)
        waiters = _waiters(home, division, stream, position, drills) if waiting else []
        if as_json:
            session.json(_machine(seen, waiters[:waiting], len(waiters), time, organisation))
            return
        board_tables.show(session, seen, organisation, time, drills=drills)
        if not seen.count.tasks and stream is None:
            closed = sum(summary.drill == drills for summary in home.boards.closed())
            if closed:
                session.say("boards.closed", count=number(closed))
        if waiting:
            names = session.names(home)
            board_tables.show_waiters(session, waiters, waiting, time, organisation, names)


def topmost(organisation: Organisation) -> str:
    """The one district there is. Raises NotFound (`division.none`), Malformed (`usage.which`)."""
    districts = sorted(c for c in organisation.divisions if tier_of(c) == "district")
    if not districts:
        raise NotFound("division.none")
    if len(districts) > 1:
        raise Malformed("usage.which", known=" ".join(districts))
    return districts[0]


def _moment(session: Session, home: Home, at: str | None) -> tuple[int | None, datetime]:
    """The position that is asked for (None for now), and the time that it stands for."""
    if at is None:
        return (None, home.clock.now()) if home.boards.stopped is None else _reached(home)
    if at.strip().isdecimal():
        return _at_position(home, min(int(at), home.boards.position))
    asked = arguments.past(at, home.clock.now(), session.texts)
    if asked is None:
        raise Malformed("usage.time", text=at)
    return home.log.position_at(microseconds(asked)), asked


def _at_position(home: Home, position: int) -> tuple[int, datetime]:
    row = home.log.read(max(position, 1) - 1, 1)
    return position, instant(row[0][5]) if row else home.clock.now()


def _reached(home: Home) -> tuple[None, datetime]:
    """Boards that are stopped are as old as the last fact in them."""
    return None, _at_position(home, home.boards.position)[1]


def _waiters(
    home: Home, division: str, task_force: str | None, position: int | None, drills: bool
) -> list[Waiter]:
    return home.boards.waiters(division, task_force=task_force, at=position, drills=drills)


def _machine(
    seen: TierBoard,
    waiters: list[Waiter],
    count: int,
    time: datetime,
    organisation: Organisation,
) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(seen)
    found["name"] = organisation.divisions[seen.division].name
    found["at"] = time
    for child in found["children"]:
        known = organisation.divisions.get(child["code"])
        child["name"] = known.name if known else None
    found["waiting"] = {"count": count, "rows": waiters}
    return found
