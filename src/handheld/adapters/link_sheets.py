"""Sign-in links on paper: a card a person with a QR code (ISO/IEC 18004), or a table."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from html import escape
from io import StringIO
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from handheld.adapters.codes import code_svg
from handheld.domain.errors import Installation, Malformed
from handheld.texts import LANGUAGES, Texts

Advance = Callable[[int, int], None]
"""Told how far a job has come, and how far it goes."""

KINDS = (".html", ".csv")


class Card(NamedTuple):
    """What a card says."""

    number: str
    name: str
    synthetic: bool
    posts: Sequence[tuple[str, str | None]]
    """Places in words, each with the key of a role."""
    link: str
    """The whole address, with the secret behind `#`: what follows that is sent to no server."""
    until: datetime


class Sheet:
    """A file of cards, readable for its owner only: written aside, put in place when links hold.

    Raises Malformed (`link.file_kind`), Installation (`link.file_exists`); OSError as it comes.
    """

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in KINDS:
            raise Malformed("link.file_kind", path=str(path))
        if path.exists() or path.is_symlink():
            raise Installation("link.file_exists", path=str(path))
        self._path = path
        self._aside = path.with_name(f".{path.name}.part-{token_hex(4)}")

    def write(self, cards: Sequence[Card], language: str, advance: Advance) -> None:
        """Write all cards; they are on the disk when it returns."""
        if self._path.suffix.lower() == ".csv":
            text = "\ufeff" + table(cards)  # spreadsheets take it for UTF-8 by this sign
        else:
            text = page(cards, language, advance)
        handle = os.open(self._aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())

    def put_in_place(self) -> None:
        """Give it its name."""
        try:
            os.link(self._aside, self._path)  # unlike a renaming, it overwrites nothing
        except FileExistsError as error:
            raise Installation("link.file_exists", path=str(self._path)) from error
        self._aside.unlink()
        handle = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def __enter__(self) -> Sheet:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(FileNotFoundError):
            self._aside.unlink()


def table(cards: Iterable[Card]) -> str:
    """The cards as CSV."""
    out = StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(("number", "name", "posts", "link", "usable_until"))
    texts = Texts("zh")
    for card in cards:
        until = f"{texts.time(card.until)} {texts.say('cli.zone')}"
        rows.writerow(map(_cell, (card.number, card.name, posts(card, texts), card.link, until)))
    return out.getvalue()


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def posts(card: Card, texts: Texts) -> str:
    """What somebody is, and where, in one language."""
    return texts.say("sheet.and").join(
        texts.say("sheet.posts", place=place, role=texts.role(role)) for place, role in card.posts
    )


def page(cards: Sequence[Card], language: str, advance: Advance) -> str:
    """The cards as a page to print (A4, eight a side), in both languages, the reader's first."""
    both = sorted(map(Texts, LANGUAGES), key=lambda texts: texts.language != language)
    drawn: list[str] = []
    for number, card in enumerate(cards, 1):
        drawn.append(_card(card, both))
        advance(number, len(cards))
    first = both[0]
    title = " / ".join(escape(texts.say("sheet.title")) for texts in both)
    return (
        f'<!doctype html>\n<html lang="{first.say("sheet.language")}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="referrer" content="no-referrer">\n'
        '<meta name="robots" content="noindex">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{''.join(drawn)}</body>\n</html>\n"
    )


def _card(card: Card, both: Sequence[Texts]) -> str:
    # The code holds the address as it is: what is drawn cannot carry markup.
    code = code_svg(card.link)
    said: list[str] = []
    for texts in both:
        until = f"{texts.time(card.until)} {texts.say('cli.zone')}"
        lines = [
            ("scan", texts.say("sheet.scan")),
            ("post", posts(card, texts)),
            ("until", texts.say("sheet.until", time=until)),
            ("once", texts.say("sheet.once")),
        ]
        if card.synthetic:
            lines.append(("mark", texts.say("sheet.synthetic")))
        body = "".join(f'<p class="{kind}">{escape(text)}</p>' for kind, text in lines if text)
        said.append(f'<div lang="{texts.say("sheet.language")}">{body}</div>')
    number = " / ".join(escape(texts.say("sheet.number", number=card.number)) for texts in both)
    return (
        f'<section class="card"><div class="code">{code}</div><div class="words">'
        f"<h2>{escape(card.name)}</h2><p>{number}</p>{''.join(said)}</div></section>\n"
    )


_STYLE = (
    "@page{size:A4;margin:10mm}"
    "body{margin:0;display:grid;grid-template-columns:1fr 1fr;gap:4mm;"
    "font:9pt/1.3 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',sans-serif}"
    ".card{border:1px dashed #888;padding:3mm;height:62mm;box-sizing:border-box;display:flex;"
    "gap:3mm;break-inside:avoid;overflow:hidden}"
    ".code{flex:0 0 34mm}.code svg{width:34mm;height:34mm;display:block}"
    ".words{min-width:0;overflow-wrap:anywhere}h2{font-size:13pt;margin:0}p{margin:.6mm 0}"
    ".scan{font-weight:bold}.once,.until{color:#333;font-size:7.5pt}"
    ".mark{border:1px solid;display:inline-block;padding:0 1mm;font-size:7.5pt}"
)
