"""The help of a command, all in one language: how it is written, what it does, its options."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from handheld.entrypoints.cli.render import Rows
from handheld.entrypoints.cli.words import TEXTS, placeholder
from handheld.entrypoints.cli.wrapping import Words

FENCE = "```"
"""Around an example in a help text, which is shown as it stands."""


def show_help(command: Any, ctx: Any) -> None:
    """Print the help of a command or of a group."""
    out = Console(markup=False, emoji=False, highlight=False)
    params = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    summaries = getattr(command, "summaries", None)
    usage = _usage(ctx.command_path, params, group=summaries is not None)
    out.print(Text(f"{_say('usage')}{usage}", style="bold"))
    for part in _parts(command.help or ""):
        out.print()
        out.print(part)
    arguments = [p for p in params if p.param_type_name == "argument"]
    options = [p for p in params if p.param_type_name == "option"]
    for key, found in (("arguments", arguments), ("options", options)):
        if found:
            _section(out, key, ((_names(param), _meaning(param)) for param in found))
    if summaries is not None:
        _section(out, "commands", ((name, _first(text)) for name, text in summaries()))


def _say(key: str, **params: object) -> str:
    return TEXTS.say(f"cli.shell.{key}", **params)


def _parts(text: str) -> Iterator[Padding]:
    """The paragraphs of a help text; what stands between fences keeps its lines."""
    for index, part in enumerate(text.split(FENCE)):
        if index % 2:
            _, _, body = part.partition("\n")
            yield Padding(body.rstrip(), (0, 0, 0, 2), expand=False)
        elif part.strip():
            yield Padding(Words(part.strip()), 0, expand=False)


def _first(text: str) -> str:
    return text.split("\n\n", 1)[0]


def _usage(path: str, params: list[Any], *, group: bool) -> str:
    words = [path, _say("option_metavar")]
    for param in params:
        if param.param_type_name == "argument":
            name = _metavar(param)
            words.append(name if param.required or name.startswith("[") else f"[{name}]")
        elif param.required:
            words.append(f"{param.opts[0]} {_metavar(param)}")
    return " ".join([*words, _say("metavar")] if group else words)


def _section(out: Console, key: str, rows: Iterator[tuple[str, str]]) -> None:
    made = Rows(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    made.add_column(style="cyan", no_wrap=True)
    made.add_column(overflow="fold")
    for name, meaning in rows:
        made.add_row(f"  {name}", meaning)
    out.print()
    out.print(Text(_say(key), style="bold"))
    out.print(made)


def _names(param: Any) -> str:
    if param.param_type_name == "argument":
        return _metavar(param)
    names = ", ".join([*param.opts, *param.secondary_opts])
    return names if param.is_flag else f"{names} {_metavar(param)}"


def _metavar(param: Any) -> str:
    return placeholder(param, TEXTS)


def _meaning(param: Any) -> str:
    said = [param.help or ""]
    if param.required and param.param_type_name == "option":
        said.append(_say("required"))
    default = param.default
    if isinstance(default, str | int | float | Path) and not isinstance(default, bool):
        said.append(_say("default", value=default))
    if param.envvar:
        said.append(_say("env", value=param.envvar))
    return " ".join(said)
