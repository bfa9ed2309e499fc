"""`handheld link`: sign-in by a code on paper, for people in the field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

import handheld.entrypoints.cli.accounts_shown as shown
import handheld.entrypoints.cli.arguments as arguments
from handheld.adapters.link_sheets import Card, Sheet
from handheld.application.access.records import IssuedLink
from handheld.application.access.rules import LINK_DAYS, LINK_DAYS_MOST
from handheld.application.access.service import Access
from handheld.application.names import Names
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.targets import check_roles
from handheld.entrypoints.cli.context import Session, limited, session_of
from handheld.entrypoints.cli.options import Json, Limit
from handheld.entrypoints.cli.render import clean, number
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld_events.territory import ancestors, within
from handheld_projections.organisation import Organisation, Post

Persons = Annotated[
    list[str] | None, typer.Option("--person", metavar="PERSON", help=help_text("link.person"))
]
Division = Annotated[
    str | None, typer.Option("--division", metavar="CODE", help=help_text("link.division"))
]
Role = Annotated[str | None, typer.Option("--role", metavar="ROLE", help=help_text("link.role"))]

LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))
"""Hosts that are reached without TLS: nobody listens on the way."""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("link")
    command(commands, "issue", "link.issue")(issue)
    command(commands, "list", "link.list")(list_)
    command(commands, "revoke", "link.revoke")(revoke)
    app.add_typer(commands, name="link")


def issue(
    ctx: typer.Context,
    person: Persons = None,
    division: Division = None,
    role: Role = None,
    missing: Annotated[bool, typer.Option("--missing", help=help_text("link.missing"))] = False,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help=help_text("link.url"))
    ] = None,
    days: Annotated[
        int,
        typer.Option(
            "--days", metavar="NUMBER", min=1, max=LINK_DAYS_MOST, help=help_text("link.days")
        ),
    ] = LINK_DAYS,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=help_text("link.out"))
    ] = None,
    as_json: Json = False,
) -> None:
    """Issue links, one a person."""
    session = session_of(ctx, as_json)
    base = _base(session, url)
    sheet = None if out is None else Sheet(out)
    with session.beside() as beside, session.access() as access:
        organisation = session.known = beside.organisation
        whom = _whom(organisation, person, division, role)
        if missing:
            signed_in = {one.actor for one in access.sessions()}
            whom = [one for one in whom if one not in signed_in]
        if not whom:
            raise NotFound("link.nobody")
        names = Names(organisation, beside.keyring, session.texts)
        # Names are opened before anything is kept: a link that cannot be shown is lost.
        labels = {one: clean(names.label(one)) for one in whom} if sheet is None else {}
        if sheet is None:
            made = access.issue_links(whom, days)
        else:
            made = _onto(sheet, session, access, (whom, days), (base, names, organisation))
    if as_json:
        session.json(
            {
                "path": None if out is None else str(out),
                "links": [_fields(one, base, secret=out is None) for one in made],
            }
        )
        return
    until = f"{session.texts.time(made[0].expires_at)} {session.texts.say('cli.zone')}"
    session.say("link.issued", count=number(len(made)), time=until)
    if out is not None:
        session.say("link.written", path=out)
        return
    for one in made:
        session.out.print(f"{labels[one.person]}  {_url(base, one)}", soft_wrap=True)


def _onto(
    sheet: Sheet,
    session: Session,
    access: Access,
    issued: tuple[Sequence[str], int],
    about: tuple[str, Names, Organisation],
) -> list[IssuedLink]:
    """Write the sheet first: links hold once it is on the disk, and without it nothing changes."""
    with sheet, session.progress("sheets") as advance:

        def write(made: Sequence[IssuedLink]) -> None:
            cards = [_card(one, *about) for one in made]
            sheet.write(cards, session.texts.language, advance)

        made = access.issue_links(*issued, before=write)
        sheet.put_in_place()
    return made


def list_(
    ctx: typer.Context,
    person: Persons = None,
    division: Division = None,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """List links."""
    session = session_of(ctx, as_json)
    whom = None if person is None and division is None else _asked(session, person, division)
    with session.access() as access:
        found = access.links(whom)
    if as_json:
        session.json(limited(found, limit))
    elif not found:
        session.say("link.none")
    else:
        session.show(shown.links(session, limited(found, limit), len(found)))
        shown.say_more(session, len(found), limit)


def revoke(
    ctx: typer.Context,
    link: Annotated[
        str | None, typer.Option("--link", metavar="LINK", help=help_text("link.link"))
    ] = None,
    person: Persons = None,
    division: Division = None,
    as_json: Json = False,
) -> None:
    """End unused links."""
    session = session_of(ctx, as_json)
    if (link is None) == (person is None and division is None):
        raise Malformed("link.which")
    whom = [] if link is not None else _asked(session, person, division)
    with session.access() as access:
        ended = int(access.revoke_link(link)) if link is not None else access.revoke_links(whom)
    if as_json:
        session.json({"ended": ended})
    else:
        session.say("link.revoked", count=ended)


def _asked(session: Session, person: list[str] | None, division: str | None) -> list[str]:
    with session.beside() as beside:
        session.known = beside.organisation
        return _whom(beside.organisation, person, division, None)


def _whom(
    organisation: Organisation, given: list[str] | None, division: str | None, role: str | None
) -> list[str]:
    """Streams of the people meant, by number. Raises Malformed (`link.whom`), NotFound."""
    if given is None and division is None:
        raise Malformed("link.whom")
    found = [arguments.known_person(one, organisation) for one in given or ()]
    gone = [one for one in found if organisation.people[one].erased]
    if gone:
        raise NotFound("person.unknown", person=gone[0])
    if division is None:
        if role is not None:
            raise Malformed("link.whom")
        return found
    code = arguments.known_division(division, organisation)
    wanted = None if role is None else arguments.role(role)
    if wanted is not None:
        check_roles(wanted)
    below = sorted(
        person.stream
        for person in organisation.people.values()
        if not person.erased
        and any(
            within(post.division, code) and wanted in (None, post.role) for post in person.posts
        )
    )
    return list(dict.fromkeys([*found, *below]))


def _base(session: Session, url: str | None) -> str:
    """The address of the server, without what would follow. Raises Malformed."""
    if url is None:
        origins: Iterable[str] = session.configured().resolved.settings.origins
        url = next(iter(origins), None)
    if url is None:
        raise Malformed("link.url_missing")
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Malformed("link.url", url=url[:120]) from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if not (safe and host and plain and url.strip().isascii()) or " " in url.strip():
        raise Malformed("link.url", url=url[:120])
    return url.strip().rstrip("/")


def _url(base: str, link: IssuedLink) -> str:
    """What follows `#` is sent to no server, and stands in no server's log."""
    return f"{base}/s#{link.secret}"


def _fields(link: IssuedLink, base: str, *, secret: bool) -> dict[str, object]:
    fields: dict[str, object] = {
        "link": link.link,
        "person": link.person,
        "expires_at": link.expires_at,
    }
    return {**fields, "url": _url(base, link)} if secret else fields


def _card(link: IssuedLink, base: str, names: Names, organisation: Organisation) -> Card:
    known = organisation.people[link.person]
    found = names.of(link.person)
    return Card(
        number=link.person.removeprefix("person-"),
        name=clean((found.name if found is not None else None) or names.name(link.person)),
        synthetic=known.synthetic,
        posts=[(_place(post, organisation), post.role) for post in known.posts],
        link=_url(base, link),
        until=link.expires_at,
    )


def _place(post: Post, organisation: Organisation) -> str:
    """Where a post is: the department, or the divisions from the township down."""
    department = organisation.departments.get(post.department or "")
    codes = ancestors(post.division)
    named = [organisation.divisions[code].name for code in codes if code in organisation.divisions]
    words = " ".join(named[1:] or named)
    return clean(f"{department.name} ({words})" if department is not None else words)
