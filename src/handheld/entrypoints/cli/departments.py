"""`handheld department`: import, list, show, dissolve."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld import data
from handheld.adapters.tables import read_departments, read_departments_of
from handheld.application.importing import RowErrors, plan_departments
from handheld.bootstrap import Home
from handheld.domain.duty import answering
from handheld.domain.errors import Malformed
from handheld.domain.register_departments import DissolveDepartment
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import As, CommandId, DryRun, Json, Reason
from handheld.entrypoints.cli.plan_words import place_name
from handheld.entrypoints.cli.receipts import receipt_fields, report
from handheld.entrypoints.cli.render import clean, facts, number, table
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld_events.territory import within
from handheld_projections.organisation import Department, Organisation, Post

Key = Annotated[str, typer.Argument(metavar="KEY", help=help_text("department.key"))]
Of = Annotated[
    str | None, typer.Option("--division", metavar="CODE", help=help_text("department.of"))
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("department")
    command(commands, "import", "department.import")(import_)
    command(commands, "list", "department.list")(list_)
    command(commands, "show", "department.show")(show)
    command(commands, "dissolve", "department.dissolve")(dissolve)
    app.add_typer(commands, name="department")


def import_(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help=help_text("department.file"))
    ] = None,
    shipped: Annotated[
        bool, typer.Option("--shipped", help=help_text("department.shipped"))
    ] = False,
    division: Of = None,
    dry_run: DryRun = False,
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Import departments from a CSV or XLSX file, or those that come with the program."""
    session = session_of(ctx, as_json)
    if (file is None) != shipped:
        raise Malformed("usage.departments")
    if shipped and division is None:
        raise Malformed("usage.missing", name="--division", command="handheld department import")
    with session.home() as home:
        organisation = session.organisation(home)
        errors = RowErrors()
        source = data.departments() if file is None else file
        if division is None:
            rows = read_departments(source, errors)
        else:
            code = arguments.known_division(division, organisation)
            rows = read_departments_of(source, code, errors)
        plan = plan_departments(rows, organisation, errors)
        receipt = None
        if not dry_run:
            receipt = session.execute(home, plan.command, actor)
            session.catch_up(home)
    counts = {"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged}
    if session.as_json:
        session.json({"dry_run": dry_run, **counts, **receipt_fields(receipt)})
        return
    shown = {name: number(count) for name, count in counts.items()}
    session.say("departments.dry_run" if dry_run else "departments.imported", **shown)


def list_(
    ctx: typer.Context,
    division: Annotated[
        str | None, typer.Option("--division", metavar="CODE", help=help_text("department.within"))
    ] = None,
    as_json: Json = False,
) -> None:
    """List the departments."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home() as home:
        organisation = session.organisation(home)
    found = sorted(organisation.departments.values(), key=lambda d: (d.division, d.key))
    if division is not None:
        code = arguments.known_division(division, organisation)
        found = [known for known in found if within(known.division, code)]
    if session.as_json:
        session.json([_machine(known, organisation) for known in found])
        return
    if not found:
        session.say("departments.none")
        return
    heads = [texts.say(f"cli.departments.{key}") for key in ("key", "name", "of", "people")]
    made = table(*heads, title=texts.say("cli.departments.title", count=len(found)), right=(3,))
    for known in found:
        made.add_row(
            known.key,
            clean(known.name + _marks(session, known)),
            clean(place_name(known.division, organisation)),
            number(len(_people(known.key, organisation))),
        )
    session.show(made)


def show(ctx: typer.Context, key: Key, as_json: Json = False) -> None:
    """Show a department, its people, and who answers for it."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        organisation = session.organisation(home)
        known = organisation.departments[arguments.known_department(key, organisation)]
        if session.as_json:
            posts = [
                {"person": person, "role": role, "division": division}
                for person, role, division in _people(known.key, organisation)
            ]
            session.json({**_machine(known, organisation), "posts": posts})
            return
        _show(session, home, known, organisation)


def _show(session: Session, home: Home, known: Department, organisation: Organisation) -> None:
    texts, names = session.texts, session.names(home)
    first = next(iter(answering(organisation, known.key, home.clock.now())), None)
    answers = texts.say("cli.none") if first is None else names.label(first.person)
    session.show(
        facts(
            [
                (texts.say("cli.departments.key"), known.key),
                (texts.say("cli.departments.of"), place_name(known.division, organisation)),
                (texts.say("cli.departments.answers"), answers),
            ],
            title=known.name + _marks(session, known),
        )
    )
    heads = [texts.say(f"cli.departments.{key}") for key in ("person", "role", "serves")]
    made = table(*heads)
    for person, role, division in _people(known.key, organisation):
        stationed = organisation.stationed(Post(role, division, known.key))
        mark = texts.say("cli.departments.stationed") if stationed else ""
        place = clean(place_name(division, organisation))
        made.add_row(clean(names.label(person)), texts.role(role), f"{place} {mark}".strip())
    session.show(made)


def dissolve(
    ctx: typer.Context,
    key: Key,
    reason: Reason,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """The department takes no orders any more."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        known = arguments.known_department(key, session.organisation(home))
        wanted = DissolveDepartment(department=known, reason=reason)
        receipt = session.execute(home, wanted, actor, command_id=command_id)
    report(session, receipt, department=known)


def _marks(session: Session, known: Department) -> str:
    texts = session.texts
    marks = [texts.say("cli.synthetic")] if known.synthetic else []
    marks += [texts.say("cli.departments.dissolved")] if known.dissolved else []
    return f" ({texts.say('cli.list_comma').join(marks)})" if marks else ""


def _people(key: str, organisation: Organisation) -> Sequence[tuple[str, str, str]]:
    """Person, role and where they serve."""
    posts = organisation.department_posts(key).items()
    return [(person, role, division) for role, held in posts for person, division in held]


def _machine(known: Department, organisation: Organisation) -> dict[str, object]:
    return {
        "department": known.key,
        "name": known.name,
        "division": known.division,
        "synthetic": known.synthetic,
        "dissolved": known.dissolved,
        "people": len(_people(known.key, organisation)),
    }
