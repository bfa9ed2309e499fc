"""The benchmark of the registers runs, and its floor puts in the same rows as the product."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import registers
from benchmarks.county import TINY
from benchmarks.history import Story
from benchmarks.places import Place

TALE = Story(task_forces=2, together=50)


def test_registers_are_measured_against_rows_put_in_by_hand(tmp_path: Path) -> None:
    lines = registers.run(Place(tmp_path), 1, TINY, TALE)
    assert [line.goal for line in lines] == [0.3, None]
    assert all(line.value > 0 for line in lines)


def test_by_hand_and_by_the_product_the_same_rows_come_about(tmp_path: Path) -> None:
    measured = registers.Registers(Place(tmp_path), TINY, TALE)
    assert measured.rows["tasks"] == 2 * TINY.tasks
    assert measured.rows["people"] == TINY.tasks
    measured.by_hand(whole=True)
    measured.rebuilt(whole=True)
    measured.people.pop()
    with pytest.raises(RuntimeError, match="there should be"):
        measured.by_hand(whole=True)
    measured.close()
