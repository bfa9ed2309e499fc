"""`handheld warning list` and `warning show`: the warnings in force, and one with its course."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.telling.facts import Describer, Marks, facts_in, machine_fact
from handheld.domain.errors import NotFound
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.options import Json, Limit
from handheld.entrypoints.cli.render import clean, facts
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.timelines import course
from handheld.entrypoints.cli.warning_shown import (
    level_words,
    lines_of,
    machine,
    show_list,
    show_proposals,
)
from handheld.entrypoints.cli.warning_words import WarningId, places, warning_stream
from handheld.entrypoints.cli.words import help_text
from handheld_events.warning import WARNING_LEVELS
from handheld_projections.organisation import Organisation
from handheld_projections.warnings import WarningLine, touching

Drills = Annotated[bool, typer.Option("--drill", help=help_text("warning.drills"))]


def register(commands: typer.Typer) -> None:
    """Add the commands to `handheld warning`."""
    command(commands, "list", "warning.list")(list_)
    command(commands, "show", "warning.show")(show)


def list_(
    ctx: typer.Context,
    division: Annotated[
        str | None, typer.Option("--division", metavar="CODE", help=help_text("warning.for"))
    ] = None,
    ended: Annotated[bool, typer.Option("--ended", help=help_text("warning.ended"))] = False,
    drill: Drills = False,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """The warnings in force."""
    session = session_of(ctx, as_json)
    with session.home(caught_up=True) as home:
        organisation = session.organisation(home)
        kept = home.boards.warnings(drills=drill)
        if division is not None:
            found = touching(kept, arguments.known_division(division, organisation))
        else:
            found = sorted(kept.open.values(), key=lambda w: w.received_at, reverse=True)
            found.sort(key=lambda w: -WARNING_LEVELS.index(w.level))
        if ended:
            found = [*found, *reversed(kept.ended.values())]
    shown = limited(found, limit)
    if as_json:
        session.json([machine(session, line) for line in shown])
    elif not found:
        session.say("warnings.none")
    else:
        show_list(session, list(shown), organisation)
        if len(found) > len(shown):
            session.say("more", count=len(found) - len(shown))


def show(ctx: typer.Context, warning: WarningId, as_json: Json = False) -> None:
    """A warning, what came of it, and its course."""
    session = session_of(ctx, as_json)
    texts = session.texts
    stream = warning_stream(warning)
    with session.home(caught_up=True) as home:
        told = list(facts_in(home.log.read_streams([stream])))
        line = next(iter(lines_of(home, (stream,))), None)
        if not told:
            raise NotFound("warning.unknown", warning=stream)
        if as_json:
            about = {} if line is None else machine(session, line)
            session.json({"warning": stream, **about, "facts": [machine_fact(f) for f in told]})
            return
        organisation = session.organisation(home)
        describer = Describer(texts, session.names(home), organisation)
        if line is not None:
            _show_line(session, line, organisation)
            show_proposals(session, home, line)
        session.show(course(session, told, Marks(told), describer))


def _show_line(session: Session, line: WarningLine, organisation: Organisation) -> None:
    texts = session.texts
    times = (("sent", line.sent_at), ("expires", line.expires), ("over", line.ended_at))
    session.show(
        level_words(session, line),
        facts(
            [
                (texts.say("cli.warnings.event"), line.event),
                (texts.say("cli.warnings.source"), texts.say(f"sources.{line.source}")),
                (texts.say("cli.warnings.told_by"), line.told_by or ""),
                (texts.say("cli.warnings.places"), places(line.divisions, organisation, session)),
                (texts.say("cli.warnings.area"), line.area),
                *(
                    (texts.say(f"cli.warnings.{key}"), texts.time(at))
                    for key, at in times
                    if at is not None
                ),
                (texts.say("cli.warnings.status"), texts.say(f"warning_statuses.{line.status}")),
            ],
            title=clean(line.headline) + (texts.say("cli.drill_mark") if line.drill else ""),
        ),
    )
