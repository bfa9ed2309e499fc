"""Deciding a batch of requests, each seeing what those before it will have done."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import msgspec

from handheld.application.handlers import Append, World, handler_for
from handheld.application.loading import Loaded, States
from handheld.application.ports import CommandKey, Decided, NewRow
from handheld.application.requests import Request
from handheld.domain.errors import HandheldError
from handheld_events.codec import EventTooLarge, Writing

logger = logging.getLogger(__name__)


class Case(msgspec.Struct, frozen=True):
    """A request with its key, and how often it was decided before."""

    request: Request
    key: CommandKey
    attempts: int


class Ready(msgspec.Struct, frozen=True):
    """A case decided, with the streams it touches."""

    case: Case
    decided: Decided
    appends: Sequence[Append]


def decide_all(
    cases: Sequence[Case], states: States, world: World
) -> tuple[list[Ready], list[tuple[Case, HandheldError]]]:
    """Decide the cases in order: those ready to be written, and those that are errors."""
    wanted: dict[str, None] = {}
    reads: list[Sequence[str]] = []
    failed: list[tuple[Case, HandheldError]] = []
    loadable: list[Case] = []
    for case in cases:
        try:
            handler = handler_for(case.request.command)
        except HandheldError as error:
            failed.append((case, error))
            continue
        streams = handler.reads(case.request.command, case.request)
        loadable.append(case)
        reads.append(streams)
        for stream in streams:
            wanted[stream] = None
    states.load(wanted)
    pending = _Pending(states)
    ready: list[Ready] = []
    for case, streams in zip(loadable, reads, strict=True):
        try:
            ready.append(_decide(case, streams, pending, world))
        except HandheldError as error:
            failed.append((case, error))
        except EventTooLarge as error:
            failed.append((case, HandheldError("event.too_large", size=error.size)))
        except Exception as error:  # one faulty command must not stop the writer for all others
            logger.exception("command %s failed", case.key.command)
            failed.append((case, HandheldError("internal", error=type(error).__name__)))
    return ready, failed


class _Pending:
    """The states as they will be when all that was decided so far in the batch is written."""

    def __init__(self, states: States) -> None:
        self._states = states
        self._ahead: dict[str, Append] = {}

    def get(self, stream: str) -> Loaded:
        ahead = self._ahead.pop(stream, None)
        if ahead is not None:
            self._states.advance(stream, ahead.about, ahead.events)
        return self._states.get(stream)

    def add(self, append: Append) -> None:
        if append.stream in self._ahead:
            self.get(append.stream)
        self._ahead[append.stream] = append


def _decide(case: Case, streams: Sequence[str], pending: _Pending, world: World) -> Ready:
    request = case.request
    loaded = {stream: pending.get(stream) for stream in streams}
    handler = handler_for(request.command)
    proposal = handler.handle(request.command, request, loaded.__getitem__, world)
    appends = tuple(proposal.appends)
    state = Writing(request.meta).state
    rows: list[NewRow] = []
    for append in appends:
        version = append.read
        for event in append.events:
            version += 1
            rows.append((append.stream, version, event.TOPIC, state(event, append.about)))
    written = {append.stream for append in appends}
    reads = tuple(
        (stream, known.version) for stream, known in loaded.items() if stream not in written
    )
    for append in appends:
        pending.add(append)
    decided = Decided(case.key, proposal.outcome, proposal.code, reads, rows)
    return Ready(case, decided, appends)
