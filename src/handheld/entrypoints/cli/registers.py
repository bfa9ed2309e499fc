"""`handheld register`: search task forces, tasks, findings, warnings and people, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, cast, get_args

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
from handheld.domain.errors import Malformed
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.finding_words import desk_from
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.registers_kept import registers
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.typed import again
from handheld.entrypoints.cli.warning_words import warning_level
from handheld.entrypoints.cli.words import TEXTS, help_text
from handheld.texts import LANGUAGES, Texts
from handheld_events.orders import Level
from handheld_events.warning import Source
from handheld_projections.findings import FindingState
from handheld_projections.open_tasks import State as TaskState
from handheld_projections.register_rows import TaskForceStatus
from handheld_projections.warning_lines import Status as WarningStatus

Words = Annotated[
    list[str] | None, typer.Argument(metavar="[WORDS]...", help=help_text("register.words"))
]
Division = Annotated[
    str | None, typer.Option("--division", metavar="CODE", help=help_text("register.division"))
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help=help_text("register.since"))
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help=help_text("register.until"))
]
Drills = Annotated[bool, typer.Option("--drills", help=help_text("register.drills"))]
PageSize = Annotated[int, typer.Option("--limit", help=help_text("register.limit"))]
Cursor = Annotated[
    str | None, typer.Option("--cursor", metavar="CURSOR", help=help_text("register.cursor"))
]
States = Annotated[
    list[str] | None, typer.Option("--state", metavar="STATE", help=help_text("register.state"))
]
TaskForceOption = Annotated[
    str | None,
    typer.Option("--task-force", metavar="TASK_FORCE", help=help_text("common.task_force")),
]
DepartmentOption = Annotated[
    str | None, typer.Option("--department", metavar="KEY", help=help_text("register.department"))
]
PersonOption = Annotated[
    str | None, typer.Option("--person", metavar="PERSON", help=help_text("common.person"))
]
"""Options that the lists have in common."""


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
    words: Words = None,
    division: Division = None,
    state: States = None,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", metavar="LEVEL", help=help_text("register.level")),
    ] = None,
    since: Since = None,
    until: Until = None,
    drills: Drills = False,
    limit: PageSize = 50,
    cursor: Cursor = None,
    as_json: Json = False,
) -> None:
    """Task forces."""

    def asked(home: Home, keeper: RegisterKeeper) -> Page[Any]:
        return keeper.task_forces(
            TaskForceQuery(
                **_placed(session, home, division, since, until),
                words=" ".join(words or ()),
                statuses=_keys("statuses", state, TaskForceStatus),
                levels=_levels(level),
                drill=drills,
                limit=limit,
                cursor=cursor,
            )
        )

    session = session_of(ctx, as_json)
    _show(ctx, session, "forces", asked, rows.task_forces)


def tasks(
    ctx: typer.Context,
    words: Words = None,
    division: Division = None,
    state: States = None,
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
    since: Since = None,
    until: Until = None,
    drills: Drills = False,
    limit: PageSize = 50,
    cursor: Cursor = None,
    as_json: Json = False,
) -> None:
    """Tasks."""

    def asked(home: Home, keeper: RegisterKeeper) -> Page[Any]:
        organisation = session.organisation(home)
        unit = None if department is None else arguments.known_department(department, organisation)
        return keeper.tasks(
            TaskQuery(
                **_placed(session, home, division, since, until),
                words=" ".join(words or ()),
                states=_keys("states", state, TaskState),
                overdue=overdue or None,
                department=unit,
                person=person and arguments.known_person(person, organisation),
                task_force=task_force and arguments.task_force_stream(task_force),
                order=order and f"order-{order.strip().removeprefix('order-')}",
                cancelled=None if cancelled else False,
                sort="waiting" if waiting else "newest",
                drill=drills,
                limit=limit,
                cursor=cursor,
            )
        )

    session = session_of(ctx, as_json)
    _show(ctx, session, "tasks", asked, rows.tasks)


def findings(
    ctx: typer.Context,
    words: Words = None,
    division: Division = None,
    state: States = None,
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
    since: Since = None,
    until: Until = None,
    drills: Drills = False,
    limit: PageSize = 50,
    cursor: Cursor = None,
    as_json: Json = False,
) -> None:
    """Findings."""

    def asked(home: Home, keeper: RegisterKeeper) -> Page[Any]:
        organisation = session.organisation(home)
        return keeper.findings(
            FindingQuery(
                **_placed(session, home, division, since, until),
                words=" ".join(words or ()),
                states=_keys("finding_states", state, FindingState),
                desk=desk_from(desk, department, organisation),
                person=person and arguments.known_person(person, organisation),
                task_force=task_force and arguments.task_force_stream(task_force),
                wants_task_force=wants or None,
                drill=drills,
                limit=limit,
                cursor=cursor,
            )
        )

    session = session_of(ctx, as_json)
    _show(ctx, session, "findings", asked, rows.findings)


def warnings(
    ctx: typer.Context,
    words: Words = None,
    division: Division = None,
    state: States = None,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", metavar="LEVEL", help=help_text("warning.level")),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="SOURCE", help=help_text("register.source")),
    ] = None,
    since: Since = None,
    until: Until = None,
    drills: Drills = False,
    limit: PageSize = 50,
    cursor: Cursor = None,
    as_json: Json = False,
) -> None:
    """Warnings."""

    def asked(home: Home, keeper: RegisterKeeper) -> Page[Any]:
        return keeper.warnings(
            WarningQuery(
                **_placed(session, home, division, since, until),
                words=" ".join(words or ()),
                statuses=_keys("warning_statuses", state, WarningStatus),
                levels=tuple(warning_level(text) for text in level or ()),
                sources=_keys("sources", source, Source),
                drill=drills,
                limit=limit,
                cursor=cursor,
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


def _placed(
    session: Session, home: Home, division: str | None, since: str | None, until: str | None
) -> dict[str, Any]:
    """Territory and time, as all but people are asked for. Raises Malformed, NotFound."""
    organisation, now = session.organisation(home), home.clock.now()
    moments: dict[str, datetime | None] = {
        "since": arguments.moment(since, now),
        "until": arguments.moment(until, now),
    }
    code = None if division is None else arguments.known_division(division, organisation)
    return {"division": code, **moments}


def _levels(given: Iterable[str] | None) -> tuple[Level, ...]:
    """Response levels. Raises Malformed (`usage.level`)."""
    found: list[Level] = []
    for text in given or ():
        level = arguments.level(text)
        if level is not None:
            found.append(level)
    return tuple(found)


def _keys(
    table: Literal["states", "statuses", "finding_states", "warning_statuses", "sources"],
    given: Iterable[str] | None,
    known: object,
) -> tuple[Any, ...]:
    """Keys that were given as such or by their names. Raises Malformed (`usage.one_of`)."""
    keys = cast(tuple[str, ...], get_args(known))
    found = []
    for text in given or ():
        names = {Texts(lang).say(f"{table}.{key}"): key for lang in LANGUAGES for key in keys}
        wanted = text.strip()
        # People say 办结 of what the lists call 已办结.
        said = names.get(wanted) or names.get(f"已{wanted}")
        key = said or wanted.replace(" ", "_").replace("-", "_")
        if key not in keys:
            raise Malformed("usage.one_of", text=text, known=_known(table, keys))
        found.append(key)
    return tuple(found)


def _known(table: str, keys: Iterable[str]) -> str:
    """The keys with their names in the language that is used."""
    named = ((TEXTS.say(f"{table}.{key}"), key) for key in keys)
    return TEXTS.say("cli.list_comma").join(f"{name} ({key})" for name, key in named)


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
