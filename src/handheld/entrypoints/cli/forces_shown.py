"""`handheld force show` and `force list`: a task force at a glance, and all of them."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.names import Names
from handheld.application.ports import Log
from handheld.application.telling.facts import Describer, Unreadable, facts_in
from handheld.bootstrap import Home
from handheld.domain.errors import NotFound
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.options import Json, Limit, TaskForceId
from handheld.entrypoints.cli.plans import place_name
from handheld.entrypoints.cli.render import clean, facts, number, one_line, stacked, table
from handheld.entrypoints.cli.words import help_text
from handheld_projections.task_forces import ForeseenOrder, IssuedOrder, Summary, summarise

ENDED = ("closed", "cancelled")


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
    stream = arguments.task_force_stream(task_force)
    with session.home(caught_up=True) as home:
        summary = summary_of(home, stream)
        # The empty territory: people pulled in from elsewhere have their tasks there.
        count = home.boards.tier_board("", task_force=stream, drills=summary.drill).count
        if as_json:
            session.json({**msgspec.to_builtins(summary), "count": count})
            return
        names = session.names(home)
        describer = Describer(session.texts, names, session.organisation(home))
        rows = _rows(session, summary, names, describer)
    texts = session.texts
    states = texts.say("cli.list_comma").join(
        f"{texts.state(state)} {number(tasks)}"
        for state, tasks in msgspec.structs.asdict(count).items()
        if tasks and state != "overdue"
    )
    if count.overdue:
        states += f" ({texts.say('marks.overdue')} {number(count.overdue)})"
    rows.append((texts.say("cli.head.tasks"), states))
    session.show(facts(rows, title=f"{title_of(session, summary)}  {stream}"))
    for order in summary.orders.values():
        session.show("", facts(_order(session, order, describer)))
    later = [order for order in summary.foreseen.values() if summary.status == "active"]
    if later:
        session.show("", facts([(texts.say("cli.forces.later"), _later(session, later))]))


def _rows(
    session: Session, summary: Summary, names: Names, describer: Describer
) -> list[tuple[str, str]]:
    texts = session.texts
    satisfied = "" if summary.satisfied is None else texts.satisfaction(summary.satisfied)
    score = "" if summary.score is None else texts.say("cli.tasks.score", score=summary.score)
    posture = "" if summary.posture == "peacetime" else texts.named("postures", summary.posture)
    values = [
        ("division", describer.division(summary.division) + f" {summary.division}"),
        ("place", summary.place or ""),
        ("level", texts.level(summary.level)),
        ("posture", posture),
        ("plan", (summary.plan or "").removeprefix("plan-")),
        ("warning", summary.warning or ""),
        ("finding", summary.finding or ""),
        ("started", texts.time(summary.started_at)),
        ("started_by", names.name(summary.started_by)),
        ("commander", names.label(summary.commander) if summary.commander else ""),
        ("departments", _departments(session, summary, describer)),
        ("pulled_in", number(summary.pulled_in) if summary.pulled_in else ""),
        ("entries", number(summary.entries) if summary.entries else ""),
        ("messages", number(summary.messages) if summary.messages else ""),
        ("questions", "\n".join(summary.questions)),
        ("ended", "" if summary.ended_at is None else texts.time(summary.ended_at)),
        ("outcome", summary.outcome or ""),
        ("rated", satisfied),
        ("evaluated", score),
        ("archived", texts.say("cli.yes") if summary.archived else ""),
    ]
    shown = [(texts.say(f"cli.forces.{key}"), value) for key, value in values]
    shown.append((texts.say("cli.head.status"), texts.status(summary.status)))
    return shown


def _departments(session: Session, summary: Summary, describer: Describer) -> str:
    texts = session.texts
    said = []
    for line in summary.departments.values():
        what = texts.say(f"parts.{line.part}")
        if line.accepted_at is not None:
            time = texts.time(line.accepted_at)
            what += texts.say("cli.comma") + texts.say("cli.forces.department_accepted", time=time)
        words = texts.say("cli.aside", text=what)
        said.append(f"{describer.department(line.department)}{words}")
    return "\n".join(said)


def _order(session: Session, order: IssuedOrder, describer: Describer) -> list[tuple[str, str]]:
    texts = session.texts
    claimed = ""
    if order.open_to is not None:
        claimed = texts.say("cli.forces.claimed", claimed=order.claimed, places=order.open_to)
    marks = [
        texts.say("marks.withdrawn") if order.withdrawn else "",
        texts.say("cli.forces.amended", number=order.amended) if order.amended else "",
        claimed,
        _called_at(session, order),
        texts.say("cli.forces.passed_on") if order.passed_on_from else "",
    ]
    form = texts.say("cli.list_comma").join(field.label for field in order.form)
    return [
        (texts.say("cli.head.order"), order.order),
        (texts.say("cli.head.text"), order.text),
        (texts.say("cli.head.steps"), describer.steps(order.steps)),
        (texts.say("cli.tasks.form"), form),
        (texts.say("cli.tasks.marks"), texts.say("cli.list_comma").join(m for m in marks if m)),
        (texts.say("cli.head.tasks"), number(order.tasks)),
        (texts.say("cli.head.vacant"), number(order.vacant_count) if order.vacant_count else ""),
        *(
            (texts.say(f"cli.forces.{key}"), texts.time(at))
            for key, at in (("accept_by", order.accept_by), ("report_by", order.report_by))
            if at is not None
        ),
    ]


def _called_at(session: Session, order: IssuedOrder) -> str:
    level = session.texts.level(order.called_at_level)
    return session.texts.say("cli.when.level", level=level) if level else ""


def _later(session: Session, orders: list[ForeseenOrder]) -> str:
    texts = session.texts
    said = []
    for order in orders:
        if order.at is not None:
            when = texts.say("cli.when.at", time=texts.time(order.at))
        else:
            when = texts.say("cli.when.level", level=texts.level(order.level))
        said.append(f"{when}{texts.say('cli.colon')}{one_line(order.text)}")
    return "\n".join(said)


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
        organisation = session.organisation(home)
    found = [summary for summary in newest if summary.status not in ENDED]
    ended = [summary for summary in newest if summary.status in ENDED]
    ended.sort(key=lambda summary: summary.ended_at or summary.started_at, reverse=True)
    if everything:
        found += ended
    if as_json:
        session.json(limited(found, limit))
        return
    if not found:
        if ended:
            session.say("forces.only_closed", count=number(len(ended)))
        else:
            session.say("forces.none")
        return
    heads = [texts.say(f"cli.head.{key}") for key in ("title", "status", "tasks", "started")]
    made = table(*heads, title=texts.say("cli.forces.title"), right=(2,))
    for summary in limited(found, limit):
        level = f"  {texts.level(summary.level)}" if summary.level else ""
        place = place_name(summary.division, organisation)
        made.add_row(
            f"{title_of(session, summary)}{level}\n{place}\n{summary.task_force}",
            texts.status(summary.status),
            number(sum(order.tasks for order in summary.orders.values())),
            stacked(texts.time(summary.started_at)),
        )
    session.show(made)
    if limit and len(found) > limit:
        session.say("more", count=number(len(found) - limit))
    if ended and not everything:
        session.say("forces.closed_too", count=number(len(ended)))


def title_of(session: Session, summary: Summary) -> str:
    """The title, marked where it is a drill."""
    mark = session.texts.say("cli.drill_mark") if summary.drill else ""
    return clean(f"{one_line(summary.title)}{mark}")
