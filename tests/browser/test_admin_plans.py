"""Plans and maps as they are administered in a real Chromium. All people and outlines are synthetic."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect

from handheld.bootstrap import Home, found_home
from handheld_events.ids import command_id
from tests.support_browser import browser, somebody
from tests.support_http import client
from tests.support_live import grant_desk
from tests.support_server import PATIENCE, Served, served

DISTRICT = "330825"
TOWNSHIPS = (f"{DISTRICT}001", f"{DISTRICT}101")


class Operating:
    """A district with people, and the operator who looks after it."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.home = server.home
        self.token = grant_desk(server.home)
        self._numbers = 0
        for what, more in (
            ("divisions", {"county": DISTRICT}),
            ("departments", {"division": DISTRICT}),
            ("people", {"division": DISTRICT}),
        ):
            self.post(f"/samples/{what}", more)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        self._numbers += 1
        key = command_id(1_700_000_000_000, self._numbers.to_bytes(10, "big"))
        told = {"authorization": f"Bearer {self.token}", "idempotency-key": key, **headers}
        with client(self.server.api, timeout=PATIENCE) as asking:
            answer = asking.post(path, json=body, headers=told)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def shipped(self, plan: str) -> dict[str, Any]:
        with client(self.server.api, timeout=PATIENCE) as asking:
            headers = {"authorization": f"Bearer {self.token}"}
            found: dict[str, Any] = asking.get(f"/shipped-plans/{plan}", headers=headers).json()
        found.pop("command")
        return found | {"division": DISTRICT}


@pytest.fixture(scope="module")
def operating(tmp_path_factory: pytest.TempPathFactory) -> Generator[Operating]:
    directory: Path = tmp_path_factory.mktemp("plans") / "data"
    found_home(directory)
    with Home(directory) as home, served(home) as server:
        yield Operating(server)


async def test_a_plan_is_adopted_and_edited_beside_those_whom_it_would_call(
    operating: Operating,
) -> None:
    async with browser() as running, somebody(running, operating.server, operating.token) as desk:
        page = await desk.page("/admin?tab=plans")
        await _a_shipped_plan_is_adopted(page, operating)
        await _the_preview_follows_what_is_typed(page, operating)
        await _a_draft_survives_a_reload(page)
        await _somebody_else_is_faster(page, operating)
        # The stale save was refused with 412, as it must be: the browser notes that.
        assert [one for one in desk.wrong if "412" not in one] == []


async def _a_shipped_plan_is_adopted(page: Page, operating: Operating) -> None:
    await page.get_by_role("button", name="采用防台风应急响应").click()
    await expect(page.locator(".plan-total strong")).to_have_text(re.compile("^[1-9]"))
    end = operating.home.log.end()
    await page.get_by_role("button", name="保存并启用").click()
    await page.wait_for_url("**plan=typhoon*")
    await expect(page.get_by_text("现行第1版")).to_be_visible()
    assert operating.home.log.end() == end + 1
    assert operating.home.organisation.known().plans["plan-typhoon"].edition.level == "III"


async def _the_preview_follows_what_is_typed(page: Page, operating: Operating) -> None:
    end = operating.home.log.end()
    total = page.locator(".plan-total strong")
    before = await total.inner_text()
    await page.locator(".plan-order-head").first.click()
    order = page.locator(".plan-order.is-open")
    grids = await page.locator(".plan-order-count strong").nth(1).inner_text()
    await order.get_by_label("岗位").select_option("grid_head")
    await expect(page.locator(".plan-order-count strong").first).to_have_text(grids)
    await expect(total).not_to_have_text(before)
    # What cannot be is told beside its field, in the server's words.
    span = order.get_by_label("领办时限", exact=True)
    await span.fill("0")
    field = order.locator(".span-field", has=page.get_by_label("领办时限", exact=True))
    wrong = field.get_by_role("alert")
    await expect(wrong).to_contain_text("时限须在 1 分钟到 366 天之间")
    await page.get_by_role("button", name="保存为新的一版").click()
    await expect(page.get_by_text("还有1处要改，没有保存。")).to_be_visible()
    await span.fill("2")
    await expect(wrong).to_be_hidden()
    assert operating.home.log.end() == end


async def _a_draft_survives_a_reload(page: Page) -> None:
    await page.get_by_label("名称", exact=True).first.fill("防台风应急响应（试行）")
    await expect(page.get_by_role("heading", name="防台风应急响应（试行）")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("已恢复上次没有保存的改动。")).to_be_visible()
    await expect(page.get_by_label("名称", exact=True).first).to_have_value(re.compile("试行"))


async def _somebody_else_is_faster(page: Page, operating: Operating) -> None:
    theirs = operating.shipped("typhoon") | {"title": "防台风总体响应"}
    operating.post("/plans", theirs, **{"if-match": '"1"'})
    save = page.get_by_role("button", name="保存为新的一版")
    await expect(page.locator(".plan-total")).to_be_visible()
    await save.click()
    await expect(page.get_by_text("已有人先保存了新的一版")).to_be_visible()
    row = page.locator(".plan-compare tr", has_text="名称").first
    await expect(row.locator("td")).to_have_text(["防台风总体响应", "防台风应急响应（试行）"])
    plan = operating.home.organisation.known().plans["plan-typhoon"]
    assert (plan.version, plan.edition.title) == (2, "防台风总体响应")
    await page.get_by_role("button", name="保留我的，再次保存").click()
    await save.click()
    await expect(page.get_by_text("现行第3版")).to_be_visible()
    plan = operating.home.organisation.known().plans["plan-typhoon"]
    assert (plan.version, plan.edition.title) == (3, "防台风应急响应（试行）")
    assert plan.edition.orders[0].to[0].role == "grid_head"
    await page.get_by_role("link", name="第2版").click()
    await expect(page.locator(".plan-compare")).to_contain_text("防台风总体响应")


async def test_a_map_is_looked_at_written_and_then_drawn_on_the_desk(operating: Operating) -> None:
    divisions = operating.home.organisation.known().divisions
    names = [divisions[code].name for code in TOWNSHIPS]
    plan = operating.shipped("matter-dust") | {"plan": "mapped"}
    operating.post("/plans", plan, **{"if-match": "*"})
    start = {"plan": "plan-mapped", "division": DISTRICT}
    force = operating.post("/task-forces/from-plan", start)["made"]
    async with browser() as running, somebody(running, operating.server, operating.token) as desk:
        page = await desk.page(f"/admin?tab=outlines&d={DISTRICT}")
        await expect(page.get_by_text("还没有轮廓", exact=True)).to_be_visible()
        end = operating.home.log.end()
        await page.locator("input[type=file]").set_input_files(_map(names[0], names[1], "别处"))
        await expect(page.locator(".count-new dd")).to_have_text("2")
        drawn = page.locator(".outline-map [data-code]")
        await expect(drawn).to_have_count(2)
        left = page.locator(".left-out tbody tr")
        await expect(left).to_have_count(1)
        await expect(left.locator("td").nth(1)).to_have_text("别处")
        await expect(left.locator("td").nth(2)).to_have_text("对不上任何区划。")
        assert operating.home.log.end() == end
        await page.get_by_role("button", name="写入2个轮廓").click()
        await expect(page.get_by_text("下级15个，有轮廓2个")).to_be_visible()
        await expect(drawn).to_have_count(2)
        known = operating.home.organisation.known().divisions
        assert all(known[code].outline is not None for code in TOWNSHIPS)
        await page.goto(f"/desk?d={DISTRICT}&tf={force}")
        for code in TOWNSHIPS:
            await expect(page.locator(f"svg.outlines [data-place='{code}']")).to_be_visible()
        assert desk.wrong == []


def _map(*names: str) -> FilePayload:
    """Squares side by side; they are nobody's boundaries."""
    told = []
    for n, name in enumerate(names):
        west, south = 119 + n / 10, 29.0
        ring = [[west, south], [west + 0.1, south], [west + 0.1, 29.1], [west, 29.1], [west, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        told.append({"type": "Feature", "properties": {"name": name}, "geometry": geometry})
    raw = json.dumps({"type": "FeatureCollection", "features": told}).encode()
    return FilePayload(name="map.geojson", mimeType="application/geo+json", buffer=raw)
