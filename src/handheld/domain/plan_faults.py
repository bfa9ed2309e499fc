"""All that is wrong with a plan while it is written, each thing at its place.

Adopting it stops at the first; whoever writes it wants to see them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, ParamSpec

from msgspec.structs import replace

from handheld.domain.errors import HandheldError, Malformed, NotFound
from handheld.domain.order_checks import (
    check_form,
    check_order,
    check_reminding,
    check_seconds,
    check_steps,
)
from handheld.domain.plan import AdoptPlan, decide, unknown_departments
from handheld.domain.targets import check_targets
from handheld.domain.words import check_words
from handheld_events.orders import PlanOrder, Target
from handheld_events.plan import PlanAdopted
from handheld_projections.organisation import Organisation

P = ParamSpec("P")

_PARTS = {
    "order.open_to": "open_to",
    "order.form_unreported": "steps",
    "order.remind_unreported": "remind_report",
}
"""Where it stands, by the code of what concerns several parts of an order; else in `wartime`."""


class Fault(NamedTuple):
    """One thing that is wrong."""

    at: str
    """Where: `title`, `triggers/0`, `orders/2/form/1`; empty: the plan as a whole."""
    why: HandheldError


def plan_faults(command: AdoptPlan, organisation: Organisation) -> tuple[Fault, ...]:
    """Everything for which this edition would be refused; at least the first, wherever it is."""
    found = [*_head(command, organisation)]
    for number, order in enumerate(command.orders):
        found += _order(f"orders/{number}", order, organisation)
    if not found:  # what concerns several parts at once, such as two orders of one key
        try:
            decide(None, command)
        except HandheldError as error:
            found.append(Fault("", error))
    return tuple(found)


def _try(at: str, check: Callable[P, None], *args: P.args, **more: P.kwargs) -> Iterator[Fault]:
    try:
        check(*args, **more)
    except HandheldError as error:
        yield Fault(at, error)


def _head(command: AdoptPlan, organisation: Organisation) -> Iterator[Fault]:
    yield from _try("title", check_words, title=command.title)
    if command.division not in organisation.divisions:
        yield Fault("division", NotFound("division.unknown", division=command.division))
    if not command.orders:
        yield Fault("orders", Malformed("plan.no_orders"))
    for number, trigger in enumerate(command.triggers):
        yield from _try(f"triggers/{number}", check_words, event=trigger.event)
        before = {one.event for one in command.triggers[:number] if one.event.strip()}
        if trigger.event in before:
            twice = Malformed("plan.trigger_twice", event=trigger.event)
            yield Fault(f"triggers/{number}", twice)
    yield from _departments(command, organisation)


def _departments(command: AdoptPlan, organisation: Organisation) -> Iterator[Fault]:
    edition = PlanAdopted(
        title="", division="", orders=(), lead=command.lead, responding=command.responding
    )
    unknown = unknown_departments(edition, organisation.departments)
    if unknown:
        at = "lead" if command.lead in unknown else "responding"
        named = ", ".join(unknown)
        yield Fault(at, NotFound("plan.departments_unknown", departments=named))


def _order(at: str, order: PlanOrder, organisation: Organisation) -> Iterator[Fault]:
    found = [
        *_try(f"{at}/text", check_words, text=order.text),
        *_try(f"{at}/steps", check_steps, order.steps),
        *_times(at, order),
        *_form(at, order),
        *_to(at, order, organisation),
    ]
    if not found:
        for fault in _try(at, check_order, order):
            found.append(fault._replace(at=f"{at}/{_PARTS.get(fault.why.code, 'wartime')}"))
    yield from found


def _times(at: str, order: PlanOrder) -> Iterator[Fault]:
    bare = PlanOrder(key=order.key, text=order.text, to=())
    for part in ("accept_within", "report_within", "after", "every"):
        alone = replace(bare, **{part: getattr(order, part)})
        yield from _try(f"{at}/{part}", check_seconds, alone)
    for part, reminding in (
        ("remind_accept", order.remind_accept),
        ("remind_report", order.remind_report),
    ):
        yield from _try(f"{at}/{part}", check_reminding, order.key, reminding)


def _form(at: str, order: PlanOrder) -> Iterator[Fault]:
    found = [
        fault
        for number, field in enumerate(order.form)
        for fault in _try(f"{at}/form/{number}", check_form, order.key, (field,))
    ]
    yield from found or _try(f"{at}/form", check_form, order.key, order.form)


def _to(at: str, order: PlanOrder, organisation: Organisation) -> Iterator[Fault]:
    if not order.to:
        yield Fault(f"{at}/to", Malformed("order.nobody", order=order.key))
    for number, target in enumerate(order.to):
        yield from _try(f"{at}/to/{number}", _check_target, target, organisation)


def _check_target(target: Target, organisation: Organisation) -> None:
    check_targets((target,))
    department, group = target.department, target.group
    if department is not None and department not in organisation.departments:
        raise Malformed("department.unknown", department=department)
    if group is not None and group not in organisation.groups:
        raise Malformed("group.unknown", group=group)
    if group is not None and organisation.groups[group].dissolved:
        raise Malformed("group.dissolved", group=group)
