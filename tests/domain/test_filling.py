from __future__ import annotations

import pytest
from msgspec.structs import replace

from handheld.domain.errors import Malformed
from handheld.domain.filling import MOST_PHOTOS, check_filled, check_photos
from handheld_events.forms import NOTHING_FILLED, Filled, Form, FormField, Photo, Photos

MOVED = FormField(key="moved", label="转移人数", kind="number", unit="人", most=500)
ROAD = FormField(key="road", label="道路", kind="choice", choices=("畅通", "受阻"))
NOTE = FormField(key="note", label="说明", kind="text")
PICTURE = FormField(key="picture", label="照片", kind="photo")
VISITS = FormField(key="visits", label="走访", kind="visits")
FORM: Form = (MOVED, ROAD, NOTE, PICTURE, VISITS)
FULL = Filled(numbers={"moved": 3}, choices={"road": "畅通"}, texts={"note": "一户在外"})


def photos(count: int) -> Photos:
    return tuple(Photo(sha256=f"{n:064x}") for n in range(count))


def refused(code: str, form: Form, filled: Filled, shown: Photos = (), visits: int = 0) -> None:
    with pytest.raises(Malformed) as caught:
        check_filled(form, filled, shown, visits)
    assert caught.value.code == code


def test_a_report_that_says_all_that_is_asked() -> None:
    check_filled(FORM, FULL, photos(1), 1)
    check_filled((), NOTHING_FILLED, (), 0)
    check_filled((), NOTHING_FILLED, photos(2), 4)


def test_what_is_not_required_may_be_left_out() -> None:
    check_filled(tuple(replace(field, required=False) for field in FORM), NOTHING_FILLED, (), 0)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (MOVED, "report.field_missing"),
        (ROAD, "report.field_missing"),
        (NOTE, "report.field_missing"),
        (PICTURE, "report.photo_missing"),
        (VISITS, "report.visits_missing"),
    ],
)
def test_what_is_required_is_not_missing(field: FormField, code: str) -> None:
    refused(code, (field,), NOTHING_FILLED)


@pytest.mark.parametrize(
    "filled",
    [
        Filled(numbers={"gone": 1}),
        Filled(choices={"gone": "1"}),
        Filled(texts={"gone": "1"}),
        Filled(texts={"moved": "3"}),
        Filled(numbers={"picture": 1}),
        Filled(texts={"visits": "1"}),
    ],
)
def test_nothing_is_answered_that_was_not_asked_in_this_way(filled: Filled) -> None:
    optional = tuple(replace(field, required=False) for field in FORM)
    refused("report.field_unknown", optional, filled)
    refused("report.field_unknown", (), filled)


def test_a_number_lies_between_nothing_and_the_most_that_can_be() -> None:
    for number in (0, 500):
        check_filled((MOVED,), Filled(numbers={"moved": number}), (), 0)
    check_filled((replace(MOVED, most=None),), Filled(numbers={"moved": 10**9}), (), 0)
    refused("report.negative", (MOVED,), Filled(numbers={"moved": -1}))
    refused("report.negative", (replace(MOVED, most=None),), Filled(numbers={"moved": -1}))
    refused("report.too_large", (MOVED,), Filled(numbers={"moved": 501}))


def test_a_choice_is_one_of_those_given() -> None:
    refused("report.choice", (ROAD,), Filled(choices={"road": "不知道"}))


def test_a_text_says_something() -> None:
    refused("words.missing", (NOTE,), Filled(texts={"note": " "}))
    refused("words.too_long", (NOTE,), Filled(texts={"note": "长" * 4001}))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (photos(MOST_PHOTOS + 1), "photos.too_many"),
        ((Photo(sha256="A" * 64),), "photos.hash"),
        ((Photo(sha256="a" * 63),), "photos.hash"),
        ((Photo(sha256="a" * 64 + "\n"),), "photos.hash"),
        ((Photo(sha256="a" * 64), Photo(sha256="a" * 64)), "photos.twice"),
        ((Photo(sha256="a" * 64, media="text/html"),), "photos.media"),
        ((Photo(sha256="a" * 64, size=0),), "photos.size"),
    ],
)
def test_photos_that_cannot_be(wrong: Photos, code: str) -> None:
    refused(code, (), NOTHING_FILLED, wrong)
    with pytest.raises(Malformed):
        check_photos(wrong)


def test_nine_photos_are_not_too_many() -> None:
    check_photos(photos(MOST_PHOTOS))
