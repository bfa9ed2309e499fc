"""Facts on their way out of the house: what is sealed in them stays behind.

A subscriber has no key, so the ciphertext is of no use to them; but a copy that has left can never be
called back. Field, subject and key id stay: the fact fits its schema, and shows that there is something.
"""

from __future__ import annotations

from typing import Any

import msgspec

from handheld_events.envelope import Recorded
from handheld_events.sealed import Sealed

EMPTY = b""
"""The box of a sealed value that was withheld. No ciphertext is empty."""


def withheld(fact: Recorded[Any]) -> Recorded[Any]:
    """The same fact, every sealed value in it without its box."""
    event = _emptied(fact.event)
    return fact if event is fact.event else msgspec.structs.replace(fact, event=event)


def _emptied(value: Any) -> Any:
    """The very same object where nothing in it is sealed: so it is with nearly all facts."""
    if isinstance(value, Sealed):
        return msgspec.structs.replace(value, box=EMPTY)
    if isinstance(value, msgspec.Struct):
        found = {name: getattr(value, name) for name in value.__struct_fields__}
        changed = {
            name: emptied
            for name, inner in found.items()
            if (emptied := _emptied(inner)) is not inner
        }
        return msgspec.structs.replace(value, **changed) if changed else value
    if isinstance(value, tuple | list):
        items = [_emptied(inner) for inner in value]
        if all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return type(value)(items)
    if isinstance(value, dict):
        entries = {key: _emptied(inner) for key, inner in value.items()}
        return entries if any(entries[key] is not value[key] for key in value) else value
    return value
