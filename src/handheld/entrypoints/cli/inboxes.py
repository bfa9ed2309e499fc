"""`handheld inbox`: everything that reaches somebody's phone."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.telling.facts import Describer, Unreadable, facts_at, machine_fact
from handheld.entrypoints.cli.context import limited, session_of
from handheld.entrypoints.cli.options import Json, Limit, PersonNumber
from handheld.entrypoints.cli.orders_told import OrderTexts
from handheld.entrypoints.cli.render import number, stacked, table
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "inbox", "inbox.command")(inbox)


def inbox(
    ctx: typer.Context,
    person: PersonNumber,
    after: Annotated[int, typer.Option("--after", min=0, help=help_text("inbox.after"))] = 0,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """The inbox."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home(caught_up=True) as home:
        organisation = session.organisation(home)
        stream = arguments.known_person(person, organisation)
        lines = home.indexes.inbox(stream, after=after)
        shown = limited(lines, limit)
        # Items stand in the inbox in an order of their own; facts are read in log order.
        read = facts_at(home.log, sorted({line.position for line in shown}))
        facts = {fact.position: fact for fact in read}
        orders = OrderTexts(home.log)
        if as_json:
            session.json(
                [
                    {
                        "number": line.number,
                        "order": orders.of(facts[line.position]),
                        **machine_fact(facts[line.position]),
                    }
                    for line in shown
                ]
            )
            return
        names = session.names(home)
        if not lines:
            session.say("inbox.none")
            return
        describer = Describer(texts, names, organisation, home.log)
        title = texts.say("cli.inbox.title", name=names.label(stream), count=number(len(lines)))
        heads = [texts.say(f"cli.head.{key}") for key in ("number", "recorded", "what")]
        made = table(*heads, title=title, right=(0,))
        for line in shown:
            fact = facts[line.position]
            if isinstance(fact, Unreadable):
                words = texts.say("cli.timeline.unreadable", topic=fact.topic)
                made.add_row(str(line.number), "", words)
                continue
            words = describer.line(fact)
            told = orders.of(fact)
            words += f"\n{told}" if told else ""
            time = stacked(texts.time(fact.recorded_at))
            made.add_row(str(line.number), time, f"{words}\n{fact.stream}")
        session.show(made)
        if len(lines) > len(shown):
            rest = number(len(lines) - len(shown))
            session.say("more_after", count=rest, cursor=shown[-1].number)
