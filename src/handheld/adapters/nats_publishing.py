"""Messages into a JetStream stream: a batch whole or not at all, or one by one in unbroken order.

Either way each message is taken only if it follows the very message that its sender saw last
(`Nats-Expected-Last-Sequence`), so that two who publish at once can neither double nor interleave.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import islice
from uuid import uuid4

import msgspec
from nats.js import JetStreamContext
from nats.js.api import Header, PubAck
from nats.js.errors import APIError

from handheld.adapters.nats_client import Connection
from handheld.application.relaying import Addressed, Outgoing, addressed
from handheld_events.cloud_messages import Mode

ANSWER_SECONDS = 4.0
"""An answer that has not come by then counts as lost: its server may have been killed, and another leads."""

MOST_IN_A_BATCH = 1000
"""What nats-server takes by default (`batch { max_msgs }` of JetStream's limits)."""

_EXPECTED = Header.EXPECTED_LAST_SEQUENCE.value
_BATCH_ID = Header.BATCH_ID.value
_BATCH_SEQUENCE = Header.BATCH_SEQUENCE.value
_BATCH_COMMIT = Header.BATCH_COMMIT.value

_WRONG_LAST_SEQUENCE = 10071
_DUPLICATE_IN_BATCH = 10201


class Overtaken(Exception):
    """The stream has gone on otherwise: somebody else publishes as well, or a late message came."""


class StillRemembered(Exception):
    """The server remembers messages that are no longer there: it takes them after its window."""

    def __str__(self) -> str:
        return "the server still takes these for duplicates; it forgets them after its window"


class Publisher:
    """Publishes one log's facts over one connection."""

    def __init__(
        self, client: Connection, js: JetStreamContext, log_id: str, mode: Mode = "structured"
    ) -> None:
        self._client = client
        self._js = js
        self._log_id = log_id
        self._mode: Mode = mode

    async def whole(self, batch: Sequence[Outgoing], sequence: int) -> int:
        """Publish all of a batch or nothing; gives the sequence of its last message.

        At most as many as the server takes. Raises Overtaken, StillRemembered, TimeoutError, and what
        the server says. (NATS architecture decision record 50, atomic batch publishing.)
        """
        if len(batch) == 1:
            return await self.one_by_one(batch, sequence)
        name, last = uuid4().hex, len(batch)
        # The first answer says whether there is such a stream at all; those within have none.
        await self._asked(batch[0], {**_place(name, 1), _EXPECTED: str(sequence)})
        await self._client.send(
            self._message(one, _place(name, number))
            for number, one in enumerate(islice(batch, 1, last - 1), 2)
        )
        return await self._asked(batch[-1], {**_place(name, last), _BATCH_COMMIT: "1"})

    async def one_by_one(self, batch: Sequence[Outgoing], sequence: int) -> int:
        """Publish without waiting for each answer, then await them all.

        Part of the batch may have been stored when this raises; it is the beginning of it.
        """
        answers: list[asyncio.Future[PubAck]] = []
        for expected, one in enumerate(batch, sequence):
            to, headers, payload = self._message(one, {_EXPECTED: str(expected)})
            answers.append(await self._js.publish_async(to, payload, headers=headers))
        async with asyncio.timeout(ANSWER_SECONDS):
            taken = await asyncio.gather(*answers, return_exceptions=True)
        for n, answer in enumerate(taken, 1):
            if isinstance(answer, APIError) and answer.err_code == _WRONG_LAST_SEQUENCE:
                raise Overtaken from answer
            if isinstance(answer, BaseException):
                raise answer
            if answer.duplicate:
                raise StillRemembered
            if answer.seq != sequence + n:
                raise Overtaken
        return sequence + len(batch)

    async def _asked(self, one: Outgoing, more: dict[str, str]) -> int:
        to, headers, payload = self._message(one, more)
        answer = await self._client.request(to, payload, timeout=ANSWER_SECONDS, headers=headers)
        return _taken(answer.data)

    def _message(self, one: Outgoing, more: dict[str, str]) -> Addressed:
        found = addressed(one, self._log_id, self._mode)
        found.headers.update(more)
        return found


def _place(name: str, number: int) -> dict[str, str]:
    """The headers that put a message into a batch."""
    return {_BATCH_ID: name, _BATCH_SEQUENCE: str(number)}


def _taken(answer: bytes) -> int:
    """The sequence in an answer to a batch; 0 in that to its first message, which is empty."""
    if not answer:
        return 0
    said = msgspec.json.decode(answer)
    error = said.get("error")
    if error is None:
        return PubAck.from_response(said).seq
    if error.get("err_code") == _WRONG_LAST_SEQUENCE:
        raise Overtaken
    if error.get("err_code") == _DUPLICATE_IN_BATCH:
        raise StillRemembered
    raise APIError.from_error(error)
