"""Facts on their way out of the house: what is sealed in them stays behind.

A subscriber has no key, so the ciphertext is of no use to them; but a copy that has left can never be
called back. Field, subject and key id stay: the fact fits its schema, and shows that there is something.
"""

from __future__ import annotations

from typing import Any

import msgspec
import msgspec.inspect

from handheld_events.base import Event
from handheld_events.envelope import Recorded
from handheld_events.sealed import Sealed

EMPTY = b""
"""The box of a sealed value that was withheld. No ciphertext is empty."""


def withheld(fact: Recorded[Any]) -> Recorded[Any]:
    """The same fact, every sealed value in it without its box."""
    if not _can_be_sealed(type(fact.event)):
        return fact
    event = _emptied(fact.event)
    return fact if event is fact.event else msgspec.structs.replace(fact, event=event)


_SEALED: dict[type[Event], bool] = {}


def _can_be_sealed(event: type[Event]) -> bool:
    """Whether events of this kind have a place for a sealed value: few kinds have."""
    found = _SEALED.get(event)
    if found is None:
        found = _SEALED[event] = _holds(msgspec.inspect.type_info(event), frozenset())
    return found


def _holds(found: object, above: frozenset[type]) -> bool:
    """Whether a type is that of sealed values, or one of those that it is made of is."""
    if isinstance(found, msgspec.inspect.StructType):
        if found.cls is Sealed or found.cls in above:
            return found.cls is Sealed
        inner = above | {found.cls}
        return any(_holds(field.type, inner) for field in found.fields)
    if isinstance(found, msgspec.inspect.UnionType):
        return any(_holds(one, above) for one in found.types)
    if isinstance(found, msgspec.inspect.TupleType):
        return any(_holds(one, above) for one in found.item_types)
    if isinstance(found, msgspec.inspect.DictType):
        return _holds(found.value_type, above)
    if isinstance(found, msgspec.inspect.CollectionType):
        return _holds(found.item_type, above)
    # A type that tells nothing of what it holds is looked through each time.
    return isinstance(found, msgspec.inspect.AnyType | msgspec.inspect.CustomType)


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
