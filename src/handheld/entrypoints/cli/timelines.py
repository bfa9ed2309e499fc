"""`handheld timeline`: every fact of a task force, a person, a task …, with its three times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.courses import OWN, Course, course_of
from handheld.application.membership import seen_by as seen_by_member
from handheld.application.telling.facts import (
    Describer,
    Fact,
    Marks,
    Unreadable,
    facts_at,
    machine_fact,
    marks_of,
)
from handheld.application.telling.marks import changes
from handheld.bootstrap import Home
from handheld.domain.errors import NotFound
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.options import After, Json, Limit
from handheld.entrypoints.cli.render import number, stacked, table
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import is_person_number
from handheld_events.task_force import EntryMade, MessageSent


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "timeline", "timeline.command")(timeline)


def timeline(
    ctx: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="TASK_FORCE|PERSON|TASK|…", help=help_text("timeline.key"))
    ],
    seen_by: Annotated[
        str | None,
        typer.Option("--seen-by", metavar="PERSON", help=help_text("timeline.seen_by")),
    ] = None,
    after: After = 0,
    limit: Limit = 200,
    as_json: Json = False,
) -> None:
    """The timeline."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home(caught_up=True) as home:
        found = _course(home, key)
        if seen_by is not None:
            person = arguments.known_person(seen_by, session.organisation(home))
            seen = seen_by_member(home.log, home.indexes, found.key, person)
            found = found._replace(facts=[(line.position, line.note) for line in seen])
        rest = [position for position, _ in found.facts if position > after]
        window = limited(rest, limit)
        facts = facts_at(home.log, window)
        last = window[-1] if window else after
        changing = [at for at, topic in found.facts if at > last and changes(topic)]
        marks = marks_of(home.log, facts, changing)
        if as_json:
            session.json([{**machine_fact(fact), **_marked(fact, marks)} for fact in facts])
            return
        names = session.names(home)
        describer = Describer(texts, names, session.organisation(home), home.log)
        stream = found.key
        title = texts.say(
            "cli.timeline.title",
            name=names.label(stream) if stream.startswith("person-") else stream,
            count=number(len(rest)),
        )
        session.show(course(session, facts, marks, describer, title))
        if len(rest) > len(window):
            session.say("more_after", count=number(len(rest) - len(window)), cursor=last)


def _course(home: Home, key: str) -> Course:
    """Everything that belongs to what is meant. Raises NotFound (`timeline.unknown`)."""
    key = key.strip()
    meant = (key, f"person-{key}") if is_person_number(key) and not key.startswith(OWN) else (key,)
    for stream in meant:
        found = course_of(home.log, home.indexes, stream)
        if found.facts:
            return found
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
    match fact.event:
        case EntryMade(entry=named) | MessageSent(message=named):
            words.append(f"\n{named}", style="dim not strike")
        case _:
            pass
    return words
