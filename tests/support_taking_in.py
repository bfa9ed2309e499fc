"""Records of another system, known by name to the processes that prepare them.

Run with the file of a log it takes them in without an end, and tells how far it is.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing import active_children
from pathlib import Path
from typing import NamedTuple

from handheld.adapters.clock import RealClock
from handheld.adapters.log import open_sqlite
from handheld.adapters.worker_processes import worker_processes
from handheld.application.taking_in import Foreign, Source, TakenIn, take_in
from handheld.domain.errors import Malformed
from handheld_events.envelope import About
from handheld_events.finding import FindingDealtWith, FindingReported
from tests.support_log import VILLAGE

OLD = Source("grid-platform/2020", "operator", "finding")
BEGAN = datetime(2020, 5, 1, 8, tzinfo=UTC)

NOT_FOR_LONG = 9
"""The number of the line whose process ends."""


class Line(NamedTuple):
    """Of the other system's file."""

    number: int
    text: str = "河堤渗水"


def record(line: Line) -> Foreign:
    """What it is here. Raises Malformed (`text.missing`)."""
    if not line.text:
        raise Malformed("text.missing", line=line.number)
    said = f"{line.text}（{line.number}）"
    reported = FindingReported(text=said, division=VILLAGE, desk=VILLAGE)
    settled = FindingDealtWith(text="已修复。")
    at = BEGAN + timedelta(minutes=line.number)
    return Foreign(f"W-{line.number}", at, About(division=VILLAGE), (reported, settled))


def ends_its_process(line: Line) -> Foreign:
    """As a machine that has no more memory ends it."""
    if line.number == NOT_FOR_LONG:
        os.kill(os.getpid(), signal.SIGKILL)
    return record(line)


def tell(taken: TakenIn) -> None:
    """The positions that are durable, and who prepares."""
    workers = sorted(child.pid or 0 for child in active_children())
    print(taken.new * 2, *workers, flush=True)


if __name__ == "__main__":
    # A shell that starts something in the background lets it ignore Ctrl+C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    app = open_sqlite(Path(sys.argv[1]))
    with worker_processes(2) as running:
        take_in(
            app.port, RealClock(), OLD, map(Line, count()), record, tell, batch=50, workers=running
        )
