"""The OpenAPI document (3.1), made from the endpoints' declarations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from handheld import __version__
from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.problems import MEDIA, Problem
from handheld.entrypoints.http.schemas import describe

PREFIX = "/api/v1"
REF = "#/components/schemas/{name}"
_PARAM = re.compile(r"{(\w+)}")

STATUS_WORDS: Mapping[int, str] = {
    400: "The request makes no sense",
    401: "Nobody is signed in",
    403: "Not allowed",
    404: "Not there, or hidden: the same answer",
    405: "Another method",
    409: "The state of things does not allow it",
    410: "It was erased",
    412: "Changed by somebody else since it was read",
    413: "Too many bytes",
    415: "Another media type",
    416: "No such part",
    422: "The Idempotency-Key was used for something else",
    428: "If-Match is missing",
    429: "Too often: come again after Retry-After",
    500: "A fault of the server",
    503: "Try again after Retry-After",
    507: "The disk is full",
}
TAGS = (
    ("commands", "What is asked for; durable when it is answered"),
    ("boards", "What a division or a department sees"),
    ("task forces", "One incident: its orders, members, entries, messages, timeline"),
    ("tasks", "One person's task, and its course"),
    ("registers", "Lists with filters, search and cursors"),
    ("findings", "What comes up"),
    ("warnings", "What comes in"),
    ("organisation", "Divisions, departments, people, plans, duty"),
    ("attachments", "Photos, voice, documents"),
    ("notices", "Reaching people who have not got their task"),
    ("access", "Signing in, sessions, devices"),
    ("administration", "For operators: accounts, links, the audit, registers from files"),
    ("server", "Health, problems, this document"),
)


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The whole document."""
    types = _types(endpoints)
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    describe(types, components)
    shown = dict(zip(map(str, types), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operations = paths.setdefault(PREFIX + endpoint.path, {})
        operation = operations[endpoint.method.lower()] = _operation(endpoint, shown)
        links = _links(endpoint, endpoints)
        if links:
            operation["responses"][str(endpoint.status)]["links"] = links
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Handheld command 掌上指挥",
            "version": __version__,
            "description": "Incident command and dispatch. docs/api.md explains it.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": about} for name, about in TAGS],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "handheld_session"},
            },
        },
        "security": [{"bearer": []}, {"cookie": []}],
    }


def _types(endpoints: Sequence[Endpoint]) -> list[Any]:
    """Every type that a body or an answer is made of, once."""
    found: dict[str, Any] = {str(Problem): Problem}
    for endpoint in endpoints:
        for kind in (endpoint.body_shown or endpoint.body, endpoint.answers, endpoint.query):
            if kind is not None:
                found.setdefault(str(kind), kind)
    return list(found.values())


def _operation(endpoint: Endpoint, shown: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "parameters": _parameters(endpoint),
        "responses": _responses(endpoint, shown),
    }
    if endpoint.public:
        operation["security"] = []
    kind = endpoint.body_shown or endpoint.body
    if kind is not None:
        content: dict[str, Any] = {"schema": _body(endpoint, kind, shown)}
        if endpoint.examples:
            content["examples"] = {
                name: {"value": value} for name, value in endpoint.examples.items()
            }
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    elif endpoint.raw is not None:
        binary = {"schema": {"type": "string", "format": "binary"}}
        content = dict.fromkeys((endpoint.raw, *endpoint.raw_also), binary)
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _body(endpoint: Endpoint, kind: Any, shown: Mapping[str, Any]) -> Any:
    """The schema of a body: that of its type, without what the path says already."""
    if endpoint.body_shown is None:
        return shown[str(kind)]
    fields = [
        field
        for field in msgspec.structs.fields(kind)
        if field.encode_name not in endpoint.left_out
    ]
    (whole,), parts = msgspec.json.schema_components([kind], ref_template=REF)
    properties = parts[whole["$ref"].rpartition("/")[2]]["properties"]
    return {
        "type": "object",
        "properties": {field.encode_name: properties[field.encode_name] for field in fields},
        "required": [field.encode_name for field in fields if field.required],
        "additionalProperties": False,
    }


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        }
        for name in _PARAM.findall(endpoint.path)
    ]
    if endpoint.query is not None:
        schema = _flat(endpoint.query)
        required = schema.get("required", ())
        for name, one in schema["properties"].items():
            about = one.pop("description", None)
            found.append(
                {
                    "name": name,
                    "in": "query",
                    "required": name in required,
                    "schema": one,
                    **({"description": about} if about else {}),
                    **({"explode": True} if one.get("type") == "array" else {}),
                }
            )
    headers: list[tuple[str, bool, str, str | None]] = [
        ("Accept-Language", False, "zh or en: the language of words", None)
    ]
    if endpoint.takes_key:
        about = "A UUID version 7 made by the caller: sent again it is the same command"
        pattern = "^[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$"
        headers.append(("Idempotency-Key", True, about, pattern))
    if endpoint.takes_match:
        about = "The version that the edit was made from, as its ETag said; `*`: whatever it is"
        headers.append(("If-Match", True, about, None))
    for header, needed, about, form in (*headers, *endpoint.sends):
        schema = {"type": "string"} | ({"pattern": form} if form else {})
        found.append(
            {
                "name": header,
                "in": "header",
                "required": needed,
                "description": about,
                "schema": schema,
            }
        )
    return found


def _flat(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of a struct with every reference in it filled in."""
    (whole,), parts = msgspec.json.schema_components([kind], ref_template=REF)

    def filled(node: Any) -> Any:
        if isinstance(node, dict):
            if set(node) == {"$ref"}:
                return filled(parts[node["$ref"].rpartition("/")[2]])
            return {key: filled(value) for key, value in node.items()}
        return [filled(one) for one in node] if isinstance(node, list) else node

    found: dict[str, Any] = filled(whole)
    return found


_NAMING = frozenset(("account", "below", "department", "division", "person", "task_force"))
"""Query parameters that name something, which may not be there."""
_TAG = {
    "description": "For If-None-Match; for If-Match where it is edited",
    "required": True,
    "schema": {"type": "string", "pattern": '^(W/)?"[^"]*"$'},
}


def _asked(endpoint: Endpoint) -> set[str]:
    """The names of the query's parameters."""
    fields = msgspec.structs.fields(endpoint.query) if endpoint.query is not None else ()
    return {field.encode_name for field in fields}


def _links(endpoint: Endpoint, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """What can be asked next about that which the answer names."""
    return {
        other.name: {
            "operationId": other.name,
            "parameters": {parameter: f"$response.body#{where}"},
        }
        for parameter, where in endpoint.names
        for other in endpoints
        if _PARAM.findall(other.path) == [parameter]
    }


def _responses(endpoint: Endpoint, shown: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "The answer"}
    if endpoint.answers is not None:
        answer["content"] = {"application/json": {"schema": shown[str(endpoint.answers)]}}
    elif endpoint.gives is not None:
        schema = {"type": "string", "format": "binary"}
        answer["content"] = {endpoint.gives: {"schema": schema}}
    if endpoint.tagged:
        answer["headers"] = {"ETag": _TAG}
    found = {str(status): dict(answer) for status in (endpoint.status, *endpoint.also)}
    if endpoint.method == "GET" and endpoint.tagged:
        found["304"] = {"description": "As before: the ETag in If-None-Match still holds"}
    problems = {400, 500, 503, *endpoint.problems}
    if not endpoint.public:
        problems.add(401)
    if endpoint.body is not None or endpoint.raw is not None:
        problems |= {413, 415}
    if endpoint.path.count("{") or _NAMING & _asked(endpoint):
        problems.add(404)
    if endpoint.method not in ("GET", "HEAD"):
        problems |= {403, 507}
    for status in sorted(problems):
        found[str(status)] = {
            "description": STATUS_WORDS[status],
            "content": {MEDIA: {"schema": shown[str(Problem)]}},
        }
    return found
