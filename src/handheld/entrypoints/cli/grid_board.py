"""The board of a grid (网格): its tasks by person, its households, its findings."""

from __future__ import annotations

from rich.text import Text

from handheld.application.names import Names
from handheld.application.reading.beside import Grid
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import clean, number, one_line, table

ROWS = 50


def show_grid(session: Session, grid: Grid, names: Names) -> None:
    """Tables of what there is."""
    texts = session.texts
    if grid.tasks:
        heads = [texts.say(f"cli.head.{key}") for key in ("person_name", "state", "visited")]
        made = table(*heads, title=texts.say("cli.grid.tasks"), right=(2,))
        for task in grid.tasks[:ROWS]:
            state = texts.state(task.state)
            if task.overdue:
                state += f"\n{texts.say('marks.overdue')}"
            visited = number(task.visited) if task.visited else ""
            who = Text(clean(names.label(task.person))).append(f"\n{task.task}", style="dim")
            made.add_row(who, state, visited)
        session.show("", made)
        _more(session, len(grid.tasks))
    if grid.households:
        done = sum(household.visited and bool(household.contacts) for household in grid.households)
        linked = sum(bool(household.contacts) for household in grid.households)
        title = texts.say("cli.grid.households", count=number(linked), done=number(done))
        others = len(grid.households) - linked
        if others:
            title += texts.say("cli.grid.households_others", others=number(others))
        heads = [texts.say(f"cli.head.{key}") for key in ("household", "contacts", "visited")]
        made = table(*heads, title=title)
        for household in grid.households[:ROWS]:
            people = texts.say("cli.list_comma").join(names.label(p) for p in household.contacts)
            people = people or texts.say("cli.grid.not_linked")
            said = texts.say("cli.grid.visited" if household.visited else "cli.grid.not_visited")
            if household.satisfied is not None:
                said += f" {texts.satisfaction(household.satisfied)}"
            made.add_row(clean(household.household), clean(people), said)
        session.show("", made)
        _more(session, len(grid.households))
    if grid.findings:
        heads = [texts.say(f"cli.head.{key}") for key in ("text", "state", "reported", "finding")]
        made = table(*heads, title=texts.say("cli.grid.findings"))
        for line in grid.findings[:ROWS]:
            state = texts.say(f"finding_states.{line.state}")
            reported = texts.time(line.reported_at).replace(" ", "\n")
            made.add_row(clean(one_line(line.text)), state, reported, line.finding)
        session.show("", made)
        _more(session, len(grid.findings))


def _more(session: Session, count: int) -> None:
    if count > ROWS:
        session.say("grid.more", count=number(count - ROWS))
