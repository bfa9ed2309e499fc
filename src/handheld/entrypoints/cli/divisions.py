"""`handheld divisions`: import, samples, list, outlines."""

from __future__ import annotations

from collections import Counter
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal

import typer
from msgspec import to_builtins

import handheld.entrypoints.cli.arguments as arguments
from handheld import data
from handheld.adapters.geojson import read_features
from handheld.adapters.tables import read_divisions
from handheld.application.importing import RowErrors, plan_divisions
from handheld.application.outlining import plan_outlines
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.files import read
from handheld.entrypoints.cli.options import As, DryRun, Json, Limit, MaybeCode
from handheld.entrypoints.cli.receipts import receipt_fields
from handheld.entrypoints.cli.render import number, table
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld_events.territory import parent_of, tier_of
from handheld_projections.organisation import Division, Organisation

SAMPLES = {"longyou": "330825", "qujiang": "330803"}


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("divisions")
    command(commands, "import", "divisions.import")(import_)
    command(commands, "sample", "divisions.sample")(sample)
    command(commands, "list", "divisions.list")(list_)
    command(commands, "outline", "divisions.outline")(outline)
    app.add_typer(commands, name="divisions")


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=help_text("divisions.file"))],
    dry_run: DryRun = False,
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Import divisions from a CSV or XLSX file."""
    _import(session_of(ctx, as_json), file, dry_run, actor)


def sample(
    ctx: typer.Context,
    county: Annotated[
        str, typer.Argument(metavar="longyou|qujiang", help=help_text("divisions.county"))
    ],
    dry_run: DryRun = False,
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Take in divisions that come with the program."""
    session = session_of(ctx, as_json)
    _import(session, data.divisions(SAMPLES.get(county, county)), dry_run, actor)


def _import(session: Session, source: Path | Traversable, dry_run: bool, actor: str) -> None:
    errors = RowErrors()
    with session.working("reading"):
        rows = read_divisions(source, errors)
    with session.home() as home:
        with session.working("checking"):
            plan = plan_divisions(rows, session.organisation(home), errors)
        receipt = None
        if not dry_run:
            with session.working("writing"):
                receipt = session.execute(home, plan.command, actor)
            session.catch_up(home)
    counts = {"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged}
    if session.as_json:
        session.json({"dry_run": dry_run, **counts, **receipt_fields(receipt)})
        return
    shown = {name: number(count) for name, count in counts.items()}
    session.say("divisions.dry_run" if dry_run else "divisions.imported", **shown)


def outline(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=help_text("divisions.map"))],
    division: Annotated[
        str, typer.Option("--division", metavar="CODE", help=help_text("divisions.map_of"))
    ],
    source: Annotated[
        str | None, typer.Option("--source", metavar="TEXT", help=help_text("divisions.map_source"))
    ] = None,
    dry_run: DryRun = False,
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Take outlines of divisions in from a GeoJSON file."""
    session = session_of(ctx, as_json)
    with session.working("reading"):
        features = read_features(read(file))
    with session.home() as home:
        organisation = session.organisation(home)
        code = arguments.known_division(division, organisation)
        with session.working("checking"):
            plan = plan_outlines(features, organisation, code, source)
        receipt = None
        if not dry_run:
            with session.working("writing"):
                receipt = session.execute(home, plan.command, actor)
            session.catch_up(home)
    counts = Counter(one.change for one in plan.drawn)
    if session.as_json:
        told = {
            "dry_run": dry_run,
            "drawn": [to_builtins(one) for one in plan.drawn],
            "left_out": [
                {"feature": one.feature, "named": one.named, "code": one.why.code}
                for one in plan.left_out
            ],
            "without": plan.without,
        }
        session.json({**told, **receipt_fields(receipt)})
        return
    changes: tuple[Literal["new", "changed", "unchanged"], ...] = ("new", "changed", "unchanged")
    shown = {name: number(counts[name]) for name in changes}
    session.say("divisions.outline_dry_run" if dry_run else "divisions.outlined", **shown)
    for left in plan.left_out:
        wrong, todo = session.texts.error(left.why.code, left.why.params)
        about = {"number": number(left.feature), "named": left.named, "wrong": wrong, "todo": todo}
        session.say("divisions.outline_left_out", **about)
    if plan.without:
        names = [organisation.divisions[one].name for one in plan.without]
        session.say("divisions.outline_without", count=number(len(names)), some=names[0])


def list_(
    ctx: typer.Context, code: MaybeCode = None, limit: Limit = 0, as_json: Json = False
) -> None:
    """List the divisions below one."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        organisation = session.organisation(home)
    if code is None:
        rows = [d for d in organisation.divisions.values() if tier_of(d.code) == "district"]
        rows.sort(key=lambda division: division.code)
    else:
        code = arguments.known_division(code, organisation)
        rows = organisation.children(code)
    below = Counter(parent_of(known) for known in organisation.divisions)
    if as_json:
        session.json([_machine(d, below[d.code]) for d in limited(rows, limit)])
        return
    _show(session, organisation, below, code, rows, limit)


def _show(
    session: Session,
    organisation: Organisation,
    below: Counter[str | None],
    code: str | None,
    rows: list[Division],
    limit: int,
) -> None:
    texts = session.texts
    name = organisation.divisions[code].name if code else ""
    if not rows:
        session.say("divisions.no_children" if code else "divisions.none", name=name)
        return
    title = (
        texts.say("cli.divisions.title", name=name) if code else texts.say("cli.divisions.roots")
    )
    heads = [texts.say(f"cli.head.{key}") for key in ("code", "name", "tier", "kind", "below")]
    made = table(*heads, title=title, right=(4,))
    for division in limited(rows, limit):
        mark = f" ({texts.say('cli.synthetic')})" if division.synthetic else ""
        made.add_row(
            division.code,
            division.name + mark,
            texts.tier(tier_of(division.code)),
            texts.kind(division.kind),
            number(below[division.code]),
        )
    session.show(made)
    if limit and len(rows) > limit:
        session.say("more", count=number(len(rows) - limit))
    if code is None:
        session.say("divisions.counts", **organisation.count_by_tier())


def _machine(division: Division, children: int) -> dict[str, object]:
    return {
        "code": division.code,
        "name": division.name,
        "tier": tier_of(division.code),
        "kind": division.kind,
        "synthetic": division.synthetic,
        "children": children,
    }
