"""The benchmark of phones on sockets runs, and notices who has no task of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import live
from benchmarks.county import TINY
from benchmarks.places import Place


def test_sockets_are_measured_against_bare_ones_and_rows_put_in_by_hand(tmp_path: Path) -> None:
    lines = live.run(Place(tmp_path), 0, TINY)
    assert [line.goal for line in lines] == [2, 1.25, 1.25, 20, 2, 80, 25, None]
    assert all(line.value > 0 for line in lines[:6])
    contests = {one.name for line in lines for one in line.contests}
    assert {"click", "append + bare send", "accept", "append + bare receive"} <= contests


def test_a_phone_without_a_task_of_its_own_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do = live.Process.do

    def one_twice(self: live.Process, order: str, **more: Any) -> dict[str, Any]:
        told = do(self, order, **more)
        return {**told, "distinct": told["distinct"] - 1} if "distinct" in told else told

    monkeypatch.setattr(live.Process, "do", one_twice)
    with pytest.raises(RuntimeError, match="a task of their own"):
        live.Live(Place(tmp_path), TINY).round()
