"""Facts on the wire conform to CloudEvents 1.0.2."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from handheld_events.base import Event
from handheld_events.codec import Writing
from handheld_events.envelope import About, Meta
from handheld_events.examples import EXAMPLES, META, META_ON_BEHALF, TASK, TASK_FORCE, recorded
from handheld_events.publishing import cloud_event, cloud_event_text, schema
from handheld_events.task import TaskAccepted
from handheld_events.withheld import withheld

LOG = "0197f0000000700080000000000000aa"
every_example = pytest.mark.parametrize("event", EXAMPLES.values(), ids=EXAMPLES.keys())


def _published(event: Event) -> dict[str, Any]:
    return cloud_event(recorded(event, META_ON_BEHALF), LOG)


@every_example
def test_attributes_are_named_and_typed_as_the_standard_says(event: Event) -> None:
    published = _published(event)

    for name, value in published.items():
        if name != "data":
            assert re.fullmatch("[a-z0-9]{1,20}", name)
            assert isinstance(value, (str, bool))
            assert value != ""


@every_example
def test_the_required_attributes_are_there(event: Event) -> None:
    published = _published(event)

    assert published["specversion"] == "1.0"
    assert published["type"] == event.TOPIC
    assert published["source"] == f"urn:handheld:log:{LOG}"
    assert published["id"] == "12000"
    assert published["datacontenttype"] == "application/json"
    assert published["dataschema"] == schema(event.TOPIC)["$id"]


@every_example
def test_time_is_rfc_3339_and_the_time_of_record(event: Event) -> None:
    time = _published(event)["time"]

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", time)
    assert datetime.fromisoformat(time) == recorded(event).recorded_at


@every_example
def test_the_data_fits_the_schema_it_names(event: Event) -> None:
    published = msgspec.json.decode(msgspec.json.encode(_published(event)))

    Draft202012Validator(schema(event.TOPIC)).validate(published["data"])


def test_source_and_id_together_name_one_fact() -> None:
    facts = [
        cloud_event(recorded(TaskAccepted(), position=position), log)
        for position, log in product((1, 2, 12), ("a", "b"))
    ]

    assert len({(fact["source"], fact["id"]) for fact in facts}) == len(facts)


def test_the_subject_is_the_place_in_the_stream() -> None:
    assert cloud_event(recorded(TaskAccepted(), version=4), LOG)["subject"] == f"{TASK}/4"


def test_subscribers_can_filter_by_territory_task_force_and_drill() -> None:
    real = cloud_event(recorded(TaskAccepted(), META), LOG)
    drill = cloud_event(recorded(TaskAccepted(), META_ON_BEHALF), LOG)

    assert (real["division"], real["taskforce"]) == ("330825101264", TASK_FORCE)
    assert "drill" not in real
    assert drill["drill"] is True


def test_a_fact_without_task_force_has_no_such_attribute() -> None:
    assert "taskforce" not in _published(EXAMPLES["division registered"])


def test_a_subscriber_learns_whom_a_task_concerns() -> None:
    assert _published(TaskAccepted())["data"]["person"] == "person-S000001"


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_fact_given_as_the_log_has_it_is_the_same_event(name: str) -> None:
    fact = recorded(EXAMPLES[name])
    about = About(division=fact.division, task_force=fact.task_force, person=fact.person)
    state = msgspec.Raw(Writing(fact.meta).state(fact.event, about))
    given = cloud_event(fact, "log", state)
    assert json.loads(msgspec.json.encode(given)) == json.loads(
        msgspec.json.encode(cloud_event(fact, "log"))
    )


@pytest.mark.parametrize("meta", [META, META_ON_BEHALF], ids=["real", "a drill"])
@every_example
def test_its_text_says_the_same_in_the_same_order(event: Event, meta: Meta) -> None:
    fact = recorded(event, meta)
    odd = msgspec.structs.replace(fact, position=7, stream='task-"\\\0', division=None)
    for one in (fact, odd, fact):
        assert cloud_event_text(one, LOG) == msgspec.json.encode(cloud_event(one, LOG))
    data = b'{"as":"it is"}'
    given = cloud_event(fact, LOG, msgspec.Raw(data))
    assert cloud_event_text(fact, LOG, data) == msgspec.json.encode(given)


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_sealed_is_left_in_what_was_withheld(name: str) -> None:
    left = msgspec.to_builtins(withheld(recorded(EXAMPLES[name])).event)
    boxes = [value for value in _values(left) if isinstance(value, dict) and "box" in value]
    assert all(not box["box"] for box in boxes)


def _values(found: Any) -> Iterator[Any]:
    yield found
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    for value in inner:
        yield from _values(value)
