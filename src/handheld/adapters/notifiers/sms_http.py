"""Text messages and voice calls through one HTTP service, described by configuration.

Every provider takes a telephone number and words in a request of its own form; the form is a template.
What counts as taken is told as well. Nobody says "delivered" here: a receipt comes later, if at all.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from handheld.adapters.notifiers.outside import Limits, Outside, Reply
from handheld.application.notifying import Came, Notice, Told

USUAL_BODY = '{"phone":"{phone}","text":"{text}","id":"{id}"}'
TOGETHER = 32
LONGEST = 200
"""Characters of a code or a reference."""


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the body of an answer says that the message was taken, beside a status of 2xx."""

    field: str
    """A path into the JSON, such as `data.code`."""
    equals: str


class Receipts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the provider calls back with what became of a message (回执)."""

    secret: str
    """It comes as `Authorization: Bearer`."""
    reference: str
    """The path of the provider's own id in what it sends."""
    field: str
    """The path of the word that says what became of it."""
    arrived: str
    """That word where it arrived, such as `DELIVRD`."""


class TelephoneService(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One provider."""

    url: str
    body: str = USUAL_BODY
    """JSON; `{phone}`, `{text}`, `{id}` stand for themselves, within quotes."""
    auth: Literal["none", "bearer", "hmac"] = "none"
    """bearer: `Authorization: Bearer` and the secret. hmac: HMAC-SHA256 over the seconds since 1970,
    a line feed, and the body, in hex, as `X-Signature` beside `X-Timestamp`."""
    secret: str | None = None
    taken: Taken | None = None
    reference: str | None = None
    """The path of the provider's own id in the answer."""
    receipts: Receipts | None = None


class TelephoneHTTP:
    """Sends by such a provider; `Notifier` for `sms` or `voice`."""

    together = TOGETHER
    asks_later = False

    def __init__(
        self, rung: Literal["sms", "voice"], service: TelephoneService, limits: Limits | None = None
    ) -> None:
        self.rung: Literal["sms", "voice"] = rung
        self._service = service
        self._outside = Outside(limits)

    async def send(self, notices: Sequence[Notice]) -> Mapping[str, Came]:
        """One request for each."""
        came = await asyncio.gather(*(self._one(notice) for notice in notices))
        return {notice.id: one for notice, one in zip(notices, came, strict=True)}

    async def ask(self, reference: str, notices: Sequence[Notice]) -> Mapping[str, Told]:
        """These providers call back, if at all."""
        return {}

    async def close(self) -> None:
        """Let connections go."""
        await self._outside.close()

    async def _one(self, notice: Notice) -> Came:
        if not notice.phone:
            return Came("skipped", "no_telephone")
        values = {"phone": notice.phone, "text": notice.text, "id": notice.id}
        body = filled(self._service.body, values).encode()
        headers = {
            "content-type": "application/json",
            "idempotency-key": notice.id,
            **self._signed(body),
        }
        return self._meant(
            await self._outside.ask("POST", self._service.url, content=body, headers=headers)
        )

    def _signed(self, body: bytes) -> dict[str, str]:
        secret = self._service.secret or ""
        match self._service.auth:
            case "none":
                return {}
            case "bearer":
                return {"authorization": f"Bearer {secret}"}
            case "hmac":
                at = str(int(time.time()))
                made = hmac.new(secret.encode(), at.encode() + b"\n" + body, hashlib.sha256)
                return {"x-timestamp": at, "x-signature": made.hexdigest()}

    def _meant(self, reply: Reply) -> Came:
        if reply.came is not None:
            return reply.came
        answer = reply.json()
        taken = self._service.taken
        if taken is not None:
            found = _at(answer, taken.field)
            if _word(found) != taken.equals:
                return Came("refused", _word(found) or "no_answer")
        reference = None
        if self._service.reference is not None:
            reference = _word(_at(answer, self._service.reference)) or None
        return Came("taken", None, reference)


def receipt_of(receipts: Receipts, body: Any) -> tuple[str, bool, str]:
    """Reference, whether it arrived, and the provider's word; the reference is empty where none is."""
    word = _word(_at(body, receipts.field))
    return _word(_at(body, receipts.reference)), word == receipts.arrived, word


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with values as JSON has them within quotes: no value can end its string."""

    def value(found: re.Match[str]) -> str:
        return msgspec.json.encode(values[found[1]]).decode()[1:-1]

    return re.sub("{(" + "|".join(values) + ")}", value, template)


def _word(found: Any) -> str:
    """A value as JSON writes it, text without its quotes."""
    if found is None or isinstance(found, dict | list):
        return ""
    return (found if isinstance(found, str) else msgspec.json.encode(found).decode())[:LONGEST]


def _at(answer: Any, path: str) -> Any:
    for key in path.split("."):
        if isinstance(answer, dict):
            answer = answer.get(key)
        elif isinstance(answer, list) and key.isdigit() and int(key) < len(answer):
            answer = answer[int(key)]
        else:
            return None
    return answer
