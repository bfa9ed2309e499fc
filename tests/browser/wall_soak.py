"""A day of showings on one wall: what it keeps in memory at a tenth of the day and at its end.

The page is the real one of the real server; only its WebSocket speaks to a peer here, which sends a
day of showings (one every five seconds) as fast as the page draws them, while the page's own clock
goes on by those five seconds with all its timers.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from playwright.async_api import CDPSession, Page, WebSocketRoute, expect

from tests.support_browser import browser, somebody
from tests.support_course import COMMANDER, DISTRICT
from tests.support_server import Served

DAY = 17_280
EVERY_MS = 5_000


class Grown(NamedTuple):
    """At a tenth of the showings, and at the end."""

    heap: tuple[int, int]
    """Bytes in use after a collection."""
    nodes: tuple[int, int]
    """Nodes of the document and those held by scripts."""


class Peer:
    """Speaks the protocol of the gateway (docs/pushing.md) to one wall."""

    def __init__(self, board: dict[str, Any]) -> None:
        self.board = board
        self.count = dict(board["board"]["count"])
        self._route: WebSocketRoute | None = None
        self._n: dict[str, int] = {}

    def take(self, route: WebSocketRoute) -> None:
        """The page connects."""
        self._route = route
        route.on_message(self._heard)

    def _say(self, **message: Any) -> None:
        assert self._route is not None
        self._route.send(json.dumps(message))

    def _heard(self, text: str | bytes) -> None:
        said = json.loads(text)
        if said["type"] == "hello":
            self._say(type="welcome", clock=self.board["at"])
        elif said["type"] == "watch":
            name = said["watch"]
            self._n[name] = 1
            head = {key: self.board[key] for key in ("position", "at", "digest")}
            board = self.board["board"]
            if name == "drills":
                board = board | {"task_forces": {}, "warnings": {}, "warning_order": []}
            self._say(type="board", watch=name, n=1, board=board, **head)

    def show(self, number: int) -> None:
        """One more showing of every board: a task goes on, and comes back."""
        self.count |= {"waiting": number % 9, "in_progress": 9 - number % 9}
        for name in self._n:
            self._n[name] += 1
            self._say(
                type="delta",
                watch=name,
                n=self._n[name],
                position=self.board["position"] + number,
                at=self.board["at"],
                digest=f"{number:032x}",
                patch={"count": self.count},
            )


async def soak(server: Served, force: str, showings: int = DAY) -> Grown:
    """A wall under so many showings."""
    with server.client(COMMANDER) as client:
        path = f"/boards/divisions/{DISTRICT}?task_force={force}"
        peer = Peer(client.get(path).json())
    token = server.token(COMMANDER, device="wall-soak")
    async with browser() as running, somebody(running, server, token) as looking:
        page = await looking.context.new_page()
        await page.route_web_socket(re.compile(r"/api/v1/live\b"), peer.take)
        await page.clock.install()
        await page.goto(f"/wall?d={DISTRICT}&tf={force}&kiosk")
        number = page.locator(".wall-states .is-waiting .number")
        await expect(number).to_be_visible()
        tools = await looking.context.new_cdp_session(page)
        seen: list[tuple[int, int]] = []
        for shown in range(1, showings + 1):
            peer.show(shown)
            await page.clock.run_for(EVERY_MS)
            if shown in (showings // 10, showings):
                await expect(number).to_have_text(str(shown % 9))
                seen.append(await _held(page, tools))
        assert looking.wrong == []
    (early, nodes), (late, more) = seen
    return Grown((early, late), (nodes, more))


async def _held(page: Page, tools: CDPSession) -> tuple[int, int]:
    for _ in range(2):
        await tools.send("HeapProfiler.collectGarbage")
    heap = await tools.send("Runtime.getHeapUsage")
    counters = await tools.send("Memory.getDOMCounters")
    await page.evaluate("0")
    return int(heap["usedSize"]), int(counters["nodes"])
