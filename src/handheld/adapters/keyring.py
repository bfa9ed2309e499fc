"""The keyring: one key a person, in a file of its own; to erase a person is to destroy their key.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; subject and key id are authenticated with
the text, so that a sealed value cannot be moved to somebody else. Keys are durable before anything
sealed under them is used. Whoever backs up the log backs up this file apart from it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from secrets import token_bytes, token_hex
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handheld_events.sealed import Sealed

NONCE = 12
KEY_BITS = 256


class FileKeyring:
    """The keys of one log."""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600, exist_ok=True)
        self._lock = Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.execute("PRAGMA synchronous=EXTRA")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS keys (subject TEXT PRIMARY KEY, id TEXT NOT NULL, "
            "key BLOB NOT NULL) WITHOUT ROWID"
        )
        self._keys: dict[str, tuple[str, AESGCM]] = {}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def seal(self, fields: Sequence[tuple[str, str]]) -> list[Sealed]:
        """Seal (subject, text) pairs; new keys are durable when it returns."""
        with self._lock:
            self._provide({subject for subject, _ in fields})
            sealed = []
            for subject, text in fields:
                key_id, cipher = self._keys[subject]
                nonce = os.urandom(NONCE)
                box = nonce + cipher.encrypt(nonce, text.encode(), _bound(subject, key_id))
                sealed.append(Sealed(subject=subject, key=key_id, box=box))
            return sealed

    def open(self, sealed: Sealed) -> str | None:
        """The text; None when it was erased, or the value is not one of this keyring."""
        with self._lock:
            found = self._key(sealed.subject)
        if found is None or found[0] != sealed.key:
            return None
        nonce, text = sealed.box[:NONCE], sealed.box[NONCE:]
        try:
            return found[1].decrypt(nonce, text, _bound(sealed.subject, sealed.key)).decode()
        except InvalidTag:
            return None

    def erase(self, subject: str) -> None:
        """Destroy the keys of a subject; the file's pages are overwritten."""
        with self._lock:
            self._keys.pop(subject, None)
            self._db.execute("DELETE FROM keys WHERE subject=?", (subject,))

    def subjects(self) -> set[str]:
        """Everybody who has a key."""
        with self._lock:
            return {row[0] for row in self._db.execute("SELECT subject FROM keys")}

    def _key(self, subject: str) -> tuple[str, AESGCM] | None:
        found = self._keys.get(subject)
        if found is None:
            row = self._db.execute(
                "SELECT id, key FROM keys WHERE subject=?", (subject,)
            ).fetchone()
            if row is not None:
                found = self._keys[subject] = (row[0], AESGCM(row[1]))
        return found

    def _provide(self, subjects: set[str]) -> None:
        missing = [subject for subject in sorted(subjects) if self._key(subject) is None]
        if not missing:
            return
        rows = [(subject, token_hex(4), token_bytes(KEY_BITS // 8)) for subject in missing]
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany("INSERT INTO keys VALUES (?,?,?)", rows)
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has rolled back already
                self._db.execute("ROLLBACK")
            raise
        for subject, key_id, key in rows:
            self._keys[subject] = (key_id, AESGCM(key))


def _bound(subject: str, key_id: str) -> bytes:
    return f"{subject}/{key_id}".encode()
