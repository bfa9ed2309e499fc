"""What other systems ask for, read strictly."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handheld_events.asking import ASKS, AskCap, AskFinding, NotUnderstood, named, understood
from handheld_events.catalogue import CATALOGUE
from handheld_events.cloud_messages import Mode, message
from handheld_events.subjects import answer_to, answers_of, asked_by, asked_of, asking, of_log

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "7/预警",
    "source": "urn:example:hotline",
    "type": "ask.finding.v1",
    "time": "2021-07-23T08:00:00+08:00",
    "data": {"text": "路面塌陷", "division": "330825101264"},
    "datacontenttype": "application/json",
}


def wrong(**changed: Any) -> str:
    event = {name: value for name, value in {**EVENT, **changed}.items() if value is not None}
    with pytest.raises(NotUnderstood) as found:
        understood(*message(event, "structured"))
    return str(found.value.what)


@pytest.mark.parametrize("mode", ["structured", "binary"])
def test_it_is_the_same_in_either_mode(mode: Mode) -> None:
    sent = message({**EVENT, "drill": True, "tracestate": "more"}, mode)
    asked = understood(*sent)
    assert asked.ask == AskFinding(text="路面塌陷", division="330825101264")
    assert (asked.id, asked.source, asked.drill) == (EVENT["id"], EVENT["source"], True)
    assert asked.time.isoformat() == "2021-07-23T08:00:00+08:00"
    assert named(*sent) == EVENT["id"]


@pytest.mark.parametrize("changed", [{"id": None}, {"id": ""}, {"id": "1" * 201}, {"source": 3}])
def test_what_names_it_must_be_there(changed: dict[str, Any]) -> None:
    assert wrong(**changed) == "not_an_event"


def test_a_mark_of_a_drill_that_cannot_be_read_is_never_taken_for_none() -> None:
    assert wrong(drill="yes") == "not_an_event"
    assert wrong(drill="true") == "not_an_event"
    assert wrong(Drill=True) == "not_an_event"
    headers, payload = message({**EVENT, "drill": "yes"}, "binary")
    with pytest.raises(NotUnderstood):
        understood(headers, payload)


def test_times_have_a_zone_and_data_only_fields_that_we_know() -> None:
    assert wrong(time="2021-07-23T08:00:00") == "not_an_event"
    assert wrong(data={**EVENT["data"], "more": 1}) == "data"
    assert wrong(data=None) == "data"
    assert wrong(datacontenttype="text/xml") == "data"
    assert wrong(type="finding.reported.v1") == "unknown_type"
    assert wrong(data={**EVENT["data"], "text": "长" * 100_000}) == "too_large"


def test_what_is_asked_is_never_taken_for_a_fact() -> None:
    assert not {kind.partition(".")[0] for kind in (*ASKS, "answer.v1")} & {
        topic.partition(".")[0] for topic in CATALOGUE
    }
    roots = {s.partition(".")[0] for s in (asked_of("x"), answers_of("x"), of_log("x"))}
    assert len(roots) == 3


def test_who_asks_stands_in_the_subject() -> None:
    assert asking(asked_by("longyou", "weather")) == "weather"
    assert asking("handheld-in.longyou") == ""
    assert answer_to("longyou", "weather", "a.b") == "handheld-answers.longyou.weather.a=2Eb"
    assert answer_to("longyou", "weather", None) == "handheld-answers.longyou.weather.="


def test_the_id_is_found_whatever_else_is_wrong() -> None:
    headers, payload = message({**EVENT, "specversion": "0.1"}, "structured")
    assert named(headers, payload) == EVENT["id"]
    assert named({**headers, "ce-id": "other"}, payload) == EVENT["id"]
    assert named({"ce-id": "9"}, b"\xff") == "9"
    assert named(None, json.dumps({"id": "9"}).encode()) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*EVENT, "drill", "x"]), JSON), JSON)
def test_whatever_comes_is_understood_or_refused(changed: dict[str, Any], data: Any) -> None:
    for event in ({**EVENT, **changed}, {**EVENT, "data": data}):
        payload = json.dumps(event).encode()
        for headers in ({"Content-Type": "application/cloudevents+json"}, None):
            with suppress(NotUnderstood):
                assert isinstance(understood(headers, payload).ask, AskCap | AskFinding)
            named(headers, payload)


@given(st.binary(max_size=60), st.dictionaries(st.sampled_from(["ce-id", "ce-type"]), st.text()))
def test_no_bytes_do_more_than_be_refused(payload: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(NotUnderstood):
        understood({"ce-specversion": "1.0", **headers}, payload)
    named(headers, payload)
