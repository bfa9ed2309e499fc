"""Every state of a task by its history, every command in every form that answers differently."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
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
    TaskOnScene,
    TaskRead,
    TaskReopened,
    TaskReported,
    TaskSentBack,
    TaskSupervised,
    TaskVerified,
    TaskWithdrawn,
)
from tests.support_rules import (
    ACCEPT_ONLY,
    ALL_STEPS,
    ASSIGNEE,
    AT,
    KNOWN,
    REPORTED,
    SOMEBODY_ELSE,
    THERE,
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
_REOPENED = TaskReopened(reason="not over after all")
LATER = AT + timedelta(hours=4)

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
REOPENED = State("in progress, reopened", "in_progress", (_ACCEPTED, _CLOSED, _REOPENED))
CLOSED_THERE = State("closed", "closed", (_ACCEPTED, TaskOnScene(), _CLOSED))
CLOSED_BY_ACCEPTING = State("closed", "closed", (_ACCEPTED, _CLOSED))
CLOSED_WITH_REPORT = State("closed with a report", "closed", (_ACCEPTED, _REPORTED, _CLOSED))
CLOSED = State("closed", "closed", (_ACCEPTED, _REPORTED, _CLOSED))
CLOSED_VERIFIED = State("closed", "closed", (*TO_VERIFY.history, _VERIFIED, _CLOSED))

STATES: Mapping[Steps, tuple[State, ...]] = {
    ACCEPT_ONLY: (
        WAITING,
        REOPENED,
        CLOSED_BY_ACCEPTING,
        CLOSED_WITH_REPORT,
        DECLINED,
        WITHDRAWN,
    ),
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
    THERE: (
        WAITING,
        IN_PROGRESS,
        CLOSED_THERE,
        CLOSED_WITH_REPORT,
        DECLINED,
        DECLINED_LATER,
        WITHDRAWN,
        WITHDRAWN_LATER,
    ),
}
"""By the steps that the order asks for."""

MARKS: Mapping[str, tuple[TaskEvent, ...]] = {
    "neither": (),
    "delivered": (TaskDelivered(),),
    "read": (TaskRead(),),
    "delivered and read": (TaskDelivered(), TaskRead()),
    "supervised": (TaskSupervised(text="by noon"),),
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
    Asked("go en route", task.GoEnRoute(task=TASK)),
    Asked("reach the scene", task.ReachScene(task=TASK)),
    Asked("visit a household", task.Visit(task=TASK, household="3-2", done="moved out")),
    Asked("report", task.Report(task=TASK, text="new words")),
    Asked("report, the same words again", task.Report(task=TASK, text="same")),
    Asked("verify", task.Verify(task=TASK), SOMEBODY_ELSE),
    Asked("send back", task.SendBack(task=TASK, reason="look again"), SOMEBODY_ELSE),
    Asked("withdraw", task.Withdraw(task=TASK, reason="over"), SOMEBODY_ELSE),
    Asked("suspend", task.Suspend(task=TASK, reason="the road is flooded"), SOMEBODY_ELSE),
    Asked("resume", task.Resume(task=TASK), SOMEBODY_ELSE),
    Asked("extend", task.Extend(task=TASK, report_by=LATER, reason="rain"), SOMEBODY_ELSE),
    Asked("remind", task.Remind(task=TASK), SOMEBODY_ELSE),
    Asked("supervise", task.Supervise(task=TASK, text="by noon"), SOMEBODY_ELSE),
    Asked("reopen", task.Reopen(task=TASK, reason="not over after all"), SOMEBODY_ELSE),
    Asked("rate", task.Rate(task=TASK, satisfied=True), SOMEBODY_ELSE),
    Asked("evaluate", task.Evaluate(task=TASK, score=4), SOMEBODY_ELSE),
    Asked("correct", task.CorrectTask(task=TASK, version=1, reason="r", text="t"), SOMEBODY_ELSE),
)

WRONG = (
    Asked("deliver, by somebody else", task.Deliver(task=TASK), SOMEBODY_ELSE),
    Asked("read, by somebody else", task.Read(task=TASK), SOMEBODY_ELSE),
    Asked("accept, by somebody else", task.Accept(task=TASK), SOMEBODY_ELSE),
    Asked("decline, by somebody else", task.Decline(task=TASK, reason="r"), SOMEBODY_ELSE),
    Asked("report, by somebody else", task.Report(task=TASK, text="t"), SOMEBODY_ELSE),
    Asked("go en route, by somebody else", task.GoEnRoute(task=TASK), SOMEBODY_ELSE),
    Asked("reach the scene, by somebody else", task.ReachScene(task=TASK), SOMEBODY_ELSE),
    Asked("visit, by somebody else", task.Visit(task=TASK, household="1", done="d"), SOMEBODY_ELSE),
    Asked("verify, by the assignee", task.Verify(task=TASK)),
    Asked("send back, by the assignee", task.SendBack(task=TASK, reason="r")),
    Asked("suspend, by the assignee", task.Suspend(task=TASK, reason="r")),
    Asked("extend, by the assignee", task.Extend(task=TASK, report_by=LATER, reason="r")),
    Asked("rate, by the assignee", task.Rate(task=TASK, satisfied=True)),
    Asked("evaluate, by the assignee", task.Evaluate(task=TASK, score=5)),
    Asked(
        "suspend until a time that has passed",
        task.Suspend(task=TASK, reason="r", until=AT),
        SOMEBODY_ELSE,
    ),
    Asked(
        "extend to a time that has passed",
        task.Extend(task=TASK, report_by=AT, reason="r"),
        SOMEBODY_ELSE,
    ),
    Asked("evaluate with 0", task.Evaluate(task=TASK, score=0), SOMEBODY_ELSE),
    Asked("evaluate with 6", task.Evaluate(task=TASK, score=6), SOMEBODY_ELSE),
    Asked(
        "visit a household named by a telephone number",
        task.Visit(task=TASK, household="13800000000", done="d"),
    ),
    Asked("visit without a household", task.Visit(task=TASK, household=" ", done="d")),
    Asked("visit without saying what was done", task.Visit(task=TASK, household="1", done="")),
    Asked("suspend without a reason", task.Suspend(task=TASK, reason=" "), SOMEBODY_ELSE),
    Asked(
        "extend without a reason",
        task.Extend(task=TASK, report_by=LATER, reason=""),
        SOMEBODY_ELSE,
    ),
    Asked("remind with blank words", task.Remind(task=TASK, text=" "), SOMEBODY_ELSE),
    Asked("supervise without words", task.Supervise(task=TASK, text=""), SOMEBODY_ELSE),
    Asked("reopen without a reason", task.Reopen(task=TASK, reason=""), SOMEBODY_ELSE),
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
        return task.decide(state, asked.command, asked.who, asked.who, KNOWN)
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
