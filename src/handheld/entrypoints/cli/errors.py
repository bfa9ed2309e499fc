"""Errors as people read them: one line what is wrong, one line what to do; never a stack trace."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Mapping
from typing import Any

from rich.text import Text

from handheld import __version__
from handheld.application.importing import ImportRefused
from handheld.domain.errors import HandheldError, Installation, Malformed
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.finding_words import desk_name
from handheld.entrypoints.cli.meant import ROWS
from handheld.entrypoints.cli.render import clean, number, table
from handheld.entrypoints.cli.words import placeholder
from handheld.texts import Explained, Texts

DEBUG = "HANDHELD_DEBUG"

_NAMED = {"start.ask": "division", "finding.not_your_desk": "desk"}
"""Errors met by people who know places by name: which value is one."""

_EXTRA = re.compile(r"unexpected extra argument\(?s?\)? \((.*)\)")

FAILED = 1
MISUSED = 2
INTERRUPTED = 130


def present(session: Session, error: BaseException) -> int:
    """Say what went wrong; gives the exit code."""
    if os.environ.get(DEBUG):
        session.err.print("".join(traceback.format_exception(error)), soft_wrap=True)
    known = as_known(session, error)
    if known is None:
        return _unexpected(session, error)
    explained = _with_near(session, session.texts.error(known.code, _named(session, known)), known)
    option = session.texts.named("cli.options", known.code, "")
    if option:
        explained = Explained(explained.wrong, f"{explained.todo} {option}")
    _lines(session, explained)
    if isinstance(known, ImportRefused):
        _rows(session, known)
    if session.as_json:
        session.json({"error": _machine(session, known, explained)})
    return MISUSED if known.code.startswith("usage.") else FAILED


def _named(session: Session, known: HandheldError) -> dict[str, object]:
    """What an error tells, with names beside the codes of divisions and departments."""
    found = dict(known.params)
    name = _NAMED.get(known.code, "")
    told = found.get(name)
    if isinstance(told, str) and session.known is not None:
        found[name] = desk_name(told, session.known)
    return found


def _with_near(
    session: Session, explained: Explained, params: HandheldError | Mapping[str, object]
) -> Explained:
    """What to do, with what may have been meant before it."""
    given = params.params if isinstance(params, HandheldError) else params
    found = given.get("near")
    if not isinstance(found, list):
        return explained
    texts = session.texts
    said = [texts.say("cli.near_one", key=near.key, name=near.name) for near in found]
    near = texts.say("cli.near", near=texts.say("cli.list_comma").join(said))
    return Explained(explained.wrong, near + explained.todo)


def as_known(session: Session, error: BaseException) -> HandheldError | None:
    """The error as one of ours; None where nobody foresaw it."""
    if isinstance(error, HandheldError):
        return error
    if isinstance(error, PermissionError):
        return Installation("data.no_permission", path=str(error.filename or session.data))
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return Installation("data.io", path=str(error.filename or session.data), reason=reason)
    return None


def misuse(error: Exception, command: str, texts: Texts) -> Malformed:
    """What typer found wrong with the command line, as one of ours.

    Its classes are not public, so their names, attributes and words are what there is to go by.
    """
    kind = type(error).__name__
    said = str(getattr(error, "message", "")) or kind
    parameter = getattr(error, "param", None)
    if parameter is not None:
        return _misused_parameter(kind, parameter, command, texts)
    name = str(getattr(error, "option_name", "") or "")
    if name:
        near = texts.say("cli.list_comma").join(getattr(error, "possibilities", None) or ())
        if kind == "NoSuchOption":
            if near:
                return Malformed("usage.option_near", name=name, near=near, command=command)
            return Malformed("usage.option", name=name, command=command)
        if "does not take" in said:
            return Malformed("usage.flag", name=name, command=command)
        return Malformed("usage.no_value", name=name, command=command)
    extra = _EXTRA.search(said)
    if extra is not None:
        return Malformed("usage.extra", name=extra[1], command=command)
    return Malformed("usage.other", name=said, command=command)


def _misused_parameter(kind: str, parameter: Any, command: str, texts: Texts) -> Malformed:
    """A value is missing, or is not what this option or argument takes."""
    name = parameter.opts[0] if parameter.param_type_name == "option" else ""
    name = name or placeholder(parameter, texts).strip("[]")
    # A choice of two has an option for each: --satisfied and --dissatisfied.
    name = "/".join((name, *getattr(parameter, "secondary_opts", ())))
    about = {"name": name, "command": command}
    if kind == "MissingParameter":
        return Malformed("usage.missing", **about)
    least, most = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if least is not None and most is not None:
        return Malformed("usage.range", least=least, most=most, **about)
    if least is not None:
        return Malformed("usage.least", least=least, **about)
    if isinstance(parameter.default, int) or "int" in str(parameter.type).lower():
        return Malformed("usage.whole", **about)
    return Malformed("usage.value", **about)


def _lines(session: Session, explained: Explained) -> None:
    texts = session.texts
    wrong = Text(clean(explained.wrong), style="bold red")
    session.err.print(wrong, soft_wrap=True)
    todo = Text(texts.say("cli.todo"), style="bold")
    session.err.print(todo.append(clean(explained.todo), style="default"), soft_wrap=True)


def _rows(session: Session, refused: ImportRefused) -> None:
    texts = session.texts
    head = [texts.say(f"cli.head.{key}") for key in ("line", "column", "wrong")]
    rows = table(*head, title=texts.say("cli.import.errors", count=refused.total), right=(0,))
    shown = refused.errors[:ROWS]
    for line, column, code, params in shown:
        explained = _with_near(session, texts.row_error(code, params), params)
        what = Text(clean(explained.wrong)).append(f" {clean(explained.todo)}", style="dim")
        rows.add_row(str(line), texts.field(column), what)
    session.err.print(rows)
    if refused.total > len(shown):
        first = texts.say("cli.import.first", shown=len(shown), count=number(refused.total))
        session.err.print(first, soft_wrap=True)


def _machine(session: Session, known: HandheldError, explained: Explained) -> dict[str, object]:
    found: dict[str, object] = {
        "code": known.code,
        "params": {name: _plain(value) for name, value in known.params.items()},
        "wrong": explained.wrong,
        "todo": explained.todo,
    }
    if isinstance(known, ImportRefused):
        found["total"] = known.total
        found["rows"] = [
            {
                "line": line,
                "column": column,
                "code": code,
                "params": {name: _plain(value) for name, value in params.items()},
                **_with_near(session, session.texts.row_error(code, params), params)._asdict(),
            }
            for line, column, code, params in known.errors
        ]
    return found


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [near.key for near in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _unexpected(session: Session, error: BaseException) -> int:
    texts = session.texts
    kind = type(error).__name__
    wrong = texts.say("cli.unexpected.wrong", kind=kind)
    todo = [
        texts.say("cli.unexpected.log", path=session.data / "log.db"),
        texts.say("cli.unexpected.report", version=__version__),
    ]
    _lines(session, Explained(wrong, " ".join(todo)))
    if session.as_json:
        params = {"error": kind}
        session.json(
            {"error": {"code": "unexpected", "params": params, "wrong": wrong, "todo": todo}}
        )
    return FAILED
