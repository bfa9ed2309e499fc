"""What a board shows beside its counts: warnings, sums of report forms, visits, ratings, findings."""

from __future__ import annotations

from rich.text import Text

from handheld.application.reading.beside import Gathered
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import clean, number, one_line
from handheld_projections.warnings import WarningLine

WARNING_STYLES = {"blue": "blue", "yellow": "yellow", "orange": "dark_orange", "red": "bold red"}


def show(session: Session, gathered: Gathered) -> None:
    """Lines beneath the tables; only what there is."""
    for warning in gathered.warnings:
        _warning(session, warning)
    texts, seen = session.texts, gathered.board
    if seen.sums:
        sums = [
            f"{clean(label.label)} {number(seen.sums[key])}{clean(label.unit)}"
            for key, label in gathered.labels.items()
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
