"""The file of notices (`notices.toml`): by which ways people are told, and who else is.

It holds secrets, so it is a file of its own that only its owner may read.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from handheld.adapters.notifiers.dingtalk import DingTalkSettings
from handheld.adapters.notifiers.outside import Limits
from handheld.adapters.notifiers.robot import RobotSettings
from handheld.adapters.notifiers.sms_http import TelephoneService
from handheld.adapters.notifiers.webhook import WebhookSettings
from handheld.domain.errors import Installation
from handheld.domain.ladder import RUNGS, USUAL_WAITS, Ladder
from handheld_events.task import Rung

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class LadderTimes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """After how many seconds without delivery each way is used."""

    web_push: Seconds = USUAL_WAITS["web_push"]
    messenger: Seconds = USUAL_WAITS["messenger"]
    sms: Seconds = USUAL_WAITS["sms"]
    voice: Seconds = USUAL_WAITS["voice"]
    call_list: Seconds = USUAL_WAITS["call_list"]
    drills: tuple[Rung, ...] = ("web_push", "messenger", "call_list")
    """The ways that are used in drills."""


class WebPushSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Web Push."""

    contact: Annotated[str, msgspec.Meta(pattern=r"^(mailto:.+@.+|https://.+)$")]
    """Where push services reach the operator: `mailto:` or `https:`."""
    allowed: tuple[str, ...] = ()
    """Hosts of push services inside the network."""


class OutsideSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How servers of others are asked."""

    timeout: Annotated[float, msgspec.Meta(gt=0, le=120)] = 10.0
    at_once: Annotated[int, msgspec.Meta(ge=1, le=256)] = 16
    proxy: str | None = None


class NoticeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file. What is not named is not used."""

    ladder: LadderTimes = LadderTimes()
    outside: OutsideSettings = OutsideSettings()
    web_push: WebPushSettings | None = None
    messenger: DingTalkSettings | None = None
    sms: TelephoneService | None = None
    voice: TelephoneService | None = None
    robots: tuple[RobotSettings, ...] = ()
    webhooks: tuple[WebhookSettings, ...] = ()

    @property
    def limits(self) -> Limits:
        """The same for all that is asked."""
        told = self.outside
        return Limits(timeout=told.timeout, at_once=told.at_once, proxy=told.proxy)

    def rules(self) -> Ladder:
        """The ladder of this installation: the ways that are named, and the call list."""
        named: dict[Rung, object] = {
            "web_push": self.web_push,
            "messenger": self.messenger,
            "sms": self.sms,
            "voice": self.voice,
            "call_list": self,
        }
        waits: dict[Rung, float] = {
            rung: float(getattr(self.ladder, rung)) for rung in RUNGS if named[rung]
        }
        return Ladder(waits=waits, drills=frozenset((*self.ladder.drills, "call_list")))


def read_notices(path: Path) -> NoticeSettings:
    """Read the file. Raises Installation (`notices.file`, `notices.open_to_others`)."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        settings = msgspec.convert(tomllib.loads(text), NoticeSettings)
        mode = path.stat().st_mode
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Installation("notices.file", path=str(path), reason=reason) from None
    except (ValueError, msgspec.ValidationError) as error:
        # What is named in it is the field, never a value: it may be a secret.
        raise Installation("notices.file", path=str(path), reason=_safe(error)) from None
    if mode & 0o077:
        raise Installation("notices.open_to_others", path=str(path))
    names = [one.name for one in settings.webhooks]
    if len(set(names)) < len(names):
        raise Installation("notices.file", path=str(path), reason="webhooks: name")
    times = [settings.ladder.web_push, settings.ladder.messenger, settings.ladder.sms]
    times += [settings.ladder.voice, settings.ladder.call_list]
    if times != sorted(times):
        raise Installation("notices.file", path=str(path), reason="ladder: order of times")
    if any(robot.every < 60 for robot in settings.robots):
        raise Installation("notices.file", path=str(path), reason="robots: every < 60")
    return settings


def _safe(error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        return str(error)
    return f"{type(error).__name__}: {error}" if isinstance(error, tomllib.TOMLDecodeError) else ""
