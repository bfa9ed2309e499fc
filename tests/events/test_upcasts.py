"""The mechanism, shown with versions that exist in this test alone."""

from __future__ import annotations

from typing import ClassVar

import msgspec
import pytest

from handheld_events.base import Event
from handheld_events.catalogue import CATALOGUE
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.examples import META, TASK, at
from handheld_events.task import TaskReported
from handheld_events.upcasts import UPCASTS, Fields, Upcast
from tests.support_events import POSITION, read, stored


class TaskReportedToday(Event, frozen=True, kw_only=True):
    """What a report might become: words as a list, and where it was made."""

    TOPIC: ClassVar[str] = "task.reported.v3"
    words: tuple[str, ...]
    place: str


def _v1_to_v2(fields: Fields) -> Fields:
    return {"words": [fields["text"]]}


def _v2_to_v3(fields: Fields) -> Fields:
    return {**fields, "place": "unknown"}


READING = Reading(
    {TaskReportedToday.TOPIC: TaskReportedToday},
    {
        "task.reported.v1": Upcast("task.reported.v2", _v1_to_v2),
        "task.reported.v2": Upcast("task.reported.v3", _v2_to_v3),
    },
)

V1 = stored(TaskReported(text="已走访"))


def test_the_oldest_version_comes_up_step_by_step() -> None:
    fact = read("task.reported.v1", V1, reading=READING)

    assert fact.event == TaskReportedToday(words=("已走访",), place="unknown")


def test_a_version_in_the_middle_comes_up_the_rest_of_the_way() -> None:
    fields = msgspec.json.decode(V1)
    fields["data"] = {"words": ["已走访", "无异常"]}

    fact = read("task.reported.v2", msgspec.json.encode(fields), reading=READING)

    assert fact.event == TaskReportedToday(words=("已走访", "无异常"), place="unknown")


def test_today_is_read_without_a_step() -> None:
    today = TaskReportedToday(words=("已走访",), place="村口")

    assert read(today.TOPIC, stored(today), reading=READING).event == today


def test_the_envelope_of_an_old_version_stays_as_it_was() -> None:
    fact = read("task.reported.v1", V1, reading=READING)

    assert (fact.stream, fact.position, fact.meta) == (TASK, POSITION, META)
    assert fact.occurred_at == at(7)
    assert fact.division == "330825101264"


def test_an_unknown_field_in_an_old_version_is_refused_after_its_steps() -> None:
    fields = msgspec.json.decode(V1)
    fields["data"] = {"words": [], "surprise": 1}

    with pytest.raises(UnreadableEvent, match="surprise") as caught:
        read("task.reported.v2", msgspec.json.encode(fields), reading=READING)

    assert (caught.value.position, caught.value.topic) == (POSITION, "task.reported.v2")


def test_an_old_version_that_lacks_a_field_is_reported_with_position_and_name() -> None:
    fields = msgspec.json.decode(V1)
    fields["data"] = {}

    with pytest.raises(UnreadableEvent) as caught:
        read("task.reported.v1", msgspec.json.encode(fields), reading=READING)

    assert (caught.value.position, caught.value.topic) == (POSITION, "task.reported.v1")


@pytest.mark.parametrize("data", [None, 5, [], "x"])
def test_an_old_version_whose_fields_are_no_object_is_reported(data: object) -> None:
    fields = msgspec.json.decode(V1)
    fields["data"] = data

    with pytest.raises(UnreadableEvent) as caught:
        read("task.reported.v1", msgspec.json.encode(fields), reading=READING)

    assert caught.value.topic == "task.reported.v1"


def test_a_chain_that_ends_nowhere_is_reported() -> None:
    nowhere = Reading({}, {"task.reported.v1": Upcast("task.reported.v2", _v1_to_v2)})

    with pytest.raises(UnreadableEvent):
        read("task.reported.v1", V1, reading=nowhere)


def test_every_chain_of_today_ends_in_the_catalogue_and_no_current_version_is_cast() -> None:
    for old in UPCASTS:
        topic, steps = old, 0
        while topic in UPCASTS:
            topic, steps = UPCASTS[topic].to, steps + 1
            assert steps <= len(UPCASTS), f"{old} goes in a circle"
        assert topic in CATALOGUE
        assert old not in CATALOGUE
