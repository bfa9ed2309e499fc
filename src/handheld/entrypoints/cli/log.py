"""`handheld log`: list, show, verify, export."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer
from rich.text import Text

from handheld.application.following import BATCH
from handheld.application.ports import Log
from handheld.application.telling.facts import Describer, Fact, Unreadable, facts_in, machine_fact
from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError, Installation, Malformed, NotFound
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import After, Json, Limit
from handheld.entrypoints.cli.render import facts, number, stacked, table
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld_events.publishing import cloud_event


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("log")
    command(commands, "list", "log.list")(list_)
    command(commands, "show", "log.show")(show)
    command(commands, "verify", "log.verify")(verify)
    command(commands, "export", "log.export")(export)
    app.add_typer(commands, name="log")


def list_(
    ctx: typer.Context,
    after: After = 0,
    topic: Annotated[
        str | None, typer.Option("--topic", metavar="EVENT", help=help_text("log.topic"))
    ] = None,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """List facts in log order."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home(reactions=False) as home:
        found: list[Fact | Unreadable] = []
        for fact in _every(home.log, after):
            if limit and len(found) == limit:
                break
            if topic is None or _topic(fact).startswith(topic):
                found.append(fact)
        if as_json:
            session.json([machine_fact(fact) for fact in found])
            return
        if not found:
            session.say("log.none")
            return
        describer = Describer(texts, session.names(home), session.organisation(home), home.log)
        title = texts.say("cli.log.title", log=home.log.log_id, end=home.log.end())
        heads = [texts.say(f"cli.head.{key}") for key in ("position", "recorded", "what")]
        made = table(*heads, title=title, right=(0,))
        for fact in found:
            if isinstance(fact, Unreadable):
                words = texts.say("cli.timeline.unreadable", topic=fact.topic)
                made.add_row(str(fact.position), "", Text(words, style="red"))
                continue
            what = Text(describer.line(fact))
            what.append(f"\n{describer.actor(fact)}, {fact.event.TOPIC}", style="dim")
            made.add_row(str(fact.position), stacked(texts.time(fact.recorded_at)), what)
        session.show(made)


def show(
    ctx: typer.Context,
    which: Annotated[str, typer.Argument(metavar="POSITION|EVENT_ID", help=help_text("log.which"))],
    as_json: Json = False,
) -> None:
    """Show all that is known of one fact."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home(reactions=False) as home:
        fact = _one(home.log, which)
        machine = machine_fact(fact)
        if as_json:
            session.json(machine)
            return
        words = ""
        if not isinstance(fact, Unreadable):
            describer = Describer(texts, session.names(home), session.organisation(home), home.log)
            words = describer.line(fact)
            for key in ("occurred_at", "reported_at", "recorded_at"):
                moment = getattr(fact, key)
                machine[key] = f"{texts.time(moment)} {texts.say('cli.zone')}"
        data = msgspec.json.encode(machine.pop("data", None)).decode()
        machine["drill"] = texts.say("cli.yes") if machine.get("drill") else ""
        rows = [(texts.say(f"cli.fact.{name}"), str(v)) for name, v in machine.items() if v]
        rows.append((texts.say("cli.fact.data"), data))
        session.show(facts([(texts.say("cli.log.in_words"), words), *rows]))


def verify(ctx: typer.Context, as_json: Json = False) -> None:
    """Make everything again from the log and compare."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home(reactions=False) as home:
        _store(session, home)
        with session.progress("verifying") as advance:
            checks = home.verify(advance)
    if as_json:
        session.json([check._asdict() for check in checks])
    else:
        heads = [texts.say(f"cli.head.{key}") for key in ("check", "compared", "result")]
        made = table(*heads, right=(1,))
        for check in checks:
            word = texts.say("cli.log.same" if check.same else "cli.log.different")
            result = Text(word, style="green" if check.same else "bold red")
            if check.detail:
                result.append(f"\n{check.detail}", style="dim")
            made.add_row(texts.say(f"checks.{check.what}"), number(check.compared), result)
        session.show(made)
    for check in checks:
        if check.what == "readable" and not check.same:
            raise HandheldError("verify.unreadable")
    different = sum(not check.same for check in checks)
    if different:
        raise HandheldError("verify.different", count=different)
    session.say("log.all_same", count=len(checks))


def _store(session: Session, home: Home) -> None:
    """Bring everything to the log's end and store it, so that it can be compared."""
    try:
        session.catch_up(home)
    except Installation as error:
        if error.code != "fold.stopped":
            raise
        return  # the comparison names what cannot be read
    home.boards.checkpoint()
    home.organisation.checkpoint()


def export(
    ctx: typer.Context,
    form: Annotated[
        str, typer.Option("--format", metavar="cloudevents", help=help_text("log.format"))
    ] = "cloudevents",
    after: After = 0,
) -> None:
    """Export the log as JSON, one fact a line."""
    session = session_of(ctx)
    if form != "cloudevents":
        raise Malformed("usage.value", name="--format", command="handheld log export")
    encode = msgspec.json.Encoder().encode
    count = 0
    with session.home(reactions=False) as home:
        log_id = home.log.log_id
        end = home.log.end()
        with session.progress("exporting") as advance:
            for fact in _every(home.log, after):
                if isinstance(fact, Unreadable):
                    raise Installation("fold.stopped", **{"fold": "export", **fact._asdict()})
                sys.stdout.write(encode(cloud_event(fact, log_id)).decode() + "\n")
                count += 1
                if count % BATCH == 0:
                    advance(fact.position, end)
    if session.err.is_terminal:
        session.err.print(session.texts.say("cli.log.exported", count=number(count)))


def _every(log: Log, after: int) -> Iterator[Fact | Unreadable]:
    while rows := log.read(after, BATCH):
        yield from facts_in(rows)
        after = rows[-1][0]


def _one(log: Log, which: str) -> Fact | Unreadable:
    """The fact at a position, or of an id. Raises NotFound (`event_id.unknown`)."""
    which = which.strip()
    if which.isdecimal() and len(which) < 19:
        rows = log.read_positions([int(which)])
    else:
        stream, _, version = which.rpartition("/")
        rows = [row for row in log.read_streams([stream]) if str(row[2]) == version]
    for fact in facts_in(rows):
        return fact
    raise NotFound("event_id.unknown", event=which, end=log.end())


def _topic(fact: Fact | Unreadable) -> str:
    return fact.topic if isinstance(fact, Unreadable) else fact.event.TOPIC
