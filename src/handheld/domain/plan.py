"""A plan (预案): what would be ordered, to whom."""

from __future__ import annotations

import msgspec

from handheld.domain.answers import Answer, accepted, already_done
from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.roles import ROLES
from handheld.domain.words import check_words
from handheld_events.ids import is_division_code, is_plan_key
from handheld_events.orders import Level, PlanOrder, Steps
from handheld_events.plan import PlanAdopted, PlanEvent, PlanRetired


class Plan(msgspec.Struct, frozen=True):
    """A plan as its stream tells it."""

    edition: PlanAdopted
    retired: bool = False


class AdoptPlan(BaseCommand, frozen=True, kw_only=True, tag="plan.adopt"):
    """Put an edition of a plan into force."""

    plan: str
    """The key; the stream is named after it."""
    title: str
    division: str
    orders: tuple[PlanOrder, ...]
    level: Level | None = None


class RetirePlan(BaseCommand, frozen=True, kw_only=True, tag="plan.retire"):
    """Take a plan out of use."""

    plan: str
    reason: str


Command = AdoptPlan | RetirePlan


def evolve(plan: Plan | None, event: PlanEvent) -> Plan:
    """The plan after this fact."""
    match event:
        case PlanAdopted():
            return Plan(edition=event)
        case PlanRetired():
            if plan is None:
                msg = "a plan begins with plan.adopted"
                raise TypeError(msg)
            return msgspec.structs.replace(plan, retired=True)


def decide(plan: Plan | None, command: Command) -> Answer[PlanEvent]:
    """What follows from the command. Raises Malformed, NotFound."""
    match command:
        case AdoptPlan():
            edition = _edition(command)
            if plan is not None and not plan.retired and plan.edition == edition:
                return already_done("plan.adopted")
            return accepted(edition)
        case RetirePlan():
            check_words(reason=command.reason)
            if plan is None:
                raise NotFound("plan.unknown", plan=command.plan)
            if plan.retired:
                return already_done("plan.retired")
            return accepted(PlanRetired(reason=command.reason))


def check_steps(steps: Steps) -> None:
    """A task begins with acceptance; what is verified must have been reported.

    Raises Malformed (`order.steps`).
    """
    if steps not in (("accept",), ("accept", "report"), ("accept", "report", "verify")):
        raise Malformed("order.steps", steps=", ".join(steps) or "-")


def check_roles(*roles: str) -> None:
    """Raises Malformed (`role.unknown`) for a role that nobody can have."""
    for role in roles:
        if role not in ROLES:
            raise Malformed("role.unknown", role=role, known=", ".join(ROLES))


def check_seconds(order: PlanOrder) -> None:
    """Deadlines lie between a minute and a year. Raises Malformed (`order.deadline`)."""
    for seconds in (order.accept_within, order.report_within):
        if seconds is not None and not 60 <= seconds <= 366 * 86_400:
            raise Malformed("order.deadline", order=order.key, seconds=seconds)


def _edition(command: AdoptPlan) -> PlanAdopted:
    if not is_plan_key(command.plan):
        raise Malformed("plan.key", plan=command.plan)
    if not is_division_code(command.division):
        raise Malformed("division.code", division=command.division)
    check_words(title=command.title)
    if not command.orders:
        raise Malformed("plan.no_orders")
    seen: set[str] = set()
    for order in command.orders:
        if order.key in seen:
            raise Malformed("plan.order_twice", order=order.key)
        seen.add(order.key)
        check_words(text=order.text)
        check_steps(order.steps)
        check_seconds(order)
        if not order.to:
            raise Malformed("order.nobody", order=order.key)
        check_roles(*(target.role for target in order.to))
    return PlanAdopted(
        title=command.title,
        division=command.division,
        orders=command.orders,
        level=command.level,
    )
