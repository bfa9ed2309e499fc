"""The published language: a JSON Schema for each event, and facts as CloudEvents 1.0."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from handheld_events.catalogue import CATALOGUE
from handheld_events.envelope import Recorded, Stored

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
    extensions = {
        "division": fact.division,
        "taskforce": fact.task_force,
        "drill": True if fact.meta.drill else None,
    }
    return {
        "specversion": "1.0",
        "id": str(fact.position),
        "source": SOURCE_PREFIX + log_id,
        "type": fact.event.TOPIC,
        "subject": fact.event_id,
        "time": _instant(fact.recorded_at),
        "datacontenttype": CONTENT_TYPE,
        "dataschema": f"urn:handheld:event:{fact.event.TOPIC}",
        "position": str(fact.position),
        "occurredtime": _instant(fact.occurred_at),
        "reportedtime": _instant(fact.reported_at),
        "actor": fact.meta.actor,
        **{name: value for name, value in extensions.items() if value is not None},
        "data": _data(fact) if data is None else data,
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
