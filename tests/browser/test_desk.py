"""The desk in a real Chromium, with a real server: it moves by itself, leads from every figure to the
people behind it, keeps its place, and comes back after the server was away. All people are synthetic.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
from playwright.async_api import Browser, Page, expect

from handheld.adapters.clock import ClockSetting
from handheld.bootstrap import Home, found_home
from handheld.domain.finding_commands import ReportFinding
from handheld.domain.ordering import Order
from handheld.domain.register import Contact, DivisionRow, ImportDivisions, ImportPeople, PersonRow
from handheld.domain.starting import StartAdHoc
from handheld.domain.task_commands import Accept, Decline
from handheld_events.ids import TaskIds, order_id, task_force_id
from handheld_projections.organisation import Post
from tests.support_browser import DESK, Looking, browser, somebody
from tests.support_server import Served, served
from tests.support_signal import Signal, signal

DISTRICT, TOWN, OTHER = "330825", "330825101", "330825102"
VILLAGE, HAMLET = "330825101264", "330825101200"
DIVISIONS = {
    DISTRICT: "龙游县",
    TOWN: "湖镇镇",
    OTHER: "小南海镇",
    VILLAGE: "希塘村村民委员会",
    HAMLET: "新光村村民委员会",
}
PEOPLE = {
    "person-SYN-D": ("合成值班员", Post("duty_officer", DISTRICT)),
    "person-SYN-O": ("合成外镇干部", Post("township_official", OTHER)),
    "person-SYN-V": ("合成村干部", Post("village_official", VILLAGE)),
    "person-SYN-A": ("合成网格长甲", Post("grid_head", VILLAGE)),
    "person-SYN-B": ("合成网格长乙", Post("grid_head", VILLAGE)),
    "person-SYN-C": ("合成网格长丙", Post("grid_head", HAMLET)),
}
DUTY, OUTSIDER, CADRE, A, B, C = PEOPLE
TITLE = "道路抢通（测试）"
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


class Place(NamedTuple):
    """A county with five people, the way to its server, and browsers that look at it."""

    home: Home
    way: Signal
    running: Browser

    def do(self, command: Any, actor: str = "operator", **about: Any) -> Any:
        return self.home.execute(command, actor, **about)

    def start(self) -> tuple[str, TaskIds]:
        """A task force with one order to the three grid heads: its stream, and their tasks."""
        command = self.home.new_command_id()
        order = Order(text="清理道路积水，清完回报", people=(A, B, C))
        self.do(
            StartAdHoc(title=TITLE, division=DISTRICT, orders=(order,)), DUTY, command_id=command
        )
        return task_force_id(command), TaskIds(order_id(command, 0))

    @contextmanager
    def serving(self) -> Generator[Served]:
        with served(self.home, origins=(self.way.url,)) as server:
            self.way.leads_to = int(server.url.rpartition(":")[2])
            try:
                yield server
            finally:
                self.way.lost()

    @asynccontextmanager
    async def looking(self, server: Served, who: str, **about: Any) -> AsyncGenerator[Looking]:
        """Somebody at a desk, over the way that stays the same."""
        token = server.token(who, device=f"desk-of-{who}")
        async with somebody(self.running, here(self.way), token, **about) as found:
            found.context.set_default_timeout(PATIENCE)
            yield found
            assert found.wrong == []


class _Here(NamedTuple):
    """What `somebody` has to know of a server."""

    url: str


def here(way: Signal) -> Served:
    """The server as browsers reach it."""
    return cast(Served, _Here(way.url))


@pytest.fixture
def home(tmp_path: Path) -> Generator[Home]:
    found_home(tmp_path, clock=ClockSetting(origin=datetime.now(UTC), rate=1))
    with Home(tmp_path) as opened:
        divisions = tuple(DivisionRow(code=code, name=name) for code, name in DIVISIONS.items())
        opened.execute(ImportDivisions(rows=divisions), "operator")
        sealed = opened.keyring.seal([(person, name) for person, (name, _) in PEOPLE.items()])
        rows = tuple(
            PersonRow(person=person, contact=Contact(name), posts=(post,), synthetic=True)
            for (person, (_, post)), name in zip(PEOPLE.items(), sealed, strict=True)
        )
        opened.execute(ImportPeople(rows=rows), "operator")
        yield opened


@asynccontextmanager
async def place(home: Home) -> AsyncGenerator[Place]:
    async with signal() as way, browser() as running:
        yield Place(home, way, running)


def state(page: Page, name: str) -> Any:
    """The figure of a state on the strip."""
    return page.locator(f".states .is-{name} .number")


async def strip(page: Page) -> list[str]:
    return await page.locator(".states .number").all_text_contents()


async def test_the_board_moves_by_itself_and_leads_down_to_a_person(home: Home) -> None:
    async with place(home) as at:
        with at.serving() as server:
            async with at.looking(server, DUTY) as duty, at.looking(server, CADRE) as cadre:
                desk = await duty.page("/desk")
                # Nothing goes on: what to do is said, and the division is named.
                await expect(desk.get_by_text("平时状态，没有进行中的任务")).to_be_visible()
                await expect(desk.get_by_role("heading", name="龙游县")).to_be_visible()
                _, tasks = at.start()
                await expect(desk.locator(".dk-left").get_by_text(TITLE)).to_be_visible()
                await expect(state(desk, "waiting")).to_have_text("3")

                beside = await duty.page("/desk")
                await expect(state(beside, "waiting")).to_have_text("3")
                at.do(Accept(task=tasks.of(A)), A)
                await expect(state(desk, "in_progress")).to_have_text("1")
                await expect(state(beside, "in_progress")).to_have_text("1")
                assert await strip(desk) == await strip(beside) == list("2100000")
                course = desk.locator(".dk-course")
                await expect(course.get_by_text("合成网格长甲").first).to_be_visible()
                # Below, only what lies there.
                village = await cadre.page("/desk")
                await expect(state(village, "waiting")).to_have_text("1")
                await expect(village.locator("main")).not_to_contain_text("合成网格长丙")

                await drill_down(desk)
                await desk.reload()
                panel = desk.get_by_role("complementary", name="任务")
                await expect(panel).to_contain_text("合成网格长甲")
                assert f"d={VILLAGE}" in desk.url
                assert "s=in_progress" in desk.url


async def drill_down(desk: Page) -> None:
    """From the county by its map to the village, to the state, to the person and the course."""
    await desk.locator(".map").get_by_text("湖镇镇").click()
    await expect(desk.get_by_role("heading", name="湖镇镇", exact=True)).to_be_visible()
    await desk.locator(".map").get_by_text("希塘村").click()
    await expect(desk.get_by_role("heading", name="希塘村")).to_be_visible()
    crumbs = desk.get_by_role("navigation").filter(has_text="湖镇镇")
    await expect(crumbs).to_contain_text("龙游县")
    await state(desk, "in_progress").click()
    table = desk.get_by_role("table", name="办理中的人员")
    await expect(table.get_by_role("row")).to_have_count(2)
    await table.get_by_role("link", name="合成网格长甲").click()
    panel = desk.get_by_role("complementary", name="任务")
    await expect(panel).to_contain_text("清理道路积水，清完回报")
    await expect(panel).to_contain_text("领办")


async def test_after_the_server_was_away_it_is_there_again_without_a_reload(home: Home) -> None:
    async with place(home) as at:
        with at.serving() as server:
            token = server.token(DUTY, device="desk-of-duty")
            _, tasks = at.start()
            looking = somebody(at.running, here(at.way), token, size=DESK)
            duty = await looking.__aenter__()
            try:
                desk = await duty.page("/desk")
                await expect(state(desk, "waiting")).to_have_text("3")
                await desk.evaluate("window.notReloaded = true")
                # What is selected with the keys stays, and the keys are listed.
                await desk.keyboard.press("?")
                await expect(desk.get_by_role("dialog")).to_contain_text("一键发起")
                await desk.keyboard.press("Escape")
                await desk.locator("main").focus()
                await desk.get_by_role("table").get_by_role("row").nth(1).wait_for()
                await desk.keyboard.press("j")
                await desk.keyboard.press("x")
                await expect(desk.get_by_role("toolbar")).to_contain_text("已选 1 人")
            except BaseException:
                await looking.__aexit__(None, None, None)
                raise
        try:
            # Away: it says since when, and greys.
            await expect(desk.locator(".dk-stale-line")).to_contain_text("连接中断")
            await expect(desk.locator(".dk-board.stale")).to_be_visible()
            await expect(
                desk.get_by_role("alert").filter(has_text="连接中断").first
            ).to_be_visible()
            assert (await strip(desk))[0] == "3"
            at.do(Accept(task=tasks.of(B)), B)
            with at.serving():
                await expect(state(desk, "in_progress")).to_have_text("1")
                await expect(desk.locator(".dk-board.stale")).to_have_count(0)
                await expect(desk.locator(".dk-stale-line")).to_have_count(0)
                assert await desk.evaluate("window.notReloaded")
        finally:
            await looking.__aexit__(None, None, None)


async def test_what_is_new_alarms_until_it_is_seen_and_strangers_see_nothing(home: Home) -> None:
    async with place(home) as at:
        with at.serving() as server:
            task_force, tasks = at.start()
            async with at.looking(server, CADRE) as cadre, at.looking(server, OUTSIDER) as out:
                desk = await cadre.page("/desk")
                await expect(state(desk, "waiting")).to_have_text("2")
                await desk.get_by_role("button", name="提示音").click()
                at.do(Decline(task=tasks.of(A), reason="人在外地"), A)
                alarm = desk.locator(".dk-alarm")
                await expect(alarm).to_contain_text("新增退单 1 件")
                at.do(ReportFinding(text="村口桥面塌陷", division=VILLAGE), B)
                await expect(alarm.filter(has_text="新上报：村口桥面塌陷")).to_be_visible()
                await expect(desk.locator(".dk-left")).to_contain_text("村口桥面塌陷")
                await alarm.filter(has_text="退单").get_by_role("button", name="查看").click()
                await expect(desk.get_by_role("table", name="已退单的人员")).to_contain_text(
                    "合成网格长甲"
                )
                await alarm.get_by_role("button", name="知道了").click()
                await expect(alarm).to_have_count(0)

                strange = await out.page(f"/desk?d={TOWN}")
                await expect(strange.get_by_text("不在您的查看范围内").first).to_be_visible()
                await expect(strange.locator(".states")).to_have_count(0)
                await expect(strange.locator("body")).not_to_contain_text(TITLE)
                # Of the task force their own part: nobody of another township.
                theirs = await out.page(f"/desk?d={TOWN}&tf={task_force}&s=waiting")
                await expect(theirs.locator(".dk-middle")).to_contain_text("这里没有任务")
                await expect(theirs.locator("body")).not_to_contain_text("合成网格长")
                out.wrong.clear()  # the browser itself notes each 404


async def test_a_line_that_leads_nowhere_is_given_up_for_another(home: Home) -> None:
    async with place(home) as at:
        at.start()
        with at.serving() as server:
            at.way.swallows = 1
            async with at.looking(server, DUTY) as duty:
                desk = await duty.context.new_page()
                await desk.clock.install()
                await duty.go(desk, "/desk")
                async with asyncio.timeout(PATIENCE / 1000):
                    await at.way.swallowed.wait()
                await desk.clock.fast_forward(16_000)
                await expect(state(desk, "waiting")).to_have_text("3")
