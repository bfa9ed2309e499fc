"""Warnings, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handheld.application.handlers.allowed import lets
from handheld.application.handlers.base import (
    NOTHING_KNOWN,
    ORGANISATION,
    WARNINGS,
    Get,
    Handler,
    Proposal,
    Table,
    World,
    decided_at,
    of_kind,
    one,
)
from handheld.application.handlers.task_world import read_of
from handheld.application.loading import Append, Loaded
from handheld.application.requests import Request
from handheld.domain import warning, warning_commands, warning_receiving, warning_state
from handheld.domain.errors import Malformed, NotAllowed
from handheld.domain.placing import common
from handheld.domain.warning_commands import ReceiveCap, TellWarning
from handheld_events.envelope import About
from handheld_events.ids import cap_warning_id, warning_id
from handheld_events.warning import Cap, WarningReceived
from handheld_projections.warnings import reference


def _receive(command: ReceiveCap, request: Request, get: Get, world: World) -> Proposal:
    """A CAP message.

    Raises NotAllowed (`warning.not_yours`), Malformed (`warning.exercise_unmarked`), and as
    `receive` does.
    """
    _check_allowed(command, request, world, ())
    drill = request.meta.drill
    if command.status == "Exercise" and not drill:
        raise Malformed("warning.exercise_unmarked", identifier=command.cap.identifier)
    own = _stream(command.cap)
    known: dict[str, Loaded] = {}
    for stream in _streams(command, drill, world):
        loaded = get(stream)
        if loaded.version and loaded.drill != drill:
            return Proposal("refused", "warning.drill_mixed", ())
        if loaded.version:
            known[stream] = loaded
    followed = warning_receiving.receive(
        command,
        own,
        {stream: loaded.state for stream, loaded in known.items()},
        world.organisation()[0],
    )
    appends = []
    for stream, fact in followed.facts:
        if isinstance(fact, WarningReceived):
            about = About(division=common(fact.content.divisions))
            appends.append(Append(stream, 0, about, (fact,)))
        else:
            appends.append(Append(stream, known[stream].version, known[stream].about, (fact,)))
    return Proposal(followed.outcome, followed.code, appends)


def _streams(command: ReceiveCap, drill: bool, world: World) -> list[str]:
    """The warnings that hold this message or those it refers to, if there are any.

    That of a first message follows from its name; that of a later one is known to the fold.
    """
    refs = world.warnings(drills=drill).refs
    streams = [_stream(command.cap)]
    for cap in (command.cap, *warning_receiving.own_references(command)):
        streams.append(refs.get(reference(cap, drill=drill), _stream(cap)))
    return list(dict.fromkeys(streams))


def _new(
    command: warning_commands.NewCommand, request: Request, get: Get, world: World
) -> Proposal:
    organisation = world.organisation()[0]
    if isinstance(command, TellWarning) and command.updates is not None:
        known = get(command.updates)
        there = warning_state.existing(known.state, command.updates).content.divisions
        asked = _check_allowed(command, request, world, (*there, *command.divisions))
        told = warning.told_anew(
            known.state, command, command.updates, organisation, decided_at(request, world)
        )
        return one(told, command.updates, known)._replace(reads=asked)
    asked = _check_allowed(command, request, world, command.divisions)
    stream = warning_id(request.meta.command)
    loaded = get(stream)
    answer = warning.decide_new(command, organisation, decided_at(request, world))
    divisions = [
        d for e in answer.events if isinstance(e, WarningReceived) for d in e.content.divisions
    ]
    return one(answer, stream, loaded, About(division=common(divisions)))._replace(reads=asked)


def _warning(
    command: warning_commands.Command, request: Request, get: Get, world: World
) -> Proposal:
    loaded = get(command.warning)
    known = warning_state.existing(loaded.state, command.warning)
    given = getattr(command, "divisions", None) or ()
    asked = _check_allowed(command, request, world, (*known.content.divisions, *given))
    answer = warning.decide(known, command, world.organisation()[0], decided_at(request, world))
    return one(answer, command.warning, loaded)._replace(reads=asked)


def _check_allowed(
    command: Any, request: Request, world: World, places: tuple[str, ...]
) -> Sequence[tuple[str, int]]:
    """In every place that it is for, and is given; whoever asks is what the decision rests on.

    Raises NotAllowed (`warning.not_yours`).
    """
    if not lets(command, request, world, places=places):
        raise NotAllowed("warning.not_yours")
    return read_of(request.meta.actor, world)


def _stream(cap: Cap) -> str:
    return cap_warning_id(cap.sender, cap.identifier, round(cap.sent.timestamp() * 1000))


def _warning_stream(command: warning_commands.Command) -> tuple[str, ...]:
    return (of_kind(command.warning, "warning-", "warning.unknown", "warning"),)


def _told_of(command: TellWarning) -> tuple[str, ...]:
    if command.updates is None:
        return ()
    return (of_kind(command.updates, "warning-", "warning.unknown", "warning"),)


_NEW = Handler(lambda _: (), _new, NOTHING_KNOWN, ORGANISATION)
_ONE = Handler(_warning_stream, _warning, NOTHING_KNOWN, ORGANISATION)

HANDLERS: Table = {
    ReceiveCap: Handler(lambda c: (_stream(c.cap),), _receive, WARNINGS, ORGANISATION | WARNINGS),
    TellWarning: Handler(_told_of, _new, NOTHING_KNOWN, ORGANISATION),
    warning_commands.RaiseWarning: _NEW,
    warning_commands.UpdateWarning: _ONE,
    warning_commands.LiftWarning: _ONE,
    warning_commands.PlaceWarning: _ONE,
    warning_commands.ExpireWarning: _ONE,
    warning_commands.ProposeStart: _ONE,
    warning_commands.DeclineProposal: _ONE,
    warning_commands.CorrectWarning: _ONE,
}
