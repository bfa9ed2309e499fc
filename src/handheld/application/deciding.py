"""Deciding a batch of requests, each seeing what those before it will have done."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from handheld.application.handlers.base import NOTHING_KNOWN, Handler, Known, Proposal, World
from handheld.application.handlers.table import HANDLERS, handler_for
from handheld.application.loading import Append, Loaded, States
from handheld.application.ports import CommandKey, Decided, LogBroken, LogBusy, NewRow
from handheld.application.requests import Request
from handheld.domain.errors import HandheldError, Malformed, Stale
from handheld.domain.policy.systems import check_command
from handheld_events.codec import EventTooLarge, Writing, microseconds
from handheld_events.envelope import Meta

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


class Failed(NamedTuple):
    """A case that could not be decided, and the streams that were read for it."""

    case: Case
    error: HandheldError
    reads: Collection[str]


class Decisions(NamedTuple):
    """What came of a round."""

    ready: list[Ready]
    failed: list[Failed]
    later: Sequence[Case]
    """To be decided when the ready ones are written: they ask the world for what those change."""


def decide_all(cases: Sequence[Case], states: States, world: World) -> Decisions:
    """Decide the cases in order, each on what those before it will have done."""
    asked = [_asked(case) for case in cases]
    states.load(dict.fromkeys(chain.from_iterable(one.streams for one in asked)))
    ready: list[Ready] = []
    failed: list[Failed] = []
    changed: Known = NOTHING_KNOWN
    at_us = microseconds(world.now())
    for index, one in enumerate(asked):
        case, handler, streams = one
        if handler is not None and not handler.knows.isdisjoint(changed):
            return Decisions(ready, failed, cases[index:])
        read = _Read(states)
        result = _decided(one, read, states, world, at_us)
        if isinstance(result, HandheldError):
            failed.append(Failed(case, result, read.keys() | set(streams)))
        else:
            ready.append(result)
            if handler is not None and result.appends and not handler.changes <= changed:
                changed |= handler.changes
    return Decisions(ready, failed, ())


class _Asked(NamedTuple):
    """A case, who handles it, and what it is known to read."""

    case: Case
    handler: Handler | None
    streams: Sequence[str]


def _asked(case: Case) -> _Asked:
    command = case.request.command
    handler = HANDLERS.get(type(command))
    try:
        return _Asked(case, handler, handler.reads(command) if handler is not None else ())
    except Exception:
        return _Asked(case, handler, ())  # deciding it will say what is wrong with it


class _Read(dict[str, Loaded]):
    """The streams read for one decision; whatever a handler asks for besides is read at once."""

    def __init__(self, states: States) -> None:
        super().__init__()
        self._states = states

    def __missing__(self, stream: str) -> Loaded:
        self._states.load((stream,))
        known = self[stream] = self._states.get(stream)
        return known


def _decided(
    asked: _Asked, read: _Read, states: States, world: World, at_us: int
) -> Ready | HandheldError:
    try:
        return _decide(asked, read, states, world, at_us)
    except HandheldError as error:
        return error
    except (LogBusy, LogBroken):
        raise
    except EventTooLarge as error:
        return HandheldError("event.too_large", size=error.size)
    except Exception as error:  # one faulty command must not stop the writer for all others
        logger.exception("command %s failed", asked.case.key.command)
        return HandheldError("internal", error=type(error).__name__)


def _decide(asked: _Asked, loaded: _Read, states: States, world: World, at_us: int) -> Ready:
    case, handler, streams = asked
    request = case.request
    command = request.command
    handler = handler or handler_for(command)  # which says that there is none
    check_command(request.meta.actor, type(command))
    for stream in streams or handler.reads(command):
        loaded[stream] = states.get(stream)
    proposal = handler.handle(command, request, loaded.__getitem__, world)
    if request.expects:
        _check_seen(request, loaded, proposal)
    meta = _marked(request.meta, loaded)
    state = Writing(meta).state
    rows: list[NewRow] = []
    appends = proposal.appends
    for append in appends:
        version = append.read
        about = append.about
        loaded.pop(append.stream, None)
        for event in append.events:
            version += 1
            rows.append((append.stream, version, event.TOPIC, state(event, about)))
        states.add(replace(append, drill=True) if meta.drill else append, at_us)
    reads = [(stream, known.version) for stream, known in loaded.items()]
    if proposal.reads:
        written = {append.stream for append in appends}
        reads += [read for read in proposal.reads if read[0] not in written]
    return Ready(case, Decided(case.key, proposal.outcome, proposal.code, reads, rows), appends)


def _check_seen(request: Request, loaded: Mapping[str, Loaded], proposal: Proposal) -> None:
    """Whoever edits has seen what the decision rests on; asked once it is known that they may.

    Its versions are checked again by the commit, as all that was read. Raises Stale, and Malformed
    (`command.expects`) for what the command does not rest on: of that nothing is told.
    """
    found = {stream: known.version for stream, known in loaded.items()}
    found |= proposal.reads
    found |= {append.stream: append.read for append in proposal.appends}
    for stream, expected in request.expects:
        if stream not in found:
            raise Malformed("command.expects", stream=stream)
        if found[stream] != expected:
            raise Stale(stream, expected, found[stream])


def _marked(meta: Meta, loaded: Mapping[str, Loaded]) -> Meta:
    """What is done in a drill is marked so, whatever the sender says, and nothing else is."""
    kinds = ("tf-", "task-", "finding-", "warning-")
    for stream, known in loaded.items():
        if known.drill != meta.drill and known.version and stream.startswith(kinds):
            return replace(meta, drill=known.drill)
    return meta
