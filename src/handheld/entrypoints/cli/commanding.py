"""`handheld force level`, `hand-over`, `lead`: who commands, and at which response level."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain.directing import HandOver, NameLead
from handheld.domain.errors import Malformed
from handheld.domain.waves import ChangeLevel
from handheld.entrypoints.cli.options import Reason, TaskForceId, ToPerson
from handheld.entrypoints.cli.render import clean, number, one_line
from handheld.entrypoints.cli.sending import Act, sends
from handheld.entrypoints.cli.words import help_text
from handheld_events.task_force import LevelChanged, OrderForeseen, OrderIssued, TaskForceEvent

ToLevel = Annotated[str, typer.Argument(metavar="LEVEL", help=help_text("start.level"))]
Note = Annotated[str | None, typer.Option("--note", help=help_text("force.note"))]
Key = Annotated[str, typer.Argument(metavar="DEPARTMENT", help=help_text("common.department"))]


def register(force: typer.Typer) -> None:
    """Add the commands to `handheld force`."""
    sends(force, "level", "force.level", earlier=False)(level)
    sends(force, "hand-over", "force.hand_over")(hand_over)
    sends(force, "lead", "force.lead", earlier=False)(lead)


def level(act: Act, task_force: TaskForceId, to: ToLevel, reason: Reason) -> ChangeLevel:
    """升级, 降级."""
    wanted = arguments.level(to)
    if wanted is None:
        raise Malformed("usage.level", text=to)

    def told(event: TaskForceEvent) -> None:
        """Say which wave was called, or released."""
        match event:
            case LevelChanged(withdrawn=withdrawn) if withdrawn:
                act.say("forces.withdrawn", count=number(withdrawn))
            case OrderIssued(text=text, tasks=tasks):
                act.say("forces.wave", text=one_line(text), tasks=number(tasks))
            case OrderForeseen(order=order, at=at) if at is not None:
                time = act.session.texts.time(at)
                act.say("forces.wave_later", text=one_line(order.text), time=time)
            case _:
                pass

    act.told = told
    act.ids["task_force"] = stream = arguments.task_force_stream(task_force)
    return ChangeLevel(task_force=stream, level=wanted, reason=reason)


def hand_over(act: Act, task_force: TaskForceId, to: ToPerson, note: Note = None) -> HandOver:
    """移交指挥."""
    person = act.person(to)
    act.say("forces.handed_over", person=clean(act.name(person)))
    act.ids["task_force"] = stream = arguments.task_force_stream(task_force)
    return HandOver(task_force=stream, to=person, note=note)


def lead(act: Act, task_force: TaskForceId, department: Key) -> NameLead:
    """牵头部门."""
    act.ids["task_force"] = stream = arguments.task_force_stream(task_force)
    return NameLead(task_force=stream, department=act.department(department))
