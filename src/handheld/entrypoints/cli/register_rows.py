"""Rows of the registers as tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from handheld.bootstrap import Home
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.finding_words import desk_name
from handheld.entrypoints.cli.plan_words import place_on_lines
from handheld.entrypoints.cli.render import STATE_STYLES, clean, one_line, stacked, table
from handheld.entrypoints.cli.typed import ID_WIDTH
from handheld.entrypoints.cli.warning_words import LEVEL_STYLES, places
from handheld_projections.register_rows import (
    FindingRow,
    PersonRow,
    TaskForceRow,
    TaskRow,
    WarningRow,
)


def task_forces(session: Session, home: Home, rows: Sequence[TaskForceRow], title: str) -> Table:
    """Task forces, a row each."""
    made = _table(session, ("started", "title", "division", "status"), title)
    texts, organisation = session.texts, session.organisation(home)
    for row in rows:
        mark = texts.say("cli.drill_mark") if row.drill else ""
        status = [texts.status(row.status), texts.level(row.level)]
        made.add_row(
            stacked(texts.time(row.started_at)),
            _named(f"{row.title}{mark}", row.task_force),
            clean(place_on_lines(row.division, organisation)),
            "\n".join(word for word in status if word),
        )
    return made


def tasks(session: Session, home: Home, rows: Sequence[TaskRow], title: str) -> Table:
    """Tasks, a row each."""
    made = _table(session, ("dispatched", "person", "division", "state"), title)
    texts, organisation, names = session.texts, session.organisation(home), session.names(home)
    for row in rows:
        state = Text(texts.state(row.state), style=STATE_STYLES[row.state])
        if row.overdue:
            state.append(f"\n{texts.say('cli.register.overdue')}", style="bold red")
        if row.open:
            state.append(f"\n{texts.say('cli.register.open')}")
        made.add_row(
            stacked(texts.time(row.dispatched_at)),
            _named(names.label(row.person), row.task),
            clean(place_on_lines(row.division, organisation)),
            state,
        )
    return made


def findings(session: Session, home: Home, rows: Sequence[FindingRow], title: str) -> Table:
    """Findings, a row each."""
    made = _table(session, ("reported", "text", "division", "state"), title)
    texts, organisation = session.texts, session.organisation(home)
    for row in rows:
        state = [texts.say(f"finding_states.{row.state}"), desk_name(row.desk, organisation)]
        if row.wants_task_force:
            state.insert(1, texts.say("cli.findings.asks"))
        made.add_row(
            stacked(texts.time(row.reported_at)),
            _named(row.text, row.finding),
            clean(place_on_lines(row.division, organisation)),
            clean("\n".join(state)),
        )
    return made


def warnings(session: Session, home: Home, rows: Sequence[WarningRow], title: str) -> Table:
    """Warnings, a row each."""
    made = _table(session, ("received", "headline", "division", "status"), title)
    texts, organisation = session.texts, session.organisation(home)
    for row in rows:
        mark = texts.say("cli.drill_mark") if row.drill else ""
        said = _named(f"{row.headline}{mark}", row.warning)
        state = Text(texts.say(f"warning_levels.{row.level}"), style=LEVEL_STYLES[row.level])
        state.append(f"\n{texts.say(f'warning_statuses.{row.status}')}", style="not bold default")
        made.add_row(
            stacked(texts.time(row.received_at)),
            said,
            clean(places(row.divisions, organisation, session)),
            state,
        )
    return made


def people(session: Session, home: Home, rows: Sequence[PersonRow], title: str) -> Table:
    """People, a row each; those who may read names see this."""
    made = _table(session, ("number", "name", "phone"), title)
    texts, names = session.texts, session.names(home)
    for row in rows:
        phone = texts.say("cli.erased") if row.erased else row.phone or ""
        made.add_row(
            row.person.removeprefix("person-"), clean(names.name(row.person)), clean(phone)
        )
    return made


def _table(session: Session, keys: Sequence[str], title: str) -> Table:
    made = table(*(session.texts.say(f"cli.register.{key}") for key in keys), title=title)
    if len(keys) > 3:
        made.columns[1].width = ID_WIDTH
    return made


def _named(words: str, stream: str) -> Text:
    """Words, and beneath them the id to go on with."""
    return Text(one_line(words)).append(f"\n{stream}", style="dim")
