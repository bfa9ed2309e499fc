"""The published language: a JSON Schema for each event, and facts as CloudEvents 1.0."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from handheld_events.catalogue import CATALOGUE
from handheld_events.envelope import Meta, Recorded, Stored

CONTENT_TYPE = "application/json"
SOURCE_PREFIX = "urn:handheld:log:"
"""A CloudEvents source: this, then the log id. The id of a CloudEvent is unique within it."""


def schema(topic: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what the log holds of this event."""
    event = CATALOGUE[topic]
    (reference,), components = msgspec.json.schema_components(
        [Stored[event]],  # type: ignore[valid-type]
        ref_template="#/$defs/{name}",
    )
    components = {
        name.replace("[", "_").replace("]", "_"): body for name, body in components.items()
    }
    text = msgspec.json.encode({**reference, "$defs": components}).decode()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:handheld:event:{topic}",
        "title": topic,
        **msgspec.json.decode(text),
    }


def cloud_event(
    fact: Recorded[Any], log_id: str, data: msgspec.Raw | None = None
) -> dict[str, Any]:
    """A fact as a CloudEvent in structured JSON (CloudEvents 1.0.2, JSON format 1.0).

    `time` is when the log took it; when it happened, as somebody claims, and when their device said
    so are attributes of their own. `data` is what the log holds, in which personal fields are sealed;
    what leaves the house goes through `withheld` first. It may be given as the JSON that it is.
    """
    return _event(
        *_shared(fact, log_id),
        str(fact.position),
        fact.event_id,
        _data(fact) if data is None else data,
    )


def cloud_event_text(fact: Recorded[Any], log_id: str, data: bytes | None = None) -> bytes:
    """The JSON text of the same; what the facts of a commit share in it is made once.

    `data` is its JSON, where that is at hand.
    """
    head, to_subject, to_position, to_data, end = _around(*_shared(fact, log_id))
    position = b'"%d"' % fact.position
    subject = _encode(fact.event_id)
    body = _encode(_data(fact)) if data is None else data
    return b"".join(
        (head, position, to_subject, subject, to_position, position, to_data, body, end)
    )


_Shared = tuple[str, str, datetime, Meta, str | None, str | None]
"""Log, topic, time of record, meta, division and task force."""


def _shared(fact: Recorded[Any], log_id: str) -> _Shared:
    topic = fact.event.TOPIC
    return log_id, topic, fact.recorded_at, fact.meta, fact.division, fact.task_force


_encode = msgspec.json.Encoder().encode
_HOLE = b"\0"
"""In no JSON text: there it is escaped."""


@lru_cache(maxsize=1024)
def _around(*shared: *_Shared) -> list[bytes]:
    """The text before, between and behind what is a fact's own."""
    hole = msgspec.Raw(_HOLE)
    return _encode(_event(*shared, hole, hole, hole)).split(_HOLE)


def _event(
    log_id: str,
    topic: str,
    recorded_at: datetime,
    meta: Meta,
    division: str | None,
    task_force: str | None,
    position: Any,
    subject: Any,
    data: Any,
) -> dict[str, Any]:
    extensions = {
        "division": division,
        "taskforce": task_force,
        "drill": True if meta.drill else None,
    }
    return {
        "specversion": "1.0",
        "id": position,
        "source": SOURCE_PREFIX + log_id,
        "type": topic,
        "subject": subject,
        "time": _instant(recorded_at),
        "datacontenttype": CONTENT_TYPE,
        "dataschema": f"urn:handheld:event:{topic}",
        "position": position,
        "occurredtime": _instant(meta.occurred_at),
        "reportedtime": _instant(meta.reported_at or meta.occurred_at),
        "actor": meta.actor,
        **{name: value for name, value in extensions.items() if value is not None},
        "data": data,
    }


def _data(fact: Recorded[Any]) -> Any:
    return msgspec.to_builtins(
        Stored(
            meta=fact.meta,
            data=fact.event,
            division=fact.division,
            task_force=fact.task_force,
            person=fact.person,
        )
    )


@lru_cache(maxsize=256)
def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
