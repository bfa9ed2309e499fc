"""`handheld people import` and `generate`: people taken in, from a table or made up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.adapters.tables import read_people
from handheld.application.importing import ImportPlan, RowErrors, plan_people
from handheld.bootstrap import Home
from handheld.domain.errors import Malformed
from handheld.domain.register import ImportDivisions
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import As, DryRun, Json
from handheld.entrypoints.cli.receipts import receipt_fields
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text
from handheld.synthetic import grids as synthetic_grids
from handheld.synthetic import people as synthetic_people


def register(commands: typer.Typer) -> None:
    """Add the commands to `handheld people`."""
    command(commands, "import", "people.import")(import_)
    command(commands, "generate", "people.generate")(generate)


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=help_text("people.file"))],
    dry_run: DryRun = False,
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Import people and posts from a CSV or XLSX file."""
    session = session_of(ctx, as_json)
    errors = RowErrors()
    with session.working("reading"):
        entries = read_people(file, errors)
    with session.home() as home:
        with session.working("checking"):
            plan = plan_people(
                entries, session.organisation(home), home.keyring, dry_run=dry_run, errors=errors
            )
        fields = _write(session, home, plan, actor)
    counts = _counts(plan)
    if as_json:
        session.json({"dry_run": dry_run, **counts, **fields})
        return
    shown = {name: number(count) for name, count in counts.items()}
    session.say("people.dry_run" if dry_run else "people.imported", **shown)


def generate(
    ctx: typer.Context,
    contacts: Annotated[
        int, typer.Option("--contacts", metavar="NUMBER", help=help_text("people.contacts"))
    ],
    grids: Annotated[
        int | None, typer.Option("--grids", metavar="NUMBER", help=help_text("people.grids"))
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help=help_text("people.seed"))] = 1,
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Make synthetic people, each marked so, for demos and drills."""
    session = session_of(ctx, as_json)
    if contacts < 0:
        raise Malformed("synthetic.contacts", contacts=contacts)
    with session.home() as home:
        if any(not person.synthetic for person in session.organisation(home).people.values()):
            raise Malformed("synthetic.real_people", path=str(session.data))
        made_grids = 0
        if grids is not None:
            organisation = session.organisation(home)
            rows = synthetic_grids(tuple(organisation.divisions.values()), grids, seed)
            with session.working("writing"):
                session.execute(home, ImportDivisions(rows=tuple(rows)), actor)
            made_grids = len(rows)
        organisation = session.organisation(home)
        with session.working("generating"):
            entries = synthetic_people(organisation, seed, contacts=contacts)
        with session.working("sealing"):
            plan = plan_people(entries, organisation, home.keyring)
        fields = _write(session, home, plan, actor)
    if as_json:
        session.json({"grids": made_grids, **_counts(plan), **fields})
        return
    if made_grids:
        session.say("people.grids", grids=number(made_grids))
    session.say("people.generated", new=number(plan.new))


def _write(session: Session, home: Home, plan: ImportPlan, actor: str) -> dict[str, object]:
    if plan.command is None:
        return {}
    with session.working("writing"):
        receipt = session.execute(home, plan.command, actor)
    session.catch_up(home)
    return receipt_fields(receipt)


def _counts(plan: ImportPlan) -> dict[str, int]:
    return {"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged}
