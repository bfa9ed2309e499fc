"""The list of events, their schemas, and the AsyncAPI document."""

from __future__ import annotations

from inspect import cleandoc, getmodule
from typing import Any

import msgspec

import handheld
from handheld.entrypoints.reference import describing
from handheld_events import asyncapi as published
from handheld_events import envelope, publishing
from handheld_events.base import Event
from handheld_events.catalogue import CATALOGUE, STREAMS
from handheld_events.examples import examples_of, recorded

Json = dict[str, Any]

_HEAD = """\
# Events

Every event there is, made from the catalogue in `events/handheld_events/` by `make docs`. A name and its
version never change their meaning; what has been written can always be read. Each event has a JSON
Schema of what the log holds, and [asyncapi.json](asyncapi.json) describes the stream that is published.
[How to add an event](../how-to/add-an-event.md).

Instants are text in UTC (RFC 3339). A field that has its default is left out of the log; a field that
an event does not have is refused.
"""

_ENVELOPE = """\
## Envelope

What is known of every fact besides the fact itself. Three times are kept apart: *occurred*, what the
person or device claims; *reported*, when the device said so; *recorded*, when the log took it. Only the
position orders facts.

Set by the log, in columns of their own: `position` (growing, not contiguous), `stream`, `version` in
the stream, and the recorded time, one a commit, never decreasing. The event id is `<stream>/<version>`.
The rest is JSON text:
"""


def page() -> str:
    """The list of events."""
    parts = [_HEAD, _contents(), _ENVELOPE, _table(envelope.Stored), "### Meta\n"]
    parts += [describing.meaning(envelope.Meta) + "\n", _table(envelope.Meta)]
    for events in STREAMS.values():
        parts.append(_stream(events))
        parts += [_event(event) for event in sorted(events, key=lambda event: _rank(event))]
    parts.append("## Values\n\nParts that events share.\n")
    for value in describing.values(CATALOGUE.values()):
        parts += [f"### {value.__name__}\n", describing.meaning(value) + "\n", _table(value)]
    return "\n".join(parts)


def schemas() -> dict[str, Json]:
    """The JSON Schema of each topic, with the words of the source."""
    return {topic: schema(topic) for topic in CATALOGUE}


def schema(topic: str) -> Json:
    """The JSON Schema of a topic, its fields described."""
    body = publishing.schema(topic)
    event = CATALOGUE[topic]
    structs = {part.__name__: part for part in describing.values([event])}
    structs |= {"Meta": envelope.Meta, event.__name__: event}
    structs[f"Stored_{event.__name__}_"] = envelope.Stored
    for name, definition in body["$defs"].items():
        definition["description"] = describing.meaning(structs[name])
        words = describing.field_words(structs[name])
        for field in msgspec.structs.fields(structs[name]):
            prop = definition["properties"][field.encode_name]
            prop["description"] = words[field.name]
    return body


def asyncapi() -> Json:
    """The AsyncAPI document, with one example of each event."""
    examples = {
        topic: publishing.cloud_event(recorded(next(iter(examples_of(topic).values()))), "example")
        for topic in CATALOGUE
    }
    return published.document(handheld.__version__, schema, examples)


def _rank(event: type[Event]) -> int:
    return list(vars(getmodule(event))).index(event.__name__)


def _contents() -> str:
    lines = ["| event | when |", "|---|---|"]
    for topic, event in CATALOGUE.items():
        said = describing.meaning(event).partition("\n\n")[0].replace("\n", " ")
        lines.append(f"| [{topic}](#{_anchor(topic)}) | {said} |")
    return "\n".join(lines) + "\n"


def _anchor(topic: str) -> str:
    return topic.replace(".", "")


def _stream(events: tuple[type[Event], ...]) -> str:
    said = cleandoc(getmodule(events[0]).__doc__ or "")
    return f"## {said}\n"


def _event(event: type[Event]) -> str:
    topic = event.TOPIC
    parts = [f"### {topic}\n", describing.meaning(event) + "\n"]
    if describing.fields(event):
        parts.append(_table(event))
    else:
        parts.append("No fields of its own.\n")
    for name, example in examples_of(topic).items():
        text = msgspec.json.format(msgspec.json.encode(example), indent=2).decode()
        parts.append(f"{name[0].upper()}{name[1:]}:\n\n```json\n{text}\n```\n")
    parts.append(f"[JSON Schema](schemas/{topic}.json)\n")
    return "\n".join(parts)


def _table(struct: type[msgspec.Struct]) -> str:
    lines = ["| field | type | meaning |", "|---|---|---|"]
    for field in describing.fields(struct):
        name = f"`{field.name}`" + ("" if field.required else " (optional)")
        lines.append(f"| {name} | {field.type} | {field.meaning} |")
    return "\n".join(lines) + "\n"
