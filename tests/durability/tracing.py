"""What the kernel was asked to do: reading what strace tells of a child that commits."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support_log import ROOT, child

CHILD = "tests.durability.committing_child"
_CALL = re.compile(r"^\d+ +(?:\d+\.\d+ )?(\w+)\((\d+)<([^>]*)>(.*)$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")


class Call(NamedTuple):
    """A finished system call on an open file."""

    name: str
    path: str
    rest: str
    """What follows the file: arguments and result."""

    @property
    def worked(self) -> bool:
        """Whether the kernel said that it was done."""
        return re.search(r"\) += -1 ", self.rest) is None


def needs_strace() -> None:
    """Skip without strace; on CI it must be there."""
    if shutil.which("strace") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("strace is missing")
        pytest.skip("strace is missing")


def traced(
    directory: Path, count: int, *options: str, synchronous: str = "FULL"
) -> tuple[list[str], list[Call]]:
    """Run a child that commits under strace; gives the lines that it wrote, and its calls."""
    needs_strace()
    with tempfile.TemporaryDirectory() as place:
        trace = Path(place) / "trace"
        command = ["strace", "-f", "-y", "-s", "64", "-o", str(trace), *options]
        done = subprocess.run(
            [*command, *child(CHILD, directory, count, synchronous)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.stdout.startswith("READY"), done.stderr
        return done.stdout.splitlines(), calls(trace.read_text(errors="replace").splitlines())


def calls(lines: Sequence[str]) -> list[Call]:
    """The calls in the order in which they ended; a call that was interrupted counts at its end."""
    begun: dict[str, str] = {}
    found = []
    for line in lines:
        whole = line
        resumed = _RESUMED.match(line)
        if resumed is not None:
            whole = begun.pop(resumed[1], "") + resumed[3]
        elif line.endswith("<unfinished ...>"):
            begun[line.split(" ", 1)[0]] = line.removesuffix("<unfinished ...>")
            continue
        call = _CALL.match(whole)
        if call is not None:
            found.append(Call(call[1], call[3], call[4]))
    return found


def whole_lines(lines: Sequence[str]) -> list[str]:
    """The lines, each call in one piece although other threads came in between.

    A write stands where it began, every other call where it ended.
    """
    begun: dict[str, int] = {}
    found: list[str] = []
    for line in lines:
        resumed = _RESUMED.match(line)
        if resumed is not None and resumed[1] in begun:
            place = begun.pop(resumed[1])
            whole = found[place] + resumed[3]
            if resumed[2] in ("write", "pwrite64"):
                found[place] = whole
            else:
                found[place] = ""
                found.append(whole)
        elif line.endswith("<unfinished ...>"):
            begun[line.split(" ", 1)[0]] = len(found)
            found.append(line.removesuffix("<unfinished ...>").rstrip())
        else:
            found.append(line)
    return found


def acknowledgements_before_their_flush(found: Sequence[Call], wal: str) -> list[str]:
    """The acknowledgements that came before what they acknowledge was flushed to the disk.

    Each must come after writes to the log's WAL that are its own, and after an fsync or fdatasync
    of that file that followed the last of them and succeeded.
    """
    early = []
    written = flushed = False
    for call in found:
        if call.path == wal and call.name in ("write", "pwrite64"):
            written, flushed = True, False
        elif call.path == wal and call.name in ("fsync", "fdatasync"):
            flushed = call.worked
        elif call.name == "write" and '"OK ' in call.rest:
            if not (written and flushed):
                early.append(call.rest)
            written = False
    return early
