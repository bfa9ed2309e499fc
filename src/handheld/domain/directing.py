"""Directing a running task force: amended orders, orders taken back, command handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from handheld.domain import task_force
from handheld.domain.base import BaseCommand
from handheld.domain.deadlines import Deadlines, for_a_late_one
from handheld.domain.duty import may_start
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.order_checks import check_form, check_seconds, check_steps
from handheld.domain.ordering import Opening, by
from handheld.domain.task_force import OrderTerms, TaskForce
from handheld.domain.words import check_words
from handheld_events.forms import Form
from handheld_events.orders import PlanOrder, Steps
from handheld_events.task import TaskAmended, TaskWithdrawn
from handheld_events.task_force import (
    CommandHandedOver,
    DepartmentCalled,
    OrderAmended,
    OrderWithdrawn,
)
from handheld_projections.open_tasks import (
    OPEN,
    OpenTask,
)
from handheld_projections.organisation import Organisation

FILLED = "order.filled"
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
    """Take an order back, with all its open tasks; a recurring one is not given again."""

    task_force: str
    order: str
    reason: str


class ReleaseRest(BaseCommand, frozen=True, kw_only=True, tag="order.release_rest"):
    """All places of an open order are taken: nobody else need wait for one."""

    task_force: str
    order: str


class HandOver(BaseCommand, frozen=True, kw_only=True, tag="task_force.hand_over"):
    """Somebody else commands from now on (移交指挥)."""

    task_force: str
    to: str
    note: str | None = None


class NameLead(BaseCommand, frozen=True, kw_only=True, tag="task_force.name_lead"):
    """This department leads from now on (牵头部门)."""

    task_force: str
    department: str


Command = AmendOrder | WithdrawOrder | ReleaseRest | HandOver | NameLead


def decide(
    command: Command,
    at: datetime,
    state: TaskForce | None,
    organisation: Organisation,
    tasks: Mapping[str, OpenTask],
    actor: str,
) -> Opening:
    """What follows from the command; `tasks` are the open ones.

    Raises NotFound, Malformed, NotAllowed (`task_force.not_in_command`).
    """
    known = task_force.existing(state, command.task_force)
    opening = Opening(task_force=command.task_force, division=known.division)
    if refusal := task_force.not_active(known):
        opening.outcome, opening.code = refusal.outcome, refusal.code
        return opening
    match command:
        case AmendOrder():
            _amend(command, at, _order(known, command.order), tasks, opening)
        case WithdrawOrder():
            check_words(reason=command.reason)
            terms = _order(known, command.order)
            if terms.withdrawn:
                opening.outcome, opening.code = "already_done", "order.withdrawn"
                return opening
            fact = TaskWithdrawn(reason=command.reason)
            opening.deeds = dict.fromkeys(_of(tasks, command.order), fact)
            opening.events.append(
                OrderWithdrawn(
                    order=command.order, reason=command.reason, withdrawn=len(opening.deeds)
                )
            )
        case ReleaseRest():
            terms = _order(known, command.order)
            waiting = [s for s in _of(tasks, command.order) if tasks[s].marks & OPEN]
            if terms.open_to is None or terms.claimed < terms.open_to or not waiting:
                opening.outcome, opening.code = "already_done", "order.released"
                return opening
            opening.deeds = dict.fromkeys(waiting, TaskWithdrawn(reason=FILLED))
        case HandOver():
            _hand_over(command, known, organisation, actor, opening)
        case NameLead():
            _name_lead(command, known, organisation, opening)
    return opening


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
