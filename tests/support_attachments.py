"""Helpers for tests of attachments: sample files, and bringing them. What the samples show is made up.

The samples in tests/data/attachments were made with Pillow 13.0, pillow-heif 1.8, PyAV 18.1, reportlab,
python-docx and openpyxl; "SYNTHETIC" stands in every field that tells of somebody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from handheld.adapters.attachments_store import AttachmentStore, SealedAttachments
from handheld.adapters.keyring import DatabaseKeyring, FileKeyring
from handheld.application.attachments_told import Attachment
from handheld.domain.media import FORMATS

SAMPLES = Path(__file__).parent / "data" / "attachments"
MEDIA = {one.suffix: one.media for one in FORMATS}
MARK = b"SYNTHETIC"
SENDER, OTHER = "person-SYN-A", "person-SYN-B"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def media_of(name: str) -> str:
    return MEDIA[Path(name).suffix]


def hash_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def big_photo(size: int, seed: int = 1) -> bytes:
    """A JPEG with a place in it and much coded data."""
    plain = sample("gps.jpg")
    head, end = plain[:-2], plain[-2:]
    coded = sha256(b"%d" % seed).digest() * (size // 32 + 1)
    return head + coded[: size - len(plain)].replace(b"\xff", b"\xfe") + end


class Place:
    """A store in a directory of its own, opened again as often as wanted."""

    def __init__(self, directory: Path, **about: object) -> None:
        self.directory = directory
        directory.mkdir(exist_ok=True)
        self._about = about
        self.open()

    def open(self) -> None:
        self.keyring: DatabaseKeyring = FileKeyring(self.directory / "keyring.db")
        now: dict[str, Callable[[], datetime]] = dict(self._about)  # type: ignore[arg-type]
        self.store: SealedAttachments = AttachmentStore(
            self.directory, self.keyring, reserve=0, **now
        )

    def close(self) -> None:
        self.store.close()
        self.keyring.close()

    def again(self) -> None:
        self.close()
        self.open()

    def begin(self, data: bytes, media: str, person: str = SENDER, name: str | None = None) -> str:
        digest = hash_of(data)
        return self.store.begin(
            person, "device-1", sha256=digest, size=len(data), media=media, name=name
        ).id

    def send(self, upload: str, data: bytes, offset: int = 0) -> int:
        coming = self.store.append(upload, offset)
        try:
            coming.write(data)
        finally:
            coming.close()
        return coming.offset

    def bring(
        self, data: bytes, media: str, person: str = SENDER, name: str | None = None
    ) -> Attachment:
        upload = self.begin(data, media, person, name)
        self.send(upload, data)
        return self.store.finish(upload)

    def public(self, digest: str) -> bytes:
        with self.store.open(digest) as source:
            return b"".join(source.chunks())

    def original(self, digest: str) -> bytes:
        return b"".join(self.store.original(digest))

    def files(self) -> list[Path]:
        return [path for path in self.directory.rglob("*") if path.is_file()]

    def left(self) -> list[str]:
        """What lies in the folder of what is on its way."""
        return [path.name for path in (self.directory / "attachments" / "incoming").iterdir()]
