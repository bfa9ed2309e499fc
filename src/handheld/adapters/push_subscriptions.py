"""Subscriptions of Web Push: one a device.

The address of a push service comes from a browser, and the server goes there: only public https
addresses are taken, or hosts that the operator names, so that nobody can make the server knock at doors
inside the network.
"""

from __future__ import annotations

import asyncio
import re
from base64 import urlsafe_b64decode
from collections.abc import Collection, Generator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import ip_address
from threading import Lock
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from handheld.adapters.database import Cursor, Database
from handheld.adapters.database_told import told
from handheld.adapters.looking_again import LookingAgain
from handheld.adapters.push_tables import prepare_push
from handheld.domain.errors import Malformed

LONGEST_ENDPOINT = 2_000
MOST_DEVICES = 10
"""So many of one person are told; the oldest are forgotten."""

_DEVICE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
_OPEN_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa")
"""Names that are never public."""


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """Where one device of one person takes push messages (RFC 8030), and how they are sealed."""

    person: str
    device: str
    endpoint: str
    p256dh: str
    """The device's public key: an uncompressed point of P-256, base64url."""
    auth: str
    """16 octets, base64url."""
    made_at: str
    """When it subscribed (UTC, ISO 8601)."""


class PushSubscriptions:
    """The subscriptions of one installation. Safe to use from several threads, and processes.

    What another process has changed is known here a second later. Raises Busy, Installation
    (`store.unwritable`, `store.damaged`, `database.newer`, `database.not_migrated`).
    """

    def __init__(self, database: Database, *, allowed: Collection[str] = ()) -> None:
        """`allowed`: hosts of push services, with a port where it is not 443, inside the network."""
        self._allowed = frozenset(allowed)
        self._lock = Lock()
        self._database = database
        prepare_push(database)
        self._known: dict[str, dict[str, Subscription]] = {}
        """By person, by device."""
        self._changes = -1
        self.refresh()
        shared = database.engine == "postgresql"
        self._looking = LookingAgain("push", self.refresh) if shared else None

    def close(self) -> None:
        """Let the database go."""
        if self._looking is not None:
            self._looking.close()
        self._database.close()

    def keep(
        self, person: str, device: str, endpoint: str, p256dh: str, auth: str, now: datetime
    ) -> None:
        """A device takes push messages from now on; one before it on the same device is replaced.

        Durable when it returns. Raises Malformed (`notices.endpoint`, `notices.keys`,
        `notices.device`).
        """
        if _DEVICE.fullmatch(device) is None:
            raise Malformed("notices.device", device=device[:80])
        self.check(endpoint)
        check_keys(p256dh, auth)
        made = (device, person, endpoint, p256dh, auth, now.isoformat())
        with self._changing(person, device) as c:
            c.execute("DELETE FROM subscriptions WHERE device=?", (device,))
            mine = c.execute(
                "SELECT made_at, device FROM subscriptions WHERE person=?", (person,)
            ).fetchall()
            too_many = sorted(tuple(one) for one in mine)[: max(0, len(mine) + 1 - MOST_DEVICES)]
            c.executemany(
                "DELETE FROM subscriptions WHERE device=?", [(one,) for _, one in too_many]
            )
            c.execute(
                "INSERT INTO subscriptions (device, person, endpoint, p256dh, auth, made_at) "
                "VALUES (?,?,?,?,?,?)",
                made,
            )

    def forget(self, device: str, endpoint: str | None = None) -> None:
        """A device takes none any more; with an endpoint, only if it is still that one."""
        with self._changing(None, device) as c:
            if endpoint is None:
                c.execute("DELETE FROM subscriptions WHERE device=?", (device,))
            else:
                c.execute(
                    "DELETE FROM subscriptions WHERE device=? AND endpoint=?", (device, endpoint)
                )

    def forget_person(self, person: str) -> None:
        """Somebody was erased, or has left."""
        with self._changing(person, None) as c:
            c.execute("DELETE FROM subscriptions WHERE person=?", (person,))

    def refresh(self) -> None:
        """Know what another process has changed. It goes on by itself, every second."""
        with self._lock, told(self._database), self._database.reading() as c:
            row = c.execute("SELECT number FROM changes").fetchone()
            changes = 0 if row is None else int(row[0])
            if changes != self._changes:
                self._known = _found(c)
                self._changes = changes

    @contextmanager
    def _changing(self, person: str | None, device: str | None) -> Generator[Cursor]:
        """A transaction on what a person has, and whoever has a device; known here afterwards."""
        with self._lock, told(self._database):
            with self._database.writing() as c:
                # First of all: whoever changes anything else waits until this is over.
                row = c.execute("UPDATE changes SET number=number+1 RETURNING number").fetchone()
                owners = c.execute(
                    "SELECT person FROM subscriptions WHERE device=?", (device or "",)
                ).fetchall()
                yield c
                whose = {one[0] for one in owners} | ({person} if person is not None else set())
                now = {one: _found(c, "WHERE person=?", one).get(one) for one in whose}
            for one, mine in now.items():
                if mine is None:
                    self._known.pop(one, None)
                else:
                    self._known[one] = mine
            if row is not None and row[0] == self._changes + 1:  # nobody else did in between
                self._changes = row[0]

    def people(self) -> list[str]:
        """All who have one."""
        with self._lock:
            return list(self._known)

    def has(self, person: str) -> bool:
        """Whether somebody has a device that takes push messages."""
        return bool(self._known.get(person))

    def of(self, person: str) -> list[Subscription]:
        """The subscriptions of a person."""
        with self._lock:
            return list(self._known.get(person, {}).values())

    def check(self, endpoint: str) -> None:
        """Whether the server may go there. Raises Malformed (`notices.endpoint`)."""
        try:
            parts = urlsplit(endpoint)
            port = parts.port
        except ValueError:
            raise Malformed("notices.endpoint", reason="address") from None
        host = (parts.hostname or "").lower()
        if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or parts.username:
            raise Malformed("notices.endpoint", reason="address")
        if self._named(host, port) in self._allowed and parts.scheme in ("https", "http"):
            return
        if parts.scheme != "https" or port not in (None, 443):
            raise Malformed("notices.endpoint", reason="https")
        if not _is_public(host):
            raise Malformed("notices.endpoint", reason="not_public")

    async def check_now(self, endpoint: str) -> None:
        """The same, and where its name leads at this moment. Raises Malformed (`notices.endpoint`).

        A name that leads elsewhere a moment later meets the certificate, which must be for it.
        """
        self.check(endpoint)
        parts = urlsplit(endpoint)
        host = (parts.hostname or "").lower()
        if self._named(host, parts.port) in self._allowed:
            return
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, 443)
        except OSError:
            raise Malformed("notices.endpoint", reason="unknown_name") from None
        if not all(ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found):
            raise Malformed("notices.endpoint", reason="not_public")

    @staticmethod
    def _named(host: str, port: int | None) -> str:
        return host if port in (None, 443) else f"{host}:{port}"


def check_keys(p256dh: str, auth: str) -> None:
    """Whether messages can be sealed for them. Raises Malformed (`notices.keys`)."""
    try:
        point, secret = decoded(p256dh), decoded(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise Malformed("notices.keys") from None
    if len(point) != 65 or len(secret) != 16:
        raise Malformed("notices.keys")


def decoded(text: str) -> bytes:
    """Base64url, with or without its padding. Raises ValueError."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+={0,2}", text):
        raise ValueError(text)
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def _is_public(host: str) -> bool:
    """Whether a name or address is one of the open internet, as far as its form says."""
    try:
        return ip_address(host.strip("[]")).is_global
    except ValueError:
        pass
    if _HOST.fullmatch(host) is None or host.rsplit(".", 1)[-1] in _OPEN_NAMES:
        return False
    return not host.rsplit(".", 1)[-1].isdigit()  # 127.1 is an address, too


def _found(c: Cursor, where: str = "", *values: str) -> dict[str, dict[str, Subscription]]:
    """By person, by device."""
    found: dict[str, dict[str, Subscription]] = {}
    for row in c.execute(
        f"SELECT person, device, endpoint, p256dh, auth, made_at FROM subscriptions {where}", values
    ):
        one = _row(*row)
        found.setdefault(one.person, {})[one.device] = one
    return found


def _row(
    person: str, device: str, endpoint: str, p256dh: str, auth: str, made_at: str
) -> Subscription:
    return Subscription(
        person=person, device=device, endpoint=endpoint, p256dh=p256dh, auth=auth, made_at=made_at
    )
