"""What other systems ask for and are answered, as parts of the AsyncAPI 3.0 document."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec

from handheld_events.asking import ASKS, LARGEST, Answered, Ask
from handheld_events.publishing import CONTENT_TYPE, SOURCE_PREFIX
from handheld_events.subjects import ANSWERS, ASKED

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"

_PARAMETERS: Json = {
    "district": {"description": "The name of the district, as its operator has set it."},
    "system": {"description": "The name of the system in the register of systems."},
}

_ASK: Json = {
    "title": "CloudEvent that asks",
    "description": (
        "A CloudEvent 1.0 in structured JSON; binary mode is taken as well. Other attributes may come "
        f"along. At most {LARGEST} bytes."
    ),
    "type": "object",
    "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {
            "type": "string",
            "minLength": 1,
            "maxLength": 200,
            "description": "Names it within the source: what comes again under it is done once.",
        },
        "source": {"type": "string", "description": "As the register of systems has it."},
        "type": {"type": "string"},
        "time": {"type": "string", "format": "date-time", "description": "When it happened."},
        "datacontenttype": {"const": CONTENT_TYPE},
        "drill": {"type": "boolean", "description": "Whether it is a drill (演练)."},
        "data": {"type": "object"},
    },
}

_ANSWER: Json = {
    "title": "CloudEvent that answers",
    "type": "object",
    "required": ["specversion", "id", "source", "type", "time", "system", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "The same however often the answer comes."},
        "source": {"type": "string", "pattern": f"^{SOURCE_PREFIX}"},
        "type": {"type": "string"},
        "subject": {"type": "string", "description": "The id of what is answered, if it had one."},
        "time": {
            "type": "string",
            "format": "date-time",
            "description": "When the log took it, or it was refused (UTC).",
        },
        "datacontenttype": {"const": CONTENT_TYPE},
        "dataschema": {"type": "string"},
        "system": {"type": "string", "description": "Who asked."},
        "askedsource": {"type": "string"},
        "askedtype": {"type": "string"},
        "drill": {"const": True, "description": "Present in a drill (演练) only."},
        "data": {"type": "object"},
    },
}

_FROM: Json = {"specversion": "1.0", "source": "urn:example:weather-bureau"}
_WARNED: Json = {
    "event": "山洪",
    "level": "orange",
    "headline": "山洪灾害橙色预警",
    "divisions": ["330825101"],
}
_EXAMPLES: Json = {
    "ask.cap.v1": {"cap": '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">…</alert>'},
    "ask.warning.v1": _WARNED,
    "ask.finding.v1": {"text": "路面塌陷", "division": "330825101264", "place": "村口"},
    "ask.start.v1": {**_WARNED, "plan": "flood"},
    "answer.v1": {
        "outcome": "accepted",
        "zh": {"said": "已受理"},
        "en": {"said": "accepted"},
        "first": 4711,
        "last": 4711,
        "made": ["finding-00000000000083d1f7b1d3b1e6a0c2a4"],
    },
}


def channels() -> Json:
    """Where other systems ask, and where they are answered."""
    return {
        "ask": {
            "address": f"{ASKED}.{{district}}.{{system}}.ask",
            "title": "What other systems ask for",
            "description": "Only the account of a system may publish under its name.",
            "parameters": _PARAMETERS,
            "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in ASKS},
        },
        "answer": {
            "address": f"{ANSWERS}.{{district}}.{{system}}.{{id}}",
            "title": "What they are answered",
            "description": (
                "Letters, digits, `_` and `-` of the id stay; every other byte is `=` and two hex "
                "digits. `=` alone stands for a message without an id."
            ),
            "parameters": {**_PARAMETERS, "id": {"description": "The id of what is answered."}},
            "messages": {Answered.TYPE: {"$ref": f"#/components/messages/{Answered.TYPE}"}},
        },
    }


def operations() -> Json:
    """Asked, each message is answered once it is durable, or refused."""
    return {
        "receive_ask": {
            "action": "receive",
            "channel": {"$ref": "#/channels/ask"},
            "summary": "What another system asks for, done once and answered.",
            "reply": {"channel": {"$ref": "#/channels/answer"}},
        },
        "send_answer": {
            "action": "send",
            "channel": {"$ref": "#/channels/answer"},
            "summary": "What became of it.",
        },
    }


def messages() -> Json:
    """Each as a CloudEvent in structured mode."""
    found = {kind: _message(ask, kind, "AskingCloudEvent") for kind, ask in ASKS.items()}
    found[Answered.TYPE] = _message(Answered, Answered.TYPE, "AnsweringCloudEvent")
    return found


def schemas() -> Json:
    """The schemas that the messages refer to."""
    _, found = msgspec.json.schema_components(
        [*ASKS.values(), Answered], ref_template=_SCHEMAS + "{name}"
    )
    text = msgspec.json.encode(found)
    return {**msgspec.json.decode(text), "AskingCloudEvent": _ASK, "AnsweringCloudEvent": _ANSWER}


def _message(data: type[Ask] | type[Answered], kind: str, envelope: str) -> Json:
    given = _FROM if envelope == "AskingCloudEvent" else _answering()
    example = {**given, "id": "1", "type": kind, "data": _EXAMPLES[kind]}
    return {
        "name": kind,
        "title": data.__name__,
        "summary": cleandoc(data.__doc__ or ""),
        "payload": {
            "allOf": [
                {"$ref": _SCHEMAS + envelope},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": kind},
                        "data": {"$ref": _SCHEMAS + data.__name__},
                    },
                },
            ]
        },
        "examples": [{"name": kind.replace(".", "_"), "payload": example}],
    }


def _answering() -> Json:
    return {
        **_FROM,
        "source": SOURCE_PREFIX + "0123456789abcdef",
        "time": "2021-07-23T00:00:01Z",
        "system": "hotline",
    }
