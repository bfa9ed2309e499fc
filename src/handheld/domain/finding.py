"""A finding (上报): what somebody found, and what those who have it do about it."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from handheld.domain.answers import Answer, accepted, already_done, overtaken, refused
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.filling import check_photos
from handheld.domain.finding_commands import (
    AddToFinding,
    Command,
    CorrectFinding,
    DealWith,
    PassUp,
    Return,
    Route,
)
from handheld.domain.finding_desks import check_route, desk_above, may_decide, may_speak_for
from handheld.domain.words import check_instants, check_words
from handheld_events.finding import (
    FindingAdded,
    FindingCorrected,
    FindingDealtWith,
    FindingEvent,
    FindingOrdered,
    FindingPassedUp,
    FindingPutBack,
    FindingReported,
    FindingReturned,
    FindingRouted,
    FindingStarted,
)
from handheld_events.forms import Photos
from handheld_projections.organisation import Organisation

Status = Literal["open", "returned", "ordered", "started", "dealt_with"]
"""待处置, 已退回, 已下指令, 已发起专班, 已处置. They exclude each other."""


class Finding(msgspec.Struct, frozen=True):
    """A finding as its stream tells it. Who reported it is whom its facts are about."""

    division: str
    """Where it is."""
    desk: str
    """Who decides now: a division, or a department stream."""
    status: Status = "open"
    reason: str | None = None
    """Why it was passed on or returned last."""
    wants_task_force: bool = False
    said: tuple[str, Photos] | None = None
    """What the reporter added last."""
    orders: dict[str, str] = {}
    """The orders given about it, with the task force of each."""
    meant: tuple[str, ...] = ()
    """The orders by which this desk means to settle it: all of them."""
    task_force: str | None = None
    """The task force that was started about it."""
    dealt_with: str | None = None
    """The words with which it was settled."""
    version: int = 1

    @property
    def order(self) -> str | None:
        """The one of those orders that was given last."""
        return self.meant[-1] if self.meant else None


def evolve(state: Finding | None, event: FindingEvent) -> Finding:
    """The finding after this fact."""
    if state is None:
        if not isinstance(event, FindingReported):
            msg = f"a finding begins with finding.reported, not {event.TOPIC}"
            raise TypeError(msg)
        return Finding(division=event.division, desk=event.desk)
    change: dict[str, object] = {}
    match event:
        case FindingReported():
            msg = "a finding is reported once"
            raise TypeError(msg)
        case FindingPassedUp():
            change |= {"desk": event.desk, "status": "open", "meant": ()}
            change |= {"reason": event.reason, "wants_task_force": event.wants_task_force}
        case FindingRouted():
            change |= {"desk": event.desk, "status": "open", "meant": ()}
            change |= {"reason": event.reason, "wants_task_force": False}
        case FindingReturned():
            change |= {"status": "returned", "reason": event.reason, "wants_task_force": False}
        case FindingAdded():
            change["said"] = (event.text, event.photos)
            if state.status == "returned":
                change["status"] = "open"
        case FindingDealtWith():
            change |= {"status": "dealt_with", "dealt_with": event.text}
        case FindingOrdered():
            change["orders"] = {**state.orders, event.order: event.task_force_started}
            change["meant"] = (*state.meant, event.order)
            if state.status != "started":
                change["status"] = "ordered"
        case FindingStarted():
            change |= {"status": "started", "task_force": event.task_force_started}
        case FindingPutBack():
            change |= {"status": "ordered" if event.ordered else "open", "reason": event.reason}
            change |= {"task_force": None, "meant": _elsewhere(state, event.task_force)}
        case FindingCorrected():
            pass
    return replace(state, version=state.version + 1, **change)


def _elsewhere(state: Finding, task_force: str) -> tuple[str, ...]:
    """The orders by which the desk means to settle it that are of other task forces."""
    return tuple(order for order in state.meant if state.orders[order] != task_force)


class By(NamedTuple):
    """Who asks, and what has to be known about them."""

    actor: str
    who: str
    """The person for whom the actor asks, where they differ."""
    reporter: str | None
    """Who reported the finding."""
    organisation: Organisation


def decide(state: Finding | None, command: Command, by: By) -> Answer[FindingEvent]:
    """What follows from the command.

    Raises NotFound, NotAllowed (`finding.not_your_desk`, `finding.not_yours`), Malformed.
    """
    known = existing(state, command.finding)
    check_words(reason=getattr(command, "reason", None), text=getattr(command, "text", None))
    match command:
        case AddToFinding():
            if not _reported_it(known, by):
                raise NotAllowed("finding.not_yours", finding=command.finding)
            check_photos(command.photos)
            return _add(known, command)
        case CorrectFinding():
            if not _reported_it(known, by):
                check_desk(known, command.finding, by)
            return _correct(known, command)
        case PassUp():
            check_desk(known, command.finding, by)
            return _pass_up(known, command, by.organisation)
        case Route():
            check_desk(known, command.finding, by)
            return _route(known, command, by.organisation)
        case Return():
            check_desk(known, command.finding, by)
            return _return(known, command.reason)
        case DealWith():
            check_desk(known, command.finding, by)
            return _deal_with(known, command.text)


def existing(state: Finding | None, finding: str) -> Finding:
    """The finding, if there is one. Raises NotFound."""
    if state is None:
        raise NotFound("finding.unknown", finding=finding)
    return state


def _reported_it(known: Finding, by: By) -> bool:
    """The reporter, or whoever speaks for them."""
    return by.who == by.reporter and may_speak_for(
        by.organisation, by.actor, by.who, known.division
    )


def check_desk(known: Finding, finding: str, by: By) -> None:
    """Raises NotAllowed (`finding.not_your_desk`) where somebody else decides."""
    if not may_decide(by.organisation, by.actor, known.desk):
        raise NotAllowed("finding.not_your_desk", finding=finding, desk=known.desk)


def started(
    state: Finding | None, task_force: str, *, finding: str = "", former_over: bool = False
) -> Answer[FindingEvent]:
    """What it means for the finding that a task force is started about it.

    `former_over` says whether the one that was started before has been closed or cancelled.
    Raises NotFound.
    """
    known = existing(state, finding)
    match known.status:
        case "open" | "returned" | "ordered":
            return accepted(FindingStarted(task_force_started=task_force))
        case "started":
            if known.task_force == task_force:
                return already_done("finding.started")
            if former_over:
                return accepted(FindingStarted(task_force_started=task_force))
            return refused("finding.started")
        case "dealt_with":
            return refused("finding.dealt_with")


def closed(known: Finding, task_force: str, outcome: str) -> tuple[FindingEvent, ...]:
    """What the close of a task force means for the finding: it is settled, and how."""
    if known.status != "started" or known.task_force != task_force:
        return ()
    return (FindingDealtWith(text=outcome, task_force=task_force),)


def cancelled(known: Finding, task_force: str, reason: str) -> tuple[FindingEvent, ...]:
    """What it means for the finding that a task force was started by mistake.

    It lies on the desk again on which it lay, unless others are still at work on it.
    """
    ordered = bool(_elsewhere(known, task_force))
    put_back = FindingPutBack(task_force=task_force, reason=reason, ordered=ordered)
    match known.status:
        case "started":
            return (put_back,) if known.task_force == task_force else ()
        case "ordered":
            return () if ordered else (put_back,)
        case "open" | "returned" | "dealt_with":
            return ()


def _add(known: Finding, command: AddToFinding) -> Answer[FindingEvent]:
    said = (command.text, command.photos)
    if known.said == said and known.status != "returned":
        return already_done("finding.added")
    event = FindingAdded(text=command.text, photos=command.photos)
    if known.status == "dealt_with":
        return overtaken("finding.dealt_with", event)
    return accepted(event)


def _correct(known: Finding, command: CorrectFinding) -> Answer[FindingEvent]:
    check_instants(command.occurred_at)
    if command.text is None and command.occurred_at is None:
        raise Malformed("correction.empty")
    if not 1 <= command.version <= known.version:
        raise NotFound("correction.no_such_fact", version=command.version)
    return accepted(
        FindingCorrected(
            version=command.version,
            reason=command.reason,
            text=command.text,
            occurred_at=command.occurred_at,
        )
    )


def _pass_up(known: Finding, command: PassUp, organisation: Organisation) -> Answer[FindingEvent]:
    if refusal := _settled_elsewhere(known):
        return refusal
    above = desk_above(organisation, known.desk)
    if above is None:
        return refused("finding.nothing_above")
    return accepted(
        FindingPassedUp(
            desk=above, reason=command.reason, wants_task_force=command.wants_task_force
        )
    )


def _route(known: Finding, command: Route, organisation: Organisation) -> Answer[FindingEvent]:
    if refusal := _settled_elsewhere(known):
        return refusal
    if command.desk == known.desk:
        return already_done("finding.routed")
    check_route(organisation, known.desk, command.desk)
    return accepted(FindingRouted(desk=command.desk, reason=command.reason))


def _settled_elsewhere(known: Finding) -> Answer[FindingEvent] | None:
    """The refusal where a task force has it, or it is settled; None where the desk has it.

    What was ordered can still be handed on: the desk may find that its order was not enough.
    """
    match known.status:
        case "open" | "returned" | "ordered":
            return None
        case "started":
            return refused("finding.started")
        case "dealt_with":
            return refused("finding.dealt_with")


def _return(known: Finding, reason: str) -> Answer[FindingEvent]:
    match known.status:
        case "returned" if reason == known.reason:
            return already_done("finding.returned")
        case "open" | "returned":
            return accepted(FindingReturned(reason=reason))
        case "ordered":
            return refused("finding.ordered")
        case "started":
            return refused("finding.started")
        case "dealt_with":
            return refused("finding.dealt_with")


def _deal_with(known: Finding, text: str) -> Answer[FindingEvent]:
    if known.status != "dealt_with":
        return accepted(FindingDealtWith(text=text))
    if text == known.dealt_with:
        return already_done("finding.dealt_with")
    return refused("finding.dealt_with")
