"""Words as a line shows them: nothing in them steers what shows them."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """Words without control characters: nobody's report may steer the terminal that shows it."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))


def one_line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean(text).split())


def number(value: int) -> str:
    """A whole number, thousands set apart."""
    return f"{value:,}"
