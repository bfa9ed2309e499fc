"""For operators: accounts, sessions, sign-in links, the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import asdict

from handheld.adapters.codes import code_svg
from handheld.application.access.identity import AccountRole
from handheld.application.access.records import LinkBatch
from handheld.domain.errors import Malformed, NotFound
from handheld.entrypoints.http.admin_rows import (
    AccountListed,
    LinkListed,
    NoteListed,
    SessionListed,
    Sessions,
    called,
    matching,
    who_of,
)
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.operators import operator
from handheld.entrypoints.http.organisation_routes import Several
from handheld.entrypoints.http.parts import Call

LINKS_MOST = 20_000
CODES_MOST = 200
CODE_LONGEST = 400
"""Characters of an address."""
_UNKEPT = ("cache-control", "no-store")


class NewAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account to be made."""

    name: str
    password: str | None = None
    """None: one is made, and shown this once."""
    person: str | None = None
    """The person stream; None for an operator."""
    role: AccountRole | None = None
    names: bool = False
    """Whether an analyst may see names."""

    def __repr__(self) -> str:
        return "NewAccount()"


class AccountPassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another password for an account."""

    password: str | None = None
    """None: one is made, and shown this once."""

    def __repr__(self) -> str:
        return "AccountPassword()"


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What was done."""

    password: str | None = None
    """A secret, shown this once, where one was made."""


class Changed(msgspec.Struct, frozen=True):
    """Whether anything was changed, and how much."""

    count: int


class NewLinks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For whom sign-in links are wanted; their earlier ones end."""

    persons: tuple[str, ...]
    days: int = 30


class NewLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link, with its secret: shown this once."""

    person: str
    secret: str
    link: str
    expires_at: datetime


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which lines of the audit."""

    limit: int = 100
    before: int | None = None
    account: str | None = None
    person: str | None = None


class Codes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Addresses, each to be drawn as a QR code: in the body, since they hold secrets."""

    texts: tuple[str, ...]

    def __repr__(self) -> str:
        return "Codes()"


class Drawn(msgspec.Struct, frozen=True):
    """The codes as SVG, in the same order."""

    svgs: tuple[str, ...]


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which batch of links: by the time of issue."""

    issued_at: datetime


class SessionsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose; and words that name, number, account or device must have."""

    person: str | None = None
    account: str | None = None
    words: str = ""
    limit: int | None = None


class WhoseQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose."""

    person: str | None = None
    account: str | None = None


def _registered(call: Call, person: str) -> str:
    known = call.home.organisation.known().people.get(person)
    if known is None or known.erased:
        raise NotFound("person.unknown", person=person)
    return person


def _accounts(call: Call) -> Several[AccountListed]:
    operator(call)
    names = called(call)
    found = call.home.access.accounts()
    return Several(
        tuple(AccountListed(**asdict(one), who=who_of(names, one.person)) for one in found)
    )


def _create(call: Call) -> Answer:
    by, said = operator(call), call.body
    person = None if said.person is None else _registered(call, said.person)
    password = call.home.access.create_account(
        said.name, said.password, person=person, role=said.role, names=said.names, by=by
    )
    return Answer(Made(password=password), 201, headers=(_UNKEPT,))


def _password(call: Call) -> Answer:
    by = operator(call)
    made = call.home.access.set_password(call.path["account"], call.body.password, by=by)
    return Answer(Made(password=made), headers=(_UNKEPT,))


def _disable(call: Call) -> Changed:
    by = operator(call)
    return Changed(int(call.home.access.disable_account(call.path["account"], by=by)))


def _enable(call: Call) -> Changed:
    by = operator(call)
    return Changed(int(call.home.access.enable_account(call.path["account"], by=by)))


def _sessions(call: Call) -> Sessions:
    operator(call)
    query: SessionsQuery = call.query
    names, mine = called(call), call.who.session
    found = call.home.access.sessions(person=query.person, account=query.account)
    listed = (
        SessionListed(**asdict(one), who=who_of(names, one.actor), mine=one.session == mine)
        for one in found
    )
    return Sessions(*matching(listed, query.words, query.limit))


def _revoke(call: Call) -> Changed:
    by = operator(call)
    return Changed(int(call.home.access.revoke(call.path["session"], by=by)))


def _revoke_person(call: Call) -> Changed:
    by = operator(call)
    return Changed(call.home.access.revoke_person(call.path["person"], by=by))


def _issue(call: Call) -> Answer:
    by, said = operator(call), call.body
    if len(said.persons) > LINKS_MOST:
        raise Malformed("request.commands", count=len(said.persons), most=LINKS_MOST)
    persons = [_registered(call, person) for person in said.persons]
    made = call.home.access.issue_links(persons, said.days, by=by)
    links = tuple(
        NewLink(person=one.person, secret=one.secret, link=one.link, expires_at=one.expires_at)
        for one in made
    )
    return Answer(Several(links), 201, headers=(_UNKEPT,))


def _links(call: Call) -> Several[LinkListed]:
    operator(call)
    names, person = called(call), call.query.person
    found = call.home.access.links(None if person is None else [person])
    return Several(tuple(LinkListed(**asdict(one), who=who_of(names, one.person)) for one in found))


def _codes(call: Call) -> Answer:
    operator(call)
    said: Codes = call.body
    if len(said.texts) > CODES_MOST:
        raise Malformed("request.commands", count=len(said.texts), most=CODES_MOST)
    long = next((text for text in said.texts if not 1 <= len(text) <= CODE_LONGEST), None)
    if long is not None:
        raise Malformed("link.url", url=f"{long[:20]}…")
    return Answer(Drawn(tuple(map(code_svg, said.texts))), headers=(_UNKEPT,))


def _batches(call: Call) -> Several[LinkBatch]:
    operator(call)
    return Several(tuple(call.home.access.batches()))


def _revoke_batch(call: Call) -> Changed:
    by = operator(call)
    return Changed(call.home.access.revoke_batch(call.body.issued_at, by=by))


def _revoke_link(call: Call) -> Changed:
    by = operator(call)
    return Changed(int(call.home.access.revoke_link(call.path["link"], by=by)))


def _audit(call: Call) -> Several[NoteListed]:
    operator(call)
    query: AuditQuery = call.query
    if not 1 <= query.limit <= 1_000:
        raise Malformed("timeline.limit", limit=query.limit, most=1_000)
    found = call.home.access.audit(
        query.limit, before=query.before, account=query.account, person=query.person
    )
    names = called(call)
    return Several(tuple(NoteListed(**asdict(one), who=who_of(names, one.person)) for one in found))


def _made(method: Any, path: str, name: str, summary: str, run: Any, **more: Any) -> Endpoint:
    problems = (403, *more.pop("problems", ()))
    return Endpoint(
        method=method,
        path=path,
        name=name,
        summary=summary,
        tag="administration",
        run=run,
        problems=problems,
        **more,
    )


ENDPOINTS = (
    _made(
        "GET", "/accounts", "accounts", "Accounts 账号", _accounts, answers=Several[AccountListed]
    ),
    _made(
        "POST",
        "/accounts",
        "create_account",
        "Make an account 新建账号",
        _create,
        body=NewAccount,
        answers=Made,
        status=201,
        most=4096,
        problems=(404,),
        examples={"duty": {"name": "duty", "person": "person-330825-01"}},
    ),
    _made(
        "POST",
        "/accounts/{account}/password",
        "set_password",
        "Give an account another password 重置密码",
        _password,
        body=AccountPassword,
        answers=Made,
        most=4096,
        examples={"made": {}},
    ),
    _made(
        "POST",
        "/accounts/{account}/disable",
        "disable_account",
        "Let nobody sign in with it 停用账号",
        _disable,
        answers=Changed,
    ),
    _made(
        "POST",
        "/accounts/{account}/enable",
        "enable_account",
        "Let it be used again 启用账号",
        _enable,
        answers=Changed,
    ),
    _made(
        "GET",
        "/sessions",
        "all_sessions",
        "Sessions of anybody 登录会话",
        _sessions,
        query=SessionsQuery,
        answers=Sessions,
    ),
    _made(
        "DELETE",
        "/sessions/{session}",
        "revoke_session",
        "End a session 强制下线",
        _revoke,
        answers=Changed,
    ),
    _made(
        "DELETE",
        "/people/{person}/sessions",
        "revoke_person",
        "End all sessions and links of somebody 强制下线",
        _revoke_person,
        answers=Changed,
    ),
    _made(
        "POST",
        "/links",
        "issue_links",
        "Sign-in links for people in the field 登录码",
        _issue,
        body=NewLinks,
        answers=Several[NewLink],
        status=201,
        most=2 * 1024 * 1024,
        problems=(404,),
        examples={"one": {"persons": ["person-330825-01"], "days": 30}},
    ),
    _made(
        "GET",
        "/links",
        "links",
        "Links that were issued 登录码",
        _links,
        query=WhoseQuery,
        answers=Several[LinkListed],
    ),
    _made(
        "POST",
        "/links/codes",
        "draw_codes",
        "Addresses drawn as QR codes 二维码",
        _codes,
        body=Codes,
        answers=Drawn,
        examples={"one": {"texts": ["https://command.example/s#0123456789abcdef"]}},
    ),
    _made(
        "GET",
        "/links/batches",
        "link_batches",
        "What was issued together 登录码批次",
        _batches,
        answers=Several[LinkBatch],
    ),
    _made(
        "POST",
        "/links/batches/revoke",
        "revoke_batch",
        "End the open links of a batch 作废一批登录码",
        _revoke_batch,
        body=Batch,
        answers=Changed,
        examples={"one": {"issued_at": "2026-05-01T08:00:00Z"}},
    ),
    _made(
        "DELETE",
        "/links/{link}",
        "revoke_link",
        "End a link 作废登录码",
        _revoke_link,
        answers=Changed,
    ),
    _made(
        "GET",
        "/audit",
        "audit",
        "Who signed in, what was issued and revoked 登录审计",
        _audit,
        query=AuditQuery,
        answers=Several[NoteListed],
    ),
)
