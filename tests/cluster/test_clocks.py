"""A machine's clock is an hour wrong: the log's times never go back, and everybody goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from handheld.adapters.log import CommandLog
from handheld.application.ports import Written
from handheld_events.codec import instant
from tests.support_log import decided, rows
from tests.support_postgres import Postgres

HOUR = timedelta(hours=1)
Clock = Callable[[], int]


def wrong_by(shift: timedelta, since: datetime) -> Clock:
    """A machine's clock, by its microseconds since 1970; it ticks each time that it is asked."""
    asked = 0

    def now() -> int:
        nonlocal asked
        asked += 1
        return int((since + shift).timestamp() * 1_000_000) + asked

    return now


@pytest.fixture
def machines(server: Postgres) -> Iterator[tuple[CommandLog, CommandLog]]:
    """Two processes on one log."""
    with server.log() as one, CommandLog(one.env | {"CREATE_TABLE": "n"}) as other:
        yield one, other


def recorded(app: CommandLog) -> list[datetime]:
    """The recorded times, in order."""
    return [instant(row[5]) for row in app.port.read(0, 1_000)]


@pytest.mark.parametrize("shift", [HOUR, -HOUR])
def test_times_never_go_back_whichever_clock_is_wrong(
    machines: tuple[CommandLog, CommandLog], shift: timedelta
) -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    clocks = (wrong_by(timedelta(0), now), wrong_by(shift, now))
    for n in range(20):
        which = n % 2
        log = machines[which].port
        (verdict,) = log.commit([decided(rows(f"task-{n}", 1))], clocks[which])
        assert isinstance(verdict, Written)  # a wrong clock holds nobody up
    times = recorded(machines[0])
    assert times == recorded(machines[1])
    assert len(times) == 20
    assert all(one <= next_one for one, next_one in pairwise(times))
    positions = [machines[1].port.position_at(row[5]) for row in machines[0].port.read(0, 100)]
    assert positions == sorted(positions)
    assert positions[-1] == 20


def test_who_is_right_records_the_time_of_who_was_ahead_until_it_is_past(
    machines: tuple[CommandLog, CommandLog],
) -> None:
    right, ahead = (app.port for app in machines)
    now = datetime(2026, 7, 1, tzinfo=UTC)
    ahead.commit([decided(rows("task-1", 1))], wrong_by(HOUR, now))
    right.commit([decided(rows("task-2", 1))], wrong_by(timedelta(minutes=59), now))
    right.commit([decided(rows("task-3", 1))], wrong_by(timedelta(minutes=61), now))
    first, second, third = recorded(machines[0])
    assert second == first
    assert third > second
    assert third - now < timedelta(minutes=62)
