"""Lines broken where Chinese may be broken: between characters, and never before a comma.

The terminal library breaks at spaces only, and a sentence without any is cut anywhere: in the middle
of a number, before a full stop.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console, JustifyMethod, OverflowMethod
from rich.containers import Lines
from rich.text import Text

NOT_FIRST = "，。、；：？！）》〉】〕”’…％·,.;:?!)]}%"
NOT_LAST = "（《〈【〔“‘([{"


class Words(Text):
    """Text that is broken so."""

    @classmethod
    def of(cls, text: str | Text) -> Words:
        """The same words, with their styles."""
        if isinstance(text, str):
            return cls(text)
        words = cls(style=text.style)
        words.append_text(text)
        return words

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """The lines that fit into a width, in columns of the terminal."""
        if no_wrap:
            return super().wrap(
                console, width, justify=justify, overflow=overflow, tab_size=tab_size, no_wrap=True
            )
        found = Lines()
        for line in self.split(allow_blank=True):
            line.expand_tabs(tab_size)
            lines = Lines(line.divide(breaks(line.plain, width)))
            for part in lines:
                part.rstrip_end(width)
            lines.justify(console, width, justify=justify or "left", overflow="fold")
            found.extend(lines)
        return found


def breaks(text: str, width: int) -> list[int]:
    """Where to break a line so that no part is wider than so many columns."""
    found: list[int] = []
    start = used = allowed = 0
    for index, character in enumerate(text):
        if index > start and _may_break(text[index - 1], character):
            allowed = index
        columns = cell_len(character)
        while used + columns > width and index > start and character != " ":
            start = allowed if allowed > start else index
            found.append(start)
            used = cell_len(text[start:index])
        used += columns
    return found


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in NOT_FIRST or before in NOT_LAST:
        return False
    return before == " " or cell_len(before) == 2 or cell_len(after) == 2
