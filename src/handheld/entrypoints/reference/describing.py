"""What the source says of a struct and its fields, in words for a table."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from textwrap import dedent
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

import msgspec

from handheld_events.sealed import Sealed

_COMMON = {
    "actor": "Who did it.",
    "awaited": "The step that is awaited.",
    "before": "What it was before.",
    "begins": "When it begins (UTC).",
    "cap": "The CAP message.",
    "choices": "What can be chosen.",
    "content": "What it says.",
    "department": "The department's key.",
    "divisions": "The divisions' codes.",
    "due_at": "When it was due (UTC).",
    "ends": "When it ends (UTC).",
    "form": "What a report has to tell besides words.",
    "handed_by": "Who handed it over.",
    "message": "The message's id.",
    "photos": "The photos.",
    "plan": "The plan's stream.",
    "plan_version": "The version of the plan's stream that was read.",
    "posture": "The posture (平时, 战时).",
    "satisfied": "Whether they were satisfied.",
    "source": "Where it came from.",
    "task": "The task's stream.",
    "task_force_started": "The task force's stream.",
    "tasks": "How many tasks there are.",
    "triggers": "Which warnings the plan answers.",
    "withdrawn": "How many tasks were withdrawn.",
    "device": "The device on which it was done.",
    "division": "The division's code.",
    "drill": "In a drill (演练).",
    "entry": "The entry's id.",
    "key": "Its name within the plan.",
    "level": "The response level (响应等级).",
    "data": "The event itself.",
    "meta": "What all the facts of the command share.",
    "name": "Its name.",
    "order": "The order's id.",
    "orders": "What would be ordered.",
    "outcome": "What came of it, in words.",
    "person": "The person's stream.",
    "place": "Where, in words.",
    "reason": "Why, in words.",
    "report_by": "When it ought to be reported by (UTC).",
    "accept_by": "When it ought to be accepted by (UTC).",
    "role": "A key of the role list.",
    "steps": "The steps that each task has, in order.",
    "task_force": "The task force's stream.",
    "text": "The words.",
    "tier": "The tier of the divisions meant.",
    "kind": "The kind of the divisions meant.",
    "title": "Its title.",
    "to": "Whom it is for.",
    "vacant_count": "In how many divisions nobody holds the post asked for.",
    "did": "What was done.",
    "occurred_at": "When it happened, as claimed (UTC).",
}
"""What a field means wherever it has this name and no words of its own."""

_SIMPLE = {str: "text", int: "number", float: "number", bool: "true or false", bytes: "base64"}


class Field(NamedTuple):
    """A field of a struct, for a reader."""

    name: str
    type: str
    required: bool
    meaning: str


def meaning(struct: type) -> str:
    """The docstring, without its indentation."""
    return inspect.cleandoc(struct.__doc__ or "")


def fields(struct: type[msgspec.Struct]) -> list[Field]:
    """The fields in the order in which they are written."""
    words = field_words(struct)
    return [
        Field(f.encode_name, _type(f.type), f.required, words[f.name])
        for f in msgspec.structs.fields(struct)
    ]


@cache
def field_words(struct: type[msgspec.Struct]) -> dict[str, str]:
    """What each field means: its own docstring, else what its name means everywhere.

    Raises KeyError for a field that nothing explains.
    """
    own = _own_words(struct)
    return {f.name: own.get(f.name) or _common(f) for f in msgspec.structs.fields(struct)}


def known_words(struct: type[msgspec.Struct]) -> dict[str, str]:
    """The same of the fields that something explains."""
    return {**_COMMON, **_own_words(struct)}


@cache
def _own_words(struct: type[msgspec.Struct]) -> dict[str, str]:
    own: dict[str, str] = {}
    for one in reversed(struct.__mro__):
        if issubclass(one, msgspec.Struct) and one is not msgspec.Struct:
            own |= _written(one)
    return own


def _common(field: msgspec.structs.FieldInfo) -> str:
    if Sealed in _parts(field.type):
        return f"The {field.name}, sealed."
    return _COMMON[field.name]


def _written(struct: type) -> dict[str, str]:
    body = [
        line
        for one in ast.parse(dedent(inspect.getsource(struct))).body
        if isinstance(one, ast.ClassDef)
        for line in one.body
    ]
    found: dict[str, str] = {}
    for before, here in itertools.pairwise(body):
        match before, here:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as words)),
            ):
                found[name] = " ".join(inspect.cleandoc(words).split())
            case _:
                pass
    return found


def values(types: Iterable[Any]) -> list[type[msgspec.Struct]]:
    """The structs that are parts of these types, and of their fields, by name."""
    found: dict[str, type[msgspec.Struct]] = {}
    waiting = [part for one in types for part in _parts(one)]
    while waiting:
        for field in msgspec.structs.fields(waiting.pop()):
            for part in _parts(field.type):
                if part.__name__ not in found:
                    found[part.__name__] = part
                    waiting.append(part)
    return [found[name] for name in sorted(found)]


def _parts(of: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(of, type) and issubclass(of, msgspec.Struct):
        yield of
    for argument in get_args(of):
        yield from _parts(argument)


def _type(of: Any) -> str:
    arguments = get_args(of)
    match get_origin(of):
        case origin if origin is Literal:
            return " · ".join(f"`{value}`" for value in arguments)
        case origin if origin is Annotated:
            return _type(arguments[0])
        case _ if NoneType in arguments:
            return " or ".join(_type(one) for one in arguments if one is not NoneType)
        case origin if origin is tuple:
            return f"list of {_type(arguments[0])}"
        case origin if origin is not None and issubclass(origin, Mapping):
            return f"map of {_type(arguments[0])} to {_type(arguments[1])}"
        case _:
            pass
    if of in _SIMPLE:
        return _SIMPLE[of]
    if of is datetime:
        return "instant (UTC)"
    if isinstance(of, TypeVar):
        return "the event's fields"
    return f"[{of.__name__}](#{of.__name__.lower()})"
