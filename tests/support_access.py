"""Access on real files, with a clock that is moved by hand and hashes that cost little."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from threading import Lock

from argon2 import PasswordHasher

from handheld.adapters.access_store import DatabaseAccess
from handheld.adapters.database import Database
from handheld.adapters.passwords import Argon2Passwords
from handheld.application.access.ports import TicketStore
from handheld.application.access.records import DeviceSaid
from handheld.application.access.service import Access
from tests.support_stores import Stores, tables_of

BEGIN = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
PASSWORD = "竹林里的三座桥-2026"
WRONG = "not the right password"
PHONE = DeviceSaid(id="phone-0000000001")
OTHER = DeviceSaid(id="phone-0000000002")
WANG = "person-S0000001"
LI = "person-S0000002"


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def go(self, **by: float) -> None:
        self._now += timedelta(**by)


class CountingPasswords(Argon2Passwords):
    """Real argon2id with small parameters, and how often it was asked."""

    def __init__(self, memory_cost: int = 16) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=memory_cost, parallelism=1))
        self._lock = Lock()
        self.verified: list[str] = []
        self.hashed = 0

    def hash(self, password: str) -> str:
        with self._lock:
            self.hashed += 1
        return super().hash(password)

    def verify(self, hashed: str, password: str) -> bool:
        with self._lock:
            self.verified.append(hashed)
        return super().verify(hashed, password)


class Office:
    """An installation's access, opened again and again, as servers and command lines do."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.clock = HandClock()
        self.passwords = CountingPasswords()
        self.busy: set[str] = set()
        """People with open tasks."""
        self._opened: list[Access] = []

    @property
    def path(self) -> Path:
        """The file, where it is one."""
        return Path(self._stores.place("access")[1])

    def place(self) -> tuple[str, str]:
        """For another process."""
        return self._stores.place("access")

    def database(self) -> Database:
        """What it is kept in."""
        return self._stores.database("access")

    def open(
        self,
        *,
        watch: bool = False,
        random: Callable[[int], bytes] = token_bytes,
        tickets: TicketStore | None = None,
    ) -> Access:
        access = Access(
            DatabaseAccess(self.database()),
            self.passwords,
            self.clock,
            random,
            has_open_task=self.busy.__contains__,
            watch=watch,
            tickets=tickets,
        )
        self._opened.append(access)
        return access

    def close(self) -> None:
        for access in self._opened:
            access.close()
        self._opened.clear()

    def again(self) -> Access:
        """The process has ended, and another begins."""
        self.close()
        return self.open()

    def bytes(self) -> bytes:
        """All that any file of it holds, or any table."""
        if self._stores.engine == "postgresql":
            return tables_of(self.database())
        parts = sorted(self.path.parent.glob(f"{self.path.name}*"))
        return b"".join(part.read_bytes() for part in parts)


class Ended:
    """Collects the ids of sessions of which it is told that they hold no more."""

    def __init__(self, access: Access) -> None:
        self.ids: list[str] = []
        access.on_revoked(self._told)

    def _told(self, ids: Sequence[str]) -> None:
        self.ids += ids
