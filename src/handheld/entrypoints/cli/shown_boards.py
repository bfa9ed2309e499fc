"""`handheld board --shown`: what was on the screens then, compared with what the log gives."""

from __future__ import annotations

from datetime import datetime

import msgspec
from rich.text import Text

from handheld.application.reading.board_wanted import Wanted
from handheld.application.shown import Shown
from handheld.bootstrap import Home
from handheld.domain.seeing import Viewer
from handheld.entrypoints.cli.arguments import OPERATOR
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import number, table

STYLES = {"identical": "green", "different": "bold red"}


def show_shown(session: Session, home: Home, wanted: Wanted, time: datetime) -> None:
    """What was shown of a board at a time, a row for each window and each part."""
    found = home.board_desk.shown_at(Viewer(OPERATOR), wanted, time)
    if session.as_json:
        session.json({"at": time, "shown": msgspec.to_builtins(found)})
        return
    texts = session.texts
    said = texts.time(time)
    if not found:
        session.say("shown.none", time=said)
        return
    heads = [texts.say(f"cli.shown.head.{key}") for key in ("shown", "window", "position")]
    heads.append(texts.say("cli.shown.head.verdict"))
    made = table(*heads, title=texts.say("cli.shown.title", time=said), right=(2,))
    for one in found:
        verdict = texts.say(f"cli.shown.verdict.{one.verdict}")
        words = Text(verdict, style=STYLES.get(one.verdict, "yellow"))
        words.append(f"\n{one.digest}", style="dim")
        made.add_row(
            texts.time(one.shown_at).replace(" ", "\n"),
            _window(session, one),
            number(one.position),
            words,
        )
    session.show(made)


def _window(session: Session, one: Shown) -> str:
    texts, rows = session.texts, one.wanted.rows
    if rows is None:
        said = texts.say("cli.shown.no_rows")
    else:
        key = "rows_late" if rows.late else "rows"
        said = texts.say(f"cli.shown.{key}", first=rows.offset + 1, limit=rows.limit)
    if one.parts is None:
        return said
    parts = texts.say("cli.list_comma").join(one.parts)
    return f"{said}\n{texts.say('cli.shown.parts', parts=parts)}"
