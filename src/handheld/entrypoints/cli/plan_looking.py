"""`handheld plan list` and `plan show`: waves, forms, reminders, triggers, departments."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld import data
from handheld.bootstrap import Home
from handheld.domain.plan import AdoptPlan, Plan, evolve
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.files import read_plan
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.plan_words import (
    Key,
    department_name,
    load_plan,
    place_name,
    place_on_lines,
    steps,
    targets,
)
from handheld.entrypoints.cli.render import clean, facts, table
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text
from handheld_events.codec import Reading
from handheld_events.forms import FormField
from handheld_events.orders import PlanOrder, Reminding, Wartime
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
        plans = _all(home)
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
    name = arguments.plan_key(key)
    with session.home() as home:
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
        session.show("", facts(_order(session, order, organisation)))


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


def _order(session: Session, order: PlanOrder, organisation: Organisation) -> list[tuple[str, str]]:
    """An order, line by line: what is not said is left out."""
    texts = session.texts
    return [
        (texts.say("cli.head.orders"), order.key),
        (texts.say("cli.head.text"), order.text),
        (texts.say("cli.plans.when"), _when(session, order)),
        (texts.say("cli.head.to"), targets(session, order.to, organisation)),
        (
            texts.say("cli.plans.open_to"),
            ""
            if order.open_to is None
            else texts.say("cli.plans.first_to_claim", count=order.open_to),
        ),
        (texts.say("cli.head.steps"), steps(session, order.steps)),
        (texts.say("cli.head.accept_by"), _seconds(session, order.accept_within)),
        (texts.say("cli.head.report_by"), _seconds(session, order.report_within)),
        (texts.say("cli.plans.form"), "\n".join(_field(session, field) for field in order.form)),
        (texts.say("cli.plans.remind_accept"), _reminding(session, order.remind_accept)),
        (texts.say("cli.plans.remind_report"), _reminding(session, order.remind_report)),
        (texts.say("cli.plans.wartime"), _wartime(session, order.wartime)),
    ]


def _when(session: Session, order: PlanOrder) -> str:
    """The wave it belongs to: at the start, at a response level, later, again and again."""
    texts = session.texts
    words = [texts.say("cli.plans.at_start")]
    if order.level is not None:
        words = [texts.say("cli.plans.at_level", level=texts.level(order.level))]
    if order.after is not None:
        words.append(texts.say("cli.plans.after", time=texts.duration(order.after)))
    if order.every is not None:
        words.append(texts.say("cli.plans.every", time=texts.duration(order.every)))
    return texts.say("cli.comma").join(words)


def _field(session: Session, field: FormField) -> str:
    texts = session.texts
    words = [texts.say(f"form_kinds.{field.kind}")]
    if field.unit is not None:
        words.append(texts.say("cli.plans.unit", unit=field.unit))
    if field.most is not None:
        words.append(texts.say("cli.plans.most", most=field.most))
    if field.choices:
        words.append(" / ".join(field.choices))
    if not field.required:
        words.append(texts.say("cli.plans.optional"))
    return f"{field.label} ({field.key}): {texts.say('cli.comma').join(words)}"


def _reminding(session: Session, reminding: Reminding | None) -> str:
    if reminding is None:
        return ""
    texts = session.texts
    return texts.say(
        "cli.plans.reminding",
        after=texts.duration(reminding.after),
        every=texts.duration(reminding.every),
        most=reminding.most,
    )


def _wartime(session: Session, wartime: Wartime | None) -> str:
    if wartime is None:
        return ""
    texts = session.texts
    words: list[str] = []
    for key, seconds in (
        ("accept_by", wartime.accept_within),
        ("report_by", wartime.report_within),
    ):
        if seconds is not None:
            words.append(f"{texts.say(f'cli.head.{key}')} {texts.duration(seconds)}")
    if wartime.steps is not None:
        words.append(f"{texts.say('cli.head.steps')} {steps(session, wartime.steps)}")
    return texts.say("cli.comma").join(words)


def _seconds(session: Session, seconds: int | None) -> str:
    return "" if seconds is None else session.texts.duration(seconds)


def _all(home: Home) -> dict[str, tuple[Plan, int]]:
    reading = Reading()
    plans: dict[str, tuple[Plan, int]] = {}
    for row in home.log.read_kinds(0, ("plan",)):
        fact = reading.fact(*row)
        key = fact.stream.removeprefix("plan-")
        before = plans[key][0] if key in plans else None
        plans[key] = (evolve(before, fact.event), fact.version)
    return dict(sorted(plans.items()))
