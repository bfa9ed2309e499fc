"""The disk under the data directory: room, kind of file system, writing and flushing."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from handheld.adapters.checks.result import Checked, failed, fine, skipped, warning

LEAST_MIB = 100
"""With less room than this a start of 11,000 tasks and its views may not fit."""
SCARCE_MIB = 1024
SLOW_MS = 50
"""A flush that takes longer is felt with every command."""
_FLUSHES = 9
_MIB = 1 << 20

MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    (
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "ceph",
        "glusterfs",
        "lustre",
        "afs",
        "ocfs2",
        "gfs2",
        "beegfs",
        "ncpfs",
        "fuse.sshfs",
        "fuse.glusterfs",
        "fuse.ceph",
        "fuse.s3fs",
        "fuse.rclone",
        "fuse.davfs",
    )
)
_MEMORY = frozenset(("tmpfs", "ramfs"))
_OCTAL = re.compile(r"\\([0-7]{3})")


def look(data: Path, mounts: Path = MOUNTS) -> Iterator[Checked]:
    """Room, file system, and whether a flush works, where the data directory is or would be."""
    place = standing(data)
    yield room(place)
    yield system(place, mounts)
    yield flushing(place)


def standing(data: Path) -> Path:
    """The directory itself, or the nearest above it that is there."""
    place = data.absolute()
    while not place.is_dir() and place != place.parent:
        place = place.parent
    return place


def room(place: Path) -> Checked:
    """How much room is left."""
    try:
        free = shutil.disk_usage(place).free // _MIB
    except OSError as error:
        return failed("disk.unreadable", path=place, reason=error.strerror)
    if free < LEAST_MIB:
        return failed("disk.full", path=place, free=free, least=LEAST_MIB)
    if free < SCARCE_MIB:
        return warning("disk.scarce", path=place, free=free)
    return fine("disk.room", path=place, free=free)


def system(place: Path, mounts: Path = MOUNTS) -> Checked:
    """The kind of file system: SQLite's locks and flushes need a local one."""
    try:
        kind = file_system(place.resolve(), mounts.read_text("utf-8", "surrogateescape"))
    except OSError:
        kind = None
    if kind is None:
        return skipped("disk.system_unknown", path=place)
    if kind in _NETWORK:
        return failed("disk.network", path=place, kind=kind)
    if kind in _MEMORY:
        return warning("disk.memory", path=place, kind=kind)
    if kind.startswith("fuse"):
        return warning("disk.fuse", path=place, kind=kind)
    return fine("disk.local", path=place, kind=kind)


def file_system(place: Path, mounts: str) -> str | None:
    """The kind of the mount that holds a path; proc(5) says how mounts are listed."""
    best: tuple[int, str] | None = None
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        words = before.split()
        if not dash or len(words) < 5:
            continue
        point = Path(_OCTAL.sub(lambda octal: chr(int(octal[1], 8)), words[4]))
        # A later mount lies over an earlier one at the same place.
        if place.is_relative_to(point) and (best is None or len(point.parts) >= best[0]):
            best = (len(point.parts), after.split()[0])
    return best[1] if best else None


def flushing(place: Path) -> Checked:
    """Whether something can be written and flushed there, and how long a flush takes."""
    took: list[float] = []
    try:
        # Without a name where the system can do that: nothing is ever left behind.
        with tempfile.TemporaryFile(dir=place) as file:
            for _ in range(_FLUSHES):
                file.write(bytes(4096))
                file.flush()
                began = perf_counter()
                os.fsync(file.fileno())
                took.append((perf_counter() - began) * 1000)
    except PermissionError:
        return failed("disk.not_writable", path=place)
    except OSError as error:
        return failed("disk.write_failed", path=place, reason=error.strerror)
    middle = sorted(took)[len(took) // 2]
    if middle > SLOW_MS:
        return warning("disk.slow", path=place, ms=round(middle))
    return fine("disk.flushed", path=place, ms=f"{middle:.1f}")
