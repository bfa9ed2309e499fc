"""What other systems ask for, and the answer they get: CloudEvents 1.0 coming in. docs/receiving.md

Their types begin with `ask`, which no fact does: whoever reads both streams cannot take one for the
other. Read strictly: what is not understood is refused in words, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any, ClassVar, Literal, NamedTuple
from urllib.parse import unquote

import msgspec

from handheld_events.base import Instant
from handheld_events.cloud_messages import NotACloudEvent, read
from handheld_events.forms import Location
from handheld_events.warning import WarningLevel

LARGEST = 256 * 1024
"""Bytes of a message, attributes included: no fact is larger either."""

_NAME = re.compile(r"[a-z0-9]{1,20}")
_JSON = re.compile(r"application/json(\s*;.*)?", re.IGNORECASE)
_LONGEST = 200
"""Characters of an attribute: an id is part of a subject."""
_LONGEST_REASON = 300


class Ask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The data of a CloudEvent that asks for something."""

    TYPE: ClassVar[str]
    """The type of its CloudEvent: what is asked for, and the version."""


class AskCap(Ask, frozen=True, kw_only=True):
    """A warning as a CAP 1.2 message: an alert, an update, or a cancel."""

    TYPE: ClassVar[str] = "ask.cap.v1"
    cap: str
    """The message: XML."""


class AskWarning(Ask, frozen=True, kw_only=True):
    """A warning from a system that has no CAP."""

    TYPE: ClassVar[str] = "ask.warning.v1"
    event: str
    """The hazard (台风)."""
    level: WarningLevel
    headline: str
    divisions: tuple[str, ...]
    description: str | None = None
    expires: Instant | None = None


class AskFinding(Ask, frozen=True, kw_only=True):
    """Something that somebody told, and where (上报)."""

    TYPE: ClassVar[str] = "ask.finding.v1"
    text: str
    division: str
    """Where it is, as exactly as is known."""
    place: str | None = None
    location: Location | None = None


class AskStart(AskWarning, frozen=True, kw_only=True):
    """A warning, and the plan that should answer it: a start is proposed, or made at once."""

    TYPE: ClassVar[str] = "ask.start.v1"
    plan: str
    """The plan's key."""
    at_once: bool = False
    """Make the start in the one division named, without asking anybody."""


Asks = AskCap | AskWarning | AskFinding | AskStart
ASKS: Mapping[str, type[Asks]] = {
    ask.TYPE: ask for ask in (AskCap, AskWarning, AskFinding, AskStart)
}
"""By type."""

_TEXT = Annotated[str, msgspec.Meta(min_length=1, max_length=_LONGEST)]


class _Attributes(msgspec.Struct, frozen=True, kw_only=True):
    """The attributes that count; others may come along."""

    id: _TEXT
    source: _TEXT
    type: _TEXT
    time: Instant | None = None
    drill: bool = False
    datacontenttype: str = "application/json"


class Asked(NamedTuple):
    """A CloudEvent that asks for something, understood."""

    id: str
    source: str
    time: Any
    """When it happened, as they say: an instant, or None."""
    drill: bool
    ask: Asks


Fault = Literal["too_large", "not_an_event", "unknown_type", "data"]


class NotUnderstood(ValueError):
    """A message that does not ask for anything we know."""

    def __init__(self, what: Fault, reason: str) -> None:
        super().__init__(what, reason)
        self.what: Fault = what
        self.reason = reason[:_LONGEST_REASON]


def understood(headers: Mapping[str, str] | None, payload: bytes) -> Asked:
    """What a message in structured or binary mode asks for. Raises NotUnderstood."""
    size = len(payload) + sum(len(k) + len(v) for k, v in (headers or {}).items())
    if size > LARGEST:
        raise NotUnderstood("too_large", str(size))
    event = _event(headers, payload)
    try:
        about = msgspec.convert(event, _Attributes)
    except msgspec.ValidationError as error:
        raise NotUnderstood("not_an_event", str(error)) from None
    kind = ASKS.get(about.type)
    if kind is None:
        raise NotUnderstood("unknown_type", about.type)
    if not _JSON.fullmatch(about.datacontenttype):
        raise NotUnderstood("data", f"datacontenttype {about.datacontenttype}")
    try:
        ask = msgspec.convert(event.get("data"), kind)
    except msgspec.ValidationError as error:
        raise NotUnderstood("data", str(error)) from None
    return Asked(about.id, about.source, about.time, about.drill, ask)


class _Named(msgspec.Struct):
    id: _TEXT


def named(headers: Mapping[str, str] | None, payload: bytes) -> str | None:
    """The id of a message, as far as it has one, whatever else is wrong with it."""
    given = {name.lower(): value for name, value in (headers or {}).items()}
    structured = given.get("content-type", "").lower().startswith("application/cloudevents")
    found = "" if structured else unquote(given.get("ce-id", ""))
    if structured and len(payload) <= LARGEST:
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            found = msgspec.json.decode(payload, type=_Named).id
    return found if 0 < len(found) <= _LONGEST else None


def _event(headers: Mapping[str, str] | None, payload: bytes) -> dict[str, Any]:
    try:
        event = read(headers, payload)
    except (NotACloudEvent, RecursionError) as error:
        reason = str(error) if isinstance(error, NotACloudEvent) else "nested too deeply"
        raise NotUnderstood("not_an_event", reason) from None
    wrong = next((name for name in event if not _NAME.fullmatch(name)), None)
    if wrong is not None:  # a `Drill` that nobody reads would be taken in earnest
        raise NotUnderstood("not_an_event", f"attribute {wrong[:40]!r}")
    return event


Outcome = Literal["accepted", "already_done", "overtaken", "refused"]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What is the matter, and what to do, in one language."""

    said: str
    todo: str | None = None


class Answered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The data of the answer: all that it says is durable in the log."""

    TYPE: ClassVar[str] = "answer.v1"
    outcome: Outcome
    code: str | None = None
    """Stable, for programs; absent where there is nothing to say."""
    zh: Words
    en: Words
    first: int | None = None
    """The position of the first fact that came of it; absent where none did."""
    last: int | None = None
    made: tuple[str, ...] = ()
    """The streams that it began or went on with: a warning, a finding, a task force."""
