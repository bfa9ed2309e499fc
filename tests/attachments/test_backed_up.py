"""Attachments in backups: whole, checked, and readable where the keyring is."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError, Installation
from handheld.domain.finding_commands import ReportFinding
from handheld.domain.register import ErasePerson
from handheld.domain.standing import Viewer
from handheld_events.forms import Photo
from tests.support_attachments import MARK, big_photo, hash_of, sample
from tests.support_backups import backed_up, restored
from tests.support_tasks import VILLAGE, A, C, Township, township

PHOTO, VOICE = big_photo(200_000), sample("voice.m4a")


def bring(home: Home, data: bytes, media: str, person: str) -> str:
    store = home.attachment_store
    upload = store.begin(person, None, sha256=hash_of(data), size=len(data), media=media)
    coming = store.append(upload.id, 0)
    coming.write(data)
    coming.close()
    return store.finish(upload.id).sha256


@pytest.fixture
def place(tmp_path: Path) -> Generator[Township]:
    with township(tmp_path / "data") as place:
        bring(place.home, PHOTO, "image/jpeg", C)
        bring(place.home, VOICE, "audio/mp4", A)
        photo = Photo(sha256=hash_of(PHOTO))
        place.do(ReportFinding(text="树倒了", division=VILLAGE, photos=(photo,)), C)
        yield place


def original(home: Home, data: bytes) -> bytes:
    return b"".join(home.attachment_store.original(hash_of(data)))


def test_a_restored_directory_has_every_attachment_and_who_may_see_it(
    place: Township, tmp_path: Path
) -> None:
    unfinished = place.home.attachment_store.begin(
        A, None, sha256="0" * 64, size=10, media="text/plain"
    )
    manifest = backed_up(place.home.directory, tmp_path / "backup")
    assert sum(name.startswith("attachments/") for name in manifest.files) == 3
    for path in (tmp_path / "backup").rglob("*"):
        assert path.is_dir() or MARK not in path.read_bytes(), path.name
    restored(tmp_path / "backup", tmp_path / "again")
    with Home(tmp_path / "again") as home:
        home.caught_up()
        assert original(home, PHOTO) == PHOTO
        assert original(home, VOICE) == VOICE
        assert home.attachment_store.upload(unfinished.id) is None
        assert home.attachments.describe(Viewer(A), hash_of(PHOTO)).original
        assert all(check.same for check in home.verify())
        assert {check.what: check.compared for check in home.verify()}["attachments"] == 2


def test_a_damaged_attachment_is_found_by_verify_and_by_restore(
    place: Township, tmp_path: Path
) -> None:
    backed_up(place.home.directory, tmp_path / "backup")
    for directory in (place.home.directory, tmp_path / "backup"):
        path = next(directory.glob(f"attachments/*/{hash_of(PHOTO)}.public"))
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes((data[-1] ^ 1,)))
    (found,) = [check for check in place.home.verify() if not check.same]
    assert (found.what, found.detail.startswith(hash_of(PHOTO))) == ("attachments", True)
    with pytest.raises(Installation) as caught:
        restored(tmp_path / "backup", tmp_path / "again")
    assert caught.value.code == "backup.damaged"
    assert not (tmp_path / "again").exists()


def test_what_was_erased_is_in_no_later_backup(place: Township, tmp_path: Path) -> None:
    place.do(ErasePerson(person=A, reason="本人申请"))
    place.home.erase_keys(A)
    backed_up(place.home.directory, tmp_path / "backup")
    assert not list((tmp_path / "backup").rglob(f"{hash_of(VOICE)}.*"))
    restored(tmp_path / "backup", tmp_path / "again")
    with Home(tmp_path / "again") as home:
        assert original(home, PHOTO) == PHOTO
        with pytest.raises(HandheldError) as caught:
            original(home, VOICE)
        assert caught.value.code == "attachments.erased"


def test_an_erasure_that_was_cut_short_is_finished_when_attachments_are_opened(
    place: Township,
) -> None:
    """The log took it, and the process ended before the files went."""
    directory = place.home.directory
    place.do(ErasePerson(person=A, reason="本人申请"))
    place.home.close()
    with Home(directory) as home:
        with pytest.raises(HandheldError) as caught:
            original(home, VOICE)
        assert caught.value.code == "attachments.erased"
        assert not list(directory.rglob(f"{hash_of(VOICE)}.*"))


def test_which_facts_name_an_attachment_is_made_anew_from_the_log(place: Township) -> None:
    home = place.home
    directory = home.directory
    home.caught_up()
    named = home.mentions.of(hash_of(PHOTO))
    assert [line.position for line in named] == [home.log.end()]
    home.close()
    for path in directory.glob("views.db*"):
        path.unlink()
    with Home(directory) as again:
        again.caught_up()
        assert again.mentions.of(hash_of(PHOTO)) == named
