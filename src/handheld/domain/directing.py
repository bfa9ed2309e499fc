"""Directing a running task force: amended orders, orders taken back, command handed over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from handheld.domain import task_force, task_state
from handheld.domain.base import BaseCommand
from handheld.domain.claiming import places_left
from handheld.domain.deadlines import Deadlines, for_a_late_one
from handheld.domain.duty import PERSON, duty_post, may_start
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.order_checks import check_form, check_seconds, check_steps
from handheld.domain.ordering import Opening, by
from handheld.domain.task_force import OrderTerms, TaskForce
from handheld.domain.task_state import is_open
from handheld.domain.words import check_words
from handheld_events.base import Instant
from handheld_events.forms import Form
from handheld_events.orders import PlanOrder, Steps
from handheld_events.task import TaskAmended, TaskWithdrawn
from handheld_events.task_force import (
    CommandHandedOver,
    DepartmentCalled,
    OrderAmended,
    OrderUnfilled,
    OrderWithdrawn,
)
from handheld_projections.open_tasks import (
    OPEN,
    OpenTask,
)
from handheld_projections.organisation import Organisation

FILLED = task_state.FILLED
"""The reason of tasks that are withdrawn because others were first to claim."""


class AmendOrder(BaseCommand, frozen=True, kw_only=True, tag="order.amend"):
    """Change an order (变更指令): whoever has an open task of it accepts anew."""

    task_force: str
    order: str
    reason: str
    text: str | None = None
    """The words from now on; as they were if none are given."""
    steps: Steps | None = None
    form: Form | None = None
    accept_within: int | None = None
    """Seconds from now; as ordered before if none are given, and as long again if that has passed."""
    report_within: int | None = None


class WithdrawOrder(BaseCommand, frozen=True, kw_only=True, tag="order.withdraw"):
    """Take an order back, with all its open tasks and the orders passed on from it (下派).

    A recurring one is not given again. What is reported done stays done.
    """

    task_force: str
    order: str
    reason: str


class ReleaseRest(BaseCommand, frozen=True, kw_only=True, tag="order.release_rest"):
    """All places of an open order are taken: nobody else need wait for one."""

    task_force: str
    order: str


class TellUnfilled(BaseCommand, frozen=True, kw_only=True, tag="order.tell_unfilled"):
    """The time to claim an open order has passed with places free: somebody must hear of it."""

    task_force: str
    order: str
    due_at: Instant


class HandOver(BaseCommand, frozen=True, kw_only=True, tag="task_force.hand_over"):
    """Somebody else commands from now on (移交指挥)."""

    task_force: str
    to: str
    note: str | None = None


class NameLead(BaseCommand, frozen=True, kw_only=True, tag="task_force.name_lead"):
    """This department leads from now on (牵头部门)."""

    task_force: str
    department: str


Command = AmendOrder | WithdrawOrder | ReleaseRest | TellUnfilled | HandOver | NameLead


def with_those_below(known: TaskForce, order: str, tasks: Mapping[str, OpenTask]) -> frozenset[str]:
    """The order and those passed on from its tasks, however often; `tasks` are all there are."""
    passed_on = {
        name: tasks[terms.passed_on_from].order
        for name, terms in known.orders.items()
        if terms.passed_on_from is not None and terms.passed_on_from in tasks
    }
    found, new = {order}, {order}
    while new:
        new = {name for name, above in passed_on.items() if above in new} - found
        found |= new
    return frozenset(found)


def decide(
    command: Command,
    at: datetime,
    state: TaskForce | None,
    organisation: Organisation,
    tasks: Mapping[str, OpenTask],
    actor: str,
) -> Opening:
    """What follows from the command; `tasks` are those of the order, and of those below it.

    Raises NotFound, Malformed, NotAllowed (`task_force.not_in_command`).
    """
    known = task_force.existing(state, command.task_force)
    opening = Opening(task_force=command.task_force, division=known.division)
    still_open = {stream: one for stream, one in tasks.items() if is_open(one.status)}
    refusal = task_force.not_active(known)
    if refusal and not _goes_on(command, known, still_open):
        opening.outcome, opening.code = refusal.outcome, refusal.code
        return opening
    match command:
        case AmendOrder():
            _amend(command, at, _order(known, command.order), still_open, opening)
        case WithdrawOrder():
            _withdraw(command, known, tasks, still_open, opening)
        case ReleaseRest():
            terms = _order(known, command.order)
            waiting = [s for s in _of(still_open, command.order) if tasks[s].marks & OPEN]
            if terms.open_to is None or terms.claimed < terms.open_to or not waiting:
                opening.outcome, opening.code = "already_done", "order.released"
                return opening
            opening.deeds = dict.fromkeys(waiting, TaskWithdrawn(reason=FILLED))
        case TellUnfilled():
            _tell_unfilled(command, at, known, organisation, opening)
        case HandOver():
            _hand_over(command, known, organisation, actor, opening)
        case NameLead():
            _name_lead(command, known, organisation, opening)
    return opening


def _goes_on(command: Command, known: TaskForce, still_open: Collection[str]) -> bool:
    """Until the close somebody commands, and what is under way can be taken back."""
    if known.status != "stood_down":
        return False
    return isinstance(command, HandOver) or (
        isinstance(command, WithdrawOrder) and bool(still_open)
    )


def _withdraw(
    command: WithdrawOrder,
    known: TaskForce,
    tasks: Mapping[str, OpenTask],
    still_open: Mapping[str, OpenTask],
    opening: Opening,
) -> None:
    check_words(reason=command.reason)
    if _order(known, command.order).withdrawn:
        opening.outcome, opening.code = "already_done", "order.withdrawn"
        return
    fact = TaskWithdrawn(reason=command.reason)
    below = with_those_below(known, command.order, tasks)
    for order in known.orders:
        if order not in below or known.orders[order].withdrawn:
            continue
        streams = _of(still_open, order)
        opening.deeds |= dict.fromkeys(streams, fact)
        opening.events.append(
            OrderWithdrawn(order=order, reason=command.reason, withdrawn=len(streams))
        )


def _tell_unfilled(
    command: TellUnfilled,
    at: datetime,
    known: TaskForce,
    organisation: Organisation,
    opening: Opening,
) -> None:
    """Whoever gave the order is told, else whoever commands, else the duty post of the place."""
    terms = _order(known, command.order)
    left, by_then = places_left(terms), terms.accept_by
    passed = by_then is not None and by_then <= at and terms.unfilled != by_then
    if not left or by_then is None or not passed or terms.withdrawn:
        opening.outcome, opening.code = "already_done", "order.not_unfilled"
        return
    commander = known.commander if known.commander.startswith(PERSON) else None
    to = terms.given_by or commander or duty_post(organisation, known.division, at).person
    opening.events.append(OrderUnfilled(order=command.order, left=left, due_at=by_then, to=to))


def _order(known: TaskForce, order: str) -> OrderTerms:
    if order not in known.orders:
        raise NotFound("order.unknown", order=order)
    return known.orders[order]


def _of(tasks: Mapping[str, OpenTask], order: str) -> list[str]:
    return [stream for stream, one in tasks.items() if one.order == order]


def _amend(
    command: AmendOrder,
    at: datetime,
    terms: OrderTerms,
    tasks: Mapping[str, OpenTask],
    opening: Opening,
) -> None:
    check_words(reason=command.reason, text=command.text)
    steps = terms.steps if command.steps is None else command.steps
    form = terms.form if command.form is None else command.form
    check_steps(steps)
    check_form(terms.key or "", form)
    check_seconds(
        PlanOrder(
            key=terms.key or "",
            text=terms.text,
            to=(),
            accept_within=command.accept_within,
            report_within=command.report_within,
        )
    )
    if terms.withdrawn:
        opening.outcome, opening.code = "refused", "order.withdrawn"
        return
    text = command.text or terms.text
    left = _as_ordered(command.order, terms, at)
    accept_by = by(at, command.accept_within) or left.accept_by
    report_by = by(at, command.report_within) or left.report_by
    same = (text, steps, form) == (terms.text, terms.steps, terms.form)
    if same and command.accept_within is None and command.report_within is None:
        raise Malformed("order.amended_nothing")
    streams = _of(tasks, command.order)
    number = terms.amended + 1
    opening.events.append(
        OrderAmended(
            order=command.order,
            number=number,
            text=text,
            reason=command.reason,
            tasks=len(streams),
            steps=steps,
            form=form,
            accept_by=accept_by,
            report_by=report_by,
        )
    )
    fact = TaskAmended(
        number=number, steps=steps, form=bool(form), accept_by=accept_by, report_by=report_by
    )
    opening.deeds = dict.fromkeys(streams, fact)


def _as_ordered(order: str, terms: OrderTerms, at: datetime) -> Deadlines:
    """The deadlines of who accepts anew: those of the order, or as long again where they have passed."""
    before = Deadlines(terms.accept_by, terms.report_by)
    later = for_a_late_one(order, terms, before, at)
    return Deadlines(
        later.accept_by or before.accept_by,
        later.report_by or before.report_by,
    )


def _hand_over(
    command: HandOver, known: TaskForce, organisation: Organisation, actor: str, opening: Opening
) -> None:
    check_words(note=command.note)
    person = organisation.people.get(command.to)
    if person is None:
        raise NotFound("person.unknown", person=command.to)
    if person.erased:
        raise Malformed("person.erased", person=command.to)
    if actor != known.commander and not may_start(organisation, actor, known.division):
        raise NotAllowed("task_force.not_in_command", task_force=command.task_force)
    if command.to == known.commander:
        opening.outcome, opening.code = "already_done", "task_force.handed_over"
        return
    opening.events.append(CommandHandedOver(to=command.to, handed_by=actor, note=command.note))


def _name_lead(
    command: NameLead, known: TaskForce, organisation: Organisation, opening: Opening
) -> None:
    department = organisation.departments.get(command.department)
    if department is None or department.dissolved:
        raise NotFound("department.unknown", department=command.department)
    if known.lead == command.department:
        opening.outcome, opening.code = "already_done", "task_force.lead"
        return
    opening.events.append(DepartmentCalled(department=command.department, part="lead"))
