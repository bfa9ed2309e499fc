"""What a board shows beside its counts: warnings, sums of report forms, visits, ratings, findings."""

from __future__ import annotations

from typing import NamedTuple

from rich.text import Text

from handheld.bootstrap import Home
from handheld.domain.errors import NotFound
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import clean, number, one_line
from handheld_projections.tier_board import TierBoard
from handheld_projections.warnings import WarningLine

WARNING_STYLES = {"blue": "blue", "yellow": "yellow", "orange": "dark_orange", "red": "bold red"}


class Label(NamedTuple):
    """What a field of a report form is called, and what it counts."""

    label: str
    unit: str


class Beside(NamedTuple):
    """What is known beside the board itself."""

    labels: dict[str, Label]
    """Of the sums, by the key of the field."""
    warnings: list[WarningLine]
    """Those in force now that touch the division."""


def beside(home: Home, seen: TierBoard, *, drills: bool) -> Beside:
    """The labels of the sums, from the forms of the orders; the warnings by their streams."""
    labels: dict[str, Label] = {}
    for line in seen.task_forces if seen.sums else ():
        try:
            summary = home.boards.summary(line.task_force)
        except NotFound:
            continue
        for order in summary.orders.values():
            for field in order.form:
                if field.key in seen.sums:
                    labels.setdefault(field.key, Label(field.label, field.unit or ""))
    for key in seen.sums:  # an amended form may ask for it no more
        labels.setdefault(key, Label(key, ""))
    known = home.boards.warnings(drills=drills)
    warnings = [known.open.get(name) or known.ended.get(name) for name in seen.warnings]
    return Beside(labels, [line for line in warnings if line is not None])


def show(session: Session, seen: TierBoard, beside: Beside) -> None:
    """Lines beneath the tables; only what there is."""
    for warning in beside.warnings:
        _warning(session, warning)
    texts = session.texts
    if seen.sums:
        sums = [
            f"{clean(label.label)} {number(seen.sums[key])}{clean(label.unit)}"
            for key, label in beside.labels.items()
        ]
        session.say("boards.sums", sums=texts.say("cli.list_comma").join(sums))
    visits = seen.visits
    if visits.visits:
        session.say(
            "boards.visits",
            visits=number(visits.visits),
            households=number(visits.households),
            satisfied=number(visits.satisfied),
            dissatisfied=number(visits.dissatisfied),
        )
    ratings = seen.ratings
    if ratings.satisfied or ratings.dissatisfied:
        session.say(
            "boards.ratings",
            satisfied=number(ratings.satisfied),
            dissatisfied=number(ratings.dissatisfied),
        )
    findings = [
        f"{texts.say(f'finding_states.{state}')} {number(count)}"
        for state, count in seen.findings.items()
        if count
    ]
    if findings:
        session.say("boards.findings", findings=texts.say("cli.list_comma").join(findings))


def _warning(session: Session, warning: WarningLine) -> None:
    texts = session.texts
    level = texts.named("warning_levels", warning.level)
    line = Text(texts.say("cli.boards.warning", level=level), style=WARNING_STYLES[warning.level])
    line.append(f" {one_line(warning.headline)}", style="default")
    line.append(f"  {warning.warning}", style="dim")
    session.out.print(line, soft_wrap=True)
