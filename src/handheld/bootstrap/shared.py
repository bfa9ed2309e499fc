"""A district in schemas of PostgreSQL: any number of processes on one log.

NAME         the log
NAME_views   views and registers: can be thrown away at any time
NAME_keys    the keys of names and numbers: backed up apart from the log
NAME_access  accounts, sessions, links
NAME_files   attachments
NAME_shown   what was shown of boards
NAME_push    who takes Web Push and webhooks
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import TYPE_CHECKING, cast, get_args

import msgspec
from eventsourcing.persistence import PersistenceError

from handheld.adapters.clock import ClockSetting, RealClock
from handheld.adapters.database import Database, DatabaseFault
from handheld.adapters.former_logs import RESTORED, as_another
from handheld.adapters.log import found, open_postgres
from handheld.application.duties import Duty
from handheld.application.ports import LogBroken, LogBusy
from handheld.domain.errors import Installation
from handheld_events.codec import instant

if TYPE_CHECKING:
    from handheld.adapters.attachments_store import SharedAttachments
    from handheld.adapters.log_postgres import PostgresLog
    from handheld.adapters.registers_store import StoredRegisters
    from handheld.adapters.shown_store import DatabaseShown
    from handheld.adapters.views_store import StoredViews
    from handheld.application.access.core import HasOpenTask
    from handheld.application.access.service import Access

EVERY_DUTY: tuple[Duty, ...] = get_args(Duty)


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Which district, in which database."""

    database: str
    """As libpq names it; it may hold a password."""
    district: str
    """What the names of its schemas begin with."""
    directory: Path
    """Where a process may leave files of its own."""


class Shared:
    """The stores of a district, for one of its processes. `wanted`: the duties it may take.

    Raises Installation (`database.unreachable`, `database.not_migrated`, `database.newer`).
    """

    def __init__(self, where: Where, wanted: Sequence[Duty] = EVERY_DUTY) -> None:
        # Most commands need none of it, and it takes time to load.
        from handheld.adapters.database_postgres import PostgresPool
        from handheld.adapters.keyring import DatabaseKeyring
        from handheld.adapters.postgres_duties import PostgresDuties
        from handheld.adapters.postgres_store import must_answer

        where.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.directory = where.directory
        self._district = where.district
        with ExitStack() as opened, _told(where.district):
            must_answer(where.database)
            self.app = open_postgres(where.database, where.district)
            opened.callback(self.app.close)
            if not self.app.port.log_id:
                raise Installation("database.not_migrated", schema=where.district)
            self._pool = PostgresPool(where.database)
            opened.callback(self._pool.close)
            self.keyring = DatabaseKeyring(self.database("keys"))
            opened.callback(self.keyring.close)
            self.duties = PostgresDuties(where.database, where.district, wanted)
            opened.callback(self.duties.close)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Let it go; duties first, so that others take them."""
        self._opened.close()

    def database(self, name: str) -> Database:
        """One of its schemas."""
        return self._pool.of(f"{self._district}_{name}")

    def writes(self) -> bool:
        """Whether it is this process that stores views."""
        return self.duties.holds("projector")

    def listen_unless(self, woken: Callable[[], bool]) -> None:
        """Do not LISTEN while this holds. Whoever waits looks each half second even so."""
        cast("PostgresLog", self.app.port).listening.unless(woken)

    def sizes(self) -> dict[str, int]:
        """How many bytes each schema takes, with its indexes."""
        with self.database("access").reading() as c:
            rows = c.execute(
                "SELECT schemaname, sum(pg_total_relation_size(format('%I.%I', schemaname, tablename)"
                "::regclass))::bigint FROM pg_tables WHERE schemaname=? OR schemaname LIKE ? "
                "GROUP BY schemaname ORDER BY schemaname",
                (self._district, f"{self._district}\\_%"),
            ).fetchall()
        return {str(name): int(size) for name, size in rows}

    def check_keyring(self) -> None:
        """There are people whose names are sealed. Raises Installation (`keyring.missing`)."""
        if not self.keyring.subjects():
            raise Installation("keyring.missing", path=f"{self._district}_keys")

    def views(self) -> StoredViews:
        """Where folds keep what they have made."""
        from handheld.adapters.views_store import StoredViews

        return StoredViews(self.database("views"), self.app.port)

    def registers(self, views: StoredViews) -> StoredRegisters:
        """The registers, beside the views."""
        from handheld.adapters.registers_store import StoredRegisters

        return StoredRegisters(views, self.app.port)

    def access(
        self, *, has_open_task: HasOpenTask = lambda _: False, watch: bool = False
    ) -> Access:
        """Who is signed in, at whichever process."""
        from handheld.adapters.access_store import DatabaseAccess
        from handheld.adapters.access_tickets import DatabaseTickets
        from handheld.adapters.passwords import Argon2Passwords
        from handheld.application.access.service import Access

        database = self.database("access")
        return Access(
            DatabaseAccess(database),
            Argon2Passwords(),
            RealClock(),
            token_bytes,
            has_open_task=has_open_task,
            watch=watch,
            tickets=DatabaseTickets(database),
        )

    def has_access(self) -> bool:
        """It is there for all processes."""
        return True

    def attachments(self) -> SharedAttachments:
        """Photos, voice and documents, with their bytes."""
        from handheld.adapters.attachments_store import SharedAttachments

        return SharedAttachments(self.database("files"), self.keyring)

    def has_attachments(self) -> bool:
        """They are there for all processes."""
        return True

    def shown(self) -> DatabaseShown:
        """What was shown of boards."""
        from handheld.adapters.shown_store import DatabaseShown

        return DatabaseShown(self.database("shown"), self.app.port.log_id)

    def push(self) -> Database:
        """What Web Push and webhooks know."""
        return self.database("push")


def migrate(where: Where, clock: ClockSetting | None = None) -> bool:
    """Make all tables of a district, or bring them up to date; whether there was no log before.

    Several processes may ask for it at once. Raises Installation (`database.unreachable`).
    """
    from handheld.adapters.access_store import DatabaseAccess
    from handheld.adapters.attachments_store import SharedAttachments
    from handheld.adapters.database_postgres import PostgresPool
    from handheld.adapters.keyring import DatabaseKeyring
    from handheld.adapters.postgres_store import must_answer
    from handheld.adapters.push_tables import prepare_push
    from handheld.adapters.registers_store import StoredRegisters
    from handheld.adapters.shown_store import DatabaseShown
    from handheld.adapters.views_store import StoredViews

    with ExitStack() as opened, _told(where.district):
        must_answer(where.database)
        app = open_postgres(where.database, where.district, make=True)
        opened.callback(app.close)
        log = app.port
        new = not log.log_id
        if new:
            found(app, token_hex(8), clock or ClockSetting())
        pool = PostgresPool(where.database)
        opened.callback(pool.close)

        def database(name: str) -> Database:
            return pool.of(f"{where.district}_{name}", make=True)

        keyring = DatabaseKeyring(database("keys"))
        for close in (
            keyring.close,
            SharedAttachments(database("files"), keyring).close,
            DatabaseAccess(database("access")).close,
            DatabaseShown(database("shown"), log.log_id).close,
        ):
            close()
        prepare_push(database("push"))
        views = StoredViews(database("views"), log)
        StoredRegisters(views, log)
        views.close()
    return new


def after_restore(where: Where) -> str:
    """Make a database that was put back to an earlier moment a log of its own; gives its new id.

    To be called while no process runs on it: numbers given out since that moment mean nothing now.
    Raises Installation (`database.unreachable`, `database.not_migrated`).
    """
    from handheld.adapters.access_store import DatabaseAccess

    place = Shared(where, ())
    try:
        with _told(where.district), closing(DatabaseAccess(place.database("access"))) as access:
            log, now = place.app.port, datetime.now(UTC)
            access.settle_restored(now)
            last = log.read(log.end() - 1, 1)
            taken_at = instant(last[0][5]) if last else now
            new = as_another(log.fact(RESTORED), log.log_id, log.end(), taken_at, now)
            cast("PostgresLog", log).replace_facts(new)
    finally:
        place.close()
    migrate(
        where
    )  # views are of the log as it was called before: made anew while nobody reads them
    return new["log_id"]


@contextmanager
def _told(schema: str) -> Generator[None]:
    """A database that is not there, or has no tables, is told as what is wrong with the installation."""
    # What needs no database does without its library.
    from handheld.adapters.postgres_store import is_unmade

    try:
        yield
    except (PersistenceError, LogBusy, LogBroken, DatabaseFault) as error:
        if is_unmade(error):
            raise Installation("database.not_migrated", schema=schema) from error
        # libpq names host, port and user; never a password.
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise Installation("database.unreachable", reason=lines[-1]) from error
