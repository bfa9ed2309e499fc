"""Values of a command line, taken as they were typed.

typer makes a pydantic validator for every one of them, and to load pydantic takes longer than most
commands. So texts, paths and whole numbers, and what stands there already, are taken as they are;
all else, what is wrong included, goes typer's way.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from typer.core import TyperArgument, TyperOption


def taken_as_typed(params: Iterable[Any]) -> None:
    """Let these parameters of a command take their values as they were typed."""
    for param in params:
        param.__class__ = _KINDS[type(param)]


class _Option(TyperOption):
    def process_value(self, ctx: Any, value: Any) -> Any:
        taken = _taken(self, value)
        return super().process_value(ctx, value) if taken is _OTHER else _told(self, ctx, taken)


class _Argument(TyperArgument):
    def process_value(self, ctx: Any, value: Any) -> Any:
        taken = _taken(self, value)
        return super().process_value(ctx, value) if taken is _OTHER else _told(self, ctx, taken)


_KINDS: dict[type, type] = {
    TyperOption: _Option,
    _Option: _Option,
    TyperArgument: _Argument,
    _Argument: _Argument,
}

_OTHER = object()
"""For what is to go typer's way."""


def _taken(param: _Option | _Argument, typed: Any) -> Any:
    value = _plain(param, typed)
    return _OTHER if param.required and param.value_is_missing(value) else value


def _told(param: _Option | _Argument, ctx: Any, value: Any) -> Any:
    return value if param.callback is None else param.callback(ctx, param, value)


def _plain(param: _Option | _Argument, typed: Any) -> Any:
    wanted = param.type_descriptor.annotation
    several = param.multiple or param.nargs == -1
    if typed is None:
        return () if several else None
    if several:
        return list(typed) if wanted == list[str] and _texts(typed) else _OTHER
    if wanted is Path and isinstance(typed, str | Path):
        path = Path(typed)
        return _OTHER if path.exists() and not os.access(path, os.R_OK) else path
    if wanted is int and isinstance(typed, str) and typed.isascii() and typed.isdigit():
        about, number = param.type_descriptor.parameter_info, int(typed)
        below = about.min is not None and number < about.min
        above = about.max is not None and number > about.max
        return _OTHER if below or above else number
    return typed if isinstance(wanted, type) and isinstance(typed, wanted) else _OTHER


def _texts(typed: Any) -> bool:
    return isinstance(typed, list | tuple) and all(isinstance(text, str) for text in typed)
