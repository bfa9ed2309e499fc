"""The robot of a messenger group (DingTalk): digests, never persons.

A robot that speaks more than twenty times a minute is shut up for ten minutes: what comes too soon is
collected, and the latest state is told when its time has come.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections import deque
from urllib.parse import quote_plus

import msgspec
from msgspec.structs import replace

from handheld.adapters.notifiers.outside import Limits, Outside
from handheld.application.notifying import Came

MOST_A_MINUTE = 15
"""Fewer than the platform allows: others may speak by the same robot."""
_MINUTE = 60.0
_SHUT_UP = 10 * _MINUTE
_TOO_MANY = 410100


class RobotSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One robot of one group."""

    url: str
    """With its access token."""
    secret: str | None = None
    """For the signature, where the robot asks for one."""
    division: str
    """Whose figures it tells."""
    every: float = 600
    """Seconds between digests, 60 at least."""
    drills: bool = False
    """Whether it tells of drills too."""


class Robot:
    """Speaks in one group, never too often."""

    def __init__(self, settings: RobotSettings, limits: Limits | None = None) -> None:
        self.settings = settings
        # Asked twice it might speak twice.
        self._outside = Outside(replace(limits or Limits(), tries=1))
        self._said: deque[float] = deque(maxlen=MOST_A_MINUTE)
        self._shut_until = 0.0

    def may_speak(self) -> bool:
        """Whether it may say something just now."""
        now = time.monotonic()
        if now < self._shut_until:
            return False
        return len(self._said) < MOST_A_MINUTE or now - self._said[0] > _MINUTE

    async def say(self, text: str) -> Came:
        """Say it in the group; `skipped` where that is too soon."""
        if not self.may_speak():
            return Came("skipped", "too_soon")
        self._said.append(time.monotonic())
        reply = await self._outside.ask(
            "POST",
            self.settings.url + self._signature(),
            content=msgspec.json.encode({"msgtype": "text", "text": {"content": text}}),
            headers={"content-type": "application/json"},
        )
        if reply.came is not None:
            return reply.came
        answer = reply.json()
        code = answer.get("errcode", 0) if isinstance(answer, dict) else None
        if code == 0:
            return Came("taken")
        if code == _TOO_MANY:
            self._shut_until = time.monotonic() + _SHUT_UP
        return Came("refused", str(code))

    async def close(self) -> None:
        """Let connections go."""
        await self._outside.close()

    def _signature(self) -> str:
        secret = self.settings.secret
        if secret is None:
            return ""
        at = str(int(time.time() * 1000))
        made = hmac.new(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256).digest()
        sign = quote_plus(base64.b64encode(made).decode())
        joined = "&" if "?" in self.settings.url else "?"
        return f"{joined}timestamp={at}&sign={sign}"
