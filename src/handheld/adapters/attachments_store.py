"""Attachments: sealed bytes named by their content, and what is known of each.

Order of every store in files: file written and flushed, key durable in the keyring, file renamed,
directory flushed, row committed; in tables: key durable, then names and row in one transaction. Only
then is it acknowledged. docs/attachments.md
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

import msgspec

from handheld.adapters.attachments_files import Files
from handheld.adapters.attachments_frame_rows import FrameRows
from handheld.adapters.attachments_frames import DamagedFile
from handheld.adapters.attachments_incoming import Appending, on_disk, reader_of
from handheld.adapters.attachments_places import Places
from handheld.adapters.attachments_prepared import Placed, prepare
from handheld.adapters.attachments_rows import (
    AttachmentRow,
    Rows,
    UploadRow,
    add_holder,
    add_keys,
    put_attachment,
)
from handheld.adapters.attachments_stored import Stored
from handheld.adapters.attachments_uploads import Uploads
from handheld.adapters.database import Database
from handheld.adapters.database_sqlite import SQLiteDatabase
from handheld.application.attachments_told import Attachment, Upload
from handheld.application.ports import Keyring
from handheld.domain.errors import HandheldError, Malformed
from handheld_events.sealed import Sealed

RESERVE = 256_000_000
"""Bytes of the disk that attachments leave free, for the log."""
_LOCKS = 16


class SealedAttachments(Stored):
    """The attachments of one installation. Safe to use from several threads."""

    def __init__(
        self,
        rows: Rows,
        places: Places,
        keyring: Keyring,
        *,
        reserve: int = RESERVE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(rows, places, keyring)
        self._now = now
        self._placing = RLock()
        self._locks = [RLock() for _ in range(_LOCKS)]
        self._uploads = Uploads(rows, places, keyring, reserve=reserve, now=now)
        try:
            self._sweep()
        except BaseException:
            self.rows.close()
            raise

    def close(self) -> None:
        """Make durable what has come, and close the files."""
        self._uploads.close()
        self.rows.close()

    # --- bringing ---------------------------------------------------------------------------------

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
        """Expect bytes; see `Uploads.begin`."""
        return self._uploads.begin(person, device, sha256=sha256, size=size, media=media, name=name)

    def upload(self, name: str) -> tuple[str, Upload] | None:
        """Whose upload it is, and how far it has come; see `Uploads.upload`."""
        return self._uploads.upload(name)

    def append(self, name: str, offset: int) -> Appending:
        """Go on from an offset; see `Uploads.append`."""
        return self._uploads.append(name, offset)

    def discard(self, name: str) -> None:
        """Drop an upload."""
        self._uploads.discard(name)

    def finish(self, name: str) -> Attachment:
        """Check what has come, and store it as an attachment.

        What is not what was said is thrown away. Raises NotFound (`attachments.no_upload`),
        Malformed (`attachments.incomplete`, `attachments.wrong_hash`, `attachments.unknown`,
        `attachments.other_media`, `attachments.damaged`, `attachments.runs`, `attachments.video`),
        HandheldError (`attachments.full`, `attachments.unwritable`).
        """
        with self._locks[hash(name) % _LOCKS]:
            self._uploads.end(name)
            row = self._uploads.row(name)
            if row.complete:
                known = self.rows.attachment(row.sha256)
                if known is not None:
                    return self.told(known)
            if row.received < row.size:
                raise Malformed("attachments.incomplete", size=row.size, offset=row.received)
            try:
                with (
                    on_disk(),
                    reader_of(self.places.incoming(name), row, self._uploads.key_of(row)) as source,
                ):
                    placed = prepare(self.places, name, source, row.sha256, row.media)
            except (Malformed, DamagedFile) as error:
                self.discard(name)
                if isinstance(error, DamagedFile):
                    raise HandheldError("attachments.unwritable", reason=str(error)) from error
                raise
            with on_disk():
                return self._place(row, placed)

    def hold(self, sha256: str, person: str, device: str | None) -> None:
        """Somebody who may see it may name it, too."""
        with self.rows.writing() as c:
            add_holder(c, sha256, person, "seen", device, self._us())

    # --- keeping house ----------------------------------------------------------------------------

    def forget(self, person: str) -> None:
        """Remove what only the key of somebody erased would open."""
        with self._placing:
            with self.rows.writing() as c:
                c.execute("DELETE FROM keys WHERE subject=?", (person,))
                c.execute(
                    "UPDATE attachments SET erased=1 WHERE sha256 NOT IN "
                    "(SELECT sha256 FROM keys WHERE part='public')"
                )
            self.places.keep_only(self.rows.files())
        self._uploads.forget(person)

    def _sweep(self) -> None:
        """Remove files that no row names. Only while nothing is under way."""
        self._uploads.expire()
        unfinished = {row.id for row in self.rows.uploads() if not row.complete}
        self.places.keep_only_incoming(unfinished)
        self.places.keep_only(self.rows.files())

    # --- inside -----------------------------------------------------------------------------------

    def _place(self, row: UploadRow, placed: Placed) -> Attachment:
        """Give what was prepared its name; what is there already stays, and is theirs as well."""
        sha256, person, now = row.sha256, row.person, self._us()
        with self._placing:
            try:
                with self.rows.writing(alone_with=sha256) as c:
                    known = self.rows.attachment(sha256)
                    keys = self._known_keys(known)
                    same = known is None or (known.size, known.apart_size) == placed.sizes
                    missing = [part for part in placed.keys if part not in keys]
                    if "public" not in missing and not same:
                        missing = []  # taken apart by another version: only that fits together
                    keys |= {part: placed.keys[part] for part in missing}
                    if known is None or "public" in missing:
                        known = _new_row(row, placed, now)
                    boxes = self._sealed_for(row, placed, keys)
                    self.places.place(c, sha256, {part: placed.prepared[part] for part in missing})
                    put_attachment(c, known)
                    for part in missing:
                        c.execute("DELETE FROM keys WHERE sha256=? AND part=?", (sha256, part))
                    for part, box in boxes.items():
                        add_keys(c, sha256, part, [box])
                    add_holder(c, sha256, person, "sent", row.device, now)
                    c.execute(
                        "UPDATE uploads SET complete=1, tail=?, box=? WHERE id=?",
                        (b"", b"", row.id),
                    )
            finally:
                self.places.drop_prepared(placed.prepared.values())
        self.places.drop_incoming(row.id)
        return self.told(known)

    def _sealed_for(
        self, row: UploadRow, placed: Placed, keys: dict[str, bytes]
    ) -> dict[str, Sealed]:
        """The keys of all parts, sealed for those to whom they belong; the name that came first."""
        person = row.person
        texts = {part: key.hex() for part, key in keys.items()}
        if row.name is not None and not self.texts(row.sha256, "name"):
            name = self._keyring.open(msgspec.msgpack.decode(row.name, type=Sealed))
            texts |= {"name": name} if name else {}
        if placed.taken is not None:
            texts["taken"] = msgspec.json.encode(placed.taken).decode()
        of_record = f"attachment-{placed.sha256}" if placed.is_record else person
        fields = [
            (of_record if part in ("public", "name") else person, text)
            for part, text in texts.items()
        ]
        return dict(zip(texts, self._keyring.seal(fields), strict=True))

    def _known_keys(self, known: AttachmentRow | None) -> dict[str, bytes]:
        """The keys of those parts that are there and can be read."""
        found: dict[str, bytes] = {}
        if known is not None and not known.erased:
            for part in ("public", "apart"):
                with suppress(HandheldError):
                    found[part] = self.key(known.sha256, part)
        return found

    def _us(self) -> int:
        return int(self._now().timestamp() * 1_000_000)


class AttachmentStore(SealedAttachments):
    """Those of a data directory: bytes in files."""

    def __init__(
        self,
        data: Path,
        keyring: Keyring,
        *,
        reserve: int = RESERVE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        files = Files(data / "attachments")
        rows = Rows(SQLiteDatabase(data / "attachments.db", overwrite=True))
        super().__init__(rows, files, keyring, reserve=reserve, now=now)


class SharedAttachments(SealedAttachments):
    """Those of a database that several processes share: bytes in its tables."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        rows = Rows(database)
        super().__init__(rows, FrameRows(rows), keyring, reserve=0, now=now)


def _new_row(row: UploadRow, placed: Placed, now_us: int) -> AttachmentRow:
    return AttachmentRow(
        sha256=row.sha256,
        media=placed.content.format.media,
        original_size=row.size,
        size=placed.size,
        apart_size=placed.apart_size,
        location=placed.content.location,
        stored_us=now_us,
    )
