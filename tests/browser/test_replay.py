"""The replay in a real Chromium, with a real server: any instant as the log has it, fact by fact,
two instants compared, the waits ranked, and all of it taken along. All people are synthetic.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.async_api import Page, expect

from handheld.domain.task_commands import Accept, Report
from tests.support_browser import PHONE, browser, somebody
from tests.support_course import COMMANDER, DISTRICT, HEADS, County, county, moved
from tests.support_server import Served, served

STATES = ("waiting", "in_progress", "to_verify", "closed", "declined", "withdrawn", "overdue")
OVERFLOWS = "document.documentElement.scrollWidth > innerWidth"

expect.set_options(timeout=20_000)


class Course:
    """A task force with a course of an hour, and the way to its server."""

    def __init__(self, place: County, server: Served) -> None:
        heads = tuple(HEADS)
        self.server = server
        self.force, tasks = place.start()
        self.first = place.later(minutes=10)
        for head in heads[:3]:
            place.do(Accept(task=tasks.of(head)), head)
        self.second = place.later(minutes=20)
        for head in heads[3:5]:
            place.do(Accept(task=tasks.of(head)), head)
        place.do(Report(task=tasks.of(heads[0]), text="已转移", filled=moved(12)), heads[0])
        self.last = place.later(minutes=30)
        place.do(Report(task=tasks.of(heads[1]), text="水沟已清理", filled=moved(30)), heads[1])
        place.home.caught_up()

    def get(self, path: str) -> Any:
        with self.server.client(COMMANDER) as client:
            answer = client.get(path)
            assert answer.status_code == 200, answer.text
            return answer.json()

    def board(self, at: datetime | int) -> Any:
        text = at if isinstance(at, int) else quote(at.isoformat())
        return self.get(f"/boards/divisions/{DISTRICT}?task_force={self.force}&at={text}")

    def address(self, at: datetime, more: str = "") -> str:
        return f"/replay?tf={self.force}&t={at:%Y-%m-%dT%H:%M:%S}Z{more}"


@pytest.fixture
def course(tmp_path: Path) -> Generator[Course]:
    with county(tmp_path / "data") as place, served(place.home) as server:
        yield Course(place, server)


async def figures(page: Page) -> dict[str, int]:
    found = {}
    for state in STATES:
        text = await page.locator(f".then .state.is-{state} .number").inner_text()
        found[state] = int(text.replace(",", ""))
    return found


def asked(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


async def test_any_instant_is_shown_as_the_log_has_it_and_taken_along(course: Course) -> None:
    token = course.server.token(COMMANDER, device="replay-device")
    async with browser() as running, somebody(running, course.server, token) as looking:
        page = await looking.page(course.address(course.first))
        waiting = page.locator(".then .state.is-waiting .number")
        await expect(waiting).to_have_text("6")
        then = course.board(course.first)
        count = then["board"]["count"]
        assert await figures(page) == {state: count[state] for state in STATES}
        # The figures lead to the people behind them, as of then.
        await page.locator(".then .state.is-in_progress").click()
        await expect(page.locator(".past-rows tbody tr")).to_have_count(3)
        await expect(page.locator(".past-rows tbody tr td.figure").first).to_have_text("10分")

        await _step_by_step(page, course, then["position"])
        await _compare(page, course)
        await _waits(page)
        await _export(page, course)
        assert looking.wrong == []

    async with browser() as running:
        about: dict[str, Any] = {"language": "en", "theme": "dark", "size": PHONE}
        async with somebody(running, course.server, token, **about) as looking:
            page = await looking.page(course.address(course.second, "&v=waits"))
            await expect(page.locator(".waits tbody tr").first).to_be_visible()
            assert not await page.evaluate(OVERFLOWS)
            await page.goto("/replay")
            await page.locator(".choose li a").click()
            await expect(page.locator(".then .state.is-closed .number")).to_have_text("2")
            assert looking.wrong == []


async def _step_by_step(page: Page, course: Course, position: int) -> None:
    facts = course.get(f"/task-forces/{course.force}/timeline?after={position}&limit=2")["facts"]
    for fact in facts:
        await page.keyboard.press("ArrowRight")
        current = page.locator(f'.fact.current[data-position="{fact["position"]}"]')
        await expect(current).to_be_visible()
        board = course.board(fact["position"])["board"]["count"]
        await expect(page.locator(".then .state.is-waiting .number")).to_have_text(
            str(board["waiting"])
        )
        assert asked(page, "p") == str(fact["position"])
    await page.keyboard.press("ArrowLeft")
    await expect(
        page.locator(f'.fact.current[data-position="{facts[0]["position"]}"]')
    ).to_be_visible()
    # The address keeps the very fact, the rows that are listed, and the time.
    time = await page.locator(".instant time").inner_text()
    await page.reload()
    await expect(
        page.locator(f'.fact.current[data-position="{facts[0]["position"]}"]')
    ).to_be_visible()
    await expect(page.locator(".instant time")).to_have_text(time)
    await expect(page.locator(".past-rows")).to_be_visible()
    await page.keyboard.press("Home")
    await expect(page.locator(".then .state.is-waiting .number")).to_have_text("9")
    await page.keyboard.press("End")
    await expect(page.locator(".then .state.is-closed .number")).to_have_text("2")
    # From the beginning it plays to the end by itself.
    await page.get_by_label("播放速度").select_option("600")
    await page.keyboard.press("Home")
    await page.locator(".instant").click()
    await page.keyboard.press(" ")
    await expect(page.get_by_role("button", name="暂停")).to_be_visible()
    await expect(page.locator(".then .state.is-closed .number")).to_have_text("2")
    await expect(page.get_by_role("button", name="播放")).to_be_visible()


async def _compare(page: Page, course: Course) -> None:
    await page.goto(course.address(course.first, "&d="))
    await expect(page.locator(".then .state.is-waiting .number")).to_have_text("6")
    await page.keyboard.press("a")
    await expect(page.locator(".change .empty, .beside .empty")).to_contain_text("再标出一个时刻")
    await page.keyboard.press("End")
    await expect(page.locator(".then .state.is-closed .number")).to_have_text("2")
    await page.keyboard.press("b")
    before, after = course.board(course.first), course.board(course.last)
    for state in STATES:
        by = after["board"]["count"][state] - before["board"]["count"][state]
        said = f"+{by}" if by > 0 else f"\N{MINUS SIGN}{-by}" if by else "0"
        await expect(page.locator(f'tr[data-state="{state}"] strong')).to_have_text(said)
    await expect(page.locator(".differences")).to_contain_text("转移人数")
    await expect(page.locator(".topic-counts li", has_text="领办")).to_contain_text("2")
    await expect(page.locator(".change .fact")).to_have_count(4)


async def _waits(page: Page) -> None:
    await page.get_by_role("link", name="等待排行").click()
    steps = page.locator(".waits tr[data-step]")
    await expect(steps.first).to_be_visible()
    await page.locator('tr[data-step="delivered"] button').click()
    await expect(page.locator(".longest li").first).to_contain_text("还在等")
    await expect(page.locator(".longest li").first).to_contain_text("1小时")
    await page.get_by_label("只看还在等的").check()
    await expect(page.locator(".longest li")).to_have_count(4)
    # A person of them leads to what concerns them.
    await page.locator(".longest li a").first.click()
    await expect(page.locator(".person-filter")).to_contain_text("只看")
    await expect(page.locator(".facts .fact")).to_have_count(1)
    await page.get_by_role("button", name="看全部人员").click()
    await page.get_by_placeholder("查找内容、姓名、地点").fill("水沟")
    await page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("q") == ["水沟"])
    await expect(page.locator(".facts .fact")).to_have_count(1)
    await expect(page.locator(".facts .fact")).to_contain_text("水沟已清理")
    await page.get_by_placeholder("查找内容、姓名、地点").fill("")
    await expect(page.locator(".facts .fact")).not_to_have_count(1)


async def _export(page: Page, course: Course) -> None:
    await page.keyboard.press("End")
    await page.get_by_role("button", name="导出").click()
    made = page.locator(".exports li")
    files = []
    for number in range(3):
        async with page.expect_download() as waiting:
            await made.nth(number).get_by_role("button").click()
        download = await waiting.value
        await expect(page.locator(".dialog .notice")).to_contain_text("已生成")
        files.append((await download.path()).read_text(encoding="utf-8-sig"))
    facts = list(csv.DictReader(io.StringIO(files[0])))
    told = course.get(f"/task-forces/{course.force}/timeline?limit=500")["facts"]
    assert [row["序号"] for row in facts] == [str(fact["position"]) for fact in told]
    assert [row["内容"] for row in facts] == [fact["words"] for fact in told]
    waits = list(csv.DictReader(io.StringIO(files[1])))
    steps = course.get(f"/task-forces/{course.force}/waits")["steps"]
    assert len(waits) == sum(step["tasks"] for step in steps)
    assert sum(row["还在等"] == "是" for row in waits) == sum(step["open"] for step in steps)
    assert json.loads(files[2])["digest"] == course.board(course.last)["digest"]
