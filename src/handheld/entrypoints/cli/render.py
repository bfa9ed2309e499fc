"""Tables and lines that look alike everywhere, at 80 columns, in both languages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from handheld.application.telling.lines import clean, number, one_line
from handheld.entrypoints.cli.wrapping import Words

__all__ = [
    "STATE_STYLES",
    "Rows",
    "clean",
    "facts",
    "number",
    "one_line",
    "share",
    "stacked",
    "table",
]

WIDTH = 79
"""Columns that everything fits into."""

STATE_STYLES = {
    "waiting": "bold red",
    "in_progress": "yellow",
    "to_verify": "cyan",
    "closed": "green",
    "declined": "magenta",
    "withdrawn": "dim",
}


class Rows(Table):
    """A table whose words are broken where Chinese may be broken."""

    def add_row(self, *cells: RenderableType | None, **about: Any) -> None:
        """One more row."""
        words = (Words.of(cell) if isinstance(cell, str | Text) else cell for cell in cells)
        super().add_row(*words, **about)


def table(*heads: str, title: str | None = None, right: Collection[int] = ()) -> Table:
    """An empty table; the columns numbered in `right` hold numbers."""
    made = Rows(
        title=None if title is None else Text(clean(title), style="bold"),
        title_justify="left",
        min_width=_room(title),
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        header_style="bold",
    )
    for index, head in enumerate(heads):
        number = index in right
        made.add_column(
            head,
            justify="right" if number else "left",
            overflow="fold",
            no_wrap=False,
        )
    return made


def facts(rows: Iterable[tuple[str, str]], title: str | None = None) -> Table:
    """Names and values, a line each; empty values are left out."""
    made = Rows(
        title=None if title is None else Text(clean(title), style="bold"),
        title_justify="left",
        min_width=_room(title),
        box=None,
        show_header=False,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in rows:
        if value:
            made.add_row(name, clean(value))
    return made


def _room(title: str | None) -> int | None:
    """A title wraps at the width of its table, so a narrow table is made as wide as its title."""
    return None if title is None else min(cell_len(clean(title)), WIDTH)


def share(part: int, whole: int) -> str:
    """A rounded percentage that is 100% only where all of them are meant, and 0% only for none."""
    if not whole:
        return "-"
    tenths = (part * 2000 + whole) // (whole * 2)
    if tenths >= 1000 and part < whole:
        tenths = 999
    return "<0.1%" if part and not tenths else f"{tenths / 10:.1f}%"


def stacked(time: str) -> str:
    """A date and time on two lines, to leave room for words beside it."""
    return time.replace(" ", "\n", 1)
