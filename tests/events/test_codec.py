from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handheld_events.base import Event
from handheld_events.catalogue import CATALOGUE, STREAMS, topics
from handheld_events.codec import (
    MAX_BYTES,
    EventTooLarge,
    Reading,
    UnreadableEvent,
    Writing,
    instant,
    microseconds,
)
from handheld_events.envelope import About, Meta
from handheld_events.examples import (
    EXAMPLES,
    META,
    META_ON_BEHALF,
    TASK,
    TASK_FORCE,
    examples_of,
    recorded,
    stream_of,
)
from handheld_events.task import TaskAccepted, TaskReported
from tests.support_events import POSITION, read, stored

every_example = pytest.mark.parametrize("event", EXAMPLES.values(), ids=EXAMPLES.keys())
every_topic = pytest.mark.parametrize("topic", CATALOGUE)


@every_topic
def test_every_event_of_the_catalogue_has_an_example(topic: str) -> None:
    assert examples_of(topic)


@every_topic
def test_every_optional_field_is_seen_given_and_left_out(topic: str) -> None:
    examples = examples_of(topic).values()
    for field in msgspec.structs.fields(CATALOGUE[topic]):
        if not field.required:
            given_values = {getattr(example, field.name) != field.default for example in examples}
            assert given_values == {True, False}, field.name


def test_no_two_events_share_a_topic_and_each_names_its_version() -> None:
    events = [event for stream in STREAMS.values() for event in stream]

    assert len({event.TOPIC for event in events}) == len(events)
    for event in events:
        stream, fact, version = event.TOPIC.split(".")
        assert stream.replace("_", "").isalpha()
        assert fact.replace("_", "").isalpha()
        assert version[0] == "v"
        assert int(version[1:]) >= 1


def test_the_topics_of_a_stream_are_those_of_its_union() -> None:
    assert set(topics("plan")) == {"plan.adopted.v1", "plan.retired.v1"}
    assert set(topics(*STREAMS)) == set(CATALOGUE)


@every_example
@pytest.mark.parametrize("meta", [META, META_ON_BEHALF], ids=["least", "all"])
def test_every_example_reads_as_it_was_written(event: Event, meta: Meta) -> None:
    stream, _ = stream_of(event)

    fact = read(event.TOPIC, stored(event, meta), stream)

    assert fact == recorded(event, meta)
    assert type(fact.event) is CATALOGUE[event.TOPIC]


@every_example
def test_what_one_command_shares_is_written_alike_in_each_of_its_facts(event: Event) -> None:
    writing = Writing(META)
    about = stream_of(event)[1]

    first, second = writing.state(event, about), writing.state(event, about)

    assert first == second == Writing(META).state(event, about)


def test_a_fact_that_belongs_nowhere_is_written_and_read() -> None:
    fact = read("task.accepted.v1", Writing(META).state(TaskAccepted(), About()))

    assert (fact.division, fact.task_force, fact.person) == (None, None, None)


def test_an_event_has_the_id_of_its_place_in_its_stream() -> None:
    assert recorded(TaskAccepted(), version=4).event_id == f"{TASK}/4"


def test_what_was_reported_at_once_was_reported_when_it_occurred() -> None:
    assert recorded(TaskAccepted(), META).reported_at == META.occurred_at
    assert recorded(TaskAccepted(), META_ON_BEHALF).reported_at == META_ON_BEHALF.reported_at
    assert recorded(TaskAccepted(), META_ON_BEHALF).occurred_at == META_ON_BEHALF.occurred_at


@pytest.mark.parametrize("place", ["data", "meta", "envelope"])
@every_example
def test_an_unknown_field_is_refused(event: Event, place: str) -> None:
    fields = msgspec.json.decode(stored(event))
    (fields if place == "envelope" else fields[place])["surprise"] = 1

    with pytest.raises(UnreadableEvent, match="unknown field `surprise`"):
        read(event.TOPIC, msgspec.json.encode(fields))


@every_example
def test_a_missing_field_is_refused(event: Event) -> None:
    for field in msgspec.structs.fields(event):
        if field.required:
            fields = msgspec.json.decode(stored(event))
            del fields["data"][field.name]
            with pytest.raises(UnreadableEvent, match=field.name):
                read(event.TOPIC, msgspec.json.encode(fields))


def test_an_event_of_unknown_name_is_reported_with_position_and_name() -> None:
    with pytest.raises(UnreadableEvent) as caught:
        read("task.teleported.v1", stored(TaskAccepted()))

    assert (caught.value.position, caught.value.topic) == (POSITION, "task.teleported.v1")
    assert str(caught.value).startswith("task.teleported.v1 at position 12000: ")


@pytest.mark.parametrize("state", [b"", b"{", b"null", b"[]", b"\xff", b'{"meta":1,"data":{}}'])
def test_broken_bytes_are_reported_with_position_and_name(state: bytes) -> None:
    with pytest.raises(UnreadableEvent) as caught:
        read("task.accepted.v1", state)

    assert (caught.value.position, caught.value.topic) == (POSITION, "task.accepted.v1")
    assert caught.value.reason


def test_an_event_of_256_kib_is_written_and_one_byte_more_is_not() -> None:
    about = About(task_force=TASK_FORCE)
    room = MAX_BYTES - len(Writing(META).state(TaskReported(text=""), about))

    assert len(Writing(META).state(TaskReported(text="x" * room), about)) == 256 * 1024
    with pytest.raises(EventTooLarge) as caught:
        Writing(META).state(TaskReported(text="x" * (room + 1)), about)

    assert (caught.value.topic, caught.value.size) == ("task.reported.v1", 262_145)
    assert "262144" in str(caught.value)


def test_the_limit_counts_bytes_and_not_characters() -> None:
    with pytest.raises(EventTooLarge):
        stored(TaskReported(text="雨" * (MAX_BYTES // 3)))


@settings(deadline=None)
@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_survives_as_microseconds(moment: datetime) -> None:
    assert instant(microseconds(moment)) == moment


def test_microseconds_count_from_1970_in_utc() -> None:
    assert microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1_000_000
    assert instant(-1) == datetime(1970, 1, 1, tzinfo=UTC) - timedelta(microseconds=1)


def test_a_time_without_a_zone_is_refused() -> None:
    fields = msgspec.json.decode(stored(TaskAccepted()))
    fields["meta"]["occurred_at"] = "2021-07-23T15:00:00"

    with pytest.raises(UnreadableEvent):
        Reading().fact(1, TASK, 1, "task.accepted.v1", msgspec.json.encode(fields), 0)


TOGETHER = """
import sys, threading
import msgspec
from handheld_events.catalogue import CATALOGUE
from handheld_events.codec import Reading, UnreadableEvent

sys.setswitchinterval(1e-6)
ready = threading.Barrier(4)

def read():
    ready.wait()
    for topic in CATALOGUE:
        try:
            Reading().stored(1, topic, b'{"data": {"title": "", "orders": [{}]}, "meta": {}}')
        except UnreadableEvent:
            pass

threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_threads_that_meet_the_same_events_first_at_once_do_not_crash_the_process() -> None:
    # A process of its own: decoders are made once a process, and without the lock it is killed.
    ended = subprocess.run([sys.executable, "-c", TOGETHER], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
