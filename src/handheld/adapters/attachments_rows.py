"""What is known of attachments and of bytes on their way: `attachments.db`.

No row holds a key, a file's name or a byte of a file but sealed. A commit is flushed to the disk
before it is acknowledged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Literal, NamedTuple

from handheld.domain.errors import HandheldError, Installation
from handheld_events.sealed import Sealed

LAYOUT = 1
How = Literal["sent", "seen"]
"""How somebody came to an attachment: they sent its bytes, or they may see it anyway."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS attachments (sha256 TEXT PRIMARY KEY, media TEXT NOT NULL, "
    "original_size INTEGER NOT NULL, size INTEGER NOT NULL, apart_size INTEGER NOT NULL, "
    "location TEXT NOT NULL, stored_us INTEGER NOT NULL, erased INTEGER NOT NULL DEFAULT 0) "
    "WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS keys (sha256 TEXT, part TEXT, subject TEXT, key TEXT, box BLOB, "
    "PRIMARY KEY (sha256, part, subject)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS holders (sha256 TEXT, person TEXT, how TEXT, device TEXT, "
    "since_us INTEGER, PRIMARY KEY (sha256, person)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, sha256 TEXT, size INTEGER, "
    "media TEXT, person TEXT, device TEXT, name BLOB, key TEXT, box BLOB, received INTEGER, "
    "tail BLOB, begun_us INTEGER, complete INTEGER)",
    "CREATE INDEX IF NOT EXISTS uploads_by_person ON uploads (person, complete)",
    "CREATE INDEX IF NOT EXISTS keys_by_subject ON keys (subject)",
)


class AttachmentRow(NamedTuple):
    """An attachment."""

    sha256: str
    media: str
    original_size: int
    size: int
    apart_size: int
    location: str
    stored_us: int
    erased: int = 0


class UploadRow(NamedTuple):
    """Bytes on their way. `name`, `box` and `tail` are sealed."""

    id: str
    sha256: str
    size: int
    media: str
    person: str
    device: str | None
    name: bytes | None
    key: str
    box: bytes
    received: int
    tail: bytes
    begun_us: int
    complete: int = 0


class Rows:
    """The tables. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch(mode=0o600, exist_ok=True)
        self._lock = RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                self._db.execute(f"PRAGMA {pragma}")
            with self.writing() as db:
                for table in _TABLES:
                    db.execute(table)
                layout = db.execute("PRAGMA user_version").fetchone()[0]
                if layout not in (0, LAYOUT):
                    raise Installation("attachments.newer", path=str(path))
                db.execute(f"PRAGMA user_version={LAYOUT}")
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """A transaction, durable when it is left.

        Raises HandheldError (`attachments.full`, `attachments.unwritable`).
        """
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:  # a full disk has rolled back already
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    raise told(error) from error
                raise

    def _all(self, statement: str, *params: object) -> list[Any]:
        with self._lock:
            return self._db.execute(statement, params).fetchall()

    # --- attachments ------------------------------------------------------------------------------

    def attachment(self, sha256: str) -> AttachmentRow | None:
        """The row; None where there is none."""
        rows = self._all("SELECT * FROM attachments WHERE sha256=?", sha256)
        return AttachmentRow(*rows[0]) if rows else None

    def attachments(self) -> list[AttachmentRow]:
        """All, in the order of their names."""
        return [AttachmentRow(*row) for row in self._all("SELECT * FROM attachments")]

    def keys(self, sha256: str, part: str) -> list[Sealed]:
        """The key of a part, as sealed for each to whom it belongs."""
        found = self._all(
            "SELECT subject, key, box FROM keys WHERE sha256=? AND part=?", sha256, part
        )
        return [Sealed(subject=subject, key=key, box=box) for subject, key, box in found]

    def files(self) -> set[str]:
        """The files of all attachments that somebody may still read."""
        rows = self._all(
            "SELECT DISTINCT sha256, part FROM keys JOIN attachments USING (sha256) "
            "WHERE part IN ('public', 'apart') AND NOT erased"
        )
        return {f"{sha256}.{part}" for sha256, part in rows}

    def subjects(self) -> set[str]:
        """Under whose keys anything here is sealed."""
        rows = self._all("SELECT DISTINCT subject FROM keys UNION SELECT person FROM uploads")
        return {row[0] for row in rows}

    def holders(self, sha256: str) -> dict[str, How]:
        """By person how they came to it."""
        return dict(self._all("SELECT person, how FROM holders WHERE sha256=?", sha256))

    def stored_of(self, names: Sequence[str]) -> set[str]:
        """Which of these are stored."""
        found: set[str] = set()
        for start in range(0, len(names), 500):
            part = names[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._all(f"SELECT sha256 FROM attachments WHERE sha256 IN ({marks})", *part)
            found.update(row[0] for row in rows)
        return found

    # --- uploads ----------------------------------------------------------------------------------

    def upload(self, name: str) -> UploadRow | None:
        """The row; None where there is none."""
        rows = self._all("SELECT * FROM uploads WHERE id=?", name)
        return UploadRow(*rows[0]) if rows else None

    def uploads(self) -> list[UploadRow]:
        """All, finished ones too."""
        return [UploadRow(*row) for row in self._all("SELECT * FROM uploads")]

    def same(self, person: str, sha256: str) -> UploadRow | None:
        """What the same person has begun to send of the same."""
        rows = self._all(
            "SELECT * FROM uploads WHERE person=? AND sha256=? AND complete=0", person, sha256
        )
        return UploadRow(*rows[0]) if rows else None

    def unfinished(self, person: str) -> int:
        """How many uploads of somebody are not finished."""
        return int(
            self._all("SELECT count(*) FROM uploads WHERE person=? AND complete=0", person)[0][0]
        )

    def awaited_bytes(self) -> int:
        """How many bytes are still to come for the uploads that have begun."""
        rows = self._all("SELECT total(size - received) FROM uploads WHERE complete=0")
        return int(rows[0][0])


def add_keys(db: sqlite3.Connection, sha256: str, part: str, sealed: Iterable[Sealed]) -> None:
    """Store the key of a part, sealed."""
    db.executemany(
        "INSERT OR REPLACE INTO keys VALUES (?,?,?,?,?)",
        [(sha256, part, one.subject, one.key, one.box) for one in sealed],
    )


def add_holder(
    db: sqlite3.Connection, sha256: str, person: str, how: How, device: str | None, now_us: int
) -> None:
    """Store how somebody came to an attachment: who sent it once has sent it for good."""
    db.execute(
        "INSERT INTO holders VALUES (?,?,?,?,?) ON CONFLICT (sha256, person) "
        "DO UPDATE SET how=excluded.how, device=excluded.device "
        "WHERE excluded.how='sent' AND holders.how='seen'",
        (sha256, person, how, device, now_us),
    )


def told(error: sqlite3.OperationalError) -> HandheldError:
    """A fault of the database as people are told of it."""
    if "full" in str(error):
        return HandheldError("attachments.full")
    return HandheldError("attachments.unwritable", reason=str(error))
