"""What files are, by their content; and what of a photo others see."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from handheld.application.attachments_told import Taken
from handheld.domain.errors import Malformed
from tests.support_attachments import MARK, SAMPLES, Place, hash_of, media_of, sample

TAKEN = Taken(
    latitude=28.975,
    longitude=118.8708333,
    taken_at="2021-07-23T15:04:00",
    device="SYNTHETICMAKE MODEL-X",
)
STRIPPED = ("gps.jpg", "progressive.jpg", "gps.png", "gps.webp")
TAKEN_AS_THEY_ARE = sorted(
    path.name for path in SAMPLES.iterdir() if path.name not in STRIPPED and path.suffix != ".mp4"
)


def refused(place: Place, data: bytes, media: str) -> str:
    """The code with which a file is refused; nothing of it is left."""
    with pytest.raises(Malformed) as caught:
        place.bring(data, media)
    assert place.left() == []
    assert place.store.attachment(hash_of(data)) is None
    return caught.value.code


@pytest.mark.parametrize("name", STRIPPED)
def test_what_the_camera_wrote_is_not_in_what_others_see_and_is_kept_apart(
    place: Place, name: str
) -> None:
    data = sample(name)
    assert MARK in data
    found = place.bring(data, media_of(name))
    public = place.public(found.sha256)
    assert MARK not in public
    assert b"xmpmeta" not in public
    assert b"\x88\x25" not in public, "the tag of the GPS directory is left"
    assert (found.location, found.stripped, found.size) == ("apart", True, len(public))
    assert place.store.taken(found.sha256) == TAKEN
    assert place.original(found.sha256) == data


@pytest.mark.parametrize("name", ["gps.jpg", "gps.png", "gps.webp"])
def test_which_way_is_up_is_still_said(place: Place, name: str) -> None:
    """The samples lie on their side: without it people would see them so."""
    found = place.bring(sample(name), media_of(name))
    public = place.public(found.sha256)
    upright = re.search(
        rb"MM\x00\*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01(..)", public
    )
    assert upright is not None
    assert upright[1] == b"\x00\x06"


def test_colours_stay_as_they_are(place: Place) -> None:
    found = place.bring(sample("gps.jpg"), "image/jpeg")
    assert b"ICC_PROFILE\x00" in place.public(found.sha256)
    assert b"JFIF\x00" in place.public(found.sha256)


def test_the_head_of_a_webp_says_what_is_left_of_it(place: Place) -> None:
    found = place.bring(sample("gps.webp"), "image/webp")
    public = place.public(found.sha256)
    assert int.from_bytes(public[4:8], "little") == len(public) - 8
    assert public[20] & 0x04 == 0, "it still announces XMP"
    assert public[20] & 0x08, "it does not announce which way is up"


@pytest.mark.parametrize(
    "name", [n for n in TAKEN_AS_THEY_ARE if not n.startswith(("gps", "video"))]
)
def test_what_tells_of_no_place_is_stored_as_it_is(place: Place, name: str) -> None:
    data = sample(name)
    found = place.bring(data, media_of(name))
    assert (found.media, found.location, found.stripped) == (media_of(name), "none", True)
    assert place.public(found.sha256) == data


@pytest.mark.parametrize("name", ["gps.heic", "gps.avif"])
def test_a_place_that_cannot_be_taken_out_is_said_to_be_inside(place: Place, name: str) -> None:
    found = place.bring(sample(name), media_of(name))
    assert (found.location, found.stripped) == ("inside", False)


def test_a_recording_that_names_its_place_says_so(place: Place) -> None:
    data = sample("voice.m4a")
    at = data.index(b"moov") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    spot = b"\x00\x00\x00\x1a\xa9xyz\x00\x0e\x15\xc7+28.97+118.8/"
    told = data[:at] + (size + len(spot)).to_bytes(4, "big") + data[at + 4 : at + size] + spot
    found = place.bring(told + data[at + size :], "audio/mp4")
    assert found.location == "inside"


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("gps.jpg", "image/png"),
        ("gps.png", "image/jpeg"),
        ("voice.m4a", "image/heic"),
        ("paper.pdf", "text/plain"),
        ("table.xlsx", media_of("a.docx")),
        ("words.txt", "application/pdf"),
    ],
)
def test_what_is_not_what_it_is_said_to_be_is_refused(place: Place, name: str, media: str) -> None:
    assert refused(place, sample(name), media) == "attachments.other_media"


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("voice.m4a", "audio/x-m4a"),
        ("voice.webm", "audio/webm;codecs=opus"),
        ("gps.jpg", "IMAGE/JPG"),
        ("plain.heic", "image/heif"),
        ("voice.ogg", "audio/opus"),
    ],
)
def test_other_names_of_the_same_are_understood(place: Place, name: str, media: str) -> None:
    assert place.bring(sample(name), media).media == media_of(name)


MARKUP = (
    b"<html><script>alert(1)</script>",
    b"  \n<!DOCTYPE html><p>",
    b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
    b"<?xml version='1.0'?><svg/>",
    b"<ScRiPt>x()</script>",
)


@pytest.mark.parametrize("data", MARKUP)
def test_what_a_browser_would_run_is_refused(place: Place, data: bytes) -> None:
    assert refused(place, data, "text/plain") == "attachments.runs"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"MZ\x90\x00 a program", "attachments.unknown"),
        (b"\x7fELF\x02\x01\x01\x00", "attachments.unknown"),
        (b"GIF89a\x01\x00\x01\x00", "attachments.unknown"),
        ("汉字".encode("gb18030"), "attachments.unknown"),
        (b"plain\x1b[2J words", "attachments.unknown"),
        (b" " + sample("gps.jpg"), "attachments.unknown"),
    ],
)
def test_what_is_nothing_that_is_taken_is_refused(place: Place, data: bytes, code: str) -> None:
    assert refused(place, data, "text/plain") == code


@pytest.mark.parametrize("name", ["video.mp4", "video.webm"])
def test_a_video_is_not_a_voice(place: Place, name: str) -> None:
    media = "audio/mp4" if name.endswith("mp4") else "audio/webm"
    assert refused(place, sample(name), media) == "attachments.video"


def archive(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        for name in names:
            out.writestr(name, "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (archive("a.txt"), "attachments.unknown"),
        (archive("word/document.xml"), "attachments.unknown"),
        (
            archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "attachments.runs",
        ),
        (archive("[Content_Types].xml", "word/document.xml", "x.JS"), "attachments.runs"),
        (sample("paper.docx")[:-30], "attachments.damaged"),
        (sample("paper.docx") + b"<html>more</html>", "attachments.damaged"),
        (b"PK\x03\x04" + b"x" * 50 + sample("paper.docx"), "attachments.damaged"),
    ],
)
def test_an_archive_is_a_document_or_nothing(place: Place, data: bytes, code: str) -> None:
    assert refused(place, data, media_of("a.docx")) == code


def test_a_pdf_that_runs_something_is_refused_wherever_it_says_so(place: Place) -> None:
    word = b"<< /S /JavaScript /JS (app.alert(1)) >>"
    for before in (0, 65_536 - 1400 - 8, 70_000):
        data = sample("paper.pdf") + b"%" + b"x" * before + word + b"\n%%EOF"
        assert refused(place, data, "application/pdf") == "attachments.runs"


SCRIPT = b"<html><script>alert('both')</script></html>"


@pytest.mark.parametrize("name", ["plain.jpg", "gps.png", "plain.webp"])
def test_whatever_follows_the_end_of_a_picture_is_not_given_to_others(
    place: Place, name: str
) -> None:
    data = sample(name) + SCRIPT
    found = place.bring(data, media_of(name))
    assert b"script" not in place.public(found.sha256)
    assert place.original(found.sha256) == data


def test_a_script_inside_a_picture_is_not_given_to_others(place: Place) -> None:
    plain = sample("plain.jpg")
    words = b"\xff\xfe" + (len(SCRIPT) + 2).to_bytes(2, "big") + SCRIPT
    found = place.bring(plain[:2] + words + plain[2:], "image/jpeg")
    assert place.public(found.sha256) == plain


@pytest.mark.parametrize("name", ["gps.jpg", "gps.png", "gps.webp", "gps.heic", "voice.m4a"])
def test_no_damage_to_a_file_leads_to_more_than_a_refusal(place: Place, name: str) -> None:
    """Every length of it, and every byte of its head turned over."""
    data = sample(name)
    cut = [data[:n] for n in range(3, len(data), max(1, len(data) // 15))]
    turned = [data[:n] + bytes((data[n] ^ 0xFF,)) + data[n + 1 :] for n in range(2, 120, 5)]
    outcomes = set()
    for one in (*cut, *turned):
        try:
            found = place.bring(one, media_of(name))
        except Malformed as error:
            outcomes.add(error.code)
        else:
            outcomes.add("stored")
            assert place.original(found.sha256) == one
            if name in STRIPPED:
                assert b"SYNTHETICARTIST" not in place.public(found.sha256)
    assert "attachments.damaged" in outcomes


def test_the_samples_are_what_their_names_say(tmp_path: Path) -> None:
    assert {path.suffix for path in SAMPLES.iterdir()} >= {".jpg", ".png", ".heic", ".docx", ".amr"}
