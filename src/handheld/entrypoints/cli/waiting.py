"""`handheld late` and `handheld waiting`: whose tasks are overdue, and whose are still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
import typer
from rich.text import Text

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.names import Names
from handheld.bootstrap import Home
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import (
    At,
    Cursor,
    Drills,
    InDivision,
    Json,
    Limit,
    OfDepartment,
    OfTaskForce,
)
from handheld.entrypoints.cli.past import moment_of
from handheld.entrypoints.cli.render import STATE_STYLES, clean, number, table
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.windows import window
from handheld_projections.organisation import Organisation
from handheld_projections.waiters import Waiter

TASK_ID = 37
"""Columns of a task id, which stays in one piece to be copied."""


class Asked(NamedTuple):
    """Which of those who have not finished, as options say it."""

    division: str | None
    department: str | None
    task_force: str | None
    at: str | None
    drills: bool
    limit: int
    cursor: str | None


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(app, "late", "waiting.late")(late)
    command(app, "waiting", "waiting.command")(waiting)


def late(
    ctx: typer.Context,
    division: InDivision = None,
    department: OfDepartment = None,
    task_force: OfTaskForce = None,
    at: At = None,
    drills: Drills = False,
    limit: Limit = 50,
    after: Cursor = None,
    as_json: Json = False,
) -> None:
    """Whose tasks are overdue."""
    asked = Asked(division, department, task_force, at, drills, limit, after)
    _list(session_of(ctx, as_json), asked, late=True)


def waiting(
    ctx: typer.Context,
    division: InDivision = None,
    department: OfDepartment = None,
    task_force: OfTaskForce = None,
    at: At = None,
    drills: Drills = False,
    limit: Limit = 50,
    after: Cursor = None,
    as_json: Json = False,
) -> None:
    """Whose tasks are open."""
    asked = Asked(division, department, task_force, at, drills, limit, after)
    _list(session_of(ctx, as_json), asked, late=False)


def _list(session: Session, asked: Asked, *, late: bool) -> None:
    with session.home(caught_up=True) as home:
        organisation = session.organisation(home)
        position, time = moment_of(session, home, asked.at)
        found = _found(home, asked, organisation, position, late=late)
        seen = window(found, asked.limit, asked.cursor, late=late)
        if session.as_json:
            session.json(
                {
                    "at": time,
                    "count": len(found),
                    "rows": msgspec.to_builtins(list(seen.rows)),
                    "next": seen.next,
                }
            )
            return
        names = session.names(home)
        key = "late" if late else "waiting"
        title = session.texts.say(f"cli.waiting.{key}", count=number(len(found)))
        if not found:
            session.say(f"waiting.no_{key}")
            return
        show_waiters(session, seen.rows, title, time, organisation, names)
        if seen.next is not None:
            session.say("more_after", count=number(seen.rest), cursor=seen.next)


def _found(
    home: Home, asked: Asked, organisation: Organisation, position: int | None, *, late: bool
) -> list[Waiter]:
    task_force = asked.task_force and arguments.task_force_stream(asked.task_force)
    drills = asked.drills
    if task_force:
        drills = home.boards.summary(task_force).drill
    division = asked.division
    department = asked.department
    return home.boards.waiters(
        # The empty territory: people of elsewhere are pulled in, and departments serve anywhere.
        "" if division is None else arguments.known_division(division, organisation),
        task_force=task_force or None,
        at=position,
        drills=drills,
        late=late,
        department=department and arguments.known_department(department, organisation),
    )


def show_waiters(
    session: Session,
    waiters: Sequence[Waiter],
    title: str,
    time: datetime,
    organisation: Organisation,
    names: Names,
) -> None:
    """Those who have not accepted or not finished, a row each."""
    texts = session.texts
    heads = [texts.say(f"cli.head.{key}") for key in ("person_name", "state", "waited", "division")]
    made = table(*heads, title=title)
    made.columns[0].min_width = TASK_ID
    for waiter in waiters:
        known = organisation.divisions.get(waiter.division)
        person = names.of(waiter.person)
        phone = f" {person.phone}" if person is not None and person.phone else ""
        who = Text(clean(names.label(waiter.person) + phone))
        who.append(f"\n{waiter.task}", style="dim")
        where = f"{clean(known.name) if known else ''}\n{waiter.division}"
        made.add_row(who, _state(session, waiter), _waited(session, waiter, time), where)
    session.show(made)


def _state(session: Session, waiter: Waiter) -> Text:
    """The state, and the marks beside it."""
    texts = session.texts
    state = Text(texts.state(waiter.state).replace(" ", "\n"), style=STATE_STYLES[waiter.state])
    if waiter.overdue:
        state.append(f"\n{texts.say('marks.overdue')}", style="bold red")
    for is_so, mark in ((waiter.suspended, "suspended"), (waiter.open, "open")):
        if is_so:
            state.append(f"\n{texts.say(f'marks.{mark}')}", style="magenta")
    return state


def _waited(session: Session, waiter: Waiter, time: datetime) -> Text:
    """Since the dispatch; beneath, the deadline, and how often they were reminded."""
    texts = session.texts
    seconds = max(0, int((time - waiter.dispatched_at).total_seconds()))
    words = Text(texts.duration(seconds))
    if waiter.due_at is not None:
        words.append(f"\n{texts.say('cli.waiting.due', time=_short(session, waiter.due_at, time))}")
    for count, key in ((waiter.reminded, "reminded"), (waiter.escalated, "escalated")):
        if count:
            words.append(f"\n{texts.say(f'cli.waiting.{key}', count=count)}", style="dim")
    return words


def _short(session: Session, moment: datetime, now: datetime) -> str:
    """The time of day; where it is another day, beneath that day: the column is narrow."""
    texts = session.texts
    shown, today = texts.time(moment), texts.time(now)
    clock = texts.clock(moment)[:5]
    return clock if shown[:10] == today[:10] else f"{shown[5:10]}\n{clock}"
