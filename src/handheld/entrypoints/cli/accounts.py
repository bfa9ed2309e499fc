"""`handheld account`: who signs in with a password; sessions and the audit of everybody.

Nothing here opens the log as its owner: all of it works while a server runs.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import handheld.entrypoints.cli.accounts_shown as shown
import handheld.entrypoints.cli.arguments as arguments
from handheld.application.access.identity import AccountRole
from handheld.application.access.rules import account_key
from handheld.domain.errors import Malformed, NotFound
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.options import Json, Limit
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text

Name = Annotated[str, typer.Argument(metavar="NAME", help=help_text("account.name"))]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help=help_text("account.stdin"))]
OfAccount = Annotated[
    str | None,
    typer.Option("--account", metavar="ACCOUNT", help=help_text("account.of_account")),
]
OfPerson = Annotated[
    str | None, typer.Option("--person", metavar="PERSON", help=help_text("account.of_person"))
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("account")
    command(commands, "create", "account.create")(create)
    command(commands, "list", "account.list")(list_)
    command(commands, "password", "account.password")(password)
    command(commands, "disable", "account.disable")(disable)
    command(commands, "enable", "account.enable")(enable)
    command(commands, "sessions", "account.sessions")(sessions)
    command(commands, "revoke", "account.revoke")(revoke)
    command(commands, "audit", "account.audit")(audit)
    app.add_typer(commands, name="account")


def create(
    ctx: typer.Context,
    name: Name,
    person: Annotated[
        str | None, typer.Option("--person", metavar="PERSON", help=help_text("account.person"))
    ] = None,
    role: Annotated[
        str | None,
        typer.Option("--role", metavar="operator|analyst", help=help_text("account.role")),
    ] = None,
    names: Annotated[bool, typer.Option("--names", help=help_text("account.names"))] = False,
    from_stdin: FromStdin = False,
    as_json: Json = False,
) -> None:
    """Make an account."""
    session = session_of(ctx, as_json)
    kind, whose = _role(role), None
    if person is not None:
        with session.beside() as beside:
            whose = arguments.known_person(person, beside.organisation)
            if beside.organisation.people[whose].erased:
                raise NotFound("person.unknown", person=whose)
    given = _password() if from_stdin else None
    with session.access() as access:
        made = access.create_account(name, given, person=whose, role=kind, names=names)
        account = next(one for one in access.accounts() if one.name == account_key(name))
    if as_json:
        session.json({**shown.account_fields(account), "password": made})
        return
    session.say("account.made", account=account.name)
    if made is not None:
        session.say("account.password", password=made)


def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """List the accounts."""
    session = session_of(ctx, as_json)
    with session.access() as access:
        found = access.accounts()
    if as_json:
        session.json([shown.account_fields(one) for one in found])
    elif not found:
        session.say("account.none")
    else:
        session.show(shown.accounts(session, found))


def password(
    ctx: typer.Context, name: Name, from_stdin: FromStdin = False, as_json: Json = False
) -> None:
    """Give an account another password."""
    session = session_of(ctx, as_json)
    given = _password() if from_stdin else None
    with session.access() as access:
        made = access.set_password(name, given)
    if as_json:
        session.json({"account": account_key(name), "password": made})
        return
    session.say("account.password_set", account=account_key(name))
    if made is not None:
        session.say("account.password", password=made)


def disable(ctx: typer.Context, name: Name, as_json: Json = False) -> None:
    """Let nobody sign in with an account."""
    session = session_of(ctx, as_json)
    with session.access() as access:
        changed = access.disable_account(name)
    _turned(session, name, "account.disabled", changed)


def enable(ctx: typer.Context, name: Name, as_json: Json = False) -> None:
    """Let an account be used again."""
    session = session_of(ctx, as_json)
    with session.access() as access:
        changed = access.enable_account(name)
    _turned(session, name, "account.enabled", changed)


def _turned(session: Session, name: str, said: str, changed: bool) -> None:
    if session.as_json:
        session.json({"account": account_key(name), "changed": changed})
    else:
        session.say(said if changed else "account.as_it_was", account=account_key(name))


def sessions(
    ctx: typer.Context,
    account: OfAccount = None,
    person: OfPerson = None,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """List who is signed in."""
    session = session_of(ctx, as_json)
    whose = None if person is None else arguments.person_stream(person)
    with session.access() as access:
        found = access.sessions(person=whose, account=account)
    if as_json:
        session.json(limited(found, limit))
    elif not found:
        session.say("account.no_sessions")
    else:
        session.show(shown.sessions(session, limited(found, limit), len(found)))
        shown.say_more(session, len(found), limit)


def revoke(
    ctx: typer.Context,
    session_id: Annotated[
        str | None, typer.Option("--session", metavar="SESSION", help=help_text("account.session"))
    ] = None,
    account: Annotated[
        str | None,
        typer.Option("--account", metavar="ACCOUNT", help=help_text("account.revoke_account")),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="PERSON", help=help_text("account.revoke_person")),
    ] = None,
    as_json: Json = False,
) -> None:
    """End sessions."""
    session = session_of(ctx, as_json)
    if len([given for given in (session_id, account, person) if given is not None]) != 1:
        raise Malformed("session.which")
    with session.access() as access:
        if session_id is not None:
            if not access.revoke(session_id):
                raise NotFound("session.not_found", session=session_id[:60])
            ended = 1
        elif account is not None:
            if all(one.name != account_key(account) for one in access.accounts()):
                raise NotFound("account.unknown", account=account_key(account)[:60])
            ended = access.revoke_account(account)
        else:
            ended = access.revoke_person(arguments.person_stream(person or ""))
    if as_json:
        session.json({"ended": ended})
    else:
        session.say("account.revoked", count=ended)


def audit(
    ctx: typer.Context,
    account: OfAccount = None,
    person: OfPerson = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help=help_text("account.limit"))
    ] = 50,
    before: Annotated[
        int | None,
        typer.Option("--before", metavar="NUMBER", min=1, help=help_text("account.before")),
    ] = None,
    as_json: Json = False,
) -> None:
    """List who signed in, who failed, what was issued and ended."""
    session = session_of(ctx, as_json)
    whose = None if person is None else arguments.person_stream(person)
    with session.access() as access:
        found = access.audit(limit, before=before, account=account, person=whose)
    if as_json:
        session.json(found)
    elif not found:
        session.say("account.no_audit")
    else:
        session.show(shown.audit(session, found))
        if len(found) == limit and found[-1].number > 1:
            session.say("account.more", number=found[-1].number)


def _role(role: str | None) -> AccountRole | None:
    match role:
        case None | "operator" | "analyst":
            return role
        case _:
            raise Malformed("account.role", role=role[:40])


def _password() -> str:
    """Raises Malformed (`password.none`)."""
    text = sys.stdin.readline().rstrip("\r\n")
    if not text:
        raise Malformed("password.none")
    return text
