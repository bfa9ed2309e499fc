"""Web Push: RFC 8030, sealed by RFC 8291 (aes128gcm), signed by VAPID (RFC 8292).

The message holds the ids of task and task force, and nothing else: the app fetches the task itself.
"""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

import http_ece
import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from handheld.adapters.notifiers.outside import Limits, Outside
from handheld.adapters.push_subscriptions import PushSubscriptions, Subscription, decoded
from handheld.application.notifying import Came, Notice, Told
from handheld.domain.errors import Malformed

TOGETHER = 128
KEPT_SECONDS = 3_600
"""How long a push service keeps a message for a device that is away (TTL)."""
TOKEN_SECONDS = 12 * 3_600
"""RFC 8292, section 2: at most 24 hours."""
RENEWED_BEFORE = 3_600
_GONE = frozenset(("http_404", "http_410"))


class VapidKey:
    """What is signed by the key by which push services know this installation."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, contact: str) -> None:
        """`contact`: a `mailto:` or `https:` address where the operator is reached."""
        self._contact = contact
        self._key = key
        public = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.public = _encoded(public)
        """What the browser is given as `applicationServerKey`."""
        self._tokens: dict[str, tuple[float, str]] = {}

    def authorization(self, endpoint: str, now: float) -> str:
        """The header for this push service; one token serves all messages to it for hours."""
        parts = urlsplit(endpoint)
        audience = f"{parts.scheme}://{parts.netloc}"
        until, token = self._tokens.get(audience, (0.0, ""))
        if until - RENEWED_BEFORE < now:
            until = now + TOKEN_SECONDS
            claims = {"aud": audience, "exp": int(until), "sub": self._contact}
            token = self._signed(claims)
            self._tokens[audience] = until, token
        return f"vapid t={token}, k={self.public}"

    def _signed(self, claims: dict[str, Any]) -> str:
        """A JSON Web Token (RFC 7519) with ES256 (RFC 7518, section 3.4)."""
        head = {"typ": "JWT", "alg": "ES256"}
        text = ".".join(_encoded(msgspec.json.encode(part)) for part in (head, claims))
        r, s = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{_encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


class WebPush:
    """`Notifier` for `web_push`: every device of the person that has subscribed."""

    rung: Literal["web_push"] = "web_push"
    together = TOGETHER
    asks_later = False

    def __init__(
        self, subscriptions: PushSubscriptions, key: VapidKey, limits: Limits | None = None
    ) -> None:
        # Through a proxy it is the proxy that looks names up, and says where one may go.
        self._direct = limits is None or limits.proxy is None
        self._subscriptions = subscriptions
        self._key = key
        self._outside = Outside(limits)

    async def send(self, notices: Sequence[Notice]) -> Mapping[str, Came]:
        """Taken where one device's push service took it."""
        came = await asyncio.gather(*(self._person(notice) for notice in notices))
        return {notice.id: one for notice, one in zip(notices, came, strict=True)}

    async def ask(self, reference: str, notices: Sequence[Notice]) -> Mapping[str, Told]:
        """Push services say nothing later: the phone does, when it has stored the task."""
        return {}

    async def close(self) -> None:
        """Let connections go."""
        await self._outside.close()

    async def _person(self, notice: Notice) -> Came:
        devices = self._subscriptions.of(notice.person)
        if not devices:
            return Came("skipped", "no_device")
        body = msgspec.json.encode(
            {"task": notice.task, "task_force": notice.task_force, "drill": notice.drill}
        )
        came = await asyncio.gather(*(self._device(one, notice.id, body) for one in devices))
        for result in ("taken", "unknown", "failed"):
            for one in came:
                if one.result == result:
                    return one
        return came[0]

    async def _device(self, device: Subscription, notice_id: str, body: bytes) -> Came:
        try:
            if self._direct:
                await self._subscriptions.check_now(device.endpoint)
            else:
                self._subscriptions.check(device.endpoint)  # what is allowed may have changed
            sealed = seal(body, device)
        except Malformed as error:
            return Came("refused", str(error.params.get("reason", error.code)))
        reply = await self._outside.ask(
            "POST",
            device.endpoint,
            content=sealed,
            headers={
                "authorization": self._key.authorization(device.endpoint, time.time()),
                "content-encoding": "aes128gcm",
                "content-type": "application/octet-stream",
                "ttl": str(KEPT_SECONDS),
                "urgency": "high",
                # RFC 8030, section 5.4: the same message again replaces the one before it.
                "topic": notice_id,
            },
        )
        if reply.came is None:
            return Came("taken")
        if reply.came.code in _GONE:
            await asyncio.to_thread(self._subscriptions.forget, device.device, device.endpoint)
            return Came("refused", "gone")
        return reply.came


def seal(body: bytes, device: Subscription) -> bytes:
    """The message as only this device can read it. Raises Malformed (`notices.keys`)."""
    try:
        sealed: bytes = http_ece.encrypt(
            body,
            salt=os.urandom(16),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=decoded(device.p256dh),
            auth_secret=decoded(device.auth),
            version="aes128gcm",
        )
    except (ValueError, http_ece.ECEException):
        raise Malformed("notices.keys") from None
    return sealed


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
