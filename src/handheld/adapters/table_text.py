"""A file with a table, as its lines of text: size, encoding, and what is no text at all."""

from __future__ import annotations

import codecs
import re
from importlib.resources.abc import Traversable
from pathlib import Path

from handheld.domain.errors import Malformed, NotFound

LIMIT_MEGABYTES = 64
"""Some forty times a county of 25,000 divisions."""

LINE_LIMIT = 100_000
"""Characters. Below the limit of a cell that the csv module has (131,072)."""

_MEGABYTE = 1_048_576
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An XLS workbook of before 2007, or an XLSX one with a password."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARK = "\ufffd"


def text_of(data: bytes, file: str) -> str:
    """The text of a table in UTF-8, UTF-16 with its mark, or GB18030 (which contains GBK).

    Raises Malformed (`table.empty`, `table.spreadsheet`, `table.binary`, `table.encoding`,
    `table.line_too_long`).
    """
    if data.startswith(_OLE):
        raise Malformed("table.spreadsheet", file=file)
    if not data.strip():
        raise Malformed("table.empty", file=file)
    text = _decoded(data, file)
    if _CONTROL.search(text):
        raise Malformed("table.binary", file=file)
    if not text.strip():
        raise Malformed("table.empty", file=file)
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LINE_LIMIT:
            raise Malformed("table.line_too_long", file=file, line=number, limit=LINE_LIMIT)
    return text


def read_bytes(path: Path | Traversable) -> bytes:
    """What the file holds.

    Raises NotFound (`table.not_found`), Malformed (`table.unreadable`, `table.too_large`).
    """
    file = path.name
    limit = LIMIT_MEGABYTES * _MEGABYTE
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except FileNotFoundError:
        raise NotFound("table.not_found", file=file) from None
    except OSError as error:
        raise Malformed(
            "table.unreadable", file=file, reason=error.strerror or type(error).__name__
        ) from error
    if len(data) > limit:
        raise Malformed("table.too_large", file=file, limit=LIMIT_MEGABYTES)
    return data


def _decoded(data: bytes, file: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _as(data, "utf-16", file)  # what Excel saves as "Unicode text"
    if b"\x00" in data:
        raise Malformed("table.binary", file=file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Damaged UTF-8 often passes for GB18030, and then every name is read as others that
        # look like Chinese. Real GB18030 has next to no valid UTF-8 beyond ASCII.
        guess = data.decode("utf-8-sig", errors="replace")
        wrong = guess.count(_MARK)
        right = sum(character > "\x7f" for character in guess) - wrong
        if right > wrong or data.startswith(codecs.BOM_UTF8):
            raise _encoding(data, error.start, file) from error
    return _as(data, "gb18030", file)


def _as(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _encoding(data, error.start, file) from error


def _encoding(data: bytes, at: int, file: str) -> Malformed:
    return Malformed("table.encoding", file=file, line=data.count(b"\n", 0, at) + 1)
