"""Every code that the program can raise or answer with, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import handheld
from handheld.domain.answers import Outcome
from handheld.domain.errors import HandheldError
from handheld.domain.task import Status as TaskStatus
from handheld.domain.task_force import Status as TaskForceStatus

SOURCE = Path(handheld.__file__).parent


def _errors() -> set[str]:
    """Our errors by name, from the source: which modules are loaded already must not matter."""
    bases: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {base.id for base in node.bases if isinstance(base, ast.Name)}
    found = {HandheldError.__name__}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return found


_ERRORS = _errors()
_ANSWERS = {
    "refused",
    "already_done",
    "overtaken",
    "Answer",
    "Opening",
    "Proposal",
    "Followed",
    "_of_changes",
}
_OPEN = {"task": get_args(TaskStatus), "task_force": get_args(TaskForceStatus)}


class Raised(NamedTuple):
    """A code, where it stands, and the values that come with it."""

    table: Literal["errors", "outcomes", "rows"]
    code: str
    params: frozenset[str] | None
    """None where they cannot be read from the source."""
    where: str


def raised() -> list[Raised]:
    found: list[Raised] = []
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                where = f"{path.relative_to(SOURCE)}:{node.lineno}"
                value = _of_outcome(node.value)
                if value is None and path.parent.name == "handlers":
                    value = node.value
                if value is not None:
                    found += [Raised("outcomes", c, frozenset(), where) for c in _codes(value)]
            if isinstance(node, ast.Return) and path.parent.name == "domain":
                where = f"{path.relative_to(SOURCE)}:{node.lineno}"
                found += [Raised("outcomes", c, frozenset(), where) for c in _chosen(node.value)]
            if isinstance(node, ast.Call):
                where = f"{path.relative_to(SOURCE)}:{node.lineno}"
                found += _of_call(node, where)
    return found


def _of_call(node: ast.Call, where: str) -> Iterator[Raised]:
    name, receiver = _name(node.func)
    given = {keyword.arg for keyword in node.keywords}
    params = None if None in given else frozenset(str(arg) for arg in given)
    arguments = list(node.args)
    if arguments and (name in _ERRORS or (name, receiver) == ("__init__", "super")):
        yield from (Raised("errors", code, params, where) for code in _codes(arguments[0]))
    elif name == "add" and len(arguments) == 3:
        yield from (Raised("rows", code, params, where) for code in _codes(arguments[2]))
    elif (
        name in ("end", "send_away") and len(arguments) >= 2
    ):  # a connection, with the reason that it is told
        yield from (Raised("errors", code, params, where) for code in _codes(arguments[1]))
    elif name in _ANSWERS:
        for argument in arguments:
            for code in _codes(argument):
                yield Raised("outcomes", code, frozenset(), where)


def _chosen(value: ast.expr | None) -> list[str]:
    """The codes in `return "warning.cancelled" if ended else "warning.expired"`."""
    if not isinstance(value, ast.IfExp):
        return []
    return [*_codes(value.body), *_codes(value.orelse)]


def _of_outcome(value: ast.expr) -> ast.expr | None:
    """The code in `outcome, code = "refused", "task_force.tasks_open"`."""
    if not isinstance(value, ast.Tuple) or len(value.elts) != 2:
        return None
    outcome, code = value.elts
    named = isinstance(outcome, ast.Constant) and outcome.value in get_args(Outcome)
    return code if named else None


def _name(function: ast.expr) -> tuple[str, str]:
    if isinstance(function, ast.Name):
        return function.id, ""
    if isinstance(function, ast.Attribute):
        inner = function.value
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            return function.attr, inner.func.id
        return function.attr, ""
    return "", ""


def _codes(node: ast.expr) -> list[str]:
    """A code as written, or all that an f-string such as `task.{status}` can become."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        plain = "." in node.value and " " not in node.value and not node.value.endswith(".db")
        return [node.value] if plain or node.value in ("internal", "interrupted") else []
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        kind = str(node.values[0].value).removesuffix(".")
        return [f"{kind}.{status}" for status in _OPEN.get(kind, ())]
    return []
