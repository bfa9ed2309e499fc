"""The desk in Chromium with a county of 11,000: until it is useful, and what moving costs it.

The server is a process on the first core; Chromium is free to use both, as it is on a desk.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks import county
from benchmarks.county import Shape
from benchmarks.live import Process, process
from benchmarks.places import Place
from benchmarks.report import Line
from handheld.application.access.records import DeviceSaid
from handheld.bootstrap import Home
from handheld.domain.register import Contact, ImportPeople, PersonRow
from handheld.domain.starting import StartFromPlan
from handheld.entrypoints.http.assets import shipped
from handheld_projections.organisation import Post

NAME = "screens"
CHANGES = 5_000
SECONDS = 5.0
KIB = 1024
COMMANDER = "person-D00001"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
USEFUL = """
new MutationObserver((_, watching) => {
  const figures = [...document.querySelectorAll(".states .number")];
  if (!figures.some((one) => Number(one.textContent.replace(/\\D/g, "")) > 0)) return;
  watching.disconnect();
  // The frame after the next one: what stands in the tree now has been painted by then.
  requestAnimationFrame(() => requestAnimationFrame(() => { window.useful = performance.now(); }));
}).observe(document, { subtree: true, childList: true, characterData: true });
"""
"""When figures of the board have been painted, in milliseconds from the navigation on."""

SHOWN = """
(wanted) => [...document.querySelectorAll(".states .number")].some(
  (one) => Number(one.textContent.replace(/\\D/g, "")) === wanted)
"""


def _settle(directory: Path, shape: Shape) -> None:
    county.settle(directory, shape)
    with Home(directory) as home:
        sealed = home.keyring.seal([(COMMANDER, "演示指挥长")])
        row = PersonRow(
            person=COMMANDER,
            contact=Contact(sealed[0]),
            posts=(Post("district_commander", county.DISTRICT),),
            synthetic=True,
        )
        home.execute(ImportPeople(rows=(row,)), "operator")
        home.execute(StartFromPlan(plan=county.PLAN, division=county.DISTRICT), COMMANDER)
        home.caught_up()
        said = [(COMMANDER, DeviceSaid(id="device-desk"))]
        (directory / "token").write_text(home.access.grant_sessions(said)[0].token)


class Desk:
    """Chromium, with one server."""

    def __init__(self, browser: Browser, port: int, token: str, tasks: int) -> None:
        self._browser = browser
        self._url = f"http://127.0.0.1:{port}"
        self._token = token
        self.tasks = tasks

    @contextmanager
    def fresh(self) -> Generator[BrowserContext]:
        """A browser that has never been here, signed in."""
        context = self._browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        cookie: Any = {"name": "handheld_session", "value": self._token, "url": self._url}
        context.add_cookies([cookie])
        context.add_init_script(USEFUL)
        try:
            yield context
        finally:
            context.close()

    def opened(self, context: BrowserContext) -> tuple[Page, float]:
        """The desk, and the seconds until it was useful."""
        page = context.new_page()
        page.goto(f"{self._url}/desk?d={county.DISTRICT}", wait_until="commit")
        _until(page, "() => window.useful > 0")
        return page, page.evaluate("window.useful") / 1000

    def changing(self, context: BrowserContext, server: Process) -> tuple[float, float, int]:
        """Busy seconds of the main thread while so many tasks are accepted, the same while none
        is, and elements on the page.
        """
        page, _ = self.opened(context)
        page.wait_for_timeout(2_000)
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = _busy(session)
        page.wait_for_timeout(SECONDS * 1000)
        idle = _busy(session) - before
        before = _busy(session)
        told = server.do("accept", changes=CHANGES, seconds=SECONDS)
        # What was accepted stands on the desk: only then has it been drawn.
        _until(page, SHOWN, told["accepted"])
        busy = _busy(session) - before
        return busy, idle, page.evaluate("document.querySelectorAll('*').length")


def _until(page: Page, true: str, argument: Any = None) -> None:
    """Wait until a function is true on the page. Playwright's own way evaluates a text in it, which
    the Content-Security-Policy forbids."""
    give_up = time.monotonic() + 30
    while not page.evaluate(true, argument):
        if time.monotonic() > give_up:
            raise TimeoutError(true)
        page.wait_for_timeout(50)


def _busy(session: Any) -> float:
    """Seconds of the processor that the page's main thread has used."""
    metrics = {
        one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]
    }
    return float(metrics["TaskDuration"])


@contextmanager
def _desk(place: Place, shape: Shape) -> Generator[tuple[Desk, Process]]:
    template = place.template("screens", lambda path: _settle(path, shape))
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        msg = "install Debian's package chromium"
        raise RuntimeError(msg)
    with (
        place.copy(template) as path,
        process("benchmarks.live_servers", "product", str(path)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        token = (path / "token").read_text()
        yield Desk(browser, server.hear()["port"], token, shape.tasks), server
        browser.close()


def run(place: Place, rounds: int, shape: Shape = county.ELEVEN_THOUSAND) -> list[Line]:
    """Measure."""
    useful, busy, idle, elements = [], [], [], []
    for number in range(rounds + 1):
        with _desk(place, shape) as (desk, server):
            with desk.fresh() as context:
                _, seconds = desk.opened(context)
            with desk.fresh() as context:
                moved, stood, count = desk.changing(context, server)
        if number:  # the first one warms the disk
            useful.append(seconds)
            busy.append(moved)
            idle.append(stood)
            elements.append(count)
        time.sleep(0.5)
    return [
        _line("desk: first useful paint, nothing cached", useful, "s", 1, f"{shape.tasks:,} tasks"),
        _line(
            f"desk: main thread busy through {CHANGES:,} acceptances in {SECONDS:g} s",
            busy,
            "s",
            0.5,
            f"at rest {median(idle):.2f} s in as long; {max(elements):,} elements",
        ),
        Line(
            benchmark=NAME,
            what="phone: all that it loads at first, gzipped",
            value=phone_bytes() / KIB,
            unit="KiB",
            goal=60,
            at_most=True,
        ),
    ]


def phone_bytes() -> int:
    """Scripts, styles and words of one language that the phone fetches before it can be used."""
    assets = shipped()
    paths = {
        *assets.needs("phone/main.js"),
        *(path for path in assets.paths("styles/") if path.endswith(".css")),
        *assets.paths("phone/phone.css"),
        *(f"texts/zh/{area}.js" for area in ("common", "phone", "names")),
    }
    found = (assets.get(path) for path in paths)
    return sum(len(one.packed or one.body) for one in found if one is not None)


def _line(what: str, values: list[float], unit: str, goal: float, note: str) -> Line:
    return Line(
        benchmark=NAME,
        what=what,
        value=median(values),
        unit=unit,
        goal=goal,
        at_most=True,
        note=f"from {min(values):.3g} to {max(values):.3g} by round; {note}",
    )
