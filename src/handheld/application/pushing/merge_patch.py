"""JSON merge patches (RFC 7396): what has changed between two JSON objects. Pure.

Null means removed, so that an object with a null member cannot be patched to: documents leave such
members out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def make_patch(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The patch that makes the second of the first; empty where they are equal.

    Neither may have a member that is null, at any depth of objects. What the patch shares with
    `after` is not to be changed.
    """
    patch: dict[str, Any] = dict.fromkeys(before.keys() - after.keys())
    for key, value in after.items():
        if key not in before:
            patch[key] = value
            continue
        known = before[key]
        if known is value or (known == value and _alike(known, value)):
            continue
        if isinstance(known, dict) and isinstance(value, dict):
            patch[key] = make_patch(known, value)
        else:
            patch[key] = value
    return patch


def apply_patch(target: Any, patch: Any) -> Any:
    """What a patch makes of a value, as RFC 7396, section 2, has it. The target stays as it is."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = apply_patch(result.get(key), value)
    return result


def _alike(one: Any, other: Any) -> bool:
    """Equal in JSON, too: in Python 1, 1.0 and true are equal."""
    if isinstance(one, dict):
        return isinstance(other, dict) and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    return type(one) is type(other)
