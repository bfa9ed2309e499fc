"""The benchmark of taking in runs, and its floor puts in the very same rows. Nothing is timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import intake
from benchmarks.places import Place
from handheld.adapters.local_postgres import local_postgres


def test_taking_in_is_measured_against_copy_of_the_same_rows(tmp_path: Path) -> None:
    (line,) = intake.run(Place(tmp_path), 1, 6_000)
    assert (line.goal, line.at_most) == (0.5, False)
    assert line.value > 0


def test_rows_that_are_missing_are_noticed(tmp_path: Path) -> None:
    with local_postgres() as server:
        intakes = intake.Intakes(server, tmp_path, 100)
        intakes.taken_in()
        intakes.by_hand()
        few = intake.Intakes(server, tmp_path, 101)  # with the rows of the other
        with pytest.raises(RuntimeError, match="facts and streams"):
            few.by_hand()
