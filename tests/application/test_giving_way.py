"""Processes that push nothing let those go first that do."""

from __future__ import annotations

from handheld.application.giving_way import MUCH, SECONDS_EACH, GivingWay


class _Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_after_a_start_it_gives_way_as_long_as_pushing_takes() -> None:
    clock = _Clock()
    gives_way = GivingWay(5_000, clock)

    assert gives_way(16_000)
    clock.now += 11_000 * SECONDS_EACH - 0.001
    assert gives_way(16_000)
    clock.now += 0.002
    assert not gives_way(16_000)


def test_two_starts_one_after_the_other_take_as_long_as_both() -> None:
    clock = _Clock()
    gives_way = GivingWay(0, clock)

    assert gives_way(1_000)
    assert gives_way(2_000)
    clock.now += 2_000 * SECONDS_EACH - 0.001
    assert gives_way(2_000)
    clock.now += 0.002
    assert not gives_way(2_000)


def test_for_single_commands_nobody_waits() -> None:
    gives_way = GivingWay(0, _Clock())

    assert not gives_way(1)
    assert not gives_way(1 + MUCH)
    assert not gives_way(1 + MUCH)
