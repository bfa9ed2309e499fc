"""Deciding a batch of requests, each seeing what those before it will have done."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import msgspec

from handheld.application.handlers import World, handler_for
from handheld.application.loading import Append, States
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
    states.load({stream: None for case in cases for stream in _streams(case)})
    ready: list[Ready] = []
    failed: list[tuple[Case, HandheldError]] = []
    for case in cases:
        result = _decided(case, states, world)
        if isinstance(result, HandheldError):
            result = _again(case, states, world)
        if isinstance(result, HandheldError):
            failed.append((case, result))
        else:
            ready.append(result)
    return ready, failed


def _streams(case: Case) -> Sequence[str]:
    """What the command reads; nothing where it cannot be decided at all."""
    command = case.request.command
    try:
        return handler_for(command).reads(command)
    except Exception:
        return ()  # deciding it will say what is wrong with it


def _again(case: Case, states: States, world: World) -> Ready | HandheldError:
    """An error may rest on a state that another process has changed: look once more, at the log."""
    streams = _streams(case)
    states.forget(streams)
    states.load(streams)
    return _decided(case, states, world)


def _decided(case: Case, states: States, world: World) -> Ready | HandheldError:
    try:
        return _decide(case, states, world)
    except HandheldError as error:
        return error
    except EventTooLarge as error:
        return HandheldError("event.too_large", size=error.size)
    except Exception as error:  # one faulty command must not stop the writer for all others
        logger.exception("command %s failed", case.key.command)
        return HandheldError("internal", error=type(error).__name__)


def _decide(case: Case, states: States, world: World) -> Ready:
    request = case.request
    command = request.command
    handler = handler_for(command)
    loaded = {stream: states.get(stream) for stream in handler.reads(command)}
    proposal = handler.handle(command, request, loaded.__getitem__, world)
    state = Writing(request.meta).state
    rows: list[NewRow] = []
    appends = proposal.appends
    for append in appends:
        version = append.read
        about = append.about
        loaded.pop(append.stream, None)
        for event in append.events:
            version += 1
            rows.append((append.stream, version, event.TOPIC, state(event, about)))
        states.add(append)
    reads = [(stream, known.version) for stream, known in loaded.items()]
    return Ready(case, Decided(case.key, proposal.outcome, proposal.code, reads, rows), appends)
