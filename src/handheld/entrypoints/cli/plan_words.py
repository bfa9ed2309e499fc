"""Plans in words: places, targets, steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.words import help_text
from handheld_events.orders import Target
from handheld_projections.organisation import Organisation

Key = Annotated[str, typer.Argument(metavar="KEY", help=help_text("plan.key"))]


def place_name(code: str, organisation: Organisation) -> str:
    """Name and code of a division."""
    known = organisation.divisions.get(code)
    return f"{known.name} {code}" if known else code


def place_on_lines(code: str, organisation: Organisation) -> str:
    """Name and code of a division, one beneath the other: for a narrow column."""
    return "\n".join(place_name(code, organisation).rsplit(" ", 1))


def targets(
    session: Session, to: Iterable[Target], organisation: Organisation | None = None
) -> str:
    """To whom an order goes, in words."""
    return session.texts.say("cli.list_comma").join(
        _target(session, one, organisation) for one in to
    )


def _target(session: Session, target: Target, organisation: Organisation | None) -> str:
    texts = session.texts
    if target.group is not None:
        known = None if organisation is None else organisation.groups.get(target.group)
        return texts.say("cli.plans.to_group", name=known.name if known else target.group)
    where = [texts.tier(target.tier)] if target.tier else []
    where += [texts.kind(target.kind)] if target.kind else []
    where += [texts.say("cli.plans.on_duty")] if target.on_duty else []
    unit = "" if target.department is None else department_name(target.department, organisation)
    words = " ".join(
        word for word in (unit, texts.role(target.role) if target.role else "") if word
    )
    return words + (f" ({texts.say('cli.comma').join(where)})" if where else "")


def department_name(key: str, organisation: Organisation | None) -> str:
    """The name of a department; its key where it is not registered."""
    known = None if organisation is None else organisation.departments.get(key)
    return known.name if known else key


def steps(session: Session, names: Iterable[str]) -> str:
    """The steps of a task, in words."""
    return " > ".join(session.texts.say(f"steps.{name}") for name in names)
