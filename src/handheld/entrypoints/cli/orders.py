"""`handheld order`: more orders and more people for a running task force; orders changed, taken back."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain.directing import AmendOrder, WithdrawOrder
from handheld.domain.joining import PullIn
from handheld.domain.ordering import IssueOrder
from handheld.entrypoints.cli.options import (
    AcceptWithin,
    FormFile,
    MaybeText,
    OrderId,
    PersonNumber,
    Reason,
    ReportWithin,
    StepList,
    TaskForceId,
    Text,
    Verified,
)
from handheld.entrypoints.cli.order_options import (
    How,
    Whom,
    order_from,
    read_form,
    seconds,
    steps_from,
)
from handheld.entrypoints.cli.render import clean, number
from handheld.entrypoints.cli.sending import Act, sends
from handheld.entrypoints.cli.shell import group
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import order_id
from handheld_events.task_force import OrderAmended, OrderIssued, OrderWithdrawn, TaskForceEvent


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    order = group("order")
    sends(order, "issue", "order.issue")(issue)
    sends(order, "amend", "order.amend")(amend)
    sends(order, "withdraw", "order.withdraw")(withdraw)
    sends(order, "pull-in", "order.pull_in")(pull_in)
    app.add_typer(order, name="order")


def issue(
    act: Act,
    task_force: TaskForceId,
    text: Text,
    whom: Whom,
    how: How,
) -> IssueOrder:
    """下指令."""
    act.ids["order"] = order_id(act.identity, 0)

    def told(event: TaskForceEvent) -> None:
        if isinstance(event, OrderIssued):
            act.say("orders.issued", tasks=number(event.tasks))
            if event.vacant_count:
                act.say("orders.vacant", count=number(event.vacant_count))
            act.say("orders.order", order=event.order)

    act.told = told
    return IssueOrder(
        task_force=arguments.task_force_stream(task_force),
        order=order_from(text, whom, how, act.organisation),
    )


def amend(
    act: Act,
    task_force: TaskForceId,
    order: OrderId,
    reason: Reason,
    text: MaybeText = None,
    verify: Verified = False,
    steps: StepList = None,
    form: FormFile = None,
    accept_within: AcceptWithin = None,
    report_within: ReportWithin = None,
) -> AmendOrder:
    """变更指令."""
    _say_tasks(act)
    return AmendOrder(
        task_force=arguments.task_force_stream(task_force),
        order=_order(act, order),
        reason=reason,
        text=text,
        steps=steps_from(steps, verify),
        form=read_form(form),
        accept_within=seconds(accept_within),
        report_within=seconds(report_within),
    )


def withdraw(act: Act, task_force: TaskForceId, order: OrderId, reason: Reason) -> WithdrawOrder:
    """撤回指令."""
    _say_tasks(act)
    return WithdrawOrder(
        task_force=arguments.task_force_stream(task_force),
        order=_order(act, order),
        reason=reason,
    )


def pull_in(
    act: Act,
    task_force: TaskForceId,
    person: PersonNumber,
    order: Annotated[
        str | None, typer.Option("--order", metavar="ORDER", help=help_text("order.of_order"))
    ] = None,
    from_now: Annotated[bool, typer.Option("--from-now", help=help_text("order.from_now"))] = False,
) -> PullIn:
    """拉入."""
    known = act.person(person)
    act.say("orders.pulled_in", person=clean(act.name(known)))
    return PullIn(
        task_force=arguments.task_force_stream(task_force),
        person=known,
        order=None if order is None else arguments.order_stream(order),
        sees="from_now" if from_now else "all",
    )


def _order(act: Act, order: str) -> str:
    act.ids["order"] = stream = arguments.order_stream(order)
    return stream


def _say_tasks(act: Act) -> None:
    """Say how many tasks an amendment changed, or a withdrawal took back."""

    def told(event: TaskForceEvent) -> None:
        match event:
            case OrderAmended(tasks=tasks):
                act.say("orders.amended", tasks=number(tasks))
            case OrderWithdrawn(withdrawn=withdrawn):
                act.say("forces.withdrawn", count=number(withdrawn))
            case _:
                pass

    act.told = told
