"""A machine without Chinese fonts shows every character of our texts and of the divisions' names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import which
from typing import NamedTuple

import pytest
from fontTools.ttLib import TTFont

from handheld.bootstrap import Home, found_home
from tests.support_browser import browser
from tests.support_server import served

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "src/handheld/web/static/fonts"
READABLE = {".csv", ".css", ".html", ".js", ".json", ".py", ".toml", ".xml"}
BOUND = 4 * 1024 * 1024
EVERYWHERE = {"\n", "\t", "\ufeff"}


class Slice(NamedTuple):
    """One rule of the style sheet."""

    weight: str
    path: Path
    ranges: list[tuple[int, int]]

    def names(self, character: str) -> bool:
        return any(first <= ord(character) <= last for first, last in self.ranges)


@cache
def slices() -> list[Slice]:
    text = (FONTS / "fonts.css").read_text()
    return [
        Slice(weight, FONTS / file, [_range(said) for said in ranges.split(", ")])
        for weight, file, ranges in re.findall(
            r'font-weight: (\d+);.*?url\("([^"]+)"\).*?unicode-range: ([^;]+);', text
        )
    ]


def _range(said: str) -> tuple[int, int]:
    first, _, last = said.removeprefix("U+").partition("-")
    return int(first, 16), int(last or first, 16)


@cache
def drawn(path: Path) -> frozenset[int]:
    with TTFont(path) as font:
        return frozenset(font.getBestCmap() or ())


def fetched(character: str, weight: str) -> Slice | None:
    """The slice that a browser fetches for a character: the last rule that names it."""
    found = [each for each in slices() if each.weight == weight and each.names(character)]
    return found[-1] if found else None


def not_drawn(characters: set[str], weight: str) -> str:
    """Those that would show as empty boxes."""
    return "".join(
        character
        for character in sorted(characters - EVERYWHERE)
        if (at := fetched(character, weight)) is None or ord(character) not in drawn(at.path)
    )


def texts(*folders: str) -> Iterator[str]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in READABLE and "vendor" not in path.parts and path.parent != FONTS:
                yield path.read_text()


@pytest.mark.parametrize("weight", ["400", "700"])
@pytest.mark.parametrize(
    "folder",
    [
        pytest.param("src/handheld/web/static", id="the pages"),
        pytest.param("src/handheld/texts", id="the texts"),
        pytest.param("src/handheld/data", id="plans, demonstrations and sample divisions"),
        pytest.param("events", id="the catalogue of events"),
    ],
)
def test_every_character_is_in_the_slice_that_a_browser_fetches_for_it(
    folder: str, weight: str
) -> None:
    assert not_drawn(set("".join(texts(folder))), weight) == "", "run `make font`"


@pytest.mark.parametrize("weight", ["400", "700"])
def test_the_table_of_general_characters_is_drawn(weight: str) -> None:
    lines = (ROOT / "scripts/web/general-characters.txt").read_text().splitlines()
    table = {character for line in lines if not line.startswith("#") for character in line}
    assert len(table) == 8105
    assert not_drawn(table, weight) == ""


def test_the_fonts_are_small_and_carry_their_licence_under_a_name_of_their_own() -> None:
    files = sorted(FONTS.glob("*.woff2"))
    assert {each.path for each in slices()} == set(files)
    assert sum(path.stat().st_size for path in files) < BOUND
    for path in files:
        with TTFont(path) as font:
            said = {record.nameID: str(record) for record in font["name"].names}
            assert said[1] == "Handheld Sans SC"
            assert "Noto" not in said[4] + said[6]
            assert "SIL Open Font License" in said[13]
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()


# --- in Chromium ----------------------------------------------------------------------------------

CHROMIUM = which("chromium")
LATIN, CHINESE = Path("/usr/share/fonts/truetype/dejavu"), Path("/usr/share/fonts/opentype/noto")
needs_debian = pytest.mark.skipif(
    not (CHROMIUM and LATIN.exists() and CHINESE.exists()) and "CI" not in os.environ,
    reason="needs chromium, fonts-dejavu-core and fonts-noto-cjk",
)
# The first two are drawn by the slice of the pages, the third is a name elsewhere in the country.
SHOWN = "龙衢犇"
DRAWING = """async (text) => {
  const pixels = [];
  for (const character of [...text, '\\u{10FFFE}']) {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 48;
    const context = canvas.getContext('2d');
    context.font = '40px ' + getComputedStyle(document.body).fontFamily;
    await document.fonts.load(context.font, character);
    context.fillText(character, 2, 40);
    pixels.push(context.getImageData(0, 0, 48, 48).data.join());
  }
  return pixels;
}"""
LOADED = """() => [...document.fonts].filter((face) => face.status === 'loaded')
  .map((face) => face.family.replaceAll('"', ''))"""


@needs_debian
@pytest.mark.parametrize("has_chinese", [False, True], ids=["no Chinese font", "a Chinese font"])
async def test_our_font_draws_the_pages_only_where_the_machine_has_none(
    tmp_path: Path, has_chinese: bool
) -> None:
    folders = [LATIN, CHINESE] if has_chinese else [LATIN]
    config = tmp_path / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        + "".join(f"<dir>{folder}</dir>" for folder in folders)
        + f"<cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>"
    )
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as home, served(home) as server:
        fonts = {**os.environ, "FONTCONFIG_FILE": str(config)}
        async with browser(env=fonts) as running:
            asked: list[str] = []
            page = await running.new_page(locale="zh-CN")
            page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
            await page.goto(f"{server.url}/sign-in")
            await page.wait_for_function("!document.querySelector('.opening')")
            if has_chinese:
                await page.wait_for_load_state("networkidle")
            else:
                await page.wait_for_function(f"({LOADED})().length > 0")
            loaded = set(await page.evaluate(LOADED))
            *signs, missing = await page.evaluate(DRAWING, SHOWN)
    assert len({*signs, missing}) == len(SHOWN) + 1, "some characters are drawn as boxes"
    brought = {name for name in asked if name.endswith(".woff2") or name == "fonts.css"}
    if has_chinese:
        assert (loaded, brought) == (set(), set())
    else:
        assert loaded == {"Handheld Sans SC"}
        assert {"fonts.css", "pages-400.woff2"} <= brought
