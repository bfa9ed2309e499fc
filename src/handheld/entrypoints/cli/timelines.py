"""`handheld timeline`: every fact of a task force, a person or a task, with its three times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from handheld.bootstrap import Home
from handheld.domain.errors import NotFound
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.facts import (
    Describer,
    Fact,
    Marks,
    Unreadable,
    facts_at,
    facts_in,
    machine_fact,
)
from handheld.entrypoints.cli.options import After, Json, Limit
from handheld.entrypoints.cli.render import number, stacked, table
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import is_person_number
from handheld_events.task_force import EntryMade


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "timeline", "timeline.command")(timeline)


def timeline(
    ctx: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="TASK_FORCE|PERSON|TASK", help=help_text("timeline.key"))
    ],
    after: After = 0,
    limit: Limit = 200,
    as_json: Json = False,
) -> None:
    """The timeline."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home(caught_up=True) as home:
        stream, everything = _facts(home, key)
        marks = Marks(everything)
        found = [fact for fact in everything if fact.position > after]
        if as_json:
            shown = limited(found, limit)
            session.json([{**machine_fact(fact), **_marked(fact, marks)} for fact in shown])
            return
        names = session.names(home)
        describer = Describer(texts, names, session.organisation(home))
        title = texts.say(
            "cli.timeline.title",
            name=names.label(stream) if stream.startswith("person-") else stream,
            count=number(len(found)),
        )
        session.show(course(session, limited(found, limit), marks, describer, title))
        if limit and len(found) > limit:
            session.say("more", count=number(len(found) - limit))


def _facts(home: Home, key: str) -> tuple[str, list[Fact | Unreadable]]:
    """The stream that is meant, and every fact that belongs to it, in log order.

    Raises NotFound (`timeline.unknown`).
    """
    key = key.strip()
    for stream in (key, f"person-{key}") if is_person_number(key) else (key,):
        if stream.startswith("task-"):
            found = list(facts_in(home.log.read_streams([stream])))
        else:
            positions = [line.position for line in home.indexes.timeline(stream)]
            found = facts_at(home.log, positions)
        if found:
            return stream, found
    raise NotFound("timeline.unknown", key=key)


def _marked(fact: Fact | Unreadable, marks: Marks) -> dict[str, object]:
    return {} if isinstance(fact, Unreadable) else marks.machine(fact)


def course(
    session: Session,
    facts: Sequence[Fact | Unreadable],
    marks: Marks,
    describer: Describer,
    title: str | None = None,
) -> Table:
    """Facts in log order. Recorded time in front; the others beneath, where they differ."""
    texts = session.texts
    heads = [texts.say(f"cli.head.{key}") for key in ("position", "recorded", "what")]
    made = table(*heads, title=title, right=(0,))
    for fact in facts:
        if isinstance(fact, Unreadable):
            words = texts.say("cli.timeline.unreadable", topic=fact.topic)
            made.add_row(str(fact.position), "", Text(words, style="red"))
            continue
        made.add_row(
            str(fact.position),
            stacked(texts.time(fact.recorded_at)),
            _what(session, fact, marks, describer),
        )
    return made


def _what(session: Session, fact: Fact, marks: Marks, describer: Describer) -> Text:
    texts = session.texts
    struck = marks.struck(fact)
    words = Text(describer.line(fact), style="strike" if struck else "")
    for mark in marks.words(fact, texts):
        words.append(f"\n[{mark}]", style="bold magenta not strike")
    beneath = [describer.actor(fact)]
    if texts.time(fact.occurred_at) != texts.time(fact.recorded_at):
        beneath.append(texts.say("cli.timeline.occurred", time=texts.time(fact.occurred_at)))
    if texts.time(fact.reported_at) != texts.time(fact.occurred_at):
        beneath.append(texts.say("cli.timeline.reported", time=texts.time(fact.reported_at)))
    words.append(f"\n{texts.say('cli.comma').join(beneath)}", style="dim not strike")
    words.append(f"\n{fact.event_id}", style="dim not strike")
    if isinstance(fact.event, EntryMade):
        words.append(f"\n{fact.event.entry}", style="dim not strike")
    return words
