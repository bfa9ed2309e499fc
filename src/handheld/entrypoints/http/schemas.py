"""JSON Schemas of structs, with what their classes say of each field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from handheld.entrypoints.reference.describing import known_words, values


def components(types: Sequence[Any], template: str) -> dict[str, Any]:
    """The schemas of these types and of all that they are made of, by name."""
    _, found = msgspec.json.schema_components(types, ref_template=template)
    describe(types, found)
    return found


def describe(types: Sequence[Any], found: dict[str, Any]) -> None:
    """Add what fields mean, where something says it."""
    whole = [one for one in types if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    for struct in {*whole, *values(types)}:
        properties = found.get(struct.__name__, {}).get("properties", {})
        words = known_words(struct)
        for field in msgspec.structs.fields(struct):
            about, schema = words.get(field.name), properties.get(field.encode_name)
            if not about or schema is None:
                continue
            if "$ref" in schema:  # what stands beside a reference is not read by every tool
                whole_schema: dict[str, Any] = {"allOf": [dict(schema)]}
                schema = properties[field.encode_name] = whole_schema
            schema["description"] = about
