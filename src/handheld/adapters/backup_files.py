"""Files of backups: made aside, flushed, hashed, and put in place when they are whole."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

import msgspec
from eventsourcing.persistence import PersistenceError

from handheld.adapters.sqlite_store import cause
from handheld.application.backing_up import FORMAT, MANIFEST, Kept, Manifest
from handheld.domain.errors import Installation

Advance = Callable[[int, int], None]
"""Told how far a job has come, and how far it goes."""

CHUNK = 1 << 20

_UNFINISHED = re.compile(r"\..+\.part-[0-9a-f]{8}")
_OURS = re.compile(
    r"((log|keyring|access|attachments|proof)\.db(-wal|-shm|-journal)?|attachments|manifest\.json)"
)
"""What a backup that is being made may hold."""


@contextmanager
def told(path: Path) -> Generator[None]:
    """Faults of disks and databases as people are told of them.

    Raises Installation (`backup.full`, `backup.failed`).
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Installation("backup.full", path=str(path)) from error
        raise
    except sqlite3.Error as error:
        # The online backup raises without the name of the cause.
        if "disk is full" in str(error):
            raise Installation("backup.full", path=str(path)) from error
        raise Installation("backup.failed", path=str(path), reason=str(error)) from error
    except PersistenceError as error:
        if cause(error) == "SQLITE_FULL":
            raise Installation("backup.full", path=str(path)) from error
        raise Installation("backup.failed", path=str(path), reason=str(error)) from error


@contextmanager
def made_aside(place: Path) -> Generator[Path]:
    """A directory beside a place, which takes that place when all has gone well, and is gone if not.

    What a killed process left there is removed first: it may hold keys. Raises Installation
    (`backup.exists`).
    """
    parent = place.parent
    if place.exists() or place.is_symlink():
        raise Installation("backup.exists", path=str(place))
    parent.mkdir(parents=True, exist_ok=True)
    _sweep(parent)
    aside, held = _aside_held(place)
    try:
        yield aside
        flush(aside)
        if place.exists():
            raise Installation("backup.exists", path=str(place))
        aside.rename(place)
        flush(parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        os.close(held)


def _aside_held(place: Path) -> tuple[Path, int]:
    """A new directory beside a place, and the open lock that keeps others from sweeping it away."""
    while True:
        aside = place.with_name(f".{place.name}.part-{token_hex(4)}")
        aside.mkdir(mode=0o700)
        held = os.open(aside, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
        if aside.exists():  # else it was swept away before it was locked
            return aside, held
        os.close(held)


def _sweep(parent: Path) -> None:
    """Remove what nobody works on any more: its lock went with its process."""
    for left in parent.iterdir():
        if not _UNFINISHED.fullmatch(left.name) or not left.is_dir():
            continue
        with suppress(FileNotFoundError):  # somebody else sweeps as well
            handle = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if all(_OURS.fullmatch(path.name) for path in left.iterdir()):
                    shutil.rmtree(left)
            except BlockingIOError:
                pass
            finally:
                os.close(handle)


def flush(path: Path) -> None:
    """A file's bytes, or the names in a directory, are on the disk when it returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def kept(path: Path) -> Kept:
    """A file's hash and size."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Kept(sha256=digest.hexdigest(), bytes=size)


def copied(source: Path, to: Path, expected: Kept, advance: Advance) -> None:
    """Copy a file of a backup, and flush it.

    Raises Installation (`backup.missing_file`, `backup.damaged`) where it is not what it was.
    """
    digest, size = sha256(), 0
    try:
        file = source.open("rb")
    except FileNotFoundError as error:
        raise Installation("backup.missing_file", path=str(source)) from error
    with file, os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
            advance(size, max(size, expected.bytes))
        out.flush()
        os.fsync(out.fileno())
    if (digest.hexdigest(), size) != (expected.sha256, expected.bytes):
        raise Installation("backup.damaged", path=str(source))


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write what a backup says of itself."""
    path = directory / MANIFEST
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(text + b"\n")
        out.flush()
        os.fsync(out.fileno())


def read_manifest(directory: Path) -> Manifest:
    """What a backup says of itself.

    Raises Installation (`backup.none`, `backup.newer`, `backup.damaged`).
    """
    path = directory / MANIFEST
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Installation("backup.none", path=str(directory)) from error
    try:
        form = msgspec.json.decode(text, type=_Form).format
        if form > FORMAT:
            raise Installation("backup.newer", path=str(directory), format=form)
        return msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise Installation("backup.damaged", path=str(path)) from error


class _Form(msgspec.Struct):
    format: int
