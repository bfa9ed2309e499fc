"""Every page and its states, looked at by machine: axe-core's rules, what overflows or is cut, one language
at a time, no code where a name belongs, everything within reach of the keyboard. All people synthetic.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Generator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.async_api import Browser, Error, Page, ViewportSize, expect

from handheld import data
from handheld.domain.finding_commands import ReportFinding
from handheld.domain.plan import AdoptPlan
from handheld.domain.task_commands import Accept, Decline, Report
from handheld.domain.warning_commands import TellWarning
from handheld_events.orders import PlanOrder, Target
from handheld_events.plan import Trigger
from tests.support_browser import DESK, PHONE, browser, somebody
from tests.support_course import DISTRICT, DUTY, GRIDS, HEADS, MOVED, TOWNS, County, county, moved
from tests.support_http import post
from tests.support_looks import (
    AXE,
    foreign,
    lay_out_all,
    misplaced,
    raw,
    unreached,
    violations,
    words,
)
from tests.support_server import Served, served

TOWN, VILLAGE = "330825101", "330825101201"
HEAD = "person-SYN-330825101201"
WHO = {"duty": DUTY, "head": HEAD}
PASSWORD = "three blind mice run"
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
            form=MOVED,
        ),
    ),
)
DATA = "".join(
    (
        *("龙游县", *TOWNS.values(), *GRIDS.values()),
        *("合成指挥长", "合成值班员", "合成网格长", "防汛巡查（测试）", "巡查本村低洼处，转移人员"),
        *("转移人数", "人", "台风", "市气象台", "村口桥面塌陷", "人在外地", "已转移"),
        *(PLAN.title, "请马上巡查本网格。", "演练", "“一件事”"),
        *(data.plan_for(key, DISTRICT).title for key in data.plans()),
        "operator",
    )
)
"""What people wrote, and their names."""
NUMBER = re.compile(r"SYN-\w+|[0-9a-f]{12,16}")
"""Of a person, as the county counts its staff; of the log, and of the pages."""
SAMPLES = re.compile(
    "[东西南北青白清长上下新大小高石云松竹梅柳样例畲族区县镇乡村街道社居民委员会第一二三四五六七八九十网格]+"
)
"""What the names of the style guide are made of."""
CHOICE = "中文"
"""A language is offered in its own words."""
ABBREVIATIONS = (
    "CSV XLSX GeoJSON JSON Excel English Handheld command AI PNG MB KB kB API HTML PDF Esc Enter Tab Ctrl "
    "handheld UTF GB WGS GCJ BD code name PageUp PageDown Aa backup CAP ID WCAG px rem em Noto Sans TLS Wi Fi iPhone Android GPS CloudEvents SHA Alt Shift WebSocket"
)
ZOOMED: ViewportSize = {"width": 720, "height": 450}
"""What is left of 1440 by 900 at 200 %."""
expect.set_options(timeout=20_000)

Step = Callable[[Page], Awaitable[None]]


def seen(selector: str) -> Step:
    async def step(page: Page) -> None:
        await page.locator(selector).first.wait_for()

    return step


def press(key: str) -> Step:
    async def step(page: Page) -> None:
        await page.keyboard.press(key)

    return step


def click(selector: str) -> Step:
    async def step(page: Page) -> None:
        await page.locator(selector).first.click()

    return step


class State(NamedTuple):
    """A page as somebody sees it."""

    who: str | None
    path: str
    steps: Sequence[Step]

    def __str__(self) -> str:
        return f"{self.who}: {self.path}"


OPEN = seen("[role=dialog]")
BOARD = seen(".states")
FORCE = "FORCE"
"""Stands for the task force in the addresses."""
DESKS = (
    State("duty", "/desk", (BOARD, seen(".map .tile"), seen(".dk-course li"))),
    State("duty", f"/desk?tf={FORCE}&s=waiting", (seen(".dk-people tbody tr, table tbody tr"),)),
    State("duty", f"/desk?d={TOWN}", (BOARD, seen(".map .tile"))),
    State(
        "duty",
        f"/desk?d={VILLAGE}&tf={FORCE}&s=in_progress",
        (click("table tbody a"), seen(".dk-side h2")),
    ),
    State("duty", f"/desk?p={HEAD}", (BOARD, seen(".dk-side h2"))),
    State("duty", "/desk", (BOARD, press("?"), seen("[role=dialog]"))),
    State(
        "duty",
        "/desk",
        (
            BOARD,
            seen(".dk-left .button.large"),
            press("n"),
            seen("[role=dialog] .body button:focus"),
        ),
    ),
    State(
        "duty",
        "/desk",
        (
            BOARD,
            press("n"),
            seen("[role=dialog] .body button:focus"),
            press("Enter"),
            seen("[role=dialog] footer .main:focus"),
        ),
    ),
    State(
        "duty",
        "/desk",
        (
            BOARD,
            press("n"),
            seen("[role=dialog] .body button:focus"),
            press("End"),
            press("ArrowUp"),
            press("Enter"),
            seen("[role=dialog] textarea"),
        ),
    ),
    State(
        "duty",
        f"/desk?tf={FORCE}",
        (seen(".dk-course li"), seen(".dk-head"), press("o"), seen("[role=dialog]")),
    ),
)
REST = (
    State("duty", f"/wall?d={DISTRICT}&tf={FORCE}", (seen(".tile"), seen(".newest .fact"))),
    State("duty", f"/replay?tf={FORCE}", (BOARD, seen(".timebar"))),
    State("duty", f"/replay?tf={FORCE}&v=waits", (BOARD, seen(".waits table"))),
    State("duty", "/replay", (seen("main a"),)),
    *(
        State("operator", f"/admin?tab={tab}", (seen("main h1"), seen(f"main {body}")))
        for tab, body in (
            ("start", ".step"),
            ("imports", "input"),
            ("plans", "a"),
            ("outlines", "input, .empty"),
            (f"duty&d={DISTRICT}", "h2"),
            ("accounts", "table"),
            (f"sheets&d={TOWN}", "button"),
            ("sessions", "table, .empty"),
            ("audit", "table, .empty"),
            ("condition", "h2"),
        )
    ),
    State(None, "/sign-in", (seen("main input"),)),
    State(None, "/s#0123456789abcdefghijklmnopqrstuv", (seen("main .button"),)),
    State(None, "/styleguide", (seen("main h2"), seen(".timeline li"))),
)
IN_HAND = (
    State("head", "/phone", (seen("main .button.main"),)),
    State("head", "/phone", (click("main a[href*='task=']"), seen("main .button.main"))),
    State(
        "head",
        "/phone?task=TASK&view=report",
        (seen("main input"),),
    ),
    State("head", "/phone?tab=finding", (seen("main textarea"),)),
    State("head", "/phone?tab=messages", (seen("main li, main .item, main a"),)),
    State("head", "/phone?tab=area", (BOARD,)),
    State("head", "/phone?tab=own", (seen("main .button"),)),
)


class Site(NamedTuple):
    """A county in the middle of something, its server, and who is signed in."""

    server: Served
    tokens: dict[str | None, str | None]
    force: str
    task: str

    def address(self, state: State) -> str:
        return state.path.replace(FORCE, self.force).replace("TASK", self.task)


@pytest.fixture
def site(tmp_path: Path) -> Generator[Site]:
    if not AXE.exists() and not os.environ.get("CI"):
        pytest.skip("axe-core is not installed: make check-web")
    with county(tmp_path / "data") as place:
        task, force = _happen(place)
        place.home.access.create_account("operator", PASSWORD, role="operator")
        with served(place.home) as server:
            tokens: dict[str | None, str | None] = {None: None}
            for who, person in WHO.items():
                tokens[who] = server.token(person, device=f"device-of-{who}")
                # Two who look at once are two devices: of one device one window takes the inbox.
                tokens[f"{who}-en"] = server.token(person, device=f"other-device-of-{who}")
            body = {"name": "operator", "password": PASSWORD}
            answer = post(f"{server.api}/sign-in", json=body)
            tokens["operator"] = answer.json()["token"]
            yield Site(server, tokens, force, task)


def _happen(place: County) -> tuple[str, str]:
    """Somebody has accepted, reported, declined, found something; a warning is in force."""
    place.do(PLAN)
    warning = TellWarning(event="台风", level="orange", divisions=(DISTRICT,), told_by="市气象台")
    place.do(warning, DUTY)
    force, tasks = place.start()
    heads = list(HEADS)
    place.later(minutes=7)
    for head in (HEAD, *heads[:3]):
        place.do(Accept(task=tasks.of(head)), head)
    place.do(Report(task=tasks.of(heads[0]), text="已转移", filled=moved(1234)), heads[0])
    place.do(Decline(task=tasks.of(heads[5]), reason="人在外地"), heads[5])
    place.do(ReportFinding(text="村口桥面塌陷", division=VILLAGE), HEAD)
    place.later(minutes=40)
    place.home.caught_up()
    return tasks.of(HEAD), force


async def _look(
    running: Browser, site: Site, states: Sequence[State], language: str, theme: str, phone: bool
) -> list[str]:
    """All that is wrong with these states."""
    size = PHONE if phone else DESK
    found: list[str] = []
    for who in dict.fromkeys(state.who for state in states):
        looking = somebody(
            running,
            site.server,
            site.tokens.get(f"{who}-{language}", site.tokens[who]),
            language=language,
            theme=theme,
            size=size,
        )
        async with looking as eyes:
            eyes.context.set_default_timeout(20_000)
            page = await eyes.context.new_page()
            for n, state in enumerate(states):
                if state.who != who:
                    continue
                await eyes.go(page, site.address(state))
                await _reach(page, state)
                wrong = await _wrong(page, language, phone)
                # Each state in one of the two; both colours, both languages, all kinds of states.
                wrong += await violations(page) if n % 2 == (theme == "dark") else []
                found += [f"{language} {theme} {state}: {one}" for one in wrong]
            found += eyes.wrong
    return found


async def _reach(page: Page, state: State) -> None:
    try:
        for step in state.steps:
            await step(page)
    except Error as error:
        there = await page.locator("body").aria_snapshot()
        focus = await page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
        msg = f"{state}: {error}\nfocus: {focus}\n{there}"
        raise AssertionError(msg) from error


async def _wrong(page: Page, language: str, phone: bool) -> list[str]:
    found: list[str] = []
    read = [NUMBER.sub("", one) for one in await words(page)]
    allowed = DATA + CHOICE if language == "en" else DATA + ABBREVIATIONS
    if "/styleguide" in page.url:
        read = [SAMPLES.sub("", one) for one in read]
    found += [f"in the other language: {one}" for one in foreign(read, language, allowed)]
    found += [f"a raw code: {one}" for one in raw(read)]
    await lay_out_all(page)
    for size in (PHONE,) if phone else (ZOOMED, PHONE, DESK):
        await page.set_viewport_size(size)
        await page.evaluate(
            "new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))"
        )
        found += [f"at {size['width']}: {one}" for one in await misplaced(page)]
    return found


@pytest.mark.parametrize("states", [DESKS, REST, IN_HAND], ids=["desk", "others", "phone"])
async def test_every_state_of_every_page_is_accessible_and_in_one_language(
    site: Site, states: Sequence[State]
) -> None:
    phone = states is IN_HAND
    async with browser() as running:
        light = _look(running, site, states, "zh", "light", phone)
        dark = _look(running, site, states, "en", "dark", phone)
        found = await asyncio.gather(light, dark)
    assert not any(found), "\n".join(one for each in found for one in each)


async def test_the_tabulator_reaches_everything_and_shows_where_it_is(site: Site) -> None:
    pages = {
        "duty": ("/desk", f"/wall?d={DISTRICT}&tf={site.force}", f"/replay?tf={site.force}"),
        "head": ("/phone",),
        "operator": ("/admin?tab=accounts",),
        None: ("/sign-in",),
    }
    found: list[str] = []
    async with browser() as running:
        for who, paths in pages.items():
            size = PHONE if who == "head" else DESK
            async with somebody(running, site.server, site.tokens[who], size=size) as eyes:
                for path in paths:
                    page = await eyes.page(path)
                    await page.locator("main .button, .states, .timebar").first.wait_for()
                    if who == "head":  # the tasks have come, each with its next step
                        await page.locator("main .button.big").first.wait_for()
                    found += [f"{path}: {one}" for one in await unreached(page)]
    assert not found, "\n".join(found)
