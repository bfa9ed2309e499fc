from __future__ import annotations

from uuid import RFC_4122, UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handheld_events.ids import (
    TaskIds,
    command_id,
    derived,
    division_stream,
    entry_id,
    is_command_id,
    is_division_code,
    is_key,
    is_person_number,
    order_id,
    person_stream,
    plan_stream,
    task_force_id,
)

milliseconds = st.integers(0, 2**48 - 1)
ten_bytes = st.binary(min_size=10, max_size=10)
commands = st.builds(command_id, milliseconds, ten_bytes)


@settings(deadline=None)
@given(milliseconds, ten_bytes)
def test_a_command_id_is_a_uuid_of_version_7(ms: int, random: bytes) -> None:
    made = command_id(ms, random)

    uuid = UUID(made)
    assert (uuid.version, uuid.variant) == (7, RFC_4122)
    assert uuid.int >> 80 == ms
    assert uuid.hex == made
    assert is_command_id(made)


@settings(deadline=None)
@given(milliseconds, milliseconds, ten_bytes, ten_bytes)
def test_a_later_command_id_sorts_later(a: int, b: int, x: bytes, y: bytes) -> None:
    if a < b:
        assert command_id(a, x) < command_id(b, y)


@settings(deadline=None)
@given(milliseconds, ten_bytes)
def test_seventy_four_random_bits_are_used(ms: int, random: bytes) -> None:
    for bit in range(74):
        other = int.from_bytes(random, "big") ^ (1 << bit)
        assert command_id(ms, other.to_bytes(10, "big")) != command_id(ms, random)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0197f000-0000-7000-8000-000000000000",
        "0197f0000000400080000000000000aa",
        "0197f0000000700000000000000000aa",
        "0197F0000000700080000000000000AA",
        "0197f0000000700080000000000000a",
        "0197f0000000700080000000000000aaa",
        "0197f0000000700080000000000000aa\n",
    ],
)
def test_what_is_not_a_uuid_of_version_7_in_plain_hex_is_no_command_id(text: str) -> None:
    assert not is_command_id(text)


@settings(deadline=None)
@given(commands, st.integers(0, 50))
def test_what_a_command_makes_begins_with_its_time(command: str, index: int) -> None:
    time = command[:12]

    assert task_force_id(command).startswith(f"tf-{time}")
    assert order_id(command, index).startswith(f"order-{time}")
    assert entry_id(command).startswith(f"entry-{time}")
    assert TaskIds(order_id(command, index)).of("person-1").startswith(f"task-{time}")


@settings(deadline=None)
@given(commands)
def test_what_a_command_makes_is_named_alike_when_it_is_repeated(command: str) -> None:
    order = order_id(command, 0)

    assert order == order_id(command, 0)
    assert task_force_id(command) == task_force_id(command)
    assert TaskIds(order).of("person-1") == TaskIds(order).of("person-1")


def test_derived_ids_are_those_of_the_first_version_for_good() -> None:
    command = "017ad2326a80700080010203040506aa"

    assert task_force_id(command) == GOLDEN["task_force"]
    assert order_id(command, 0) == GOLDEN["order"]
    assert entry_id(command) == GOLDEN["entry"]
    assert TaskIds(GOLDEN["order"]).of("person-S000001") == GOLDEN["task"]


@settings(deadline=None)
@given(commands)
def test_orders_entries_and_task_force_of_a_command_differ(command: str) -> None:
    made = {task_force_id(command), entry_id(command), *(order_id(command, n) for n in range(20))}

    assert len({name.split("-")[1] for name in made}) == 22


@settings(deadline=None)
@given(commands, st.sets(st.text(min_size=1), min_size=2, max_size=20))
def test_each_person_has_a_task_of_their_own_in_each_order(command: str, people: set[str]) -> None:
    first, second = TaskIds(order_id(command, 0)), TaskIds(order_id(command, 1))

    tasks = {ids.of(person) for ids in (first, second) for person in people}

    assert len(tasks) == 2 * len(people)
    for task in tasks:
        assert len(task) == len("task-") + 32


def test_two_commands_of_one_millisecond_make_different_things() -> None:
    assert derived("017ad2326a80700080010203040506aa", "x") != derived(
        "017ad2326a80700080010203040506ab", "x"
    )


@pytest.mark.parametrize("text", ["1", "S000001", "a.b_c-d", "Z" * 40])
def test_a_staff_number_can_name_a_person(text: str) -> None:
    assert is_person_number(text)


@pytest.mark.parametrize("text", ["", "-1", ".a", "张三", "a b", "a/b", "a" * 41, "a\n"])
def test_other_text_cannot_name_a_person(text: str) -> None:
    assert not is_person_number(text)


@pytest.mark.parametrize("text", ["typhoon", "1-plus-x", "a" * 40])
def test_a_plan_key_is_plain(text: str) -> None:
    assert is_key(text)


@pytest.mark.parametrize("text", ["", "-a", "Typhoon", "台风", "a_b", "a" * 41, "a\n"])
def test_other_text_is_no_plan_key(text: str) -> None:
    assert not is_key(text)


@pytest.mark.parametrize("text", ["330825", "330825101", "330825101264", "330825101264001"])
def test_a_code_has_6_9_12_or_15_digits(text: str) -> None:
    assert is_division_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3308",
        "33082",
        "3308251",
        "33082510126",
        "33082a",
        "３３０８２５",
        "330825\n",
        " 330825",
    ],
)
def test_other_text_is_no_code(text: str) -> None:
    assert not is_division_code(text)


def test_streams_are_named_after_their_kind() -> None:
    assert division_stream("330825") == "division-330825"
    assert person_stream("S000001") == "person-S000001"
    assert plan_stream("typhoon") == "plan-typhoon"


GOLDEN = {
    "task_force": "tf-017ad2326a80e9da8f6dcdb5ff91beb8",
    "order": "order-017ad2326a80929ba68de092116c8a0c",
    "entry": "entry-017ad2326a80f434a87e1cc8372417c9",
    "task": "task-017ad2326a80cf2e6ec9328332838bcf",
}
"""Retries of starts that were made by an earlier version must find what it made."""
