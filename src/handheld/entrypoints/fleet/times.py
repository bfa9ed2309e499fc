"""The time on the phones: the server's, as it is told at hello; and that of the habits, if hasty."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple


class Seen(NamedTuple):
    """A server's clock, seen at a time of the machine (seconds)."""

    clock: datetime
    at: float


def rate_of(first: Seen, second: Seen) -> float:
    """How fast a server's clock goes: 1 for a real one, 0 for one that stands."""
    measured = (second.clock - first.clock).total_seconds() / max(second.at - first.at, 1e-6)
    nearest = round(measured)
    return float(nearest) if abs(measured - nearest) < 0.1 else measured


class Times:
    """Server time, and fleet time, which goes `haste` times as fast: people who answer sooner."""

    def __init__(self, seen: Seen, rate: float, haste: float = 1.0) -> None:
        self._origin = seen
        self._rate = max(rate, 0.0)
        self._pace = rate if rate > 0 else 1.0
        """Of the fleet where the server's clock stands: people go on all the same."""
        self._haste = haste

    def server(self, at: float) -> datetime:
        """The server's clock at a time of the machine."""
        return self._origin.clock + timedelta(seconds=(at - self._origin.at) * self._rate)

    def fleet(self, at: float) -> datetime:
        """Fleet time at a time of the machine."""
        seconds = (at - self._origin.at) * self._pace * self._haste
        return self._origin.clock + timedelta(seconds=seconds)

    def of_fleet(self, moment: datetime) -> datetime:
        """The server's time at a fleet time: when something that was done by then occurred."""
        gone = (moment - self._origin.clock) / self._haste * (self._rate / self._pace)
        return self._origin.clock + gone

    def until(self, moment: datetime, at: float) -> float:
        """Seconds of the machine from `at` until a fleet time."""
        return (moment - self.fleet(at)).total_seconds() / (self._pace * self._haste)
