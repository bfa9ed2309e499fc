"""Signed webhooks: the facts of the log as CloudEvents, in order, at least once, to other systems.

Each webhook goes on from its own cursor and holds up nobody else. What is sealed in the log (names,
telephone numbers) is withheld.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from handheld.adapters.notifiers.cursors import Cursors
from handheld.adapters.notifiers.outside import Limits, Outside
from handheld.application.ports import Log
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.envelope import Recorded
from handheld_events.publishing import cloud_event
from handheld_events.withheld import withheld

logger = logging.getLogger(__name__)

TOGETHER = 100
"""Facts in one request at most."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
"""Seconds before what was not taken is sent again, twice as long each time."""
LOOK_EVERY = 0.5
CONTENT_TYPE = "application/cloudevents-batch+json"
_TOO_LARGE = 413


class WebhookSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One receiver."""

    name: str
    """Under which its cursor is kept."""
    url: str
    secrets: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    """One signature for each: with two, the receiver changes from the old one to the new one."""
    topics: tuple[str, ...] = ("task.", "task_force.", "finding.", "warning.")
    """What the name of an event begins with."""
    drills: bool = False
    """Whether facts of drills are told, too; they are marked."""


class Webhook:
    """Tells one receiver."""

    def __init__(
        self,
        settings: WebhookSettings,
        log: Log,
        cursors: Cursors,
        limits: Limits | None = None,
        *,
        first_wait: float = FIRST_WAIT,
    ) -> None:
        self._settings = settings
        self._log = log
        self._cursors = cursors
        self._outside = Outside(replace(limits or Limits(), tries=1))
        self._first_wait = first_wait
        self._ending = asyncio.Event()
        self._most = TOGETHER
        self.position = cursors.position(settings.name, log.log_id, log.end())
        self.trouble: str | None = None
        """Why it does not get on just now: a word of ours, or the status that came back."""

    @property
    def name(self) -> str:
        """As the settings call it."""
        return self._settings.name

    async def run(self) -> None:
        """Go on until `close`."""
        wait = self._first_wait
        while not self._ending.is_set():
            pause = LOOK_EVERY
            try:
                moved = await self._step()
            except Exception as error:  # whatever reading the log raises, others are told
                moved, self.trouble = False, type(error).__name__
            if moved:
                wait, self.trouble = self._first_wait, None
                continue
            if self.trouble is not None:
                logger.warning("webhook %s waits %s s: %s", self._settings.name, wait, self.trouble)
                pause, wait = wait, min(wait * 2, LONGEST_WAIT)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)

    async def close(self) -> None:
        """Finish the request under way, if it answers in time; tell nothing more."""
        self._ending.set()
        await self._outside.close()

    async def _step(self) -> bool:
        """Tell what comes next; False where there is nothing, or it was not taken."""
        rows = await asyncio.to_thread(self._log.read, self.position, self._most)
        if not rows:
            return False
        facts = [fact for row in rows if (fact := _readable(row)) is not None]
        log_id = self._log.log_id
        told = [cloud_event(withheld(fact), log_id) for fact in facts if self._wanted(fact)]
        if told and not await self._taken(told):
            return False
        await asyncio.to_thread(
            self._cursors.move, self._settings.name, self._log.log_id, rows[-1][0]
        )
        self.position = rows[-1][0]
        return True

    def _wanted(self, fact: Recorded[Any]) -> bool:
        settings = self._settings
        if fact.meta.drill and not settings.drills:
            return False
        topic: str = fact.event.TOPIC
        return topic.startswith(settings.topics)

    async def _taken(self, events: Sequence[dict[str, Any]]) -> bool:
        body = msgspec.json.encode(events)
        reply = await self._outside.ask(
            "POST",
            self._settings.url,
            content=body,
            headers={
                "content-type": CONTENT_TYPE,
                **signed(body, self._settings.secrets, int(time.time())),
            },
        )
        if reply.came is None:
            self._most = min(TOGETHER, self._most * 2)
            return True
        if reply.status == _TOO_LARGE and self._most > 1:
            self._most //= 2
        self.trouble = reply.came.code
        return False


def signed(body: bytes, secrets: Sequence[str], at: int) -> dict[str, str]:
    """The headers that prove where a body comes from.

    HMAC-SHA256 over the seconds since 1970, a full stop, and the body; one for each secret.
    """
    text = str(at).encode() + b"." + body
    made = (hmac.new(secret.encode(), text, hashlib.sha256).hexdigest() for secret in secrets)
    return {
        "x-handheld-timestamp": str(at),
        "x-handheld-signature": ",".join(f"v1={one}" for one in made),
    }


def _readable(row: Any) -> Recorded[Any] | None:
    try:
        return Reading().fact(*row)
    except UnreadableEvent:
        return None  # it stops boards, and is said there
