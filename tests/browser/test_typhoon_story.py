"""The typhoon, told through the pages alone: desks, a wall and phones in a real Chromium at a real server that
is stopped in between, from the warning to the replay of what the desk showed at 16:05. All people are synthetic.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Locator, Page, expect

from handheld.bootstrap import Home
from handheld_events.finding import FindingOrdered, FindingReported
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskDispatched,
    TaskOverdue,
    TaskReminded,
    TaskReported,
    TaskVerified,
    TaskWithdrawn,
)
from handheld_events.task_force import OrderIssued, TaskForceClosed, TaskForceStarted
from handheld_events.times import judge
from handheld_events.warning import StartedOnWarning, WarningReceived
from tests.support_attachments import sample
from tests.support_browser import browser
from tests.support_live import eventually
from tests.support_screens import (
    CADRE,
    COMMANDER,
    CONTACTS,
    DISTRICT,
    DUTY,
    LEADER,
    PATIENCE,
    A,
    B,
    Beside,
    C,
    Figures,
    Stand,
    county,
    figures,
)
from tests.support_signal import signal

HEADLINE = "县气象台发布台风橙色预警（测试）"
TITLE = "防台风应急响应"
FOUND = "大树倒了，村道堵住（测试）"
ORDERED = "带油锯清障，清完拍照回报"
HINT = "请马上领办。"
OUTCOME = "台风已过境，全部任务办结，无人员伤亡。"
FIVE_PAST_FOUR = datetime(2021, 7, 23, 8, 5, tzinfo=UTC)
DESK, WALL, THEN = ".dk-board", ".wall-page", ".then"


@pytest.fixture
def home(tmp_path: Path) -> Generator[Home]:
    with county(tmp_path / "data") as found:
        yield found


class Noted(NamedTuple):
    """What the desk showed at an instant."""

    at: datetime
    end: int
    """How far the log had come."""
    position: int
    """How far it had come when the board changed last, as the desk was told."""
    figures: Figures


class Story:
    """Who is there, and what they look at."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.home = stand.home
        self.force = ""
        self.duty: Page
        """The desk of the duty officer, who does most."""
        self.chief: Page
        """The desk of the commander beside it."""
        self.wall: Page
        self.a: Page
        self.b: Page
        """This one's phone has no signal for a while."""
        self.leader: Page
        """This one does not accept for an hour."""
        self.beside: Beside
        self.noted: Noted

    @property
    def screens(self) -> tuple[Page, ...]:
        return (self.duty, self.chief, self.wall, self.a, self.b, self.leader)

    # --- what a page shows ------------------------------------------------------------------------

    async def shown(self, **numbers: int) -> None:
        """Both desks and the wall come to say so by themselves: states, and stages of the funnel."""
        for page, root in ((self.duty, DESK), (self.chief, DESK), (self.wall, WALL)):
            for name, n in numbers.items():
                state = page.locator(f"{root} .states .is-{name} .number")
                stage = page.locator(f"{root} .funnel .step.{name} .number")
                await expect(state.or_(stage).first).to_have_text(str(n))

    async def agreed(self) -> Figures:
        """The desks and the wall come to show the same, as the log holds it."""
        give_up = monotonic() + PATIENCE / 1000
        while True:
            held = await asyncio.to_thread(self.stand.held, self.force)
            shown = [await figures(self.duty, DESK), await figures(self.chief, DESK)]
            shown.append(await figures(self.wall, WALL))
            # A funnel leaves out the stages that nobody needs.
            if shown[0] == shown[1] == shown[2] and held | shown[0] == held:
                return shown[0]
            assert monotonic() < give_up, (held, shown)

    async def press(self, page: Page, name: str) -> None:
        """A button of the page's dialog."""
        button = page.get_by_role("dialog").get_by_role("button", name=name, exact=True)
        await button.click()

    # --- phones -----------------------------------------------------------------------------------

    async def accept(self, page: Page, text: str) -> None:
        """The one big button of the card of a task."""
        card = page.locator(".task-item", has_text=text)
        await card.get_by_role("button", name="领办", exact=True).click()
        await expect(card.get_by_role("button", name="回单", exact=True)).to_be_visible()

    async def sent(self, page: Page) -> None:
        """Whoever does not want to wait for the ten seconds sends at once."""
        await self.tab(page, "我的").click()
        await page.get_by_role("button", name="现在送出").click()
        await expect(page.locator("section.queue")).to_have_count(0)
        await self.tab(page, "任务").click()

    def tab(self, page: Page, word: str) -> Locator:
        return page.locator("nav.bottom a", has_text=re.compile(rf"{word}$"))


@asynccontextmanager
async def place(home: Home) -> AsyncGenerator[tuple[Story, AsyncExitStack]]:
    """Everybody at their screens: two desks, three phones."""
    expect.set_options(timeout=PATIENCE)
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(signal())
        field = await stack.enter_async_context(signal())
        running = await stack.enter_async_context(browser())
        stand = Stand(home, running, office, field)
        await stand.open()
        stack.push_async_callback(stand.shut)
        story = Story(stand)
        duty = await stack.enter_async_context(stand.desk(DUTY))
        chief = await stack.enter_async_context(stand.desk(COMMANDER))
        story.duty, story.chief = await duty.page("/desk"), await chief.page("/desk")
        story.wall = await chief.page(f"/wall?d={DISTRICT}")
        story.beside = Beside(story.duty, story.chief)
        story.a = await stack.enter_async_context(stand.phone(A))
        story.b = await stack.enter_async_context(stand.phone(B, field))
        story.leader = await stack.enter_async_context(stand.phone(LEADER))
        yield story, stack


async def test_the_typhoon_from_the_warning_to_the_replay_of_five_past_four(home: Home) -> None:
    async with place(home) as (story, stack):
        await warning_comes_by_telephone(story)
        await start_in_three_steps(story)
        await phones_accept_and_boards_move(story)
        await without_signal_nothing_is_lost(story)
        await the_server_is_away_until_five_past_four(story)
        await the_late_one_is_reminded(story)
        await what_the_desk_shows_is_noted(story)
        await found_on_the_way(story, stack)
        await reported_verified_and_closed(story)
        await replay_shows_five_past_four(story)
        await story.beside.note()
        assert story.beside.compared() >= 8
        assert [wrong for one in story.stand.everybody for wrong in one.wrong] == []
    the_log_holds_it_once(story)


async def warning_comes_by_telephone(story: Story) -> None:
    """The commander types in what the weather office says; the desk beside it sounds."""
    duty, chief = story.duty, story.chief
    await expect(duty.get_by_text("平时状态，没有进行中的任务")).to_be_visible()
    await duty.get_by_role("heading", name="龙游县").click()  # browsers allow sound after a press
    await expect(duty.locator(".dk-sound.dk-on")).to_be_visible()
    await chief.get_by_role("button", name="记录预警").click()
    await story.press(chief, "台风")
    await chief.get_by_role("dialog").get_by_role("radio", name="橙色").check()
    await story.press(chief, "县气象台值班室")
    await chief.get_by_label("来电内容").fill(HEADLINE)
    await story.press(chief, "录入")
    alarm = duty.locator(".dk-alarm", has_text=f"新预警：{HEADLINE}")
    await expect(alarm).to_be_visible()
    assert await played(duty) >= 1
    await expect(story.wall.locator(".alert.level-orange")).to_contain_text(HEADLINE)
    await expect(duty.locator(".dk-left .dk-due")).to_have_text("待发起")
    await alarm.get_by_role("button", name="查看").click()
    await expect(alarm).to_have_count(0)
    # What a plan proposes opens at the end; where that takes its time, only the words are there.
    card, told = chief.locator(".warning-card"), chief.locator(".notices", has_text="预警已录入")
    await expect(card.or_(told).first).to_be_visible()
    if await card.count():
        await chief.keyboard.press("Escape")
    await expect(chief.get_by_role("dialog")).to_have_count(0)
    await chief.locator(".dk-alarm").get_by_role("button", name="知道了").click()


async def played(page: Page) -> int:
    """How often the desk has sounded."""
    build = await page.evaluate("document.documentElement.dataset.build")
    address = f"/web/{build}/desk/sound.js"
    n: int = await page.evaluate("async (from) => (await import(from)).played.value", address)
    return n


async def start_in_three_steps(story: Story) -> None:
    duty = story.duty
    await story.press(duty, "一键发起")
    await expect(duty.get_by_role("dialog")).to_contain_text("网格长 3")
    await story.press(duty, "发起（7人）")
    assert story.stand.facts(TaskForceStarted) == []
    await story.press(duty, "再按一次，派给7人")
    await expect(duty.locator(".undo-bar")).to_contain_text(f"已发起：{TITLE}")
    await duty.wait_for_url("**tf=tf-*")
    story.force = parse_qs(urlsplit(duty.url).query)["tf"][0]
    # The phones show it at once; the other desk and the wall have it, too.
    for page in (story.a, story.b):
        await expect(page.locator(".task-item", has_text="请马上巡查本网格")).to_be_visible()
    await expect(story.leader.locator(".task-item", has_text="到岗带班")).to_be_visible()
    await story.chief.locator(".dk-left").get_by_role("link", name=TITLE).click()
    await story.wall.goto(f"/wall?d={DISTRICT}&tf={story.force}")
    await story.shown(waiting=7, dispatched=7, delivered=3, accepted=0)
    await story.beside.watch()


async def phones_accept_and_boards_move(story: Story) -> None:
    await story.accept(story.a, "请马上巡查本网格")
    await story.sent(story.a)
    await story.shown(waiting=6, in_progress=1, accepted=1)
    await story.agreed()
    # A reload keeps the place: the state that is listed, the wall's task force, the report begun.
    await story.beside.note()
    await story.duty.locator(f"{DESK} .states .is-in_progress").click()
    await expect(story.duty.get_by_role("table", name="办理中的人员")).to_contain_text(
        "合成网格长甲"
    )
    await story.a.locator(".task-item").get_by_role("button", name="回单").click()
    await story.a.get_by_label("排查隐患点", exact=True).fill("5")
    for page in (story.duty, story.wall, story.a):
        before = page.url
        await page.reload()
        assert page.url == before
    await expect(story.duty.get_by_role("table", name="办理中的人员")).to_contain_text(
        "合成网格长甲"
    )
    await expect(story.a.get_by_label("排查隐患点", exact=True)).to_have_value("5")
    await story.shown(waiting=6, in_progress=1)
    await story.beside.watch()


async def without_signal_nothing_is_lost(story: Story) -> None:
    """B's phone loses its signal, and B goes on: accepts, and reports."""
    b, stand = story.b, story.stand
    stand.field.lost()
    began = stand.clock.now()
    await story.accept(b, "请马上巡查本网格")
    await expect(b.locator(".away")).to_contain_text(re.compile(r"照常办理.*已断开\d+秒"))
    await b.locator(".task-item").get_by_role("button", name="回单").click()
    await fill(b, 排查隐患点=12, 仍未消除的隐患=1, 劝返人数=7)
    await b.get_by_role("button", name="送出回单").click()
    await expect(b.get_by_text("已办结", exact=True).first).to_be_visible()
    await expect(b.locator(".unsent")).to_have_text("2")
    done = stand.clock.now()
    assert [fact.meta.actor for fact in stand.facts(TaskAccepted)] == [A]
    await story.shown(waiting=6, in_progress=1)
    stand.signal_back(stand.field)
    await b.evaluate("dispatchEvent(new Event('online'))")
    await story.sent(b)
    await story.shown(waiting=5, in_progress=1, closed=1, reported=1)
    (accepted,) = [fact for fact in stand.facts(TaskAccepted) if fact.meta.actor == B]
    (reported,) = stand.facts(TaskReported)
    # It counts from when it happened, not from when it came; the phone's own clock is years ahead.
    slack = timedelta(seconds=2)
    times = [judge(fact.meta, fact.recorded_at) for fact in (accepted, reported)]
    assert {time.claim for time in times} == {"clock_corrected"}
    assert began - slack < times[0].at < times[1].at < done + slack
    assert reported.recorded_at > done
    assert reported.event.filled.numbers == {
        "hazards-checked": 12,
        "hazards-open": 1,
        "persuaded": 7,
    }


async def fill(page: Page, **numbers: int) -> None:
    """The numbers of a report."""
    for label, n in numbers.items():
        await page.get_by_label(label, exact=True).fill(str(n))


async def photo(page: Page, name: str) -> None:
    """A picture from the camera, as the phone shows it small."""
    camera = page.locator("input[type=file][capture]").first
    await camera.set_input_files(
        {"name": "camera.jpg", "mimeType": "image/jpeg", "buffer": sample(name)}
    )
    await expect(page.get_by_alt_text("第 1张照片")).to_be_visible()


async def the_server_is_away_until_five_past_four(story: Story) -> None:
    """Every page says since when it is away, greys, and comes back without being loaded anew."""
    before = await story.agreed()
    for page in story.screens:
        await page.evaluate("window.notReloaded = true")
    await story.stand.shut()
    for desk in (story.duty, story.chief):
        await expect(desk.locator(".dk-stale-line")).to_contain_text(
            re.compile(r"以下为 15:\d\d:\d\d 的情况")
        )
        await expect(desk.locator(f"{DESK}.stale")).to_be_visible()
        await expect(desk.locator(".dk-alarm")).to_contain_text("连接中断")
        assert await figures(desk, DESK) == before
    await expect(story.wall.locator(".link.lost")).to_contain_text(re.compile(r"连接中断 \d+秒"))
    await expect(story.wall.locator("main.stale")).to_be_visible()
    for phone in (story.a, story.b, story.leader):
        await expect(phone.locator(".away")).to_contain_text(re.compile(r"已断开\d+秒"))
    story.stand.clock.move_to(FIVE_PAST_FOUR)
    await story.stand.open()
    # An hour was too long for the leader: that is on all boards.
    await story.shown(waiting=5, overdue=1)
    for desk in (story.duty, story.chief):
        await expect(desk.locator(f"{DESK}.stale")).to_have_count(0)
        await expect(desk.locator(".connection")).to_contain_text("实时")
        await expect(desk.locator(".dk-alarm")).to_have_count(0)
    await expect(story.wall.locator(".link.live")).to_be_visible()
    for phone in (story.a, story.b, story.leader):
        await expect(phone.locator(".away")).to_have_count(0)
    for page in story.screens:
        assert await page.evaluate("window.notReloaded")


async def the_late_one_is_reminded(story: Story) -> None:
    duty, leader = story.duty, story.leader
    await expect(story.wall.locator(".late")).to_contain_text("合成驻村队长")
    await duty.locator(f"{DESK} .states .is-overdue").click()
    table = duty.get_by_role("table", name="超期的人员")
    await expect(table).to_contain_text("合成驻村队长")
    await table.get_by_role("checkbox").nth(1).check()
    await duty.get_by_role("toolbar").get_by_role("button", name="催办").click()
    await story.press(duty, HINT)
    await story.press(duty, "催办")
    await expect(duty.locator(".notices")).to_contain_text("已催办")
    # The phone shows it by itself: with the task, and among the messages.
    await leader.locator(".task-item a.inner").click()
    await expect(leader.locator(".notice", has_text="已催办")).to_be_visible()
    await story.tab(leader, "消息").click()
    await expect(leader.locator("a.message", has_text=HINT)).to_contain_text("催办")


async def what_the_desk_shows_is_noted(story: Story) -> None:
    """What stands on the desk while nothing happens for two seconds: the instant is between them."""
    stand, end, shown = story.stand, -1, Figures()
    while end != stand.home.log.end() or shown != await figures(story.duty, DESK):
        end, shown = stand.home.log.end(), await story.agreed()
        at = stand.clock.now().replace(microsecond=0) + timedelta(seconds=1)
        stand.clock.move_to(at + timedelta(seconds=1))
        position = await story.duty.locator(DESK).get_attribute("data-position")
        story.noted = Noted(at, end, int(position or 0), shown)
    assert (shown["overdue"], shown["accepted"], shown["dispatched"]) == (1, 2, 7)


async def found_on_the_way(story: Story, stack: AsyncExitStack) -> None:
    """A finds something; the village official has it on their list, and orders."""
    a = story.a
    await story.tab(a, "上报").click()
    await photo(a, "gps.jpg")
    await a.get_by_role("textbox", name="发现了什么").fill(FOUND)
    await a.get_by_label("具体位置").fill("村口桥东两百米")
    await a.get_by_role("button", name="上报", exact=True).click()
    await expect(a.locator(".notices")).to_contain_text("已上报")
    await story.sent(a)

    cadre = await stack.enter_async_context(story.stand.phone(CADRE))
    await story.tab(cadre, "我的辖区").click()
    line = cadre.locator(".to-decide", has_text=FOUND)
    await line.get_by_role("button", name="去处置").click()
    card = cadre.get_by_role("dialog")
    await expect(card).to_contain_text("村口桥东两百米")
    await expect(card.get_by_alt_text("照片 1")).to_be_visible()
    await eventually(lambda: story.stand.facts(FindingReported))
    await story.press(cadre, "下指令")
    await card.get_by_label("指令内容").fill(ORDERED)
    await card.get_by_label("查找人员").fill("网格长甲")
    await card.get_by_role("checkbox", name=re.compile("合成网格长甲")).check()
    await card.get_by_label("回单须附照片").check()
    await card.get_by_label("回单后须核查").check()
    await card.get_by_role("button", name="更多要求").click()
    await card.get_by_role("button", name="加一项").click()
    await card.get_by_label("名称").fill("清理树木")
    await card.get_by_label("单位", exact=True).fill("棵")
    await story.press(cadre, "下达")
    await expect(cadre.locator(".notices")).to_contain_text("指令已下达")
    await expect(line).to_have_count(0)
    await story.shown(dispatched=8)


async def reported_verified_and_closed(story: Story) -> None:
    a, duty = story.a, story.duty
    await story.accept(a, ORDERED)
    await story.sent(a)
    # What is pressed within 0.4 seconds of a change of the button is taken for a slip.
    begin = a.locator(".task-item", has_text=ORDERED).get_by_role("button", name="回单")
    await begin.wait_for()
    await asyncio.sleep(0.5)
    await begin.click()
    await fill(a, 清理树木=2)
    await photo(a, "plain.jpg")
    await a.get_by_role("button", name="已完成", exact=True).click()
    await a.get_by_role("button", name="送出回单").click()
    await story.tab(a, "任务").click()
    await story.sent(a)
    await story.shown(to_verify=1, reported=2)

    await duty.locator(f"{DESK} .states .is-to_verify").click()
    await duty.get_by_role("table", name="待核查的人员").get_by_role("link").first.click()
    panel = duty.get_by_role("complementary", name="任务")
    await expect(panel).to_contain_text("2 棵")
    await expect(panel.get_by_alt_text("照片 1")).to_be_visible()
    await panel.get_by_role("button", name="核查通过").click()
    await story.press(duty, "核查通过")
    await story.shown(to_verify=0, closed=2, verified=1)
    await expect(story.wall.locator(".sum", has_text="清理树木")).to_contain_text("2")

    await duty.get_by_role("button", name="办结", exact=True).first.click()
    await duty.get_by_label("办结结果").fill(OUTCOME)
    await expect(duty.get_by_role("dialog")).to_contain_text("没办完的6项任务")
    await duty.get_by_role("dialog").get_by_label("一并撤回").check()
    await story.press(duty, "办结")
    await expect(duty.locator(".notices")).to_contain_text("专班已办结")
    for desk in (duty, story.chief):
        await expect(desk.locator(".dk-head")).to_contain_text(OUTCOME)
    await story.shown(waiting=0, in_progress=0, withdrawn=6, closed=2)
    await story.agreed()


async def replay_shows_five_past_four(story: Story) -> None:
    noted, duty = story.noted, story.duty
    await story.beside.note()
    await duty.get_by_role("link", name="复盘").first.click()
    await duty.wait_for_url("**/replay?*")
    await expect(duty.locator(f"{THEN} .state.is-withdrawn .number")).to_have_text("6")
    there = noted.at + timedelta(hours=8)
    assert f"{there:%H:%M}" == "16:05"
    await duty.get_by_label("指定时刻").fill(f"{there:%Y-%m-%dT%H:%M:%S}")
    await expect(duty.get_by_label("指定时刻")).to_have_value(f"{there:%Y-%m-%dT%H:%M:%S}")
    await expect(duty.locator(f"{THEN} .then-head")).to_contain_text(f"序号 {noted.end}")
    assert await figures(duty, THEN) == noted.figures
    await duty.locator(f"{THEN} .shown").get_by_role("button", name="核对").click()
    verdicts = duty.locator(f"{THEN} .shown li")
    await expect(verdicts.first).to_be_visible()
    for words in await verdicts.all_text_contents():
        assert "与日志一致" in words
    await expect(verdicts.filter(has_text="本专班看板")).not_to_have_count(0)
    await duty.reload()
    await expect(duty.locator(f"{THEN} .then-head")).to_contain_text(f"序号 {noted.end}")
    assert await figures(duty, THEN) == noted.figures

    assert story.stand.server is not None
    with story.stand.server.client(COMMANDER) as client:
        path = f"/boards/divisions/{DISTRICT}/shown"
        about = {"at": noted.at.isoformat(), "task_force": story.force}
        shown = client.get(path, params=about).json()["shown"]
    assert {one["verdict"] for one in shown} == {"identical"}
    assert noted.position in {one["position"] for one in shown}


def the_log_holds_it_once(story: Story) -> None:
    """Each thing that was done on a page is in the log exactly once."""
    facts = story.stand.facts
    (warning,) = facts(WarningReceived)
    (start,) = facts(TaskForceStarted)
    assert start.stream == story.force
    assert (start.meta.actor, start.event.warning) == (DUTY, warning.stream)
    assert [one.event.task_force for one in facts(StartedOnWarning)] == [story.force]
    of = {one.stream: one.event.person for one in facts(TaskDispatched)}
    assert sorted(of.values()) == sorted([LEADER, A, A, B, C, *CONTACTS])
    assert sorted(one.meta.actor for one in facts(TaskAccepted)) == sorted([A, A, B])
    assert sorted(one.meta.actor for one in facts(TaskReported)) == sorted([A, B])
    by_hand = [one for one in facts(TaskReminded) if one.meta.actor == DUTY]
    assert [(of[one.stream], one.event.text) for one in by_hand] == [(LEADER, HINT)]
    assert [of[one.stream] for one in facts(TaskOverdue)] == [LEADER]
    (found,) = facts(FindingReported)
    (ordered,) = facts(FindingOrdered)
    assert (found.meta.actor, found.event.text, len(found.event.photos)) == (A, FOUND, 1)
    assert (ordered.stream, ordered.meta.actor) == (found.stream, CADRE)
    assert [one.event.order for one in facts(OrderIssued)][-1] == ordered.event.order
    (verified,) = facts(TaskVerified)
    (with_photo,) = [one for one in facts(TaskReported) if one.event.photos]
    assert (verified.stream, verified.meta.actor) == (with_photo.stream, DUTY)
    assert sorted(of[one.stream] for one in facts(TaskClosed)) == sorted([A, B])
    assert sorted(of[one.stream] for one in facts(TaskWithdrawn)) == sorted(
        [A, C, LEADER, *CONTACTS]
    )
    (closed,) = facts(TaskForceClosed)
    assert (closed.stream, closed.event.outcome) == (story.force, OUTCOME)
