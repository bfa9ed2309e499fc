"""A map is taken in: looked at first, then drawn for everybody, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support_http import client
from tests.support_live import grant_desk
from tests.support_server import Served, served
from tests.support_tasks import DISTRICT, A, township

TOWNSHIP = "330825101"


def square(west: float, south: float, side: float = 0.1) -> dict[str, Any]:
    """A square, as a map has it."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def a_map(*features: tuple[dict[str, Any], Any]) -> bytes:
    told = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    return json.dumps({"type": "FeatureCollection", "features": told}).encode()


class Mapping:
    """An operator who takes maps in, and somebody who looks."""

    def __init__(self, server: Served, name: str) -> None:
        self.server = server
        self.name = name
        """Of a division below the district."""
        self._operator = grant_desk(server.home)

    def take(self, raw: bytes, **query: Any) -> httpx.Response:
        headers = {
            "authorization": f"Bearer {self._operator}",
            "content-type": "application/geo+json",
            "idempotency-key": self.server.key(),
            "accept-language": "en",
        }
        with client(self.server.api) as operator:
            asked = {"division": DISTRICT, **query}
            return operator.post("/imports/outlines", content=raw, params=asked, headers=headers)

    def shown(self, division: str = DISTRICT, **headers: str) -> httpx.Response:
        with self.server.client(A) as client:
            return client.get(f"/outlines/{division}", headers=headers)


@pytest.fixture
def mapping(tmp_path: Path) -> Generator[Mapping]:
    with township(tmp_path / "data") as place, served(place.home) as server:
        (below, *_) = place.home.organisation.known().children(DISTRICT)
        yield Mapping(server, below.name)


def test_a_map_is_looked_at_and_then_drawn_for_everybody(mapping: Mapping) -> None:
    raw = a_map(
        ({"code": DISTRICT}, square(119.0, 29.0, 1)),
        ({"name": mapping.name}, square(119.1, 29.1)),
        ({"name": "Nowhere"}, square(0, 0)),
        ({"code": DISTRICT}, square(1, 1)),
        ({"name": "A well"}, {"type": "Point", "coordinates": [119, 29]}),
    )
    end = mapping.server.home.log.end()
    looked = mapping.take(raw, dry_run=True, source="Synthetic").json()
    first = looked["drawn"][0]
    assert (first["code"], first["change"]) == (DISTRICT, "new")
    assert [(one["feature"], one["code"]) for one in looked["left_out"]] == [
        (3, "outline.unmatched"),
        (4, "outline.twice"),
        (5, "outline.unmatched"),
    ]
    assert len(looked["shown"]["features"]) == 2
    assert mapping.server.home.log.end() == end
    assert mapping.shown().json()["features"] == []
    taken = mapping.take(raw, source="Synthetic").json()
    assert taken["position"] >= end + 2
    shown = mapping.shown()
    assert shown.json() == looked["shown"]
    first, second = shown.json()["features"]
    assert first["properties"] == {
        "code": DISTRICT,
        "name": first["properties"]["name"],
        "source": "Synthetic",
    }
    assert first["geometry"]["type"] == "MultiPolygon"
    assert second["properties"]["name"] == mapping.name
    again = mapping.shown(**{"if-none-match": shown.headers["etag"]})
    assert again.status_code == 304


def test_the_same_map_again_records_nothing_and_another_one_takes_its_place(
    mapping: Mapping,
) -> None:
    raw = a_map(({"adcode": int(DISTRICT)}, square(119, 29, 1)))
    mapping.take(raw)
    end, etag = mapping.server.home.log.end(), mapping.shown().headers["etag"]
    assert mapping.take(raw).json()["drawn"][0]["change"] == "unchanged"
    assert mapping.server.home.log.end() == end
    other = mapping.take(a_map(({"code": DISTRICT}, square(118, 28, 1))))
    assert other.json()["drawn"][0]["change"] == "changed"
    moved = mapping.shown(**{"if-none-match": etag})
    assert moved.json()["features"][0]["geometry"]["coordinates"][0][0][0] == [118.0, 28.0]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"[1, 2", "geojson.unreadable"),
        (b"[" * 100_000, "geojson.unreadable"),
        (b'{"type": "FeatureCollection", "features": []}', "geojson.collection"),
        (b'{"type": "FeatureCollection", "features": "none"}', "geojson.collection"),
        (a_map(({"name": "Nowhere"}, square(0, 0))), "outline.nothing"),
        (a_map(({"code": DISTRICT}, square(400, 29))), "outline.nothing"),
        (a_map(({"code": DISTRICT}, {"type": "Polygon", "coordinates": 7})), "outline.nothing"),
    ],
)
def test_what_is_no_map_is_refused_in_words_and_changes_nothing(
    mapping: Mapping, raw: bytes, code: str
) -> None:
    end = mapping.server.home.log.end()
    answer = mapping.take(raw)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["detail"]
    assert mapping.server.home.log.end() == end


def test_only_operators_take_maps_in(mapping: Mapping) -> None:
    with mapping.server.client(A) as client:
        answer = client.post(
            "/imports/outlines",
            params={"division": DISTRICT},
            content=a_map(({"code": DISTRICT}, square(119, 29))),
            headers={
                "content-type": "application/geo+json",
                "idempotency-key": mapping.server.key(),
            },
        )
    assert answer.status_code == 403


def test_outlines_of_a_division_that_there_is_not_are_not_found(mapping: Mapping) -> None:
    assert mapping.shown("330899").status_code == 404
