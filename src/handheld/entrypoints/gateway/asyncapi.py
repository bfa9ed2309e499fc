"""The gateway's protocol as an AsyncAPI 3.0 document, made from the classes of its messages.

(AsyncAPI specification 3.0.0; WebSocket bindings 0.1.0.) docs/pushing.md explains it.
"""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from handheld import __version__
from handheld.application.pushing.items import Item
from handheld.entrypoints.gateway import messages
from handheld.entrypoints.gateway.messages import FromClient, FromGateway
from handheld.entrypoints.http.schemas import components
from handheld.entrypoints.reference.describing import meaning

PATH = "/api/v1/live"
_SCHEMA = "#/components/schemas/{name}"
_MESSAGES = "#/channels/live/messages/"

ASKED_AND_ANSWERED = {
    "hello": "welcome",
    "do": "done",
    "watch": "board",
}
"""Which message answers which; others may come instead: see their descriptions."""


def document() -> dict[str, Any]:
    """The whole document."""
    sent, received = get_args(FromClient), get_args(FromGateway)
    schemas = components([*sent, *received, Item], _SCHEMA)
    for holder in ("Items", "Snapshot"):
        schemas[holder]["properties"]["items"]["items"] = {"$ref": _SCHEMA.format(name="Item")}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Handheld command 掌上指挥: the gateway",
            "version": __version__,
            "description": (
                "Inboxes, commands and boards over one WebSocket; JSON text frames of 64 KiB at "
                "most from clients. Who connects shows a session (Authorization or cookie) or a "
                "single-use ticket in hello, never a token in the address."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "own": {
                "host": "{host}",
                "pathname": PATH,
                "protocol": "wss",
                "description": "The same address and port as the HTTP interface.",
                "variables": {"host": {"description": "Host and port of the server."}},
            }
        },
        "channels": {
            "live": {
                "address": PATH,
                "description": f"Subprotocol {messages.PROTOCOL}; may be left out.",
                "messages": {
                    _tag(kind): {"$ref": f"#/components/messages/{_tag(kind)}"}
                    for kind in (*sent, *received)
                },
                "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
            }
        },
        "operations": {
            **{_tag(kind): _operation(kind, "receive") for kind in sent},
            **{
                _tag(kind): _operation(kind, "send")
                for kind in received
                if _tag(kind) not in ASKED_AND_ANSWERED.values()
            },
        },
        "components": {
            "messages": {_tag(kind): _message(kind) for kind in (*sent, *received)},
            "schemas": schemas,
        },
    }


def _tag(kind: Any) -> str:
    return str(kind.__struct_config__.tag)


def _operation(kind: type[msgspec.Struct], action: str) -> dict[str, Any]:
    tag = _tag(kind)
    operation: dict[str, Any] = {
        "action": action,
        "channel": {"$ref": "#/channels/live"},
        "summary": meaning(kind).splitlines()[0],
        "messages": [{"$ref": _MESSAGES + tag}],
    }
    if tag in ASKED_AND_ANSWERED:
        operation["reply"] = {
            "channel": {"$ref": "#/channels/live"},
            "messages": [{"$ref": _MESSAGES + ASKED_AND_ANSWERED[tag]}],
        }
    return operation


def _message(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {
        "name": _tag(kind),
        "title": kind.__name__,
        "summary": " ".join(meaning(kind).split()),
        "payload": {"$ref": _SCHEMA.format(name=kind.__name__)},
    }
