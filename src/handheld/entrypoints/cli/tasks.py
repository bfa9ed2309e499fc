"""`handheld task`: what the assignee does, step by step (送达, 领办, 出发, 到场, 走访, 回单)."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
import handheld.entrypoints.cli.task_steering as steering
from handheld.application.loading import States
from handheld.application.reading.beside import linked
from handheld.domain import task_commands as commands
from handheld.domain.passing_on import PassOn
from handheld.entrypoints.cli.options import (
    AcceptWithin,
    MaybeSatisfied,
    MaybeText,
    OnDuty,
    Photos,
    Reason,
    ReportWithin,
    StepList,
    TaskId,
    Text,
    To,
    ToPeople,
    Verified,
)
from handheld.entrypoints.cli.order_options import Whom, seconds, steps_from
from handheld.entrypoints.cli.photos import photos
from handheld.entrypoints.cli.render import number as shown_number
from handheld.entrypoints.cli.report_options import filled
from handheld.entrypoints.cli.sending import Act, sends
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.task_shown import show
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import order_id
from handheld_events.orders import DEFAULT_STEPS
from handheld_events.task import TaskPassedOn

Numbers = Annotated[
    list[str] | None, typer.Option("--number", metavar="KEY=NUMBER", help=help_text("task.number"))
]
Choices = Annotated[
    list[str] | None, typer.Option("--choice", metavar="KEY=CHOICE", help=help_text("task.choice"))
]
Answers = Annotated[
    list[str] | None, typer.Option("--answer", metavar="KEY=TEXT", help=help_text("task.answer"))
]
Household = Annotated[
    str, typer.Option("--household", metavar="HOUSEHOLD", help=help_text("task.household"))
]
Done = Annotated[str, typer.Option("--done", metavar="TEXT", help=help_text("task.done"))]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    task = group("task")
    sends(task, "deliver", "task.deliver")(deliver)
    sends(task, "read", "task.read")(read)
    sends(task, "accept", "task.accept")(accept)
    sends(task, "decline", "task.decline")(decline)
    sends(task, "en-route", "task.en_route")(en_route)
    sends(task, "on-scene", "task.on_scene")(on_scene)
    sends(task, "visit", "task.visit")(visit)
    sends(task, "report", "task.report")(report)
    sends(task, "pass-on", "task.pass_on")(pass_on)
    steering.register(task)
    command(task, "show", "task.show")(show)
    app.add_typer(task, name="task")


def deliver(act: Act, task: TaskId) -> commands.Deliver:
    """送达."""
    return commands.Deliver(task=of(act, task))


def read(act: Act, task: TaskId) -> commands.Read:
    """已读."""
    return commands.Read(task=of(act, task))


def accept(act: Act, task: TaskId) -> commands.Accept:
    """领办."""
    return commands.Accept(task=of(act, task))


def decline(act: Act, task: TaskId, reason: Reason) -> commands.Decline:
    """退单."""
    return commands.Decline(task=of(act, task), reason=reason)


def en_route(act: Act, task: TaskId) -> commands.GoEnRoute:
    """出发."""
    return commands.GoEnRoute(task=of(act, task))


def on_scene(act: Act, task: TaskId) -> commands.ReachScene:
    """到场."""
    return commands.ReachScene(task=of(act, task))


def visit(
    act: Act, task: TaskId, household: Household, done: Done, satisfied: MaybeSatisfied = None
) -> commands.Visit:
    """走访."""
    stream = arguments.task_stream(task)
    states = States(act.home.log)
    states.load((stream,))
    division = states.get(stream).about.division
    known = {number for _, number in linked(act.organisation, division or "")}
    if known and household.strip() not in known:
        act.say("tasks.not_linked", household=household.strip())
    return commands.Visit(
        task=of(act, task), household=household.strip(), done=done, satisfied=satisfied
    )


def report(
    act: Act,
    task: TaskId,
    text: Text,
    number: Numbers = None,
    choice: Choices = None,
    answer: Answers = None,
    photo: Photos = None,
) -> commands.Report:
    """回单."""
    return commands.Report(
        task=of(act, task), text=text, filled=filled(number, choice, answer), photos=photos(photo)
    )


def pass_on(
    act: Act,
    task: TaskId,
    to: To = None,
    person: ToPeople = None,
    on_duty: OnDuty = False,
    text: MaybeText = None,
    steps: StepList = None,
    verify: Verified = False,
    accept_within: AcceptWithin = None,
    report_within: ReportWithin = None,
) -> PassOn:
    """下派."""
    whom = Whom(to, people=person, on_duty=on_duty)
    act.ids["order"] = order_id(act.identity, 0)
    act.say("orders.order", order=act.ids["order"])

    def told(event: object) -> None:
        if isinstance(event, TaskPassedOn):
            act.say("tasks.passed_on", tasks=shown_number(event.tasks))

    act.told = told
    return PassOn(
        task=of(act, task),
        to=whom.targets(act.organisation),
        people=whom.named(act.organisation),
        text=text,
        steps=steps_from(steps, verify) or DEFAULT_STEPS,
        accept_within=seconds(accept_within),
        report_within=seconds(report_within),
    )


def of(act: Act, task: str) -> str:
    """The stream of a task, which the answer names."""
    act.ids["task"] = stream = arguments.task_stream(task)
    return stream
