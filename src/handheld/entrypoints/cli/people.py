"""`handheld people`: import, generate, show, list, erase."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.adapters.tables import read_people
from handheld.application.importing import ImportPlan, RowErrors, plan_people
from handheld.application.names import Names
from handheld.bootstrap import Home
from handheld.domain.errors import Malformed
from handheld.domain.register import ErasePerson, ImportDivisions
from handheld.domain.targets import check_roles
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.options import (
    As,
    CommandId,
    DryRun,
    Json,
    Limit,
    PersonNumber,
    Reason,
)
from handheld.entrypoints.cli.receipts import receipt_fields, report
from handheld.entrypoints.cli.render import clean, facts, number, table
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld.synthetic import grids as synthetic_grids
from handheld.synthetic import people as synthetic_people
from handheld_events.territory import within
from handheld_projections.organisation import Organisation, Person, Post


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("people")
    command(commands, "import", "people.import")(import_)
    command(commands, "generate", "people.generate")(generate)
    command(commands, "show", "people.show")(show)
    command(commands, "list", "people.list")(list_)
    command(commands, "erase", "people.erase")(erase)
    app.add_typer(commands, name="people")


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=help_text("people.file"))],
    dry_run: DryRun = False,
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Import people and posts from a CSV or XLSX file."""
    session = session_of(ctx, as_json)
    errors = RowErrors()
    with session.working("reading"):
        entries = read_people(file, errors)
    with session.home() as home:
        with session.working("checking"):
            plan = plan_people(
                entries, session.organisation(home), home.keyring, dry_run=dry_run, errors=errors
            )
        fields = _write(session, home, plan, actor)
    counts = _counts(plan)
    if as_json:
        session.json({"dry_run": dry_run, **counts, **fields})
        return
    shown = {name: number(count) for name, count in counts.items()}
    session.say("people.dry_run" if dry_run else "people.imported", **shown)


def generate(
    ctx: typer.Context,
    contacts: Annotated[
        int, typer.Option("--contacts", metavar="NUMBER", help=help_text("people.contacts"))
    ],
    grids: Annotated[
        int | None, typer.Option("--grids", metavar="NUMBER", help=help_text("people.grids"))
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help=help_text("people.seed"))] = 1,
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Make synthetic people, each marked so, for demos and drills."""
    session = session_of(ctx, as_json)
    if contacts < 0:
        raise Malformed("synthetic.contacts", contacts=contacts)
    with session.home() as home:
        if any(not person.synthetic for person in session.organisation(home).people.values()):
            raise Malformed("synthetic.real_people", path=str(session.data))
        made_grids = 0
        if grids is not None:
            organisation = session.organisation(home)
            rows = synthetic_grids(tuple(organisation.divisions.values()), grids, seed)
            with session.working("writing"):
                session.execute(home, ImportDivisions(rows=tuple(rows)), actor)
            made_grids = len(rows)
        organisation = session.organisation(home)
        with session.working("generating"):
            entries = synthetic_people(organisation, seed, contacts=contacts)
        with session.working("sealing"):
            plan = plan_people(entries, organisation, home.keyring)
        fields = _write(session, home, plan, actor)
    if as_json:
        session.json({"grids": made_grids, **_counts(plan), **fields})
        return
    if made_grids:
        session.say("people.grids", grids=number(made_grids))
    session.say("people.generated", new=number(plan.new))


def _write(session: Session, home: Home, plan: ImportPlan, actor: str) -> dict[str, object]:
    if plan.command is None:
        return {}
    with session.working("writing"):
        receipt = session.execute(home, plan.command, actor)
    session.catch_up(home)
    return receipt_fields(receipt)


def _counts(plan: ImportPlan) -> dict[str, int]:
    return {"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged}


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
    stream = arguments.person_stream(person)
    with session.home() as home:
        erasure = ErasePerson(person=stream, reason=reason)
        receipt = session.execute(home, erasure, actor, command_id=command_id)
        # After the log has taken it, and again if it had before: a key must not survive a crash.
        home.erase_keys(stream)
    report(session, receipt, person=stream)
    if receipt.outcome == "accepted":
        session.say("people.erased", person=stream.removeprefix("person-"))


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
