"""`handheld config show`: every setting, its value, and where that comes from."""

from __future__ import annotations

import typer

from handheld.config import Entry, secrets_masked
from handheld.entrypoints.cli.configuring import ServerFlags
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.render import table
from handheld.entrypoints.cli.shell import command, group
from handheld.texts import Texts


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("config")
    command(commands, "show", "config.show")(show)
    app.add_typer(commands, name="config")


def show(ctx: typer.Context, flags: ServerFlags, as_json: Json = False) -> None:
    """Show the settings."""
    session = session_of(ctx, as_json)
    told = session.configured()
    entries = told.with_flags(flags).entries
    if as_json:
        file = None if told.file is None else str(told.file.path)
        session.json({"file": file, "settings": secrets_masked(entries)})
        return
    texts = session.texts
    made = table(*(texts.say(f"cli.config.{head}") for head in ("setting", "value", "origin")))
    for entry in entries:
        origin = texts.say(f"cli.config.source.{entry.origin.source}", name=entry.origin.name)
        made.add_row(entry.setting.key, _value(entry, texts), origin)
    session.show(made)
    if told.file is None:
        session.say("config.no_file")
    else:
        session.say("config.file", path=told.file.path)


def _value(entry: Entry, texts: Texts) -> str:
    shown = entry.shown
    if isinstance(shown, list):
        shown = "\n".join(map(str, shown))
    return texts.say("cli.config.unset") if shown is None or shown == "" else str(shown)
