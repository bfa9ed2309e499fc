"""`handheld start`: who would be called, then one click."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated, Literal

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld import data
from handheld.application.requests import Receipt
from handheld.bootstrap import Home
from handheld.domain.errors import Malformed
from handheld.domain.ordering import Order
from handheld.domain.starting import Preview, StartAdHoc, StartFromPlan, preview
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.files import read_start, resolved
from handheld.entrypoints.cli.options import As, CommandId, Drill, Json, OccurredAt
from handheld.entrypoints.cli.plans import load_plan
from handheld.entrypoints.cli.previews import machine, show_preview
from handheld.entrypoints.cli.receipts import receipt_fields, report
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import order_id, plan_stream, task_force_id
from handheld_projections.organisation import Organisation

Start = StartFromPlan | StartAdHoc


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "start", "start.command")(start)


def start(
    ctx: typer.Context,
    division: Annotated[
        str | None, typer.Option("--division", metavar="CODE", help=help_text("start.division"))
    ] = None,
    plan: Annotated[
        str | None, typer.Option("--plan", metavar="KEY", help=help_text("start.plan"))
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help=help_text("start.title"))] = None,
    order: Annotated[str | None, typer.Option("--order", help=help_text("start.order"))] = None,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ROLE", help=help_text("start.to"))
    ] = None,
    person: Annotated[
        list[str] | None,
        typer.Option("--person", metavar="PERSON", help=help_text("start.person")),
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help=help_text("start.verify"))] = False,
    place: Annotated[str | None, typer.Option("--place", help=help_text("start.place"))] = None,
    level: Annotated[
        str | None, typer.Option("--level", metavar="LEVEL", help=help_text("start.level"))
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help=help_text("start.file"))
    ] = None,
    sample: Annotated[
        str | None, typer.Option("--sample", metavar="NAME", help=help_text("start.sample"))
    ] = None,
    drill: Drill = False,
    yes: Annotated[bool, typer.Option("--yes", help=help_text("start.yes"))] = False,
    preview_only: Annotated[
        bool, typer.Option("--preview", help=help_text("start.preview"))
    ] = False,
    names: Annotated[bool, typer.Option("--names", help=help_text("start.names"))] = False,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    occurred_at: OccurredAt = None,
    as_json: Json = False,
) -> None:
    """Start a task force."""
    session = session_of(ctx, as_json)
    written = _written(file, sample)
    if [plan, order, written].count(None) != 2:
        raise Malformed("usage.start")
    if written is not None:
        given = {"division": division, "title": title, "place": place}
        _only("file", **given, to=to, person=person, level=level, verify=verify)
    elif division is None:
        raise Malformed("usage.missing", name="--division", command="handheld start")
    elif plan is not None:
        _only("plan", to=to, person=person, level=level, verify=verify)
    elif title is None:
        raise Malformed("usage.start")
    with session.home() as home:
        organisation = session.organisation(home)
        wanted: Start
        adopted = None
        if written is not None:
            wanted = resolved(written, organisation)
        elif plan is not None:
            key = arguments.plan_key(plan)
            code = arguments.known_division(division or "", organisation)
            wanted = StartFromPlan(plan=plan_stream(key), division=code, title=title, place=place)
            adopted = load_plan(home, key)[0]
        else:
            wanted = StartAdHoc(
                title=title or "",
                division=arguments.known_division(division or "", organisation),
                orders=(order_from(order or "", to, person, verify, organisation),),
                place=place,
                level=arguments.level(level),
            )
        seen = preview(wanted, adopted, organisation)
        code = wanted.division
        if preview_only:
            _only_show(session, home, code, seen, names, drill)
            return
        if not yes:
            _ask(session, home, code, seen, names, drill)
        identity = command_id or home.new_command_id()
        began = perf_counter()
        with session.working("writing"):
            receipt = session.execute(
                home, wanted, actor, command_id=identity, occurred_at=occurred_at, drill=drill
            )
        took = perf_counter() - began
        session.catch_up(home)
        _report(session, receipt, seen, identity, took, drill)


def _written(file: Path | None, sample: str | None) -> StartAdHoc | None:
    if file is not None and sample is not None:
        raise Malformed("usage.start")
    source = file if sample is None else data.start(sample)
    return None if source is None else read_start(source)


def _only(by: Literal["plan", "file"], **given: object) -> None:
    """What is told by a plan or a file is not told by options too."""
    names = " ".join(f"--{name}" for name, value in given.items() if value)
    if names and by == "plan":
        raise Malformed("usage.start_plan_only", names=names)
    if names:
        raise Malformed("usage.start_file_only", names=names)


def order_from(
    text: str,
    to: list[str] | None,
    people: list[str] | None,
    verify: bool,
    organisation: Organisation,
) -> Order:
    """An order as options give it. Raises Malformed, NotFound."""
    return Order(
        text=text,
        to=tuple(arguments.target(item) for item in to or ()),
        people=tuple(arguments.known_person(item, organisation) for item in people or ()),
        steps=("accept", "report", "verify") if verify else ("accept", "report"),
    )


def _only_show(
    session: Session, home: Home, code: str, seen: Preview, names: bool, drill: bool
) -> None:
    organisation = session.organisation(home)
    if session.as_json:
        session.json(machine(seen, code, names))
        return
    who = session.names(home) if names else None
    show_preview(session, seen, code, organisation, who, drill=drill)
    session.say("start.preview_only")


def _ask(session: Session, home: Home, code: str, seen: Preview, names: bool, drill: bool) -> None:
    """Show the preview and ask. Raises Malformed (`usage.confirm`), typer.Exit (1)."""
    if session.as_json or not session.may_ask():
        raise Malformed("usage.confirm")
    who = session.names(home) if names else None
    show_preview(session, seen, code, session.organisation(home), who, drill=drill)
    if not session.ask("start.ask"):
        session.say("abort")
        raise typer.Exit(1)


def _report(
    session: Session, receipt: Receipt, seen: Preview, identity: str, took: float, drill: bool
) -> None:
    task_force = task_force_id(identity)
    tasks = sum(len(found.assignees) for _, found in seen.orders)
    if session.as_json:
        orders = [order_id(identity, index) for index in range(len(seen.orders))]
        fields = receipt_fields(receipt, task_force=task_force)
        session.json({**fields, "tasks": tasks, "orders": orders})
        return
    report(session, receipt)
    if receipt.repeated:
        session.say("start.already", task_force=task_force)
        return
    session.say(
        "start.started", title=seen.title, tasks=number(tasks), seconds=f"{max(took, 0.01):.2f}"
    )
    session.say("start.task_force", task_force=task_force)
    if drill:
        session.say("start.drill")
