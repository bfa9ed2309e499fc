"""`handheld plan`: adopt, list, show, retire."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld import data
from handheld.application.loading import States
from handheld.bootstrap import Home
from handheld.domain.errors import NotFound
from handheld.domain.plan import Plan, RetirePlan, evolve
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.files import read_plan
from handheld.entrypoints.cli.options import As, CommandId, Json, Reason
from handheld.entrypoints.cli.receipts import report
from handheld.entrypoints.cli.render import clean, facts, table
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld_events.codec import Reading
from handheld_events.ids import plan_stream
from handheld_events.orders import Target
from handheld_projections.organisation import Organisation

Key = Annotated[str, typer.Argument(metavar="KEY", help=help_text("plan.key"))]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("plan")
    command(commands, "adopt", "plan.adopt")(adopt)
    command(commands, "sample", "plan.sample")(sample)
    command(commands, "list", "plan.list")(list_)
    command(commands, "show", "plan.show")(show)
    command(commands, "retire", "plan.retire")(retire)
    app.add_typer(commands, name="plan")


def adopt(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=help_text("plan.file"))],
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Adopt an edition of a plan from a JSON file."""
    _adopt(session_of(ctx, as_json), file, actor, command_id)


def sample(
    ctx: typer.Context,
    key: Key,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Adopt a plan that comes with the program, such as typhoon."""
    _adopt(session_of(ctx, as_json), data.plan(key), actor, command_id)


def _adopt(
    session: Session, source: Path | Traversable, actor: str, command_id: str | None
) -> None:
    plan = read_plan(source)
    with session.home() as home:
        receipt = session.execute(home, plan, actor, command_id=command_id)
        version = load_plan(home, plan.plan)[1]
    report(session, receipt, plan=plan.plan)
    if receipt.outcome == "accepted":
        session.say("plans.adopted", plan=plan.plan, version=version)


def retire(
    ctx: typer.Context,
    key: Key,
    reason: Reason,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Retire a plan."""
    session = session_of(ctx, as_json)
    plan = arguments.plan_key(key)
    with session.home() as home:
        retirement = RetirePlan(plan=plan, reason=reason)
        receipt = session.execute(home, retirement, actor, command_id=command_id)
    report(session, receipt, plan=plan)
    if receipt.outcome == "accepted":
        session.say("plans.retired", plan=plan)


def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """List the plans."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home() as home:
        plans = _all(home)
    if as_json:
        session.json(
            [
                {
                    "plan": key,
                    "title": plan.edition.title,
                    "division": plan.edition.division,
                    "orders": len(plan.edition.orders),
                    "edition": version,
                    "retired": plan.retired,
                }
                for key, (plan, version) in plans.items()
            ]
        )
        return
    if not plans:
        session.say("plans.none")
        return
    keys = ("plan", "title", "division", "orders", "edition", "status")
    heads = [texts.say(f"cli.head.{key}") for key in keys]
    made = table(*heads, title=texts.say("cli.plans.title"), right=(3, 4))
    for key, (plan, version) in plans.items():
        status = texts.say("cli.plans.retired_mark" if plan.retired else "cli.plans.in_force")
        edition = plan.edition
        orders = str(len(edition.orders))
        made.add_row(key, clean(edition.title), edition.division, orders, str(version), status)
    session.show(made)


def show(ctx: typer.Context, key: Key, as_json: Json = False) -> None:
    """Show a plan."""
    session = session_of(ctx, as_json)
    texts = session.texts
    name = arguments.plan_key(key)
    with session.home() as home:
        plan, version = load_plan(home, name)
        organisation = session.organisation(home)
    if as_json:
        fields = {"plan": name, "edition": version, "retired": plan.retired}
        session.json({**fields, **msgspec.to_builtins(plan.edition)})
        return
    edition = plan.edition
    status = texts.say("cli.plans.retired_mark" if plan.retired else "cli.plans.in_force")
    session.show(
        facts(
            [
                (texts.say("cli.head.division"), place_name(edition.division, organisation)),
                (texts.say("cli.head.level"), texts.level(edition.level)),
                (texts.say("cli.head.edition"), str(version)),
                (texts.say("cli.head.status"), status),
            ],
            title=texts.say("cli.plans.show", plan=name, title=edition.title),
        )
    )
    for order in edition.orders:
        session.show("")
        session.show(
            facts(
                [
                    (texts.say("cli.head.orders"), order.key),
                    (texts.say("cli.head.text"), order.text),
                    (texts.say("cli.head.to"), targets(session, order.to)),
                    (texts.say("cli.head.steps"), steps(session, order.steps)),
                    (texts.say("cli.head.accept_by"), _seconds(session, order.accept_within)),
                    (texts.say("cli.head.report_by"), _seconds(session, order.report_within)),
                ]
            )
        )


def load_plan(home: Home, key: str) -> tuple[Plan, int]:
    """A plan, and the version of its stream. Raises NotFound (`plan.unknown`)."""
    stream = plan_stream(key)
    states = States(home.log)
    states.load((stream,))
    loaded = states.get(stream)
    if loaded.state is None:
        raise NotFound("plan.unknown", plan=key)
    return loaded.state, loaded.version


def _all(home: Home) -> dict[str, tuple[Plan, int]]:
    reading = Reading()
    plans: dict[str, tuple[Plan, int]] = {}
    for row in home.log.read_kinds(0, ("plan",)):
        fact = reading.fact(*row)
        key = fact.stream.removeprefix("plan-")
        before = plans[key][0] if key in plans else None
        plans[key] = (evolve(before, fact.event), fact.version)
    return dict(sorted(plans.items()))


def place_name(code: str, organisation: Organisation) -> str:
    """Name and code of a division."""
    known = organisation.divisions.get(code)
    return f"{known.name} {code}" if known else code


def targets(session: Session, to: Iterable[Target]) -> str:
    """To whom an order goes, in words."""
    texts = session.texts
    words = []
    for target in to:
        where = [texts.tier(target.tier)] if target.tier else []
        where += [texts.kind(target.kind)] if target.kind else []
        between = texts.say("cli.comma")
        words.append(texts.role(target.role) + (f" ({between.join(where)})" if where else ""))
    return texts.say("cli.list_comma").join(words)


def steps(session: Session, names: Iterable[str]) -> str:
    """The steps of a task, in words."""
    return " > ".join(session.texts.say(f"steps.{name}") for name in names)


def _seconds(session: Session, seconds: int | None) -> str:
    return "" if seconds is None else session.texts.duration(seconds)
