"""What is stored: described, opened, read as it was sent, and held against its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import cast

import msgspec

from handheld.adapters.attachments_frames import DamagedFile, FrameReader
from handheld.adapters.attachments_places import Places
from handheld.adapters.attachments_prepared import fault, original_of, reader
from handheld.adapters.attachments_rows import AttachmentRow, How, Rows
from handheld.application.attachments_told import Attachment, Location, Taken
from handheld.application.ports import Keyring
from handheld.domain.errors import HandheldError, NotFound
from handheld.domain.media import FORMATS, Kind

_KINDS: Mapping[str, Kind] = {one.media: one.kind for one in FORMATS}


class Stored:
    """The attachments of one installation, for reading."""

    def __init__(self, rows: Rows, places: Places, keyring: Keyring) -> None:
        self.rows = rows
        self.places = places
        self._keyring = keyring

    def attachment(self, sha256: str) -> Attachment | None:
        """What is known of it; None where it is not stored."""
        row = self.rows.attachment(sha256)
        return None if row is None else self.told(row)

    def stored_of(self, names: list[str]) -> set[str]:
        """Which of these are stored."""
        return self.rows.stored_of(names)

    def holders(self, sha256: str) -> dict[str, How]:
        """By person whether they sent its bytes or may see it anyway."""
        return self.rows.holders(sha256)

    def open(self, sha256: str) -> FrameReader:
        """The public copy. Raises NotFound (`attachments.none`), HandheldError (`attachments.erased`)."""
        row = self._row(sha256)
        return reader(self.places, sha256, "public", self.key(sha256, "public"), row.size)

    def original(self, sha256: str) -> Iterator[bytes]:
        """The bytes as they were sent, in pieces. Raises as `open`.

        Nothing is open before the first is asked for.
        """
        row = self._row(sha256)
        keys = [self.key(sha256, "public")]
        if row.apart_size:
            keys.append(self.key(sha256, "apart"))
        return self._original(row, *keys)

    def _original(
        self, row: AttachmentRow, public_key: bytes, apart_key: bytes | None = None
    ) -> Iterator[bytes]:
        with reader(self.places, row.sha256, "public", public_key, row.size) as public:
            if apart_key is None:
                yield from original_of(public, None)
                return
            with reader(self.places, row.sha256, "apart", apart_key, row.apart_size) as apart:
                yield from original_of(public, apart)

    def taken(self, sha256: str) -> Taken | None:
        """What the camera wrote; None where nothing was found, or it was erased."""
        found = self.texts(sha256, "taken")
        return msgspec.json.decode(found[0], type=Taken) if found else None

    def verify(self) -> tuple[int, str]:
        """Read everything, and hold it against its name: how many, and the first that is not it."""
        count, wrong = 0, ""
        for row in self.rows.attachments():
            if row.erased:
                continue
            count += 1
            found = self._fault(row)
            wrong = wrong or found
        return count, wrong

    def _fault(self, row: AttachmentRow) -> str:
        try:
            if row.apart_size and not self.rows.keys(row.sha256, "apart"):
                with self.open(row.sha256) as public:  # what was apart was erased: this is all
                    for _ in public.chunks():
                        pass
                return ""
            return fault(row.sha256, self.original(row.sha256))
        except (OSError, DamagedFile) as error:
            return f"{row.sha256}: {error}"
        except HandheldError as error:
            return "" if error.code == "attachments.erased" else f"{row.sha256}: {error}"

    def _row(self, sha256: str) -> AttachmentRow:
        row = self.rows.attachment(sha256)
        if row is None:
            raise NotFound("attachments.none", attachment=sha256)
        if row.erased:
            raise HandheldError("attachments.erased", attachment=sha256)
        return row

    def key(self, sha256: str, part: str) -> bytes:
        """The key of a part. Raises HandheldError (`attachments.erased`)."""
        for text in self.texts(sha256, part):
            return bytes.fromhex(text)
        raise HandheldError("attachments.erased", attachment=sha256)

    def texts(self, sha256: str, part: str) -> list[str]:
        """What is sealed about a part, as far as it can still be opened."""
        opened = map(self._keyring.open, self.rows.keys(sha256, part))
        return [text for text in opened if text is not None]

    def told(self, row: AttachmentRow) -> Attachment:
        """A row as it is told."""
        names = self.texts(row.sha256, "name")
        return Attachment(
            sha256=row.sha256,
            media=row.media,
            kind=_KINDS[row.media],
            size=row.size,
            original_size=row.original_size,
            location=cast(Location, row.location),
            stripped=row.location != "inside",
            stored_at=datetime.fromtimestamp(row.stored_us / 1_000_000, UTC),
            name=names[0] if names else None,
            erased=bool(row.erased),
        )
