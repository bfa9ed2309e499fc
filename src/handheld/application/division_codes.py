"""Division codes as tables bring them: what a spreadsheet does to them is told from other errors."""

from __future__ import annotations

import re

from handheld.application.row_errors import RowErrors
from handheld_events.ids import is_division_code

_NUMBER = re.compile(r"[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+|[0-9]+\.[0-9]*")
_DIGITS = re.compile(r"[0-9]+")


def is_number_format(text: str) -> bool:
    """Whether a spreadsheet took the text for a number: `3.30825E+11`, `330825101264.0`."""
    return _NUMBER.fullmatch(text) is not None


def check_code(line: int, column: str, text: str, errors: RowErrors) -> bool:
    """Whether the text is a division's code; if not, why not is added to the errors.

    Added: `cell.missing`, `cell.scientific`, `division.padded`, `division.length`, `division.code`.
    """
    if not text:
        errors.add(line, column, "cell.missing")
    elif is_number_format(text):
        errors.add(line, column, "cell.scientific", value=text)
    elif is_division_code(text):
        # A unit numbered 000 does not exist. Lists fill codes up with zeros, and a spreadsheet
        # that stored 3.30825E+11 gives 330825000000 back: which of the two it was, nobody can say.
        if len(text) == 6 or not text.endswith("000"):
            return True
        errors.add(line, column, "division.padded", division=text, short=_unpadded(text))
    elif _DIGITS.fullmatch(text):
        errors.add(line, column, "division.length", division=text, digits=len(text))
    else:
        errors.add(line, column, "division.code", division=text)
    return False


def _unpadded(code: str) -> str:
    while len(code) > 6 and code.endswith("000"):
        code = code[:-3]
    return code
