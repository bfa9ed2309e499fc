"""CloudEvents as messages, held against the standard's own schema and a reader that is not ours."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from cloudevents.core.bindings import http
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker

from handheld_events.base import Event
from handheld_events.cloud_messages import (
    Message,
    Mode,
    NotACloudEvent,
    fact,
    message,
    published,
    read,
)
from handheld_events.codec import UnreadableEvent
from handheld_events.examples import EXAMPLES, META, META_ON_BEHALF, PERSON, recorded, sealed
from handheld_events.person import PersonRegistered
from handheld_events.publishing import cloud_event
from handheld_events.sealed import Sealed
from handheld_events.task import TaskAccepted
from handheld_events.withheld import withheld
from tests.docs.pages import ROOT

LOG = "0197f0000000700080000000000000aa"
SCHEMA = json.loads((ROOT / "tests/events/cloudevents-1.0.schema.json").read_text())
MODES: tuple[Mode, ...] = ("structured", "binary")
every_mode = pytest.mark.parametrize("mode", MODES)
every_example = pytest.mark.parametrize("event", EXAMPLES.values(), ids=EXAMPLES.keys())


def event_of(event: Event | None = None, **place: int) -> dict[str, Any]:
    return cloud_event(recorded(event or TaskAccepted(), META_ON_BEHALF, **place), LOG)


@every_mode
@every_example
@pytest.mark.parametrize("meta", [META, META_ON_BEHALF], ids=["least", "all"])
def test_a_fact_comes_back_whole(event: Event, mode: Mode, meta: Any) -> None:
    there = recorded(event, meta)
    headers, payload = message(cloud_event(there, LOG), mode)

    assert fact(read(headers, payload)) == there
    assert published(read(headers, payload)) == (LOG, there.position, there.event_id)


@every_example
def test_the_payload_of_structured_mode_fits_the_schema_of_the_standard(event: Event) -> None:
    headers, payload = message(event_of(event), "structured")

    assert headers == {"Content-Type": "application/cloudevents+json"}
    Draft7Validator(SCHEMA, format_checker=FormatChecker()).validate(json.loads(payload))


def test_that_schema_refuses_what_is_none() -> None:
    lacking = {name: value for name, value in event_of().items() if name != "source"}

    assert not Draft7Validator(SCHEMA).is_valid(lacking)
    assert not Draft7Validator(SCHEMA).is_valid({**event_of(), "subject": ""})


@every_example
def test_binary_mode_has_each_attribute_as_a_header_and_the_data_alone_as_payload(
    event: Event,
) -> None:
    about = event_of(event)
    headers, payload = message(about, "binary")

    attributes = {name: value for name, value in about.items() if name not in ("data", "drill")}
    assert headers == {
        "Content-Type": "application/json",
        "ce-drill": "true",
        **{f"ce-{name}": value for name, value in attributes.items()},
    }
    assert json.loads(payload) == json.loads(msgspec.json.encode(about["data"]))


@every_mode
def test_the_standard_s_own_library_reads_either_mode(mode: Mode) -> None:
    for event in EXAMPLES.values():
        about = event_of(event)
        headers, payload = message(about, mode)
        # The bindings for NATS and HTTP name and encode headers alike.
        found = http.from_http(http.HTTPMessage(headers, payload), JSONFormat())

        assert (found.get_id(), found.get_source()) == (about["id"], about["source"])
        assert (found.get_type(), found.get_subject()) == (about["type"], about["subject"])
        assert found.get_time() == recorded(event).recorded_at
        assert found.get_datacontenttype() == "application/json"
        assert str(found.get_extension("position")) == about["position"]
        assert found.get_data() == json.loads(msgspec.json.encode(about["data"]))


@given(st.text(min_size=1))
def test_any_text_stands_in_a_header_in_printable_ascii(text: str) -> None:
    headers, payload = message({**event_of(), "actor": text}, "binary")

    assert all(" " < character <= "~" for character in headers["ce-actor"])
    assert read(headers, payload)["actor"] == text


def test_header_values_are_encoded_as_the_binding_s_example_says() -> None:
    headers, _ = message({**event_of(), "actor": "Euro € 😀"}, "binary")

    assert headers["ce-actor"] == "Euro%20%E2%82%AC%20%F0%9F%98%80"


def test_names_of_headers_may_be_written_in_any_case_and_values_quoted() -> None:
    headers, payload = message(event_of(), "binary")
    shouted = {name.upper(): value for name, value in headers.items()}
    quoted = {**shouted, "CE-ACTOR": r'"a \"b\""'}

    assert fact(read(shouted, payload)) == fact(read(headers, payload))
    assert read(quoted, payload)["actor"] == 'a "b"'


@pytest.mark.parametrize(
    "wrong",
    [
        Message({}, b"{}"),
        Message({"Content-Type": "application/cloudevents+json"}, b"no JSON"),
        Message({"ce-specversion": "0.3"}, b"{}"),
        Message({"ce-specversion": "1.0", "ce-actor": "%C0%A0"}, b"{}"),
    ],
    ids=["no headers", "no JSON", "another version", "no UTF-8"],
)
def test_what_is_no_cloud_event_is_refused(wrong: Message) -> None:
    with pytest.raises(NotACloudEvent):
        read(wrong.headers, wrong.payload)


@pytest.mark.parametrize(
    "change",
    [
        {"source": "urn:other:1"},
        {"source": 7},
        {"position": "x"},
        {"subject": "task"},
        {"subject": "task/x"},
        {"time": "yesterday"},
    ],
)
def test_a_cloud_event_of_somebody_else_is_no_fact(change: dict[str, Any]) -> None:
    with pytest.raises(NotACloudEvent):
        fact({**event_of(), **change})


def test_an_event_of_a_later_version_is_named() -> None:
    with pytest.raises(UnreadableEvent, match=r"task\.teleported\.v1 at position 12000"):
        fact({**event_of(), "type": "task.teleported.v1"})


@every_example
def test_what_is_withheld_is_the_ciphertext_and_nothing_else(event: Event) -> None:
    there = recorded(event)
    text = msgspec.json.encode(cloud_event(there, LOG)).decode()
    left = msgspec.json.encode(cloud_event(withheld(there), LOG)).decode()
    box = msgspec.to_builtins(sealed(PERSON))["box"]

    assert box not in left
    assert left == text.replace(box, "")
    assert (withheld(there) is there) is (box not in text)


def test_a_withheld_fact_still_shows_that_there_is_a_name() -> None:
    there = withheld(recorded(PersonRegistered(name=sealed(PERSON))))

    assert (there.event.name.subject, there.event.name.box) == (PERSON, b"")
    assert there.event.phone is None


def test_what_is_sealed_is_found_wherever_it_stands() -> None:
    class Nested(Event, frozen=True, kw_only=True):
        TOPIC = "nested.v1"
        people: tuple[Sealed, ...]
        by_role: dict[str, Sealed]
        deeper: PersonRegistered

    name = sealed(PERSON)
    event = Nested(people=(name,), by_role={"head": name}, deeper=PersonRegistered(name=name))
    left = withheld(msgspec.structs.replace(recorded(TaskAccepted()), event=event)).event

    assert {*left.people, *left.by_role.values(), left.deeper.name} == {
        Sealed(subject=PERSON, key="example", box=b"")
    }
