"""How a finding begins, and how an order settles it: what more than its own stream decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from handheld.domain.answers import Answer, accepted, already_done, refused
from handheld.domain.duty import PERSON
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.filling import check_photos
from handheld.domain.finding import By, Finding, check_desk, existing
from handheld.domain.finding_commands import OrderOnFinding, ReportFinding, SettleFinding
from handheld.domain.finding_desks import first_desk, may_speak_for, territory_of
from handheld.domain.ordering import IssueOrder, Opening, decide_order
from handheld.domain.task_force import TaskForce
from handheld.domain.task_state import Status as TaskStatus
from handheld.domain.task_state import is_open
from handheld.domain.words import check_words
from handheld_events.finding import (
    FindingDealtWith,
    FindingEvent,
    FindingOrdered,
    FindingReported,
)
from handheld_events.forms import Location
from handheld_events.task_force import OrderIssued
from handheld_events.territory import within
from handheld_projections.organisation import Organisation


def decide_report(
    command: ReportFinding,
    who: str,
    organisation: Organisation,
    assignee: str | None,
    actor: str | None = None,
) -> FindingReported:
    """What somebody found becomes a finding; `assignee` is the person of the task named, if any.

    `actor` is whoever reports it for them.

    Raises Malformed (`person.unknown`, `person.erased`, `photos.*`, `location.range`, `words.*`),
    NotFound (`division.unknown`), NotAllowed (`task.not_yours`, `finding.not_for_them`).
    """
    if not may_speak_for(organisation, actor or who, who, command.division):
        raise NotAllowed("finding.not_for_them", person=who)
    check_words(text=command.text, place=command.place)
    check_photos(command.photos)
    _check_location(command.location)
    if command.division not in organisation.divisions:
        raise NotFound("division.unknown", division=command.division)
    known = organisation.people.get(who)
    if known is None:
        raise Malformed("person.unknown", person=who)
    if known.erased:
        raise Malformed("person.erased", person=who)
    if command.task is not None and assignee != who:
        raise NotAllowed("task.not_yours", task=command.task)
    return FindingReported(
        text=command.text,
        division=command.division,
        desk=first_desk(command.division),
        place=command.place,
        photos=command.photos,
        location=command.location,
        task=command.task,
    )


class Ordered(NamedTuple):
    """What an order about a finding comes to, on the task force and on the finding."""

    opening: Opening
    events: tuple[FindingEvent, ...]


def decide_order_on(
    state: Finding | None,
    command: OrderOnFinding,
    by: By,
    command_id: str,
    at: datetime,
    task_force: TaskForce | None,
) -> Ordered:
    """An order about the finding, in a running task force of the place.

    It reaches no further than the desk's own territory, but for people named. Raises NotFound,
    NotAllowed (`finding.not_your_desk`), Malformed (`finding.elsewhere`).
    """
    known = existing(state, command.finding)
    check_desk(known, command.finding, by)
    if known.status == "dealt_with":
        refusal = Opening(
            task_force=command.task_force,
            division=known.division,
            outcome="refused",
            code="finding.dealt_with",
        )
        return Ordered(refusal, ())
    if task_force is None:
        raise NotFound("task_force.unknown", task_force=command.task_force)
    if not within(known.division, task_force.division):
        raise Malformed("finding.elsewhere", division=known.division, territory=task_force.division)
    # Both hold the place, so one lies in the other.
    territory = max(territory_of(by.organisation, known.desk), task_force.division, key=len)
    opening = decide_order(
        IssueOrder(task_force=command.task_force, order=command.order),
        command_id,
        at,
        replace(task_force, division=territory),
        by.organisation,
        finding=command.finding,
        given_by=by.actor if by.actor.startswith(PERSON) else None,
    )
    if opening.outcome != "accepted":
        return Ordered(opening, ())
    order = next(e.order for e in opening.events if isinstance(e, OrderIssued))
    event = FindingOrdered(task_force_started=command.task_force, order=order)
    return Ordered(opening, (event,))


def decide_settled(
    state: Finding | None,
    command: SettleFinding,
    by: By,
    tasks: Mapping[str, Sequence[TaskStatus]],
    report: str | None,
) -> Answer[FindingEvent]:
    """Whether the orders of the desk have settled the finding; `tasks` are those of each.

    All of them must be done; one of which nothing is left (withdrawn) holds nothing up. Raises
    NotFound, NotAllowed (`finding.not_your_desk`).
    """
    known = existing(state, command.finding)
    check_desk(known, command.finding, by)
    if command.order not in known.orders:
        raise NotFound("order.unknown", order=command.order)
    if known.status == "dealt_with":
        return already_done("finding.dealt_with")
    if command.order not in known.meant:
        return refused("finding.order_left")
    states = [tasks.get(order, ()) for order in known.meant]
    if any(is_open(status) for order in states for status in order):
        return refused("finding.tasks_open")
    left = [order for order in states if set(order) != {"withdrawn"}]
    if not left or any("closed" not in order for order in left):
        return refused("finding.nothing_done")
    done = [order for order in known.meant if "closed" in tasks.get(order, ())]
    order = command.order if command.order in done else done[-1]
    return accepted(FindingDealtWith(text=report or "", order=order))


def _check_location(location: Location | None) -> None:
    if location is None:
        return
    on_earth = -90 <= location.latitude <= 90 and -180 <= location.longitude <= 180
    if not on_earth or (location.accuracy is not None and not location.accuracy >= 0):
        raise Malformed("location.range", latitude=location.latitude, longitude=location.longitude)
