"""Each acknowledgement comes after the flush of what it acknowledges; a failed flush has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durability.checks import assert_starts_are_whole
from tests.durability.conftest import PEOPLE
from tests.durability.tracing import (
    Call,
    acknowledgements_before_their_flush,
    calls,
    traced,
)

CALLS = "trace=fsync,fdatasync,write,pwrite64"
COMMITS = 8


def test_each_acknowledgement_comes_after_the_flush_of_the_log(data: Path) -> None:
    told, found = traced(data, COMMITS, "-e", CALLS)
    assert told[1:-1] == [f"OK {n}" for n in range(COMMITS)]
    assert acknowledgements_before_their_flush(found, str(data / "log.db-wal")) == []


def test_without_flushing_the_same_check_fails(data: Path) -> None:
    told, found = traced(data, COMMITS, "-e", CALLS, synchronous="OFF")
    assert told[1:-1] == [f"OK {n}" for n in range(COMMITS)]
    early = acknowledgements_before_their_flush(found, str(data / "log.db-wal"))
    assert len(early) == COMMITS


def test_with_flushing_at_checkpoints_only_the_same_check_fails(data: Path) -> None:
    _, found = traced(data, COMMITS, "-e", CALLS, synchronous="NORMAL")
    assert acknowledgements_before_their_flush(found, str(data / "log.db-wal"))


def test_the_check_itself_tells_early_from_late() -> None:
    wal = "/d/log.db-wal"
    write, flush = f"9 pwrite64(5<{wal}>, 1, 1, 0) = 1", f"9 fsync(5<{wal}>) = 0"
    ok = '8 write(1<pipe:[1]>, "OK 0\\n", 5) = 5'

    def early(*lines: str) -> int:
        return len(acknowledgements_before_their_flush(calls(lines), wal))

    assert early(write, flush, ok) == 0
    assert early(write, ok, flush) == 1
    assert early(flush, ok) == 1  # nothing of its own was written
    assert early(write, flush, ok, ok) == 1
    assert early(write, flush.replace("= 0", "= -1 EIO (Input/output error)"), ok) == 1
    assert early(write, flush.replace(wal, "/d/views.db-wal"), ok) == 1
    begun, ended = f"9 fsync(5<{wal}> <unfinished ...>", "9 <... fsync resumed>) = 0"
    assert early(write, begun, ok, ended) == 1
    assert early(write, begun, ended, ok) == 0
    assert calls([begun, ended]) == [Call("fsync", wal, " ) = 0")]


@pytest.mark.parametrize("which", ["1", "4", "3+"])
def test_a_start_whose_flush_failed_is_never_acknowledged(data: Path, which: str) -> None:
    """`fsync` or `fdatasync` is a matter of how SQLite was built: either fails here."""
    wal = str(data / "log.db-wal")
    failing = f"inject=fsync,fdatasync:error=EIO:when={which}"
    told, found = traced(data, 8, "-P", wal, "-e", CALLS, "-e", failing)
    assert any(not call.worked for call in found), "no flush failed: this shows nothing"
    answers = told[1:-1]
    failed = next(n for n, line in enumerate(answers) if line.startswith("FAILED"))
    # From the failure on nothing is acknowledged, even though later flushes might work.
    assert answers[:failed] == [f"OK {n}" for n in range(failed)]
    assert answers[failed:] == [f"FAILED {n} writer.stopped" for n in range(failed, 8)]
    # After a restart the log is consistent, and what was never answered may come again.
    assert_starts_are_whole(data, PEOPLE, range(failed))


@pytest.mark.parametrize("which", ["2", "6", "9+"])
def test_a_start_whose_write_failed_is_never_acknowledged(data: Path, which: str) -> None:
    wal = str(data / "log.db-wal")
    told, found = traced(
        data, 6, "-P", wal, "-e", CALLS, "-e", f"inject=pwrite64:error=EIO:when={which}"
    )
    assert any(not call.worked for call in found), "no write failed: this shows nothing"
    answers = told[1:-1]
    failed = next(n for n, line in enumerate(answers) if line.startswith("FAILED"))
    assert answers[failed:] == [f"FAILED {n} writer.stopped" for n in range(failed, 6)]
    assert_starts_are_whole(data, PEOPLE, range(failed))
