"""The benchmarks of a cluster run on real processes, and notice what is missing. Nothing is timed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import cluster_delta, cluster_live, live
from benchmarks.cluster_delta import delays
from benchmarks.county import TINY
from benchmarks.places import Place
from handheld.adapters.local_postgres import local_postgres


def test_a_click_on_a_cluster_is_measured_against_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_postgres(max_connections=200) as server:
        clicks = cluster_live.Clicks(Place(tmp_path), server, TINY)
        assert clicks.embedded().wall > 0
        assert clicks.clustered().wall > 0
        do = live.Process.hear

        def one_twice(self: live.Process) -> dict[str, Any]:
            told = do(self)
            return {**told, "distinct": told["distinct"] - 1} if "distinct" in told else told

        monkeypatch.setattr(live.Process, "hear", one_twice)
        # Both look at what was heard in the same way, and this one has fewer processes.
        with pytest.raises(RuntimeError, match="a task of their own"):
            clicks.embedded()


def test_what_another_process_shows_is_measured_for_each_commit(tmp_path: Path) -> None:
    lines = cluster_delta.run(Place(tmp_path), 0, TINY)
    assert [line.goal for line in lines] == [20, 20, None]
    third = TINY.tasks // 3
    assert f"of {third:,};" in lines[0].note
    assert f"of {third:,};" in lines[2].note


def test_a_commit_is_shown_by_the_first_showing_of_its_position_or_a_later_one() -> None:
    acknowledged = [(3, 10.0), (5, 11.0), (6, 12.0)]
    shown = [(2, 9.0), (4, 10.5), (6, 11.5)]
    assert delays(acknowledged, shown) == [0.5, 0.5, -0.5]
    with pytest.raises(IndexError):
        delays([(7, 13.0)], shown)
