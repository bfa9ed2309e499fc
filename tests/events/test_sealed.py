from __future__ import annotations

import msgspec
import pytest

from handheld_events.catalogue import CATALOGUE, STREAMS
from handheld_events.examples import EXAMPLES, PERSON, sealed
from handheld_events.person import PersonContactChanged, PersonRegistered
from handheld_events.sealed import Sealed
from tests.support_events import stored


def test_a_sealed_value_names_its_subject_and_key_and_holds_a_box() -> None:
    fields = msgspec.to_builtins(sealed(PERSON))

    assert fields == {
        "subject": "person-S000001",
        "key": "example",
        "box": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis=",
    }


def test_a_sealed_value_survives_the_log() -> None:
    text = msgspec.json.encode(sealed(PERSON))

    assert msgspec.json.decode(text, type=Sealed) == sealed(PERSON)


def test_a_box_that_is_no_base64_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"subject":"s","key":"k","box":"\xe5\xbc\xa0"}', type=Sealed)


def test_a_plain_name_where_a_sealed_one_belongs_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode('{"name":"某人"}'.encode(), type=PersonRegistered)


def test_names_and_phones_are_sealed_wherever_they_occur_and_occur_in_no_other_stream() -> None:
    of_a_person = {"name", "phone"}
    named = ("division.", "department.", "group.")  # no people
    for topic, event in CATALOGUE.items():
        for field in msgspec.structs.fields(event):
            if field.name in of_a_person and not topic.startswith(named):
                assert event in STREAMS["person"]
                assert field.type in (Sealed, Sealed | None)


def test_an_event_of_a_person_carries_only_what_is_sealed_under_their_own_key() -> None:
    for event in EXAMPLES.values():
        if isinstance(event, (PersonRegistered, PersonContactChanged)):
            assert event.name.subject == PERSON
            assert b"S000001" in stored(event)
