"""Outlines as maps take them: GeoJSON (RFC 7946) of a division and those one tier below."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from handheld.application.ports import Log
from handheld.application.reading.organisation import known_division
from handheld.application.reading.seen import Look
from handheld.domain.seeing import Viewer
from handheld_events.codec import Reading
from handheld_events.division import DivisionOutlined, Polygons


class MultiPolygon(msgspec.Struct, frozen=True, tag_field="type", tag="MultiPolygon"):
    """Where a division lies."""

    coordinates: Polygons


class Labels(msgspec.Struct, frozen=True, kw_only=True):
    """Which division it is."""

    code: str
    name: str
    source: str | None = None


class OutlineFeature(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="Feature"):
    """A division."""

    id: str
    properties: Labels
    geometry: MultiPolygon


class OutlineCollection(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="FeatureCollection"
):
    """The division itself first, where it has an outline; then those below it, by code."""

    features: tuple[OutlineFeature, ...]

    @classmethod
    def of(cls, drawn: Iterable[tuple[str, str, str | None, Polygons]]) -> OutlineCollection:
        """From code, name, source and polygons of each."""
        return cls(
            features=tuple(
                OutlineFeature(
                    id=code,
                    properties=Labels(code=code, name=name, source=source),
                    geometry=MultiPolygon(polygons),
                )
                for code, name, source, polygons in sorted(drawn, key=lambda one: one[0])
            )
        )


def outlines(
    look: Look, viewer: Viewer, code: str, log: Log, reading: Reading
) -> tuple[OutlineCollection, str]:
    """The outlines, and what tells them from others. Raises NotFound (`division.unknown`)."""
    own = known_division(look, viewer, code)
    drawn = {
        one.outline.position: one
        for one in (own, *look.organisation.children(code))
        if one.outline is not None
    }
    facts = (reading.fact(*row) for row in log.read_positions(sorted(drawn)))
    found = OutlineCollection.of(
        (
            drawn[fact.position].code,
            drawn[fact.position].name,
            fact.event.source,
            fact.event.polygons,
        )
        for fact in facts
        if isinstance(fact.event, DivisionOutlined)
    )
    return found, ".".join(f"{position}" for position in sorted(drawn))
