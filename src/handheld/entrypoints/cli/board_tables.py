"""A board on the terminal: counts by state, the funnel, the task forces, who has not finished."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.table import Table
from rich.text import Text

from handheld.application.names import Names
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import (
    STATE_STYLES,
    Rows,
    clean,
    number,
    one_line,
    share,
    stacked,
    table,
)
from handheld_projections.funnel import Step
from handheld_projections.moves import STATES
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import Count, TierBoard, Waiter

BAR = 20
"""Columns of the bar beside a step of the funnel."""

TASK_ID = 37
"""Columns of a task id, which stays in one piece to be copied."""


def show(
    session: Session, seen: TierBoard, organisation: Organisation, time: datetime, *, drills: bool
) -> None:
    """Show a board."""
    texts = session.texts
    name = organisation.divisions[seen.division].name
    title = Text(texts.say("cli.boards.title", name=name, code=seen.division), style="bold")
    if drills:
        title.append(f"  {texts.say('cli.boards.drills')}", style="magenta")
    moment = f"{texts.time(time)} {texts.say('cli.zone')}"
    at = Text(texts.say("cli.boards.at", time=moment, position=seen.position), style="dim")
    session.show(title, at, "")
    if not seen.count.tasks:
        session.say("boards.empty")
        return
    session.show(_counts(session, seen, organisation))
    session.show(_funnel(session, seen.funnel))
    _within(session, seen.funnel)
    session.show("", _task_forces(session, seen))


def _counts(session: Session, seen: TierBoard, organisation: Organisation) -> Table:
    texts = session.texts
    # One column between columns: eight of them must fit into eighty, in English too.
    made = Rows(box=box.SIMPLE_HEAD, pad_edge=False, padding=0, header_style="bold")
    made.add_column("", overflow="fold")
    for state in STATES:
        made.add_column(texts.state(state).replace(" ", "\n"), justify="right")
    made.add_column(texts.say("cli.head.total"), justify="right")
    name = organisation.divisions[seen.division].name
    made.add_row(Text(clean(name), style="bold"), *_cells(seen.count))
    if seen.children:
        made.add_section()
    for child in seen.children:
        known = organisation.divisions.get(child.code)
        label = Text(clean(known.name) if known else "")
        label.append(f" {child.code[len(seen.division) :]}", style="dim")
        made.add_row(label, *_cells(child.count))
    return made


def _cells(count: Count) -> list[Text]:
    cells = []
    for state in STATES:
        tasks: int = getattr(count, state)
        cells.append(Text(number(tasks), style=STATE_STYLES[state] if tasks else "dim"))
    return [*cells, Text(number(count.tasks))]


def _funnel(session: Session, steps: Sequence[Step]) -> Table:
    texts = session.texts
    heads = [texts.say(f"cli.head.{key}") for key in ("stage", "tasks", "share")]
    made = table(*heads, "", title=texts.say("cli.boards.funnel"), right=(1, 2))
    dispatched = steps[0].tasks
    for step in steps:
        filled = step.tasks * BAR // dispatched if dispatched else 0
        bar = Text("█" * filled, style="green").append("·" * (BAR - filled), style="dim")
        made.add_row(
            texts.stage(step.stage), number(step.tasks), share(step.tasks, dispatched), bar
        )
    return made


def _within(session: Session, steps: Sequence[Step]) -> None:
    texts = session.texts
    for step in steps:
        if step.within is not None:
            words = texts.say(
                f"within.{step.stage}",
                half=texts.duration(step.within.half),
                nine=texts.duration(step.within.nine_in_ten),
            )
            session.out.print(words, soft_wrap=True)


def _task_forces(session: Session, seen: TierBoard) -> Table:
    texts = session.texts
    keys = ("task_force", "status", "open", "total", "started")
    heads = [texts.say(f"cli.head.{key}") for key in keys]
    made = table(*heads, title=texts.say("cli.boards.task_forces"), right=(2, 3))
    for line in seen.task_forces:
        mark = texts.say("cli.drill_mark") if line.drill else ""
        level = f"  {texts.level(line.level)}" if line.level else ""
        title = Text(f"{one_line(line.title)}{mark}{level}")
        title.append(f"\n{line.task_force}", style="dim")
        made.add_row(
            title,
            texts.status(line.status),
            number(line.count.open),
            number(line.count.tasks),
            stacked(texts.time(line.started_at)),
        )
    return made


def show_waiters(
    session: Session,
    waiters: Sequence[Waiter],
    limit: int,
    time: datetime,
    organisation: Organisation,
    names: Names,
) -> None:
    """Who has not accepted or not finished, those who wait longest first."""
    texts = session.texts
    if not waiters:
        session.say("boards.none_waiting")
        return
    heads = [texts.say(f"cli.head.{key}") for key in ("name", "state", "waited", "division")]
    title = texts.say("cli.boards.waiting", count=number(len(waiters)))
    made = table(*heads, title=title)
    made.columns[0].min_width = TASK_ID
    for waiter in waiters[:limit]:
        known = organisation.divisions.get(waiter.division)
        person = names.of(waiter.person)
        phone = f" {person.phone}" if person is not None and person.phone else ""
        who = Text(clean(names.label(waiter.person) + phone))
        who.append(f"\n{waiter.task}", style="dim")
        waited = max(0, int((time - waiter.dispatched_at).total_seconds()))
        made.add_row(
            who,
            Text(texts.state(waiter.state).replace(" ", "\n"), style=STATE_STYLES[waiter.state]),
            texts.duration(waited),
            f"{clean(known.name) if known else ''}\n{waiter.division}",
        )
    session.show("", made)
