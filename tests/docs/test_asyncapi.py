"""docs/reference/asyncapi.json: valid AsyncAPI 3.0, and true of what is published."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator, ValidationError

from handheld_events import cloud_messages
from handheld_events.asking import ASKS, Answered, understood
from handheld_events.asyncapi import document
from handheld_events.catalogue import CATALOGUE, STREAMS
from handheld_events.examples import EXAMPLES, META, META_ON_BEHALF, recorded
from handheld_events.publishing import cloud_event
from tests.docs.pages import ROOT

DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs/reference/asyncapi.json").read_text())
SPECIFICATION = json.loads(
    (ROOT / "tests/docs/data/asyncapi-3.0.0.schema.json").read_text(encoding="utf-8")
)


def payload_schema(topic: str) -> dict[str, Any]:
    message = DOCUMENT["components"]["messages"][topic]
    return {**message["payload"], "components": DOCUMENT["components"]}


def check(topic: str, payload: object) -> None:
    on_the_wire = json.loads(json.dumps(payload))
    Draft202012Validator(payload_schema(topic)).validate(on_the_wire)


def test_it_is_an_asyncapi_document() -> None:
    Draft7Validator(SPECIFICATION).validate(DOCUMENT)


def test_the_specification_that_it_is_held_against_refuses_what_is_none() -> None:
    wrong = deepcopy(DOCUMENT)
    wrong["operations"]["publish_task"]["action"] = "shout"
    with pytest.raises(ValidationError):
        Draft7Validator(SPECIFICATION).validate(wrong)


def test_every_event_is_a_message_of_the_channel_of_its_stream() -> None:
    listed = {kind: set(channel["messages"]) for kind, channel in DOCUMENT["channels"].items()}
    asked = {"ask": set(ASKS), "answer": {Answered.TYPE}}
    facts = {kind: {e.TOPIC for e in events} for kind, events in STREAMS.items()}
    assert listed == {**facts, **asked}
    assert set(DOCUMENT["components"]["messages"]) == {*CATALOGUE, *ASKS, Answered.TYPE}


def test_the_examples_of_what_is_asked_are_understood() -> None:
    for kind in ASKS:
        (example,) = DOCUMENT["components"]["messages"][kind]["examples"]
        asked = understood(*cloud_messages.message(example["payload"], "structured"))
        assert type(asked.ask) is ASKS[kind]


def test_every_reference_in_it_leads_somewhere() -> None:
    def follow(node: Any) -> None:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                found: Any = DOCUMENT
                for key in reference.removeprefix("#/").split("/"):
                    found = found[key]
            for value in node.values():
                follow(value)
        elif isinstance(node, list):
            for value in node:
                follow(value)

    follow(DOCUMENT)


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_published_is_as_its_message_says(name: str) -> None:
    event = EXAMPLES[name]
    for meta in (META, META_ON_BEHALF):
        check(event.TOPIC, cloud_event(recorded(event, meta), "0123456789abcdef"))


def test_a_message_refuses_what_its_event_is_not() -> None:
    published = cloud_event(recorded(EXAMPLES["task accepted"]), "0123456789abcdef")
    with pytest.raises(ValidationError):
        check("task.declined.v1", published)
    with pytest.raises(ValidationError):
        check("task.accepted.v1", {**published, "position": "-1"})
    with pytest.raises(ValidationError):
        check("task.accepted.v1", {**published, "data": {**published["data"], "plain": "text"}})


def test_each_message_has_an_example_that_is_valid() -> None:
    for topic, message in DOCUMENT["components"]["messages"].items():
        (example,) = message["examples"]
        check(topic, example["payload"])


def test_the_generator_needs_neither_words_nor_examples() -> None:
    Draft7Validator(SPECIFICATION).validate(document("1"))
