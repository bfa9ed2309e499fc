"""The list of commands, as `handheld --help` and its commands' help have them, in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

_HEAD = """\
# Commands

`handheld` on the command line, as its own help has it; made by `make docs`. Help, words and errors are
Chinese or English: `--lang`, else `HANDHELD_LANG`, else the system's language, else Chinese. With `--json`
a command writes one JSON value on standard output and nothing else, for scripts. An
[error](errors.md) says what is wrong and what to do.

Exit codes: 0, it is done, or was already; 1, it failed or was refused; 2, the command line is wrong; 130,
interrupted.
"""


def page() -> str:
    """The list of commands. The help must have been asked for in English (`HANDHELD_LANG`)."""
    # Only here: the help takes its language from the environment when it is imported.
    from handheld.entrypoints.cli.app import app

    parts = [_HEAD]
    for depth, path, command in _walk(typer.main.get_command(app), "handheld"):
        parts.append(_command(depth, path, command))
    return "\n".join(parts)


def commands() -> list[str]:
    """Every command and group by its full name."""
    from handheld.entrypoints.cli.app import app

    return [path for _, path, _ in _walk(typer.main.get_command(app), "handheld")]


def _walk(command: Any, path: str, depth: int = 2) -> Iterator[tuple[int, str, Any]]:
    yield depth, path, command
    for name, child in getattr(command, "commands", {}).items():
        if not child.hidden:
            yield from _walk(child, f"{path} {name}", min(depth + 1, 4) if depth > 2 else 3)


def _command(depth: int, path: str, command: Any) -> str:
    shown = [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]
    parts = [f"{'#' * depth} {path}\n"]
    if command.help:
        parts.append(command.help.strip() + "\n")
    if not hasattr(command, "commands"):
        parts.append(f"```text\n{_usage(path, shown)}\n```\n")
    if shown:
        rows = [f"| {_cell(_names(param))} | {_cell(_meaning(param))} |" for param in shown]
        parts.append("\n".join(["| | |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _usage(path: str, params: list[Any]) -> str:
    words = [path]
    for param in params:
        if param.param_type_name == "argument":
            name = _metavar(param)
            words.append(name if param.required or name.startswith("[") else f"[{name}]")
        elif param.required:
            words.append(f"{param.opts[0]} {_metavar(param)}")
    if any(p.param_type_name == "option" and not p.required for p in params):
        words.insert(1, "[OPTIONS]")
    return " ".join(words)


def _names(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{_metavar(param)}`"
    names = "`, `".join([*param.opts, *param.secondary_opts])
    return f"`{names}`" if param.is_flag else f"`{names}` {_metavar(param)}"


def _metavar(param: Any) -> str:
    return str(param.metavar or param.name.upper())


def _meaning(param: Any) -> str:
    said = [(param.help or "").strip()]
    if param.required and param.param_type_name == "option":
        said.append("Required.")
    if getattr(param, "multiple", False) and "several times" not in said[0]:
        said.append("May be given several times.")
    default = param.default
    if isinstance(default, (str, int, float, Path)) and not isinstance(default, bool):
        said.append(f"Default: `{default}`.")
    if param.envvar:
        variables = [param.envvar] if isinstance(param.envvar, str) else param.envvar
        said.append("Environment: " + ", ".join(f"`{v}`" for v in variables) + ".")
    return " ".join(word for word in said if word)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
