"""`handheld force message`, `question`, `answer`: what members say to each other (消息)."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain.task_force import SendMessage
from handheld.entrypoints.cli.options import Photos, TaskForceId, Text
from handheld.entrypoints.cli.photos import photos
from handheld.entrypoints.cli.sending import Act, sends
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import message_id

ToUnit = Annotated[
    str | None, typer.Option("--to", metavar="UNIT", help=help_text("force.message_to"))
]
Message = Annotated[str, typer.Argument(metavar="MESSAGE", help=help_text("force.message_id"))]


def register(force: typer.Typer) -> None:
    """Add the commands to `handheld force`."""
    sends(force, "message", "force.message")(message)
    sends(force, "question", "force.question")(question)
    sends(force, "answer", "force.answer")(answer)


def message(
    act: Act, task_force: TaskForceId, text: Text, to: ToUnit = None, photo: Photos = None
) -> SendMessage:
    """消息."""
    return SendMessage(
        task_force=arguments.task_force_stream(task_force),
        text=text,
        photos=photos(photo),
        to=_to(act, to),
    )


def question(
    act: Act, task_force: TaskForceId, text: Text, to: ToUnit = None, photo: Photos = None
) -> SendMessage:
    """提问."""
    return SendMessage(
        task_force=arguments.task_force_stream(task_force),
        text=text,
        photos=photos(photo),
        to=_to(act, to),
        question=True,
    )


def answer(
    act: Act, task_force: TaskForceId, to: Message, text: Text, photo: Photos = None
) -> SendMessage:
    """答复."""
    return SendMessage(
        task_force=arguments.task_force_stream(task_force),
        text=text,
        photos=photos(photo),
        to=_to(act, None),
        answers=arguments.message_id(to),
    )


def _to(act: Act, unit: str | None) -> str | None:
    act.ids["message"] = made = message_id(act.identity)
    act.say("forces.message", message=made)
    return None if unit is None else arguments.unit(unit, act.organisation)
