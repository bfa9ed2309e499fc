"""Warnings on the terminal: lists, one with its course, and the starts that are proposed."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError
from handheld.domain.starting import StartFromPlan
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.plan_words import place_name
from handheld.entrypoints.cli.render import clean, number, table
from handheld.entrypoints.cli.typed import ID_WIDTH
from handheld.entrypoints.cli.warning_words import (
    LEVEL_STYLES,
    places,
    start_command,
    start_without_plan,
)
from handheld_projections.organisation import Organisation
from handheld_projections.warnings import ProposedStart, WarningLine


def lines_of(home: Home, streams: Iterable[str]) -> list[WarningLine]:
    """These warnings, real ones and those of drills; what ended long ago has left the list."""
    named = list(streams)
    found: list[WarningLine] = []
    for drills in (False, True):
        kept = home.boards.warnings(drills=drills)
        lines = (kept.open.get(stream) or kept.ended.get(stream) for stream in named)
        found += [line for line in lines if line is not None]
    return found


def machine(session: Session, line: WarningLine) -> dict[str, object]:
    """A warning for scripts, with the commands that make the starts which wait."""
    return {
        "warning": line.warning,
        "source": line.source,
        "event": line.event,
        "level": line.level,
        "headline": line.headline,
        "divisions": line.divisions,
        "area": line.area,
        "status": line.status,
        "sent_at": line.sent_at,
        "received_at": line.received_at,
        "expires": line.expires,
        "ended_at": line.ended_at,
        "told_by": line.told_by,
        "drill": line.drill,
        "task_forces": line.task_forces,
        "proposals": [
            {
                "plan": proposal.plan.removeprefix("plan-"),
                "division": proposal.division,
                "title": proposal.title,
                "level": proposal.level,
                "at_once": proposal.at_once,
                "declined": proposal.declined,
                "task_force": proposal.task_force,
                "start": start_command(session, line, proposal) if proposal.waits else None,
            }
            for proposal in line.proposals
        ],
    }


def show_list(session: Session, lines: list[WarningLine], organisation: Organisation) -> None:
    """The list, the highest level first."""
    texts = session.texts
    heads = [texts.say(f"cli.warnings.{key}") for key in ("level", "warning", "places", "status")]
    made = table(*heads, title=texts.say("cli.warnings.title", count=number(len(lines))))
    made.columns[1].width = ID_WIDTH
    for line in lines:
        said = Text(clean(line.headline) + (texts.say("cli.drill_mark") if line.drill else ""))
        said.append(f"\n{line.warning}", style="dim")
        where = [places(line.divisions, organisation, session)]
        where += [] if line.divisions else [line.area]
        if line.expires is not None:
            where.append(texts.say("cli.warnings.until", time=texts.time(line.expires)))
        place = clean("\n".join(where))
        made.add_row(level_words(session, line), said, place, _status(session, line))
    session.show(made)


def level_words(session: Session, line: WarningLine) -> Text:
    """The level, in its colour."""
    return Text(session.texts.say(f"warning_levels.{line.level}"), style=LEVEL_STYLES[line.level])


def _status(session: Session, line: WarningLine) -> str:
    texts = session.texts
    words = [texts.say(f"warning_statuses.{line.status}")]
    waiting = sum(proposal.waits for proposal in line.proposals)
    if waiting:
        words.append(texts.say("cli.warnings.waiting", count=waiting))
    if line.task_forces:
        words.append(texts.say("cli.warnings.started", count=len(line.task_forces)))
    return "\n".join(words)


def show_proposals(session: Session, home: Home, line: WarningLine) -> None:
    """What plans make of it: each start as a command, or why there is none."""
    texts = session.texts
    organisation = session.organisation(home)
    for proposal in line.proposals:
        plan = proposal.plan.removeprefix("plan-")
        where = place_name(proposal.division, organisation)
        if proposal.task_force is not None:
            session.say("warnings.was_started", plan=plan, task_force=proposal.task_force)
        elif proposal.declined is not None:
            session.say("warnings.was_declined", plan=plan, division=where, why=proposal.declined)
        else:
            level = texts.level(proposal.level) or texts.say("cli.none")
            session.say(
                "warnings.proposed",
                plan=plan,
                title=clean(proposal.title),
                division=where,
                level=level,
            )
            _called(session, home, proposal)
            session.say("warnings.start_with")
            session.out.print(f"  {start_command(session, line, proposal)}", soft_wrap=True)
    if line.status in ("received", "updated"):
        if not line.divisions:
            session.say("warnings.unplaced", warning=line.warning)
        elif not line.proposals:
            session.say("warnings.no_plan")
            session.out.print(f"  {start_without_plan(session, line)}", soft_wrap=True)


def _called(session: Session, home: Home, proposal: ProposedStart) -> None:
    """How many the start would call now, or why it cannot be made as it is."""
    wanted = StartFromPlan(
        plan=proposal.plan,
        division=proposal.division,
        title=proposal.title,
        level=proposal.level,
    )
    try:
        seen = home.preview(wanted)
    except HandheldError as error:
        explained = session.texts.error(error.code, error.params)
        session.out.print(Text(clean(explained.wrong), style="bold yellow"), soft_wrap=True)
        session.out.print(session.texts.say("cli.todo") + clean(explained.todo), soft_wrap=True)
        return
    people = {assignee.person for _, found in seen.orders for assignee in found.assignees}
    vacant = sum(len(found.vacant) for _, found in seen.orders)
    session.say("warnings.would_call", people=number(len(people)), vacant=number(vacant))
