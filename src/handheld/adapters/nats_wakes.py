"""Processes wake each other over NATS after a commit: beside LISTEN and poll, never instead of them."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from handheld.adapters.background import Background
from handheld.adapters.nats_connection import Connect, keep_at
from handheld.application.waking import lifted, told_under, watched_under

logger = logging.getLogger(__name__)


class Wakes:
    """Tells other processes how far the log is, and hears it from them.

    What a gateway gains: it is woken within a round trip by what concerns the divisions that its
    clients watch, and not by the rest, however much that commits. What it does not gain: a single fact. A
    wake-up is a position; everything is still read from the log, in the log's order, by whoever was
    woken. What is not watched is read along then, or when the log's own poll is due. A gateway does not listen
    to the database (LISTEN) while it is connected here, or every commit would wake it all the same.

    Nothing rests on it. A wake-up that is lost, late, doubled or made up makes somebody look at the log too
    late or in vain, never wrongly; without NATS there are LISTEN and the poll. So nobody waits for it, and
    no command fails by it.
    """

    def __init__(self, log_id: str, connect: Connect, woken: Callable[[int], None]) -> None:
        """`connect` gives connections that do not hear themselves (`echo=False`).

        `woken` is called in a thread of this object with the position that is told; with 0 where some
        may have been missed: it only says so to others, quickly.
        """
        self._log_id = log_id
        self._connect = connect
        self._woken = woken
        self._background = Background("wakes", self._run)
        self._lock = Lock()
        self._watched: Counter[str] = Counter()
        self._places: set[str | None] = set()
        self._position = 0
        self._changed = asyncio.Event()
        self._got_on = False
        self.connected = False
        """Whether they travel just now."""
        self.trouble: str | None = None
        """Why they do not; it goes on trying."""

    def start(self) -> None:
        """Tell and hear from now on."""
        self._background.start()

    def close(self) -> None:
        """Tell and hear no more."""
        self._background.close()

    def committed(self, position: int, divisions: Iterable[str | None]) -> None:
        """Tell the others: something was committed up to a position, in these divisions.

        From any thread; it waits for nobody and raises nothing. What cannot be told yet is kept, at
        most as a few places and one position.
        """
        with self._lock:
            self._places = lifted(self._places | set(divisions))
            self._position = max(self._position, position)
        self._background.call(self._look)

    def watch(self, division: str | None = None) -> None:
        """Be woken by what concerns a division; without one by everything. Each call counts.

        From any thread. Raises ValueError for what is no division code.
        """
        with self._lock:
            self._watched.update(watched_under(self._log_id, division))
        self._background.call(self._look)

    def unwatch(self, division: str | None = None) -> None:
        """Take back one call of `watch`."""
        with self._lock:
            self._watched -= Counter(watched_under(self._log_id, division))
        self._background.call(self._look)

    def _look(self) -> None:
        self._changed.set()

    async def _run(self, ending: asyncio.Event) -> None:
        async def work(client: Client) -> None:
            await self._while_connected(client, ending)

        self._changed = asyncio.Event()
        ended = asyncio.ensure_future(self._look_at(ending))
        try:
            await keep_at(work, self._connect, ending, self._failed)
        finally:
            ended.cancel()

    async def _look_at(self, ending: asyncio.Event) -> None:
        await ending.wait()
        self._look()

    async def _while_connected(self, client: Client, ending: asyncio.Event) -> None:
        subscriptions: dict[str, Subscription] = {}
        self._changed.set()
        try:
            while not ending.is_set():
                await self._changed.wait()
                self._changed.clear()
                await self._subscribe(client, subscriptions)
                if not self.connected:
                    await client.flush()
                    self.connected, self.trouble, self._got_on = True, None, True
                    self._woken(0)
                await self._tell(client)
            await client.flush()
        finally:
            self.connected = False

    async def _subscribe(self, client: Client, subscriptions: dict[str, Subscription]) -> None:
        with self._lock:
            wanted = set(self._watched)
        for subject in wanted - subscriptions.keys():
            subscriptions[subject] = await client.subscribe(subject, cb=self._heard)
        for subject in subscriptions.keys() - wanted:
            await subscriptions.pop(subject).unsubscribe()

    async def _tell(self, client: Client) -> None:
        with self._lock:
            places, self._places = self._places, set()
            position = self._position
        for division in places:
            await client.publish(told_under(self._log_id, division), str(position).encode())

    async def _heard(self, message: Msg) -> None:
        with suppress(ValueError):  # what is no position is not from us
            self._woken(int(message.data))

    def _failed(self, error: Exception) -> bool:
        self.trouble = str(error)
        logger.warning("no wake-ups over nats: %s", self.trouble)
        got_on, self._got_on = self._got_on, False
        return got_on
