"""The colours: what is read on what has the contrast that WCAG 2.2 AA asks for, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src/handheld/web/static"
TOKENS = (STATIC / "styles/tokens.css").read_text()

TEXT, GRAPHICS = 4.5, 3.0
STATES = ("waiting", "progress", "verify", "closed", "declined", "withdrawn", "overdue")
GROUNDS = ("ground", "surface", "surface-2", "surface-3", "accent-soft")
READ = [
    *((ink, ground) for ink in ("text", "text-2") for ground in GROUNDS),
    *(("text-3", ground) for ground in ("ground", "surface", "surface-2")),
    *(("accent", ground) for ground in ("ground", "surface", "surface-2", "accent-soft")),
    ("accent-strong", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    *((f"{state}-text", ground) for state in STATES for ground in (f"{state}-soft", "surface")),
    *((f"on-level-{level}", f"level-{level}") for level in ("blue", "yellow", "orange", "red")),
    *(
        ("text", f"{ramp}-{n}")
        for ramp in ("waiting", "progress", "closed", "overdue")
        for n in (1, 2, 3, 4)
    ),
    *(("on-most", f"{ramp}-5") for ramp in ("waiting", "progress", "closed", "overdue")),
]
SEEN = [
    *((state, ground) for state in STATES for ground in ("surface", "ground", f"{state}-soft")),
    *((mark, ground) for mark in ("edge-strong", "focus") for ground in ("surface", "ground")),
]


def declared(selector: str) -> dict[str, str]:
    """The colours that a block declares."""
    start = re.search(rf"(?m)^ *{re.escape(selector)} {{", TOKENS)
    assert start, selector
    block = TOKENS[start.end() : TOKENS.index("}", start.end())]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


LIGHT = declared(':root, [data-theme="light"]')
DARK = declared('[data-theme="dark"]')


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: dict[str, str], one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio. What the dark theme leaves alone is as in the light one."""
    found = {**LIGHT, **theme}
    low, high = sorted((luminance(found[one]), luminance(found[other])))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_read_has_the_contrast_of_text(theme: dict[str, str]) -> None:
    faint = {pair: round(contrast(theme, *pair), 2) for pair in READ}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_and_edges_have_the_contrast_of_graphics(theme: dict[str, str]) -> None:
    faint = {pair: round(contrast(theme, *pair), 2) for pair in SEEN}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < GRAPHICS} == {}


def test_the_dark_theme_is_the_same_whether_chosen_or_the_systems() -> None:
    assert declared('[data-theme="auto"]') == DARK


def test_components_have_no_colours_of_their_own() -> None:
    """Colours stand in the tokens, so that a theme changes all of them."""
    for area in ("components", "styles", "styleguide"):
        for path in (STATIC / area).rglob("*.css"):
            if path.name != "tokens.css":
                found = re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[\s;,)])", path.read_text())
                assert found == [], path
