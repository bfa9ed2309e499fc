"""Every link inside the documentation leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, anchors, links, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    broken: list[str] = []
    for link in links(page):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in anchors(target)
        ):
            broken.append(link)
    assert not broken


def test_every_page_of_docs_can_be_reached_from_the_index() -> None:
    start = ROOT / "docs/index.md"
    seen = {start}
    waiting = [start]
    while waiting:
        page = waiting.pop()
        for link in links(page):
            name = link.partition("#")[0]
            target = (page.parent / name).resolve()
            if name.endswith(".md") and target.exists() and target not in seen:
                seen.add(target)
                waiting.append(target)
    assert [page for page in pages() if page not in seen] == []


@pytest.mark.parametrize("room", ["src", "events", "projections"])
def test_pages_that_the_source_names_exist(room: str) -> None:
    named = {
        word.strip("`'\"(),.;:")
        for path in (ROOT / room).rglob("*.py")
        for word in path.read_text(encoding="utf-8").split()
        if word.strip("`'\"(),.;:").startswith("docs/")
    }
    missing: list[str] = []
    for name in named:
        file, _, anchor = name.partition("#")
        target = ROOT / file
        if not target.exists() or (anchor and anchor not in anchors(target)):
            missing.append(name)
    assert not missing
