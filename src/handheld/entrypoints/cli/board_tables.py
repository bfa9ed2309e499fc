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
from handheld_projections.department_board import DepartmentBoard
from handheld_projections.funnel import Step
from handheld_projections.open_tasks import (
    STATES,
)
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import Count, TaskForceLine, TierBoard

BAR = 20
"""Columns of the bar beside a step of the funnel."""
PEOPLE = 50
"""So many people of a department have a row of their own."""


def show(
    session: Session, seen: TierBoard, organisation: Organisation, time: datetime, *, drills: bool
) -> None:
    """Show a board."""
    name = organisation.divisions[seen.division].name
    words = session.texts.say("cli.boards.title", name=name, code=seen.division)
    _head(session, words, seen.position, time, drills=drills)
    if not seen.count.tasks:
        session.say("boards.empty")
        return
    session.show(_counts(session, seen, organisation))
    session.show(_funnel(session, seen.funnel))
    _within(session, seen.funnel)
    session.show("", _task_forces(session, seen.task_forces))


def show_department(
    session: Session,
    seen: DepartmentBoard,
    organisation: Organisation,
    names: Names,
    time: datetime,
    *,
    drills: bool,
) -> None:
    """Show the board of a department: its tasks, those of each of its people, its task forces."""
    texts = session.texts
    name = organisation.departments[seen.department].name
    words = texts.say("cli.boards.department", name=name)
    _head(session, words, seen.position, time, drills=drills)
    if not seen.task_forces:
        session.say("boards.department_empty")
        return
    made = _state_table(session)
    made.add_row(Text(clean(name), style="bold"), *_cells(seen.count))
    if seen.people:
        made.add_section()
    for line in seen.people[:PEOPLE]:
        who = Text(clean(names.label(line.person)))
        places = texts.say("cli.list_comma").join(
            known.name if (known := organisation.divisions.get(code)) else code
            for code in line.divisions
        )
        who.append(f"\n{clean(places)}", style="dim")
        made.add_row(who, *_cells(line.count))
    session.show(made)
    if len(seen.people) > PEOPLE:
        session.say("boards.people_more", count=number(len(seen.people) - PEOPLE))
    at_work = {line.person for line in seen.people}
    posts = organisation.department_posts(seen.department).values()
    idle = {person for held in posts for person, _ in held} - at_work
    if idle:
        session.say("boards.people_idle", count=number(len(idle)))
    session.show("", _task_forces(session, seen.task_forces))


def _head(session: Session, words: str, position: int, time: datetime, *, drills: bool) -> None:
    texts = session.texts
    title = Text(words, style="bold")
    if drills:
        title.append(f"  {texts.say('cli.boards.drills')}", style="magenta")
    moment = f"{texts.time(time)} {texts.say('cli.zone')}"
    at = Text(texts.say("cli.boards.at", time=moment, position=position), style="dim")
    session.show(title, at, "")


def _counts(session: Session, seen: TierBoard, organisation: Organisation) -> Table:
    made = _state_table(session)
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


def _state_table(session: Session) -> Table:
    texts = session.texts
    # One column between columns: nine of them must fit into eighty, in English too.
    made = Rows(box=box.SIMPLE_HEAD, pad_edge=False, padding=0, header_style="bold")
    made.add_column("", overflow="fold")
    for state in STATES:
        made.add_column(texts.state(state).replace(" ", "\n"), justify="right")
    made.add_column(texts.say("cli.head.total"), justify="right")
    made.add_column(texts.say("marks.overdue"), justify="right")
    return made


def _cells(count: Count) -> list[Text]:
    cells = []
    for state in STATES:
        tasks: int = getattr(count, state)
        cells.append(Text(number(tasks), style=STATE_STYLES[state] if tasks else "dim"))
    overdue = Text(number(count.overdue), style="bold red" if count.overdue else "dim")
    return [*cells, Text(number(count.tasks)), overdue]


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


def _task_forces(session: Session, lines: Sequence[TaskForceLine]) -> Table:
    texts = session.texts
    keys = ("task_force", "status", "open", "overdue", "total", "started")
    heads = [texts.say(f"cli.head.{key}") for key in keys]
    made = table(*heads, title=texts.say("cli.boards.task_forces"), right=(2, 3, 4))
    for line in lines:
        mark = texts.say("cli.drill_mark") if line.drill else ""
        level = f"  {texts.level(line.level)}" if line.level else ""
        title = Text(f"{one_line(line.title)}{mark}{level}")
        title.append(f"\n{line.task_force}", style="dim")
        made.add_row(
            title,
            texts.status(line.status),
            number(line.count.open),
            number(line.count.overdue) if line.count.overdue else "",
            number(line.count.tasks),
            stacked(texts.time(line.started_at)),
        )
    return made
