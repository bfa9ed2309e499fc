"""Every state of a task by its history, every command in every form that answers differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from handheld.domain import task
from handheld.domain.answers import Answer
from handheld.domain.errors import HandheldError
from handheld.domain.task import Task
from handheld_events.base import Event
from handheld_events.examples import TASK
from handheld_events.orders import Steps
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskDeclined,
    TaskDelivered,
    TaskEvent,
    TaskRead,
    TaskReported,
    TaskSentBack,
    TaskVerified,
    TaskWithdrawn,
)
from tests.support_rules import (
    ACCEPT_ONLY,
    ALL_STEPS,
    ASSIGNEE,
    REPORTED,
    SOMEBODY_ELSE,
    VERIFIED,
    dispatched,
)


class State(NamedTuple):
    """A state that a task can be in, and the facts that bring it there."""

    label: str
    status: task.Status
    history: tuple[TaskEvent, ...]


_ACCEPTED = TaskAccepted()
_REPORTED = TaskReported(text="same")
_BACK = TaskSentBack(reason="two households are missing")
_CLOSED = TaskClosed()
_VERIFIED = TaskVerified()
_DECLINED = TaskDeclined(reason="out of town")
_WITHDRAWN = TaskWithdrawn(reason="over")

WAITING = State("waiting", "waiting", ())
IN_PROGRESS = State("in progress", "in_progress", (_ACCEPTED,))
BACK = State("in progress, sent back", "in_progress", (_ACCEPTED, _REPORTED, _BACK))
TO_VERIFY = State("to verify", "to_verify", (_ACCEPTED, _REPORTED))
DECLINED = State("declined", "declined", (_DECLINED,))
DECLINED_LATER = State("declined after acceptance", "declined", (_ACCEPTED, _DECLINED))
DECLINED_BACK = State("declined after sent back", "declined", (*BACK.history, _DECLINED))
WITHDRAWN = State("withdrawn", "withdrawn", (_WITHDRAWN,))
WITHDRAWN_LATER = State("withdrawn after acceptance", "withdrawn", (_ACCEPTED, _WITHDRAWN))
WITHDRAWN_BACK = State("withdrawn after sent back", "withdrawn", (*BACK.history, _WITHDRAWN))
WITHDRAWN_REPORTED = State(
    "withdrawn after its report", "withdrawn", (*TO_VERIFY.history, _WITHDRAWN)
)
CLOSED_BY_ACCEPTING = State("closed", "closed", (_ACCEPTED, _CLOSED))
CLOSED_WITH_REPORT = State("closed with a report", "closed", (_ACCEPTED, _REPORTED, _CLOSED))
CLOSED = State("closed", "closed", (_ACCEPTED, _REPORTED, _CLOSED))
CLOSED_VERIFIED = State("closed", "closed", (*TO_VERIFY.history, _VERIFIED, _CLOSED))

STATES: Mapping[Steps, tuple[State, ...]] = {
    ACCEPT_ONLY: (WAITING, CLOSED_BY_ACCEPTING, CLOSED_WITH_REPORT, DECLINED, WITHDRAWN),
    REPORTED: (
        WAITING,
        IN_PROGRESS,
        CLOSED,
        DECLINED,
        DECLINED_LATER,
        WITHDRAWN,
        WITHDRAWN_LATER,
    ),
    VERIFIED: (
        WAITING,
        IN_PROGRESS,
        BACK,
        TO_VERIFY,
        CLOSED_VERIFIED,
        DECLINED,
        DECLINED_LATER,
        DECLINED_BACK,
        WITHDRAWN,
        WITHDRAWN_LATER,
        WITHDRAWN_BACK,
        WITHDRAWN_REPORTED,
    ),
}
"""By the steps that the order asks for."""

MARKS: Mapping[str, tuple[TaskEvent, ...]] = {
    "neither": (),
    "delivered": (TaskDelivered(),),
    "read": (TaskRead(),),
    "delivered and read": (TaskDelivered(), TaskRead()),
}
"""The marks beside the state, as they come about before it."""


class Asked(NamedTuple):
    """A command in one form, and who gives it."""

    label: str
    command: task.Command
    who: str = ASSIGNEE


COMMANDS = (
    Asked("deliver", task.Deliver(task=TASK)),
    Asked("read", task.Read(task=TASK)),
    Asked("accept", task.Accept(task=TASK)),
    Asked("decline", task.Decline(task=TASK, reason="out of town")),
    Asked("report", task.Report(task=TASK, text="new words")),
    Asked("report, the same words again", task.Report(task=TASK, text="same")),
    Asked("verify", task.Verify(task=TASK), SOMEBODY_ELSE),
    Asked("send back", task.SendBack(task=TASK, reason="look again"), SOMEBODY_ELSE),
    Asked("withdraw", task.Withdraw(task=TASK, reason="over"), SOMEBODY_ELSE),
    Asked("correct", task.CorrectTask(task=TASK, version=1, reason="r", text="t"), SOMEBODY_ELSE),
)

WRONG = (
    Asked("deliver, by somebody else", task.Deliver(task=TASK), SOMEBODY_ELSE),
    Asked("read, by somebody else", task.Read(task=TASK), SOMEBODY_ELSE),
    Asked("accept, by somebody else", task.Accept(task=TASK), SOMEBODY_ELSE),
    Asked("decline, by somebody else", task.Decline(task=TASK, reason="r"), SOMEBODY_ELSE),
    Asked("report, by somebody else", task.Report(task=TASK, text="t"), SOMEBODY_ELSE),
    Asked("verify, by the assignee", task.Verify(task=TASK)),
    Asked("decline without a reason", task.Decline(task=TASK, reason=" ")),
    Asked("report without words", task.Report(task=TASK, text="")),
    Asked("verify with blank words", task.Verify(task=TASK, text=" "), SOMEBODY_ELSE),
    Asked("send back without a reason", task.SendBack(task=TASK, reason=""), SOMEBODY_ELSE),
    Asked("withdraw without a reason", task.Withdraw(task=TASK, reason=""), SOMEBODY_ELSE),
    Asked(
        "correct a fact that there is not",
        task.CorrectTask(task=TASK, version=99, reason="r", text="t"),
    ),
    Asked("correct nothing", task.CorrectTask(task=TASK, version=1, reason="r")),
    Asked("correct without a reason", task.CorrectTask(task=TASK, version=1, reason="", text="t")),
)
"""What is an error in every state."""


def reach(steps: Steps, *history: TaskEvent) -> Task:
    """The task after its dispatch and this history."""
    state = task.evolve(None, dispatched(steps))
    for event in history:
        state = task.evolve(state, event)
    return state


def answer(state: Task | None, asked: Asked) -> Answer[TaskEvent] | HandheldError:
    """What the rules say."""
    try:
        return task.decide(state, asked.command, asked.who)
    except HandheldError as error:
        return error


def in_words(said: Answer[TaskEvent] | HandheldError) -> str:
    """An answer as the table shows it."""
    if isinstance(said, HandheldError):
        return f"{type(said).__name__} `{said.code}`"
    facts = ", ".join(name(event) for event in said.events)
    match said.outcome:
        case "accepted":
            return facts
        case "already_done":
            return f"already done `{said.code}`"
        case "overtaken":
            return f"{facts} `{said.code}`"
        case "refused":
            return f"refused `{said.code}`"


def name(event: Event) -> str:
    """The fact's own word: `accepted` of `task.accepted.v1`."""
    return "**" + event.TOPIC.split(".")[1].replace("_", " ") + "**"


def all_answers() -> dict[tuple[Steps, str, str], str]:
    """The whole table."""
    return {
        (steps, state.label, asked.label): in_words(answer(reach(steps, *state.history), asked))
        for steps in ALL_STEPS
        for state in STATES[steps]
        for asked in COMMANDS
    }
