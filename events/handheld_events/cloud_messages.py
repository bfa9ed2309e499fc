"""CloudEvents as messages with headers, and back: the NATS protocol binding of CloudEvents 1.0.

*Structured*: the whole event is the payload, in the JSON event format 1.0. *Binary*: the data is the
payload, each attribute a header `ce-…`, percent-encoded (binding 1.0.3, section 3.1). docs/publishing.md
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote

import msgspec

from handheld_events.codec import Reading, microseconds
from handheld_events.envelope import Recorded
from handheld_events.publishing import SOURCE_PREFIX, cloud_event, cloud_event_text

Mode = Literal["structured", "binary"]
"""The content mode: where the attributes of an event stand in its message."""

STRUCTURED_TYPE = "application/cloudevents+json"
_STRUCTURED = "application/cloudevents"
_CONTENT_TYPE = "Content-Type"
_PREFIX = "ce-"
_BOOLEANS = {"true": True, "false": False}
_TO_ENCODE = re.compile(r'[^!-~]|["%]')
_QUOTED_PAIR = re.compile(r"\\(.)")


class NotACloudEvent(ValueError):
    """A message that is no CloudEvent, or none of a log of ours."""


class Message(NamedTuple):
    """What travels, whatever carries it."""

    headers: dict[str, str]
    payload: bytes


def message(event: Mapping[str, Any], mode: Mode) -> Message:
    """A CloudEvent as a message."""
    if mode == "structured":
        return Message({_CONTENT_TYPE: STRUCTURED_TYPE}, msgspec.json.encode(event))
    headers = {_PREFIX + name: _header(value) for name, value in event.items() if name != "data"}
    # Parsers made for HTTP, where this attribute is that header, read it as well.
    headers[_CONTENT_TYPE] = event["datacontenttype"]
    return Message(headers, msgspec.json.encode(event["data"]))


def message_of(fact: Recorded[Any], log_id: str, mode: Mode, data: bytes | None = None) -> Message:
    """A fact as a message: the same, at less cost where there are many. `data` as JSON, if at hand."""
    if mode == "structured":
        return Message({_CONTENT_TYPE: STRUCTURED_TYPE}, cloud_event_text(fact, log_id, data))
    return message(cloud_event(fact, log_id, None if data is None else msgspec.Raw(data)), mode)


def read(headers: Mapping[str, str] | None, payload: bytes) -> dict[str, Any]:
    """The CloudEvent in a message of either mode; every attribute is text but `drill`, where that is true or false.

    Raises NotACloudEvent.
    """
    event: dict[str, Any]
    named = {name.lower(): value for name, value in (headers or {}).items()}
    try:
        if named.get("content-type", "").lower().startswith(_STRUCTURED):
            event = msgspec.json.decode(payload, type=dict[str, Any])
        else:
            event = {
                name.removeprefix(_PREFIX): _value(value)
                for name, value in named.items()
                if name.startswith(_PREFIX)
            }
            if "drill" in event:
                event["drill"] = _BOOLEANS.get(event["drill"], event["drill"])
            event["data"] = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotACloudEvent(str(error)) from error
    if event.get("specversion") != "1.0":
        msg = f"specversion is {event.get('specversion')!r}"
        raise NotACloudEvent(msg)
    return event


class Published(NamedTuple):
    """Which fact of which log a CloudEvent stands for."""

    log_id: str
    position: int
    event_id: str


def published(event: Mapping[str, Any]) -> Published:
    """Where the fact in a CloudEvent comes from. Raises NotACloudEvent."""
    try:
        source: str = event["source"]
        if not source.startswith(SOURCE_PREFIX):
            msg = f"its source is no log: {source!r}"
            raise NotACloudEvent(msg)
        return Published(
            source.removeprefix(SOURCE_PREFIX), int(event["position"]), event["subject"]
        )
    except NotACloudEvent:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"an attribute is missing or wrong: {error}"
        raise NotACloudEvent(msg) from error


def fact(event: Mapping[str, Any], reading: Reading | None = None) -> Recorded[Any]:
    """The fact in a CloudEvent, brought up to today's version of its event.

    Raises NotACloudEvent, and UnreadableEvent for an event that this version does not know.
    """
    of = published(event)
    stream, slash, version = of.event_id.rpartition("/")
    try:
        recorded = datetime.fromisoformat(event["time"])
        if not slash:
            msg = f"its subject is no place in a stream: {of.event_id!r}"
            raise NotACloudEvent(msg)
        return (reading or Reading()).fact(
            of.position,
            stream,
            int(version),
            event["type"],
            msgspec.json.encode(event["data"]),
            microseconds(recorded),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotACloudEvent(str(error)) from error


def _header(value: Any) -> str:
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return _TO_ENCODE.sub(lambda found: "".join(f"%{b:02X}" for b in found[0].encode()), text)


def _value(header: str) -> str:
    """Unquoted, then decoded once; what is no UTF-8 is refused."""
    if len(header) > 1 and header[0] == header[-1] == '"':
        header = _QUOTED_PAIR.sub(r"\1", header[1:-1])
    return unquote(header, errors="strict")
