"""Accounts, sessions, links and the audit with the names of those whom they are about."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from handheld.application.access.records import AccountShown, LinkShown, Note, SessionShown
from handheld.application.reading.called import Called
from handheld.application.reading.named import Named
from handheld.entrypoints.http.parts import Call

PERSON = "person-"


class AccountListed(AccountShown, frozen=True, kw_only=True, omit_defaults=True):
    """An account, and whose it is."""

    who: Named | None = None
    """None where it is nobody's."""


class SessionListed(SessionShown, frozen=True, kw_only=True, omit_defaults=True):
    """A session, and whose it is."""

    who: Named | None = None
    mine: bool = False
    """It is the one that asks."""


class LinkListed(LinkShown, frozen=True, kw_only=True, omit_defaults=True):
    """A link, and for whom."""

    who: Named | None = None


class NoteListed(Note, frozen=True, kw_only=True, omit_defaults=True):
    """A line of the audit, and of whom it tells."""

    who: Named | None = None


class Sessions(msgspec.Struct, frozen=True):
    """Sessions, the one used last first."""

    rows: tuple[SessionListed, ...]
    count: int
    """How many match in all."""


def called(call: Call) -> Called:
    """Names as the caller may read them."""
    return Called(call.home.looking.look(), call.viewer)


def who_of(names: Called, person: str | None) -> Named | None:
    """Somebody by name; None where it is no person."""
    return names.person(person) if person is not None and person.startswith(PERSON) else None


def matching(
    rows: Iterable[SessionListed], words: str, limit: int | None
) -> tuple[tuple[SessionListed, ...], int]:
    """Those in which each word occurs, in name, number, account or device; the first of them."""
    wanted = words.casefold().split()
    found = [row for row in rows if _has(row, wanted)]
    return tuple(found if limit is None else found[:limit]), len(found)


def _has(row: SessionListed, wanted: list[str]) -> bool:
    if not wanted:
        return True
    name = row.who.name if row.who is not None else None
    said = (name, row.actor.removeprefix(PERSON), row.account, row.device_name, row.device)
    text = " ".join(part for part in said if part).casefold()
    return all(word in text for word in wanted)
