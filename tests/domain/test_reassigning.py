from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handheld.domain import reassigning, task, task_force
from handheld.domain.errors import HandheldError, Malformed
from handheld.domain.reassigning import Reassign, Reassignment
from handheld.domain.task import Known
from handheld_events.examples import ORDER, PERSON, TASK
from handheld_events.ids import further_task_id
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskDeclined,
    TaskDispatched,
    TaskEvent,
    TaskReassigned,
    TaskReported,
    TaskWithdrawn,
)
from handheld_events.task_force import (
    OrderIssued,
    OrderWithdrawn,
    StoodDown,
    TaskForceClosed,
    TaskForceEvent,
)
from handheld_projections.open_tasks import CLOSED, DECLINED, IN_PROGRESS, OpenTask
from tests.support_organisation import erase, organisation
from tests.support_rules import AT, STARTED, VERIFIED, dispatched

VILLAGE, NEXT = "330825100200", "330825100201"
TOWN = organisation(
    ["330825", "330825100", VILLAGE, NEXT],
    {
        "person-A": [("village_official", VILLAGE), ("household_contact", NEXT)],
        "person-E": [("grid_head", VILLAGE)],
    },
    {"water": "330825"},
)
erase(TOWN, "person-E")

HOUR = timedelta(hours=1)
NEW = further_task_id(ORDER, "person-A", 0)
ISSUED = OrderIssued(
    order=ORDER,
    text="走访",
    tasks=1,
    steps=VERIFIED,
    accept_by=AT + HOUR,
    report_by=AT + 4 * HOUR,
)
ACCEPTED = TaskAccepted()


def _reassign(
    *history: TaskEvent,
    to: str = "person-A",
    hours: float = 0,
    force: tuple[TaskForceEvent, ...] = (),
    tasks: dict[str, OpenTask] | None = None,
    **dispatch: Any,
) -> Reassignment:
    """So many hours after the order."""
    state = task_force.evolve(task_force.evolve(None, STARTED), ISSUED)
    for event in force:
        state = task_force.evolve(state, event)
    old = task.evolve(None, dispatched(VERIFIED, **dispatch))
    for fact in history:
        old = task.evolve(old, fact)
    return reassigning.decide(
        Reassign(task=TASK, to=to, reason="住院"),
        old,
        Known(AT + hours * HOUR, state, state.orders[ORDER]),
        TOWN,
        tasks or {},
    )


def _new(made: Reassignment) -> TaskDispatched:
    assert made.dispatch is not None
    assert made.dispatch.task == NEW
    return made.dispatch.event


@pytest.mark.parametrize("history", [(), (ACCEPTED,), (TaskDeclined(reason="away"),)])
def test_the_old_task_ends_and_another_takes_its_place(history: tuple[TaskEvent, ...]) -> None:
    made = _reassign(*history, role="household_contact", form=True, passed_on_from="task-above")

    assert made.answer.events == (TaskReassigned(to="person-A", task=NEW, reason="住院"),)
    assert _new(made) == TaskDispatched(
        order=ORDER,
        person="person-A",
        role="household_contact",
        steps=VERIFIED,
        form=True,
        passed_on_from="task-above",
        replaces=TASK,
    )
    assert made.dispatch is not None
    assert made.dispatch.assignee.division == NEXT


def test_a_person_without_the_role_has_it_at_their_first_post() -> None:
    new = _new(_reassign(role="grid_worker"))

    assert new.role == "village_official"


def test_what_was_left_of_the_time_stands() -> None:
    new = _new(_reassign(hours=0.5))
    assert (new.accept_by, new.report_by) == (None, None)  # the order's own still lie ahead

    extended = _new(_reassign(hours=0.5, report_by=AT + 9 * HOUR))
    assert (extended.accept_by, extended.report_by) == (None, AT + 9 * HOUR)


def test_nobody_is_given_a_deadline_that_had_passed() -> None:
    new = _new(_reassign(hours=2))
    assert new.report_by is None
    assert new.accept_by is not None
    assert new.accept_by > AT + 2 * HOUR

    late = _new(_reassign(hours=6))
    assert late.report_by is not None
    assert late.report_by > AT + 6 * HOUR


def test_it_stays_open_to_the_group_only_while_nobody_has_claimed_it() -> None:
    assert _new(_reassign(open=True)).open
    assert not _new(_reassign(ACCEPTED, open=True)).open


def test_what_is_reported_is_sent_back_first() -> None:
    made = _reassign(ACCEPTED, TaskReported(text="x"))

    assert (made.answer.outcome, made.answer.code) == ("refused", "task.reported")
    assert made.dispatch is None


@pytest.mark.parametrize(
    ("history", "outcome", "code"),
    [
        ((ACCEPTED, TaskReported(text="x"), TaskClosed()), "refused", "task.closed"),
        ((TaskWithdrawn(reason="over"),), "refused", "task.withdrawn"),
        (
            (TaskReassigned(to="person-A", task="task-x", reason="r"),),
            "already_done",
            "task.reassigned",
        ),
        ((TaskReassigned(to="person-Z", task="task-x", reason="r"),), "refused", "task.withdrawn"),
    ],
)
def test_what_has_ended_is_not_reassigned(
    history: tuple[TaskEvent, ...], outcome: str, code: str
) -> None:
    made = _reassign(*history)

    assert (made.answer.outcome, made.answer.code, made.dispatch) == (outcome, code, None)


def test_nobody_has_the_same_order_twice() -> None:
    theirs = OpenTask("person-A", VILLAGE, ORDER, AT, state=IN_PROGRESS)

    assert _reassign(tasks={"task-a": theirs}).answer.code == "task.has_one"
    for state in (DECLINED, CLOSED):
        ended = OpenTask("person-A", VILLAGE, ORDER, AT, state=state)
        assert _reassign(tasks={"task-a": ended}).answer.outcome == "accepted"
    elsewhere = OpenTask("person-A", VILLAGE, "order-other", AT, state=IN_PROGRESS)
    assert _reassign(tasks={"task-a": elsewhere}).answer.outcome == "accepted"


def test_after_stand_down_only_what_is_under_way_is_reassigned() -> None:
    down = (StoodDown(reason="over", withdrawn=0),)

    assert _reassign(ACCEPTED, force=down).answer.outcome == "accepted"
    declined = _reassign(TaskDeclined(reason="away"), force=down)
    assert declined.answer.code == "task_force.stood_down"
    closed = (TaskForceClosed(outcome="done"),)
    assert _reassign(ACCEPTED, force=closed).answer.code == "task_force.closed"


def test_an_order_taken_back_is_not_given_to_others() -> None:
    back = (OrderWithdrawn(order=ORDER, reason="r", withdrawn=0),)

    assert _reassign(TaskDeclined(reason="away"), force=back).answer.code == "order.withdrawn"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (PERSON, "task.same_person"),
        ("person-Z", "person.unknown"),
        ("person-E", "person.erased"),
    ],
)
def test_what_makes_no_sense_is_an_error(to: str, code: str) -> None:
    with pytest.raises(HandheldError) as caught:
        _reassign(to=to)

    assert (type(caught.value), caught.value.code) == (Malformed, code)
