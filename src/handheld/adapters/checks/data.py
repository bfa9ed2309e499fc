"""The data directory: who may read it, who has it open, and what it holds."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from handheld.adapters.checks.result import Checked, failed, fine, skipped, warning
from handheld.adapters.clock import ClockSetting

LOCKS = Path("/proc/locks")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LogSeen(NamedTuple):
    """What the log says of itself, read beside whoever has it open."""

    log_id: str
    end: int
    people: bool
    last_recorded: datetime | None
    """None where nothing is recorded yet, and where its clock is a simulated one."""


def owner(data: Path, locks: Path = LOCKS) -> str | None:
    """The id of the process that has the directory open; None where none has, or nobody can tell.

    Read from the system's list of locks (proc(5)): to try the lock would be to take it, and whoever
    starts at that moment would be turned away.
    """
    try:
        inode = (data / "lock").stat().st_ino
        lines = locks.read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    for line in lines:
        words = line.split()
        if len(words) > 5 and words[1] == "FLOCK" and words[5].rpartition(":")[2] == str(inode):
            return words[4]
    return None


def read_log(data: Path) -> LogSeen | None:
    """What the log says of itself; None where it is none of ours. Raises sqlite3.Error."""
    with closing(_opened(data / "log.db")) as db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
        if not {"stored_events", "log_facts"} <= tables:
            return None
        facts = dict(db.execute("SELECT name, value FROM log_facts"))
        last = db.execute(
            "SELECT position, recorded_us FROM stored_events ORDER BY position DESC LIMIT 1"
        ).fetchone()
        people = db.execute(
            "SELECT 1 FROM stored_events WHERE originator_id >= 'person-' "
            "AND originator_id < 'person.' LIMIT 1"
        ).fetchone()
    if not facts.get("log_id"):
        return None
    clock = msgspec.json.decode(facts.get("clock", "{}"), type=ClockSetting)
    recorded = None
    if last is not None and clock.origin is None:
        recorded = _EPOCH + timedelta(microseconds=last[1])
    return LogSeen(facts["log_id"], last[0] if last else 0, people is not None, recorded)


def look(data: Path, locks: Path = LOCKS) -> Iterator[Checked]:
    """Permissions, owner, log, keyring, views."""
    if not data.exists():
        yield warning("data.not_there", path=data)
        return
    if not data.is_dir():
        yield failed("data.no_directory", path=data)
        return
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        yield failed("data.forbidden", path=data)
        return
    yield permissions(data)
    process = owner(data, locks)
    if process is not None:
        yield fine("data.open", process=process)
    if not (data / "log.db").exists():
        yield warning("data.empty", path=data)
        return
    yield from _log(data)


def permissions(data: Path) -> Checked:
    """Names and keys lie in it: only its owner may look."""
    for path in (data, *sorted(data.glob("*.db"))):
        mode = path.stat().st_mode & 0o777
        inside = path != data
        # Within a closed directory nobody reaches a file, whatever its own mode is.
        if mode & 0o077 and not inside:
            return failed("data.exposed", path=path, mode=f"{mode:o}")
        if inside and not os.access(path, os.R_OK | os.W_OK):
            return failed("data.file_forbidden", path=path)
    return fine("data.closed", path=data)


def _log(data: Path) -> Iterator[Checked]:
    path = data / "log.db"
    try:
        seen = read_log(data)
    except (sqlite3.Error, msgspec.MsgspecError, OSError) as error:
        yield failed("log.unreadable", path=path, reason=str(error))
        return
    if seen is None:
        yield failed("log.none", path=path)
        return
    yield fine("log.there", path=path, log=seen.log_id, end=seen.end)
    yield keyring(data / "keyring.db", people=seen.people)
    yield views(data / "views.db", seen)


def keyring(path: Path, *, people: bool) -> Checked:
    """Without it no name can be read any more."""
    if not path.exists():
        if people:
            return failed("keyring.not_there", path=path)
        return skipped("keyring.not_needed")
    try:
        with closing(_opened(path)) as db:
            (count,) = db.execute("SELECT count(*) FROM keys").fetchone()
    except sqlite3.Error as error:
        return failed("keyring.unreadable", path=path, reason=str(error))
    return fine("keyring.there", path=path, count=count)


def views(path: Path, log: LogSeen) -> Checked:
    """How far boards and registers are stored; the rest is made when the log is opened."""
    if not path.exists():
        return warning("views.not_there", path=path)
    try:
        with closing(_opened(path)) as db:
            facts = dict(db.execute("SELECT name, value FROM views_facts"))
            (least,) = db.execute("SELECT min(position) FROM cursors").fetchone()
    except sqlite3.Error as error:
        return warning("views.damaged", path=path, reason=str(error))
    if facts.get("log_id") != log.log_id:
        return warning("views.of_another", path=path)
    return fine("views.stored", position=least or 0, end=log.end)


def _opened(path: Path) -> sqlite3.Connection:
    """For reading, beside a process that writes."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
