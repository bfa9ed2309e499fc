"""A workbook (XLSX) as rows of text, as if it had been saved as CSV without losing digits.

Read with openpyxl, whose XML parser refuses entities where defusedxml is installed (its
documentation, "Security"), which this program requires.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from handheld.domain.errors import Malformed

LIMIT_UNPACKED_MEGABYTES = 256
"""A small archive can hold an endless table."""

_COLUMNS = 64
"""So many columns of a sheet are looked at."""
_ROWS = 1_048_576
"""A sheet has no more (ECMA-376, part 1, and every program that writes one)."""
_EXACT = 2**53
"""Beyond this a spreadsheet's number has lost digits (IEEE 754, binary64)."""
_PADDED = re.compile("0+")


def workbook_rows(data: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first visible sheet that are not blank, each with its number.

    Numbers come in plain digits: 330825101264 whether it was stored as a number or as text.
    Formulas count by the value last calculated. Raises Malformed (`table.workbook`,
    `table.too_large`, `table.empty`).
    """
    _check_size(data, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which do not matter here
            workbook = openpyxl.load_workbook(
                BytesIO(data), read_only=True, data_only=True, keep_links=False
            )
            try:
                rows = list(_rows(workbook))
            finally:
                workbook.close()
    except Exception as error:  # whatever its many parsers meet in a damaged or hostile file
        cause = error.__cause__ or error.__context__ or error  # the library wraps some of them
        raise Malformed("table.workbook", file=file, reason=type(cause).__name__) from error
    if not rows:
        raise Malformed("table.empty", file=file)
    yield from rows


def _check_size(data: bytes, file: str) -> None:
    """What is unpacked is never more than the archive says: its parts are read to that size."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Malformed("table.workbook", file=file, reason=type(error).__name__) from error
    if unpacked > LIMIT_UNPACKED_MEGABYTES * 1_048_576:
        raise Malformed("table.too_large", file=file, limit=LIMIT_UNPACKED_MEGABYTES)


def _rows(workbook: openpyxl.Workbook) -> Iterator[tuple[int, list[str]]]:
    visible = (sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible")
    sheet = next(visible, None)
    if sheet is None:
        return
    if isinstance(sheet, ReadOnlyWorksheet):
        sheet.reset_dimensions()  # some programs write a size that cuts the table off
    empty: object = None
    for number, cells in enumerate(sheet.iter_rows(max_col=_COLUMNS, max_row=_ROWS), 1):
        if cells is empty:
            continue  # the same tuple stands for each row that is not there: a million, perhaps
        texts = [_text(cell.value, cell) for cell in cells]
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            yield number, texts
        else:
            empty = cells


def _text(value: object, cell: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    if isinstance(value, int) and abs(value) < _EXACT:
        shown = getattr(cell, "number_format", None) or ""
        digits = str(value)
        # A column shown as 0000 has 0042 in it for whoever reads it.
        return digits.zfill(len(shown)) if _PADDED.fullmatch(shown) else digits
    if isinstance(value, int | float):
        return f"{value:E}"  # digits were lost: the row is refused as such
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
