"""The real server, on a real data directory, for tests: in a thread of this process."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import httpx
from msgspec.structs import replace

from handheld.application.access.records import DeviceSaid
from handheld.bootstrap import Home
from handheld.config import Settings
from handheld.entrypoints.serving import Server
from handheld_events.ids import command_id
from tests.support_http import client, get

PATIENCE = 30.0


class Served:
    """A server that answers, and who is signed in to it."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self.home = home
        self.server = Server(home, replace(settings, port=0))
        self._loop = asyncio.new_event_loop()
        self._ending: asyncio.Event | None = None
        self._told = Event()
        self._failed: list[BaseException] = []
        self._thread = Thread(target=self._run, name="served", daemon=True)
        self._numbers = 0

    @property
    def url(self) -> str:
        return self.server.address

    @property
    def api(self) -> str:
        return f"{self.url}/api/v1"

    def start(self) -> None:
        self._thread.start()
        assert self._told.wait(PATIENCE)
        if self._failed:
            raise self._failed[0]
        self._until_ready()

    def _until_ready(self) -> None:
        """As a proxy does: nobody is sent here before the server says that it is ready."""
        give_up = monotonic() + PATIENCE
        ready = f"{self.url}/health/ready"
        while "gateway.not_ready" in get(ready).text:
            assert monotonic() < give_up
            sleep(0.01)

    def stop(self) -> None:
        if self._ending is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        async def main() -> None:
            self._ending = asyncio.Event()
            await self.server.run(lambda _: self._told.set(), self._ending)

        try:
            self._loop.run_until_complete(main())
        except BaseException as error:
            self._failed.append(error)
        finally:
            self._loop.close()
            self._told.set()

    # --- clients ----------------------------------------------------------------------------------

    def token(self, person: str, device: str = "device-0001") -> str:
        """The token of a session of somebody in the field."""
        (issued,) = self.home.access.issue_links([person])
        return self.home.access.redeem(issued.secret, DeviceSaid(id=device)).token

    def client(self, person: str | None = None, language: str = "zh", **about: Any) -> httpx.Client:
        """Somebody's client; nobody's without a name."""
        headers = {"accept-language": language}
        if person is not None:
            headers["authorization"] = f"Bearer {self.token(person, **about)}"
        return client(self.api, headers=headers, timeout=PATIENCE)

    def key(self) -> str:
        """A new command id."""
        self._numbers += 1
        return command_id(
            int(self.home.clock.now().timestamp() * 1000), self._numbers.to_bytes(10, "big")
        )


@contextmanager
def served(home: Home, **settings: Any) -> Generator[Served]:
    """A server on this data directory, until the end of the block."""
    server = Served(home, Settings(data=home.directory, **settings))
    server.start()
    try:
        yield server
    finally:
        server.stop()
