"""Attachments: bringing bytes, and seeing them. docs/attachments.md

A fact names a photo, a voice or a document by the hash of its bytes, which may come later: until then
they are awaited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, Protocol

from handheld.application.access.identity import Identity
from handheld.application.attachment_sight import AttachmentSight, Sight
from handheld.application.attachments_told import (
    Announced,
    Attachment,
    Described,
    Taken,
    Upload,
)
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.media import claimed, plain_media
from handheld.domain.standing import Viewer

_HASH = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[0-9a-f]{32}")
NAME_MOST = 120
"""Characters of a file's name that are kept."""


class Appending(Protocol):
    """Bytes that are coming now."""

    @property
    def offset(self) -> int:
        """So many bytes have come."""
        ...

    def write(self, data: bytes) -> None:
        """Take more bytes."""
        ...

    def close(self) -> int:
        """Make durable what has come; gives how much of the whole is there."""
        ...


class Bytes(Protocol):
    """Bytes that are read from anywhere."""

    size: int

    def at(self, offset: int, length: int) -> bytes:
        """Bytes from a place; fewer at the end."""
        ...

    def close(self) -> None:
        """No more is read."""
        ...


class Store(Protocol):
    """Where attachments lie."""

    def begin(
        self,
        person: str,
        device: str | None,
        *,
        sha256: str,
        size: int,
        media: str,
        name: str | None = None,
    ) -> Upload:
        """Expect bytes."""
        ...

    def upload(self, name: str) -> tuple[str, Upload] | None:
        """Whose upload it is, and how far it has come."""
        ...

    def append(self, name: str, offset: int) -> Appending:
        """Go on from an offset."""
        ...

    def finish(self, name: str) -> Attachment:
        """Check what has come, and store it."""
        ...

    def discard(self, name: str) -> None:
        """Drop an upload."""
        ...

    def attachment(self, sha256: str) -> Attachment | None:
        """What is known of it."""
        ...

    def stored_of(self, names: list[str]) -> set[str]:
        """Which of these are stored."""
        ...

    def holders(self, sha256: str) -> Mapping[str, Literal["sent", "seen"]]:
        """By person how they came to it."""
        ...

    def hold(self, sha256: str, person: str, device: str | None) -> None:
        """Somebody who may see it may name it, too."""
        ...

    def open(self, sha256: str) -> Bytes:
        """The public copy."""
        ...

    def original(self, sha256: str) -> Iterator[bytes]:
        """The bytes as they were sent."""
        ...

    def taken(self, sha256: str) -> Taken | None:
        """What the camera wrote."""
        ...


class Attachments:
    """The attachments of one data directory, with who may do what. For several threads."""

    def __init__(self, store: Store, sight: AttachmentSight) -> None:
        self._store = store
        self._sight = sight

    # --- for cards and lists ----------------------------------------------------------------------

    def stored(self, sha256: str) -> bool:
        """Whether the bytes are there, whoever asks: for processes; else `stored_for`."""
        return sha256 in self._store.stored_of([sha256])

    def stored_of(self, names: Iterable[str]) -> frozenset[str]:
        """Of many hashes those whose bytes are there."""
        return frozenset(self._store.stored_of(list(dict.fromkeys(names))))

    def stored_for(self, viewer: Viewer) -> Callable[[str], bool]:
        """Whether there are bytes that somebody may see: for what is shown to them.

        A hash that they only name themselves stays awaited, whoever else has sent its bytes.
        """

        def stored(sha256: str) -> bool:
            known = self._store.attachment(sha256) if _HASH.fullmatch(sha256) else None
            return known is not None and self._sees(viewer, sha256).content

        return stored

    # --- bringing ---------------------------------------------------------------------------------

    def announce(
        self, who: Identity, *, sha256: str, size: int, media: str, name: str | None = None
    ) -> Announced:
        """Say what one wants to bring; whoever may see it already need not.

        To anybody else it is not told whether it is there: they bring the bytes as if it were not.
        Raises Malformed (`attachments.hash`, `attachments.media`, `attachments.size`,
        `attachments.too_large`), HandheldError (`attachments.full`, `attachments.too_many`,
        `attachments.unwritable`).
        """
        _check_hash(sha256)
        claimed(media, size)
        known = self._store.attachment(sha256)
        if known is not None and not known.erased and self._sees(who.viewer, sha256).content:
            if self._store.holders(sha256).get(who.actor) is None:
                self._store.hold(sha256, who.actor, who.device)
            return Announced(stored=True)
        upload = self._store.begin(
            who.actor,
            who.device,
            sha256=sha256,
            size=size,
            media=plain_media(media),
            name=safe_name(name),
        )
        return Announced(stored=False, upload=upload)

    def upload(self, who: Identity, upload: str) -> Upload:
        """How far one's own upload has come; what was coming over another connection is over.

        Raises NotFound (`attachments.no_upload`).
        """
        found = self._store.upload(upload) if _UPLOAD.fullmatch(upload) else None
        if found is None or found[0] != who.actor:
            raise NotFound("attachments.no_upload", upload=upload)
        return found[1]

    def append(self, who: Identity, upload: str, offset: int) -> Appending:
        """Go on with one's own upload; the caller writes, and closes whatever happens.

        Raises NotFound (`attachments.no_upload`), HandheldError (`attachments.offset`, which names
        the right one; `attachments.unwritable`).
        """
        self.upload(who, upload)
        return self._store.append(upload, offset)

    def finish(self, who: Identity, upload: str) -> Attachment:
        """When all has come: it is checked, stored, and on the disk when this returns.

        Raises NotFound (`attachments.no_upload`), Malformed (`attachments.incomplete`; and, after
        which the upload is gone: `attachments.wrong_hash`, `attachments.unknown`,
        `attachments.other_media`, `attachments.damaged`, `attachments.runs`, `attachments.video`),
        HandheldError (`attachments.full`, `attachments.unwritable`).
        """
        self.upload(who, upload)
        return self._store.finish(upload)

    def discard(self, who: Identity, upload: str) -> None:
        """Drop one's own upload. Raises NotFound (`attachments.no_upload`)."""
        self.upload(who, upload)
        self._store.discard(upload)

    # --- seeing -----------------------------------------------------------------------------------

    def describe(self, viewer: Viewer, sha256: str) -> Described:
        """An attachment as somebody may see it. Raises NotFound (`attachments.none`)."""
        known, sight = self._seen(viewer, sha256)
        readable = sight.original and not known.erased
        return Described(
            attachment=known,
            original=readable,
            taken=self._store.taken(sha256) if readable else None,
        )

    def open(self, viewer: Viewer, sha256: str) -> tuple[Attachment, Bytes]:
        """The public copy. Where a place is inside it, it is for those who may see the original.

        Raises NotFound (`attachments.none`), HandheldError (`attachments.erased`).
        """
        known, sight = self._seen(viewer, sha256)
        if known.location == "inside" and not sight.original:
            raise NotFound("attachments.none", attachment=sha256)
        return known, self._store.open(sha256)

    def original(self, viewer: Viewer, sha256: str) -> tuple[Attachment, Iterator[bytes]]:
        """The bytes as they were sent: their hash is the name. Raises as `open`."""
        known, sight = self._seen(viewer, sha256)
        if not sight.original:
            raise NotFound("attachments.none", attachment=sha256)
        return known, self._store.original(sha256)

    def _seen(self, viewer: Viewer, sha256: str) -> tuple[Attachment, Sight]:
        known = self._store.attachment(sha256) if _HASH.fullmatch(sha256) else None
        sight = self._sees(viewer, sha256) if known is not None else None
        if known is None or sight is None or not sight.content:
            raise NotFound("attachments.none", attachment=sha256)
        return known, sight

    def _sees(self, viewer: Viewer, sha256: str) -> Sight:
        return self._sight.of(viewer, sha256, self._store.holders(sha256))


def _check_hash(sha256: str) -> None:
    if _HASH.fullmatch(sha256) is None:
        raise Malformed("attachments.hash", attachment=sha256[:80])


def safe_name(name: str | None) -> str | None:
    """A file's name without its folders and what does not print; None where nothing is left."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    printed = "".join(letter for letter in last if letter.isprintable()).strip(". ")
    return printed[:NAME_MOST] or None
