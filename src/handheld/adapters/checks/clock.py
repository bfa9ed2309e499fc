"""The clock of the machine, beside the version's own date and the log's last time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handheld.adapters.checks.result import Checked, failed, fine, skipped, warning

WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
"""When this version was written, to the month: no right clock is before it."""
BEHIND = timedelta(minutes=5)
"""A clock behind the log's last time by more than this is wrong; by less, it was corrected."""
JITTER = timedelta(seconds=2)
ZONE = "Asia/Shanghai"


def look(now: datetime, last_recorded: datetime | None) -> Iterator[Checked]:
    """`last_recorded` is None where there is no log, or one with a simulated clock."""
    yield plausible(now)
    yield beside_log(now, last_recorded)
    yield zone()


def plausible(now: datetime) -> Checked:
    """Not before this version was written."""
    if now < WRITTEN:
        return failed("clock.before_build", now=now, written=WRITTEN)
    return fine("clock.plausible", now=now)


def beside_log(now: datetime, last_recorded: datetime | None) -> Checked:
    """Not behind what the log has recorded: new facts would all get that time until it is past."""
    if last_recorded is None:
        return skipped("clock.no_record")
    behind = last_recorded - now
    if behind > BEHIND:
        seconds = int(behind.total_seconds())
        return failed("clock.behind", now=now, last=last_recorded, seconds=seconds)
    if behind > JITTER:
        seconds = int(behind.total_seconds())
        return warning("clock.slightly_behind", now=now, last=last_recorded, seconds=seconds)
    return fine("clock.after_log", last=last_recorded)


def zone() -> Checked:
    """The zone data of the division's zone."""
    try:
        offset = WRITTEN.astimezone(ZoneInfo(ZONE)).utcoffset()
    except (ZoneInfoNotFoundError, OSError, ValueError):
        offset = None
    if offset != timedelta(hours=8):
        return warning("clock.no_zone", zone=ZONE)
    return fine("clock.zone", zone=ZONE)
