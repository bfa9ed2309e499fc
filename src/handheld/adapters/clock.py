"""Clocks: the real one, and the simulated one of a log that plays a story."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from threading import Lock

import msgspec


class ClockSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a log stores of its clock, so that whoever serves it goes on with it."""

    origin: datetime | None = None
    """From where a simulated clock goes on, at first and since it was moved last; None: the real one."""
    rate: float = 1.0
    """Simulated seconds a real second; 0 stands still until it is moved."""
    since: datetime | None = None
    """The real instant that is the origin's, for a log with several processes: their simulated clocks
    agree as far as their machines' do. None: it runs only while one process has the log open."""


class RealClock:
    """The machine's clock."""

    stands = False

    def now(self) -> datetime:
        """The time (UTC)."""
        return datetime.now(UTC)


class SimulatedClock:
    """Runs from an instant at a rate, and can be moved on by hand; it never goes back."""

    def __init__(self, start: datetime, rate: float) -> None:
        self._start = start
        self._rate = rate
        self._since = time.monotonic()
        self._lock = Lock()

    def now(self) -> datetime:
        """The simulated time (UTC)."""
        with self._lock:
            return self._now()

    @property
    def stands(self) -> bool:
        """Whether it goes on only when it is moved by hand."""
        return self._rate == 0

    def move_to(self, moment: datetime) -> None:
        """Go on to a later instant; an earlier one changes nothing."""
        with self._lock:
            if moment > self._now():
                self._start = moment
                self._since = time.monotonic()

    def pace(self, rate: float) -> None:
        """Run at another rate from now on, in this process."""
        with self._lock:
            self._start = self._now()
            self._since = time.monotonic()
            self._rate = rate

    def _now(self) -> datetime:
        if self._rate == 0:
            return self._start
        return self._start + timedelta(seconds=(time.monotonic() - self._since) * self._rate)


def clock_for(setting: ClockSetting, last_recorded: datetime | None) -> RealClock | SimulatedClock:
    """The clock of a log: a simulated one goes on from the last fact recorded."""
    if setting.origin is None:
        return RealClock()
    if setting.since is not None:
        gone = (datetime.now(UTC) - setting.since).total_seconds()
        return SimulatedClock(setting.origin + timedelta(seconds=gone * setting.rate), setting.rate)
    return SimulatedClock(max(setting.origin, last_recorded or setting.origin), setting.rate)
