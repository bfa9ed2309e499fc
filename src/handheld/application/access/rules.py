"""The rules of sign-in: names, passwords, waits, how long sessions and links hold. All pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address
from typing import Literal

from handheld.application.access.common_passwords import ROWS, common
from handheld.application.access.identity import AccountRole
from handheld.domain.errors import Malformed

PASSWORD_SHORTEST = 10
"""Characters of a password at least."""
PASSWORD_LONGEST = 256
"""Characters of a password at most: more makes it no better."""

TRIES_FREE = 5
"""Wrong passwords in a row after which an account is locked for a while."""
LOCKED_FIRST = 30
"""Seconds of the first lock; each further wrong try doubles it."""
LOCKED_LONGEST = 900
"""Seconds of the longest lock."""
TRIES_FORGOTTEN = timedelta(hours=24)
"""After so long without a wrong try, counting begins anew."""

ACCOUNT_IDLE = timedelta(hours=12)
"""A session with a password ends when it was not used for so long."""
ACCOUNT_LONGEST = timedelta(days=7)
"""A session with a password ends after so long, however much it is used."""
FIELD_IDLE = timedelta(days=180)
"""A session by link ends when it was not used for so long, unless its person has an open task."""

LINK_DAYS = 30
"""Days for which a link holds, unless somebody says otherwise."""
LINK_DAYS_MOST = 180
"""The longest that a link may hold (days)."""
REDEEM_AGAIN = timedelta(minutes=10)
"""So long the same device gets the same answer to the same link: the first one may have been lost."""
TICKET_SECONDS = 30
"""A ticket holds for so long."""

SESSIONS_MOST = 20
"""Sessions of one account at a time; a further one ends the one that was not used for longest."""
DEVICES_MOST = 50
"""Devices of one person that are remembered; those without a session make room for new ones."""

DeviceKind = Literal["phone", "tablet", "desk", "wall"]
"""手机, 平板, 电脑, 大屏."""

_NAME = re.compile(r"[^\W_][\w.-]{1,39}")
_DEVICE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_DEVICE_NAME = 40


def account_key(name: str) -> str:
    """The name of an account as it is kept: without case, full-width letters as plain ones."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def account_name(name: str) -> str:
    """The same, for a new account. Raises Malformed (`account.name`)."""
    key = account_key(name)
    if not _NAME.fullmatch(key) or key.startswith("person-"):
        raise Malformed("account.name", name=name[:60])
    return key


def account_kind(person: str | None, role: AccountRole | None, names: bool) -> AccountRole | None:
    """The role of an account. One that is nobody's is an operator's: it stands for no post.

    Raises Malformed (`account.analyst_person`, `account.names_analyst`).
    """
    if role == "analyst" and person is None:
        # Whoever is no person sees everything; an analyst sees what an analyst may.
        raise Malformed("account.analyst_person")
    if names and role != "analyst":
        raise Malformed("account.names_analyst")
    return "operator" if person is None else role


def plain_password(password: str) -> str:
    """A password as it is hashed: what an input method types full-width is the plain letter."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, name: str) -> str:
    """A new password, as it is hashed.

    Raises Malformed (`password.short`, `password.long`, `password.name`, `password.common`).
    """
    plain = plain_password(password)
    if len(plain) < PASSWORD_SHORTEST:
        raise Malformed("password.short", least=PASSWORD_SHORTEST)
    if len(plain) > PASSWORD_LONGEST:
        raise Malformed("password.long", most=PASSWORD_LONGEST)
    bare = plain.casefold()
    if account_key(name) in (bare, bare[::-1]) or _without(bare, account_key(name)):
        raise Malformed("password.name")
    if bare in common() or _plain_run(bare):
        raise Malformed("password.common")
    return plain


def _without(bare: str, name: str) -> bool:
    """Whether little is left of it without the account's name."""
    return len(name) > 3 and name in bare and len(bare.replace(name, "")) < 4


def _plain_run(bare: str) -> bool:
    """One to four signs again and again, or a walk along a row of keys, either way."""
    if any(bare == (bare[:n] * len(bare))[: len(bare)] for n in range(1, 5)):
        return True
    return any(bare in row or bare[::-1] in row for row in ROWS)


def locked_seconds(failures: int) -> int:
    """For how long an account is locked after so many wrong passwords in a row."""
    if failures < TRIES_FREE:
        return 0
    return min(LOCKED_FIRST << min(failures - TRIES_FREE, 16), LOCKED_LONGEST)


def session_ends(account: bool, created_at: datetime, seen_at: datetime) -> datetime:
    """When a session ends by time, unless it is used before."""
    if account:
        return min(seen_at + ACCOUNT_IDLE, created_at + ACCOUNT_LONGEST)
    return seen_at + FIELD_IDLE


def check_days(days: int) -> timedelta:
    """For how long links are to hold. Raises Malformed (`link.days`)."""
    if not 1 <= days <= LINK_DAYS_MOST:
        raise Malformed("link.days", most=LINK_DAYS_MOST)
    return timedelta(days=days)


def check_device(device: str) -> None:
    """The id that a device made for itself. Raises Malformed (`device.id`)."""
    if not _DEVICE.fullmatch(device):
        raise Malformed("device.id")


def device_name(name: str) -> str:
    """What somebody calls their device. Raises Malformed (`device.name`)."""
    plain = " ".join(name.split())
    if len(plain) > _DEVICE_NAME or any(unicodedata.category(c) in ("Cc", "Cs") for c in plain):
        raise Malformed("device.name", most=_DEVICE_NAME)
    return plain


def source_of(address: str) -> str:
    """What counts as one source of tries: an IPv4 address, or the network of an IPv6 one (/64)."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:80]
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return found.exploded[:19]
