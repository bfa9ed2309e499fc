from __future__ import annotations

import json
from pathlib import Path

from tests.cli.driving import Terminal
from tests.support_terminal import COUNTY, TOWNSHIP


def a_map(path: Path, *codes: str) -> Path:
    """Squares that are nobody's boundaries."""
    told = []
    for n, code in enumerate(codes):
        ring = [[119 + n, 29], [120 + n, 29], [120 + n, 30], [119 + n, 30], [119 + n, 29]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        told.append({"type": "Feature", "properties": {"code": code}, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}), "utf-8")
    return path


def test_a_map_is_tried_then_taken_in_and_what_it_leaves_out_is_named(
    county: Terminal, tmp_path: Path
) -> None:
    file = a_map(tmp_path / "map.geojson", COUNTY, TOWNSHIP, "110000")
    words = ("divisions", "outline", file, "--division", COUNTY)
    tried = county.json(*words, "--dry-run")
    assert [one["change"] for one in tried["drawn"]] == ["new", "new"]
    assert tried["left_out"] == [{"feature": 3, "named": "110000", "code": "outline.unmatched"}]
    shown = county.ok(*words, "--source", "Synthetic")
    assert "Outlines: 2 new, 0 changed, 0 unchanged." in shown
    assert "Feature 3 (110000) is not drawn: " in shown
    again = county.json(*words)
    assert {one["change"] for one in again["drawn"]} == {"unchanged"}
