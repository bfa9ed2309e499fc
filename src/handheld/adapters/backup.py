"""Taking a backup of a data directory while its owner goes on working.

The log is copied first, attachments after it, the keyring last. Keys are durable before a fact that needs them is
recorded, so a keyring copied later holds every key that the copied log needs; the other way round
somebody registered in between would have a fact and no key. `views.db` is never copied: it is made
of the log, and holds names in plaintext.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from msgspec import structs

from handheld.adapters import attachments_backup
from handheld.adapters.backup_files import (
    Advance,
    flush,
    kept,
    made_aside,
    told,
    write_manifest,
)
from handheld.adapters.log import open_sqlite
from handheld.adapters.views_store import file_of_views
from handheld.application.backing_up import Kept, Manifest, Proof, must_be_whole, prove
from handheld.application.verifying import Check
from handheld.domain.errors import Installation

PAGES = 1024
"""Pages a step: 4 MiB, after which progress is told and other threads get on."""

Stages = Callable[[str], AbstractContextManager[Advance]]
"""Gives what is told of the progress of a stage, by the stage's name."""


def back_up(
    data: Path,
    to: Path,
    *,
    version: str,
    stages: Stages,
    keyring_to: Path | None = None,
    with_keyring: bool = True,
    pages: int = PAGES,
) -> Manifest:
    """Copy log and keyring into a new directory, and prove the copy; whole and durable or not there.

    `keyring_to`: a new directory for the keyring, whose copies are kept for a shorter time. It is
    put in place first, so that a backup that is there has its keyring.

    Raises Installation (`data.not_found`, `data.no_log`, `keyring.missing`, and all `backup.` codes).
    """
    _refuse_unfit(data, to, keyring_to, with_keyring)
    with told(to), ExitStack() as places:
        aside = places.enter_context(made_aside(to))
        keys_aside = aside
        if with_keyring and keyring_to is not None:
            # Left before `aside` is: the keyring takes its place first.
            keys_aside = places.enter_context(made_aside(keyring_to))
        log, keyring = aside / "log.db", keys_aside / "keyring.db"
        with stages("backing_up") as advance:
            _copy(data / "log.db", log, pages, advance)
            taken_at = datetime.now(UTC)
            attached: dict[str, Kept] = {}
            if (data / attachments_backup.DATABASE).exists():
                copy = aside / attachments_backup.DATABASE
                _copy(data / attachments_backup.DATABASE, copy, pages, advance)
                attached = attachments_backup.copy_files(data, aside, advance)
            if with_keyring:
                _copy(data / "keyring.db", keyring, -1, advance)
        with stages("proving") as advance:
            log_id, proof = _proved(log, advance)
        others = {**attached, **_access(data, aside)}
        found = Manifest(
            holds="log",
            log_id=log_id,
            taken_at=taken_at,
            version=version,
            files={"log.db": kept(log), **others},
            made=proof.made,
            without_key=_fit_keyring(keyring, proof) if with_keyring else 0,
        )
        if with_keyring:
            flush(keyring)
            keys = {"keyring.db": kept(keyring)}
            if keyring_to is None:
                found = _with_files(found, keys)
            else:
                write_manifest(keys_aside, _keyring_alone(found, keys))
        flush(log)
        write_manifest(aside, found)
        return found


def _refuse_unfit(data: Path, to: Path, keyring_to: Path | None, with_keyring: bool) -> None:
    if not (data / "log.db").exists():
        raise Installation("data.not_found", path=str(data))
    if with_keyring and not (data / "keyring.db").exists():
        raise Installation("keyring.missing", path=str(data / "keyring.db"))
    for place in (to, keyring_to):
        if place is not None and place.resolve().is_relative_to(data.resolve()):
            raise Installation("backup.inside", path=str(place), data=str(data))
    if keyring_to is not None and keyring_to.resolve().is_relative_to(to.resolve()):
        raise Installation("backup.inside", path=str(keyring_to), data=str(to))
    if keyring_to is not None and to.resolve().is_relative_to(keyring_to.resolve()):
        raise Installation("backup.inside", path=str(to), data=str(keyring_to))


def _copy(source: Path, to: Path, pages: int, advance: Advance) -> None:
    """SQLite's online backup, of one instant: that of the read transaction that is held meanwhile.

    In WAL mode a reader holds up no writer, and without the transaction each commit of the owner
    would make the copy begin again. The keyring is not in WAL mode: it is copied in one step.
    """
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(
            sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=30)
        ) as old,
        closing(sqlite3.connect(to, isolation_level=None)) as new,
    ):
        old.isolation_level = None
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        old.backup(new, pages=pages, progress=lambda _, left, all_: advance(all_ - left, all_))
        old.execute("ROLLBACK")


def _access(data: Path, aside: Path) -> dict[str, Kept]:
    """Accounts, sessions and links, where there are any. Raises Installation (`backup.not_whole`)."""
    if not (data / "access.db").exists():
        return {}
    access = aside / "access.db"
    _copy(data / "access.db", access, PAGES, lambda _done, _all: None)
    with closing(sqlite3.connect(access, isolation_level=None)) as found:
        said = found.execute("PRAGMA integrity_check(1)").fetchone()[0]
    must_be_whole([Check("readable", said == "ok", 1, said)], str(access))
    flush(access)
    return {"access.db": kept(access)}


def _proved(log: Path, advance: Advance) -> tuple[str, Proof]:
    """Raises Installation (`backup.not_whole`, `data.no_log`)."""
    with closing(sqlite3.connect(f"{log.absolute().as_uri()}?mode=ro", uri=True)) as found:
        said = found.execute("PRAGMA integrity_check(1)").fetchone()[0]
    must_be_whole([Check("readable", said == "ok", 1, said)], str(log))
    views_path = log.with_name("proof.db")
    try:
        with ExitStack() as opened:
            app = open_sqlite(log)
            opened.callback(app.close)
            if not app.port.log_id:
                raise Installation("data.no_log", path=str(log.parent))
            views = file_of_views(views_path, app.port)
            opened.callback(views.close)
            return app.port.log_id, prove(app.port, views, advance, str(log))
    finally:
        for suffix in ("", "-wal", "-shm"):
            views_path.with_name(f"{views_path.name}{suffix}").unlink(missing_ok=True)


def _fit_keyring(keyring: Path, proof: Proof) -> int:
    """Destroy the keys of those erased on record; gives how many others have no key.

    Whoever was erased between the two copies has no key any more, and is among these.
    """
    with closing(sqlite3.connect(keyring, isolation_level=None)) as keys:
        said = keys.execute("PRAGMA integrity_check(1)").fetchone()[0]
        must_be_whole([Check("readable", said == "ok", 1, said)], str(keyring))
        keys.execute("PRAGMA secure_delete=ON")
        keys.execute("PRAGMA synchronous=EXTRA")
        found = set(keys.execute("SELECT subject, id FROM keys").fetchall())
        gone = [(person,) for person, _ in found if person in proof.erased]
        if gone:
            keys.executemany("DELETE FROM keys WHERE subject=?", gone)
    return len({person for person, _ in proof.sealed - found})


def _with_files(manifest: Manifest, files: dict[str, Kept]) -> Manifest:
    return structs.replace(manifest, files={**manifest.files, **files})


def _keyring_alone(manifest: Manifest, files: dict[str, Kept]) -> Manifest:
    return structs.replace(manifest, holds="keyring", files=files, made=None)
