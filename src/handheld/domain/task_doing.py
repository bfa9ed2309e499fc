"""What the assignee does with a task: accept, decline, set out, arrive, visit, report."""

from __future__ import annotations

from typing import Literal

from handheld.domain.answers import Answer, accepted, already_done, overtaken
from handheld.domain.claiming import claimed_by_others
from handheld.domain.errors import Malformed
from handheld.domain.filling import check_filled
from handheld.domain.task_commands import Accept, Decline, GoEnRoute, ReachScene, Report, Visit
from handheld.domain.task_known import Known
from handheld.domain.task_state import Task
from handheld.domain.task_steering import resumed
from handheld_events.ids import is_personal_number
from handheld_events.orders import ALL_STEPS, Step
from handheld_events.task import (
    HouseholdVisited,
    TaskAccepted,
    TaskClosed,
    TaskDeclined,
    TaskEnRoute,
    TaskEvent,
    TaskOnScene,
    TaskOvertaken,
    TaskReported,
)

Did = Literal["accept", "decline", "report", "en_route", "on_scene", "visit"]
Because = Literal["reported", "closed", "declined", "withdrawn"]

LONGEST_HOUSEHOLD = 40
"""Characters of the number of a household."""


def decide(
    task: Task,
    command: Accept | Decline | GoEnRoute | ReachScene | Visit | Report,
    known: Known,
    actor: str | None = None,
) -> Answer[TaskEvent]:
    """What follows from it; `actor` enters it, where that is not the assignee.

    Raises Malformed (`household.number`, and what forms raise).
    """
    match command:
        case Accept():
            return _accept(task, known)
        case Decline():
            return _decline(task, command.reason)
        case GoEnRoute():
            return _go_en_route(task, known)
        case ReachScene():
            return _reach_scene(task, known)
        case Visit():
            return _visit(task, command, known)
        case Report():
            return _report(task, command, known, None if actor == task.person else actor)


def _accept(task: Task, known: Known) -> Answer[TaskEvent]:
    match task.status:
        case "waiting":
            if claimed_by_others(task, known.terms):
                return _others_did("accept")
            return accepted(TaskAccepted(), *_closed_by(task, "accept"))
        case "in_progress" | "to_verify" | "closed":
            return already_done("task.accepted")
        case "declined" | "withdrawn":
            return _late("accept", task.status)


def _decline(task: Task, reason: str) -> Answer[TaskEvent]:
    match task.status:
        case "waiting" | "in_progress":
            return accepted(TaskDeclined(reason=reason))
        case "declined" if reason == task.declined:
            return already_done("task.declined")
        case "to_verify":
            return _late("decline", "reported", reason)
        case "closed" | "declined" | "withdrawn":
            return _late("decline", task.status, reason)


def _go_en_route(task: Task, known: Known) -> Answer[TaskEvent]:
    if task.on_scene:
        return already_done("task.on_scene")
    if task.en_route:
        return already_done("task.en_route")
    match task.status:
        case "waiting" | "in_progress":
            return _did(task, known, "en_route", TaskEnRoute())
        case "to_verify":
            return _late("en_route", "reported")
        case "closed" | "declined" | "withdrawn":
            return _late("en_route", task.status)


def _reach_scene(task: Task, known: Known) -> Answer[TaskEvent]:
    if task.on_scene:
        return already_done("task.on_scene")
    match task.status:
        case "waiting" | "in_progress":
            return _did(task, known, "on_scene", TaskOnScene())
        case "to_verify":
            return _late("on_scene", "reported")
        case "closed" | "declined" | "withdrawn":
            return _late("on_scene", task.status)


def _visit(task: Task, command: Visit, known: Known) -> Answer[TaskEvent]:
    household = command.household
    if len(household) > LONGEST_HOUSEHOLD or is_personal_number(household):
        raise Malformed("household.number", limit=LONGEST_HOUSEHOLD)
    same = task.visits.get(household) == (command.done, command.satisfied)
    if same and task.status != "waiting":
        return already_done("task.visited")
    text = f"{household}: {command.done}"
    match task.status:
        case "waiting" | "in_progress":
            fact = HouseholdVisited(
                household=household, done=command.done, satisfied=command.satisfied
            )
            return _did(task, known, "visit", fact, text)
        case "to_verify":
            return _late("visit", "reported", text)
        case "closed" | "declined" | "withdrawn":
            return _late("visit", task.status, text)


def _report(task: Task, command: Report, known: Known, by: str | None) -> Answer[TaskEvent]:
    told = (command.filled, command.photos)
    same = command.text == task.report and told == task.told
    match task.status:
        case "waiting" | "in_progress":
            _check_form(task, command, known)
            return _did(task, known, "report", _reported(command, by), _in_words(command, known))
        case "to_verify":
            if same:
                return already_done("task.reported")
            _check_form(task, command, known)
            return accepted(_reported(command, by))
        case "closed" | "declined" | "withdrawn":
            if same:
                return already_done("task.reported")
            return _late("report", task.status, _in_words(command, known))


def _did(
    task: Task, known: Known, did: Did, fact: TaskEvent, text: str | None = None
) -> Answer[TaskEvent]:
    """What was done counts; it accepts a task that nobody had accepted, and may be its last step."""
    if claimed_by_others(task, known.terms):
        return _others_did(did, text)
    before: list[TaskEvent] = []
    if did == "report" and task.suspended is not None:  # else it is judged by a time that waited
        before.append(resumed(task, known))
    if task.status == "waiting":
        before.append(TaskAccepted())
    step: Step = "report" if did == "report" else _STEPS.get(did, "accept")
    return accepted(*before, fact, *_closed_by(task, step))


_STEPS: dict[Did, Step] = {"en_route": "en_route", "on_scene": "on_scene"}


def _closed_by(task: Task, step: Step) -> tuple[TaskClosed, ...]:
    """The close, where nothing comes after this step.

    A task that asks for acceptance alone and was reopened closes with the next report: somebody
    wants to hear more of it.
    """
    last = task.steps[-1]
    if task.status == "in_progress" and last == "accept" and step != "report":
        return ()
    return (TaskClosed(),) if ALL_STEPS.index(step) >= ALL_STEPS.index(last) else ()


def _late(did: Did, because: Because, text: str | None = None) -> Answer[TaskEvent]:
    return overtaken(f"task.{because}", TaskOvertaken(did=did, because=because, text=text))


def _others_did(did: Did, text: str | None = None) -> Answer[TaskEvent]:
    return overtaken("task.claimed_by_others", TaskOvertaken(did=did, because="claimed", text=text))


def _check_form(task: Task, command: Report, known: Known) -> None:
    form = known.terms.form if task.form and known.terms is not None else ()
    check_filled(form, command.filled, command.photos, len(task.visits))


def _reported(command: Report, by: str | None) -> TaskReported:
    return TaskReported(
        text=command.text, filled=command.filled, photos=command.photos, reported_by=by
    )


def _in_words(command: Report, known: Known) -> str:
    """All that a report tells, as lines: one that comes too late has no form any more."""
    labels = {field.key: field.label for field in known.terms.form} if known.terms else {}
    filled = command.filled
    told = {**filled.numbers, **filled.choices, **filled.texts}
    lines = [f"{labels.get(key, key)}: {value}" for key, value in told.items()]
    lines += [f"sha256: {photo.sha256}" for photo in command.photos]
    return "\n".join([command.text, *lines])
