"""Bringing bytes: in pieces, over lost connections, twice at once; sealed on the disk, whole or not there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from handheld.adapters.attachments_frames import FRAME, DamagedFile
from handheld.adapters.attachments_store import AttachmentStore
from handheld.adapters.attachments_uploads import UNFINISHED_MOST
from handheld.domain.errors import HandheldError, Malformed, NotFound
from tests.support_attachments import (
    MARK,
    OTHER,
    SENDER,
    Place,
    big_photo,
    hash_of,
    media_of,
    sample,
)

SIZES = (1, 100, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 200_001)


def text(size: int) -> bytes:
    return (b"0123456789abcde\n" * (size // 16 + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
def test_what_came_in_any_pieces_is_what_is_stored(place: Place, size: int) -> None:
    random, data, offset = Random(size), text(size), 0
    upload = place.begin(data, "text/plain")
    while offset < size:
        piece = random.randint(1, 100_000)
        offset = place.send(upload, data[offset : offset + piece], offset)
        if random.random() < 0.3:
            place.again()
        found = place.store.upload(upload)
        assert found is not None
        assert found[1].offset == offset
    stored = place.store.finish(upload)
    assert (stored.size, stored.sha256) == (size, hash_of(data))
    assert place.public(stored.sha256) == data
    assert place.left() == []


@pytest.mark.parametrize("size", SIZES)
def test_any_part_can_be_read(place: Place, size: int) -> None:
    data, random = text(size), Random(size)
    digest = place.bring(data, "text/plain").sha256
    with place.store.open(digest) as source:
        for _ in range(50):
            start, length = random.randint(0, size), random.randint(0, 2 * FRAME)
            assert source.at(start, length) == data[start : start + length]


def test_a_lost_connection_keeps_what_came_over_it(place: Place) -> None:
    """Its end is not seen yet when the next one asks: what it brought counts all the same."""
    data = big_photo(300_000)
    upload = place.begin(data, "image/jpeg")
    lost = place.store.append(upload, 0)
    lost.write(data[:100_000])
    found = place.store.upload(upload)
    assert found is not None
    assert found[1].offset == 100_000
    with pytest.raises(HandheldError) as caught:
        lost.write(data[100_000:])
    assert caught.value.code == "attachments.superseded"
    assert place.send(upload, data[100_000:], 100_000) == len(data)
    assert place.original(place.store.finish(upload).sha256) == data


def test_who_begins_at_a_wrong_place_is_told_the_right_one(place: Place) -> None:
    data = text(1000)
    upload = place.begin(data, "text/plain")
    place.send(upload, data[:400])
    for wrong in (0, 399, 401, 1000):
        with pytest.raises(HandheldError) as caught:
            place.store.append(upload, wrong)
        assert (caught.value.code, caught.value.params["offset"]) == ("attachments.offset", 400)


def test_more_than_was_said_is_not_taken_and_harms_nothing(place: Place) -> None:
    data = text(1000)
    upload = place.begin(data, "text/plain")
    place.send(upload, data[:900])
    with pytest.raises(Malformed) as caught:
        place.send(upload, data[900:] + b"x", 900)
    assert caught.value.code == "attachments.too_long"
    place.send(upload, data[900:], 900)
    assert place.public(place.store.finish(upload).sha256) == data


def test_other_bytes_than_were_announced_are_thrown_away(place: Place) -> None:
    data = sample("gps.jpg")
    upload = place.begin(data, "image/jpeg")
    place.send(upload, data[:-1] + b"x")
    with pytest.raises(Malformed) as caught:
        place.store.finish(upload)
    assert caught.value.code == "attachments.wrong_hash"
    assert (place.left(), place.store.upload(upload)) == ([], None)
    assert place.store.stored_of([hash_of(data)]) == set()


def test_what_has_not_all_come_is_not_stored(place: Place) -> None:
    data = text(1000)
    upload = place.begin(data, "text/plain")
    place.send(upload, data[:999])
    with pytest.raises(Malformed) as caught:
        place.store.finish(upload)
    assert caught.value.code == "attachments.incomplete"
    place.send(upload, data[999:], 999)
    place.store.finish(upload)


def test_finishing_twice_is_finishing_once(place: Place) -> None:
    data = sample("gps.jpg")
    upload = place.begin(data, "image/jpeg")
    place.send(upload, data)
    assert place.store.finish(upload) == place.store.finish(upload)
    found = place.store.upload(upload)
    assert found is not None
    assert found[1].complete


def test_announcing_the_same_again_goes_on_with_it(place: Place) -> None:
    data = text(1000)
    upload = place.begin(data, "text/plain")
    place.send(upload, data[:10])
    assert place.begin(data, "text/plain") == upload
    assert place.begin(data, "text/plain", OTHER) != upload
    changed = place.store.begin(SENDER, None, sha256=hash_of(data), size=999, media="text/plain")
    assert (changed.id != upload, changed.offset) == (True, 0)
    assert place.store.upload(upload) is None


def test_the_same_from_many_at_once_is_stored_once_and_is_theirs(place: Place) -> None:
    data = big_photo(400_000)
    people = [f"person-SYN-{n}" for n in range(8)]
    with ThreadPoolExecutor(len(people)) as threads:
        found = list(threads.map(lambda who: place.bring(data, "image/jpeg", who), people))
    assert {one.sha256 for one in found} == {hash_of(data)}
    assert set(place.store.holders(hash_of(data))) == set(people)
    assert place.original(hash_of(data)) == data
    assert place.left() == []
    assert place.store.verify() == (1, "")


def test_nobody_begins_more_than_so_many(place: Place) -> None:
    uploads = [place.begin(text(n + 1), "text/plain") for n in range(UNFINISHED_MOST)]
    with pytest.raises(HandheldError) as caught:
        place.begin(text(5000), "text/plain")
    assert caught.value.code == "attachments.too_many"
    place.begin(text(5000), "text/plain", OTHER)
    place.store.discard(uploads[0])
    place.begin(text(5000), "text/plain")


def test_what_is_not_finished_in_seven_days_is_dropped(tmp_path: Path) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    place = Place(tmp_path / "data", now=lambda: now)
    try:
        old, done = place.begin(text(10), "text/plain"), place.begin(text(20), "text/plain")
        place.send(done, text(20))
        place.store.finish(done)
        now += timedelta(days=6)
        young = place.begin(text(30), "text/plain")
        now += timedelta(days=1, hours=1)
        place.begin(text(40), "text/plain")
        assert place.store.upload(old) is None
        assert place.store.upload(done) is None
        assert place.store.upload(young) is not None
        assert old not in place.left()
        assert place.public(hash_of(text(20))) == text(20)
        place.again()
        assert place.store.upload(young) is not None
    finally:
        place.close()


def test_no_file_of_the_directory_holds_anything_in_plaintext(place: Place) -> None:
    data = big_photo(200_000)
    upload = place.begin(data, "image/jpeg", name="合成的名字SYNTHETICNAME.jpg")
    marks = (MARK, data[100_000:100_016], data[-40:-20], "合成的名字".encode())
    for offset in (0, 70_000, 150_000):
        place.send(
            upload,
            data[offset : min(offset + 80_000, len(data))][: 70_000 if not offset else 80_000],
            offset,
        )
        for path in place.files():
            assert not any(mark in path.read_bytes() for mark in marks), path.name
    found = place.store.finish(upload)
    assert found.name == "合成的名字SYNTHETICNAME.jpg"
    place.close()
    for path in place.files():
        assert not any(mark in path.read_bytes() for mark in marks), path.name
        assert path.stat().st_mode & 0o077 == 0, path.name
    place.open()


def test_a_changed_byte_anywhere_is_found_before_it_is_given(place: Place) -> None:
    data = big_photo(200_000)
    digest = place.bring(data, "image/jpeg").sha256
    path = place.directory / "attachments" / digest[:2] / f"{digest}.public"
    whole = path.read_bytes()
    for at in (0, 20, 70_000, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :])
        with pytest.raises(DamagedFile):
            place.public(digest)
        assert place.store.verify()[1].startswith(digest)
    frame = FRAME + 28
    swapped = whole[frame : 2 * frame] + whole[:frame] + whole[2 * frame :]
    for other in (whole[:-1], whole[:frame], b"", swapped):
        path.write_bytes(other)
        with pytest.raises(DamagedFile):
            place.public(digest)
    path.write_bytes(whole)
    assert place.store.verify() == (1, "")


def test_files_that_no_row_names_are_gone_at_the_next_opening(place: Place) -> None:
    digest = place.bring(sample("gps.jpg"), "image/jpeg").sha256
    upload = place.begin(text(100), "text/plain")
    stray = place.directory / "attachments" / "ab" / f"{'ab' * 32}.public"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"x")
    (place.directory / "attachments" / "incoming" / "left.prepared").write_bytes(b"x")
    place.again()
    assert not stray.exists()
    assert place.left() == [upload]
    assert place.public(digest)


# --- erasure -------------------------------------------------------------------------------------


def erase(place: Place, person: str) -> None:
    place.keyring.erase(person)
    place.store.forget(person)


def test_what_an_erased_person_photographed_stays_without_place_and_time(place: Place) -> None:
    digest = place.bring(sample("gps.jpg"), "image/jpeg").sha256
    public = place.public(digest)
    erase(place, SENDER)
    assert place.public(digest) == public
    assert place.store.taken(digest) is None
    with pytest.raises(HandheldError) as caught:
        place.original(digest)
    assert caught.value.code == "attachments.erased"
    assert [path.suffix for path in place.files() if digest in path.name] == [".public"]
    assert place.store.verify() == (1, "")


@pytest.mark.parametrize("name", ["voice.m4a", "gps.heic"])
def test_a_voice_and_a_picture_with_its_place_inside_go_with_the_person(
    place: Place, name: str
) -> None:
    digest = place.bring(sample(name), media_of(name)).sha256
    upload = place.begin(text(10), "text/plain")
    erase(place, SENDER)
    with pytest.raises(HandheldError) as caught:
        place.store.open(digest)
    assert caught.value.code == "attachments.erased"
    assert not [path for path in place.files() if digest in path.name]
    assert place.store.upload(upload) is None
    found = place.store.attachment(digest)
    assert found is not None
    assert found.erased
    assert place.store.verify() == (0, "")


def test_what_two_people_sent_is_gone_when_both_are(place: Place) -> None:
    digest = place.bring(sample("voice.m4a"), "audio/mp4").sha256
    place.bring(sample("voice.m4a"), "audio/mp4", OTHER)
    erase(place, SENDER)
    assert place.public(digest) == sample("voice.m4a")
    erase(place, OTHER)
    with pytest.raises(HandheldError):
        place.store.open(digest)


@pytest.mark.parametrize("name", ["voice.m4a", "gps.jpg"])
def test_what_was_erased_can_be_brought_anew_by_somebody_else(place: Place, name: str) -> None:
    data = sample(name)
    digest = place.bring(data, media_of(name)).sha256
    erase(place, SENDER)
    place.bring(data, media_of(name), OTHER)
    assert place.original(digest) == data
    assert place.store.verify() == (1, "")
    place.again()
    assert place.original(digest) == data


def test_without_the_keyring_nothing_can_be_read(place: Place) -> None:
    digest = place.bring(sample("plain.jpg"), "image/jpeg").sha256
    place.close()
    (place.directory / "keyring.db").unlink()
    place.open()
    with pytest.raises(HandheldError) as caught:
        place.store.open(digest)
    assert caught.value.code == "attachments.erased"


def test_what_is_not_there_is_said_not_to_be(place: Place) -> None:
    with pytest.raises(NotFound):
        place.store.open("0" * 64)
    with pytest.raises(NotFound):
        place.store.append("0" * 32, 0)


def test_a_disk_without_room_to_spare_takes_nothing(place: Place) -> None:
    greedy = AttachmentStore(place.directory, place.keyring, reserve=10**18)
    try:
        with pytest.raises(HandheldError) as caught:
            greedy.begin(SENDER, None, sha256="0" * 64, size=1, media="text/plain")
        assert caught.value.code == "attachments.full"
        assert greedy.rows.uploads() == []
    finally:
        greedy.close()
