"""A report form, filled in: whether it says what the form asks."""

from __future__ import annotations

import re

from handheld.domain.errors import Malformed
from handheld.domain.media import MEDIA, plain_media
from handheld.domain.words import check_words
from handheld_events.forms import Filled, Form, FormField, Photo, Photos

MOST_PHOTOS = 9
"""As many as the messengers send at a time."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


def check_filled(form: Form, filled: Filled, photos: Photos, visits: int) -> None:
    """The report fills the form: nothing required is missing, nothing is there that was not asked.

    `visits` is how many households the assignee has visited for the task. Photos may come with any
    report, asked for or not. Raises Malformed (`report.*`, `photos.*`, `words.*`), with the field.
    """
    check_photos(photos)
    asked = {field.key: field for field in form}
    kinds = (("number", filled.numbers), ("choice", filled.choices), ("text", filled.texts))
    for kind, answers in kinds:
        for key in answers:
            if key not in asked or asked[key].kind != kind:
                raise Malformed("report.field_unknown", field=key, known=", ".join(asked) or "-")
    for field in form:
        _check(field, filled, photos, visits)


def check_photos(photos: Photos) -> None:
    """Nine photos at the most, voice and documents among them, each once, named by its bytes' hash.

    Raises Malformed (`photos.too_many`, `photos.hash`, `photos.twice`, `photos.media`, `photos.size`).
    """
    if len(photos) > MOST_PHOTOS:
        raise Malformed("photos.too_many", count=len(photos), limit=MOST_PHOTOS)
    seen: set[str] = set()
    for photo in photos:
        if _SHA256.fullmatch(photo.sha256) is None:
            raise Malformed("photos.hash", photo=photo.sha256)
        if photo.sha256 in seen:
            raise Malformed("photos.twice", photo=photo.sha256)
        seen.add(photo.sha256)
        if not (_shows(photo) or plain_media(photo.media) in MEDIA):
            raise Malformed("photos.media", photo=photo.sha256, media=photo.media)
        if photo.size is not None and photo.size < 1:
            raise Malformed("photos.size", photo=photo.sha256, size=photo.size)


def _shows(photo: Photo) -> bool:
    return photo.media.startswith("image/")


def _check(field: FormField, filled: Filled, photos: Photos, visits: int) -> None:
    match field.kind:
        case "number":
            number = filled.numbers.get(field.key)
            if number is None:
                _missing(field)
            elif number < 0:
                raise Malformed("report.negative", field=field.key, label=field.label, value=number)
            elif field.most is not None and number > field.most:
                raise Malformed(
                    "report.too_large",
                    field=field.key,
                    label=field.label,
                    value=number,
                    most=field.most,
                )
        case "choice":
            choice = filled.choices.get(field.key)
            if choice is None:
                _missing(field)
            elif choice not in field.choices:
                raise Malformed(
                    "report.choice",
                    field=field.key,
                    label=field.label,
                    value=choice,
                    known=", ".join(field.choices),
                )
        case "text":
            text = filled.texts.get(field.key)
            if text is None:
                _missing(field)
            else:
                check_words(**{field.label: text})
        case "photo":
            if field.required and not any(map(_shows, photos)):
                raise Malformed("report.photo_missing", field=field.key, label=field.label)
        case "visits":
            if field.required and visits < 1:
                raise Malformed("report.visits_missing", field=field.key, label=field.label)


def _missing(field: FormField) -> None:
    if field.required:
        raise Malformed("report.field_missing", field=field.key, label=field.label)
