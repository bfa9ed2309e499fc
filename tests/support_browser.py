"""A real Chromium for tests: own asynchronous context managers, since pytest-playwright and
pytest-asyncio do not go together.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

from tests.support_server import Served

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}


@asynccontextmanager
async def browser(*flags: str, **options: Any) -> AsyncGenerator[Browser]:
    """Debian's Chromium, headless; `flags` besides those that it always has."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "install Debian's package chromium"
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=path, args=[*FLAGS, *flags], **options
        )
        try:
            yield running
        finally:
            await running.close()


@asynccontextmanager
async def somebody(
    running: Browser,
    server: Served,
    token: str | None = None,
    *,
    language: str = "zh",
    theme: str = "light",
    size: ViewportSize = DESK,
    **options: Any,
) -> AsyncGenerator[Looking]:
    """Somebody's own browser, signed in with a session's token. All that goes wrong in it is kept."""
    locale = "zh-CN" if language == "zh" else "en-GB"
    context = await running.new_context(
        base_url=server.url, locale=locale, viewport=size, timezone_id="Asia/Shanghai", **options
    )
    cookies = {"handheld_language": language, "handheld_theme": theme}
    if token is not None:
        cookies["handheld_session"] = token
    await context.add_cookies(
        [{"name": name, "value": value, "url": server.url} for name, value in cookies.items()]
    )
    looking = Looking(context)
    try:
        yield looking
    finally:
        await context.close()


class Looking:
    """A browser of one person: its pages, and what went wrong on them."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.wrong: list[str] = []
        """Errors of scripts, broken rules of the Content-Security-Policy, files that are missing."""
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))
        context.on("console", self._said)

    def _said(self, message: Any) -> None:
        # Without a server the browser itself complains of each connection: that is no fault.
        lost = "net::ERR_" in message.text or "closed before receiving a handshake" in message.text
        if message.type == "error" and not lost:
            self.wrong.append(f"{message.text} {message.location.get('url', '')}")

    async def page(self, path: str) -> Page:
        """A page, opened."""
        return await self.go(await self.context.new_page(), path)

    async def go(self, page: Page, path: str) -> Page:
        """An open page, led elsewhere: in half the time that another one takes."""
        await page.goto(path)
        # Until it has painted for the first time, Chromium drops what is typed.
        await page.evaluate(PAINTED)
        return page
