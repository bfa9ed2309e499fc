"""What facts may name: photos, and with them voice and documents."""

from __future__ import annotations

import pytest

from handheld.domain.errors import Malformed
from handheld.domain.filling import check_filled, check_photos
from handheld.domain.media import FORMATS
from handheld_events.forms import NOTHING_FILLED, FormField, Photo

PICTURE = (FormField(key="scene", label="现场", kind="photo"),)
VOICE = Photo(sha256="a" * 64, media="audio/webm;codecs=opus")


@pytest.mark.parametrize("media", [one.media for one in FORMATS])
def test_whatever_can_be_attached_can_be_named(media: str) -> None:
    check_photos((Photo(sha256="a" * 64, media=media),))


@pytest.mark.parametrize("media", ["text/html", "image", "video/mp4", "application/zip", ""])
def test_nothing_else_can(media: str) -> None:
    with pytest.raises(Malformed) as caught:
        check_photos((Photo(sha256="a" * 64, media=media),))
    assert caught.value.code == "photos.media"


def test_a_voice_is_no_photo_where_the_form_asks_for_one() -> None:
    with pytest.raises(Malformed) as caught:
        check_filled(PICTURE, NOTHING_FILLED, (VOICE,), 0)
    assert caught.value.code == "report.photo_missing"
    check_filled(PICTURE, NOTHING_FILLED, (VOICE, Photo(sha256="b" * 64)), 0)
