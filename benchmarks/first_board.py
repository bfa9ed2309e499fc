"""A fresh process that opens a data directory and shows one board: `python -m benchmarks.first_board`.

Arguments: the directory, the division, the monotonic time in nanoseconds at which this process was
started, and the seconds after which it counts as settled. It ends without storing anything more.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import msgspec

from handheld.bootstrap import Home
from handheld_projections.tier_board import TierBoard

PATIENCE_SECONDS = 60.0


class Shown(msgspec.Struct, frozen=True):
    """What the process found."""

    seconds: float
    """From the start of the process to its first board at the log's end."""
    opened: float
    """Of these, until the home was open."""
    loaded: float
    """Of these, until everything was imported."""
    board: TierBoard
    peak: int
    """Kilobytes of memory at most (VmHWM)."""
    settled: int
    """Kilobytes of memory in use when nothing more was to be done (VmRSS)."""


def memory(name: str) -> int:
    """A figure of this process, in kilobytes, as Linux tells it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise KeyError(name)


def main() -> None:
    """Show the board, settle, tell, and end at once."""
    directory, division, started, wait = sys.argv[1:]
    began = int(started)
    loaded = time.monotonic_ns()
    home = Home(Path(directory))
    opened = time.monotonic_ns()
    if not home.boards.wait_for(home.log.end(), PATIENCE_SECONDS):
        msg = f"the boards are at {home.boards.position}"
        raise RuntimeError(msg)
    board = home.boards.tier_board(division)
    shown = time.monotonic_ns()
    home.caught_up()
    time.sleep(float(wait))
    told = Shown(
        (shown - began) / 1e9,
        (opened - began) / 1e9,
        (loaded - began) / 1e9,
        board,
        memory("VmHWM"),
        memory("VmRSS"),
    )
    sys.stdout.buffer.write(msgspec.json.encode(told))
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
