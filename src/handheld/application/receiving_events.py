"""What other systems ask for by CloudEvent: understood, allowed, carried out, answered. docs/receiving.md

The command's id follows from `source` and `id`, so a message that comes again does nothing twice and
is told what was told at first. Everything that is wrong with a message is an answer; only what is
wrong with us is an error, after which it is brought again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from handheld.application.ports import Clock, Log
from handheld.application.requests import Receipt, Request
from handheld.domain import matching
from handheld.domain.cap import CapAlert
from handheld.domain.cap_reading import from_cap, is_drill
from handheld.domain.errors import (
    Busy,
    Contended,
    HandheldError,
    Malformed,
    NotAllowed,
    NotFound,
    WriterStopped,
)
from handheld.domain.finding_commands import ReportFinding
from handheld.domain.policy.systems import SYSTEM, System, check_system
from handheld.domain.starting import StartFromPlan
from handheld.domain.warning_commands import RaiseWarning
from handheld.texts import LANGUAGES, Language, Texts
from handheld.texts.lookup import Explained
from handheld_events.asking import (
    Answered,
    AskCap,
    Asked,
    AskFinding,
    AskStart,
    AskWarning,
    NotUnderstood,
    Words,
    named,
    understood,
)
from handheld_events.codec import Reading
from handheld_events.envelope import Meta
from handheld_events.ids import caused_command, person_stream, plan_stream
from handheld_events.publishing import CONTENT_TYPE, SOURCE_PREFIX
from handheld_projections.organisation import Organisation

MOST_MADE = 100
"""So many facts of a command are looked through for what it made: its tasks come last."""

_LATER = frozenset(("log.full", "fold.late", "fold.stopped"))


class Later(Exception):
    """It cannot be done or refused just now; brought again after so many seconds, it may be."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(seconds, why)
        self.seconds = seconds


class Brought(NamedTuple):
    """A message, and who brings it."""

    system: str
    """By the subject, which its account alone may publish under."""
    headers: Mapping[str, str] | None
    payload: bytes
    delivery: str
    """Names this message among all that ever came: the same when it is delivered again."""


class Told(NamedTuple):
    """The answer to a message."""

    event: dict[str, Any]
    """The answer, as a CloudEvent."""
    poison: bool
    """No CloudEvent that asks for anything: it need not be kept."""


class Receiver:
    """Answers what other systems bring, for one log."""

    def __init__(
        self,
        log: Log,
        clock: Clock,
        systems: Mapping[str, System],
        *,
        organisation: Callable[[], Organisation],
        submit: Callable[[Request], Awaitable[Receipt]],
        read_cap: Callable[[bytes], CapAlert],
    ) -> None:
        self._log = log
        self._clock = clock
        self._systems = systems
        self._organisation = organisation
        self._submit = submit
        self._read_cap = read_cap
        self._reading = Reading()
        self._texts: dict[Language, Texts] = {one: Texts(one) for one in LANGUAGES}

    async def answer(self, brought: Brought) -> Told:
        """Carry out what is asked; durable when it is answered. Raises Later."""
        try:
            asked = _understood(brought)
        except Malformed as error:
            return Told(self._event(brought, None, self._refused(error)), poison=True)
        try:
            request = await asyncio.to_thread(self._request, brought.system, asked)
            receipt = await self._submit(request)
            answered, at, drill = await asyncio.to_thread(self._done, request, receipt)
        except (Busy, WriterStopped, Contended) as error:
            raise Later(getattr(error, "retry_after", 1), str(error)) from error
        except HandheldError as error:
            if error.code in _LATER:
                raise Later(1, str(error)) from error
            answered, at, drill = self._refused(error), self._clock.now(), asked.drill
        return Told(self._event(brought, asked, answered, at, drill=drill), poison=False)

    def _request(self, name: str, asked: Asked) -> Request:
        known = self._systems.get(name)
        if known is None:
            raise NotAllowed("system.unknown", system=name)
        if asked.source != known.source:
            raise NotAllowed("system.other_source", system=name, source=asked.source)
        organisation = self._organisation()
        try:
            command, drill = self._command(known, asked, organisation)
        except HandheldError:
            raise
        except Exception as error:  # a message that we cannot take must not be brought for ever
            raise Malformed("ask.failed", reason=type(error).__name__) from error
        now = self._clock.now()
        occurred = now if asked.time is None else asked.time.astimezone(UTC)
        reporter = known.reporter if isinstance(command, ReportFinding) else None
        meta = Meta(
            actor=SYSTEM + name,
            command=caused_command(0, "asked", asked.source, asked.id),
            occurred_at=occurred,
            reported_at=None if occurred == now else now,
            on_behalf_of=None if reporter is None else person_stream(reporter),
            drill=drill,
        )
        # Brought again after the register of divisions has changed, it is still the same.
        body = msgspec.json.encode((asked.ask.TYPE, asked.drill, asked.ask))
        return Request(command, meta, body=body)

    def _command(self, known: System, asked: Asked, organisation: Organisation) -> tuple[Any, bool]:
        """The command, and whether it is a drill. Raises Malformed, NotAllowed, NotFound."""
        ask, drill = asked.ask, asked.drill
        match ask:
            case AskCap():
                alert = self._read_cap(ask.cap.encode())
                command = from_cap(alert, organisation)
                drill = drill or is_drill(alert)
                places = command.content.divisions if command.content is not None else ()
                check_system(known, "cap", places, drill=drill, cap_sender=alert.sender)
                return command, drill
            case AskFinding():
                check_system(known, "finding", (ask.division,), drill=drill)
                finding = ReportFinding(
                    text=ask.text, division=ask.division, place=ask.place, location=ask.location
                )
                return finding, drill
            case AskStart():
                at_once = ask.at_once
                check_system(known, "start", ask.divisions, drill=drill, at_once=at_once)
                return (_started(ask, organisation) if at_once else _raised(ask)), drill
            case AskWarning():
                check_system(known, "warning", ask.divisions, drill=drill)
                return _raised(ask), drill

    def _done(self, request: Request, receipt: Receipt) -> tuple[Answered, datetime, bool]:
        """What came of it, when, and whether as a drill: read from the log."""
        made: tuple[str, ...] = ()
        drill = request.meta.drill
        if receipt.first is not None and receipt.last is not None:
            rows = self._log.read(receipt.first - 1, MOST_MADE, receipt.last)
            made = tuple(dict.fromkeys(r[1] for r in rows if not r[1].startswith("task-")))
            drill = self._reading.fact(*rows[0]).meta.drill
        words = {language: self._words(texts, receipt) for language, texts in self._texts.items()}
        answered = Answered(
            outcome=receipt.outcome,
            code=receipt.code,
            zh=words["zh"],
            en=words["en"],
            first=receipt.first,
            last=receipt.last,
            made=made,
        )
        return answered, receipt.recorded_at, drill

    def _words(self, texts: Texts, receipt: Receipt) -> Words:
        if receipt.code is None:
            return Words(said=texts.answer(receipt.outcome))
        return _explained(texts.outcome(receipt.code, {}))

    def _refused(self, error: HandheldError) -> Answered:
        words = {
            language: _explained(texts.error(error.code, error.params))
            for language, texts in self._texts.items()
        }
        return Answered(outcome="refused", code=error.code, zh=words["zh"], en=words["en"])

    def _event(
        self,
        brought: Brought,
        asked: Asked | None,
        answered: Answered,
        at: datetime | None = None,
        *,
        drill: bool = False,
    ) -> dict[str, Any]:
        about = {} if asked is None else {"askedsource": asked.source, "askedtype": asked.ask.TYPE}
        event_id = named(brought.headers, brought.payload)
        moment = (at or self._clock.now()).astimezone(UTC)
        return {
            "specversion": "1.0",
            "id": brought.delivery,
            "source": SOURCE_PREFIX + self._log.log_id,
            "type": Answered.TYPE,
            **({"subject": event_id} if event_id else {}),
            "time": moment.isoformat().replace("+00:00", "Z"),
            "datacontenttype": CONTENT_TYPE,
            "dataschema": f"urn:handheld:event:{Answered.TYPE}",
            "system": brought.system,
            **about,
            **({"drill": True} if drill else {}),
            "data": msgspec.to_builtins(answered),
        }


def delivery(stream: str, sequence: int, headers: Mapping[str, str] | None, payload: bytes) -> str:
    """Names a message: by its place, and by what it says where a stream was made anew."""
    digest = blake2b(payload, digest_size=16)
    for name, value in sorted((headers or {}).items()):
        digest.update(f"\x1f{name}\x1f{value}".encode(errors="replace"))
    return f"{stream}/{sequence}/{digest.hexdigest()}"


def _understood(brought: Brought) -> Asked:
    try:
        return understood(brought.headers, brought.payload)
    except NotUnderstood as error:
        match error.what:
            case "too_large":
                raise Malformed("ask.too_large", size=error.reason) from error
            case "not_an_event":
                raise Malformed("ask.not_an_event", reason=error.reason) from error
            case "unknown_type":
                raise Malformed("ask.unknown_type", type=error.reason) from error
            case "data":
                raise Malformed("ask.data", reason=error.reason) from error


def _raised(ask: AskWarning) -> RaiseWarning:
    return RaiseWarning(
        event=ask.event,
        level=ask.level,
        headline=ask.headline,
        divisions=ask.divisions,
        description=ask.description,
        expires=None if ask.expires is None else ask.expires.astimezone(UTC),
        plan=plan_stream(ask.plan) if isinstance(ask, AskStart) else None,
    )


def _started(ask: AskStart, organisation: Organisation) -> StartFromPlan:
    """Raises Malformed (`ask.one_division`), NotFound (`plan.unknown`)."""
    if len(ask.divisions) != 1:
        raise Malformed("ask.one_division")
    plan = plan_stream(ask.plan)
    known = organisation.plans.get(plan)
    if known is None:
        raise NotFound("plan.unknown", plan=ask.plan)
    title = matching.titled(known.edition.title, ask.headline)
    return StartFromPlan(plan=plan, division=ask.divisions[0], title=title)


def _explained(explained: Explained) -> Words:
    return Words(said=explained.wrong, todo=explained.todo or None)
