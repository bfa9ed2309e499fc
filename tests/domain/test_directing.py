"""Directing: amended orders, orders taken back, open orders that are filled, command, the lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from handheld.domain import task, task_force
from handheld.domain.directing import (
    FILLED,
    AmendOrder,
    Command,
    HandOver,
    NameLead,
    ReleaseRest,
    TellUnfilled,
    WithdrawOrder,
    decide,
    with_those_below,
)
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.ordering import Opening
from handheld.domain.task_force import TaskForce
from handheld_events.forms import FormField
from handheld_events.ids import command_id, order_id
from handheld_events.task import TaskAmended, TaskWithdrawn
from handheld_events.task_force import (
    CommandHandedOver,
    DepartmentAccepted,
    DepartmentCalled,
    OrderAmended,
    OrderClaimed,
    OrderIssued,
    OrderUnfilled,
    OrderWithdrawn,
    StoodDown,
    TaskForceClosed,
    TaskForceEvent,
)
from handheld_projections.open_tasks import OPEN, STATES, OpenTask
from tests.support_organisation import dissolve_department, erase, organisation
from tests.support_rules import AT, COMMANDER, STARTED, VERIFIED

COUNTY, TOWNSHIP = "330825", "330825100"
ORDER = order_id(command_id(int(AT.timestamp() * 1000), bytes(10)), 0)
OTHER = order_id(command_id(int(AT.timestamp() * 1000), b"\1" * 10), 0)
FORCE = "tf-1"
HOUR = timedelta(hours=1)
LATER = AT + timedelta(minutes=40)
ISSUED = OrderIssued(
    order=ORDER,
    key="1",
    text="到现场集合",
    tasks=3,
    steps=VERIFIED,
    accept_by=AT + HOUR / 2,
    report_by=AT + HOUR * 2,
)
AMEND = AmendOrder(task_force=FORCE, order=ORDER, reason="北路塌方", text="走南路")
WITHDRAW = WithdrawOrder(task_force=FORCE, order=ORDER, reason="警报解除")
RELEASE = ReleaseRest(task_force=FORCE, order=ORDER)
HAND_OVER = HandOver(task_force=FORCE, to="person-NEXT", note="路已通")
LEAD = NameLead(task_force=FORCE, department="water")
DISTRICT, OFFICIAL, NEXT = "person-DD", "person-TO", "person-NEXT"


def town() -> Any:
    return organisation(
        [COUNTY, TOWNSHIP],
        {
            DISTRICT: [("duty_officer", COUNTY)],
            NEXT: [("township_official", TOWNSHIP)],
            OFFICIAL: [("township_official", TOWNSHIP)],
            COMMANDER: [("township_official", TOWNSHIP)],
        },
        {"water": COUNTY, "police": COUNTY},
    )


def state_after(*events: TaskForceEvent) -> TaskForce:
    state = task_force.evolve(None, STARTED)
    for event in (ISSUED, *events):
        state = task_force.evolve(state, event)
    return state


def one(status: str, order: str = ORDER, marks: int = 0) -> OpenTask:
    return OpenTask("person-1", COUNTY, order, AT, state=STATES.index(status), marks=marks)


TASKS = {
    "task-w": one("waiting"),
    "task-p": one("in_progress"),
    "task-v": one("to_verify"),
    "task-other": one("waiting", OTHER),
}
OWN = ("task-w", "task-p", "task-v")


def asked(
    command: Command,
    *events: TaskForceEvent,
    tasks: dict[str, OpenTask] | None = None,
    actor: str = COMMANDER,
    made: Any = None,
) -> Opening:
    known = TASKS if tasks is None else tasks
    return decide(command, LATER, state_after(*events), made or town(), known, actor)


def is_answered(opening: Opening, outcome: str, code: str) -> None:
    assert (opening.outcome, opening.code) == (outcome, code)
    assert (opening.events, opening.dispatches, opening.deeds) == ([], [], {})


# --- amended orders ---------------------------------------------------------------------------------


def test_whoever_has_an_open_task_of_an_amended_order_accepts_anew() -> None:
    command = replace(AMEND, accept_within=600, report_within=3600)

    opening = asked(command)

    accept_by, report_by = LATER + HOUR / 6, LATER + HOUR
    assert opening.events == [
        OrderAmended(
            order=ORDER,
            number=1,
            text="走南路",
            reason="北路塌方",
            tasks=3,
            steps=VERIFIED,
            accept_by=accept_by,
            report_by=report_by,
        )
    ]
    fact = TaskAmended(number=1, steps=VERIFIED, accept_by=accept_by, report_by=report_by)
    assert opening.deeds == dict.fromkeys(OWN, fact)
    for status in ("waiting", "in_progress", "to_verify"):
        known = task.Task(order=ORDER, person="p", steps=VERIFIED, status=status)
        assert task.evolve(known, fact).status == "waiting"


def test_what_is_not_amended_stays_and_nobody_gets_a_deadline_that_has_passed() -> None:
    """They had half an hour to accept and have it again; the report is due when it was due."""
    form = (FormField(key="moved", label="转移人数", kind="number"),)

    (amended,) = asked(replace(AMEND, text=None, form=form)).events

    assert isinstance(amended, OrderAmended)
    assert (amended.text, amended.steps, amended.form) == ("到现场集合", VERIFIED, form)
    assert (amended.accept_by, amended.report_by) == (LATER + HOUR / 2, AT + HOUR * 2)


def test_an_order_is_amended_again_on_what_it_says_since() -> None:
    (first,) = asked(replace(AMEND, steps=("accept", "report"))).events
    assert isinstance(first, OrderAmended)

    (second,) = asked(replace(AMEND, text="走水路"), first).events

    assert isinstance(second, OrderAmended)
    assert (second.number, second.text, second.steps) == (2, "走水路", ("accept", "report"))
    assert state_after(first, second).orders[ORDER].amended == 2


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"reason": " "}, Malformed, "words.missing"),
        ({"text": ""}, Malformed, "words.missing"),
        ({"text": None}, Malformed, "order.amended_nothing"),
        ({"text": "到现场集合"}, Malformed, "order.amended_nothing"),
        ({"steps": ("report",)}, Malformed, "order.steps"),
        ({"accept_within": 5}, Malformed, "order.deadline"),
        ({"form": (FormField(key="X", label="x", kind="text"),)}, Malformed, "form.key"),
        ({"order": "order-none"}, NotFound, "order.unknown"),
    ],
)
def test_an_amendment_that_makes_no_sense_is_an_error(
    changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    with pytest.raises(kind) as caught:
        asked(replace(AMEND, **changes))

    assert getattr(caught.value, "code", None) == code


def test_what_was_withdrawn_is_not_amended() -> None:
    withdrawn = OrderWithdrawn(order=ORDER, reason="解除", withdrawn=3)

    is_answered(asked(AMEND, withdrawn), "refused", "order.withdrawn")


# --- orders taken back ------------------------------------------------------------------------------


def test_a_withdrawn_order_takes_back_all_its_open_tasks_and_no_other() -> None:
    opening = asked(WITHDRAW)

    assert opening.events == [OrderWithdrawn(order=ORDER, reason="警报解除", withdrawn=3)]
    assert opening.deeds == dict.fromkeys(OWN, TaskWithdrawn(reason="警报解除"))
    is_answered(asked(WITHDRAW, *opening.events), "already_done", "order.withdrawn")


def test_withdrawing_needs_a_reason_and_an_order() -> None:
    for command, kind in (
        (replace(WITHDRAW, reason=""), Malformed),
        (replace(WITHDRAW, order="order-none"), NotFound),
    ):
        with pytest.raises(kind):
            asked(command)


# --- open to N of a group ---------------------------------------------------------------------------

OPEN_ORDER = replace(ISSUED, order=OTHER, open_to=2)
FIRST = OrderClaimed(order=OTHER, task="task-a", left=1)
SECOND = OrderClaimed(order=OTHER, task="task-b", left=0)
CLAIMS = {
    "task-a": one("in_progress", OTHER),
    "task-b": one("waiting", OTHER),
    "task-c": one("waiting", OTHER, OPEN),
    "task-d": one("waiting", OTHER, OPEN),
    "task-w": one("waiting"),
}


def test_when_all_places_are_taken_nobody_else_need_wait_for_one() -> None:
    """Who has claimed and waits, because the order was amended since, keeps the place."""
    opening = asked(replace(RELEASE, order=OTHER), OPEN_ORDER, FIRST, SECOND, tasks=CLAIMS)

    assert opening.events == []
    assert opening.deeds == dict.fromkeys(("task-c", "task-d"), TaskWithdrawn(reason=FILLED))


@pytest.mark.parametrize(
    ("events", "tasks"),
    [
        ((OPEN_ORDER, FIRST), CLAIMS),
        ((OPEN_ORDER, FIRST, SECOND), {"task-a": CLAIMS["task-a"]}),
        ((replace(OPEN_ORDER, open_to=None),), CLAIMS),
    ],
)
def test_nobody_is_released_while_places_are_left_or_where_nobody_waits(
    events: tuple[TaskForceEvent, ...], tasks: dict[str, OpenTask]
) -> None:
    opening = asked(replace(RELEASE, order=OTHER), *events, tasks=tasks)

    is_answered(opening, "already_done", "order.released")


# --- command ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [COMMANDER, DISTRICT, "operator"])
def test_command_is_handed_over_by_who_has_it_or_by_a_command_room_above(actor: str) -> None:
    opening = asked(HAND_OVER, actor=actor)

    assert opening.events == [CommandHandedOver(to=NEXT, handed_by=actor, note="路已通")]
    assert state_after(*opening.events).commander == NEXT


def test_somebody_else_cannot_hand_command_over_not_even_who_had_it() -> None:
    handed = CommandHandedOver(to=NEXT, handed_by=COMMANDER)
    for events, actor in (((), OFFICIAL), ((), NEXT), ((handed,), COMMANDER)):
        with pytest.raises(NotAllowed) as caught:
            asked(replace(HAND_OVER, to=OFFICIAL), *events, actor=actor)
        assert caught.value.code == "task_force.not_in_command"


def test_command_is_handed_to_somebody_who_is_there_and_has_not_got_it() -> None:
    gone = town()
    erase(gone, NEXT)
    for command, made, kind, code in (
        (replace(HAND_OVER, to="person-none"), None, NotFound, "person.unknown"),
        (HAND_OVER, gone, Malformed, "person.erased"),
        (replace(HAND_OVER, note=" "), None, Malformed, "words.missing"),
    ):
        with pytest.raises(kind) as caught:
            asked(command, made=made)
        assert caught.value.code == code
    is_answered(asked(replace(HAND_OVER, to=COMMANDER)), "already_done", "task_force.handed_over")


# --- the lead department ----------------------------------------------------------------------------


def test_one_department_leads_and_who_led_before_responds_and_stays_accepted() -> None:
    before = (
        DepartmentCalled(department="police", part="lead"),
        DepartmentAccepted(department="police", task="task-1"),
    )

    opening = asked(LEAD, *before)

    assert opening.events == [DepartmentCalled(department="water", part="lead")]
    state = state_after(*before, *opening.events)
    assert state.lead == "water"
    assert state.departments == {"police": ("responding", True), "water": ("lead", False)}
    is_answered(asked(LEAD, *before, *opening.events), "already_done", "task_force.lead")


def test_a_department_that_there_is_not_or_no_more_cannot_lead() -> None:
    dissolved = town()
    dissolve_department(dissolved, "water")
    for command, made in ((replace(LEAD, department="fire"), None), (LEAD, dissolved)):
        with pytest.raises(NotFound) as caught:
            asked(command, made=made)
        assert caught.value.code == "department.unknown"


# --- all of them ------------------------------------------------------------------------------------

ALL = (AMEND, WITHDRAW, RELEASE, HAND_OVER, LEAD)


def test_until_the_close_somebody_commands_and_what_is_under_way_can_be_taken_back() -> None:
    down = StoodDown(reason="解除", withdrawn=0)

    assert asked(HAND_OVER, down).events == [
        CommandHandedOver(to=NEXT, handed_by=COMMANDER, note="路已通")
    ]
    assert asked(WITHDRAW, down).deeds == dict.fromkeys(OWN, TaskWithdrawn(reason="警报解除"))
    over = {"task-done": one("closed")}
    is_answered(asked(WITHDRAW, down, tasks=over), "refused", "task_force.stood_down")


def test_with_an_order_go_those_passed_on_from_it_however_often_and_what_is_done_stays() -> None:
    second, third, beside = "order-second", "order-third", "order-beside"
    issued = (
        replace(ISSUED, order=second, key="2", passed_on_from="task-p"),
        replace(ISSUED, order=third, key="3", passed_on_from="task-below"),
        replace(ISSUED, order=beside, key="4", passed_on_from="task-other"),
    )
    tasks = TASKS | {
        "task-below": one("closed", second),
        "task-below-too": one("waiting", second),
        "task-lowest": one("to_verify", third),
        "task-beside": one("waiting", beside),
    }

    opening = asked(WITHDRAW, *issued, tasks=tasks)

    assert opening.events == [
        OrderWithdrawn(order=ORDER, reason="警报解除", withdrawn=3),
        OrderWithdrawn(order=second, reason="警报解除", withdrawn=1),
        OrderWithdrawn(order=third, reason="警报解除", withdrawn=1),
    ]
    assert set(opening.deeds) == {*OWN, "task-below-too", "task-lowest"}
    assert with_those_below(state_after(*issued), ORDER, tasks) == {ORDER, second, third}


def _unfilled(**changes: Any) -> Any:
    return replace(OPEN_ORDER, **changes)


TELL = TellUnfilled(task_force=FORCE, order=OTHER, due_at=AT + HOUR / 2)


@pytest.mark.parametrize(("changes", "to"), [({}, COMMANDER), ({"given_by": OFFICIAL}, OFFICIAL)])
def test_whoever_gave_an_open_order_hears_that_places_are_left(
    changes: dict[str, Any], to: str
) -> None:
    order = _unfilled(**changes)

    opening = asked(TELL, order, FIRST, actor="reactions")

    told = OrderUnfilled(order=OTHER, left=1, due_at=AT + HOUR / 2, to=to)
    assert opening.events == [told]
    again = asked(TELL, order, FIRST, told, actor="reactions")
    is_answered(again, "already_done", "order.not_unfilled")


def test_where_nobody_commands_the_duty_post_hears_that_places_are_left() -> None:
    state = task_force.evolve(None, replace(STARTED, commander=None))
    for event in (ISSUED, OPEN_ORDER):
        state = task_force.evolve(state, event)

    (told,) = decide(TELL, LATER, state, town(), {}, "reactions").events

    assert isinstance(told, OrderUnfilled)
    assert (told.to, told.left) == (DISTRICT, 2)


@pytest.mark.parametrize(
    "events",
    [
        (OPEN_ORDER, FIRST, SECOND),
        (_unfilled(accept_by=LATER + HOUR),),
        (_unfilled(accept_by=None),),
        (_unfilled(open_to=None),),
        (OPEN_ORDER, OrderWithdrawn(order=OTHER, reason="解除", withdrawn=2)),
    ],
)
def test_nobody_is_told_of_places_before_their_time_or_where_none_is_left(
    events: tuple[TaskForceEvent, ...],
) -> None:
    is_answered(asked(TELL, *events), "already_done", "order.not_unfilled")


@pytest.mark.parametrize("command", ALL)
@pytest.mark.parametrize(
    ("end", "code"),
    [
        (StoodDown(reason="解除", withdrawn=0), "task_force.stood_down"),
        (TaskForceClosed(outcome="完成"), "task_force.closed"),
    ],
)
def test_after_the_end_nothing_is_directed(
    command: Command, end: TaskForceEvent, code: str
) -> None:
    if isinstance(end, StoodDown) and command in (WITHDRAW, HAND_OVER):
        return
    is_answered(asked(command, end), "refused", code)


@pytest.mark.parametrize("command", ALL)
def test_what_there_is_not_cannot_be_directed(command: Command) -> None:
    with pytest.raises(NotFound) as caught:
        decide(command, LATER, None, town(), {}, COMMANDER)

    assert caught.value.code == "task_force.unknown"
