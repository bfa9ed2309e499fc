"""Map files: GeoJSON (RFC 7946), as operators export it from whatever they have."""

from __future__ import annotations

from typing import Any

import msgspec

from handheld.application.outlining import Feature
from handheld.domain.errors import Malformed
from handheld_events.division import Point, Polygons

MOST_FEATURES = 20_000


def read_features(raw: bytes) -> list[Feature]:
    """The features of a FeatureCollection, or of a single Feature.

    Raises Malformed (`geojson.unreadable`, `geojson.collection`).
    """
    try:
        found = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("geojson.unreadable", reason=str(error)[:200]) from error
    features: Any = None
    if isinstance(found, dict):
        features = [found] if found.get("type") == "Feature" else found.get("features")
    if not isinstance(features, list) or not features or len(features) > MOST_FEATURES:
        raise Malformed("geojson.collection", most=MOST_FEATURES)
    return [_feature(one) for one in features]


def _feature(found: Any) -> Feature:
    if not isinstance(found, dict):
        return Feature({}, None)
    properties = found.get("properties")
    told = dict(properties) if isinstance(properties, dict) else {}
    if "id" in found:
        told.setdefault("id", found["id"])
    return Feature(told, _polygons(found.get("geometry")))


def _polygons(geometry: Any) -> Polygons | None:
    """The polygons; None where it is another shape, or not as the standard has it."""
    if not isinstance(geometry, dict):
        return None
    coordinates: Any = geometry.get("coordinates")
    try:
        match geometry.get("type"):
            case "Polygon":
                return (_polygon(coordinates),)
            case "MultiPolygon":
                return tuple(_polygon(one) for one in coordinates)
            case _:
                return None
    except (TypeError, ValueError, IndexError):
        return None


def _polygon(rings: Any) -> tuple[tuple[Point, ...], ...]:
    return tuple(tuple(_point(point) for point in ring) for ring in rings)


def _point(point: Any) -> Point:
    longitude, latitude = point[0], point[1]
    if isinstance(longitude, bool) or not isinstance(longitude, int | float):
        raise TypeError
    if isinstance(latitude, bool) or not isinstance(latitude, int | float):
        raise TypeError
    return float(longitude), float(latitude)
