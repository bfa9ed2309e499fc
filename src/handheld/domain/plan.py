"""A plan (预案): what would be ordered, to whom."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from handheld.domain.answers import Answer, accepted, already_done
from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.order_checks import check_order
from handheld.domain.targets import check_targets
from handheld.domain.words import check_words
from handheld_events.ids import is_division_code, is_key
from handheld_events.orders import Level, PlanOrder
from handheld_events.plan import PlanAdopted, PlanEvent, PlanRetired, Trigger


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
    triggers: tuple[Trigger, ...] = ()
    """Which warnings it answers."""
    lead: str | None = None
    """The department that leads, by its key."""
    responding: tuple[str, ...] = ()
    """The departments that respond, by their keys."""


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


def unknown_departments(edition: PlanAdopted, known: Collection[str]) -> tuple[str, ...]:
    """The keys of departments that the edition names and that are not among those known, sorted."""
    named = {*edition.responding}
    if edition.lead is not None:
        named.add(edition.lead)
    for order in edition.orders:
        named.update(target.department for target in order.to if target.department is not None)
    return tuple(sorted(named.difference(known)))


def _edition(command: AdoptPlan) -> PlanAdopted:
    if not is_key(command.plan):
        raise Malformed("plan.key", plan=command.plan)
    if not is_division_code(command.division):
        raise Malformed("division.code", division=command.division)
    check_words(title=command.title)
    _check_orders(command.orders)
    _check_triggers(command.triggers)
    _check_departments(command.lead, command.responding)
    return PlanAdopted(
        title=command.title,
        division=command.division,
        orders=command.orders,
        level=command.level,
        triggers=command.triggers,
        lead=command.lead,
        responding=command.responding,
    )


def _check_orders(orders: tuple[PlanOrder, ...]) -> None:
    if not orders:
        raise Malformed("plan.no_orders")
    seen: set[str] = set()
    for order in orders:
        if order.key in seen:
            raise Malformed("plan.order_twice", order=order.key)
        seen.add(order.key)
        check_order(order)
        if not order.to:
            raise Malformed("order.nobody", order=order.key)
        check_targets(order.to)


def _check_triggers(triggers: tuple[Trigger, ...]) -> None:
    seen: set[str] = set()
    for trigger in triggers:
        check_words(event=trigger.event)
        if trigger.event in seen:  # two answers to one warning would contradict each other
            raise Malformed("plan.trigger_twice", event=trigger.event)
        seen.add(trigger.event)


def _check_departments(lead: str | None, responding: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for key in (*(() if lead is None else (lead,)), *responding):
        if not is_key(key):
            raise Malformed("department.key", department=key)
        if key in seen:
            raise Malformed("plan.department_twice", department=key)
        seen.add(key)
