"""Attachments in a backup: what is stored whole, sealed as it lies; uploads that go on are not in it.

They are copied after the log, so that every attachment whose bytes were there for a fact of the copied
log is in the copy; and before the keyring, so that its copy holds every key that they need.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from handheld.adapters.attachments_files import flush_directory
from handheld.adapters.backup_files import CHUNK, Advance, flush, kept
from handheld.application.backing_up import Kept
from handheld.domain.errors import Installation

DATABASE = "attachments.db"
DIRECTORY = "attachments"
_FILE = re.compile(r"attachments/[0-9a-f]{2}/[0-9a-f]{64}\.(public|apart)")


def is_attachment(name: str) -> bool:
    """Whether a file of a backup belongs to the attachments, and lies where they do."""
    return name == DATABASE or _FILE.fullmatch(name) is not None


def copy_files(data: Path, aside: Path, advance: Advance) -> dict[str, Kept]:
    """Copy what the copied `attachments.db` names; gives what the manifest says of each file.

    What was erased meanwhile is left out, there too. Raises Installation (`backup.missing_file`).
    """
    found: dict[str, Kept] = {}
    with closing(sqlite3.connect(aside / DATABASE, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("DELETE FROM uploads")
        rows = db.execute(
            "SELECT DISTINCT sha256, part FROM keys JOIN attachments USING (sha256) "
            "WHERE part IN ('public', 'apart') AND NOT erased ORDER BY sha256, part"
        ).fetchall()
        for number, (digest, part) in enumerate(rows):
            name = f"{DIRECTORY}/{digest[:2]}/{digest}.{part}"
            try:
                found[name] = _copied(data / name, aside / name)
            except FileNotFoundError as error:
                if not _erased(data, digest, part):
                    raise Installation("backup.missing_file", path=str(data / name)) from error
                db.execute("DELETE FROM keys WHERE sha256=? AND part=?", (digest, part))
                if part == "public":
                    db.execute("UPDATE attachments SET erased=1 WHERE sha256=?", (digest,))
            advance(number + 1, len(rows))
    flush_all(aside)
    flush(aside / DATABASE)
    return {DATABASE: kept(aside / DATABASE), **found}


def put_in_place(aside: Path, data: Path) -> None:
    """Move what was restored to where it belongs."""
    if (aside / DIRECTORY).is_dir():
        flush_all(aside)
        (aside / DIRECTORY).rename(data / DIRECTORY)
    if (aside / DATABASE).exists():
        flush(aside / DATABASE)
        (aside / DATABASE).rename(data / DATABASE)


def clear(data: Path) -> None:
    """Remove what an unfinished restore has put there."""
    (data / DATABASE).unlink(missing_ok=True)
    shutil.rmtree(data / DIRECTORY, ignore_errors=True)


def flush_all(place: Path) -> None:
    """The names in the directories of attachments are on the disk when it returns."""
    top = place / DIRECTORY
    if top.is_dir():
        for directory in (*(path for path in top.iterdir() if path.is_dir()), top):
            flush_directory(directory)


def make_directories(names: Iterable[str], place: Path) -> None:
    """The directories in which these files lie."""
    for name in names:
        (place / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _copied(source: Path, to: Path) -> Kept:
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = sha256(), 0
    with (
        source.open("rb") as file,
        os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
    ):
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return Kept(sha256=digest.hexdigest(), bytes=size)


def _erased(data: Path, digest: str, part: str) -> bool:
    """Whether it is gone because nobody may read it any more."""
    uri = f"{(data / DATABASE).absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=30)) as db:
        found = db.execute(
            "SELECT count(*) FROM keys WHERE sha256=? AND part=?", (digest, part)
        ).fetchone()
    return not found[0]
