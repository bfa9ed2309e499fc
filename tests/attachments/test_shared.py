"""Attachments whose bytes lie in tables, brought and read at several processes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from handheld.adapters.attachments_frames import FRAME, DamagedFile
from handheld.adapters.attachments_store import SharedAttachments
from handheld.adapters.database_postgres import PostgresPool
from handheld.adapters.keyring import DatabaseKeyring
from handheld.application.attachments_told import Attachment
from handheld.domain.errors import HandheldError, Malformed, NotFound
from tests.support_attachments import (
    MARK,
    OTHER,
    SAMPLES,
    SENDER,
    Place,
    big_photo,
    hash_of,
    media_of,
    sample,
)
from tests.support_postgres import Postgres
from tests.support_stores import PostgresStores, tables_of

PHOTO = "image/jpeg"


class Process(Place):
    """One of several processes."""

    def __init__(self, stores: PostgresStores) -> None:
        self._stores = stores
        self.open()

    def open(self) -> None:
        self.keyring = DatabaseKeyring(self._stores.database("keys"))
        self.store = SharedAttachments(self._stores.database("files"), self.keyring)

    def files_stored(self) -> list[str]:
        """The names under which there are bytes."""
        with self._stores.database("files").reading() as c:
            return sorted(row[0] for row in c.execute("SELECT DISTINCT file FROM frames"))


@pytest.fixture
def shared(server: Postgres, pool: PostgresPool) -> PostgresStores:
    return PostgresStores(pool, server.conninfo)


@pytest.fixture
def two(shared: PostgresStores) -> Iterator[tuple[Process, Process]]:
    one, other = Process(shared), Process(shared)
    yield one, other
    one.close()
    other.close()


WELL = sorted(path.name for path in SAMPLES.iterdir() if not path.name.startswith("video"))
"""What is taken as it is; pictures that move need more than a head."""


@pytest.mark.parametrize("name", WELL)
def test_what_one_stores_another_gives_as_it_was_sent(
    two: tuple[Process, Process], name: str
) -> None:
    one, other = two
    data = sample(name)
    made = one.bring(data, media_of(name), name=name)
    assert other.store.attachment(made.sha256) == made
    assert other.original(made.sha256) == data
    assert len(other.public(made.sha256)) == made.size
    assert other.store.verify() == (1, "")


def test_an_upload_goes_on_at_another_process(
    two: tuple[Process, Process], shared: PostgresStores
) -> None:
    one, other = two
    data = big_photo(5 * FRAME + 1_000)
    upload = one.begin(data, PHOTO)
    for at, place in ((0, one), (100, other), (3 * FRAME + 7, one), (4 * FRAME, other)):
        known = place.store.upload(upload)
        assert known is not None
        assert known[1].offset == at
        rest = data[at : {0: 100, 100: 3 * FRAME + 7, 3 * FRAME + 7: 4 * FRAME}.get(at)]
        place.send(upload, rest, at)
    made = one.store.finish(upload)
    assert other.original(made.sha256) == data
    assert one.files_stored() == [f"{made.sha256}.apart", f"{made.sha256}.public"]
    assert MARK not in tables_of(shared.database("files"))


def test_a_connection_that_hangs_at_one_spoils_nothing_that_comes_at_another(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    data = big_photo(6 * FRAME)
    upload = one.begin(data, PHOTO)
    hanging = one.store.append(upload, 0)
    hanging.write(data[: 2 * FRAME])
    other.send(upload, data[: 3 * FRAME])
    with pytest.raises(HandheldError) as refused:
        hanging.close()
    assert refused.value.code == "attachments.superseded"
    known = one.store.upload(upload)
    assert known is not None
    assert known[1].offset == 3 * FRAME
    one.send(upload, data[3 * FRAME :], 3 * FRAME)
    assert other.original(one.store.finish(upload).sha256) == data


def test_the_same_photo_finished_at_two_at_once_is_read_by_both(
    two: tuple[Process, Process],
) -> None:
    ready = Barrier(2)

    def bring(place: Process, data: bytes, person: str) -> Attachment:
        upload = place.begin(data, PHOTO, person)
        place.send(upload, data)
        ready.wait()
        return place.store.finish(upload)

    with ThreadPoolExecutor(2) as threads:
        for seed in range(8):
            data = big_photo(40_000, seed)
            made = [
                threads.submit(bring, place, data, person)
                for place, person in zip(two, (SENDER, OTHER), strict=True)
            ]
            assert {done.result().sha256 for done in made} == {hash_of(data)}
            for place in two:
                assert place.original(hash_of(data)) == data
            assert set(two[0].store.holders(hash_of(data))) == {SENDER, OTHER}
    assert two[0].store.verify() == (8, "")
    assert len(two[0].files_stored()) == 16


def test_a_process_that_begins_takes_nothing_from_those_at_work(
    two: tuple[Process, Process], shared: PostgresStores
) -> None:
    one, _ = two
    data = big_photo(3 * FRAME)
    upload = one.begin(data, PHOTO)
    one.send(upload, data[:FRAME])
    third = Process(shared)
    one.send(upload, data[FRAME:], FRAME)
    assert third.store.finish(upload).sha256 == hash_of(data)
    third.close()


def test_what_is_dropped_or_erased_leaves_no_bytes(two: tuple[Process, Process]) -> None:
    one, other = two
    photo, voice = big_photo(100_000), sample("voice.m4a")
    dropped = one.begin(photo, PHOTO)
    one.send(dropped, photo)
    other.store.discard(dropped)
    with pytest.raises(NotFound):
        one.store.finish(dropped)
    made = one.bring(voice, "audio/mp4")
    wrong = one.begin(b"x" * 100, PHOTO)
    one.send(wrong, b"x" * 100)
    with pytest.raises(Malformed):
        one.store.finish(wrong)
    assert all(name.startswith(made.sha256) for name in one.files_stored())
    other.keyring.erase(SENDER)
    other.store.forget(SENDER)
    assert one.files_stored() == []
    with pytest.raises(HandheldError) as refused:
        one.public(made.sha256)
    assert refused.value.code == "attachments.erased"


def test_a_frame_that_was_changed_is_found_before_it_is_given(
    two: tuple[Process, Process], shared: PostgresStores
) -> None:
    one, _ = two
    made = one.bring(big_photo(200_000), PHOTO)
    with shared.database("files").writing() as c:
        c.execute("DELETE FROM frames WHERE file=? AND number=1", (f"{made.sha256}.public",))
    with pytest.raises(DamagedFile):
        one.public(made.sha256)
    assert one.store.verify()[1].startswith(made.sha256)
