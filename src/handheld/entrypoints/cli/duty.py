"""`handheld duty`: rosters, hand-over, who is on."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.reading.duty import posts_with_rosters
from handheld.domain.errors import Malformed
from handheld.domain.register_duty import HandOverDuty, SetRoster
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import As, CommandId, Json
from handheld.entrypoints.cli.receipts import receipt_fields, report
from handheld.entrypoints.cli.render import clean, number, table
from handheld.entrypoints.cli.roster_rows import rosters
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.warning_words import is_time_of_day
from handheld.entrypoints.cli.words import help_text
from handheld_events.division import Shift
from handheld_projections.organisation import Organisation, Post

Division = Annotated[
    str, typer.Option("--division", metavar="CODE", help=help_text("duty.division"))
]
Role = Annotated[str, typer.Option("--role", metavar="ROLE", help=help_text("duty.role"))]
Department = Annotated[
    str | None, typer.Option("--department", metavar="KEY", help=help_text("duty.department"))
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("duty")
    command(commands, "roster", "duty.roster")(roster)
    command(commands, "set", "duty.set")(set_)
    command(commands, "hand-over", "duty.hand_over")(hand_over)
    command(commands, "show", "duty.show")(show)
    app.add_typer(commands, name="duty")


def roster(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=help_text("duty.file"))],
    division: Annotated[
        str | None, typer.Option("--division", metavar="CODE", help=help_text("duty.all_division"))
    ] = None,
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help=help_text("duty.all_role"))
    ] = None,
    department: Department = None,
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Set rosters from a CSV or XLSX file."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        organisation = session.organisation(home)
        wanted = rosters(
            file,
            organisation,
            None if role is None else arguments.role(role),
            None if division is None else arguments.known_division(division, organisation),
            None if department is None else arguments.known_department(department, organisation),
        )
        done = []
        for each in wanted:
            receipt = session.execute(home, each, actor)
            done.append({**receipt_fields(receipt), **_machine_post(each)})
            session.say(
                "duty.set" if receipt.outcome == "accepted" else "duty.as_it_was",
                post=_post(session, Post(each.role, each.division, each.department), organisation),
                count=number(len(each.shifts)),
            )
        home.react()
    if as_json:
        session.json(done)


def set_(
    ctx: typer.Context,
    division: Division,
    role: Role,
    shift: Annotated[
        list[str] | None,
        typer.Option("--shift", metavar="PERSON,BEGINS,ENDS", help=help_text("duty.shift")),
    ] = None,
    department: Department = None,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Set the roster of one post; without shifts nobody's turn comes."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        organisation = session.organisation(home)
        post = _asked(role, division, department, organisation)
        now = home.clock.now()
        wanted = SetRoster(
            role=post.role,
            division=post.division,
            department=post.department,
            shifts=tuple(_shift(text, organisation, now) for text in shift or ()),
        )
        receipt = session.execute(home, wanted, actor, command_id=command_id)
        home.react()
    report(session, receipt, **_machine_post(wanted))


def _shift(text: str, organisation: Organisation, now: datetime) -> Shift:
    """`PERSON,BEGINS,ENDS`. Raises Malformed (`usage.shift`, `usage.time`), NotFound."""
    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    if len(parts) != 3:
        raise Malformed("usage.shift", text=text)
    begins, ends = arguments.moment(parts[1], now), arguments.moment(parts[2], now)
    if begins is None or ends is None:
        raise Malformed("usage.shift", text=text)
    if ends <= begins and is_time_of_day(parts[2]):
        ends += timedelta(days=1)
    person = arguments.known_person(parts[0], organisation)
    return Shift(person=person, begins=begins, ends=ends)


def hand_over(
    ctx: typer.Context,
    division: Division,
    role: Role,
    to: Annotated[str, typer.Option("--to", metavar="PERSON", help=help_text("duty.to"))],
    department: Department = None,
    note: Annotated[str | None, typer.Option("--note", help=help_text("duty.note"))] = None,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Somebody else is on duty from now on."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        organisation = session.organisation(home)
        post = _asked(role, division, department, organisation)
        person = arguments.known_person(to, organisation)
        wanted = HandOverDuty(
            role=post.role,
            division=post.division,
            department=post.department,
            to=person,
            note=note,
        )
        receipt = session.execute(home, wanted, actor, command_id=command_id)
        name = session.names(home).label(person)
        words = _post(session, post, organisation)
    report(session, receipt, person=person, **_machine_post(wanted))
    if receipt.outcome == "accepted":
        session.say("duty.handed_over", person=clean(name), post=words)


def show(
    ctx: typer.Context,
    division: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help=help_text("common.no_code"))
    ] = None,
    as_json: Json = False,
) -> None:
    """Who is on duty, until when, and who comes next."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        home.react()
        organisation, now = session.organisation(home), home.clock.now()
        code = None if division is None else arguments.known_division(division, organisation)
        found = posts_with_rosters(organisation, code)
        if as_json:
            session.json([_machine(organisation, post, now) for post in found])
            return
        if not found:
            session.say("duty.none")
            return
        names, texts = session.names(home), session.texts
        heads = [texts.say(f"cli.duty.{key}") for key in ("post", "on", "until", "next")]
        made = table(*heads, title=texts.say("cli.duty.title", time=texts.time(now)))
        for post in found:
            duty = organisation.duty_of(post)
            on = organisation.on_duty(*post)
            running = duty.running(now)
            until = running.ends if running is not None and running.person == on else None
            after = next((s for s in duty.shifts if s.begins > now), None)
            comes = "" if after is None else names.label(after.person)
            comes += "" if after is None else f"\n{texts.time(after.begins)}"
            made.add_row(
                _post(session, post, organisation),
                clean(texts.say("cli.duty.nobody") if on is None else names.label(on)),
                "" if until is None else texts.time(until),
                clean(comes),
            )
        session.show(made)


def _asked(role: str, division: str, department: str | None, organisation: Organisation) -> Post:
    key = None if department is None else arguments.known_department(department, organisation)
    return Post(arguments.role(role), arguments.known_division(division, organisation), key)


def _post(session: Session, post: Post, organisation: Organisation) -> str:
    """A post in words: whose, and which role."""
    department = organisation.departments.get(post.department or "")
    division = organisation.divisions.get(post.division)
    where = department.name if department else division.name if division else post.division
    return clean(f"{where} {session.texts.role(post.role)}")


def _machine_post(wanted: SetRoster | HandOverDuty) -> dict[str, str | None]:
    return {"role": wanted.role, "division": wanted.division, "department": wanted.department}


def _machine(organisation: Organisation, post: Post, now: datetime) -> dict[str, object]:
    duty = organisation.duty_of(post)
    return {
        **post._asdict(),
        "on_duty": organisation.on_duty(*post),
        "taken_at": duty.taken_at,
        "running": duty.running(now),
        "shifts": duty.shifts,
    }
