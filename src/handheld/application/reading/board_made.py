"""A board as it was made: for all who see the same of it, as JSON text, with its digest."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from handheld.application.past_boards import FOLD
from handheld.application.reading.board_documents import DOCUMENT, BoardDocument, without_nulls
from handheld.application.reading.board_wanted import Sight, Wanted
from handheld_projections.organisation import Organisation

K = TypeVar("K")

VERSION = f"{FOLD}/{DOCUMENT}"
"""What makes the documents: digests of one version can be compared."""

KEPT_BYTES = 8 << 20
"""So much of documents of now is kept, as JSON text, and as much of the past."""

_sorted = msgspec.json.Encoder(order="sorted").encode
_plain = msgspec.json.Encoder().encode


class Made(msgspec.Struct, frozen=True):
    """A board as it was made for everybody with the same sight."""

    wanted: Wanted
    sight: Sight
    log: str
    position: int
    at: str | None
    """When that position was recorded, RFC 3339."""
    digest: str
    etag: str
    """Quoted and weak: the same as long as nothing on the board has changed."""
    board: dict[str, Any]
    """The member `board` of a `BoardDocument`, as JSON has it. Not to be changed."""
    text: bytes
    """The same as JSON text."""

    @property
    def body(self) -> bytes:
        """The `BoardDocument` as JSON text."""
        head = {
            "log": self.log,
            "position": self.position,
            "at": self.at,
            "digest": self.digest,
            "version": VERSION,
        }
        return _plain(without_nulls(head))[:-1] + b',"board":' + self.text + b"}"

    def document(self) -> BoardDocument:
        """The same, typed."""
        return msgspec.json.decode(self.body, type=BoardDocument)


class Entry(NamedTuple):
    """A board on a shelf."""

    made: Made
    body: bytes
    organisation: Organisation
    """Whose names are on it."""


class Shelf(Generic[K]):
    """Documents by key, the oldest thrown away when there are too many."""

    def __init__(self) -> None:
        self._kept: OrderedDict[K, Entry] = OrderedDict()
        self._bytes = 0

    def get(self, key: K) -> Entry | None:
        """What lies there."""
        return self._kept.get(key)

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
        self._bytes = 0

    def put(self, key: K, entry: Entry) -> None:
        """One thread at a time."""
        before = self._kept.pop(key, None)
        self._bytes += len(entry.body) - (len(before.body) if before is not None else 0)
        self._kept[key] = entry
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.body)


def digest_of(board: dict[str, Any]) -> str:
    """The digest of a board without its `names`: 128 bits, hex."""
    told = {key: value for key, value in board.items() if key != "names"}
    return blake2b(_sorted(told), digest_size=16).hexdigest()


def text_of(board: dict[str, Any]) -> tuple[bytes, str]:
    """The JSON text of a board, and its ETag."""
    text = _plain(board)
    return text, f'W/"{blake2b(text, digest_size=16).hexdigest()}"'
