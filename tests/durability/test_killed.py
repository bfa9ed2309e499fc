"""SIGKILL at random moments of starts: nothing half-started, nothing acknowledged lost.

This shows that transactions are whole; that they survive a loss of power is shown by
test_flushed.py, since a killed process loses nothing that the system's cache holds.
"""

from __future__ import annotations

import shutil
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import sleep

import pytest

from tests.durability.checks import assert_starts_are_whole
from tests.durability.committing_child import start_for_ever
from tests.durability.conftest import PEOPLE
from tests.support_log import copied

# Each child is forked from a server that has imported everything: a kill costs milliseconds.
processes = get_context("forkserver")
processes.set_forkserver_preload(["tests.durability.committing_child"])


def kill_at_random(prepared: Path, tmp_path: Path, rounds: int, seed: int) -> list[int]:
    random = Random(seed)
    found = []
    for n in range(rounds):
        directory = copied(prepared, tmp_path / f"round-{n}")
        here, there = processes.Pipe(duplex=False)
        one = processes.Process(target=start_for_ever, args=(directory, there))
        one.start()
        there.close()
        acknowledged = []
        try:
            # Anywhere between the opening and some ten starts.
            if random.random() < 0.8:
                assert here.poll(30), "the child never answered"
            sleep(random.uniform(0, 0.05))
        finally:
            one.kill()
            one.join()
        try:
            while here.poll(0):
                acknowledged.append(int(here.recv_bytes()))
        except EOFError:
            pass
        here.close()
        one.close()
        assert acknowledged == list(range(len(acknowledged)))
        found.append(assert_starts_are_whole(directory, PEOPLE, acknowledged))
        shutil.rmtree(directory)
    return found


def test_fifty_kills_leave_nothing_half_started_and_lose_nothing(
    prepared: Path, tmp_path: Path
) -> None:
    found = kill_at_random(prepared, tmp_path, 50, seed=20210723)
    assert max(found) > 1, "no kill came after a start: this shows nothing"


@pytest.mark.soak
def test_five_hundred_kills_leave_nothing_half_started_and_lose_nothing(
    prepared: Path, tmp_path: Path
) -> None:
    found = kill_at_random(prepared, tmp_path, 500, seed=1500)
    assert max(found) > 1, "no kill came after a start: this shows nothing"
