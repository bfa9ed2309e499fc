"""Subscriptions of Web Push: one a device, in a file of their own (`push.db`).

The address of a push service comes from a browser, and the server goes there: only public https
addresses are taken, or hosts that the operator names, so that nobody can make the server knock at doors
inside the network.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from base64 import urlsafe_b64decode
from collections.abc import Collection
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

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
    """The subscriptions of one installation. Safe to use from several threads."""

    def __init__(self, path: Path, *, allowed: Collection[str] = ()) -> None:
        """`allowed`: hosts of push services, with a port where it is not 443, inside the network."""
        self._allowed = frozenset(allowed)
        path.touch(mode=0o600, exist_ok=True)
        self._lock = Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS subscriptions (device TEXT PRIMARY KEY, "
            "person TEXT NOT NULL, endpoint TEXT NOT NULL, p256dh TEXT NOT NULL, "
            "auth TEXT NOT NULL, made_at TEXT NOT NULL) WITHOUT ROWID"
        )
        self._known: dict[str, dict[str, Subscription]] = {}
        """By person, by device."""
        for row in self._db.execute(
            "SELECT person, device, endpoint, p256dh, auth, made_at FROM subscriptions"
        ):
            self._remember(_row(row))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

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
        made = Subscription(
            person=person,
            device=device,
            endpoint=endpoint,
            p256dh=p256dh,
            auth=auth,
            made_at=now.isoformat(),
        )
        with self._lock:
            mine = dict(self._known.get(person, {}))
            mine.pop(device, None)
            ordered = sorted(mine.values(), key=lambda one: one.made_at)
            too_many = [one.device for one in ordered[: max(0, len(ordered) + 1 - MOST_DEVICES)]]
            with self._transaction():
                self._db.executemany(
                    "DELETE FROM subscriptions WHERE device=?", [(one,) for one in too_many]
                )
                self._db.execute(
                    "INSERT OR REPLACE INTO subscriptions "
                    "(person, device, endpoint, p256dh, auth, made_at) VALUES (?,?,?,?,?,?)",
                    msgspec.structs.astuple(made),
                )
            for one in (*too_many, device):
                self._drop(one)
            self._remember(made)

    def forget(self, device: str, endpoint: str | None = None) -> None:
        """A device takes none any more; with an endpoint, only if it is still that one."""
        with self._lock:
            if endpoint is None:
                self._db.execute("DELETE FROM subscriptions WHERE device=?", (device,))
            else:
                self._db.execute(
                    "DELETE FROM subscriptions WHERE device=? AND endpoint=?", (device, endpoint)
                )
            self._drop(device, endpoint)

    def forget_person(self, person: str) -> None:
        """Somebody was erased, or has left."""
        with self._lock:
            self._db.execute("DELETE FROM subscriptions WHERE person=?", (person,))
            self._known.pop(person, None)

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

    def _remember(self, one: Subscription) -> None:
        self._known.setdefault(one.person, {})[one.device] = one

    def _drop(self, device: str, endpoint: str | None = None) -> None:
        for person, mine in list(self._known.items()):
            known = mine.get(device)
            if known is not None and endpoint in (None, known.endpoint):
                del mine[device]
                if not mine:
                    del self._known[person]

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self._db.execute("COMMIT")
        elif self._db.in_transaction:  # a full disk has rolled back already
            self._db.execute("ROLLBACK")


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


def _row(row: tuple[str, str, str, str, str, str]) -> Subscription:
    person, device, endpoint, p256dh, auth, made_at = row
    return Subscription(
        person=person, device=device, endpoint=endpoint, p256dh=p256dh, auth=auth, made_at=made_at
    )
