"""The wall in a real Chromium, with a real server: calm until something begins, then exact, live,
interrupted by what is new, honest about a lost connection. All people are synthetic.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.async_api import Page, ViewportSize, expect

from handheld.domain.task_commands import Accept, Report
from handheld.domain.warning_commands import TellWarning
from tests.browser.wall_soak import DAY, soak
from tests.support_browser import browser, somebody
from tests.support_course import COMMANDER, DISTRICT, HEADS, TITLE, County, county, moved
from tests.support_server import Served, served
from tests.support_signal import signal

WALL: ViewportSize = {"width": 1920, "height": 1080}
SMALL: ViewportSize = {"width": 1366, "height": 768}
STATES = ("waiting", "in_progress", "to_verify", "closed", "declined", "withdrawn", "overdue")
PATIENCE = 30_000
OVERFLOWING = """() => {
  const root = document.documentElement;
  const found = [];
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) found.push("page");
  const boxes = ".tile, .state, .sum, .wall-head, .force-head .about, .link, .how-far, .late header, .wall-foot";
  for (const one of document.querySelectorAll(boxes)) {
    if (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
      found.push(`${one.className} ${one.textContent.trim().slice(0, 30)}`);
  }
  return found;
}"""

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def place(tmp_path: Path) -> Generator[County]:
    with county(tmp_path / "data") as found:
        yield found


async def figures(page: Page) -> dict[str, int]:
    """What stands on the wall."""
    found = {}
    for state in STATES:
        text = await page.locator(f".wall-states .state.is-{state} .number").inner_text()
        found[state] = int(text.replace(",", ""))
    return found


def told(server: Served, force: str) -> dict[str, Any]:
    """What the API says of the same board."""
    with server.client(COMMANDER) as client:
        path = f"/boards/divisions/{DISTRICT}?task_force={force}"
        board: dict[str, Any] = client.get(path).json()["board"]
        return board


async def test_a_wall_is_calm_then_exact_live_interrupted_and_honest(place: County) -> None:
    heads = tuple(HEADS)
    async with signal() as way, browser() as running:
        with served(place.home, origins=(way.url,)) as server:
            way.leads_to = int(server.url.rpartition(":")[2])
            token = server.token(COMMANDER, device="wall-device")
            here = cast(Served, way)
            async with somebody(running, here, token, size=WALL) as looking:
                page = await looking.context.new_page()
                await page.clock.install()
                await page.goto(f"/wall?d={DISTRICT}&kiosk")
                await expect(page.get_by_text("当前没有进行中的专班")).to_be_visible()
                await expect(page.get_by_text("没有生效的预警")).to_be_visible()
                assert await page.locator(".wall-tools").count() == 0

                # A task force begins: it breaks in, and is then shown.
                force, tasks = place.start()
                await expect(page.locator(".alert.new-force .big")).to_have_text(TITLE)
                await page.clock.fast_forward(31_000)
                await expect(page.locator(".alert")).to_have_count(0)
                await expect(page.locator("h1")).to_have_text(TITLE)
                await expect(page.locator(".wall-states .is-waiting .number")).to_have_text("9")

                # It moves by itself, and says what the API says.
                for head in heads[:4]:
                    place.do(Accept(task=tasks.of(head)), head)
                place.do(
                    Report(task=tasks.of(heads[0]), text="已转移", filled=moved(1234)), heads[0]
                )
                await expect(page.locator(".wall-states .is-waiting .number")).to_have_text("5")
                await expect(page.locator(".done .sum .number").first).to_have_text("1,234")
                board = told(server, force)
                assert await figures(page) == {state: board["count"][state] for state in STATES}
                assert board["sums"]["moved"]["sum"] == 1234
                assert await page.locator(".late li").count() >= 3
                assert await page.locator('a[href^="tel:"]').count() == 0

                # A warning breaks in, with colour, icon and word.
                warning = TellWarning(
                    event="台风", level="orange", divisions=(DISTRICT,), told_by="市气象台"
                )
                place.do(warning, COMMANDER)
                alert = page.locator(".alert.level-orange")
                await expect(alert).to_contain_text("新预警")
                await expect(alert.locator(".big")).to_contain_text("橙色")
                await expect(alert.locator("svg").first).to_be_visible()
                await page.clock.fast_forward(31_000)
                await expect(page.locator(".alert")).to_have_count(0)

                # The connection is lost: it says so and greys; then it is back, and up to date.
                way.lost()
                await expect(page.locator(".link.lost")).to_contain_text("连接中断")
                await expect(page.locator("main.stale")).to_be_visible()
                place.do(Accept(task=tasks.of(heads[4])), heads[4])
                way.leads_to = int(server.url.rpartition(":")[2])
                await page.clock.fast_forward(20_000)
                await expect(page.locator(".link.live")).to_be_visible()
                await expect(page.locator(".wall-states .is-waiting .number")).to_have_text("4")

                # A drill is shown in its turn, marked over the whole edge.
                place.start("演练：防汛", drill=True, people=heads[:2])
                await expect(page.locator(".alert")).to_contain_text("演练")
                await page.clock.fast_forward(31_000)
                await expect(page.locator(".drill-edge")).to_have_count(1)
                await expect(page.locator(".turns")).to_contain_text("2 / 2")
                await page.clock.fast_forward(21_000)
                await expect(page.locator("h1")).to_have_text(TITLE)
                await expect(page.locator(".drill-edge")).to_have_count(0)

                # Its session ends: what to do stands there in large letters.
                assert place.home.access.revoke_person(COMMANDER) > 0
                await expect(page.locator(".signed-out h1")).to_have_text("登录已失效")
                assert [one for one in looking.wrong if "401" not in one and "403" not in one] == []


async def test_nothing_overflows_on_either_screen_in_either_language(place: County) -> None:
    force, tasks = place.start()
    for head in list(HEADS)[:5]:
        place.do(Accept(task=tasks.of(head)), head)
        place.do(Report(task=tasks.of(head), text="已转移", filled=moved(3210)), head)
    with served(place.home) as server:
        async with browser() as running:
            for language, theme, size in (("zh", "light", WALL), ("en", "dark", SMALL)):
                token = server.token(COMMANDER, device=f"wall-device-{language}")
                about: dict[str, Any] = {"language": language, "theme": theme, "size": size}
                async with somebody(running, server, token, **about) as looking:
                    page = await looking.page(f"/wall?d={DISTRICT}&tf={force}")
                    for each in (size, SMALL if size is WALL else WALL):
                        await page.set_viewport_size(each)
                        await expect(page.locator(".tile").first).to_be_visible()
                        await expect(page.locator(".newest .fact").first).to_be_visible()
                        await page.evaluate("document.fonts.ready.then(() => 0)")
                        await asyncio.sleep(0)
                        found = await page.evaluate(OVERFLOWING)
                        assert found == [], (language, each, found)
                    assert looking.wrong == []


@pytest.mark.parametrize("showings", [DAY // 96, pytest.param(DAY, marks=pytest.mark.soak)])
async def test_a_day_on_the_wall_does_not_grow_its_memory(place: County, showings: int) -> None:
    """A quarter of an hour here; the whole day with `make soak`."""
    force, _ = place.start()
    with served(place.home) as server:
        grown = await soak(server, force, showings)
    assert grown.nodes[1] <= grown.nodes[0] + 20, grown
    assert grown.heap[1] <= grown.heap[0] * 1.1 + 300_000, grown
