"""Subjects: one township, one wildcard. docs/publishing.md"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handheld_events.catalogue import CATALOGUE
from handheld_events.subjects import of_log, subject, within, word
from handheld_events.territory import within as lies_within

LOG = "0197f0000000700080000000000000aa"
CODES = st.builds(
    lambda digits, tiers: "330825" + digits[: 3 * tiers],
    st.text("012", min_size=9, max_size=9),
    st.integers(0, 3),
)


def matches(pattern: str, name: str) -> bool:
    """What NATS does: `*` is one word, `>` one or more at the end."""
    wanted, words = pattern.split("."), name.split(".")
    if wanted[-1] == ">":
        wanted, words = wanted[:-1], words[: len(wanted) - 1] if len(words) >= len(wanted) else []
    return len(wanted) == len(words) and all(map(fnmatchcase, words, wanted))


@pytest.mark.parametrize(
    ("division", "place"),
    [
        ("330825", "district.330825._._._"),
        ("330825101", "township.330825.101._._"),
        ("330825101264", "village.330825.101.264._"),
        ("330825101264003", "grid.330825.101.264.003"),
        (None, "none._._._._"),
        ("3308.*", "other.3308=2E=2A._._._"),
    ],
)
def test_a_division_has_a_word_for_each_tier(division: str | None, place: str) -> None:
    assert (
        subject("log", "task.accepted.v1", division, drill=False)
        == f"handheld.log.real.{place}.task.accepted.v1"
    )


def test_a_drill_is_told_apart_by_the_subject() -> None:
    drill = subject(LOG, "task.accepted.v1", "330825", drill=True)

    assert drill.split(".")[2] == "drill"
    assert not matches(within("330825"), drill)
    assert matches(within("330825", course=None), drill)
    assert matches(within(course="drill"), drill)


@given(CODES, CODES)
def test_a_territory_s_wildcard_matches_what_lies_within_and_nothing_else(
    division: str, territory: str
) -> None:
    name = subject(LOG, "task.accepted.v1", division, drill=False)

    assert matches(within(territory), name) is lies_within(division, territory)
    assert matches(within(territory, event="task.>"), name) is lies_within(division, territory)
    assert not matches(within(territory, event="finding.>"), name)


@given(st.none() | st.text(), st.text(), st.sampled_from(sorted(CATALOGUE)), st.booleans())
def test_whatever_a_log_or_a_division_is_called_the_subject_is_one(
    division: str | None, log_id: str, topic: str, drill: bool
) -> None:
    name = subject(log_id, topic, division, drill=drill)

    assert re.fullmatch(r"handheld(\.[A-Za-z0-9_=-]+)+", name)
    assert len(name.split(".")) == 8 + len(topic.split("."))
    assert matches(of_log(log_id), name)
    assert matches(within(log_id=log_id, course=None), name)


@given(st.text(), st.text())
def test_different_texts_are_different_words(one: str, other: str) -> None:
    assert (word(one) == word(other)) is (one == other)


def test_a_territory_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no division code"):
        within("3308*")


def test_every_event_ends_a_subject_under_its_own_name() -> None:
    for topic in CATALOGUE:
        assert subject(LOG, topic, None, drill=False).endswith(f"._.{topic}")
