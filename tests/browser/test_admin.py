"""Administration in a real Chromium: from an empty directory to a drill, tables taken in, cards
printed and used, sessions ended. All people are synthetic.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import FilePayload, Page, expect

from handheld.adapters.codes import code_svg
from handheld.bootstrap import Home, found_home
from tests.support_browser import PHONE, Looking, browser, somebody
from tests.support_server import Served, served

expect.set_options(timeout=30_000)

PASSWORD = "three blind mice run"
DISTRICT = "330825"
WRONG = (
    "工号,姓名,电话,岗位,区划代码,虚拟\n"
    f"N1,演练甲,,村长,{DISTRICT},是\n"
    f"N2,演练乙,不详,值班员,{DISTRICT},是\n"
    "N3,演练丙,,网格长,3.30825E+11,是\n"
)
RIGHT = (
    "工号,姓名,电话,岗位,区划代码,虚拟\n"
    f"N1,演练甲,,值班员,{DISTRICT},是\n"
    f"N2,演练乙,057000000002,值班员,{DISTRICT},是\n"
)


@pytest.fixture
def server(tmp_path: Path) -> Generator[Served]:
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as home, served(home) as server:
        yield server


async def test_an_empty_directory_becomes_a_drill_with_people_on_their_phones(
    server: Served, tmp_path: Path
) -> None:
    async with browser() as running, somebody(running, server) as operator:
        page = await operator.page("/admin")
        await expect(page.get_by_text("还没有账号", exact=True)).to_be_visible()
        await _set_up(page, server)
        await _take_the_sample(page)
        await _bad_rows_are_named_then_the_right_table_is_written(page, server)
        link = await _print_cards(page, operator, tmp_path)
        async with somebody(running, server, size=PHONE) as phone:
            field = await phone.page(f"{urlsplit(link).path}#{urlsplit(link).fragment}")
            await field.get_by_role("button", name="登录").click()
            await field.wait_for_url("**/phone*")
            await expect(field.locator("nav.bottom")).to_be_visible()
            await _end_their_session(page)
            await expect(field.get_by_role("alert")).to_contain_text("登录")
        await _start_a_drill(page, server)
        # The table with the wrong rows was refused with 400, as it must be: the browser notes that.
        assert [one for one in operator.wrong if "imports/people?dry_run=true" not in one] == []
    assert server.home.access.accounts()[0].role == "operator"


async def _set_up(page: Page, server: Served) -> None:
    address = server.server.set_up_address
    assert address is not None
    await page.goto("about:blank")
    await page.goto(address)
    await page.get_by_label("账号名").fill("ops")
    await page.get_by_label("密码", exact=True).fill("short")
    await page.get_by_label("再输一遍密码").fill(PASSWORD)
    await page.get_by_role("button", name="建立操作员账号").click()
    await expect(page.get_by_text("还差5个字符")).to_be_visible()
    await page.get_by_label("密码", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="建立操作员账号").click()
    await expect(page.get_by_role("heading", name="开始使用")).to_be_visible()
    # Neither the address bar nor the history keeps the secret.
    assert "setup" not in page.url
    assert server.server.set_up_address is None


async def _take_the_sample(page: Page) -> None:
    await page.get_by_role("button", name="装入样例").click()
    await expect(page.get_by_text("样例已装入。")).to_be_visible()
    await expect(page.locator(".there")).to_contain_text("网格288")
    assert await page.locator(".stage.is-done").count() == 4
    # The step stays where it was, also when it is done, and after a reload.
    await page.reload()
    await expect(page.get_by_role("button", name=re.compile("第二步"))).to_have_attribute(
        "aria-expanded", "true"
    )


async def _bad_rows_are_named_then_the_right_table_is_written(page: Page, server: Served) -> None:
    await page.goto("/admin?tab=imports&of=people")
    chosen = page.locator("input[type=file]")
    await chosen.set_input_files(_file(WRONG))
    rows = page.locator(".bad-rows tbody tr")
    await expect(rows).to_have_count(3)
    for row, line, column in zip(
        await rows.all(), "234", ("岗位", "电话", "区划代码"), strict=True
    ):
        await expect(row.locator("td").nth(0)).to_have_text(line)
        await expect(row.locator("td").nth(1)).to_have_text(column)
        assert len(await row.locator("td").nth(3).inner_text()) > 4
    end = server.home.log.end()
    await chosen.set_input_files(_file(RIGHT))
    await expect(page.locator(".count-new dd")).to_have_text("2")
    assert server.home.log.end() == end
    await page.get_by_role("button", name="写入2项").click()
    await expect(page.locator(".import .notice")).to_contain_text("新增2项，变更0项。")
    assert "person-N2" in server.home.organisation.known().people


def _file(text: str) -> FilePayload:
    return FilePayload(name="people.csv", mimeType="text/csv", buffer=text.encode())


async def _print_cards(page: Page, operator: Looking, tmp_path: Path) -> str:
    """Gives the address on the first card."""
    sent: list[str] = []
    operator.context.on("request", lambda request: sent.append(request.url))
    await page.goto(f"/admin?tab=sheets&d={DISTRICT}101&role=grid_head")
    issued = page.expect_response(lambda answer: answer.url.endswith("/links/sheets"))
    async with issued as answer:
        await page.get_by_role("button", name=re.compile("印发[0-9]+张")).click()
    cards = (await (await answer.value).json())["cards"]
    await expect(page.locator(".code-card")).to_have_count(len(cards))
    first = page.locator(".code-card").first
    await expect(first).to_contain_text(cards[0]["person"]["name"])
    await expect(first).to_contain_text("虚构")
    origin = await page.evaluate("location.origin")
    link = f"{origin}/s#{cards[0]['secret']}"
    drawn = await first.locator(".code path").last.get_attribute("d")
    assert drawn is not None
    assert f'd="{drawn}"' in code_svg(link)
    assert all(card["secret"] not in url for card in cards for url in sent)
    await page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "sheet.pdf").read_bytes()))
    assert pages == -(-len(cards) // 8)
    await page.get_by_role("button", name="完成").click()
    await expect(page.get_by_role("cell", name=str(len(cards)), exact=True)).to_be_visible()
    return link


async def _end_their_session(page: Page) -> None:
    await page.goto("/admin?tab=sessions&s=演练网格长")
    await page.get_by_role("button", name=re.compile("^结束 演练网格长")).click()
    await page.get_by_role("dialog").get_by_role("button", name="结束", exact=True).click()
    await expect(page.get_by_text("没有符合条件的登录。")).to_be_visible()


async def _start_a_drill(page: Page, server: Served) -> None:
    await page.goto("/admin?tab=start&step=drill")
    await expect(page.locator(".calls")).to_contain_text("将通知")
    await page.get_by_role("button", name="发起演练").click()
    go = page.get_by_role("link", name="到指挥台查看")
    await go.click()
    await page.wait_for_url("**/desk?*")
    force = re.search("tf=(tf-[0-9a-f]{32})", page.url)
    assert force is not None
    summary = server.home.boards.summary(force[1])
    assert summary.drill
