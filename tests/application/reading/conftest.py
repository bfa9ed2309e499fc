"""One town for all who look at it and change nothing there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handheld.application.reading.seen import Look
from handheld.application.reading.timelines import Timelines
from tests.support_reading import Town, town


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("town") / "data") as found:
        yield found


@pytest.fixture
def look(place: Town) -> Look:
    return place.home.looking.look()


@pytest.fixture
def timelines(place: Town) -> Timelines:
    return Timelines(place.home.looking, place.home.indexes)
