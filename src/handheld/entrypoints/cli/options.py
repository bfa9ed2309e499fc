"""Options and arguments that many commands share."""

from __future__ import annotations

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
Limit = Annotated[int, typer.Option("--limit", min=0, help=help_text("common.limit"))]
After = Annotated[int, typer.Option("--after", min=0, help=help_text("common.after"))]
Reason = Annotated[str, typer.Option("--reason", help=help_text("common.reason"))]
RightText = Annotated[str | None, typer.Option("--text", help=help_text("task.right_text"))]
RightTime = Annotated[
    str | None, typer.Option("--time", metavar="TIME", help=help_text("task.right_time"))
]
FactNumber = Annotated[int, typer.Option("--version", min=1, help=help_text("task.version"))]

MaybeCode = Annotated[
    str | None, typer.Argument(metavar="[CODE]", help=help_text("common.no_code"))
]
PersonNumber = Annotated[str, typer.Argument(metavar="PERSON", help=help_text("common.person"))]
TaskId = Annotated[str, typer.Argument(metavar="TASK", help=help_text("common.task"))]
TaskForceId = Annotated[
    str, typer.Argument(metavar="TASK_FORCE", help=help_text("common.task_force"))
]
