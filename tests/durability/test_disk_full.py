"""A full disk: a clean refusal, nothing half-written; reads go on, and writing when there is room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError
from handheld.domain.task_force import MakeEntry
from handheld_events.ids import task_force_id
from tests.durability.checks import assert_starts_are_whole, starts
from tests.durability.conftest import PEOPLE
from tests.durability.tracing import traced
from tests.support_log import COUNTY, copied, new_command, start_request


@pytest.mark.parametrize("which", ["1..3", "5..9", "40..44"])
def test_a_start_that_finds_no_space_is_refused_and_the_next_may_find_some(
    data: Path, which: str
) -> None:
    """The kernel's answer is strace's here, so that no special file system is needed."""
    no_space = f"inject=pwrite64:error=ENOSPC:when={which}"
    told, found = traced(
        data, 12, "-P", str(data / "log.db-wal"), "-e", "trace=pwrite64", "-e", no_space
    )
    assert any("ENOSPC" in call.rest for call in found), "it was never full: this shows nothing"
    answers, read = told[1:-1], told[-1]
    failed = [n for n, line in enumerate(answers) if line == f"FAILED {n} log.full"]
    done = [n for n, line in enumerate(answers) if line == f"OK {n}"]
    assert sorted(failed + done) == list(range(12)), answers
    assert failed
    assert done[-1] == 11, "it did not go on when there was space"
    assert int(read.removeprefix("READ ")) > 0
    with Home(data) as home:
        assert len(starts(home, PEOPLE)) == len(done)
    assert_starts_are_whole(data, PEOPLE, done)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of ten megabytes, where the machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here; strace shows the same above")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_on_a_disk_that_is_full_nothing_is_lost_and_all_goes_on_afterwards(
    prepared: Path, small_disk: Path
) -> None:
    directory = copied(prepared, small_disk / "data")
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 5_000_000)
    with Home(directory) as home:
        done = 0
        with pytest.raises(HandheldError) as caught:  # noqa: PT012
            while done < 500:
                home.writer.execute(start_request(new_command(done)))
                done += 1
        assert caught.value.code == "log.full"
        assert done > 0
        # Reads go on, and another attempt is as clean.
        assert len(starts(home, PEOPLE)) == done
        with pytest.raises(HandheldError) as again:
            home.writer.execute(start_request(new_command(done)))
        assert again.value.code == "log.full"
        home.boards.tier_board(COUNTY)
        ballast.unlink()
        receipt = home.writer.execute(start_request(new_command(done)))
        assert (receipt.outcome, receipt.repeated) == ("accepted", False)
    assert_starts_are_whole(directory, PEOPLE, range(done + 1))


def test_boards_and_indexes_follow_again_when_there_is_room(
    prepared: Path, small_disk: Path
) -> None:
    """What they store may find the disk full before the log does; that must not end them."""
    directory = copied(prepared, small_disk / "data")
    ballast = small_disk / "ballast"
    with Home(directory) as home:
        home.writer.execute(start_request(new_command(0)))
        task_force = task_force_id(new_command(0))
        home.caught_up()
        with pytest.raises(OSError, match="No space"):
            ballast.write_bytes(b"x" * 20_000_000)
        os.truncate(ballast, ballast.stat().st_size - 400_000)
        made, full = 0, "never"
        for made in range(200):
            try:
                home.execute(MakeEntry(task_force=task_force, text=f"记事 {made}"), "operator")
            except HandheldError as error:
                full = error.code
                break
            sleep(0.005)  # so that the follower stores them one by one
        assert full == "log.full"
        ballast.unlink()
        home.execute(MakeEntry(task_force=task_force, text="有空间了"), "operator")
        home.caught_up()
        assert home.stopped == []
        assert home.boards.position == home.indexes.position == home.log.end()
        assert len(home.indexes.timeline(task_force)) >= made + 3
