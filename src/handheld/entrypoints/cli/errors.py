"""Errors as people read them: one line what is wrong, one line what to do; never a stack trace."""

from __future__ import annotations

import os
import traceback

from rich.text import Text

from handheld import __version__
from handheld.application.importing import ImportRefused
from handheld.domain.errors import HandheldError, Installation, Malformed
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.finding_words import desk_name
from handheld.entrypoints.cli.render import clean, table
from handheld.texts import Explained

DEBUG = "HANDHELD_DEBUG"

_NAMED = {"start.ask": "division", "finding.not_your_desk": "desk"}
"""Errors met by people who know places by name: which value is one."""

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
    explained = session.texts.error(known.code, _named(session, known))
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


def misuse(error: Exception, command: str) -> Malformed:
    """What typer found wrong with the command line, as one of ours.

    Its classes are not public, so their names and attributes are what there is to go by.
    """
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = str(getattr(error, "option_name", "") or "")
    if parameter is not None:
        name = parameter.opts[0] if parameter.param_type_name == "option" else ""
        name = name or str(parameter.metavar or parameter.name).strip("[]")
        # A choice of two has an option for each: --satisfied and --dissatisfied.
        name = "/".join((name, *getattr(parameter, "secondary_opts", ())))
        least = getattr(parameter, "min", None)
        most = getattr(parameter, "max", None)
        if kind == "BadParameter" and least is not None:
            about = {"name": name, "least": least, "command": command}
            if most is not None:
                return Malformed("usage.range", most=most, **about)
            return Malformed("usage.least", **about)
    codes = {"MissingParameter": "missing", "BadParameter": "value", "NoSuchOption": "option"}
    if not name:
        name = str(getattr(error, "message", "")) or kind
    return Malformed(f"usage.{codes.get(kind, 'other')}", name=name, command=command)


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
    for line, column, code, params in refused.errors:
        explained = texts.row_error(code, params)
        what = Text(clean(explained.wrong)).append(f" {clean(explained.todo)}", style="dim")
        rows.add_row(str(line), texts.field(column), what)
    session.err.print(rows)
    if refused.total > len(refused.errors):
        shown = texts.say("cli.import.first", shown=len(refused.errors), count=refused.total)
        session.err.print(shown, soft_wrap=True)


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
                **session.texts.row_error(code, params)._asdict(),
            }
            for line, column, code, params in known.errors
        ]
    return found


def _plain(value: object) -> object:
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
