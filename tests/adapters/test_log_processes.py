"""Several processes on one log file: no fact is lost or doubled, and nobody needs the views."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

from handheld.adapters.log import open_sqlite
from tests.support_log import assert_whole, child, history, run_children

PROCESSES = 4


def together(directory: Path, *jobs: tuple[str, int]) -> list[Any]:
    """Run children that open the log at the same moment; gives what each found."""
    path = directory / "log.db"
    commands: Sequence[Sequence[str]] = [
        child("tests.adapters.racing_child", path, mode, f"p{n}", count)
        for n, (mode, count) in enumerate(jobs)
    ]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run_children, commands)
        while len(list(directory.glob("ready-*"))) < len(jobs) and not running.done():
            sleep(0.005)
        (directory / "go").touch()
        found = [json.loads(out) for out in running.result()]
    # The log alone: nobody made or needed a file of views.
    assert not (directory / "views.db").exists()
    return found


def test_processes_that_race_for_the_same_streams_lose_and_double_nothing(tmp_path: Path) -> None:
    commits = 50
    found = together(tmp_path, *[("race", commits)] * PROCESSES)
    with open_sqlite(tmp_path / "log.db") as app:
        assert_whole(app.port)
        log = history(app.port)
    assert len(log) == PROCESSES * commits * 3
    at = {position: (stream, version) for position, stream, version in log}
    for report in found:
        assert len(report["written"]) == commits
        for first, last, stream, version in report["written"]:
            # What it was told is there, whole and in one piece.
            assert last - first == 2
            assert at[first] == (stream, version)
            assert at[first + 1] == (stream, version + 1)
            assert at[last][0].startswith("tf-p")
    assert sum(report["conflicts"] for report in found) > 0, "they never met: this shows nothing"


def test_processes_with_streams_of_their_own_never_conflict(tmp_path: Path) -> None:
    commits = 40
    found = together(tmp_path, *[("own", commits)] * PROCESSES)
    with open_sqlite(tmp_path / "log.db") as app:
        assert_whole(app.port)
        assert len(history(app.port)) == sum(report["written"] for report in found)
    assert [report["written"] for report in found] == [commits * 20] * PROCESSES


def test_a_command_sent_by_several_processes_takes_effect_once(tmp_path: Path) -> None:
    commits = 60
    found = together(tmp_path, *[("same", commits)] * PROCESSES)
    with open_sqlite(tmp_path / "log.db") as app:
        assert len(history(app.port)) == commits
    assert sum(report["first"] for report in found) == commits


def test_a_follower_in_another_process_misses_nothing(tmp_path: Path) -> None:
    commits = 30
    jobs = [("race", commits)] * 2 + [("own", commits)] + [("follow", commits * (6 + 20))] * 2
    *_, one, two = together(tmp_path, *jobs)
    with open_sqlite(tmp_path / "log.db") as app:
        expected = [list(row) for row in history(app.port)]
    assert len(expected) == commits * 26
    assert one["seen"] == expected
    assert two["seen"] == expected


def test_processes_that_start_at_once_do_not_fail_over_the_tables(tmp_path: Path) -> None:
    for n in range(4):
        directory = tmp_path / str(n)
        directory.mkdir()
        found = together(directory, *[("own", 1)] * 6)
        assert [report["written"] for report in found] == [20] * 6
