"""`handheld plan list` and `plan show`: waves, forms, reminders, triggers, departments."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld import data
from handheld.domain.plan import AdoptPlan, Plan
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.files import read_plan
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.plan_orders import order_rows
from handheld.entrypoints.cli.plan_reading import all_plans, load_plan
from handheld.entrypoints.cli.plan_words import (
    Key,
    department_name,
    place_name,
    place_on_lines,
)
from handheld.entrypoints.cli.render import clean, facts, table
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text
from handheld_events.plan import PlanAdopted
from handheld_projections.organisation import Organisation


def register(commands: typer.Typer) -> None:
    """Add the commands to `handheld plan`."""
    command(commands, "list", "plan.list")(list_)
    command(commands, "show", "plan.show")(show)


def list_(
    ctx: typer.Context,
    shipped: Annotated[
        bool, typer.Option("--shipped", help=help_text("plan.list_shipped"))
    ] = False,
    as_json: Json = False,
) -> None:
    """List the plans, or those that come with the program."""
    session = session_of(ctx, as_json)
    if shipped:
        _list_shipped(session)
        return
    texts = session.texts
    with session.home() as home:
        plans = all_plans(home)
        organisation = session.organisation(home)
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
        edition = plan.edition
        orders = str(len(edition.orders))
        row = (
            key,
            clean(edition.title),
            place_on_lines(edition.division, organisation),
            orders,
            str(version),
        )
        made.add_row(*row, _status(session, plan))
    session.show(made)


def _list_shipped(session: Session) -> None:
    texts = session.texts
    found = [read_plan(data.plan(key)) for key in data.plans()]
    if session.as_json:
        session.json(
            [
                {
                    "plan": plan.plan,
                    "title": plan.title,
                    "lead": plan.lead,
                    "orders": len(plan.orders),
                }
                for plan in found
            ]
        )
        return
    heads = [texts.say(f"cli.head.{key}") for key in ("plan", "title", "orders")]
    made = table(*heads, title=texts.say("cli.plans.shipped"), right=(2,))
    for plan in found:
        made.add_row(plan.plan, clean(plan.title), str(len(plan.orders)))
    session.show(made)
    session.say("plans.adopt_shipped")


def show(
    ctx: typer.Context,
    key: Key,
    shipped: Annotated[
        bool, typer.Option("--shipped", help=help_text("plan.show_shipped"))
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a plan."""
    session = session_of(ctx, as_json)
    if shipped:
        plan = read_plan(data.plan(key))
        if as_json:
            session.json(plan)
        else:
            title = session.texts.say("cli.plans.show", plan=plan.plan, title=plan.title)
            _show(session, plan, title, [], Organisation())
        return
    with session.home() as home:
        name = arguments.plan_key(key)
        known, version = load_plan(home, name)
        organisation = session.organisation(home)
    if as_json:
        fields = {"plan": name, "edition": version, "retired": known.retired}
        session.json({**fields, **msgspec.to_builtins(known.edition)})
        return
    texts, edition = session.texts, known.edition
    rows = [
        (texts.say("cli.head.division"), place_name(edition.division, organisation)),
        (texts.say("cli.head.edition"), str(version)),
        (texts.say("cli.head.status"), _status(session, known)),
    ]
    title = texts.say("cli.plans.show", plan=name, title=edition.title)
    _show(session, edition, title, rows, organisation)


def _status(session: Session, plan: Plan) -> str:
    return session.texts.say("cli.plans.retired_mark" if plan.retired else "cli.plans.in_force")


def _show(
    session: Session,
    edition: PlanAdopted | AdoptPlan,
    title: str,
    rows: list[tuple[str, str]],
    organisation: Organisation,
) -> None:
    texts = session.texts
    comma = texts.say("cli.list_comma")
    lead = "" if edition.lead is None else department_name(edition.lead, organisation)
    responding = comma.join(department_name(key, organisation) for key in edition.responding)
    session.show(
        facts(
            [
                *rows,
                (texts.say("cli.head.level"), texts.level(edition.level)),
                (texts.say("cli.plans.lead"), lead),
                (texts.say("cli.plans.responding"), responding),
                *_triggers(session, edition),
            ],
            title=title,
        )
    )
    for order in edition.orders:
        session.show("", facts(order_rows(session, order, organisation)))


def _triggers(session: Session, edition: PlanAdopted | AdoptPlan) -> list[tuple[str, str]]:
    texts = session.texts
    return [
        (
            texts.say("cli.plans.trigger"),
            texts.say(
                f"cli.plans.{trigger.does}s",
                event=trigger.event,
                warning=texts.say(f"warning_levels.{trigger.at_least}"),
                level=texts.level(trigger.level or edition.level) or texts.say("cli.none"),
            ),
        )
        for trigger in edition.triggers
    ]
