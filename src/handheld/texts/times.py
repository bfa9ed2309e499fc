"""Instants as people read and type them: in the division's zone, while the log keeps UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def _division_zone() -> tzinfo:
    try:
        return ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        # A machine without the zone database; the offset has not changed since 1991.
        return timezone(timedelta(hours=8), "CST")


DIVISION_ZONE = _division_zone()


def shown(moment: datetime) -> str:
    """Date and time to the second, such as `2021-07-23 15:00:00`."""
    return moment.astimezone(DIVISION_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def shown_clock(moment: datetime) -> str:
    """The time of day to the second, such as `15:00:00`."""
    return moment.astimezone(DIVISION_ZONE).strftime("%H:%M:%S")


_TIME_OF_DAY = re.compile(r"\d{1,2}:\d\d(:\d\d)?")


def read_time(text: str, now: datetime | None = None) -> datetime:
    """An ISO 8601 date and time as UTC; without an offset it is in the division's zone.

    A time of day such as `16:05` is taken on the day of `now` there. Colons may be of full width, as
    Chinese keyboards write them. Raises ValueError.
    """
    text = text.strip().replace("：", ":")
    if now is not None and _TIME_OF_DAY.fullmatch(text):
        text = f"{now.astimezone(DIVISION_ZONE):%Y-%m-%d} {text:0>5}"
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=DIVISION_ZONE)
    return moment.astimezone(UTC)
