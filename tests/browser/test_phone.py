"""The phone's screens in a real Chromium, 360 pixels wide: what somebody in the field does in a day, and an
official for them. What is done is looked for in the log. All people are synthetic.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from handheld.adapters.clock import ClockSetting
from handheld.bootstrap import Home, found_home
from handheld.domain.ordering import Order
from handheld.domain.register import Contact, DivisionRow, ImportDivisions, ImportPeople, PersonRow
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.finding import FindingReported
from handheld_events.forms import FormField
from handheld_events.task import HouseholdVisited, TaskAccepted, TaskRead, TaskReported
from handheld_projections.organisation import Post
from tests.support_browser import PHONE, Looking, browser, somebody
from tests.support_live import eventually
from tests.support_server import Served, served
from tests.support_tasks import DUTY, VILLAGE, A, B, Township

GRID = f"{VILLAGE}001"
CONTACT, OFFICIAL = "person-SYN-H", "person-SYN-V"
ROAD = Order(
    text="清理道路积水，拍照回报",
    people=(A, B),
    form=(
        FormField(key="cleared", label="清理处数", kind="number", unit="处", most=50),
        FormField(key="state", label="道路状况", kind="choice", choices=("畅通", "仍受阻")),
        FormField(key="photo", label="现场照片", kind="photo"),
    ),
)
VISITS = Order(
    text="走访所联系的农户",
    people=(CONTACT,),
    form=(FormField(key="visits", label="走访", kind="visits"),),
)
PATIENCE_MS = 30_000


@pytest.fixture
def town(tmp_path: Path) -> Generator[Township]:
    """The township, with somebody who visits three households and a village official."""
    found_home(tmp_path, clock=ClockSetting(origin=datetime.now(UTC), rate=1))
    with Home(tmp_path) as home:
        town = Township(home)
        town.do(ImportDivisions(rows=(DivisionRow(code=GRID, name="第一网格"),)))
        names = home.keyring.seal([(CONTACT, "虚构联户"), (OFFICIAL, "虚构村干部")])
        people = (
            (CONTACT, Post("household_contact", GRID), ("001", "002", "003")),
            (OFFICIAL, Post("village_official", VILLAGE), None),
        )
        rows = tuple(
            PersonRow(
                person=person,
                contact=Contact(name),
                posts=(post,),
                synthetic=True,
                households=households,
            )
            for (person, post, households), name in zip(people, names, strict=True)
        )
        town.do(ImportPeople(rows=rows))
        yield town


def of(town: Township, stream: str, kind: type) -> list[Recorded[Any]]:
    """The facts of a kind in a stream."""
    reading = Reading()
    rows = town.home.log.read_streams([stream])
    return [fact for fact in (reading.fact(*row) for row in rows) if type(fact.event) is kind]


def photo() -> bytes:
    """A small picture that no other test has: 48 by 32 pixels of a slope of greys."""
    rows = b"".join(b"\x00" + bytes((x * 5 + y) % 256 for x in range(48)) for y in range(32))

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", 48, 32, 8, 0, 0, 0, 0)
    pixels = zlib.compress(rows)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


async def fits(page: Page) -> None:
    """Nothing is wider than the phone."""
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], (page.url, wide)


async def scanned(looking: Looking, server: Served, who: str) -> Page:
    """Somebody scans the code on their sheet, and presses once."""
    (issued,) = server.home.access.issue_links([who])
    page = await looking.page(f"/s#{issued.secret}")
    page.set_default_timeout(PATIENCE_MS)
    await page.locator("main.sign-in .button.main").click()
    await page.wait_for_url("**/phone*")
    return page


def tab(page: Page, word: str) -> Locator:
    return page.locator("nav.bottom a", has_text=re.compile(rf"{word}$"))


async def sent_now(page: Page, own: str, now: str) -> None:
    """Whoever does not want to wait for the ten seconds sends at once."""
    await tab(page, own).click()
    await page.get_by_role("button", name=now).click()
    await expect(page.locator("section.queue")).to_have_count(0, timeout=PATIENCE_MS)


async def test_a_grid_head_accepts_takes_it_back_and_reports_with_a_photo(town: Township) -> None:
    _, order = town.start(ROAD)
    task = town.task(order, A)
    with served(town.home) as server:
        async with browser() as running, somebody(running, server, size=PHONE) as looking:
            page = await scanned(looking, server, A)
            await page.get_by_text("清理道路积水").wait_for()
            await fits(page)
            assert await page.evaluate("document.documentElement.dataset.text") == "large"

            # A slip is taken back: nothing of it reaches the log.
            await page.get_by_role("button", name="领办", exact=True).click()
            await page.get_by_role("button", name="撤销", exact=True).click()
            await page.get_by_text("已撤销，没有送出。").wait_for()
            await page.get_by_role("button", name="领办", exact=True).wait_for()
            await page.wait_for_timeout(500)  # what comes so soon after a tap is a slip
            await page.get_by_role("button", name="领办", exact=True).click()
            await page.get_by_role("button", name="回单").wait_for()
            await sent_now(page, "我的", "现在送出")
            await eventually(lambda: of(town, task, TaskAccepted))

            # Opening it is reading it; the report says what is missing before it is sent.
            await tab(page, "任务").click()
            await page.get_by_text("看详情").click()
            await eventually(lambda: of(town, task, TaskRead))
            await page.get_by_role("button", name="回单").click()
            await page.get_by_role("button", name="送出回单").click()
            await page.get_by_text("还差：清理处数、道路状况、现场照片").wait_for()
            await fits(page)
            await page.get_by_role("button", name="清理处数 加一").click(click_count=3)
            await page.get_by_role("button", name="畅通").click()
            await page.locator("input[type=file][capture]").first.set_input_files(
                {"name": "road.png", "mimeType": "image/png", "buffer": photo()}
            )
            await page.get_by_alt_text("第 1张照片").wait_for()
            await page.get_by_role("button", name="已完成", exact=True).click()

            # What was entered survives a reload, at the same place.
            await page.reload()
            await expect(page.get_by_label("清理处数", exact=True)).to_have_value("3")
            await page.get_by_alt_text("第 1张照片").wait_for()
            await fits(page)
            await page.get_by_role("button", name="送出回单").click()
            await page.get_by_text("已办结", exact=True).first.wait_for()
            await sent_now(page, "我的", "现在送出")
            await eventually(lambda: of(town, task, TaskReported))

            for word in ("上报", "消息", "我的"):
                await tab(page, word).click()
                await fits(page)
            assert looking.wrong == []

        (accepted,) = of(town, task, TaskAccepted)
        (reported,) = of(town, task, TaskReported)
        assert accepted.meta.actor == A
        assert reported.event.text == "已完成"
        assert reported.event.filled.numbers == {"cleared": 3}
        assert reported.event.filled.choices == {"state": "畅通"}
        (picture,) = reported.event.photos
        with server.client(DUTY) as client:
            await eventually(
                lambda: client.get(f"/attachments/{picture.sha256}/original").status_code == 200
            )
            original = client.get(f"/attachments/{picture.sha256}/original").content
        assert hashlib.sha256(original).hexdigest() == picture.sha256


async def test_a_contact_visits_households_and_reports_what_she_found(town: Township) -> None:
    _, order = town.start(VISITS)
    task = town.task(order, CONTACT)
    with served(town.home) as server:
        async with (
            browser() as running,
            somebody(running, server, size=PHONE, language="en", theme="dark") as looking,
        ):
            page = await scanned(looking, server, CONTACT)
            await page.get_by_role("button", name="Accept").click(click_count=2)
            await page.get_by_text("My tasks").wait_for()  # the second tap of the two went nowhere
            await page.get_by_role("button", name="Visit households 0/3").wait_for()
            await page.wait_for_timeout(500)  # what comes so soon after a tap is a slip
            await page.get_by_role("button", name="Visit households 0/3").click()
            await page.get_by_text("0 of 3 households visited").wait_for()
            for n in (1, 2):
                await page.get_by_role("button", name="Told them, all at home", exact=True).click()
                await page.get_by_role("button", name="Satisfied", exact=True).click()
                await page.get_by_role("button", name="Note this household").click()
                await page.get_by_text(f"{n} of 3 households visited").wait_for()
            await fits(page)

            await tab(page, "Report").click()
            await page.get_by_role("button", name="Tree down").click()
            await page.get_by_label("Exact place").fill("by the bridge")
            await fits(page)
            await page.get_by_role("button", name="Report it").click()
            await page.get_by_text("Not sent yet").wait_for()
            await sent_now(page, "Me", "Send now")
            await eventually(lambda: len(of(town, task, HouseholdVisited)) == 2)

            await tab(page, "Messages").click()
            await page.get_by_text("New task").click()
            await page.wait_for_url(f"**task={task}*")
            await eventually(lambda: of(town, task, TaskRead))
            await fits(page)
            # Back leads to the messages, and a reload keeps the place.
            await page.go_back()
            await page.get_by_text("New task").wait_for()
            await page.reload()
            await page.get_by_text("New task").wait_for()
            await expect(page.locator("nav.bottom .badge")).to_have_count(1)
            await tab(page, "Report").click()
            await page.get_by_text("To decide").wait_for()
            assert looking.wrong == []

        visits = of(town, task, HouseholdVisited)
        assert [(v.event.household, v.event.satisfied) for v in visits] == [
            ("001", True),
            ("002", True),
        ]
        with server.client(OFFICIAL) as client:
            (row,) = client.get("/findings").json()["rows"]
        (found,) = of(town, row["finding"], FindingReported)
        assert found.event.text == "Tree down"
        assert found.event.place == "by the bridge"
        assert found.event.division == GRID
        assert found.meta.actor == CONTACT


async def test_who_cannot_type_says_what_they_found(town: Township) -> None:
    # A microphone that hums: recorded, packed and sent as any other.
    microphone = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with served(town.home) as server:
        async with (
            browser(*microphone) as running,
            somebody(running, server, size=PHONE) as looking,
        ):
            page = await scanned(looking, server, CONTACT)
            await tab(page, "上报").click()
            talk = page.get_by_role("button", name="按住说话")
            await talk.hover()
            await page.mouse.down()
            await page.get_by_role("button", name=re.compile("松开结束 0:0[1-9]")).wait_for()
            await page.mouse.up()
            await page.get_by_role("button", name="删除这段语音").wait_for()
            await fits(page)
            await page.get_by_role("button", name="上报", exact=True).click()
            await page.get_by_text("未送出").first.wait_for()
            await sent_now(page, "我的", "现在送出")
            assert looking.wrong == []
        with server.client(OFFICIAL) as client:
            (row,) = client.get("/findings").json()["rows"]
            (found,) = of(town, row["finding"], FindingReported)
            (said,) = found.event.photos
            await eventually(lambda: client.get(f"/attachments/{said.sha256}").status_code == 200)
            recorded = client.get(f"/attachments/{said.sha256}")
        assert said.media == recorded.headers["content-type"] == "audio/webm"
        assert recorded.content.startswith(b"\x1aE\xdf\xa3")  # the container's mark (EBML)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_an_official_accepts_for_somebody_reached_by_telephone(
    town: Township, language: str
) -> None:
    _, order = town.start(ROAD)
    task = town.task(order, B)
    zh = language == "zh"
    with served(town.home) as server:
        async with (
            browser() as running,
            somebody(running, server, size=PHONE, language=language) as looking,
        ):
            page = await scanned(looking, server, OFFICIAL)
            await tab(page, "我的辖区" if zh else "My area").click()
            await page.locator(".person-line").nth(1).wait_for()
            await fits(page)
            await page.locator(f'.person-line a[href*="{task}"]').click()
            accept = page.locator(".actions").get_by_role(
                "button", name=re.compile("代领办|Accept on behalf")
            )
            await accept.click()
            await fits(page)
            await page.locator(".dialog footer .button.main").click()
            await eventually(lambda: of(town, task, TaskAccepted))
            await page.locator(".task-whole .mark.is-in_progress").wait_for()
            await page.go_back()
            await expect(page.locator(".person-line")).to_have_count(1)
            await fits(page)
            assert looking.wrong == []
        (accepted,) = of(town, task, TaskAccepted)
        assert (accepted.meta.actor, accepted.meta.on_behalf_of) == (OFFICIAL, B)
