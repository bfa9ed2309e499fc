"""Commands that are shown to be typed as they stand."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

import typer

from handheld.entrypoints.cli.context import Session

ID_WIDTH = 40
"""Columns of an id such as `warning-…`: one that is broken over two lines cannot be copied."""


def typed(session: Session, words: Iterable[str]) -> str:
    """The command, on the data directory of this one."""
    program = ["handheld"]
    data = str(session.data)
    told = session.configuration
    if told is not None and told.file_flag is not None:
        program += ["--config", str(told.file_flag)]
    if told is None or data != str(told.usual_data()):
        program += ["--data", data]
    return shlex.join([*program, *words])


def again(session: Session, ctx: typer.Context, **other: str) -> str:
    """The command of this run, with other values of some options."""
    words = ctx.command_path.split()[1:]
    values = {**ctx.params, **other}
    arguments: list[str] = []
    for param in ctx.command.params:
        value = values.get(param.name or "")
        if param.param_type_name == "argument":
            arguments += _texts(value)
        elif value is True:
            words.append(param.opts[0])
        elif value is not None and value is not False and value != param.default:
            for text in _texts(value):
                words += [param.opts[0], text]
    return typed(session, [*words, *arguments])


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
