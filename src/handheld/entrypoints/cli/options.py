"""Options and arguments that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from handheld.entrypoints.cli.words import help_text

Json = Annotated[bool, typer.Option("--json", help=help_text("common.json"))]
As = Annotated[str, typer.Option("--as", metavar="PERSON", help=help_text("common.as"))]
OnBehalfOf = Annotated[
    str | None,
    typer.Option("--on-behalf-of", metavar="PERSON", help=help_text("common.on_behalf_of")),
]
CommandId = Annotated[
    str | None, typer.Option("--command-id", metavar="ID", help=help_text("common.command_id"))
]
OccurredAt = Annotated[
    str | None, typer.Option("--occurred-at", metavar="TIME", help=help_text("common.occurred_at"))
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=help_text("common.dry_run"))]
Drill = Annotated[bool, typer.Option("--drill", help=help_text("common.drill"))]
Drills = Annotated[bool, typer.Option("--drills", help=help_text("common.drills"))]

Limit = Annotated[int, typer.Option("--limit", min=0, help=help_text("common.limit"))]
After = Annotated[int, typer.Option("--after", min=0, help=help_text("common.after"))]
Cursor = Annotated[
    str | None, typer.Option("--after", metavar="CURSOR", help=help_text("common.cursor"))
]

Reason = Annotated[str, typer.Option("--reason", help=help_text("common.reason"))]
Text = Annotated[str, typer.Option("--text", help=help_text("common.text"))]
MaybeText = Annotated[str | None, typer.Option("--text", help=help_text("common.text"))]
Photos = Annotated[
    list[Path] | None, typer.Option("--photo", metavar="FILE", help=help_text("common.photo"))
]
Satisfied = Annotated[
    bool, typer.Option("--satisfied/--dissatisfied", help=help_text("common.satisfied"))
]
MaybeSatisfied = Annotated[
    bool | None, typer.Option("--satisfied/--dissatisfied", help=help_text("common.satisfied"))
]
Score = Annotated[
    int, typer.Option("--score", min=1, max=5, metavar="1..5", help=help_text("common.score"))
]
RightText = Annotated[str | None, typer.Option("--text", help=help_text("task.right_text"))]
RightTime = Annotated[
    str | None, typer.Option("--time", metavar="TIME", help=help_text("task.right_time"))
]
FactNumber = Annotated[int, typer.Option("--version", min=1, help=help_text("task.version"))]

MaybeCode = Annotated[
    str | None, typer.Argument(metavar="[CODE]", help=help_text("common.no_code"))
]
InDivision = Annotated[
    str | None, typer.Option("--division", metavar="CODE", help=help_text("common.no_code"))
]
OfDepartment = Annotated[
    str | None, typer.Option("--department", metavar="KEY", help=help_text("common.department"))
]
OfTaskForce = Annotated[
    str | None,
    typer.Option("--task-force", metavar="TASK_FORCE", help=help_text("board.task_force")),
]
PersonNumber = Annotated[str, typer.Argument(metavar="PERSON", help=help_text("common.person"))]
ToPerson = Annotated[str, typer.Option("--to", metavar="PERSON", help=help_text("common.person"))]
TaskId = Annotated[str, typer.Argument(metavar="TASK", help=help_text("common.task"))]
TaskForceId = Annotated[
    str, typer.Argument(metavar="TASK_FORCE", help=help_text("common.task_force"))
]
OrderId = Annotated[str, typer.Argument(metavar="ORDER", help=help_text("common.order"))]

At = Annotated[
    str | None, typer.Option("--at", metavar="TIME|POSITION", help=help_text("board.at"))
]
Level = Annotated[
    str | None, typer.Option("--level", metavar="LEVEL", help=help_text("start.level"))
]
Title = Annotated[str | None, typer.Option("--title", help=help_text("start.title"))]
Place = Annotated[str | None, typer.Option("--place", help=help_text("start.place"))]
OfWarning = Annotated[
    str | None, typer.Option("--warning", metavar="WARNING", help=help_text("start.warning"))
]
OfFinding = Annotated[
    str | None, typer.Option("--finding", metavar="FINDING", help=help_text("start.finding"))
]

# What an order says, one option each.
To = Annotated[list[str] | None, typer.Option("--to", metavar="POST", help=help_text("start.to"))]
ToDepartments = Annotated[
    list[str] | None,
    typer.Option("--department", metavar="KEY", help=help_text("order.department")),
]
ToGroups = Annotated[
    list[str] | None, typer.Option("--group", metavar="KEY", help=help_text("order.group_key"))
]
ToPeople = Annotated[
    list[str] | None, typer.Option("--person", metavar="PERSON", help=help_text("start.person"))
]
OnDuty = Annotated[bool, typer.Option("--on-duty", help=help_text("order.on_duty"))]
OpenTo = Annotated[
    int | None,
    typer.Option("--open-to", metavar="NUMBER", min=1, help=help_text("order.open_to")),
]
Verified = Annotated[bool, typer.Option("--verify", help=help_text("start.verify"))]
StepList = Annotated[
    str | None, typer.Option("--steps", metavar="STEPS", help=help_text("order.steps"))
]
FormFile = Annotated[
    Path | None, typer.Option("--form", metavar="FILE", help=help_text("order.form"))
]
AcceptWithin = Annotated[
    str | None, typer.Option("--accept-within", metavar="TIME", help=help_text("order.accept"))
]
ReportWithin = Annotated[
    str | None, typer.Option("--report-within", metavar="TIME", help=help_text("order.report"))
]
RemindAfter = Annotated[
    str | None, typer.Option("--remind-after", metavar="TIME", help=help_text("order.remind"))
]
RemindEvery = Annotated[
    str | None,
    typer.Option("--remind-every", metavar="TIME", help=help_text("order.remind_every")),
]
RemindMost = Annotated[
    int, typer.Option("--remind-most", metavar="NUMBER", min=1, help=help_text("order.remind_most"))
]
