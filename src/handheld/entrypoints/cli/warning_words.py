"""A warning as people type it and read it, and the start that it proposes as a command."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, cast, get_args

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain.errors import Malformed
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.plan_words import place_name
from handheld.entrypoints.cli.typed import typed
from handheld.entrypoints.cli.words import help_text
from handheld.texts import LANGUAGES, Texts
from handheld_events.ids import is_division_code
from handheld_events.warning import WARNING_LEVELS, WarningLevel
from handheld_projections.organisation import Organisation
from handheld_projections.warnings import ProposedStart, WarningLine

WarningId = Annotated[str, typer.Argument(metavar="WARNING", help=help_text("warning.warning"))]

LEVEL_STYLES = {"blue": "blue", "yellow": "yellow", "orange": "dark_orange", "red": "bold red"}

DIVISIONS_SHOWN = 4

_TIME_OF_DAY = re.compile(r"\s*\d{1,2}[:：]\d\d([:：]\d\d)?\s*")


def warning_stream(text: str) -> str:
    """The stream of a warning, with or without `warning-`."""
    return arguments.warning_stream(text) or ""


def warning_level(text: str) -> WarningLevel:
    """A warning level by its key or its name in either language (橙, 橙色). Raises Malformed."""
    wanted = text.strip().lower().removesuffix("色")
    for level in get_args(WarningLevel):
        names = {Texts(language).say(f"warning_levels.{level}") for language in LANGUAGES}
        if wanted == level or wanted in {name.lower().removesuffix("色") for name in names}:
            return cast(WarningLevel, level)
    raise Malformed("usage.warning_level", text=text, known=" ".join(WARNING_LEVELS))


def warned_divisions(given: Iterable[str], organisation: Organisation) -> tuple[str, ...]:
    """Codes, and names that are one division's alone. Raises Malformed, NotFound.

    A code goes on as it was given: that of a city or a province stands for its districts here.
    """
    return tuple(
        code if is_division_code(code) else arguments.known_division(code, organisation)
        for code in (text.strip() for text in given)
    )


def is_time_of_day(text: str) -> bool:
    """Whether no date is said."""
    return _TIME_OF_DAY.fullmatch(text) is not None


def ahead(text: str | None, now: datetime) -> datetime | None:
    """An instant to come (UTC); a time of day that is past today is tomorrow's. Raises Malformed."""
    found = arguments.moment(text, now)
    if text and found is not None and found <= now and is_time_of_day(text):
        return found + timedelta(days=1)
    return found


def places(codes: Iterable[str], organisation: Organisation, session: Session) -> str:
    """The names of divisions; of many the first, and how many there are."""
    found = list(codes)
    shown = [place_name(code, organisation) for code in found[:DIVISIONS_SHOWN]]
    words = session.texts.say("cli.list_comma").join(shown)
    if not found:
        return session.texts.say("cli.warnings.unplaced_mark")
    if len(found) > len(shown):
        words += f" … {session.texts.say('cli.and_more', count=len(found))}"
    return words


def start_without_plan(session: Session, line: WarningLine) -> str:
    """The command that starts without a plan; what to order, and whom, is to be filled in."""
    words = ["start", "--division", line.divisions[0], "--title", line.headline]
    order, post = (session.texts.say(f"cli.metavar.{name}") for name in ("ORDER", "POST"))
    words += ["--order", order, "--to", post, "--warning", line.warning]
    if line.drill:
        words.append("--drill")
    return typed(session, words)


def start_command(session: Session, line: WarningLine, proposal: ProposedStart) -> str:
    """The command that makes a proposed start, to be typed as it stands."""
    words = ["start", "--plan", proposal.plan.removeprefix("plan-")]
    words += ["--division", proposal.division, "--title", proposal.title]
    if proposal.level is not None:
        words += ["--level", proposal.level]
    words += ["--warning", line.warning]
    if line.drill:
        words.append("--drill")
    return typed(session, words)
