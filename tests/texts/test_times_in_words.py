from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handheld.texts import Texts, read_time
from handheld.texts.durations import parts

SECONDS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0秒", "0 s"),
        (59, "59秒", "59 s"),
        (60, "1分", "1 min"),
        (252, "4分12秒", "4 min 12 s"),
        (2280, "38分", "38 min"),
        (3599, "59分59秒", "59 min 59 s"),
        (3900, "1小时5分", "1 h 5 min"),
        (3901, "1小时6分", "1 h 6 min"),
        (86_399, "1天", "1 d"),
        (90_000, "1天1小时", "1 d 1 h"),
    ],
)
def test_lengths_of_time_read_as_people_say_them(seconds: int, zh: str, en: str) -> None:
    assert Texts("zh").duration(seconds) == zh
    assert Texts("en").duration(seconds) == en


@given(st.integers(min_value=0, max_value=400 * 86_400))
def test_within_so_long_is_never_an_understatement_and_barely_an_overstatement(
    seconds: int,
) -> None:
    found = parts(seconds)
    said = sum(SECONDS[unit] * number for unit, number in found)
    smallest = 3_600 if seconds >= 86_400 else 60 if seconds >= 3_600 else 1
    assert seconds <= said < seconds + smallest
    assert 1 <= len(found) <= 2


def test_half_and_nine_in_ten_are_a_sentence() -> None:
    zh, en = Texts("zh"), Texts("en")
    assert (
        zh.say("within.accepted", half=zh.duration(252), nine=zh.duration(2280))
        == "半数4分12秒内领办，九成38分内"
    )
    assert (
        en.say("within.accepted", half=en.duration(252), nine=en.duration(2280))
        == "half accepted within 4 min 12 s, nine in ten within 38 min"
    )


def test_times_are_shown_in_the_division_s_zone_while_utc_is_kept() -> None:
    moment = datetime(2021, 7, 23, 7, 0, tzinfo=UTC)
    assert Texts("zh").time(moment) == "2021-07-23 15:00:00"
    assert Texts("en").clock(moment) == "15:00:00"


@pytest.mark.parametrize(
    "text",
    ["2021-07-23T15:00", "2021-07-23 15:00:00", "2021-07-23T07:00Z", "2021-07-23T09:00+02:00"],
)
def test_a_time_without_a_zone_is_beijing_time(text: str) -> None:
    assert read_time(text) == datetime(2021, 7, 23, 7, 0, tzinfo=UTC)


def test_a_time_of_day_is_of_the_day_in_the_divisions_zone() -> None:
    # 00:30 on the 24th in Beijing is still the 23rd in UTC.
    now = datetime(2021, 7, 23, 16, 30, tzinfo=UTC)
    assert read_time("0:15", now) == datetime(2021, 7, 23, 16, 15, tzinfo=UTC)
    assert read_time("00：15：30", now) == datetime(2021, 7, 23, 16, 15, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="16:05"):
        read_time("16:05")
