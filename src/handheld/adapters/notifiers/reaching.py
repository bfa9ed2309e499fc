"""All ways to reach people together, as the file of notices says: one for a log, in one event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import ExitStack, asynccontextmanager, suppress
from hmac import compare_digest
from pathlib import Path
from typing import Any

import msgspec

from handheld.adapters.database import Database
from handheld.adapters.notifiers.cursors import Cursors
from handheld.adapters.notifiers.dingtalk import DingTalk
from handheld.adapters.notifiers.robot import Robot
from handheld.adapters.notifiers.settings import NoticeSettings
from handheld.adapters.notifiers.sms_http import TelephoneHTTP, receipt_of
from handheld.adapters.notifiers.vapid_key import key_in_database, key_in_file
from handheld.adapters.notifiers.web_push import VapidKey, WebPush
from handheld.adapters.notifiers.webhook import Webhook
from handheld.adapters.push_subscriptions import PushSubscriptions
from handheld.adapters.push_tables import push_file
from handheld.application.board_keeper import BoardKeeper
from handheld.application.digests import Digests
from handheld.application.ladder import LadderAtWork
from handheld.application.ladder_keeper import LadderKeeper
from handheld.application.ladder_notes import Notes
from handheld.application.ladder_reach import Reach
from handheld.application.notifying import Notifier
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Clock, Keyring, Log
from handheld.application.writer import Writer
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.texts import Texts
from handheld_events.task import Rung

logger = logging.getLogger(__name__)

PUSH_FILE, VAPID_FILE = "push.db", "vapid.pem"


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What of an open data directory it works with."""

    directory: Path
    log: Log
    clock: Clock
    boards: BoardKeeper
    organisation: OrganisationKeeper
    keyring: Keyring
    writer: Writer
    follow: Callable[[LadderKeeper], None]
    push: Database | None = None
    """Where all processes share subscriptions, cursors and the key of Web Push; else in files."""
    """Keeps the ladder up with the log, beside the boards."""


class Reaching:
    """The ladder, the digests and the webhooks. `start` it in the event loop in which it runs."""

    def __init__(self, parts: Parts, settings: NoticeSettings, texts: Texts) -> None:
        self._parts = parts
        self._settings = settings
        self._rules = settings.rules()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop: asyncio.Event | None = None
        self._robots: list[Robot] = []
        self._webhooks: list[Webhook] = []
        self._digests = Digests(parts.boards, parts.clock, texts)
        self._texts = texts
        self._ladder: LadderAtWork | None = None
        allowed = settings.web_push.allowed if settings.web_push is not None else ()
        with ExitStack() as opened:
            database = parts.push or push_file(parts.directory / PUSH_FILE)
            opened.callback(database.close)
            self.subscriptions = PushSubscriptions(database, allowed=allowed)
            """Of Web Push, whether or not it is used just now."""
            opened.callback(self.subscriptions.close)
            self._cursors = Cursors(database)
            self._vapid: VapidKey | None = None
            if settings.web_push is not None:
                key = (
                    key_in_file(parts.directory / VAPID_FILE)
                    if parts.push is None
                    else key_in_database(parts.push)
                )
                self._vapid = VapidKey(key, settings.web_push.contact)
            self._opened = opened.pop_all()

    @property
    def push_key(self) -> str | None:
        """The key that browsers subscribe with; None where Web Push is not used."""
        return None if self._vapid is None else self._vapid.public

    @property
    def ladder(self) -> LadderAtWork:
        """The ladder, once it was started."""
        if self._ladder is None:
            raise RuntimeError("not started")
        return self._ladder

    @property
    def troubles(self) -> dict[str, str]:
        """The webhooks that do not get on, by name."""
        return {one.name: one.trouble for one in self._webhooks if one.trouble is not None}

    def subscribe(self, person: str, device: str, endpoint: str, p256dh: str, auth: str) -> None:
        """A device of somebody takes Web Push from now on; durable when it returns.

        Raises NotAllowed (`notices.synthetic`), Malformed (`notices.endpoint`, `notices.keys`,
        `notices.device`).
        """
        known = self._parts.organisation.known().people.get(person)
        if known is None or known.synthetic or known.erased:
            raise NotAllowed("notices.synthetic", person=person)
        now = self._parts.clock.now()
        self.subscriptions.keep(person, device, endpoint, p256dh, auth, now)

    async def receipt(self, rung: str, secret: str, body: Any) -> int:
        """What a provider calls back with; gives of how many attempts it was recorded now.

        Raises NotFound (`notices.receipts`: no such provider, or a wrong secret), Malformed
        (`notices.reference`), HandheldError where it cannot be recorded: it is to call again.
        """
        service = {"sms": self._settings.sms, "voice": self._settings.voice}.get(rung)
        told = None if service is None else service.receipts
        if told is None or not compare_digest(told.secret.encode(), secret.encode()):
            raise NotFound("notices.receipts")
        reference, arrived, word = receipt_of(told, body)
        if not reference:
            raise Malformed("notices.reference", path=told.reference)
        return await self.ladder.answered(reference, arrived=arrived, code=word)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """At work as long as the block lasts."""
        await self.start()
        try:
            yield
        finally:
            await self.close()

    def release(self) -> None:
        """Let the files go, if it was never at work."""
        self._opened.close()

    async def start(self) -> None:
        """Work from now on."""
        self._stop = asyncio.Event()
        parts, settings = self._parts, self._settings
        notifiers = self._notifiers()
        reach = Reach(
            parts.organisation,
            parts.keyring,
            parts.boards,
            self.subscriptions,
            self._texts,
            notifiers.keys(),
        )
        first = min(self._rules.waits.values())
        keeper = await asyncio.to_thread(LadderKeeper, parts.log, parts.boards, first)
        keeper.erased = self.subscriptions.forget_person
        await asyncio.to_thread(self._forget_erased)
        parts.follow(keeper)
        notes = Notes(parts.writer, parts.clock)
        self._ladder = LadderAtWork(
            parts.log, parts.clock, keeper, reach, notes, notifiers, self._rules
        )
        self._spawn(self._ladder.run())
        for robot in settings.robots:
            made = Robot(robot, settings.limits)
            self._robots.append(made)
            self._spawn(self._speak(made, self._stop))
        for hook in settings.webhooks:
            webhook = Webhook(hook, parts.log, self._cursors, settings.limits)
            self._webhooks.append(webhook)
            self._spawn(webhook.run())

    async def close(self) -> None:
        """Finish what is being sent, as far as it answers in time; let files and connections go."""
        if self._stop is not None:
            self._stop.set()
        if self._ladder is not None:
            await self._ladder.close()
        others: list[Webhook | Robot] = [*self._webhooks, *self._robots]
        for one in others:
            await one.close()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=5)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        self._opened.close()

    def _notifiers(self) -> dict[Rung, Notifier]:
        settings, limits = self._settings, self._settings.limits
        found: dict[Rung, Notifier] = {}
        if self._vapid is not None:
            found["web_push"] = WebPush(self.subscriptions, self._vapid, limits)
        if settings.messenger is not None:
            found["messenger"] = DingTalk(settings.messenger, limits)
        if settings.sms is not None:
            found["sms"] = TelephoneHTTP("sms", settings.sms, limits)
        if settings.voice is not None:
            found["voice"] = TelephoneHTTP("voice", settings.voice, limits)
        return found

    def _forget_erased(self) -> None:
        """Whoever was erased while nothing ran."""
        people = self._parts.organisation.known().people
        for person in self.subscriptions.people():
            if person not in people or people[person].erased:
                self.subscriptions.forget_person(person)

    async def _speak(self, robot: Robot, stop: asyncio.Event) -> None:
        """Say how things stand, where that has changed, no oftener than the group is told."""
        said = ""
        division, drills = robot.settings.division, robot.settings.drills
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), robot.settings.every)
                return
            try:
                text = await asyncio.to_thread(self._digests.of, division, drills=drills)
                if text and text != said:
                    came = await robot.say(text)
                    if came.result == "taken":
                        said = text
                    else:
                        logger.warning("digest of %s not taken: %s", division, came.code)
            except Exception as error:  # others are told all the same
                logger.warning("digest of %s: %s", division, type(error).__name__)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
