from __future__ import annotations

from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator, ValidationError

from handheld_events.base import Event
from handheld_events.catalogue import CATALOGUE
from handheld_events.examples import EXAMPLES, META, META_ON_BEHALF
from handheld_events.publishing import schema
from tests.support_events import stored

every_example = pytest.mark.parametrize("event", EXAMPLES.values(), ids=EXAMPLES.keys())


def _validate(topic: str, value: Any) -> None:
    Draft202012Validator(
        schema(topic), format_checker=Draft202012Validator.FORMAT_CHECKER
    ).validate(value)


@pytest.mark.parametrize("topic", CATALOGUE)
def test_every_schema_is_valid_and_named(topic: str) -> None:
    published = schema(topic)

    Draft202012Validator.check_schema(published)
    assert published["$id"] == f"urn:handheld:event:{topic}"
    assert published["title"] == topic


@every_example
def test_what_the_log_holds_fits_its_schema(event: Event) -> None:
    for meta in (META, META_ON_BEHALF):
        _validate(event.TOPIC, msgspec.json.decode(stored(event, meta)))


@every_example
def test_an_unknown_field_does_not_fit(event: Event) -> None:
    value = msgspec.json.decode(stored(event))
    value["data"]["surprise"] = 1

    with pytest.raises(ValidationError, match="surprise"):
        _validate(event.TOPIC, value)


@every_example
def test_what_lacks_a_field_does_not_fit(event: Event) -> None:
    for field in msgspec.structs.fields(event):
        if field.required:
            value = msgspec.json.decode(stored(event))
            del value["data"][field.name]
            with pytest.raises(ValidationError, match=field.name):
                _validate(event.TOPIC, value)


@every_example
def test_words_where_a_number_belongs_do_not_fit(event: Event) -> None:
    for field in msgspec.structs.fields(event):
        value = msgspec.json.decode(stored(event))
        value["data"][field.name] = {"neither": "words", "nor": ["a", "list"]}
        with pytest.raises(ValidationError):
            _validate(event.TOPIC, value)


def test_what_has_no_envelope_does_not_fit() -> None:
    with pytest.raises(ValidationError, match="meta"):
        _validate("task.accepted.v1", {"data": {}})


def test_a_value_outside_a_list_of_choices_does_not_fit() -> None:
    value = msgspec.json.decode(stored(EXAMPLES["report overtaken"]))
    value["data"]["because"] = "forgotten"

    with pytest.raises(ValidationError, match="forgotten"):
        _validate("task.overtaken.v1", value)
