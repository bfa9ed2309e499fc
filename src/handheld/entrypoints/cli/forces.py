"""`handheld force`: entries, corrections, stand-down, close; show and list."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.ports import Log
from handheld.bootstrap import Home
from handheld.domain.ending import CloseTaskForce, StandDown
from handheld.domain.errors import NotFound
from handheld.domain.task_force import CorrectTaskForce, MakeEntry, StrikeEntry
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.facts import Unreadable, facts_in
from handheld.entrypoints.cli.options import (
    As,
    CommandId,
    FactNumber,
    Json,
    Limit,
    OccurredAt,
    Reason,
    RightText,
    RightTime,
    TaskForceId,
)
from handheld.entrypoints.cli.plans import place_name
from handheld.entrypoints.cli.receipts import report
from handheld.entrypoints.cli.render import clean, facts, number, one_line, stacked, table
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import entry_id
from handheld_events.task_force import StoodDown, TaskForceClosed
from handheld_projections.task_forces import Summary, summarise


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("force")
    command(commands, "entry", "force.entry")(entry)
    command(commands, "strike", "force.strike")(strike)
    command(commands, "correct", "force.correct")(correct)
    command(commands, "stand-down", "force.stand_down")(stand_down)
    command(commands, "close", "force.close")(close)
    command(commands, "show", "force.show")(show)
    command(commands, "list", "force.list")(list_)
    app.add_typer(commands, name="force")


def entry(
    ctx: typer.Context,
    task_force: TaskForceId,
    text: Annotated[str, typer.Option("--text", help=help_text("common.text"))],
    actor: As = arguments.OPERATOR,
    occurred_at: OccurredAt = None,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Make an entry."""
    session = session_of(ctx, as_json)
    wanted = MakeEntry(task_force=arguments.task_force_stream(task_force), text=text)
    with session.home() as home:
        identity = command_id or home.new_command_id()
        receipt = session.execute(home, wanted, actor, command_id=identity, occurred_at=occurred_at)
        session.catch_up(home)
    report(session, receipt, entry=entry_id(identity))
    session.say("forces.entry", entry=entry_id(identity))


def strike(
    ctx: typer.Context,
    task_force: TaskForceId,
    made: Annotated[str, typer.Argument(metavar="ENTRY", help=help_text("force.entry_id"))],
    reason: Reason,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Strike an entry."""
    session = session_of(ctx, as_json)
    wanted = StrikeEntry(
        task_force=arguments.task_force_stream(task_force),
        entry=f"entry-{made.strip().removeprefix('entry-')}",
        reason=reason,
    )
    _act(session, wanted, actor, command_id)


def correct(
    ctx: typer.Context,
    task_force: TaskForceId,
    version: FactNumber,
    reason: Reason,
    text: RightText = None,
    time: RightTime = None,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Correct an earlier fact of the task force."""
    session = session_of(ctx, as_json)
    wanted = CorrectTaskForce(
        task_force=arguments.task_force_stream(task_force),
        version=version,
        reason=reason,
        text=text,
    )
    _act(session, wanted, actor, command_id, right_time=time)


def stand_down(
    ctx: typer.Context,
    task_force: TaskForceId,
    reason: Reason,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Stand down."""
    session = session_of(ctx, as_json)
    wanted = StandDown(task_force=arguments.task_force_stream(task_force), reason=reason)
    _act(session, wanted, actor, command_id)


def close(
    ctx: typer.Context,
    task_force: TaskForceId,
    outcome: Annotated[str, typer.Option("--outcome", help=help_text("force.outcome"))],
    withdraw_open: Annotated[
        bool, typer.Option("--withdraw-open", help=help_text("force.withdraw_open"))
    ] = False,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Close the task force."""
    session = session_of(ctx, as_json)
    wanted = CloseTaskForce(
        task_force=arguments.task_force_stream(task_force),
        outcome=outcome,
        withdraw_open=withdraw_open,
    )
    _act(session, wanted, actor, command_id)


def _act(
    session: Session,
    wanted: StrikeEntry | CorrectTaskForce | StandDown | CloseTaskForce,
    actor: str,
    command_id: str | None,
    *,
    right_time: str | None = None,
) -> None:
    with session.home() as home:
        if isinstance(wanted, CorrectTaskForce):
            right = arguments.past(right_time, home.clock.now(), session.texts)
            wanted = msgspec.structs.replace(wanted, occurred_at=right)
        receipt = session.execute(home, wanted, actor, command_id=command_id)
        session.catch_up(home)
        withdrawn = _withdrawn(home.log, receipt.last) if receipt.outcome == "accepted" else 0
    report(session, receipt, task_force=wanted.task_force)
    if withdrawn:
        session.say("forces.withdrawn", count=number(withdrawn))


def _withdrawn(log: Log, position: int | None) -> int:
    """How many tasks were withdrawn with an end; it is the last fact of its command."""
    for fact in facts_in(log.read_positions([position or 0])):
        if not isinstance(fact, Unreadable) and isinstance(fact.event, StoodDown | TaskForceClosed):
            return fact.event.withdrawn
    return 0


def summaries(log: Log, only: str | None = None) -> dict[str, Summary]:
    """Every task force at a glance, closed ones too, oldest first."""
    rows = log.read_kinds(0, ("tf",)) if only is None else log.read_streams([only])
    found: dict[str, Summary] = {}
    for fact in facts_in(rows):
        if isinstance(fact, Unreadable) or not fact.stream.startswith("tf-"):
            continue
        summary = summarise(found.get(fact.stream), fact)
        if summary is not None:
            found[fact.stream] = summary
    return found


def summary_of(home: Home, task_force: str) -> Summary:
    """One task force. Raises NotFound (`task_force.unknown`)."""
    found = summaries(home.log, task_force).get(task_force)
    if found is None:
        raise NotFound("task_force.unknown", task_force=task_force)
    return found


def show(ctx: typer.Context, task_force: TaskForceId, as_json: Json = False) -> None:
    """Show a task force."""
    session = session_of(ctx, as_json)
    texts = session.texts
    stream = arguments.task_force_stream(task_force)
    with session.home(caught_up=True) as home:
        summary = summary_of(home, stream)
        # The empty territory: people pulled in from elsewhere have their tasks there.
        board = home.boards.tier_board("", task_force=stream, drills=summary.drill)
        if as_json:
            session.json({**msgspec.to_builtins(summary), "count": board.count})
            return
        organisation = session.organisation(home)
        started_by = session.names(home).name(summary.started_by)
    count = {str(name): value for name, value in msgspec.structs.asdict(board.count).items()}
    states = texts.say("cli.list_comma").join(
        f"{texts.state(state)} {number(tasks)}" for state, tasks in count.items() if tasks
    )
    ended = "" if summary.ended_at is None else texts.time(summary.ended_at)
    rows = [
        ("division", place_name(summary.division, organisation)),
        ("place", summary.place or ""),
        ("level", texts.level(summary.level)),
        ("plan", (summary.plan or "").removeprefix("plan-")),
        ("started", texts.time(summary.started_at)),
        ("started_by", started_by),
        ("pulled_in", number(summary.pulled_in) if summary.pulled_in else ""),
        ("entries", number(summary.entries) if summary.entries else ""),
        ("ended", ended),
        ("outcome", summary.outcome or ""),
    ]
    shown = [(texts.say(f"cli.forces.{key}"), value) for key, value in rows]
    shown.append((texts.say("cli.head.status"), texts.status(summary.status)))
    shown.append((texts.say("cli.head.tasks"), states))
    session.show(facts(shown, title=f"{title_of(session, summary)}  {stream}"))
    _orders(session, summary)


def _orders(session: Session, summary: Summary) -> None:
    texts = session.texts
    for order in summary.orders:
        by = [
            (texts.say(f"cli.forces.{key}"), texts.time(at))
            for key, at in (("accept_by", order.accept_by), ("report_by", order.report_by))
            if at is not None
        ]
        session.show("")
        session.show(
            facts(
                [
                    (texts.say("cli.head.order"), order.order),
                    (texts.say("cli.head.text"), order.text),
                    (texts.say("cli.head.tasks"), number(order.tasks)),
                    (texts.say("cli.head.vacant"), number(order.vacant_count)),
                    *by,
                ]
            )
        )


def list_(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help=help_text("force.all"))] = False,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """List the task forces."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home() as home:
        newest = list(reversed(summaries(home.log).values()))
    found = [summary for summary in newest if summary.status != "closed"]
    closed = [summary for summary in newest if summary.status == "closed"]
    closed.sort(key=lambda summary: summary.ended_at or summary.started_at, reverse=True)
    if everything:
        found += closed
    if as_json:
        session.json(limited(found, limit))
        return
    if not found:
        if closed:
            session.say("forces.only_closed", count=number(len(closed)))
        else:
            session.say("forces.none")
        return
    heads = [texts.say(f"cli.head.{key}") for key in ("title", "status", "tasks", "started")]
    made = table(*heads, title=texts.say("cli.forces.title"), right=(2,))
    for summary in limited(found, limit):
        made.add_row(
            f"{title_of(session, summary)}\n{summary.task_force}",
            texts.status(summary.status),
            number(sum(order.tasks for order in summary.orders)),
            stacked(texts.time(summary.started_at)),
        )
    session.show(made)
    if limit and len(found) > limit:
        session.say("more", count=number(len(found) - limit))
    if closed and not everything:
        session.say("forces.closed_too", count=number(len(closed)))


def title_of(session: Session, summary: Summary) -> str:
    """The title, marked where it is a drill."""
    mark = session.texts.say("cli.drill_mark") if summary.drill else ""
    return clean(f"{one_line(summary.title)}{mark}")
