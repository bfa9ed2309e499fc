"""Tables for offices to fill in: the right columns, as CSV and as a workbook with a page of help."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO

from handheld.adapters.table_words import (
    DEPARTMENT_COLUMNS,
    DIVISION_COLUMNS,
    PEOPLE_COLUMNS,
    ROLE_NAMES,
)
from handheld.texts import Language, Texts

TABLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "divisions": DIVISION_COLUMNS,
    "departments": DEPARTMENT_COLUMNS,
    "people": PEOPLE_COLUMNS,
}
"""What can be taken in, and its columns."""

_WIDE = 20
_HELP_WIDTHS = (16, 90)


def _heads(what: str) -> list[str]:
    return [words[1] for words in TABLES[what].values()]


def csv_template(what: str) -> bytes:
    """The header alone, in UTF-8 with the mark by which spreadsheets know it."""
    out = StringIO(newline="")
    csv.writer(out).writerow(_heads(what))
    return ("\ufeff" + out.getvalue()).encode()


def xlsx_template(what: str, language: Language) -> bytes:
    """A workbook: the header over columns of text, and a second sheet that says what goes where."""
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    texts = Texts(language)
    book = openpyxl.Workbook()
    sheet = book.active
    if sheet is None:  # a new workbook has one
        sheet = book.create_sheet()
    sheet.title = texts.say(f"template.{what}")
    sheet.append(_heads(what))
    for column in range(1, len(TABLES[what]) + 1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = _WIDE
        dimension.number_format = "@"  # text: a spreadsheet takes no code for a number
        sheet.cell(1, column).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    guide = book.create_sheet(texts.say("template.help"))
    for width, letter in zip(_HELP_WIDTHS, "AB", strict=True):
        guide.column_dimensions[letter].width = width
    for line in _help(what, texts):
        guide.append(line)
        for cell in guide[guide.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _help(what: str, texts: Texts) -> Sequence[Sequence[str]]:
    names = ROLE_NAMES if texts.language == "zh" else ROLE_NAMES.values()
    roles = texts.say("cli.list_comma").join(dict.fromkeys(names))
    return [
        (words[1], texts.say(f"template.{what}_{key}", roles=roles))
        for key, words in TABLES[what].items()
    ]
