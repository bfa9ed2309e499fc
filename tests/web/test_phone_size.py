"""The phone's page is fetched over a weak signal: what it needs at first stays small."""

from __future__ import annotations

import gzip

import pytest

from handheld.entrypoints.http.assets import Assets, shipped
from handheld.entrypoints.http.pages import STYLES
from handheld.entrypoints.http.phone_files import (
    ENTRY,
    PHONE,
    files_of,
    modules,
    words_of,
)
from handheld.texts.language import LANGUAGES, Language

MOST = 60 * 1024
"""Bytes on the wire (gzip) for code, styles, the words of one language, and names."""


def at_first(assets: Assets, language: Language) -> dict[str, int]:
    """What is fetched before the first task is shown, and its size on the wire."""
    code = assets.needs(ENTRY)
    areas = ("common", PHONE.name, "store", "names")
    words = [f"texts/{language}/{area}.js" for area in areas]
    found = {}
    for path in (*code, *words, *STYLES, *PHONE.styles):
        asset = assets.get(path)
        assert asset is not None, path
        found[path] = len(gzip.compress(asset.body, 9, mtime=0))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phone_opens_with_sixty_kilobytes(language: Language) -> None:
    sizes = at_first(shipped(), language)
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:12]
    assert sum(sizes.values()) <= MOST, (sum(sizes.values()), largest)


def test_what_is_kept_for_no_signal_is_whole() -> None:
    assets = shipped()
    kept = set(files_of(assets))
    code = modules(assets)
    assert kept.issuperset(code)
    assert kept.issuperset(assets.needs(ENTRY))
    assert kept.issuperset(("phone/looks.js", "phone/phone.css"))
    assert kept.issuperset(path for path in assets.paths("phone/") if path.endswith(".css"))
    for language in LANGUAGES:
        assert kept.issuperset(f"texts/{language}/{area}.js" for area in words_of(assets, code))
    assert not [path for path in kept if path.startswith("fonts/") and path.endswith(".woff2")]


def test_modules_that_are_brought_later_are_kept_too() -> None:
    files = {
        "phone/main.js": b'import "./a.js";\nconst later = () => import("./b.js");\n',
        "phone/a.js": b'loadTexts("board", "desk");\n',
        "phone/b.js": b'import { c } from "../c.js";\ntexts("area");\n',
        "c.js": b"export const c = 1;\n",
    }
    assets = Assets(files)
    assert modules(assets) == ["c.js", "phone/a.js", "phone/b.js", "phone/main.js"]
    found = words_of(assets, modules(assets))
    assert found == {"common", "names", "board", "desk", "area"}
