"""The files of attachments: prepared beside, renamed into place, read from anywhere.

`attachments/ab/ab….public` is what others see, `….apart` what was taken out of it, and
`attachments/incoming/` holds what is not finished. All are sealed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Literal, NamedTuple

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
from handheld.adapters.attachments_stripping import Edit
from handheld.application.attachments_told import Taken
from handheld.domain.errors import Malformed

Part = Literal["public", "apart"]
_NAME = re.compile(r"([0-9a-f]{64})\.(public|apart)")
_PREPARED = ".prepared"


class Placed(NamedTuple):
    """An attachment, prepared: its files lie beside, under names of no meaning."""

    sha256: str
    files: dict[str, Path]
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


class Files:
    """The directory of all attachments."""

    def __init__(self, directory: Path) -> None:
        self.place_of_all = directory
        self._incoming = directory / "incoming"
        for path in (directory, self._incoming):
            if not path.exists():
                path.mkdir(mode=0o700)
                flush_directory(path.parent)

    # --- on their way -----------------------------------------------------------------------------

    def incoming(self, upload: str) -> Path:
        """The file of an upload."""
        return self._incoming / upload

    def make_incoming(self, upload: str) -> None:
        """Make the empty file of an upload, durable."""
        os.close(os.open(self.incoming(upload), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        flush_directory(self._incoming)

    def drop_incoming(self, upload: str) -> None:
        """Remove the file of an upload; what cannot be removed now is at the next sweep."""
        with suppress(OSError):
            self.incoming(upload).unlink()

    # --- preparing and placing --------------------------------------------------------------------

    def prepare(self, source: FrameReader, name: str, media: str) -> Placed:
        """Check the bytes, and write what is stored of them. Raises as `AttachmentStore.finish`."""
        digest = sha256()
        for part in source.chunks():
            digest.update(part)
        if digest.hexdigest() != name:
            raise Malformed("attachments.wrong_hash", said=name, found=digest.hexdigest())
        content = inspect(source, media)
        files: dict[str, Path] = {}
        keys: dict[str, bytes] = {}
        try:
            with self._prepared("public", name, files, keys, public_size(source, content)) as out:
                for piece in public_copy(source, content.edits):
                    out.write(piece)
                size = out.size
            apart_size = 0
            if content.edits:
                head = apart_head(content.edits)
                apart_size = len(head) + sum(edit.end - edit.start for edit in content.edits)
                with self._prepared("apart", name, files, keys, apart_size) as out:
                    out.write(head)
                    for edit in content.edits:
                        for piece in source.chunks(edit.start, edit.end):
                            out.write(piece)
        except BaseException:
            for path in files.values():
                path.unlink(missing_ok=True)
            raise
        told = taken(content.exif) if content.exif else None
        return Placed(name, files, keys, size, apart_size, content, told)

    @contextmanager
    def _prepared(
        self, part: Part, name: str, files: dict[str, Path], keys: dict[str, bytes], size: int
    ) -> Generator[FrameWriter]:
        keys[part] = token_bytes(KEY_BYTES)
        path = files[part] = self._incoming / f"{token_hex(16)}{_PREPARED}"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            out = FrameWriter(file, Cipher(keys[part], what(name, part, size)))
            yield out
            out.finish()

    def place(self, placed: Placed, parts: Collection[str]) -> None:
        """Give prepared files their names, durable."""
        if not parts:
            return
        directory = self.path(placed.sha256, "public").parent
        if not directory.exists():
            directory.mkdir(mode=0o700)
            flush_directory(self.place_of_all)
        for part in parts:
            placed.files[part].replace(self.path(placed.sha256, part))
        flush_directory(directory)

    def drop_prepared(self, placed: Placed) -> None:
        """Remove what was prepared and has no name."""
        for path in placed.files.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)

    # --- reading ----------------------------------------------------------------------------------

    def path(self, name: str, part: str) -> Path:
        """Where a part of an attachment lies."""
        return self.place_of_all / name[:2] / f"{name}.{part}"

    def reader(self, name: str, part: Part, key: bytes, size: int) -> FrameReader:
        """Reads a part of an attachment."""
        return FrameReader(self.path(name, part), Cipher(key, what(name, part, size)), size)

    def keep_only_incoming(self, uploads: Collection[str]) -> None:
        """Remove what is on its way to nothing."""
        for path in self._incoming.iterdir():
            if path.name not in uploads:
                path.unlink(missing_ok=True)

    def keep_only(self, named: Collection[str]) -> None:
        """Remove the files of attachments that are not among these."""
        for directory in self.place_of_all.iterdir():
            if directory == self._incoming or not directory.is_dir():
                continue
            for path in directory.iterdir():
                if _NAME.fullmatch(path.name) is not None and path.name not in named:
                    path.unlink(missing_ok=True)

    def fault(self, name: str, pieces: Iterator[bytes]) -> str:
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


def flush_directory(path: Path) -> None:
    """The names in a directory are on the disk when it returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
