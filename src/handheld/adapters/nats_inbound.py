"""What other systems ask for, taken from one JetStream stream and answered on another. docs/receiving.md

    their publish ── stream in ── Receiver ── the log ── answer on its stream ── acknowledged

A message is acknowledged only once its command is durable *and* JetStream has the answer. Whatever
ends in between, it is delivered again, and gets the same answer.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Annotated

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    Header,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NoStreamResponseError, NotFoundError

from handheld.adapters.background import Background
from handheld.adapters.nats_connection import FIRST_WAIT, LONGEST_WAIT, Connect, keep_at
from handheld.application.receiving_events import Brought, Later, Receiver, delivery
from handheld.domain.errors import HandheldError
from handheld_events.asking import named
from handheld_events.cloud_messages import Mode, NotACloudEvent, message, read
from handheld_events.subjects import answer_to, answers_of, asked_of, asking

logger = logging.getLogger(__name__)

MOST_PENDING = 1_000
"""So many may wait to be brought again before the server brings no others."""
ANSWER_SECONDS = 5.0
_LOOK_EVERY = 5.0
DURABLE = "handheld"

_AT_LEAST = Annotated[int, msgspec.Meta(ge=1)]


class InboundSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where other systems ask, and where they are answered."""

    district: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
    """The name of this district, in subjects and in the names of its streams."""
    mode: Mode = "structured"
    """How answers are sent; what is asked may come in either mode."""
    at_once: _AT_LEAST = 16
    """So many messages are under way at once in this process."""
    again_after: Annotated[float, msgspec.Meta(gt=0)] = 30.0
    """Seconds after which the server brings a message again that nobody has acknowledged."""
    replicas: _AT_LEAST = 1
    domain: str | None = None
    """JetStream's domain, where the servers have one."""
    most_waiting: _AT_LEAST = 100_000
    """Messages; whoever sends more at once is refused by the server, and nothing is lost."""
    answers_kept: Annotated[float, msgspec.Meta(gt=0)] = 90.0
    """Days."""

    @property
    def stream(self) -> str:
        """The stream of what is asked."""
        return f"HANDHELD_{self.district}_IN"

    @property
    def answers(self) -> str:
        """The stream of the answers."""
        return f"HANDHELD_{self.district}_ANSWERS"


class Inbound:
    """Answers from `start` to `close`, in a thread of its own.

    Any number of processes may, of the same district.
    """

    def __init__(self, receiver: Receiver, settings: InboundSettings, connect: Connect) -> None:
        self._receiver = receiver
        self._settings = settings
        self._connect = connect
        self._background = Background("inbound", self._run)
        self._ending = asyncio.Event()
        self._before = 0
        self.connected = False
        self.answered = 0
        """So many messages this has answered."""
        self.trouble: str | None = None
        """Why it does not get on just now; it goes on trying."""

    def start(self) -> None:
        """Answer from now on, whatever happens to the server."""
        self._background.start()

    def close(self) -> None:
        """Answer what is under way, take nothing more; it may be started again."""
        self._background.close()

    async def _run(self, ending: asyncio.Event) -> None:
        self._ending = ending
        await keep_at(self._while_connected, self._connect, ending, self._failed)

    def _failed(self, error: Exception) -> bool:
        self.trouble = str(error) if isinstance(error, HandheldError) else _named(error)
        logger.warning("receiving waits: %s", self.trouble)
        got_on, self._before = self.answered > self._before, self.answered
        return got_on

    async def _while_connected(self, client: Client) -> None:
        try:
            await self._work(client)
        finally:
            self.connected = False

    async def _work(self, client: Client) -> None:
        js = client.jetstream(domain=self._settings.domain, timeout=ANSWER_SECONDS)
        await _opened(js, self._settings)
        self.connected, self.trouble = True, None
        takers = [asyncio.ensure_future(self._take(js)) for _ in range(self._settings.at_once)]
        try:
            await asyncio.gather(*takers)
        finally:
            for taker in takers:
                taker.cancel()
            await asyncio.gather(*takers, return_exceptions=True)

    async def _take(self, js: JetStreamContext) -> None:
        """One message after another; each taker asks for one at a time."""
        consumer = await js.pull_subscribe_bind(
            consumer=DURABLE, stream=self._settings.stream, pending_msgs_limit=16
        )
        ending = asyncio.ensure_future(self._ending.wait())
        try:
            while not self._ending.is_set():
                next_one = asyncio.ensure_future(consumer.fetch(1, timeout=_LOOK_EVERY))
                await asyncio.wait((next_one, ending), return_when=asyncio.FIRST_COMPLETED)
                if not next_one.done():
                    next_one.cancel()
                    return
                with suppress(NatsTimeout):
                    (one,) = next_one.result()
                    await self._answer(js, one)
        finally:
            ending.cancel()

    async def _answer(self, js: JetStreamContext, one: Msg) -> None:
        try:
            await self._done(js, one)
        except NoStreamResponseError:
            raise  # there is nowhere to answer: the streams are looked at anew
        except Exception as error:
            if not isinstance(error, Later):
                self.trouble = _named(error)
            wait = min(FIRST_WAIT * 2 ** min(one.metadata.num_delivered, 10), LONGEST_WAIT)
            wait = error.seconds if isinstance(error, Later) else wait
            logger.info("%s is brought again in %s s: %r", one.subject, wait, error)
            await one.nak(delay=wait)

    async def _done(self, js: JetStreamContext, one: Msg) -> None:
        about = one.metadata
        system, event_id = asking(one.subject), named(one.headers, one.data)
        subject = answer_to(self._settings.district, system, event_id)
        name = delivery(about.stream, about.sequence.stream, one.headers, one.data)
        told = None
        if about.num_delivered == 1 or not await self._was_answered(js, subject, name):
            told = await self._receiver.answer(Brought(system, one.headers, one.data, name))
            headers, payload = message(told.event, self._settings.mode)
            headers[Header.MSG_ID.value] = name
            await js.publish(
                subject,
                payload,
                timeout=ANSWER_SECONDS,
                stream=self._settings.answers,
                headers=headers,
            )
        if told is not None and told.poison:
            await one.term()
        else:
            await one.ack_sync(ANSWER_SECONDS)
        self.answered += 1
        self.trouble = None

    async def _was_answered(self, js: JetStreamContext, subject: str, name: str) -> bool:
        """Whether its answer is there: an error is no outcome that the log keeps, the answer is."""
        try:
            found = await js.get_last_msg(self._settings.answers, subject)
            return bool(read(found.headers, found.data or b"")["id"] == name)
        except (NotFoundError, NotACloudEvent):
            return False


async def _opened(js: JetStreamContext, settings: InboundSettings) -> None:
    """Both streams and the consumer, made where there are none; what is there stays as it is."""
    for config in _streams(settings):
        try:
            await js.stream_info(config.name or "")
        except NotFoundError:
            await js.add_stream(config)
    try:
        await js.consumer_info(settings.stream, DURABLE)
    except NotFoundError:
        await js.add_consumer(
            settings.stream,
            ConsumerConfig(
                durable_name=DURABLE,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=settings.again_after,
                max_ack_pending=MOST_PENDING,
            ),
        )


def _streams(settings: InboundSettings) -> tuple[StreamConfig, StreamConfig]:
    asked = StreamConfig(
        name=settings.stream,
        description="What other systems ask of a handheld command log; kept until it is answered",
        subjects=[asked_of(settings.district)],
        retention=RetentionPolicy.WORK_QUEUE,
        discard=DiscardPolicy.NEW,
        max_msgs=settings.most_waiting,
        storage=StorageType.FILE,
        num_replicas=settings.replicas,
    )
    answers = StreamConfig(
        name=settings.answers,
        description="What a handheld command log answered to other systems, as CloudEvents",
        subjects=[answers_of(settings.district)],
        max_age=settings.answers_kept * 86_400,
        storage=StorageType.FILE,
        num_replicas=settings.replicas,
    )
    return asked, answers


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
