"""Attachments as they are prepared and put together again, wherever their bytes lie."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from secrets import token_bytes
from typing import NamedTuple

import msgspec

from handheld.adapters.attachments_exif import taken
from handheld.adapters.attachments_frames import (
    KEY_BYTES,
    Cipher,
    DamagedFile,
    FrameReader,
    FrameWriter,
)
from handheld.adapters.attachments_kinds import Content, inspect
from handheld.adapters.attachments_places import Part, Places
from handheld.adapters.attachments_stripping import Edit
from handheld.application.attachments_told import Taken
from handheld.domain.errors import Malformed


class Placed(NamedTuple):
    """An attachment, prepared: its files lie beside, under names of no meaning."""

    sha256: str
    prepared: dict[str, str]
    """By part."""
    keys: dict[str, bytes]
    """By part."""
    size: int
    apart_size: int
    content: Content
    taken: Taken | None

    @property
    def sizes(self) -> tuple[int, int]:
        """Bytes of the public copy, and of what was taken out."""
        return self.size, self.apart_size

    @property
    def is_record(self) -> bool:
        """Whether it stays with the record when the person who sent it is erased.

        What can tell of that person by itself, a voice or a place inside, goes with them.
        """
        return self.content.format.kind != "voice" and self.content.location != "inside"


def prepare(places: Places, upload: str, source: FrameReader, name: str, media: str) -> Placed:
    """Check the bytes, and write what is stored of them. Raises as `AttachmentStore.finish`."""
    digest = sha256()
    for part in source.chunks():
        digest.update(part)
    if digest.hexdigest() != name:
        raise Malformed("attachments.wrong_hash", said=name, found=digest.hexdigest())
    content = inspect(source, media)
    prepared: dict[str, str] = {}
    keys: dict[str, bytes] = {}

    @contextmanager
    def writing(part: Part, size: int) -> Generator[FrameWriter]:
        keys[part] = token_bytes(KEY_BYTES)
        prepared[part], sink = places.preparing(upload)
        with closing(sink):
            out = FrameWriter(sink, Cipher(keys[part], what(name, part, size)))
            yield out
            out.finish()

    try:
        with writing("public", public_size(source, content)) as out:
            for piece in public_copy(source, content.edits):
                out.write(piece)
            size = out.size
        apart_size = 0
        if content.edits:
            head = apart_head(content.edits)
            apart_size = len(head) + sum(edit.end - edit.start for edit in content.edits)
            with writing("apart", apart_size) as out:
                out.write(head)
                for edit in content.edits:
                    for piece in source.chunks(edit.start, edit.end):
                        out.write(piece)
    except BaseException:
        places.drop_prepared(prepared.values())
        raise
    told = taken(content.exif) if content.exif else None
    return Placed(name, prepared, keys, size, apart_size, content, told)


def reader(places: Places, name: str, part: Part, key: bytes, size: int) -> FrameReader:
    """Reads a part of an attachment."""
    return FrameReader(places.source(name, part), Cipher(key, what(name, part, size)), size)


def fault(name: str, pieces: Iterator[bytes]) -> str:
    """What is wrong with an attachment's bytes; "" where they are what it is named by."""
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    found = digest.hexdigest()
    return "" if found == name else f"{name}: {found}"


def what(name: str, part: str, size: int) -> str:
    """What a sealed file is: authenticated with each of its frames."""
    return f"attachment/{name}/{part}/{size}"


def public_size(source: FrameReader, content: Content) -> int:
    """Bytes of the public copy."""
    return source.size + sum(len(e.instead) - (e.end - e.start) for e in content.edits)


def public_copy(source: FrameReader, edits: Collection[Edit]) -> Iterator[bytes]:
    """The bytes that others see."""
    at = 0
    for edit in edits:
        yield from source.chunks(at, edit.start)
        yield edit.instead
        at = edit.end
    yield from source.chunks(at)


def apart_head(edits: Collection[Edit]) -> bytes:
    """The way back: where what was taken out belongs, and how much stands there instead."""
    rows = [(edit.start, edit.end - edit.start, len(edit.instead)) for edit in edits]
    packed = msgspec.msgpack.encode(rows)
    return len(packed).to_bytes(4, "big") + packed


def original_of(public: FrameReader, apart: FrameReader | None) -> Iterator[bytes]:
    """The bytes as they were sent. Raises DamagedFile."""
    with public:
        if apart is None:
            yield from public.chunks()
            return
        with apart:
            length = int.from_bytes(apart.at(0, 4), "big")
            try:
                rows = msgspec.msgpack.decode(apart.at(4, length), type=list[tuple[int, int, int]])
            except msgspec.MsgspecError as error:
                raise DamagedFile("apart") from error
            kept, at, made = 4 + length, 0, 0
            for start, gone, instead in rows:
                yield from public.chunks(at, at + start - made)
                yield from apart.chunks(kept, kept + gone)
                at += start - made + instead
                made, kept = start + gone, kept + gone
            yield from public.chunks(at)
