"""Takes pictures of all pages: `make screenshots`.

The typhoon story is played up to 16:05, served by the real server, and looked at with a real Chromium:
each page light and dark, in Chinese and English, on a desk and on a phone. All of them go to
build/screenshots/; those that README and docs show go to docs/img/screens/, smaller. All people are synthetic.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.application.access.records import DeviceSaid
from handheld.bootstrap import Home, found_home
from handheld.config import Settings
from handheld.demo.parts import parts
from handheld.demo.scene import COUNTY, TOWNSHIP, VILLAGE, at
from handheld.demo.story import Story
from handheld.entrypoints.cli.demo_sign_ins import made
from handheld.entrypoints.serving import Server

ROOT = Path(__file__).parent.parent.parent
ALL, CHOSEN = ROOT / "build/screenshots", ROOT / "docs/img/screens"
UNTIL = "16:05"
CONTACT = "person-S0003985"
"""A household contact of Xitang village: households to visit, and a tree to be cleared away."""
LOOKS = (("zh", "light"), ("zh", "dark"), ("en", "light"), ("en", "dark"))
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
PATIENCE_MS = 60_000
QUALITY = 78

Step = Callable[[Page], Awaitable[object]]


def seen(selector: str) -> Step:
    """Wait until something is there."""
    return lambda page: page.locator(selector).first.wait_for()


def press(key: str) -> Step:
    """A key."""
    return lambda page: page.keyboard.press(key)


def click(selector: str) -> Step:
    """The first that is found."""
    return lambda page: page.locator(selector).first.click()


def heard(page: Page) -> Awaitable[object]:
    """Browsers play no sound before something is pressed, and the desk says so."""
    return page.mouse.click(3, 890)


class Shot(NamedTuple):
    """One picture."""

    name: str
    who: str
    """An account of the demonstration, `contact`, or `nobody`."""
    path: str
    steps: Sequence[Step]
    chosen: str = ""
    """The looks in which it goes into the docs: `zh-light en-dark`."""


BOARD, OPEN = seen(".states"), seen("[role=dialog]")
START = (BOARD, heard, click(".dk-left .button.main"), seen(".start-choice"))
FORCE = "FORCE"
"""Stands for the task force in addresses."""
THEN = "2021-07-23T07:30:00Z"
DESKTOP = (
    Shot("desk-district", "duty", f"/desk?tf={FORCE}", (BOARD, heard), "zh-light en-light"),
    Shot("desk-all", "duty", "/desk", (BOARD, heard)),
    Shot(
        "desk-late",
        "duty",
        f"/desk?d={TOWNSHIP}&tf={FORCE}&s=waiting",
        (seen("table tbody tr"), heard, click("table tbody input"), seen("[role=toolbar]")),
    ),
    Shot("desk-township", "township", f"/desk?tf={FORCE}", (BOARD, heard), "zh-dark"),
    Shot("desk-department", "department", f"/desk?tf={FORCE}", (seen(".dk-middle h1"), heard)),
    Shot(
        "desk-person",
        "duty",
        f"/desk?d={VILLAGE}&tf={FORCE}&s=in_progress",
        (heard, click("table tbody a"), seen(".dk-side h2"), seen(".dk-side li")),
    ),
    Shot("desk-keys", "duty", "/desk", (BOARD, heard, press("?"), OPEN)),
    Shot("start-choose", "duty", "/desk", START),
    Shot(
        "start-preview",
        "duty",
        "/desk",
        (*START, click(".start-choice"), seen("[role=dialog] footer .main:focus")),
        "zh-light",
    ),
    Shot(
        "start-ad-hoc",
        "duty",
        "/desk",
        (*START, click(".start-choice >> nth=-1"), seen("[role=dialog] textarea")),
    ),
    Shot(
        "order",
        "duty",
        f"/desk?tf={FORCE}",
        (seen(".dk-course li"), heard, press("o"), seen("[role=dialog] textarea")),
    ),
    Shot(
        "wall",
        "commander",
        f"/wall?d={COUNTY}&kiosk",
        (seen(".tile"), seen(".fact")),
        "zh-dark en-dark",
    ),
    Shot("replay", "analyst", f"/replay?tf={FORCE}&t={THEN}", (BOARD, seen(".timebar"))),
    Shot(
        "replay-waits",
        "analyst",
        f"/replay?tf={FORCE}&t={THEN}&v=waits",
        (BOARD, seen(".waits table")),
        "zh-light",
    ),
    Shot(
        "replay-curve", "analyst", f"/replay?tf={FORCE}&t={THEN}&v=curve", (BOARD, seen("canvas"))
    ),
    Shot("admin-guide", "operator", "/admin?tab=start&step=drill", (seen(".step"),)),
    Shot("admin-imports", "operator", "/admin?tab=imports&of=people", (seen("main input"),)),
    Shot("admin-plans", "operator", "/admin?tab=plans", (seen("main table, main li"),)),
    Shot(
        "admin-plan", "operator", "/admin?tab=plans&plan=typhoon", (seen(".plan-top"),), "zh-light"
    ),
    Shot("admin-outlines", "operator", "/admin?tab=outlines", (seen("main h1"),)),
    Shot("admin-duty", "operator", f"/admin?tab=duty&d={COUNTY}", (seen("main table, main h2"),)),
    Shot("admin-accounts", "operator", "/admin?tab=accounts", (seen("main table"),)),
    Shot("admin-sheets", "operator", f"/admin?tab=sheets&d={TOWNSHIP}", (seen("main select"),)),
    Shot("admin-sessions", "operator", "/admin?tab=sessions", (seen("main table"),)),
    Shot("admin-condition", "operator", "/admin?tab=condition", (seen("main h2"),)),
    Shot("sign-in", "nobody", "/sign-in", (seen("main input"),)),
    Shot("styleguide", "nobody", "/styleguide", (seen(".timeline li"),)),
)
FIRST_RUN = (Shot("admin-first-run", "nobody", "SET_UP", (seen("main input"),), "zh-light"),)


def opened(nth: int) -> Step:
    """A task of the list, by its number."""

    async def step(page: Page) -> None:
        await page.locator("main a[href*='task=']").nth(nth).click()
        await page.locator(".task-whole").first.wait_for()

    return step


def further(view: str) -> Step:
    """What belongs to the task that is open."""

    async def step(page: Page) -> None:
        await page.goto(f"{page.url}&view={view}")
        await page.locator("main .button").first.wait_for()

    return step


IN_HAND = (
    Shot("phone-tasks", "contact", "/phone", (seen("main .button.main"),), "zh-light en-dark"),
    Shot("phone-task", "contact", "/phone", (opened(0),)),
    Shot("phone-report", "contact", "/phone", (opened(0), further("report")), "zh-light"),
    Shot("phone-visits", "contact", "/phone", (opened(1), further("visits")), "zh-light"),
    Shot("phone-finding", "contact", "/phone?tab=finding", (seen("main textarea"),), "zh-light"),
    Shot("phone-messages", "contact", "/phone?tab=messages", (seen("main li"),)),
    Shot("phone-own", "contact", "/phone?tab=own", (seen("main .button"),)),
    Shot("phone-area", "township", "/phone?tab=area", (seen(".person-line"),), "zh-light"),
    Shot("phone-area-village", "village", "/phone?tab=area", (BOARD,)),
    Shot("phone-sign-in", "nobody", "/s#0123456789abcdefghijklmnopqrstuv", (seen("main .button"),)),
)


class Camera:
    """A browser, a server, and where the pictures go."""

    def __init__(
        self, running: Browser, url: str, tokens: dict[str, str], force: str, looks: re.Pattern[str]
    ) -> None:
        self._running = running
        self._looks = [one for one in LOOKS if looks.search("-".join(one))]
        self._url = url
        self._tokens = tokens
        self._force = force
        self.wrong: list[str] = []

    async def take(self, shots: Sequence[Shot], size: ViewportSize, set_up: str = "") -> None:
        """All of them, in all looks."""
        for language, theme in self._looks:
            for who in dict.fromkeys(shot.who for shot in shots):
                async with self._signed_in(who, language, theme, size) as context:
                    for shot in (one for one in shots if one.who == who):
                        path = shot.path.replace(FORCE, self._force).replace("SET_UP", set_up)
                        await self._take(context, shot, path, f"{language}-{theme}")

    async def _take(self, context: BrowserContext, shot: Shot, path: str, look: str) -> None:
        page = await context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(f"{shot.name} {look}: {error}"))
        await page.goto(path)
        for step in shot.steps:
            await step(page)
        await _settled(page)
        picture = await page.screenshot(path=ALL / f"{shot.name}-{look}.png")
        if look in shot.chosen.split():
            await _smaller(page, CHOSEN / f"{shot.name}-{look}.webp")
        print(f"{shot.name} {look} {len(picture) // 1024} KiB", flush=True)
        await page.close()

    @asynccontextmanager
    async def _signed_in(
        self, who: str, language: str, theme: str, size: ViewportSize
    ) -> AsyncGenerator[BrowserContext]:
        context = await self._running.new_context(
            base_url=self._url,
            viewport=size,
            device_scale_factor=2 if size is PHONE else 1,
            locale="zh-CN" if language == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        cookies = {"handheld_language": language, "handheld_theme": theme}
        if who in self._tokens:
            cookies["handheld_session"] = self._tokens[who]
        await context.add_cookies(
            [{"name": name, "value": value, "url": self._url} for name, value in cookies.items()]
        )
        context.set_default_timeout(PATIENCE_MS)
        try:
            yield context
        finally:
            await context.close()


async def _settled(page: Page) -> None:
    """Nothing is on its way any more, and all of it is drawn."""
    await page.wait_for_load_state("networkidle")
    busy = page.locator(".working:not(.guide *):visible")
    while await busy.count():
        await busy.first.wait_for(state="hidden")
    await page.evaluate("document.fonts.ready.then(() => 0)")
    await page.evaluate(
        "new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 300)))"
    )


async def _smaller(page: Page, path: Path) -> None:
    """The same picture as WebP, which Chromium writes by itself."""
    browser = await page.context.new_cdp_session(page)
    about = {"format": "webp", "quality": QUALITY}
    answer = await browser.send("Page.captureScreenshot", about)
    path.write_bytes(base64.b64decode(answer["data"]))
    await browser.detach()


@asynccontextmanager
async def serving(home: Home) -> AsyncGenerator[Server]:
    """The server on a data directory, until the end of the block."""
    server, ending = Server(home, Settings(data=home.directory, port=0)), asyncio.Event()
    up: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(server.run(up.set_result, ending))
    await asyncio.wait((running, up), return_when=asyncio.FIRST_COMPLETED)
    try:
        if running.done():
            await running
        yield server
    finally:
        ending.set()
        await running


def signed_in(home: Home) -> dict[str, str]:
    """A session for each part of the demonstration, and for somebody with two tasks."""
    access = home.access
    organisation = home.organisation.caught_up()[0]
    accounts = made(access, parts(organisation, Story.where, home.clock.now())).accounts
    device = DeviceSaid(id="device-of-the-camera", kind="desk")
    tokens = {
        one.name: access.sign_in(one.name, one.password, device=device).token for one in accounts
    }
    (link,) = access.issue_links([CONTACT])
    return {**tokens, "contact": access.redeem(link.secret, device).token}


async def pictures(
    data: Path, empty: Path, only: re.Pattern[str], looks: re.Pattern[str]
) -> list[str]:
    """Take those whose names match; what went wrong on the pages."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        sys.exit("Install Chromium: apt-get install chromium. 请安装 Chromium。")

    def chosen(shots: Sequence[Shot]) -> list[Shot]:
        return [one for one in shots if only.search(one.name)]

    wrong: list[str] = []
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        running = await playwright.chromium.launch(executable_path=path, args=flags)
        with Home(data) as home:
            home.caught_up()
            if isinstance(home.clock, SimulatedClock):
                home.clock.move_to(at(UNTIL))
                home.clock.pace(0)
            tokens = signed_in(home)
            (line,) = home.boards.tier_board(COUNTY).task_forces
            async with serving(home) as server:
                camera = Camera(running, server.address, tokens, line.task_force, looks)
                await camera.take(chosen(DESKTOP), DESK)
                await camera.take(chosen(IN_HAND), PHONE)
                wrong += camera.wrong
        with Home(empty) as home:
            async with serving(home) as server:
                camera = Camera(running, server.address, {}, "", looks)
                await camera.take(chosen(FIRST_RUN), DESK, server.set_up_address or "")
                wrong += camera.wrong
        await running.close()
    return wrong


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, help="a story played to 16:05 already; it is copied")
    asked.add_argument("--only", default="", help="pictures whose names match this")
    asked.add_argument("--looks", default="", help="looks that match this, such as zh-dark")
    told = asked.parse_args()
    ALL.mkdir(parents=True, exist_ok=True)
    CHOSEN.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="handheld-screens-") as scratch:
        data, empty = Path(scratch) / "data", Path(scratch) / "empty"
        if told.data is None:
            program = str(Path(sys.executable).with_name("handheld"))
            command = [program, "demo", "--exit", "--until", UNTIL, "--data", str(data)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        else:
            shutil.copytree(told.data, data)
        found_home(empty, clock=ClockSetting())
        wrong = asyncio.run(pictures(data, empty, re.compile(told.only), re.compile(told.looks)))
    size = sum(one.stat().st_size for one in CHOSEN.iterdir())
    print(f"{len(list(ALL.iterdir()))} pictures; {size // 1024} KiB of them in {CHOSEN.name}/")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
