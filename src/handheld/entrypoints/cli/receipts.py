"""What became of a command, for people and for scripts."""

from __future__ import annotations

import typer
from rich.text import Text

from handheld.application.requests import Receipt
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.errors import FAILED
from handheld.entrypoints.cli.render import clean

STYLES = {
    "accepted": "bold green",
    "already_done": "bold",
    "overtaken": "bold yellow",
    "refused": "bold red",
}


def receipt_fields(receipt: Receipt | None, **ids: str | None) -> dict[str, object]:
    """The receipt for scripts; nothing where no command was carried out."""
    if receipt is None:
        return {}
    return {
        "outcome": receipt.outcome,
        "code": receipt.code,
        "first": receipt.first,
        "last": receipt.last,
        "recorded_at": receipt.recorded_at,
        "repeated": receipt.repeated,
        **ids,
    }


def report(session: Session, receipt: Receipt, **ids: str | None) -> None:
    """Say what became of it.

    Raises typer.Exit (1) where it was refused: a script must not go on as if it had been done.
    """
    if session.as_json:
        session.json(receipt_fields(receipt, **ids))
    else:
        _say(session, receipt)
    if receipt.outcome == "refused":
        raise typer.Exit(FAILED)


def _say(session: Session, receipt: Receipt) -> None:
    texts = session.texts
    # What went wrong goes where errors go, so that a pipe does not swallow it.
    console = session.err if receipt.outcome == "refused" else session.out
    line = Text(texts.answer(receipt.outcome), style=STYLES[receipt.outcome])
    line.append(f"  {texts.time(receipt.recorded_at)}", style="dim")
    console.print(line, soft_wrap=True)
    if receipt.code is not None:
        explained = texts.outcome(receipt.code, {})
        console.print(clean(explained.wrong), soft_wrap=True)
        console.print(texts.say("cli.todo") + clean(explained.todo), soft_wrap=True)
