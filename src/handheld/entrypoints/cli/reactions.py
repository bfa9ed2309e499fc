"""`handheld reactions`: what falls due is recorded, once or as it falls due. docs/reactions.md"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.adapters.clock import SimulatedClock
from handheld.application.ports import Refusal
from handheld.application.requests import REACTIONS
from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError, Malformed
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.due import Done, counted, react
from handheld.entrypoints.cli.options import Json, Limit
from handheld.entrypoints.cli.render import clean
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld.entrypoints.signals import asked_to_end
from handheld.texts.lookup import Explained, load
from handheld_events.codec import instant

LOOK_SECONDS = 0.5
"""How often `watch` looks whether it is to end."""

Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help=help_text("reactions.until"))
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    reactions = group("reactions")
    command(reactions, "run", "reactions.run")(run)
    command(reactions, "refused", "reactions.refused")(refused)
    command(reactions, "watch", "reactions.watch")(watch)
    app.add_typer(reactions, name="reactions")


def run(ctx: typer.Context, until: Until = None, as_json: Json = False) -> None:
    """Record what is due."""
    session = session_of(ctx, as_json)
    with session.home(reactions=False) as home:
        done = react(home) if until is None else _go_on(home, until)
        session.catch_up(home)
        due = home.reactor.next_due()
        now = home.clock.now()
    if as_json:
        failures = [{"code": error.code, "params": str(error)} for error in done.failures]
        session.json({"done": done.counts, "failures": failures, "now": now, "next_due": due})
        return
    texts = session.texts
    session.tell_done(done, asked=True)
    if not done.counts and not done.failures:
        session.say("due.nothing", time=texts.time(now))
    if due is not None:
        session.say("due.next", time=texts.time(due))


def _go_on(home: Home, until: str) -> Done:
    """Make a simulated clock go on to an instant, from one thing that is due to the next.

    Raises Malformed (`usage.real_clock`, `usage.backwards`).
    """
    clock = home.clock
    if not isinstance(clock, SimulatedClock):
        raise Malformed("usage.real_clock")
    end = arguments.moment(until, clock.now())
    if end is None or end < clock.now():
        raise Malformed("usage.backwards", text=until)
    counts: Counter[str] = Counter()
    failures: list[HandheldError] = []
    while True:
        done = react(home)
        counts += done.counts
        failures += done.failures
        due = home.reactor.next_due()
        if done.failures or due is None or due > end:
            break
        clock.move_to(due)
    # Where something could not be asked for, the clock stays: it is asked for again, in its time.
    home.go_on_to(clock.now() if failures else end)
    return Done(counts, tuple(failures))


def refused(ctx: typer.Context, limit: Limit = 20, as_json: Json = False) -> None:
    """Show what was due and was refused: it is on record, and not asked for again."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        found = home.log.refusals(REACTIONS, limit)
    if as_json:
        session.json([_machine(session, one) for one in found])
        return
    if not found:
        session.say("due.none_refused")
    for one in found:
        time = session.texts.time(instant(one.recorded_us))
        session.say("due.refused", time=time, reason=clean(_words(session, one).wrong))


def _machine(session: Session, one: Refusal) -> dict[str, object]:
    at = instant(one.recorded_us)
    return {
        "command": one.command,
        "code": one.code,
        "recorded_at": at,
        **_words(session, one)._asdict(),
    }


def _words(session: Session, one: Refusal) -> Explained:
    """Of an answer, or of an error that followed from the facts: the log keeps the code alone."""
    texts = session.texts
    is_answer = f"outcomes.{one.code}.wrong" in load(texts.language)
    return texts.outcome(one.code, {}) if is_answer else texts.error(one.code, {})


def watch(ctx: typer.Context) -> None:
    """Record what is due as it falls due, until interrupted."""
    session = session_of(ctx)
    with session.home(reactions=False) as home:
        session.tell_done(react(home), asked=True)
        position = home.log.end()
        session.say("due.watching")
        with asked_to_end() as ending:
            home.reactor.start()
            while not ending.is_set():
                home.log.wait(position, LOOK_SECONDS, ending.is_set)
                position = _tell(session, home, position)
        session.say("due.stopped")


def _tell(session: Session, home: Home, after: int) -> int:
    """Say what has been recorded after a position; gives the new one."""
    end = home.log.end()
    counts = counted(home.log, after, end)
    if counts:
        time = session.texts.time(_now(home))
        session.say("due.at", time=time)
        session.tell_done(Done(counts), asked=True)
    return end


def _now(home: Home) -> datetime:
    return home.clock.now()
