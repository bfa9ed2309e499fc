"""`handheld plan`: adopt, list, show, retire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

import handheld.entrypoints.cli.arguments as arguments
import handheld.entrypoints.cli.plan_looking as looking
from handheld import data
from handheld.application.requests import Receipt
from handheld.domain.errors import Malformed
from handheld.domain.plan import RetirePlan
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.files import read_plan
from handheld.entrypoints.cli.options import As, CommandId, Json, Reason
from handheld.entrypoints.cli.plan_reading import load_plan
from handheld.entrypoints.cli.plan_words import Key, place_name
from handheld.entrypoints.cli.receipts import receipt_fields, report
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text

__all__ = ["place_name", "register"]

ForDivision = Annotated[
    str | None, typer.Option("--division", metavar="CODE", help=help_text("plan.division"))
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("plan")
    command(commands, "adopt", "plan.adopt")(adopt)
    command(commands, "sample", "plan.sample")(sample)
    looking.register(commands)
    command(commands, "retire", "plan.retire")(retire)
    app.add_typer(commands, name="plan")


def adopt(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help=help_text("plan.file"))
    ] = None,
    shipped: Annotated[
        list[str] | None, typer.Option("--shipped", metavar="KEY", help=help_text("plan.shipped"))
    ] = None,
    division: ForDivision = None,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Adopt an edition of a plan from a JSON file, or one that comes with the program."""
    session = session_of(ctx, as_json)
    if (file is None) == (not shipped):
        raise Malformed("usage.plan")
    if shipped and len(shipped) > 1 and command_id is not None:
        raise Malformed("usage.plan_ids")
    if file is not None:
        _adopt(session, [file], division, actor, command_id)
    else:
        sources = [data.plan(key.strip()) for key in _keys(shipped or ())]
        _adopt(session, sources, division, actor, command_id)


def _keys(given: Iterable[str]) -> list[str]:
    """The keys of plans that come with the program; `matters` are all 17 of them."""
    found: list[str] = []
    for key in given:
        matters = [known for known in data.plans() if known.startswith("matter-")]
        found += matters if key.strip() == "matters" else [key]
    return list(dict.fromkeys(found))


def sample(
    ctx: typer.Context,
    key: Key,
    division: ForDivision = None,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Adopt a plan that comes with the program, such as typhoon."""
    _adopt(session_of(ctx, as_json), [data.plan(key)], division, actor, command_id)


def _adopt(
    session: Session,
    sources: Sequence[Path | Traversable],
    division: str | None,
    actor: str,
    command_id: str | None,
) -> None:
    """Adopt these plans, each a decision of its own."""
    plans = [read_plan(source) for source in sources]
    if division is None and any(plan.division == data.NO_DIVISION for plan in plans):
        raise Malformed("usage.plan_division", plan=plans[0].plan)
    receipts: list[tuple[str, Receipt, int]] = []
    with session.home() as home:
        if division is not None:
            code = arguments.known_division(division, session.organisation(home))
            plans = [msgspec.structs.replace(plan, division=code) for plan in plans]
        for plan in plans:
            receipt = session.execute(home, plan, actor, command_id=command_id)
            receipts.append((plan.plan, receipt, load_plan(home, plan.plan)[1]))
    if session.as_json and len(receipts) > 1:
        session.json([receipt_fields(receipt, plan=key) for key, receipt, _ in receipts])
        return
    for key, receipt, version in receipts:
        if len(receipts) == 1 or receipt.outcome != "already_done":
            report(session, receipt, plan=key)
        if receipt.outcome == "accepted":
            session.say("plans.adopted", plan=key, version=version)


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
    with session.home() as home:
        plan = arguments.plan_key(key)
        retirement = RetirePlan(plan=plan, reason=reason)
        receipt = session.execute(home, retirement, actor, command_id=command_id)
    report(session, receipt, plan=plan)
    if receipt.outcome == "accepted":
        session.say("plans.retired", plan=plan)
