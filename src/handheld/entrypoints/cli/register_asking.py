"""What all registers are asked for: words, territory, states, time, a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, NamedTuple, cast, get_args

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.bootstrap import Home
from handheld.domain.errors import Malformed
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.words import TEXTS, help_text
from handheld.texts import LANGUAGES, Texts
from handheld_events.orders import Level

Words = Annotated[
    list[str] | None, typer.Argument(metavar="[WORDS]...", help=help_text("register.words"))
]
Division = Annotated[
    str | None, typer.Option("--division", metavar="CODE", help=help_text("register.division"))
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help=help_text("register.since"))
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help=help_text("register.until"))
]
Drills = Annotated[bool, typer.Option("--drills", help=help_text("register.drills"))]
PageSize = Annotated[int, typer.Option("--limit", help=help_text("register.limit"))]
Cursor = Annotated[
    str | None, typer.Option("--cursor", metavar="CURSOR", help=help_text("register.cursor"))
]
States = Annotated[
    list[str] | None, typer.Option("--state", metavar="STATE", help=help_text("register.state"))
]
TaskForceOption = Annotated[
    str | None,
    typer.Option("--task-force", metavar="TASK_FORCE", help=help_text("common.task_force")),
]
DepartmentOption = Annotated[
    str | None, typer.Option("--department", metavar="KEY", help=help_text("register.department"))
]
PersonOption = Annotated[
    str | None, typer.Option("--person", metavar="PERSON", help=help_text("common.person"))
]


class Wanted(NamedTuple):
    """What is searched for, and where: options of a command."""

    words: Words = None
    division: Division = None
    state: States = None


class Window(NamedTuple):
    """From when, and which page: options of a command."""

    since: Since = None
    until: Until = None
    drills: Drills = False
    limit: PageSize = 50
    cursor: Cursor = None


StateTable = Literal["states", "statuses", "finding_states", "warning_statuses", "sources"]


def common(session: Session, home: Home, wanted: Wanted, window: Window) -> dict[str, Any]:
    """What every query but that for people has, apart from the states. Raises Malformed, NotFound."""
    organisation, now = session.organisation(home), home.clock.now()
    code = wanted.division
    return {
        "words": " ".join(wanted.words or ()),
        "division": None if code is None else arguments.known_division(code, organisation),
        "since": arguments.moment(window.since, now),
        "until": arguments.moment(window.until, now),
        "drill": window.drills,
        "limit": window.limit,
        "cursor": window.cursor,
    }


def levels(given: Iterable[str] | None) -> tuple[Level, ...]:
    """Response levels. Raises Malformed (`usage.level`)."""
    found: list[Level] = []
    for text in given or ():
        level = arguments.level(text)
        if level is not None:
            found.append(level)
    return tuple(found)


def keys(table: StateTable, given: Iterable[str] | None, known: object) -> tuple[Any, ...]:
    """Keys that were given as such or by their names. Raises Malformed (`usage.one_of`)."""
    all_keys = cast(tuple[str, ...], get_args(known))
    found = []
    for text in given or ():
        names = {Texts(lang).say(f"{table}.{key}"): key for lang in LANGUAGES for key in all_keys}
        wanted = text.strip()
        # People say 办结 of what the lists call 已办结.
        said = names.get(wanted) or names.get(f"已{wanted}")
        key = said or wanted.replace(" ", "_").replace("-", "_")
        if key not in all_keys:
            raise Malformed("usage.one_of", text=text, known=_known(table, all_keys))
        found.append(key)
    return tuple(found)


def _known(table: str, keys: Iterable[str]) -> str:
    """The keys with their names in the language that is used."""
    named = ((TEXTS.say(f"{table}.{key}"), key) for key in keys)
    return TEXTS.say("cli.list_comma").join(f"{name} ({key})" for name, key in named)
