"""What is published, asked and answered as an AsyncAPI 3.0 document, made from the catalogue.

One channel a kind of stream, one message an event; each message is a CloudEvent as
`handheld_events.publishing` makes it. What other systems ask for is in `asyncapi_asking`. (AsyncAPI specification 3.0.0.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import cleandoc
from typing import Any

from handheld_events import asyncapi_asking
from handheld_events.catalogue import CATALOGUE, STREAMS
from handheld_events.publishing import CONTENT_TYPE, SOURCE_PREFIX, schema
from handheld_events.subjects import ROOT
from handheld_events.territory import TIERS

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"

_CHANNELS = {
    "division": ("Divisions (区划)", "The register of territory."),
    "department": ("Departments (部门)", "The register of agencies."),
    "person": ("People (人员)", "Who can be given a task; names and phones are sealed values."),
    "group": ("Groups (工作组)", "People who are called together."),
    "plan": ("Plans (预案)", "What would be ordered, to whom."),
    "tf": ("Task forces (专班)", "Orders, members, entries and outcome of one incident."),
    "task": ("Tasks (任务)", "What one person was asked to do, and what came of it."),
    "finding": ("Findings (上报)", "What somebody found and reported from below."),
    "warning": ("Warnings (预警)", "What was warned of, and what came of it."),
}

_PLACE = "{log}.{course}.{tier}.{district}.{township}.{village}.{grid}"

_PARAMETERS: Json = {
    "log": {"description": "The id of the log."},
    "course": {"enum": ["real", "drill"], "description": "Whether it is a drill (演练)."},
    "tier": {
        "enum": [*TIERS.values(), "none", "other"],
        "description": "The tier of the fact's division; `none` where it belongs to no division.",
    },
    "district": {"description": "The first six digits of the division code."},
    "township": {"description": "The next three digits; `_` in a fact of the district."},
    "village": {"description": "The next three digits, or `_`."},
    "grid": {"description": "The last three digits, or `_`."},
    "event": {"description": "The second word of the event's name: `accepted`."},
    "version": {"description": "The version of the event: `v1`."},
}

_ENVELOPE: Json = {
    "title": "CloudEvent",
    "description": "A fact as a CloudEvent 1.0 in structured JSON.",
    "type": "object",
    "required": [
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "dataschema",
        "position",
        "occurredtime",
        "reportedtime",
        "actor",
        "data",
    ],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "The position; unique within the source."},
        "source": {
            "type": "string",
            "pattern": f"^{SOURCE_PREFIX}",
            "description": "The log, by its id. A restored log has another.",
        },
        "type": {"type": "string", "description": "The event's name and version."},
        "subject": {"type": "string", "description": "`<stream>/<version>`."},
        "time": {
            "type": "string",
            "format": "date-time",
            "description": "The recorded time (UTC): when the log took it.",
        },
        "datacontenttype": {"const": CONTENT_TYPE},
        "dataschema": {"type": "string", "description": "Names the schema of `data`."},
        "position": {
            "type": "string",
            "pattern": "^[1-9][0-9]*$",
            "description": "The place in the log: the only order that counts. It grows; gaps occur.",
        },
        "occurredtime": {
            "type": "string",
            "format": "date-time",
            "description": "When it happened, as the person or device claims (UTC).",
        },
        "reportedtime": {
            "type": "string",
            "format": "date-time",
            "description": "When the device said so (UTC).",
        },
        "actor": {
            "type": "string",
            "description": "Who did it: a person's stream, or a named process.",
        },
        "division": {"type": "string", "description": "Division code; a prefix is an ancestor."},
        "taskforce": {"type": "string", "description": "The task force that it belongs to."},
        "drill": {"const": True, "description": "Present in a drill (演练) only."},
        "data": {"type": "object"},
    },
}


def document(
    version: str,
    schema_of: Callable[[str], Json] = schema,
    examples: Mapping[str, Json] | None = None,
) -> Json:
    """The AsyncAPI document.

    `version` is that of the document; `schema_of` gives the JSON Schema of a topic, `examples` a
    CloudEvent of each.
    """
    schemas: dict[str, Json] = {"CloudEvent": _ENVELOPE}
    messages = {
        topic: _message(topic, schema_of(topic), schemas, (examples or {}).get(topic))
        for topic in CATALOGUE
    }
    return {
        "asyncapi": "3.0.0",
        "id": "urn:handheld:published",
        "info": {
            "title": "Handheld command: the published stream",
            "version": version,
            "description": (
                "Every fact of a log, in log order, at least once; `source` and `id` tell repeats. "
                "NATS JetStream carries it, in structured or in binary mode; an address is the "
                "subject of its messages. What is sealed (names, telephone numbers) has an empty box."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            **{kind: _channel(kind) for kind in STREAMS},
            **asyncapi_asking.channels(),
        },
        "operations": {
            **asyncapi_asking.operations(),
            **{
                f"publish_{kind}": {
                    "action": "send",
                    "channel": {"$ref": f"#/channels/{kind}"},
                    "summary": f"Facts of the streams `{kind}-…`, as they are recorded.",
                }
                for kind in STREAMS
            },
        },
        "components": {
            "messages": {**messages, **asyncapi_asking.messages()},
            "schemas": dict(sorted({**schemas, **asyncapi_asking.schemas()}.items())),
        },
    }


def _channel(kind: str) -> Json:
    title, description = _CHANNELS[kind]
    return {
        "address": f"{ROOT}.{_PLACE}.{STREAMS[kind][0].TOPIC.partition('.')[0]}.{{event}}.{{version}}",
        "title": title,
        "description": description,
        "parameters": _PARAMETERS,
        "messages": {
            event.TOPIC: {"$ref": f"#/components/messages/{event.TOPIC}"} for event in STREAMS[kind]
        },
    }


def _message(topic: str, described: Json, schemas: dict[str, Json], example: Json | None) -> Json:
    for name, body in described["$defs"].items():
        schemas[name] = _relocated(body)
    message: Json = {
        "name": topic,
        "title": CATALOGUE[topic].__name__,
        "summary": cleandoc(CATALOGUE[topic].__doc__ or "").partition("\n\n")[0].replace("\n", " "),
        "payload": {
            "allOf": [
                {"$ref": _SCHEMAS + "CloudEvent"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": topic},
                        "dataschema": {"const": described["$id"]},
                        "data": _relocated({"$ref": described["$ref"]}),
                    },
                },
            ]
        },
    }
    if example is not None:
        message["examples"] = [{"name": topic.replace(".", "_"), "payload": example}]
    return message


def _relocated(body: Any) -> Any:
    """The same schema, its references pointing into the components of the document."""
    if isinstance(body, dict):
        return {
            key: value.replace("#/$defs/", _SCHEMAS)
            if key == "$ref" and isinstance(value, str)
            else _relocated(value)
            for key, value in body.items()
        }
    if isinstance(body, list):
        return [_relocated(value) for value in body]
    return body
