"""Messages into a JetStream stream: a batch whole or not at all, or one by one in unbroken order.

Either way each message is taken only if it follows the very message that its sender saw last
(`Nats-Expected-Last-Sequence`), so that two who publish at once can neither double nor interleave.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import msgspec
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import Header, PubAck
from nats.js.errors import APIError

from handheld.application.relaying import Outgoing, message_id

ANSWER_SECONDS = 4.0
"""An answer that has not come by then counts as lost: its server may have been killed, and another leads."""

MOST_IN_A_BATCH = 1000
"""What nats-server takes by default (`batch { max_msgs }` of JetStream's limits)."""

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

    def __init__(self, client: Client, js: JetStreamContext, log_id: str) -> None:
        self._client = client
        self._js = js
        self._log_id = log_id

    async def whole(self, batch: Sequence[Outgoing], sequence: int) -> int:
        """Publish all of a batch or nothing; gives the sequence of its last message.

        At most as many as the server takes. Raises Overtaken, StillRemembered, TimeoutError, and what
        the server says. (NATS architecture decision record 50, atomic batch publishing.)
        """
        if len(batch) == 1:
            return await self.one_by_one(batch, sequence)
        name = uuid4().hex
        last = len(batch)
        for number, one in enumerate(batch, 1):
            headers = self._headers(one, sequence if number == 1 else None)
            headers[Header.BATCH_ID.value] = name
            headers[Header.BATCH_SEQUENCE.value] = str(number)
            if number == last:
                headers[Header.BATCH_COMMIT.value] = "1"
            if number in (1, last):
                # The first answer says whether there is such a stream at all; the others have none.
                answer = await self._client.request(
                    one.subject, one.payload, timeout=ANSWER_SECONDS, headers=headers
                )
                reached = _taken(answer.data)
                if number == last:
                    return reached
            else:
                await self._client.publish(one.subject, one.payload, headers=headers)
        return sequence

    async def one_by_one(self, batch: Sequence[Outgoing], sequence: int) -> int:
        """Publish without waiting for each answer, then await them all.

        Part of the batch may have been stored when this raises; it is the beginning of it.
        """
        answers = [
            await self._js.publish_async(
                one.subject, one.payload, headers=self._headers(one, sequence + n)
            )
            for n, one in enumerate(batch)
        ]
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

    def _headers(self, one: Outgoing, sequence: int | None) -> dict[str, str]:
        headers = {**one.headers, Header.MSG_ID.value: message_id(self._log_id, one.position)}
        if sequence is not None:
            headers[Header.EXPECTED_LAST_SEQUENCE.value] = str(sequence)
        return headers


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
