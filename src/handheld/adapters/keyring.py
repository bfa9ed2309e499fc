"""The keyring: one key a person; to erase a person is to destroy their key.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; subject and key id are authenticated with
the text, so that a sealed value cannot be moved to somebody else. Keys are durable before anything
sealed under them is used. Whoever backs up the log backs up the keyring apart from it.

Where several processes share one, each looks every second whether a key was erased: what it has in
memory opens nothing longer than that. While the database is away nobody can know: names that were
opened before go on to be read for an hour, for those who command meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from secrets import token_bytes, token_hex
from threading import Lock
from time import monotonic
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handheld.adapters.database import Cursor, Database, fitted, in_parts
from handheld.adapters.database_sqlite import SQLiteDatabase
from handheld.adapters.database_told import check_layout, told
from handheld.adapters.looking_again import LookingAgain
from handheld.domain.errors import Busy
from handheld_events.sealed import Sealed

NONCE = 12
KEY_BITS = 256
LAYOUT = 1
UNASKED_SECONDS = 3_600.0
"""So long what is in memory goes on to open while the database cannot be asked."""
_GONE_MOST = 100_000

_TABLES = (
    "CREATE TABLE IF NOT EXISTS keys (subject TEXT PRIMARY KEY, id TEXT NOT NULL, "
    "key BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS erasures (number INTEGER NOT NULL)",
    "INSERT INTO erasures VALUES (0)",
)


class _Key(NamedTuple):
    id: str
    cipher: AESGCM


class DatabaseKeyring:
    """The keys of one log. Safe to use from several threads, and by several processes.

    Raises Busy where the database is away, Installation (`store.unwritable`, `store.damaged`,
    `database.newer`, `database.not_migrated`).
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shared = database.engine == "postgresql"
        self._lock = Lock()
        self._keys: dict[str, _Key] = {}
        self._gone: set[tuple[str, str]] = set()
        """Subjects with ids of keys that there are not: an id that is gone does not come back."""
        with told(database):
            found = database.prepare(LAYOUT, fitted(_TABLES, database.engine))
            check_layout(database, found, LAYOUT)
            with database.reading() as c:
                self._erasures = _erasures(c)
                if self._shared:  # one by one, over a network, takes seconds
                    for subject, id_, key in c.execute("SELECT subject, id, key FROM keys"):
                        self._keys[subject] = _Key(id_, AESGCM(key))
        self._asked = monotonic()
        self._looking = LookingAgain("keyring", self.refresh) if self._shared else None

    def close(self) -> None:
        """Let the database go."""
        if self._looking is not None:
            self._looking.close()
        self._database.close()

    def seal(self, fields: Sequence[tuple[str, str]]) -> list[Sealed]:
        """Seal (subject, text) pairs; new keys are durable when it returns."""
        with self._lock:
            self._provide({subject for subject, _ in fields})
            sealed = []
            for subject, text in fields:
                key = self._keys[subject]
                nonce = os.urandom(NONCE)
                box = nonce + key.cipher.encrypt(nonce, text.encode(), _bound(subject, key.id))
                sealed.append(Sealed(subject=subject, key=key.id, box=box))
            return sealed

    def open(self, sealed: Sealed) -> str | None:
        """The text; None when it was erased, or the value is not one of this keyring."""
        with self._lock:
            found = self._key(sealed.subject, sealed.key)
        if found is None:
            return None
        nonce, text = sealed.box[:NONCE], sealed.box[NONCE:]
        try:
            return found.cipher.decrypt(nonce, text, _bound(sealed.subject, sealed.key)).decode()
        except InvalidTag:
            return None

    def erase(self, subject: str) -> None:
        """Destroy the key of a subject; a file's pages are overwritten."""
        with self._lock, told(self._database):
            self._keys.pop(subject, None)
            with self._database.writing() as c:
                c.execute("DELETE FROM keys WHERE subject=?", (subject,))
                c.execute("UPDATE erasures SET number=number+1")
            self._database.scrub("keys")

    def subjects(self) -> set[str]:
        """Everybody who has a key."""
        with told(self._database), self._database.reading() as c:
            return {row[0] for row in c.execute("SELECT subject FROM keys")}

    def refresh(self) -> None:
        """Forget the keys that another process has erased. It goes on by itself, every second."""
        with told(self._database), self._database.reading() as c:
            asked, erasures = monotonic(), _erasures(c)
            if erasures == self._erasures:
                self._asked = asked
                return
            there = {row[0]: row[1] for row in c.execute("SELECT subject, id FROM keys")}
        with self._lock:
            # What was provided since the look is kept out of memory too: it is read when needed.
            self._keys = {one: key for one, key in self._keys.items() if there.get(one) == key.id}
            self._erasures, self._asked = erasures, asked

    def _key(self, subject: str, wanted: str) -> _Key | None:
        if self._shared and monotonic() - self._asked > UNASKED_SECONDS:
            raise Busy(retry_after=1)
        found = self._keys.get(subject)
        if (found is None or found.id != wanted) and (subject, wanted) not in self._gone:
            with told(self._database), self._database.reading() as c:
                self._read(c, [subject])
            found = self._keys.get(subject)
        if found is not None and found.id == wanted:
            return found
        if len(self._gone) >= _GONE_MOST:
            self._gone.clear()
        self._gone.add((subject, wanted))
        return None

    def _provide(self, subjects: Collection[str]) -> None:
        missing = [one for one in sorted(subjects) if self._shared or one not in self._keys]
        if not missing:
            return
        with told(self._database):
            with self._database.reading() as c:
                there = self._read(c, missing)
            rows = [
                (subject, token_hex(4), token_bytes(KEY_BITS // 8))
                for subject in missing
                if subject not in there
            ]
            if not rows:
                return
            with self._database.writing() as c:
                c.executemany("INSERT INTO keys VALUES (?,?,?) ON CONFLICT DO NOTHING", rows)
                # Where another process was first, theirs is the key.
                self._read(c, [row[0] for row in rows])

    def _read(self, c: Cursor, subjects: Collection[str]) -> set[str]:
        """Take keys into memory as they are now; whose there are."""
        there: set[str] = set()
        for part in in_parts(subjects):
            where = f"WHERE subject IN ({part.marks})"
            for subject, id_, key in c.execute(
                f"SELECT subject, id, key FROM keys {where}", part.values
            ).fetchall():
                there.add(subject)
                known = self._keys.get(subject)
                if known is None or known.id != id_:
                    self._keys[subject] = _Key(id_, AESGCM(key))
            for subject in part.values:
                if subject not in there:
                    self._keys.pop(subject, None)
        return there


class FileKeyring(DatabaseKeyring):
    """A keyring in a file of SQLite of its own, with no copy of a page beside it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            SQLiteDatabase(path, synchronous="EXTRA", journal="DELETE", overwrite=True)
        )


def _erasures(c: Cursor) -> int:
    row = c.execute("SELECT number FROM erasures").fetchone()
    return 0 if row is None else int(row[0])


def _bound(subject: str, key_id: str) -> bytes:
    return f"{subject}/{key_id}".encode()
