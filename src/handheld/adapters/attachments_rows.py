"""What is known of attachments and of bytes on their way.

No row holds a key, a file's name or a byte of a file but sealed. A commit is flushed to the disk
before it is acknowledged.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from threading import local
from typing import Any, Literal, NamedTuple

from handheld.adapters.database import Cursor, Database, DatabaseFault, alone, fitted
from handheld.adapters.database_told import check_layout, told
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
    # The sealed bytes, where they are in no files; those with an upload have no other name yet.
    "CREATE TABLE IF NOT EXISTS frames (file TEXT, number INTEGER, box BLOB NOT NULL, upload TEXT, "
    "PRIMARY KEY (file, number))",
    "CREATE INDEX IF NOT EXISTS frames_of_upload ON frames (upload) WHERE upload IS NOT NULL",
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
    """The tables. Safe to use from several threads.

    Raises Busy, HandheldError (`attachments.full`, `attachments.unwritable`), Installation
    (`attachments.newer`, `database.newer`, `database.not_migrated`).
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._inside = local()
        try:
            with told(database, _words):
                found = database.prepare(LAYOUT, fitted(_TABLES, database.engine))
            if database.engine == "postgresql":
                check_layout(database, found, LAYOUT)
            elif found > LAYOUT:
                raise Installation("attachments.newer", path=database.name)
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Let the database go."""
        self._database.close()

    @contextmanager
    def writing(self, *, alone_with: str | None = None) -> Generator[Cursor]:
        """A transaction, durable when it is left. `alone_with`: nobody else has one with the same."""
        with told(self._database, _words), self._database.writing() as c:
            if alone_with is not None:
                alone(c, self._database.engine, alone_with)
            self._inside.cursor = c
            try:
                yield c
            finally:
                self._inside.cursor = None

    def all(self, statement: str, *params: object) -> list[Any]:
        """What a statement gives; in a transaction of this thread, what it gives there."""
        inside: Cursor | None = getattr(self._inside, "cursor", None)
        if inside is not None:
            return inside.execute(statement, params).fetchall()
        with told(self._database, _words), self._database.reading() as c:
            return c.execute(statement, params).fetchall()

    # --- attachments ------------------------------------------------------------------------------

    def attachment(self, sha256: str) -> AttachmentRow | None:
        """The row; None where there is none."""
        rows = self.all("SELECT * FROM attachments WHERE sha256=?", sha256)
        return AttachmentRow(*rows[0]) if rows else None

    def attachments(self) -> list[AttachmentRow]:
        """All, in the order of their names."""
        return [
            AttachmentRow(*row) for row in self.all("SELECT * FROM attachments ORDER BY sha256")
        ]

    def keys(self, sha256: str, part: str) -> list[Sealed]:
        """The key of a part, as sealed for each to whom it belongs."""
        found = self.all(
            "SELECT subject, key, box FROM keys WHERE sha256=? AND part=?", sha256, part
        )
        return [Sealed(subject=subject, key=key, box=box) for subject, key, box in found]

    def files(self) -> set[str]:
        """The files of all attachments that somebody may still read."""
        rows = self.all(
            "SELECT DISTINCT sha256, part FROM keys JOIN attachments USING (sha256) "
            "WHERE part IN ('public', 'apart') AND erased=0"
        )
        return {f"{sha256}.{part}" for sha256, part in rows}

    def subjects(self) -> set[str]:
        """Under whose keys anything here is sealed."""
        rows = self.all("SELECT DISTINCT subject FROM keys UNION SELECT person FROM uploads")
        return {row[0] for row in rows}

    def holders(self, sha256: str) -> dict[str, How]:
        """By person how they came to it."""
        return dict(self.all("SELECT person, how FROM holders WHERE sha256=?", sha256))

    def stored_of(self, names: Sequence[str]) -> set[str]:
        """Which of these are stored."""
        found: set[str] = set()
        for start in range(0, len(names), 500):
            part = names[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self.all(f"SELECT sha256 FROM attachments WHERE sha256 IN ({marks})", *part)
            found.update(row[0] for row in rows)
        return found

    # --- uploads ----------------------------------------------------------------------------------

    def upload(self, name: str) -> UploadRow | None:
        """The row; None where there is none."""
        rows = self.all("SELECT * FROM uploads WHERE id=?", name)
        return UploadRow(*rows[0]) if rows else None

    def uploads(self) -> list[UploadRow]:
        """All, finished ones too."""
        return [UploadRow(*row) for row in self.all("SELECT * FROM uploads")]

    def same(self, person: str, sha256: str) -> UploadRow | None:
        """What the same person has begun to send of the same."""
        rows = self.all(
            "SELECT * FROM uploads WHERE person=? AND sha256=? AND complete=0", person, sha256
        )
        return UploadRow(*rows[0]) if rows else None

    def unfinished(self, person: str) -> int:
        """How many uploads of somebody are not finished."""
        return int(
            self.all("SELECT count(*) FROM uploads WHERE person=? AND complete=0", person)[0][0]
        )

    def awaited_bytes(self) -> int:
        """How many bytes are still to come for the uploads that have begun."""
        rows = self.all("SELECT coalesce(sum(size - received), 0) FROM uploads WHERE complete=0")
        return int(rows[0][0])


def put_attachment(c: Cursor, row: AttachmentRow) -> None:
    """Store what is known of an attachment, in place of what was."""
    marks = ",".join("?" * len(row))
    changed = ", ".join(f"{name}=excluded.{name}" for name in row._fields[1:])
    c.execute(
        f"INSERT INTO attachments ({','.join(row._fields)}) VALUES ({marks}) "
        f"ON CONFLICT (sha256) DO UPDATE SET {changed}",
        row,
    )


def add_keys(c: Cursor, sha256: str, part: str, sealed: Iterable[Sealed]) -> None:
    """Store the key of a part, sealed."""
    c.executemany(
        "INSERT INTO keys VALUES (?,?,?,?,?) ON CONFLICT (sha256, part, subject) "
        "DO UPDATE SET key=excluded.key, box=excluded.box",
        [(sha256, part, one.subject, one.key, one.box) for one in sealed],
    )


def add_holder(
    c: Cursor, sha256: str, person: str, how: How, device: str | None, now_us: int
) -> None:
    """Store how somebody came to an attachment: who sent it once has sent it for good."""
    c.execute(
        "INSERT INTO holders VALUES (?,?,?,?,?) ON CONFLICT (sha256, person) "
        "DO UPDATE SET how=excluded.how, device=excluded.device "
        "WHERE excluded.how='sent' AND holders.how='seen'",
        (sha256, person, how, device, now_us),
    )


def _words(_database: Database, fault: DatabaseFault) -> HandheldError:
    if fault.kind == "full":
        return HandheldError("attachments.full")
    return HandheldError("attachments.unwritable", reason=str(fault))
