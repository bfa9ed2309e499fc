"""`handheld finding list`, `mine` and `show`: what a desk has to decide, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.table import Table

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.loading import States
from handheld.application.register_queries import FindingQuery
from handheld.application.telling.facts import Describer, Marks, Unreadable, facts_in, machine_fact
from handheld.bootstrap import Home
from handheld.domain.errors import NotFound
from handheld.domain.finding import Finding
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.finding_words import (
    FindingId,
    desk_from,
    desk_name,
    finding_stream,
)
from handheld.entrypoints.cli.options import Drills, Json, Limit
from handheld.entrypoints.cli.plan_words import place_name, place_on_lines
from handheld.entrypoints.cli.registers_kept import registers
from handheld.entrypoints.cli.render import clean, facts, number, one_line, stacked, table
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.timelines import course
from handheld.entrypoints.cli.typed import ID_WIDTH
from handheld.entrypoints.cli.words import help_text
from handheld_events.envelope import Recorded
from handheld_events.finding import FindingReported
from handheld_events.territory import within
from handheld_projections.findings import FindingLine, waiting_at
from handheld_projections.register_rows import FindingRow

Person = Annotated[
    str, typer.Option("--person", metavar="PERSON", help=help_text("finding.mine_of"))
]


def register(commands: typer.Typer) -> None:
    """Add the commands to `handheld finding`."""
    command(commands, "list", "finding.list")(list_)
    command(commands, "mine", "finding.mine")(mine)
    command(commands, "show", "finding.show")(show)


def list_(
    ctx: typer.Context,
    desk: Annotated[
        str | None, typer.Option("--desk", metavar="CODE", help=help_text("finding.desk"))
    ] = None,
    department: Annotated[
        str | None,
        typer.Option("--department", metavar="KEY", help=help_text("finding.desk_department")),
    ] = None,
    division: Annotated[
        str | None, typer.Option("--division", metavar="CODE", help=help_text("finding.within"))
    ] = None,
    drills: Drills = False,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """What a desk has to decide; without a desk, all that is not settled."""
    session = session_of(ctx, as_json)
    with session.home(caught_up=True) as home:
        organisation = session.organisation(home)
        at = desk_from(desk, department, organisation)
        kept = home.boards.findings(drills=drills)
        found = list(kept.open.values()) if at is None else waiting_at(kept, at)
        if division is not None:
            code = arguments.known_division(division, organisation)
            found = [line for line in found if within(line.division, code)]
        rows = limited(found, limit)
        if as_json:
            session.json(rows)
            return
        if not found:
            session.say("findings.none_here" if at else "findings.none")
            return
        title = session.texts.say("cli.findings.title", count=number(len(found)))
        if at is not None:
            where = clean(desk_name(at, organisation))
            title = session.texts.say("cli.findings.desk_title", desk=where, count=len(found))
        _show(session, home, rows, title)
    if len(found) > len(rows):
        session.say("more", count=number(len(found) - len(rows)))


def mine(
    ctx: typer.Context,
    person: Person,
    drills: Drills = False,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """What somebody reported, and what became of it."""
    session = session_of(ctx, as_json)
    with session.home(caught_up=True) as home:
        stream = arguments.known_person(person, session.organisation(home))
        query = FindingQuery(person=stream, drill=drills, limit=limit or 500)
        page = registers(home).findings(query)
        if as_json:
            session.json(page.rows)
            return
        if not page.rows:
            session.say("findings.none_mine")
            return
        name = session.names(home).label(stream)
        title = session.texts.say("cli.findings.mine", person=name, count=number(page.count))
        _show(session, home, page.rows, title)
    if page.count > len(page.rows):
        session.say("more", count=number(page.count - len(page.rows)))


def _show(
    session: Session, home: Home, rows: Iterable[FindingLine | FindingRow], title: str
) -> None:
    texts = session.texts
    organisation = session.organisation(home)
    names = session.names(home)
    heads = [texts.say(f"cli.findings.{key}") for key in ("when", "what", "where", "state")]
    made = table(*heads, title=title)
    made.columns[1].width = ID_WIDTH
    for row in rows:
        asks = texts.say("cli.findings.asks") if row.wants_task_force else ""
        place = f"{row.place}\n" if row.place else ""
        state = texts.say(f"finding_states.{row.state}")
        reporter = texts.say("cli.findings.by", person=names.label(row.reporter))
        made.add_row(
            stacked(texts.time(row.reported_at)),
            clean(f"{one_line(row.text)}\n{reporter}\n{row.finding}"),
            clean(f"{place}{place_on_lines(row.division, organisation)}"),
            clean(
                "\n".join(word for word in (state, asks, desk_name(row.desk, organisation)) if word)
            ),
        )
    session.show(made)


def show(ctx: typer.Context, finding: FindingId, as_json: Json = False) -> None:
    """A finding and its course."""
    session = session_of(ctx, as_json)
    stream = finding_stream(finding)
    with session.home() as home:
        found = list(facts_in(home.log.read_streams([stream])))
        state = state_of(home, stream)
        if as_json:
            told = [machine_fact(fact) for fact in found]
            session.json({"finding": stream, "state": state, "facts": told})
            return
        first = next((f for f in found if not isinstance(f, Unreadable) and f.version == 1), None)
        session.show(_facts(session, home, stream, state, first))
        names, organisation = session.names(home), session.organisation(home)
        describer = Describer(session.texts, names, organisation)
        session.show(course(session, found, Marks(found), describer))


def _facts(
    session: Session, home: Home, stream: str, state: Finding, first: Recorded[Any] | None
) -> Table:
    texts, organisation = session.texts, session.organisation(home)
    rows: list[tuple[str, str]] = []
    if first is not None and isinstance(first.event, FindingReported):
        event = first.event
        reporter = session.names(home).label(first.person or first.meta.actor)
        rows = [
            (texts.say("cli.findings.what"), event.text),
            (texts.say("cli.findings.where"), place_name(event.division, organisation)),
            (texts.say("cli.findings.place"), event.place or ""),
            (texts.say("cli.findings.reporter"), reporter),
            (texts.say("cli.findings.photos"), str(len(event.photos) or "")),
            (texts.say("cli.findings.task"), event.task or ""),
        ]
    asks = texts.say("cli.findings.asks") if state.wants_task_force else ""
    rows += [
        (texts.say("cli.findings.state"), texts.say(f"finding_states.{state.status}")),
        (texts.say("cli.findings.asked"), asks),
        (texts.say("cli.findings.desk"), desk_name(state.desk, organisation)),
        (texts.say("cli.findings.reason"), state.reason or ""),
        (texts.say("cli.findings.order"), state.order or ""),
        (texts.say("cli.findings.task_force"), state.task_force or ""),
        (texts.say("cli.findings.dealt_with"), state.dealt_with or ""),
    ]
    return facts(rows, title=texts.say("cli.findings.one", finding=stream))


def state_of(home: Home, stream: str) -> Finding:
    """A finding as it is now. Raises NotFound (`finding.unknown`)."""
    states = States(home.log)
    states.load((stream,))
    state: Finding | None = states.get(stream).state
    if state is None:
        raise NotFound("finding.unknown", finding=stream)
    return state
