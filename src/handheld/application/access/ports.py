"""What access needs of the world: a store, and hashes of passwords."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from handheld.application.access.records import Account, Device, Link, Note, Session

Random = Callable[[int], bytes]
"""So many random bytes, fit for secrets."""


class Passwords(Protocol):
    """Hashes of passwords. Each call takes a fifth of a second, on purpose."""

    @property
    def nobodys(self) -> str:
        """A hash that no password gives, as dear to check as any other."""
        ...

    def hash(self, password: str) -> str:
        """The hash of a password, with a salt of its own."""
        ...

    def verify(self, hashed: str, password: str) -> bool:
        """Whether a password gives this hash."""
        ...

    def outdated(self, hashed: str) -> bool:
        """Whether a hash was made with other parameters than those of today."""
        ...


class Changes(Protocol):
    """A transaction on the store: all of it is durable at the end, or nothing is."""

    def account(self, name: str) -> Account | None:
        """An account."""
        ...

    def put_account(self, account: Account) -> None:
        """Keep a new account, or a changed one."""
        ...

    def put_sessions(self, sessions: Iterable[Session]) -> None:
        """Keep new sessions."""
        ...

    def end_sessions(
        self,
        *,
        ids: Collection[str] | None = None,
        account: str | None = None,
        person: str | None = None,
    ) -> list[Session]:
        """End sessions by id, by account, or all of a person; gives those that there were."""
        ...

    def session(self, session: str) -> Session | None:
        """A session by its id."""
        ...

    def owned(self, actor: str, account: str | None) -> list[Session]:
        """The sessions of a person by link, or of an account, the one used last first."""
        ...

    def put_device(self, device: Device) -> None:
        """Keep a device, or what has changed of it; the time of its first use stays."""
        ...

    def rename_device(self, owner: str, device: str, name: str) -> bool:
        """Give a device a name; whether there is one."""
        ...

    def link(self, secret: bytes) -> Link | None:
        """The link whose secret has this hash."""
        ...

    def put_links(self, links: Sequence[Link]) -> None:
        """Keep new links, or changed ones."""
        ...

    def revoke_links(
        self,
        now: datetime,
        *,
        ids: Collection[str] | None = None,
        persons: Collection[str] | None = None,
    ) -> list[Link]:
        """Revoke open links, by id or by person; gives those that there were."""
        ...

    def note(self, notes: Iterable[Note]) -> None:
        """Add to the audit."""
        ...

    def forget(self, person: str) -> None:
        """Remove devices, links and accounts of somebody, and from where they came."""
        ...


class AccessStore(Protocol):
    """Where accounts, sessions, devices, links and the audit lie. Thread-safe.

    Raises Installation (`access.unwritable`) where it cannot be written, Busy where another process
    holds it for too long; then nothing has changed.
    """

    def change(self) -> AbstractContextManager[Changes]:
        """A transaction, undone where anything is raised."""
        ...

    def changed(self) -> set[str]:
        """The sessions that other processes have begun or ended since this was last asked.

        Those that this one has may be among them.
        """
        ...

    def account(self, name: str) -> Account | None:
        """An account."""
        ...

    def accounts(self) -> list[Account]:
        """All accounts by name."""
        ...

    def sessions(self, ids: Collection[str] | None = None) -> list[Session]:
        """All sessions, or those of these ids."""
        ...

    def session_of(self, token: bytes) -> Session | None:
        """The session whose token has this hash."""
        ...

    def devices(self, owner: str | None = None) -> list[Device]:
        """The devices of somebody, or all, the one used last first."""
        ...

    def links(self, persons: Collection[str] | None = None) -> list[Link]:
        """The links of some, or all, the latest first."""
        ...

    def notes(
        self,
        limit: int,
        *,
        before: int | None = None,
        account: str | None = None,
        person: str | None = None,
    ) -> list[Note]:
        """Lines of the audit, the latest first; `before` is the number of a line."""
        ...

    def keep_seen(self, seen: Sequence[tuple[str, datetime]]) -> None:
        """Keep when sessions, and their devices, were last used; never an earlier time."""
        ...

    def drop_salts(self, before: datetime) -> None:
        """Forget what is needed to repeat the answer to links redeemed before then."""
        ...

    def mentions(self) -> set[str]:
        """The persons of whom there is anything that `forget` removes."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


class TicketStore(Protocol):
    """Hashes of tickets, with the sessions that they stand for. Thread-safe.

    Raises Busy where it is away.
    """

    def put(self, secret: bytes, session: str) -> None:
        """A ticket is given out."""
        ...

    def take(self, secret: bytes) -> str | None:
        """The session that a ticket stands for; the second time, or too late, it stands for none."""
        ...
