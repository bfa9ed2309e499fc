"""`handheld warning receive` and `warning watch`: CAP messages from files and from a folder."""

from __future__ import annotations

from collections.abc import Iterable
from os import stat_result
from pathlib import Path
from time import sleep
from typing import Annotated, NamedTuple

import typer
from rich.text import Text

import handheld.entrypoints.cli.arguments as arguments
from handheld.adapters.cap import read_cap
from handheld.application.requests import Receipt
from handheld.bootstrap import Home
from handheld.domain.cap_reading import from_cap, is_drill
from handheld.domain.errors import (
    Busy,
    Contended,
    DataInUse,
    HandheldError,
    Installation,
    Malformed,
    WriterStopped,
)
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.errors import FAILED
from handheld.entrypoints.cli.options import As, Json
from handheld.entrypoints.cli.reading import read_bytes
from handheld.entrypoints.cli.receipts import STYLES, receipt_fields
from handheld.entrypoints.cli.render import clean
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.warning_shown import lines_of, show_proposals
from handheld.entrypoints.cli.words import help_text

OURS = (Installation, WriterStopped, Busy, Contended)
"""What is wrong with the program or the disk, not with a message: nothing more is read then."""


class Answered(NamedTuple):
    """What became of one message."""

    name: str
    receipt: Receipt | None
    warnings: tuple[str, ...]
    error: HandheldError | None = None

    @property
    def failed(self) -> bool:
        """Whether it was not taken in, and somebody has to look."""
        return self.error is not None or (
            self.receipt is not None and self.receipt.outcome == "refused"
        )

    @property
    def known(self) -> bool:
        """Whether it had come before."""
        return self.receipt is not None and self.receipt.code == "warning.received"


def register(commands: typer.Typer) -> None:
    """Add the commands to `handheld warning`."""
    command(commands, "receive", "warning.receive")(receive)
    command(commands, "watch", "warning.watch")(watch)


def receive(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help=help_text("warning.files"))
    ],
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Take CAP messages in."""
    session = session_of(ctx, as_json)
    with session.home() as home:
        found = [_take(session, home, path, actor) for path in files]
        _react_and_show(session, home, found)
    if session.as_json:
        session.json([_machine(session, answered) for answered in found])
    if any(answered.failed for answered in found):
        raise typer.Exit(FAILED)


def watch(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=help_text("warning.folder"))],
    every: Annotated[
        float, typer.Option("--every", min=0.1, metavar="SECONDS", help=help_text("warning.every"))
    ] = 2.0,
    actor: As = arguments.OPERATOR,
    as_json: Json = False,
) -> None:
    """Take each new CAP message of a folder in, until Ctrl-C."""
    session = session_of(ctx, as_json)
    if not folder.is_dir():
        raise Malformed("file.not_a_folder", path=str(folder))
    session.data.stat()
    seen: dict[Path, tuple[int, int]] = {}
    taken: dict[Path, tuple[int, int]] = {}
    count, told = 0, False
    session.say("warnings.watching", folder=str(folder))
    try:
        while True:
            now = {path: _mark(path.stat()) for path in sorted(folder.glob("*.xml"))}
            # A file that still grows is left until it has stayed as it is for one round.
            new = [p for p, mark in now.items() if seen.get(p) == mark and taken.get(p) != mark]
            seen = now
            if new:
                try:
                    count += _round(session, new, actor)
                    taken |= {path: now[path] for path in new}
                    told = False
                except DataInUse:
                    if not told:  # once: another command works on the directory just now
                        session.say("warnings.waits")
                    told = True
            sleep(every)
    except KeyboardInterrupt:
        session.say("warnings.watched", count=count)


def _mark(found: stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _round(session: Session, paths: Iterable[Path], actor: str) -> int:
    """Take these files in, and let the data directory go for others; how many were new."""
    with session.home() as home:
        found = [_take(session, home, path, actor, quiet=True) for path in paths]
        _react_and_show(session, home, found)
        if session.as_json:
            for answered in found:
                session.json(_machine(session, answered))
    return sum(answered.receipt is not None and not answered.known for answered in found)


def _take(session: Session, home: Home, path: Path, actor: str, *, quiet: bool = False) -> Answered:
    """One message. What is wrong with it is said, and the next one goes on."""
    name = session.texts.say("cli.warnings.stdin") if str(path) == "-" else str(path)
    try:
        answered = _read(session, home, path, actor, name)
    except OURS:
        raise
    except HandheldError as error:
        answered = Answered(name, None, (), error)
    if not session.as_json and not (quiet and answered.known):
        _say(session, answered)
    return answered


def _read(session: Session, home: Home, path: Path, actor: str, name: str) -> Answered:
    alert = read_cap(read_bytes(path))
    wanted = from_cap(alert, session.organisation(home), (session.texts.language, "zh", "en"))
    receipt = session.execute(home, wanted, actor, drill=is_drill(alert))
    warnings: tuple[str, ...] = ()
    if receipt.first is not None and receipt.last is not None:
        rows = home.log.read_positions(range(receipt.first, receipt.last + 1))
        warnings = tuple(dict.fromkeys(row[1] for row in rows))
    return Answered(name, receipt, warnings)


def _say(session: Session, answered: Answered) -> None:
    """One line a message: its file, what became of it, which warning; beneath, what to do."""
    texts = session.texts
    console = session.err if answered.failed else session.out
    if answered.error is not None:
        explained = texts.error(answered.error.code, answered.error.params)
        line = Text(f"{answered.name}  ").append(clean(explained.wrong), style="bold red")
    else:
        receipt = answered.receipt
        if receipt is None:
            return
        line = Text(f"{answered.name}  ")
        line.append(texts.answer(receipt.outcome), style=STYLES[receipt.outcome])
        for warning in answered.warnings:
            line.append(f"  {warning}")
        if receipt.code is None:
            console.print(line, soft_wrap=True)
            return
        explained = texts.outcome(receipt.code, {})
        line.append(f"  {clean(explained.wrong)}")
    console.print(line, soft_wrap=True)
    console.print(f"  {texts.say('cli.todo')}{clean(explained.todo)}", soft_wrap=True)


def _react_and_show(session: Session, home: Home, found: Iterable[Answered]) -> None:
    """Let plans answer what came in, and show the starts that are ready."""
    home.react()
    session.catch_up(home)
    if session.as_json:
        return
    for line in lines_of(home, dict.fromkeys(w for a in found for w in a.warnings)):
        session.say(
            "warnings.came",
            level=session.texts.say(f"warning_levels.{line.level}"),
            headline=clean(line.headline),
            warning=line.warning,
        )
        show_proposals(session, home, line)


def _machine(session: Session, answered: Answered) -> dict[str, object]:
    found: dict[str, object] = {"file": answered.name, "warnings": answered.warnings}
    if answered.error is not None:
        explained = session.texts.error(answered.error.code, answered.error.params)
        return {**found, "error": {"code": answered.error.code, **explained._asdict()}}
    return {**found, **receipt_fields(answered.receipt)}
