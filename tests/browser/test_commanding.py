"""Commanding at a desk, in a real Chromium at a real server: starting with the keyboard alone, chasing,
ordering, ending, and what follows a warning and a finding. The screen says what the log holds. All
people are synthetic.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.async_api import Locator, Page, Route, expect

from handheld.adapters.clock import ClockSetting
from handheld.bootstrap import Home, found_home
from handheld.domain.finding_commands import PassUp, ReportFinding
from handheld.domain.ordering import Order
from handheld.domain.plan import AdoptPlan
from handheld.domain.register import Contact, DivisionRow, ImportDivisions, ImportPeople, PersonRow
from handheld.domain.starting import StartAdHoc
from handheld.domain.task_commands import Accept
from handheld.domain.task_force import MakeEntry
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.finding import FindingOrdered
from handheld_events.ids import TaskIds, finding_id, order_id, task_force_id
from handheld_events.orders import PlanOrder, Target
from handheld_events.plan import Trigger
from handheld_events.task import TaskDispatched, TaskReminded
from handheld_events.task_force import (
    EntryMade,
    EntryStruck,
    OrderAmended,
    OrderIssued,
    PersonPulledIn,
    TaskForceCancelled,
    TaskForceClosed,
    TaskForceStarted,
)
from handheld_events.warning import StartedOnWarning, WarningReceived
from handheld_projections.organisation import Post
from tests.support_browser import PAINTED, browser, somebody
from tests.support_server import Served, served

DISTRICT, TOWN, VILLAGE = "330825", "330825101", "330825101264"
DIVISIONS = {DISTRICT: "龙游县", TOWN: "湖镇镇", VILLAGE: "希塘村村民委员会"}
PEOPLE = {
    "person-SYN-D": ("合成值班员", Post("duty_officer", DISTRICT)),
    "person-SYN-T": ("合成乡镇干部", Post("township_official", TOWN)),
    "person-SYN-M": ("合成镇指挥长", Post("township_commander", TOWN)),
    "person-SYN-A": ("合成网格长甲", Post("grid_head", VILLAGE)),
    "person-SYN-B": ("合成网格长乙", Post("grid_head", VILLAGE)),
    "person-SYN-C": ("合成网格长丙", Post("grid_head", VILLAGE)),
}
DUTY, OFFICIAL, COMMANDER, A, B, C = PEOPLE
PLAN = AdoptPlan(
    plan="typhoon",
    title="防台风应急响应",
    division=DISTRICT,
    level="III",
    triggers=(Trigger(event="台风", at_least="orange"),),
    orders=(
        PlanOrder(
            key="patrol",
            text="请马上巡查本网格。",
            to=(Target(role="grid_head"),),
            accept_within=3600,
        ),
    ),
)
TITLE = "道路抢通（测试）"
PATIENCE = 30_000


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
        opened.execute(PLAN, DUTY)
        yield opened


class Desk(NamedTuple):
    """The duty officer's desk, and the log behind it."""

    home: Home
    page: Page

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def facts(self, kind: type[Any]) -> list[Recorded[Any]]:
        """All facts of a kind, in the log's order."""
        fact = Reading().fact
        found = [fact(*row) for row in self.home.log.read(0, 100_000)]
        return [one for one in found if isinstance(one.event, kind)]

    def started(self) -> tuple[str, TaskIds]:
        """A task force with an order to the three grid heads, started by the duty officer."""
        command = self.home.new_command_id()
        order = Order(text="清理道路积水，清完回报", people=(A, B, C), accept_within=1800)
        start = StartAdHoc(title=TITLE, division=DISTRICT, orders=(order,))
        self.home.execute(start, DUTY, command_id=command)
        return task_force_id(command), TaskIds(order_id(command, 0))

    async def press(self, name: str, *, exact: bool = True) -> None:
        """A button of the dialog."""
        await self.dialog.get_by_role("button", name=name, exact=exact).click()

    async def said(self, words: str) -> None:
        """What was done is told, and the dialog is gone."""
        await expect(self.page.locator(".notices")).to_contain_text(words)
        await expect(self.dialog).to_have_count(0)


@asynccontextmanager
async def desk(home: Home, address: str = "/desk") -> AsyncGenerator[Desk]:
    with served(home) as server:
        async with browser() as running, _looking(server, running) as page:
            await page.goto(address)
            await page.evaluate(PAINTED)
            await expect(page.get_by_role("heading", name="时间线")).to_be_visible()
            yield Desk(home, page)


@asynccontextmanager
async def _looking(server: Served, running: Any) -> AsyncGenerator[Page]:
    token = server.token(DUTY, device="desk-of-duty")
    async with somebody(running, server, token) as looking:
        looking.context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page = await looking.context.new_page()
        yield page
        # What the server refuses, a browser calls an error; it is told in words on the page.
        refused = re.compile(r"status of (409|412)")
        assert [wrong for wrong in looking.wrong if not refused.search(wrong)] == []


async def test_a_start_takes_the_keyboard_alone_and_a_slip_is_taken_back(home: Home) -> None:
    async with desk(home) as at:
        page, keys = at.page, at.page.keyboard
        await expect(page.get_by_role("button", name="一键发起").first).to_be_visible()
        await page.keyboard.press("n")
        await at.dialog.first.wait_for()
        await expect(
            at.dialog.get_by_role("button", name=re.compile("防台风应急响应"))
        ).to_be_focused()
        await keys.press("Enter")
        await expect(page.get_by_role("button", name="发起（3人）")).to_be_focused()
        assert at.facts(TaskForceStarted) == []
        await keys.press("Enter")
        await expect(page.get_by_role("button", name="再按一次，派给3人")).to_be_focused()
        assert at.facts(TaskForceStarted) == []  # one press is no start
        await keys.press("Enter")
        await expect(page.locator(".undo-bar")).to_contain_text("已发起：防台风应急响应")
        (start,) = at.facts(TaskForceStarted)
        assert len(at.facts(TaskDispatched)) == 3
        await expect(page).to_have_url(re.compile(f"tf={start.stream}"))

        await page.keyboard.press("Control+z")
        await page.locator(".notices").get_by_text("已撤销").first.wait_for()
        await expect(page.locator(".notices")).to_contain_text("已撤销：防台风应急响应")
        (cancelled,) = at.facts(TaskForceCancelled)
        assert (cancelled.stream, cancelled.event.reason) == (start.stream, "误发")
        await expect(page).not_to_have_url(re.compile("tf="))

        # Without a plan: a title, an order, whom it is for.
        await page.keyboard.press("n")
        await at.dialog.first.wait_for()
        await expect(
            at.dialog.get_by_role("button", name=re.compile("防台风应急响应"))
        ).to_be_focused()
        await keys.press("ArrowDown")
        await keys.press("Enter")
        await expect(page.get_by_label("标题")).to_be_focused()
        await keys.type(TITLE)
        await tab_to(page, page.get_by_label("指令内容"))
        await keys.type("清障后回报")
        await keys.press("Control+Enter")
        await expect(at.dialog).to_contain_text("请选定指令下给谁。")
        await tab_to(page, page.get_by_role("button", name="网格长"))
        await keys.press("Enter")
        await expect(page.get_by_role("button", name="发起（3人）")).to_be_visible()
        await tab_to(page, page.get_by_role("button", name="发起（3人）"))
        await keys.press("Enter")
        await keys.press("Enter")
        await expect(page.locator(".undo-bar")).to_contain_text(f"已发起：{TITLE}")
        ad_hoc = at.facts(TaskForceStarted)[-1].event
        assert (ad_hoc.title, ad_hoc.plan, ad_hoc.division) == (TITLE, None, DISTRICT)
        assert len(at.facts(TaskDispatched)) == 6


async def tab_to(page: Page, there: Locator, most: int = 40) -> None:
    """Go on with the tabulator until something has the focus."""
    for _ in range(most):
        if await there.evaluate("found => found === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(await page.evaluate("document.activeElement.outerHTML"))


async def test_late_people_are_chased_and_a_task_force_is_led_to_its_end(home: Home) -> None:
    async with desk(home) as at:
        page = at.page
        force, tasks = at.started()
        home.execute(Accept(task=tasks.of(C)), C)
        await page.goto(f"/desk?tf={force}&s=waiting")
        table = page.get_by_role("table")
        await expect(table.get_by_text("合成网格长甲")).to_be_visible()
        await table.get_by_role("checkbox").first.check()
        await page.keyboard.press("Escape")
        await page.get_by_role("toolbar").get_by_role("button", name="催办").click()
        await at.press("请马上领办。")
        await at.press("催办（2人）")
        await at.said("已催办2人")
        reminded = at.facts(TaskReminded)
        assert {one.stream for one in reminded} == {tasks.of(A), tasks.of(B)}
        assert {one.meta.actor for one in reminded} == {DUTY}

        await give_and_amend(at, force)
        await pull_in_and_close(at, force)


async def give_and_amend(at: Desk, force: str) -> None:
    """An order to an official; then it is amended by one who has not seen what happened meanwhile."""
    page = at.page
    await page.get_by_role("button", name="下指令", exact=True).click()
    await at.dialog.get_by_label("指令内容").fill("请到现场调度")
    await at.dialog.get_by_label("查找人员").fill("乡镇干部")
    await at.dialog.get_by_role("checkbox", name=re.compile("合成乡镇干部")).check()
    await at.press("下达（1人）")
    await at.said("指令已下达")
    (_, issued) = at.facts(OrderIssued)
    assert issued.event.text == "请到现场调度"

    await page.locator("main").get_by_role("button", name="更多", exact=True).click()
    await page.get_by_role("button", name="变更指令", exact=True).click()
    await at.dialog.get_by_label("指令", exact=True).select_option(label="请到现场调度")
    await at.dialog.get_by_label("指令内容").fill("请到现场调度，每小时回报")
    await at.dialog.get_by_label("原因").fill("雨势增大")
    at.home.execute(MakeEntry(task_force=force, text="桥头水位上涨"), DUTY)
    await at.press("变更")
    await expect(at.dialog).to_contain_text("您的变更没有写入")
    await expect(at.dialog).to_contain_text("桥头水位上涨")
    assert at.facts(OrderAmended) == []  # nothing is overwritten unseen
    await at.press("仍按我的改")
    await at.said("指令已变更")
    (amended,) = at.facts(OrderAmended)
    assert (amended.event.order, amended.event.text) == (
        issued.event.order,
        "请到现场调度，每小时回报",
    )


async def _lose_the_answer(route: Route) -> None:
    await route.fetch()
    await route.abort()


async def pull_in_and_close(at: Desk, force: str) -> None:
    page = at.page
    await page.get_by_role("button", name="拉入", exact=True).click()
    tree = at.dialog.get_by_role("tree")
    await tree.get_by_role("button", name="湖镇镇").click()
    await tree.get_by_role("checkbox", name=re.compile("合成镇指挥长")).check()
    await at.dialog.get_by_role("radio", name="只看此后的").check()
    await at.press("拉入（1人）")
    await at.said("已拉入1人")
    (joined,) = at.facts(PersonPulledIn)
    assert (joined.event.person, joined.event.sees) == (COMMANDER, "from_now")

    await page.get_by_role("button", name="记事", exact=True).first.click()
    await at.dialog.get_by_label("内容").fill("误记一条")
    # The answer is lost on the way: the same is sent again, and takes effect once.
    entries = re.compile(r"/entries$")
    await page.route(entries, _lose_the_answer, times=1)
    await at.press("记入日志")
    await expect(at.dialog).to_contain_text("不会重复执行")
    await at.press("再试一次")
    await at.said("已记事")
    assert [one.event.text for one in at.facts(EntryMade)] == ["桥头水位上涨", "误记一条"]
    await page.locator(".notices").get_by_role("button", name="作废这条").click()
    await at.press("写错了。")
    await at.press("作废")
    await at.said("记事已作废")
    assert [one.event.reason for one in at.facts(EntryStruck)] == ["写错了。"]

    await page.get_by_role("button", name="办结", exact=True).first.click()
    await at.dialog.get_by_label("办结结果").fill("道路已抢通，无人员伤亡。")
    await at.press("办结")
    await expect(at.dialog).to_contain_text("还有4项任务没有办完")
    assert at.facts(TaskForceClosed) == []
    await at.dialog.get_by_label(re.compile("一并撤回")).check()
    await at.press("办结")
    await at.said("专班已办结")
    (closed,) = at.facts(TaskForceClosed)
    assert (closed.stream, closed.event.outcome) == (force, "道路已抢通，无人员伤亡。")


async def test_a_telephoned_warning_and_a_finding_lead_to_what_is_done(home: Home) -> None:
    async with desk(home) as at:
        page = at.page
        await page.get_by_role("button", name="记录预警").first.click()
        await at.press("台风")
        await at.press("录入")
        await expect(at.dialog).to_contain_text("请选定预警等级。")
        await at.dialog.get_by_role("radio", name="橙色").check()
        await at.press("县气象台值班室")
        await at.press("录入")
        # A plan answers it: its proposal is one press away.
        await at.press("一键发起")
        (told,) = at.facts(WarningReceived)
        assert (told.event.content.level, told.event.told_by) == ("orange", "县气象台值班室")
        await expect(page.get_by_role("button", name="发起（3人）")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await expect(page.locator(".undo-bar")).to_contain_text("已发起")
        (start,) = at.facts(TaskForceStarted)
        assert start.event.warning == told.stream
        assert [one.event.task_force for one in at.facts(StartedOnWarning)] == [start.stream]

        # Found in the township, and passed up because it has no crane.
        command = home.new_command_id()
        found = ReportFinding(text="主干道上两棵大树倒伏", division=TOWN, place="村口往东两百米")
        home.execute(found, OFFICIAL, command_id=command)
        home.execute(PassUp(finding=finding_id(command), reason="镇里没有吊车"), OFFICIAL)
        await page.get_by_role("button", name=re.compile("主干道上两棵大树倒伏")).first.click()
        await at.press("下指令")
        text = at.dialog.get_by_label("指令内容")
        await expect(text).to_have_value("主干道上两棵大树倒伏")
        await text.fill("带油锯清障，清完拍照回报")
        await at.dialog.get_by_label("查找人员").fill("网格长甲")
        await at.dialog.get_by_role("checkbox", name=re.compile("合成网格长甲")).check()
        await at.dialog.get_by_label("回单须附照片").check()
        await at.press("下达")
        await at.said("指令已下达")
        (ordered,) = at.facts(FindingOrdered)
        issued = at.facts(OrderIssued)[-1].event
        assert (issued.order, issued.text) == (ordered.event.order, "带油锯清障，清完拍照回报")
        assert [field.kind for field in issued.form] == ["photo"]
