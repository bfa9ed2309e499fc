"""The components that desk, wall, replay and phone share, on the style guide, in a real Chromium."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from handheld.bootstrap import Home, found_home
from tests.support_browser import PHONE, Looking, browser, somebody
from tests.support_server import Served, served

PATIENCE = 30_000
ZOOMED: ViewportSize = {"width": 720, "height": 450}
"""What is left of 1440 by 900 at 200 %."""

OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  const found = document.documentElement.scrollWidth > wide ? ["the page"] : [];
  for (const one of document.querySelectorAll("main *")) {
    if (one.closest(".only-heard")) continue;
    const box = one.getBoundingClientRect();
    const cut = !one.children.length && one.clientWidth && one.scrollWidth > one.clientWidth + 1;
    if ((box.width && box.right > wide + 1) || cut) {
      found.push(`${one.className.baseVal ?? one.className} ${one.textContent.slice(0, 30)}`);
    }
  }
  return found;
}"""

LAID_OUT = """async (counts) => {
  const base = `/web/${document.documentElement.dataset.build}/components/board`;
  const { columnsFor, layout } = await import(`${base}/layout.js`);
  return counts.map(([tiles, most]) => {
    const codes = Array.from({ length: tiles }, (_, at) => {
      const sort = at < 2 ? "0" : at < tiles / 2 ? "1" : "2";
      return { code: `330825${sort}${String(at).padStart(2, "0")}`, name: String(at) };
    });
    const columns = columnsFor(tiles, most);
    const told = (found) => found.map((one) => [one.tile.code, one.column, one.row]);
    return { columns, there: told(layout(codes, columns)), again: told(layout([...codes].reverse(), columns)) };
  });
}"""


@pytest.fixture
def server(tmp_path: Any) -> Generator[Served]:
    """A server without anything in its log: the style guide needs nothing of it."""
    found_home(tmp_path)
    with Home(tmp_path) as home, served(home) as running:
        yield running


PACED = """async () => {
  const { paced } = await import(`/web/${document.documentElement.dataset.build}/lib/pace.js`);
  const drawn = [];
  const drawing = paced((value) => drawn.push(value));
  for (let n = 1; n <= 60; n += 1) {
    drawing.take(n);
    await new Promise((on) => setTimeout(on, 10));
  }
  while (drawn[drawn.length - 1] !== 60) await new Promise((on) => setTimeout(on, 10));
  return drawn;
}"""


async def opened(looking: Looking) -> Page:
    """The style guide, drawn to its end."""
    page = await looking.page("/styleguide")
    await drawn(page, looking)
    return page


async def drawn(page: Page, looking: Looking) -> None:
    last = page.locator("#timeline .example").last
    failed = page.locator(".opening[role=alert]")
    await expect(last.or_(failed)).to_be_visible(timeout=PATIENCE)
    assert looking.wrong == []


async def test_the_components_fit_and_break_no_rule(server: Served) -> None:
    """In both languages and themes, at 360 pixels, at 200 % zoom, and with large text."""
    async with browser() as running:
        for language, theme in (("zh", "light"), ("en", "dark")):
            async with somebody(running, server, language=language, theme=theme) as looking:
                page = await opened(looking)
                for size in (PHONE, ZOOMED):
                    for text in ("normal", "large"):
                        await page.set_viewport_size(size)
                        await page.evaluate(
                            "to => (document.documentElement.dataset.text = to)", text
                        )
                        await page.evaluate("() => new Promise(requestAnimationFrame)")
                        await page.evaluate("() => new Promise(requestAnimationFrame)")
                        found = await page.evaluate(OVERFLOWING)
                        assert found == [], (language, size, text, found)
                assert looking.wrong == []


async def test_the_components_work_by_keyboard_and_keep_their_place(server: Served) -> None:
    async with browser() as running, somebody(running, server) as looking:
        page = await opened(looking)
        await page.evaluate("() => (window.stayed = true)")

        # The map: one stop for Tab, arrow keys within, Enter opens.
        tiles = page.locator("#map .tiles").first
        assert await tiles.locator('[tabindex="0"]').count() == 1
        first = tiles.locator("[data-place]").first
        await first.focus()
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("ArrowDown")
        at = await page.evaluate("() => document.activeElement.dataset.place")
        cells = await tiles.locator("[data-place]").evaluate_all(
            "all => all.map(one => [one.dataset.place, one.style.gridColumn, one.style.gridRow])"
        )
        where = {place: (column, row) for place, column, row in cells}
        assert where[at] == ("2", "2")
        await page.keyboard.press("End")
        await page.keyboard.press("ArrowRight")
        assert await page.evaluate("() => document.activeElement.dataset.place") == cells[-1][0]
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{server.url}/styleguide?d={cells[-1][0]}")
        await expect(tiles.locator(".chosen")).to_have_attribute("data-place", cells[-1][0])

        # A figure is a link to another state of the page, which is not fetched again.
        await page.locator("#board .state.is-waiting").first.click()
        await expect(page.locator("#board .state.is-waiting").first).to_have_attribute(
            "aria-current", "true"
        )
        assert await page.evaluate("() => window.stayed")

        # The table: shift takes a range, the head takes all and leaves all.
        table = page.locator("#people .task-table").first
        picks = table.locator("tbody input")
        await picks.nth(0).click()
        await picks.nth(4).click(modifiers=["Shift"])
        await expect(table.locator('tr[aria-selected="true"]')).to_have_count(5)
        head = table.locator("thead input")
        assert await head.evaluate("one => one.indeterminate")
        await head.click()
        await expect(table.locator('tr[aria-selected="true"]')).to_have_count(6)
        await head.click()
        await expect(table.locator('tr[aria-selected="true"]')).to_have_count(0)

        # The timeline: what many did at once is one line; what is void stays in sight.
        timeline = page.locator("#timeline .timeline").first
        together = timeline.locator(".group")
        await expect(together).to_contain_text("催办 20 人")
        await together.locator("button").first.click()
        await expect(together.locator(".timeline > .fact")).to_have_count(20)
        await expect(timeline.locator(".struck .words")).to_have_css(
            "text-decoration-line", "line-through"
        )
        await timeline.locator(".fact").first.locator("button").click()
        details = timeline.locator(".fact-details").first
        for word in ("发生时间", "上报时间", "记录时间", "序号", "34,981"):
            await expect(details).to_contain_text(word)

        await page.reload()
        await drawn(page, looking)
        await expect(page.locator("#map .tiles").first.locator(".chosen")).to_have_count(1)
        assert looking.wrong == []

        # Where a place stands does not depend on who is told of it first, and streets are in the middle.
        found = await page.evaluate(LAID_OUT, [[15, 8], [15, 3], [20, 8], [30, 8], [40, 8], [1, 8]])
        for one in found:
            assert one["there"] == one["again"]
            assert len({(column, row) for _, column, row in one["there"]}) == len(one["there"])
        fifteen = {code: (column, row) for code, column, row in found[0]["there"]}
        assert found[0]["columns"] == 5
        assert {row for code, (_, row) in fifteen.items() if code[6] == "0"} == {1}
        assert found[3]["columns"] * 5 == 30

        # What comes a hundred times a second is drawn a few times, the first at once and the last at last.
        pace = await page.evaluate(PACED)
        assert pace[0] == 1
        assert pace == sorted(pace)
        assert len(pace) < 20
