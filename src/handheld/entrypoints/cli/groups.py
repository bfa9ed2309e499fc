"""`handheld group`: people who are called together; form, dissolve, list, show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.adapters.table_rows import plain, read_rows
from handheld.application.row_errors import RowErrors
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.register_groups import DissolveGroup, FormGroup
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import As, CommandId, Json, Reason
from handheld.entrypoints.cli.plan_words import place_name
from handheld.entrypoints.cli.receipts import report
from handheld.entrypoints.cli.render import clean, facts, number, table
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld_projections.organisation import Organisation

Key = Annotated[str, typer.Argument(metavar="KEY", help=help_text("group.key"))]

_COLUMNS = {"number": ("number", "工号", "编号", "人员编号"), "name": ("name", "姓名")}


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("group")
    command(commands, "form", "group.form")(form)
    command(commands, "dissolve", "group.dissolve")(dissolve)
    command(commands, "list", "group.list")(list_)
    command(commands, "show", "group.show")(show)
    app.add_typer(commands, name="group")


def form(
    ctx: typer.Context,
    key: Key,
    name: Annotated[str, typer.Option("--name", help=help_text("group.name"))],
    division: Annotated[
        str, typer.Option("--division", metavar="CODE", help=help_text("group.division"))
    ],
    person: Annotated[
        list[str] | None,
        typer.Option("--person", metavar="PERSON", help=help_text("group.person")),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help=help_text("group.file"))
    ] = None,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Form a group, or give it other members."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        organisation = session.organisation(home)
        members = [arguments.known_person(text, organisation) for text in person or ()]
        if file is not None:
            members += _read(file, organisation)
        wanted = FormGroup(
            group=key.strip().removeprefix("group-"),
            name=name,
            division=arguments.known_division(division, organisation),
            members=tuple(members),
        )
        receipt = session.execute(home, wanted, actor, command_id=command_id)
    report(session, receipt, group=wanted.group)
    if receipt.outcome == "accepted":
        session.say("groups.formed", name=clean(name), count=number(len(members)))


def _read(file: Path, organisation: Organisation) -> list[str]:
    """The members of a table with a column of their numbers. Raises ImportRefused."""
    errors, found = RowErrors(), []
    for row in read_rows(file, _COLUMNS, ("number",), errors):
        try:
            found.append(arguments.known_person(plain(row.cells["number"]), organisation))
        except (Malformed, NotFound) as error:
            errors.add(row.line, "number", error.code, **error.params)
    errors.refuse()
    return found


def dissolve(
    ctx: typer.Context,
    key: Key,
    reason: Reason,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """The group is no longer called."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        known = arguments.known_group(key, session.organisation(home))
        wanted = DissolveGroup(group=known, reason=reason)
        receipt = session.execute(home, wanted, actor, command_id=command_id)
    report(session, receipt, group=known)


def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """List the groups."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home() as home:
        organisation = session.organisation(home)
    found = sorted(organisation.groups.values(), key=lambda known: known.key)
    if session.as_json:
        session.json(found)
        return
    if not found:
        session.say("groups.none")
        return
    heads = [texts.say(f"cli.groups.{key}") for key in ("key", "name", "division", "members")]
    made = table(*heads, title=texts.say("cli.groups.title"), right=(3,))
    for known in found:
        mark = f" ({texts.say('cli.groups.dissolved')})" if known.dissolved else ""
        where = clean(place_name(known.division, organisation))
        made.add_row(known.key, clean(known.name + mark), where, number(len(known.members)))
    session.show(made)


def show(ctx: typer.Context, key: Key, as_json: Json = False) -> None:
    """Show a group and its members."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home() as home:
        organisation = session.organisation(home)
        known = organisation.groups[arguments.known_group(key, organisation)]
        if session.as_json:
            session.json(known)
            return
        names = session.names(home)
        labels = [names.label(person) for person in known.members]
    mark = f" ({texts.say('cli.groups.dissolved')})" if known.dissolved else ""
    session.show(
        facts(
            [
                (texts.say("cli.groups.key"), known.key),
                (texts.say("cli.groups.division"), place_name(known.division, organisation)),
                (texts.say("cli.groups.members"), texts.say("cli.list_comma").join(labels)),
            ],
            title=known.name + mark,
        )
    )
