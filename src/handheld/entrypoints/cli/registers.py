"""`handheld register`: search task forces, tasks, findings, warnings and people, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

import handheld.entrypoints.cli.arguments as arguments
import handheld.entrypoints.cli.register_rows as rows
from handheld.application.register_keeper import RegisterKeeper
from handheld.application.register_queries import (
    FindingQuery,
    Page,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
)
from handheld.bootstrap import Home
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.finding_words import desk_from
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.register_asking import (
    Cursor,
    DepartmentOption,
    PageSize,
    PersonOption,
    TaskForceOption,
    Wanted,
    Window,
    Words,
    common,
    keys,
    levels,
)
from handheld.entrypoints.cli.registers_kept import registers
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.typed import again
from handheld.entrypoints.cli.warning_words import warning_level
from handheld.entrypoints.cli.words import help_text
from handheld_events.warning import Source
from handheld_projections.findings import FindingState
from handheld_projections.open_tasks import State as TaskState
from handheld_projections.register_rows import TaskForceStatus
from handheld_projections.warning_lines import Status as WarningStatus


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("register")
    command(commands, "forces", "register.forces")(forces)
    command(commands, "tasks", "register.tasks")(tasks)
    command(commands, "findings", "register.findings")(findings)
    command(commands, "warnings", "register.warnings")(warnings)
    command(commands, "people", "register.people")(people)
    app.add_typer(commands, name="register")


def forces(
    ctx: typer.Context,
    *,
    wanted: Wanted,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", metavar="LEVEL", help=help_text("register.level")),
    ] = None,
    window: Window,
    as_json: Json = False,
) -> None:
    """Task forces."""

    def asked(home: Home, keeper: RegisterKeeper) -> Page[Any]:
        return keeper.task_forces(
            TaskForceQuery(
                **common(session, home, wanted, window),
                statuses=keys("statuses", wanted.state, TaskForceStatus),
                levels=levels(level),
            )
        )

    session = session_of(ctx, as_json)
    _show(ctx, session, "forces", asked, rows.task_forces)


def tasks(
    ctx: typer.Context,
    *,
    wanted: Wanted,
    overdue: Annotated[bool, typer.Option("--overdue", help=help_text("register.overdue"))] = False,
    department: DepartmentOption = None,
    person: PersonOption = None,
    task_force: TaskForceOption = None,
    order: Annotated[
        str | None, typer.Option("--order", metavar="ORDER", help=help_text("register.order"))
    ] = None,
    waiting: Annotated[bool, typer.Option("--waiting", help=help_text("register.waiting"))] = False,
    cancelled: Annotated[
        bool, typer.Option("--cancelled", help=help_text("register.cancelled"))
    ] = False,
    window: Window,
    as_json: Json = False,
) -> None:
    """Tasks."""

    def asked(home: Home, keeper: RegisterKeeper) -> Page[Any]:
        organisation = session.organisation(home)
        unit = None if department is None else arguments.known_department(department, organisation)
        return keeper.tasks(
            TaskQuery(
                **common(session, home, wanted, window),
                states=keys("states", wanted.state, TaskState),
                overdue=overdue or None,
                department=unit,
                person=person and arguments.known_person(person, organisation),
                task_force=task_force and arguments.task_force_stream(task_force),
                order=order and f"order-{order.strip().removeprefix('order-')}",
                cancelled=None if cancelled else False,
                sort="waiting" if waiting else "newest",
            )
        )

    session = session_of(ctx, as_json)
    _show(ctx, session, "tasks", asked, rows.tasks)


def findings(
    ctx: typer.Context,
    *,
    wanted: Wanted,
    desk: Annotated[
        str | None, typer.Option("--desk", metavar="CODE", help=help_text("finding.desk"))
    ] = None,
    department: Annotated[
        str | None,
        typer.Option("--department", metavar="KEY", help=help_text("finding.desk_department")),
    ] = None,
    person: PersonOption = None,
    task_force: TaskForceOption = None,
    wants: Annotated[
        bool, typer.Option("--wants-task-force", help=help_text("register.wants"))
    ] = False,
    window: Window,
    as_json: Json = False,
) -> None:
    """Findings."""

    def asked(home: Home, keeper: RegisterKeeper) -> Page[Any]:
        organisation = session.organisation(home)
        return keeper.findings(
            FindingQuery(
                **common(session, home, wanted, window),
                states=keys("finding_states", wanted.state, FindingState),
                desk=desk_from(desk, department, organisation),
                person=person and arguments.known_person(person, organisation),
                task_force=task_force and arguments.task_force_stream(task_force),
                wants_task_force=wants or None,
            )
        )

    session = session_of(ctx, as_json)
    _show(ctx, session, "findings", asked, rows.findings)


def warnings(
    ctx: typer.Context,
    *,
    wanted: Wanted,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", metavar="LEVEL", help=help_text("warning.level")),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="SOURCE", help=help_text("register.source")),
    ] = None,
    window: Window,
    as_json: Json = False,
) -> None:
    """Warnings."""

    def asked(home: Home, keeper: RegisterKeeper) -> Page[Any]:
        return keeper.warnings(
            WarningQuery(
                **common(session, home, wanted, window),
                statuses=keys("warning_statuses", wanted.state, WarningStatus),
                levels=tuple(warning_level(text) for text in level or ()),
                sources=keys("sources", source, Source),
            )
        )

    session = session_of(ctx, as_json)
    _show(ctx, session, "warnings", asked, rows.warnings)


def people(
    ctx: typer.Context,
    words: Words = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
    as_json: Json = False,
) -> None:
    """People."""

    def asked(home: Home, keeper: RegisterKeeper) -> Page[Any]:
        return keeper.people(" ".join(words or ()), limit=limit, cursor=cursor)

    _show(ctx, session_of(ctx, as_json), "people", asked, rows.people)


def _show(
    ctx: typer.Context,
    session: Session,
    name: str,
    asked: Callable[[Home, RegisterKeeper], Page[Any]],
    drawn: Callable[[Session, Home, Sequence[Any], str], Table],
) -> None:
    """The page that was asked for, how many match, and the command for the next page."""
    with session.home() as home:
        with session.working("catching_up"):
            keeper = registers(home)
        page = asked(home, keeper)
        if session.as_json:
            session.json(page)
            return
        count = number(page.count) + ("+" if page.more else "")
        title = session.texts.say(f"cli.register.{name}", count=count)
        if not page.rows:
            session.say("register.none")
            return
        session.show(drawn(session, home, page.rows, title))
    if page.next is not None:
        session.say("register.next")
        session.out.print(f"  {again(session, ctx, cursor=page.next)}", soft_wrap=True)
