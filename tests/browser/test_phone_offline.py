"""The phone's store in a real Chromium: what is done without a signal is not lost, arrives once, and
says when it happened. docs/phone.md. All people are synthetic.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import signal as signals
import subprocess
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.async_api import BrowserContext, Error, Page, async_playwright

from handheld.adapters.clock import ClockSetting
from handheld.bootstrap import Home, found_home
from handheld.domain.ordering import Order
from handheld.domain.task_commands import Withdraw
from handheld.entrypoints.http import pages
from handheld.entrypoints.http.assets import Assets, shipped
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.forms import FormField
from handheld_events.task import (
    TaskAccepted,
    TaskDelivered,
    TaskOvertaken,
    TaskReported,
)
from tests.support_browser import FLAGS, PHONE, browser
from tests.support_live import eventually
from tests.support_server import Served, served
from tests.support_signal import Signal, signal
from tests.support_tasks import DUTY, A, B, Township

PHOTO = FormField(key="photo", label="现场照片", kind="photo")
ROAD = Order(text="清理道路积水，拍照回报", people=(A, B), form=(PHOTO,))
DYKE = Order(text="巡查堤防", people=(A,))


class Place(NamedTuple):
    """A township with two orders, and the way to its server."""

    town: Township
    road: str
    dyke: str
    way: Signal

    def token(self, who: str) -> str:
        return _token(self.town.home, who)

    def facts(self, task: str) -> list[Recorded[Any]]:
        """The facts of a task, with what was claimed of them."""
        reading = Reading()
        return [reading.fact(*row) for row in self.town.home.log.read_streams([task])]

    def of(self, task: str, kind: type) -> list[Recorded[Any]]:
        return [fact for fact in self.facts(task) if type(fact.event) is kind]


def _token(home: Home, who: str) -> str:
    from handheld.application.access.records import DeviceSaid

    (issued,) = home.access.issue_links([who])
    return home.access.redeem(issued.secret, DeviceSaid(id="web-phone-of-a")).token


@pytest.fixture
def town(tmp_path: Path) -> Generator[Township]:
    """With a clock that runs from now on: what happened when can be told."""
    found_home(tmp_path, clock=ClockSetting(origin=datetime.now(UTC), rate=1))
    with Home(tmp_path) as home:
        yield Township(home)


@asynccontextmanager
async def place(town: Township) -> AsyncGenerator[Place]:
    """The two orders given; nobody serves it yet."""
    _, road = town.start(ROAD)
    _, dyke = town.start(DYKE)
    async with signal() as way:
        yield Place(town, town.task(road, A), town.task(dyke, A), way)


@contextmanager
def serving(at: Place) -> Generator[Served]:
    """A server at the other end of the signal; without one there is none."""
    with served(at.town.home, origins=(at.way.url,)) as server:
        at.way.leads_to = int(server.url.rpartition(":")[2])
        try:
            yield server
        finally:
            at.way.lost()


@asynccontextmanager
async def phone(at: Place, running: Any, who: str = A) -> AsyncGenerator[BrowserContext]:
    """Somebody's phone."""
    context = await running.new_context(base_url=at.way.url, locale="zh-CN", viewport=PHONE)
    context.set_default_timeout(30_000)
    await sign_in(context, at, who)
    try:
        yield context
    finally:
        await context.close()


async def sign_in(context: BrowserContext, at: Place, who: str) -> None:
    cookies = {"handheld_session": at.token(who), "handheld_language": "zh"}
    far = datetime.now(UTC).timestamp() + 86_400
    await context.add_cookies(
        [{"name": n, "value": v, "url": at.way.url, "expires": far} for n, v in cookies.items()]
    )


class Profile:
    """A browser with its own profile on the disk, which can be killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def _start(self) -> None:
        chromium = shutil.which("chromium")
        assert chromium
        own = ("--headless=new", "--remote-debugging-port=0", "--window-size=360,740")
        self._process = subprocess.Popen(
            [chromium, *FLAGS, *own, f"--user-data-dir={self._folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    async def open(self, playwright: Any) -> BrowserContext:
        self._start()
        told = self._folder / "DevToolsActivePort"
        await eventually(lambda: told.exists() and told.read_text().count("\n"))
        port = told.read_text().split("\n")[0]
        running = await playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        context: BrowserContext = running.contexts[0]
        context.set_default_timeout(30_000)
        return context

    def kill(self) -> None:
        """As when the battery is dead: all its processes at once."""
        assert self._process is not None
        os.killpg(self._process.pid, signals.SIGKILL)
        self._process.wait()
        (self._folder / "DevToolsActivePort").unlink(missing_ok=True)
        self._process = None


async def do(page: Page, code: str, given: Any = None) -> Any:
    """Something on the page's own store."""
    build = await page.evaluate("document.documentElement.dataset.build")
    address = f"/web/{build}/phone/store/store.js"
    return await page.evaluate(
        f"async (given) => ({code})(await import({address!r}), given)", given
    )


async def until(page: Page, code: str, given: Any = None) -> None:
    """Wait until something is so in the store; the page may load anew meanwhile."""
    state = "({status, waiting, overtaken, update, caughtUp})"
    now = f"({state} => [status, waiting, overtaken, update, caughtUp].map((one) => one.value))"
    so = f"async (store, given) => ({code})(store, given) ? null : {now}(store)"
    found: Any = "nothing"
    for _ in range(800):
        with suppress(Error):
            found = await do(page, so, given)
            if found is None:
                return
        await asyncio.sleep(0.02)
    raise TimeoutError((code, given, found))


async def is_so(page: Page, code: str) -> None:
    """Wait until something is so on the page. Its own policy forbids `wait_for_function`."""
    for _ in range(800):
        with suppress(Error):
            if await page.evaluate(code):
                return
        await asyncio.sleep(0.02)
    raise TimeoutError(code)


async def ready_without_signal(page: Page) -> None:
    """The service worker is there, and has this page."""
    await page.evaluate("navigator.serviceWorker.ready")
    await is_so(page, "navigator.serviceWorker.controller !== null")


TASK = "(store, task) => store.tasks.value.has(task)"
LIVE = "(store) => store.online.value"
LOST = "(store) => !store.online.value"
DRAWN = """async (store) => {
  const canvas = document.createElement("canvas");
  canvas.width = 2400; canvas.height = 1800;
  const context = canvas.getContext("2d");
  for (let n = 0; n < 4000; n++) {
    context.fillStyle = `hsl(${(n * 47) % 360} 60% ${30 + (n % 50)}%)`;
    context.fillRect((n * 331) % 2400, (n * 577) % 1800, 60, 40);
  }
  const drawn = await new Promise((done) => canvas.toBlob(done, "image/png"));
  return store.addPhoto(drawn);
}"""


async def back(at: Place, server: Served, *on: Page) -> None:
    """The signal is back, and the phone says so to its pages."""
    at.way.leads_to = int(server.url.rpartition(":")[2])
    for page in on:
        await page.evaluate("dispatchEvent(new Event('online'))")


async def test_what_was_done_without_signal_outlives_a_dead_battery_and_arrives_once(
    town: Township, tmp_path_factory: pytest.TempPathFactory
) -> None:
    profile = Profile(tmp_path_factory.mktemp("profile"))
    async with place(town) as at, async_playwright() as playwright:
        try:
            with serving(at):
                context = await profile.open(playwright)
                await sign_in(context, at, A)
                page = await context.new_page()
                await page.goto(f"{at.way.url}/phone")
                await until(page, TASK, at.road)
                await until(page, TASK, at.dyke)
                await ready_without_signal(page)
            await page.reload()
            await page.get_by_text(ROAD.text).first.wait_for()
            await do(
                page,
                "(store, task) => store.act({command: 'task.accept', task})",
                at.road,
            )
            photo = await do(page, DRAWN)
            assert photo["size"] <= 320 * 1024
            report = {"command": "task.report", "task": at.road, "text": "已清", "photos": [photo]}
            before = datetime.now(UTC)
            reported = await do(page, "(store, report) => store.act(report)", report)
            await do(
                page,
                "(store, task) => store.act({command: 'task.report', task, text: '堤防无险情'})",
                at.dyke,
            )
            profile.kill()  # at once: what `act` has answered is on the disk

            town.do(Withdraw(task=at.dyke, reason="改由专业队巡查"), DUTY)
            context = await profile.open(playwright)
            await sign_in(context, at, A)  # the cookie was as fresh as the battery was empty
            page = await context.new_page()
            await page.goto(f"{at.way.url}/phone")
            await until(page, "(store) => store.opened.value && store.waiting.value.actions === 3")
            shown = "(store, task) => store.tasks.value.get(task).status"
            assert await do(page, shown, at.road) == "closed"

            with serving(at) as server:
                await back(at, server, page)
                await until(
                    page,
                    "(store) => !store.waiting.value.actions && !store.waiting.value.files.length",
                )
                await until(page, "(store) => store.overtaken.value.length === 1")
                (late,) = await do(
                    page, "(store) => store.overtaken.value.map(({state, words}) => [state, words])"
                )
                assert late[0] == "overtaken"
                assert re.search("撤回", late[1])
                with server.client(A) as client:
                    original = client.get(f"/attachments/{photo['sha256']}/original").content
                assert hashlib.sha256(original).hexdigest() == photo["sha256"]
        finally:
            profile.kill()
        assert len(at.of(at.road, TaskAccepted)) == 1
        (fact,) = at.of(at.road, TaskReported)
        assert fact.event.photos[0].sha256 == photo["sha256"]
        happened = fact.meta.occurred_at
        assert abs((happened - before).total_seconds()) < 2, (happened, before)
        assert fact.recorded_at > happened
        assert fact.meta.command == reported["id"]
        (kept,) = at.of(at.dyke, TaskOvertaken)
        assert kept.event.text == "堤防无险情"
        assert len(at.of(at.road, TaskDelivered)) == 1


STORING_FAILS = """
const put = IDBObjectStore.prototype.put;
window.storing = "fails";
IDBObjectStore.prototype.put = function (...given) {
  if (this.name === "items" && window.storing === "fails") {
    window.storing = "failed";
    this.transaction.abort();
  } else if (this.name === "items") {
    window.storing = "not yet";
    this.transaction.stores = true;
  }
  return put.apply(this, given);
};
const transaction = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...given) {
  const made = transaction.apply(this, given);
  // Before anybody else hears of it.
  made.addEventListener("complete", () => { if (made.stores) window.storing = "stored"; });
  return made;
};
const send = WebSocket.prototype.send;
window.acknowledged = [];
WebSocket.prototype.send = function (text) {
  if (JSON.parse(text).type === "ack") window.acknowledged.push(window.storing);
  return send.call(this, text);
};
"""


async def test_a_task_is_delivered_only_once_it_is_on_the_phones_disk(town: Township) -> None:
    async with place(town) as at, browser() as running, phone(at, running) as context:
        with serving(at):
            await context.add_init_script(STORING_FAILS)
            page = await context.new_page()
            await page.goto("/phone")
            await is_so(page, "window.storing === 'failed'")
            await until(page, TASK, at.road)  # asked for anew, and stored then
            await eventually(lambda: at.of(at.dyke, TaskDelivered))
            assert set(await page.evaluate("window.acknowledged")) == {"stored"}


async def test_of_two_windows_one_sends_and_a_new_version_keeps_what_waits(
    town: Township, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place(town) as at, browser() as running, phone(at, running) as context:
        with serving(at):
            first, second = await context.new_page(), await context.new_page()
            for page in (first, second):
                await page.goto("/phone")
                await until(page, TASK, at.road)
            await do(second, "(store, task) => store.act({command: 'task.accept', task})", at.road)
            await until(second, "(store) => !store.waiting.value.actions")
            shown = "(store, task) => store.tasks.value.get(task).status === 'in_progress'"
            await until(first, shown, at.road)
            await ready_without_signal(second)
            await first.close()
            await until(second, LIVE)

        slip = await do(
            second,
            "(store, task) => store.act({command: 'task.accept', task}, {undoSeconds: 10})",
            at.dyke,
        )
        assert await do(second, "(store, id) => store.undo(id)", slip["id"])
        await do(
            second,
            "(store, task) => store.act({command: 'task.decline', task, reason: '在外地'})",
            at.dyke,
        )
        old = await second.evaluate("document.documentElement.dataset.build")
        newer = changed(shipped())
        monkeypatch.setattr(pages, "shipped", lambda: newer)
        # Without a signal: it goes on with the files of the old version.
        await second.reload()
        assert await second.evaluate("document.documentElement.dataset.build") == old
        at.way.lost()
        with serving(at) as server:
            at.way.lost()  # only the files get through at first: what waits still waits
            await second.reload()
            await until(
                second, "(store) => store.opened.value && store.waiting.value.actions === 1"
            )
            async with second.expect_navigation():
                await back(at, server, second)
                await second.evaluate(
                    "navigator.serviceWorker.getRegistration('/phone').then((one) => one.update())"
                )
                await until(second, "(store) => store.update.value.ready")
                await do(second, "(store) => store.takeUpdate()")
            await until(second, "(store) => store.opened.value")
            assert await second.evaluate("document.documentElement.dataset.build") == newer.build
            await until(second, "(store) => !store.waiting.value.actions")
            await eventually(lambda: town.state(at.dyke).status == "declined")
        assert len(at.of(at.road, TaskAccepted)) == 1
        assert not at.of(at.dyke, TaskAccepted)


def changed(assets: Assets) -> Assets:
    """The next version of the program."""
    found: dict[str, bytes] = {}
    for path in assets.paths():
        asset = assets.get(path)
        assert asset is not None
        found[path] = asset.body
    found["phone/looks.js"] += b"\n// newer\n"
    return Assets(found)


STORES_NOTHING = """
Object.defineProperty(window, "indexedDB", { get: () => undefined });
delete Navigator.prototype.serviceWorker;
delete Navigator.prototype.locks;
delete window.BroadcastChannel;
"""
ASKED = """async (store, task) => {
  try {
    await store.act({ command: "task.accept", task });
    return "done";
  } catch (problem) {
    return problem.title;
  }
}"""


async def test_a_web_view_that_stores_nothing_sends_at_once_or_says_so(town: Township) -> None:
    async with place(town) as at, browser() as running, phone(at, running) as context:
        await context.add_init_script(STORES_NOTHING)
        page = await context.new_page()
        with serving(at):
            await page.goto("/phone")
            await page.get_by_text(ROAD.text).first.wait_for()
            assert not await do(page, "(store) => store.storage.value.kept")
            assert await do(page, ASKED, at.road) == "done"
            assert len(at.of(at.road, TaskAccepted)) == 1  # it waited for the answer
        await until(page, "(store) => !store.online.value")
        assert "未能送出" in await do(page, ASKED, at.dyke)
        # It is in no storage of the phone, so it counts as delivered to none.
        assert not at.of(at.road, TaskDelivered)
        assert not at.of(at.dyke, TaskDelivered)


async def test_what_one_person_did_is_never_sent_as_another(town: Township) -> None:
    async with place(town) as at, browser() as running, phone(at, running) as context:
        with serving(at):
            page = await context.new_page()
            await page.goto("/phone")
            await until(page, TASK, at.dyke)
            await ready_without_signal(page)
        await do(page, "(store, task) => store.act({command: 'task.accept', task})", at.dyke)
        await sign_in(context, at, B)  # the telephone is lent
        with serving(at) as server:
            theirs = town.task(town.state(at.road).order, B)
            await back(at, server)
            await page.reload()  # it opens as A's; then it turns out to be B
            await is_so(page, f"document.querySelector('h1') && ({TASKS_OF.replace('PERSON', B)})")
            await until(page, TASK, theirs)
            assert await do(page, "(store) => store.waiting.value.actions") == 0
            assert not at.of(at.dyke, TaskAccepted)
            await sign_in(context, at, A)
            await page.reload()
            await eventually(lambda: at.of(at.dyke, TaskAccepted))
        (fact,) = at.of(at.dyke, TaskAccepted)
        assert fact.meta.actor == A


TASKS_OF = """(async () => {
  const { me } = await import(`/web/${document.documentElement.dataset.build}/lib/session.js`);
  return me.value && me.value.actor === "PERSON";
})()"""
