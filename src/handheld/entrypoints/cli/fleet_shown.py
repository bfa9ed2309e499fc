"""A fleet on a terminal: its figures as they grow, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from rich.live import Live
from rich.table import Table

from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.render import facts, number
from handheld.entrypoints.fleet.figures import Summary

SHOWN = (
    "connected",
    "items",
    "tasks",
    "accepted",
    "reported",
    "declined",
    "overtaken",
    "drops",
    "storms",
)
SUMMED = ("repeated", "said_twice", "lost_items", "lost_commands", "doubled", "unreached")


@contextmanager
def live(session: Session) -> Generator[Callable[[Any], None]]:
    """The figures as they grow, on stderr; only on a terminal."""
    if session.as_json or not session.err.is_terminal:
        yield lambda _: None
        return
    with Live(console=session.err, transient=True, auto_refresh=False) as shown:

        def told(figures: Any) -> None:
            shown.update(table(session, figures), refresh=True)

        yield told


def table(session: Session, told: Any, more: tuple[str, ...] = ()) -> Table:
    """Figures, or a summary: what it has of `SHOWN`, and `more`."""
    rows = [(one, getattr(told, one, None)) for one in (*SHOWN, *more)]
    return facts(
        (session.texts.say(f"cli.fleet.{name}"), number(value))
        for name, value in rows
        if value is not None
    )


def tell(session: Session, summary: Summary) -> None:
    """What came of it."""
    if session.as_json:
        session.json(summary)
        return
    session.show(table(session, summary, SUMMED))
    for code, count in sorted(summary.failed.items()):
        why = session.texts.error(code, {}).wrong
        session.say("fleet.failed", count=number(count), why=why)
    session.say("fleet.right" if summary.right else "fleet.wrong")
