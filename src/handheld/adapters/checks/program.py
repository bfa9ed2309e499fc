"""What the program runs on: Python, SQLite, open files, fonts, variables."""

from __future__ import annotations

import platform
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pysqlite3

from handheld.adapters.checks.result import Checked, failed, fine, skipped, warning
from handheld.adapters.sqlite_library import OLDEST, check
from handheld.domain.errors import SqliteTooOld

FILES = 16_384
"""Open files that 11,000 phones, each with a socket of its own, and the log need."""
_SECONDS = 20


def look() -> Iterator[Checked]:
    """Python and SQLite, open files, fonts."""
    yield fine("python.version", version=platform.python_version(), path=sys.executable)
    yield sqlite(pysqlite3.sqlite_version)
    yield open_files(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    yield fonts()


def sqlite(version: str) -> Checked:
    """Not one that can corrupt a log."""
    try:
        check(version)
    except SqliteTooOld:
        return failed("sqlite.old", version=version, least=".".join(map(str, OLDEST)))
    return fine("sqlite.version", version=version)


def open_files(limit: int) -> Checked:
    """How many files and sockets the process may have open at once."""
    if limit != resource.RLIM_INFINITY and limit < FILES:
        return warning("files.few", limit=limit, least=FILES)
    return fine("files.enough", limit="∞" if limit == resource.RLIM_INFINITY else limit)


def fonts() -> Checked:
    """Fonts with Chinese characters, for boards that are shown on this machine."""
    program = shutil.which("fc-list")
    if program is None:
        return skipped("fonts.cannot_look")
    try:
        ran = subprocess.run(
            [program, ":lang=zh-cn", "family"],
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return skipped("fonts.cannot_look")
    families = sorted({line for line in ran.stdout.decode("utf-8", "replace").splitlines() if line})
    if not families:
        return warning("fonts.none")
    return fine("fonts.found", count=len(families), first=families[0].split(",")[0])
