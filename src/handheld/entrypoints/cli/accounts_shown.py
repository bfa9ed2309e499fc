"""Accounts, sessions, links and the audit, as tables."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.table import Table

from handheld.application.access.records import (
    AccountShown,
    LinkShown,
    Note,
    SessionShown,
)
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import clean, number, one_line, table
from handheld.texts import Texts


def account_fields(account: AccountShown) -> dict[str, object]:
    """An account for scripts."""
    fields = msgspec.structs.asdict(account)
    return {"account": fields.pop("name"), **fields}


def accounts(session: Session, found: Sequence[AccountShown]) -> Table:
    """All accounts."""
    texts = session.texts
    heads = ("name", "person", "role", "state", "sessions")
    made = table(
        *_heads(texts, heads),
        title=texts.say("cli.account.title", count=number(len(found))),
        right=(4,),
    )
    for one in found:
        made.add_row(
            clean(one.name),
            _who(one.person),
            _role(texts, one),
            _state(texts, one),
            str(one.sessions),
        )
    return made


def _role(texts: Texts, account: AccountShown) -> str:
    if account.role is None:
        return texts.say("cli.account.by_posts")
    if account.role == "operator":
        return texts.say("cli.account.operator")
    return texts.say("cli.account.analyst_names" if account.names else "cli.account.analyst")


def _state(texts: Texts, account: AccountShown) -> str:
    if account.disabled_at is not None:
        return texts.say("cli.account.disabled_since", time=texts.time(account.disabled_at))
    if account.locked:
        until = account.locked_until
        return texts.say("cli.account.locked_until", time=texts.time(until) if until else "")
    return texts.say("cli.account.in_use")


def sessions(session: Session, found: Sequence[SessionShown], count: int) -> Table:
    """Sessions, the one used last first."""
    texts = session.texts
    made = table(
        *_heads(texts, ("session", "who", "device", "seen", "ends")),
        title=texts.say("cli.account.sessions_title", count=number(count)),
    )
    for one in found:
        kind = "" if one.device_kind is None else texts.say(f"cli.device_kinds.{one.device_kind}")
        made.add_row(
            one.session,
            clean(one.account or _who(one.actor)),
            one_line(f"{kind} {one.device_name or one.device or ''}"),
            texts.time(one.seen_at),
            texts.time(one.ends_at),
        )
    return made


def audit(session: Session, found: Sequence[Note]) -> Table:
    """Lines of the audit."""
    texts = session.texts
    made = table(
        *_heads(texts, ("at", "what", "who", "session", "where")),
        title=texts.say("cli.account.audit_title"),
    )
    for one in found:
        made.add_row(
            texts.time(one.at),
            texts.say(f"cli.account.whats.{one.what}"),
            clean(one.account or _who(one.person)),
            one.session or one.link or "",
            clean(one.address or ""),
        )
    return made


def links(session: Session, found: Sequence[LinkShown], count: int) -> Table:
    """Links, the latest first."""
    texts = session.texts
    heads = [texts.say(f"cli.link.{key}") for key in ("link", "person", "state", "until")]
    made = table(*heads, title=texts.say("cli.link.title", count=number(count)))
    for one in found:
        state = texts.say(f"cli.link.states.{one.state}")
        made.add_row(one.link, _who(one.person), state, texts.time(one.expires_at))
    return made


def say_more(session: Session, count: int, limit: int) -> None:
    """How many rows were left out."""
    if limit and count > limit:
        session.say("more", count=number(count - limit))


def _heads(texts: Texts, keys: Sequence[str]) -> list[str]:
    return [texts.say(f"cli.account.{key}") for key in keys]


def _who(person: str | None) -> str:
    return (person or "").removeprefix("person-")
