"""For operators: accounts, sign-in links, the audit, and registers taken in from files."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from handheld.adapters.tables import read_departments, read_divisions, read_people
from handheld.application.access.identity import AccountRole
from handheld.application.access.records import AccountShown, LinkShown, Note, SessionShown
from handheld.application.importing import (
    ImportPlan,
    RowErrors,
    plan_departments,
    plan_divisions,
    plan_people,
)
from handheld.bootstrap import Home
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.entrypoints.http.bodies import bytes_of, check_media
from handheld.entrypoints.http.commands import carry_out_as
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.keys import command_key
from handheld.entrypoints.http.organisation_routes import Several
from handheld.entrypoints.http.parts import Call

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_MOST = 64 * 1024 * 1024
LINKS_MOST = 20_000
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


class WhoseQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose."""

    person: str | None = None
    account: str | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or would do."""

    new: int
    changed: int
    unchanged: int
    dry_run: bool
    position: int | None
    """Of the last fact; None where nothing was recorded."""


class ImportQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How."""

    dry_run: bool = False
    """Only say what it would do."""


def _operator(call: Call) -> str:
    """Who administers, for the audit. Raises NotAllowed (`access.operator_only`)."""
    if call.who.role != "operator":
        raise NotAllowed("access.operator_only")
    return call.who.account or call.who.actor


def _registered(call: Call, person: str) -> str:
    known = call.home.organisation.known().people.get(person)
    if known is None or known.erased:
        raise NotFound("person.unknown", person=person)
    return person


def _accounts(call: Call) -> Several[AccountShown]:
    _operator(call)
    return Several(tuple(call.home.access.accounts()))


def _create(call: Call) -> Answer:
    by, said = _operator(call), call.body
    person = None if said.person is None else _registered(call, said.person)
    password = call.home.access.create_account(
        said.name, said.password, person=person, role=said.role, names=said.names, by=by
    )
    return Answer(Made(password=password), 201, headers=(_UNKEPT,))


def _password(call: Call) -> Answer:
    by = _operator(call)
    made = call.home.access.set_password(call.path["account"], call.body.password, by=by)
    return Answer(Made(password=made), headers=(_UNKEPT,))


def _disable(call: Call) -> Changed:
    by = _operator(call)
    return Changed(int(call.home.access.disable_account(call.path["account"], by=by)))


def _enable(call: Call) -> Changed:
    by = _operator(call)
    return Changed(int(call.home.access.enable_account(call.path["account"], by=by)))


def _sessions(call: Call) -> Several[SessionShown]:
    _operator(call)
    query: WhoseQuery = call.query
    found = call.home.access.sessions(person=query.person, account=query.account)
    return Several(tuple(found))


def _revoke(call: Call) -> Changed:
    by = _operator(call)
    return Changed(int(call.home.access.revoke(call.path["session"], by=by)))


def _revoke_person(call: Call) -> Changed:
    by = _operator(call)
    return Changed(call.home.access.revoke_person(call.path["person"], by=by))


def _issue(call: Call) -> Answer:
    by, said = _operator(call), call.body
    if len(said.persons) > LINKS_MOST:
        raise Malformed("request.commands", count=len(said.persons), most=LINKS_MOST)
    persons = [_registered(call, person) for person in said.persons]
    made = call.home.access.issue_links(persons, said.days, by=by)
    links = tuple(
        NewLink(person=one.person, secret=one.secret, link=one.link, expires_at=one.expires_at)
        for one in made
    )
    return Answer(Several(links), 201, headers=(_UNKEPT,))


def _links(call: Call) -> Several[LinkShown]:
    _operator(call)
    person = call.query.person
    return Several(tuple(call.home.access.links(None if person is None else [person])))


def _revoke_link(call: Call) -> Changed:
    by = _operator(call)
    return Changed(int(call.home.access.revoke_link(call.path["link"], by=by)))


def _audit(call: Call) -> Several[Note]:
    _operator(call)
    query: AuditQuery = call.query
    if not 1 <= query.limit <= 1_000:
        raise Malformed("timeline.limit", limit=query.limit, most=1_000)
    found = call.home.access.audit(
        query.limit, before=query.before, account=query.account, person=query.person
    )
    return Several(tuple(found))


# --- registers from files ------------------------------------------------------------------------

Plan = Callable[[Home, Path, bool], ImportPlan]


def _plan_divisions(home: Home, path: Path, dry_run: bool) -> ImportPlan:
    errors = RowErrors()
    return plan_divisions(read_divisions(path, errors), home.organisation.known(), errors)


def _plan_departments(home: Home, path: Path, dry_run: bool) -> ImportPlan:
    errors = RowErrors()
    return plan_departments(read_departments(path, errors), home.organisation.known(), errors)


def _plan_people(home: Home, path: Path, dry_run: bool) -> ImportPlan:
    errors = RowErrors()
    entries = read_people(path, errors)
    known = home.organisation.known()
    return plan_people(entries, known, home.keyring, dry_run=dry_run, errors=errors)


def _import(what: str, summary: str, plan: Plan) -> Endpoint:
    async def run(call: Call) -> Taken:
        _operator(call)
        key = command_key(call.request.headers.get("idempotency-key"))
        media = check_media(call.request, CSV, XLSX)
        raw = await bytes_of(call.request, FILE_MOST)
        dry_run = call.query.dry_run
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(None, _planned, plan, call.home, raw, media, dry_run)
        position = None
        if found.command is not None and not dry_run:
            receipt = await carry_out_as(call, key, found.command)
            position = receipt.last
        return Taken(
            new=found.new,
            changed=found.changed,
            unchanged=found.unchanged,
            dry_run=dry_run,
            position=position,
        )

    return Endpoint(
        method="POST",
        path=f"/imports/{what}",
        name=f"import_{what}",
        summary=summary,
        tag="administration",
        run=run,
        raw=CSV,
        raw_also=(XLSX,),
        query=ImportQuery,
        answers=Taken,
        most=FILE_MOST,
        takes_key=True,
        problems=(409, 422, 503),
    )


def _planned(plan: Plan, home: Home, raw: bytes, media: str, dry_run: bool) -> ImportPlan:
    """The tables' readers take files; this one is gone when it was read."""
    with tempfile.TemporaryDirectory(prefix="handheld-import-") as folder:
        path = Path(folder) / ("table.xlsx" if media == XLSX else "table.csv")
        path.write_bytes(raw)
        return plan(home, path, dry_run)


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
        "GET", "/accounts", "accounts", "Accounts 账号", _accounts, answers=Several[AccountShown]
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
        query=WhoseQuery,
        answers=Several[SessionShown],
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
        answers=Several[LinkShown],
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
        answers=Several[Note],
    ),
    _import("divisions", "Take divisions in from a table 导入区划", _plan_divisions),
    _import("departments", "Take departments in from a table 导入部门", _plan_departments),
    _import("people", "Take people in from a table 导入人员", _plan_people),
)
