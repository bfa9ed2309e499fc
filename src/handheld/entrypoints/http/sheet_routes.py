"""For operators: sign-in sheets, one card a person, for everybody in a post of a territory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import msgspec

from handheld.application.reading.called import Called
from handheld.application.reading.named import Named
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.targets import check_roles
from handheld.entrypoints.http.admin_rows import called
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.operators import operator
from handheld.entrypoints.http.parts import Call
from handheld_events.territory import ancestors, within
from handheld_projections.organisation import Organisation, Person, Post

SHEET_MOST = 2_000
"""Cards: more than anybody hands out from one pile."""


class WhomQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which territory."""

    division: str


class RoleCount(msgspec.Struct, frozen=True):
    """How many hold a post, and how many of them are signed in nowhere."""

    role: str
    people: int
    missing: int


class Whom(msgspec.Struct, frozen=True, kw_only=True):
    """Who could be given a card."""

    people: int
    missing: int
    """Of them, signed in nowhere."""
    roles: tuple[RoleCount, ...]
    most: int
    """Cards of one sheet at most."""


class NewSheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For whom. Their earlier links that were not used end; sessions go on."""

    division: str
    role: str | None = None
    missing: bool = True
    """Only for those who are signed in nowhere."""
    days: int = 30


class CardPost(msgspec.Struct, frozen=True):
    """A post: where, and which."""

    place: str
    """The department with its place, or the divisions from the township down."""
    role: str


class SheetCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card."""

    person: Named
    number: str
    posts: tuple[CardPost, ...]
    link: str
    secret: str
    """Shown this once: the address is `/s#` with it."""
    expires_at: datetime


class Sheet(msgspec.Struct, frozen=True):
    """Cards by place and number."""

    cards: tuple[SheetCard, ...]


def _whom(call: Call) -> Whom:
    operator(call)
    organisation = call.home.organisation.known()
    found = list(_people(organisation, _known(organisation, call.query.division)))
    signed_in = _signed_in(call)
    roles: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for person, posts in found:
        for role in {post.role for post in posts}:
            roles[role] += 1
            missing[role] += person.stream not in signed_in
    return Whom(
        people=len(found),
        missing=sum(person.stream not in signed_in for person, _ in found),
        roles=tuple(RoleCount(role, roles[role], missing[role]) for role in sorted(roles)),
        most=SHEET_MOST,
    )


def _issue(call: Call) -> Answer:
    by, said = operator(call), call.body
    organisation, names = call.home.organisation.known(), called(call)
    division = _known(organisation, said.division)
    if said.role is not None:
        check_roles(said.role)
    signed_in = _signed_in(call) if said.missing else frozenset[str]()
    whom = {
        person.stream: person
        for person, posts in _people(organisation, division)
        if person.stream not in signed_in
        and (said.role is None or any(post.role == said.role for post in posts))
    }
    if not whom:
        raise NotFound("link.nobody_there")
    if len(whom) > SHEET_MOST:
        raise Malformed("link.too_many", count=len(whom), most=SHEET_MOST)
    # By place, as they are handed out; whoever reads a name reads it before a link is kept.
    order = sorted(whom.values(), key=lambda one: (one.posts[0].division, one.stream))
    named = {one.stream: names.person(one.stream) for one in order}
    made = call.home.access.issue_links([one.stream for one in order], said.days, by=by)
    cards = tuple(
        SheetCard(
            person=named[one.person],
            number=one.person.removeprefix("person-"),
            posts=tuple(_post(names, post) for post in whom[one.person].posts),
            link=one.link,
            secret=one.secret,
            expires_at=one.expires_at,
        )
        for one in made
    )
    return Answer(Sheet(cards), 201, headers=(("cache-control", "no-store"),))


def _known(organisation: Organisation, division: str) -> str:
    if division not in organisation.divisions:
        raise NotFound("division.unknown", division=division[:15])
    return division


def _people(organisation: Organisation, division: str) -> Iterator[tuple[Person, list[Post]]]:
    """Whoever has a post in the territory, with those posts."""
    for person in organisation.people.values():
        posts = [post for post in person.posts if within(post.division, division)]
        if posts and not person.erased:
            yield person, posts


def _signed_in(call: Call) -> frozenset[str]:
    return frozenset(one.actor for one in call.home.access.sessions())


def _post(names: Called, post: Post) -> CardPost:
    organisation = names.look.organisation
    known = [names.place(code).name for code in ancestors(post.division)]
    words = " ".join(name for name in known[1:] or known if name)
    department = organisation.departments.get(post.department or "")
    place = words if department is None else f"{department.name} ({words})"
    return CardPost(place, post.role)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/links/whom",
        name="link_whom",
        summary="Who could be given a sign-in card 可发登录码的人员",
        tag="administration",
        run=_whom,
        query=WhomQuery,
        answers=Whom,
        problems=(403, 404),
    ),
    Endpoint(
        method="POST",
        path="/links/sheets",
        name="issue_sheet",
        summary="Issue a sheet of sign-in cards 印发登录码",
        tag="administration",
        run=_issue,
        body=NewSheet,
        answers=Sheet,
        status=201,
        problems=(403, 404),
        examples={"heads": {"division": "330825101", "role": "grid_head", "days": 30}},
    ),
)
