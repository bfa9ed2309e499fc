from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handheld.application.access.rules import (
    LOCKED_LONGEST,
    check_password,
    locked_seconds,
    source_of,
)
from handheld.application.access.throttle import Throttle
from handheld.application.access.tickets import Tickets
from handheld.domain.errors import Malformed
from tests.support_access import BEGIN, HandClock


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("123456789", "password.short"),
        ("一二三四五六七八九", "password.short"),
        ("1234567890", "password.common"),
        ("0987654321", "password.common"),
        ("qwertyuiop", "password.common"),
        ("1qaz2wsx3edc", "password.common"),
        ("aaaaaaaaaa", "password.common"),
        ("abcabcabcabc", "password.common"),
        ("Password123", "password.common"),
        ("Admin@123456", "password.common"),
        ("woaini5201314", "password.common"),
        ("quzhou2026", "password.common"),
        ("commandroom", "password.name"),
        ("CommandRoom1!", "password.name"),
        ("moordnammoc", "password.name"),
        ("x" * 257, "password.long"),
    ],
)
def test_passwords_that_everybody_tries_are_refused(password: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        check_password(password, "commandroom")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "password",
    [
        "three bridges in bamboo",
        "山后那棵老樟树旁边有口井",
        "k69z-dgaj-9bgy-9a6m",
        "qwertz-uiop-7!",
    ],
)
def test_other_passwords_are_taken_as_they_are(password: str) -> None:
    assert check_password(password, "commandroom") == password


@given(st.integers(min_value=0, max_value=10**9))
def test_locks_grow_and_never_beyond_the_longest(failures: int) -> None:
    assert locked_seconds(failures) <= locked_seconds(failures + 1) <= LOCKED_LONGEST


@given(st.text())
def test_any_address_counts_as_some_source(address: str) -> None:
    assert len(source_of(address)) <= 80


def test_an_address_written_two_ways_is_one_source() -> None:
    assert source_of("::ffff:10.0.0.1") == source_of("10.0.0.1")
    assert source_of("fe80::1%eth0") == source_of("fe80::2")


def test_a_throttle_forgets_the_stalest_source_rather_than_growing() -> None:
    throttle = Throttle(1, timedelta(minutes=1), kept=3)
    for source in "abcd":
        throttle.count(source, BEGIN)
    assert [throttle.wait(source, BEGIN) for source in "abcd"] == [0, 60, 60, 60]


def test_tickets_never_fill_the_memory() -> None:
    tickets = Tickets(HandClock(), kept=3)
    for number in range(10):
        tickets.put(bytes([number]), "session")
    taken = [tickets.take(bytes([number])) for number in range(10)]
    assert taken == [None] * 7 + ["session"] * 3
