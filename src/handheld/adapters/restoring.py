"""Putting a backup into an empty data directory: all of it, or nothing.

A directory is a data directory by its `log.db`. That file is put there last, so whatever ends the
process before leaves none.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from handheld.adapters import attachments_backup
from handheld.adapters.access_store import settle_restored
from handheld.adapters.backup import Stages
from handheld.adapters.backup_files import copied, flush, read_manifest, told
from handheld.adapters.former_logs import RESTORED, Origin, as_another, origins
from handheld.adapters.ownership import Ownership
from handheld.application.backing_up import Manifest
from handheld.domain.errors import Installation

_UNFINISHED = ".restoring"
"""Where it is made. While it is there and no log is, all beside it comes from a killed restore."""

_BEFORE_THE_LOG = ("keyring.db", "views.db", "access.db")
"""What is put in place before the log; the last only where the backup has it."""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a restore."""

    log_id: str
    """The new one."""
    position: int
    former: tuple[Origin, ...]
    """The logs of which it is a copy, the latest last."""
    names: bool
    """Whether there was a keyring: without one all names read as erased."""


def restore(
    backup: Path,
    data: Path,
    *,
    stages: Stages,
    settle: Callable[[Path, Manifest], None],
    keyring: Path | None = None,
    with_keyring: bool = True,
) -> Restored:
    """Put a backup into a new or empty directory, as a log with an id of its own.

    `settle` opens what was made, makes the views anew and verifies them; it raises where anything
    is not as the manifest says. `keyring`: the backup of the keyring, where that is not in the
    backup. Raises DataInUse, Installation (`restore.not_empty`, and all `backup.` codes).
    """
    manifest = read_manifest(backup)
    made = manifest.made
    if manifest.holds != "log" or made is None or "log.db" not in manifest.files:
        raise Installation("backup.no_log", path=str(backup))
    files = {"log.db": (backup, manifest)}
    if with_keyring:
        files["keyring.db"] = _keyring(backup, manifest, keyring)
    if "access.db" in manifest.files:
        files["access.db"] = (backup, manifest)
    attached = [name for name in manifest.files if attachments_backup.is_attachment(name)]
    files |= dict.fromkeys(attached, (backup, manifest))
    with told(data), _Target(data) as target:
        attachments_backup.make_directories(attached, target.aside)
        with stages("restoring") as advance:
            for name, (folder, holding) in files.items():
                copied(folder / name, target.aside / name, holding.files[name], advance)
        if "access.db" in files:
            settle_restored(target.aside / "access.db", datetime.now(UTC))
            flush(target.aside / "access.db")
        if not with_keyring:  # a log is not opened without a file of that name
            (target.aside / "keyring.db").touch(mode=0o600)
        found = _as_another(target.aside / "log.db", manifest, made.position)
        settle(target.aside, manifest)
        if (target.aside / "log.db-wal").exists():
            # Whoever opened it has not let it go: the file alone would not be all of it.
            raise Installation("backup.failed", path=str(data), reason="log.db-wal")
        target.put_in_place()
        return Restored(
            log_id=found[0], position=made.position, former=found[1], names=with_keyring
        )


def _keyring(backup: Path, manifest: Manifest, elsewhere: Path | None) -> tuple[Path, Manifest]:
    """Where the keyring is, and what is said of it."""
    folder, holding = backup, manifest
    if elsewhere is not None:
        folder, holding = elsewhere, read_manifest(elsewhere)
    if "keyring.db" not in holding.files:
        raise Installation("backup.no_keyring", path=str(folder))
    if holding.log_id != manifest.log_id:
        raise Installation(
            "backup.other_log", path=str(folder), log=manifest.log_id, found=holding.log_id
        )
    return folder, holding


def _as_another(log: Path, manifest: Manifest, position: int) -> tuple[str, tuple[Origin, ...]]:
    """Give a copied log a new id, and keep the former one beside it, in one transaction."""
    with closing(sqlite3.connect(log, isolation_level=None)) as facts:
        facts.execute("PRAGMA synchronous=FULL")
        facts.execute("BEGIN IMMEDIATE")
        known = dict(facts.execute("SELECT name, value FROM log_facts").fetchall())
        if known.get("log_id") != manifest.log_id:
            raise Installation("backup.damaged", path=str(log))
        new = as_another(
            known.get(RESTORED), manifest.log_id, position, manifest.taken_at, datetime.now(UTC)
        )
        facts.executemany("INSERT OR REPLACE INTO log_facts VALUES (?,?)", list(new.items()))
        facts.execute("COMMIT")
    return new["log_id"], origins(new[RESTORED])


class _Target:
    """The directory that becomes a data directory; as empty as it was, if anything goes wrong."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.aside = data / _UNFINISHED
        self._opened = ExitStack()
        self._done = False

    def __enter__(self) -> _Target:
        if self._data.exists() and not self._data.is_dir():
            raise Installation("data.not_a_directory", path=str(self._data))
        self._refuse_full()
        made = not self._data.exists()
        if made:
            self._data.mkdir(parents=True, mode=0o700)
        with ExitStack() as opened:
            if made:
                opened.callback(self._leave_nothing)
            opened.callback(Ownership(self._data).close)
            self._refuse_full()  # again, now that nobody else can
            opened.callback(self._clear)
            self._clear()
            self.aside.mkdir(mode=0o700)
            self._opened = opened.pop_all()
        return self

    def _refuse_full(self) -> None:
        if not self._data.exists():
            return
        names = {path.name for path in self._data.iterdir()}
        unfinished = _UNFINISHED in names and "log.db" not in names
        if names - {"lock"} and not unfinished:
            raise Installation("restore.not_empty", path=str(self._data))

    def put_in_place(self) -> None:
        """The log last; then it is done."""
        flush(self.aside / "log.db")
        attachments_backup.put_in_place(self.aside, self._data)
        for name in _BEFORE_THE_LOG:
            if name != "access.db" or (self.aside / name).exists():
                (self.aside / name).rename(self._data / name)
        flush(self._data)
        (self.aside / "log.db").rename(self._data / "log.db")
        flush(self._data)
        self._done = True
        shutil.rmtree(self.aside, ignore_errors=True)
        flush(self._data.parent)

    def _clear(self) -> None:
        """Remove what an unfinished restore has put here, the mark of it last."""
        if self._done or not self.aside.exists():
            return
        for name in _BEFORE_THE_LOG:
            (self._data / name).unlink(missing_ok=True)
        attachments_backup.clear(self._data)
        shutil.rmtree(self.aside, ignore_errors=True)

    def _leave_nothing(self) -> None:
        if not self._done:
            (self._data / "lock").unlink(missing_ok=True)
            with suppress(OSError):  # somebody has put something there meanwhile: it is theirs
                self._data.rmdir()

    def __exit__(self, *_: object) -> None:
        self._opened.close()
