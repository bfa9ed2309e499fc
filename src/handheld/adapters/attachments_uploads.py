"""Uploads: who brings what, how far it has come, and what comes to nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_bytes, token_hex
from threading import RLock

import msgspec

from handheld.adapters.attachments_frames import FRAME, KEY_BYTES
from handheld.adapters.attachments_incoming import Appending, on_disk
from handheld.adapters.attachments_places import Places
from handheld.adapters.attachments_rows import Rows, UploadRow
from handheld.application.attachments_told import Upload
from handheld.application.ports import Keyring
from handheld.domain.errors import HandheldError, NotFound
from handheld_events.sealed import Sealed

UNFINISHED_MOST = 30
"""Uploads of one person that are not finished."""
KEPT = timedelta(days=7)
"""An upload that is not finished by then is dropped; one that is finished is then forgotten."""
_EXPIRE_EVERY_US = 3_600_000_000


class Uploads:
    """Bytes on their way to one installation. Safe to use from several threads."""

    def __init__(
        self,
        rows: Rows,
        places: Places,
        keyring: Keyring,
        *,
        reserve: int,
        now: Callable[[], datetime],
    ) -> None:
        self._rows = rows
        self._places = places
        self._keyring = keyring
        self._reserve = reserve
        self._now = now
        self._live: dict[str, Appending] = {}
        self._lock = RLock()
        self._expired_us = 0

    def close(self) -> None:
        """Make durable what has come."""
        with self._lock:
            live = list(self._live.values())
        for one in live:
            with suppress(HandheldError):
                one.close()

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
        """Expect bytes; what the same person has begun of the same goes on.

        Raises HandheldError (`attachments.full`, `attachments.too_many`, `attachments.unwritable`).
        """
        if self._us() - self._expired_us > _EXPIRE_EVERY_US:
            self.expire()
        with self._lock:
            known = self._rows.same(person, sha256)
            if known is not None and known.size == size and known.media == media:
                return self._told(known)
            if known is not None:
                self.discard(known.id)
            if self._rows.unfinished(person) >= UNFINISHED_MOST:
                raise HandheldError("attachments.too_many", most=UNFINISHED_MOST)
            self._check_room(size)
            key = token_bytes(KEY_BYTES)
            wanted = [(person, key.hex()), *([(person, name)] if name else [])]
            sealed = self._keyring.seal(wanted)
            row = UploadRow(
                id=token_hex(16),
                sha256=sha256,
                size=size,
                media=media,
                person=person,
                device=device,
                name=msgspec.msgpack.encode(sealed[1]) if name else None,
                key=sealed[0].key,
                box=sealed[0].box,
                received=0,
                tail=b"",
                begun_us=self._us(),
            )
            with on_disk():
                self._places.make_incoming(row.id)
            with self._rows.writing() as c:
                marks = ",".join("?" * len(row))
                c.execute(f"INSERT INTO uploads VALUES ({marks})", row)
            return self._told(row)

    def upload(self, name: str) -> tuple[str, Upload] | None:
        """Whose upload it is, and how far it has come; None where there is none.

        Whoever asks has lost the connection: what was coming over it is over.
        """
        self.end(name)
        row = self._rows.upload(name)
        return None if row is None else (row.person, self._told(row))

    def append(self, name: str, offset: int) -> Appending:
        """Go on from an offset.

        Raises NotFound (`attachments.no_upload`), HandheldError (`attachments.offset` with the right
        one, `attachments.unwritable`).
        """
        with self._lock:
            self.end(name)
            row = self.row(name)
            if offset != row.received or row.complete:
                raise HandheldError("attachments.offset", offset=row.received, given=offset)
            key = self.key_of(row)
            with on_disk():
                coming = self._places.coming(name, row.received // FRAME)
            begun = Appending(
                self._rows,
                coming,
                row,
                key,
                lambda: self._ended(name, begun),
            )
            self._live[name] = begun
            return begun

    def discard(self, name: str) -> None:
        """Drop an upload."""
        self.end(name)
        with self._rows.writing() as c:
            c.execute("DELETE FROM uploads WHERE id=?", (name,))
        self._places.drop_incoming(name)

    def expire(self) -> None:
        """Drop uploads that came to nothing, and forget those that are long done."""
        oldest = self._us() - int(KEPT.total_seconds() * 1_000_000)
        for row in self._rows.uploads():
            if row.begun_us < oldest and row.id not in self._live:
                self.discard(row.id)
        self._expired_us = self._us()

    def forget(self, person: str) -> None:
        """Drop the uploads of somebody erased."""
        for row in self._rows.uploads():
            if row.person == person:
                self.discard(row.id)

    def end(self, name: str) -> None:
        """What is coming is over; what has come is durable."""
        live = self._live.get(name)
        if live is None:
            return
        try:
            live.close()
        except HandheldError as error:
            if error.code != "attachments.superseded":  # it has gone on at another process
                raise

    def _ended(self, name: str, which: Appending) -> None:
        if self._live.get(name) is which:
            del self._live[name]

    def _check_room(self, size: int) -> None:
        """It is written twice, sealed as it comes and sealed for good, before the first is removed."""
        with on_disk():
            free = self._places.free()
        if free is not None and free - self._reserve < 2 * (size + self._rows.awaited_bytes()):
            raise HandheldError("attachments.full")

    def _told(self, row: UploadRow) -> Upload:
        return Upload(
            id=row.id,
            sha256=row.sha256,
            size=row.size,
            media=row.media,
            offset=row.received,
            complete=bool(row.complete),
        )

    def key_of(self, row: UploadRow) -> bytes:
        """The key under which it is sealed. Raises NotFound (`attachments.no_upload`)."""
        text = self._keyring.open(Sealed(subject=row.person, key=row.key, box=row.box))
        if text is None:
            raise NotFound("attachments.no_upload", upload=row.id)
        return bytes.fromhex(text)

    def row(self, name: str) -> UploadRow:
        """An upload. Raises NotFound (`attachments.no_upload`)."""
        row = self._rows.upload(name)
        if row is None:
            raise NotFound("attachments.no_upload", upload=name)
        return row

    def _us(self) -> int:
        return int(self._now().timestamp() * 1_000_000)
