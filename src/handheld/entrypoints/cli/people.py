"""`handheld people`: import, generate, show, list, erase."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
import handheld.entrypoints.cli.people_taken_in as taken_in
from handheld.application.names import Names
from handheld.bootstrap import Home
from handheld.domain.register import ErasePerson
from handheld.domain.targets import check_roles
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.options import (
    As,
    CommandId,
    Json,
    Limit,
    PersonNumber,
    Reason,
)
from handheld.entrypoints.cli.receipts import report
from handheld.entrypoints.cli.render import clean, facts, number, one_line, table
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld_events.territory import within
from handheld_projections.organisation import Organisation, Person, Post

TASKS_SHOWN = 10
"""Open tasks of somebody erased that are listed."""
TEXT_SHOWN = 30
"""Characters of an order's text that are quoted."""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("people")
    taken_in.register(commands)
    command(commands, "show", "people.show")(show)
    command(commands, "list", "people.list")(list_)
    command(commands, "erase", "people.erase")(erase)
    app.add_typer(commands, name="people")


def show(ctx: typer.Context, person: PersonNumber, as_json: Json = False) -> None:
    """Show a person."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home() as home:
        organisation = session.organisation(home)
        known = organisation.people[arguments.known_person(person, organisation)]
        names = session.names(home)
        if as_json:
            session.json(_machine(known, names))
            return
        found = names.of(known.stream)  # opened while the keyring is
    phone = (found.phone if found else None) or ""
    session.show(
        facts(
            [
                (texts.say("cli.head.person"), known.stream.removeprefix("person-")),
                (texts.say("cli.head.person_name"), names.name(known.stream)),
                (texts.say("cli.head.phone"), texts.say("cli.erased") if known.erased else phone),
                *(
                    (texts.say("cli.head.posts"), _post(session, post, organisation))
                    for post in known.posts
                ),
                (
                    texts.say("cli.people.households"),
                    texts.say("cli.list_comma").join(known.households),
                ),
            ]
        )
    )


def list_(
    ctx: typer.Context,
    division: Annotated[
        str | None, typer.Option("--division", metavar="CODE", help=help_text("people.division"))
    ] = None,
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help=help_text("people.role"))
    ] = None,
    department: Annotated[
        str | None,
        typer.Option("--department", metavar="KEY", help=help_text("people.department")),
    ] = None,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """List people."""
    session = session_of(ctx, as_json)
    texts = session.texts
    with session.home() as home:
        organisation = session.organisation(home)
        if division is not None:
            division = arguments.known_division(division, organisation)
        if role is not None:
            role = arguments.role(role)
            check_roles(role)
        if department is not None:
            department = arguments.known_department(department, organisation)
        found = list(_matching(organisation.people.values(), division, role, department))
        names = session.names(home)
        if as_json:
            session.json([_machine(person, names) for person in limited(found, limit)])
            return
        heads = [texts.say(f"cli.head.{key}") for key in ("person", "person_name", "posts")]
        made = table(*heads, title=texts.say("cli.people.title", count=number(len(found))))
        for person in limited(found, limit):
            posts = "\n".join(_post(session, post, organisation) for post in person.posts)
            name = clean(names.name(person.stream))
            made.add_row(person.stream.removeprefix("person-"), name, posts)
    if not found:
        session.say("people.none")
        return
    session.show(made)
    if limit and len(found) > limit:
        session.say("more", count=number(len(found) - limit))


def erase(
    ctx: typer.Context,
    person: PersonNumber,
    reason: Reason,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Erase a person's name and phone."""
    session = session_of(ctx, as_json)
    with session.home(caught_up=True) as home:
        stream = arguments.person_stream(person)
        erasure = ErasePerson(person=stream, reason=reason)
        receipt = session.execute(home, erasure, actor, command_id=command_id)
        # After the log has taken it, and again if it had before: a key must not survive a crash.
        home.erase_keys(stream)
        open_tasks = _open_tasks(home, stream)
    report(session, receipt, person=stream)
    if receipt.outcome == "accepted":
        session.say("people.erased", person=stream.removeprefix("person-"))
    if open_tasks:
        session.say("people.erased_open", count=number(len(open_tasks)))
        for task, text in open_tasks[:TASKS_SHOWN]:
            words = one_line(text)
            short = words if len(words) <= TEXT_SHOWN else f"{words[:TEXT_SHOWN]}…"
            session.say("people.erased_task", task=task, text=short)
        session.say("people.erased_todo", task=open_tasks[0][0])


def _open_tasks(home: Home, person: str) -> list[tuple[str, str]]:
    """The tasks of somebody that are not done, each with the text of its order; drills too."""
    found: list[tuple[str, str]] = []
    for drills in (False, True):
        for waiter in home.boards.waiters("", drills=drills):
            if waiter.person == person:
                order = home.boards.summary(waiter.task_force).orders.get(waiter.order)
                found.append((waiter.task, order.text if order else ""))
    return found


def _matching(
    people: Iterable[Person], division: str | None, role: str | None, department: str | None
) -> Iterable[Person]:
    for person in people:
        if (division, role, department) == (None, None, None) or any(
            (division is None or within(post.division, division))
            and role in (None, post.role)
            and department in (None, post.department)
            for post in person.posts
        ):
            yield person


def _post(session: Session, post: Post, organisation: Organisation) -> str:
    """A post in words; one of a department names it, and says where it is stationed."""
    texts = session.texts
    division = organisation.divisions.get(post.division)
    where = f"{division.name if division else ''} {post.division}"
    department = organisation.departments.get(post.department or "")
    if department is None:
        return clean(f"{texts.role(post.role)} {where}")
    if organisation.stationed(post):
        where = texts.say("cli.people.stationed", division=where)
    return clean(f"{department.name} {texts.role(post.role)} {where}")


def _machine(person: Person, names: Names) -> dict[str, object]:
    found = names.of(person.stream)
    return {
        "person": person.stream,
        "name": found.name if found else None,
        "phone": found.phone if found else None,
        "synthetic": person.synthetic,
        "erased": person.erased,
        "posts": [post._asdict() for post in person.posts],
        "households": person.households,
    }
