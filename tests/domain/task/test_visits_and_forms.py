from __future__ import annotations

from handheld.domain import task_force
from handheld.domain.errors import Malformed
from handheld.domain.task import Known, Report, Visit
from handheld_events.examples import ORDER, TASK
from handheld_events.forms import Filled, FormField, Photo
from handheld_events.task import (
    HouseholdVisited,
    TaskAccepted,
    TaskClosed,
    TaskOvertaken,
    TaskReported,
    TaskWithdrawn,
)
from handheld_events.task_force import OrderIssued
from tests.support_rules import AT, STARTED, VERIFIED, given_task

VISIT = Visit(task=TASK, household="3-2", done="关好门窗", satisfied=True)
VISITED = HouseholdVisited(household="3-2", done="关好门窗", satisfied=True)
ACCEPTED, CLOSED = TaskAccepted(), TaskClosed()

MOVED = FormField(key="moved", label="转移人数", kind="number", most=50)
VISITS = FormField(key="visits", label="走访", kind="visits")
PHOTO = Photo(sha256="5e" * 32)


def _asking(*form: FormField) -> Known:
    state = task_force.evolve(None, STARTED)
    issued = OrderIssued(order=ORDER, text="t", tasks=1, form=form)
    state = task_force.evolve(state, issued)
    return Known(AT, state, state.orders[ORDER])


def test_who_visits_has_accepted() -> None:
    after = given_task().when(VISIT).then(ACCEPTED, VISITED)

    assert after.visits == {"3-2": ("关好门窗", True)}


def test_the_same_visit_again_is_already_done_and_another_one_is_not() -> None:
    given_task(ACCEPTED, VISITED).when(VISIT).is_already_done("task.visited")
    again = HouseholdVisited(household="3-2", done="送去药品")
    after = given_task(ACCEPTED, VISITED).when(Visit(task=TASK, household="3-2", done="送去药品"))

    assert len(after.then(again).visits) == 1


def test_a_visit_after_the_report_is_kept_without_effect() -> None:
    reported = (ACCEPTED, TaskReported(text="走访0户"))
    late = TaskOvertaken(did="visit", because="reported", text="3-2: 关好门窗")
    given_task(*reported, steps=VERIFIED).when(VISIT).is_overtaken("task.reported", late)
    given_task(*reported, CLOSED).when(VISIT).is_overtaken(
        "task.closed", TaskOvertaken(did="visit", because="closed", text="3-2: 关好门窗")
    )


def test_a_report_fills_the_form_that_the_order_has() -> None:
    filled = Filled(numbers={"moved": 2})
    known = _asking(MOVED)

    given_task(form=True, known=known).when(Report(task=TASK, text="转移2人", filled=filled)).then(
        ACCEPTED, TaskReported(text="转移2人", filled=filled), CLOSED
    )
    given_task(form=True, known=known).when(Report(task=TASK, text="转移2人")).raises(
        Malformed, "report.field_missing"
    )


def test_a_second_report_fills_it_too() -> None:
    before = (ACCEPTED, TaskReported(text="转移2人", filled=Filled(numbers={"moved": 2})))

    given_task(*before, form=True, steps=VERIFIED, known=_asking(MOVED)).when(
        Report(task=TASK, text="转移3人")
    ).raises(Malformed, "report.field_missing")


def test_households_visited_before_count_for_the_form() -> None:
    report = Report(task=TASK, text="走访完")
    known = _asking(VISITS)

    given_task(ACCEPTED, form=True, known=known).when(report).raises(
        Malformed, "report.visits_missing"
    )
    given_task(ACCEPTED, VISITED, form=True, known=known).when(report).then(
        TaskReported(text="走访完"), CLOSED
    )


def test_without_a_form_nothing_is_filled_in() -> None:
    given_task().when(Report(task=TASK, text="x", filled=Filled(numbers={"moved": 2}))).raises(
        Malformed, "report.field_unknown"
    )


def test_the_same_words_with_other_numbers_are_another_report() -> None:
    two, three = Filled(numbers={"moved": 2}), Filled(numbers={"moved": 3})
    before = (ACCEPTED, TaskReported(text="走访完", filled=two))
    given = given_task(*before, form=True, steps=VERIFIED, known=_asking(MOVED))

    given.when(Report(task=TASK, text="走访完", filled=two)).is_already_done("task.reported")
    given.when(Report(task=TASK, text="走访完", filled=three)).then(
        TaskReported(text="走访完", filled=three)
    )


def test_what_a_form_told_is_kept_in_words_when_it_comes_too_late() -> None:
    command = Report(task=TASK, text="已转移", filled=Filled(numbers={"moved": 2}), photos=(PHOTO,))
    text = f"已转移\n转移人数: 2\nsha256: {PHOTO.sha256}"

    given_task(TaskWithdrawn(reason="over"), form=True, known=_asking(MOVED)).when(
        command
    ).is_overtaken("task.withdrawn", TaskOvertaken(did="report", because="withdrawn", text=text))
