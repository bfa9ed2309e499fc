"""How a finding begins, and how an order about it settles it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from handheld.domain import task_force
from handheld.domain.errors import HandheldError, Malformed, NotAllowed, NotFound
from handheld.domain.finding import Finding, evolve
from handheld.domain.finding_commands import OrderOnFinding, ReportFinding, SettleFinding
from handheld.domain.finding_orders import (
    Ordered,
    decide_order_on,
    decide_report,
    decide_settled,
)
from handheld.domain.ordering import Order
from handheld.domain.task_force import TaskForce
from handheld.domain.task_state import Status
from handheld_events.finding import (
    FindingDealtWith,
    FindingEvent,
    FindingOrdered,
    FindingPassedUp,
    FindingReported,
)
from handheld_events.forms import Location, Photo
from handheld_events.ids import command_id, order_id
from handheld_events.orders import Target
from handheld_events.task_force import OrderIssued, StoodDown, TaskForceEvent, TaskForceStarted
from tests.support_findings import (
    COMMANDER,
    COUNTY,
    FINDING,
    GRID,
    GRID_HEAD,
    NEXT_OFFICIAL,
    NOBODY,
    OFFICIAL,
    ORGANISATION,
    OTHER_TOWNSHIP,
    REPORTED,
    REPORTER,
    TOWNSHIP,
    VILLAGE,
    answering,
    by,
    given_finding,
)
from tests.support_rules import AT

REPORT = ReportFinding(text="大树倒伏", division=GRID, place="老桥边")
COMMAND = command_id(1_627_030_000_000, bytes(range(10)))
TASK_FORCE = "tf-1"
CLEAR = Order(text="清开道路", to=(Target(role="grid_head"), Target(role="village_official")))
AGAIN = FindingOrdered(task_force_started=TASK_FORCE, order="order-2")
ORDER = OrderOnFinding(finding=FINDING, task_force=TASK_FORCE, order=CLEAR)
SETTLE = SettleFinding(finding=FINDING, order="order-1")
ORDERED = FindingOrdered(task_force_started=TASK_FORCE, order="order-1")


def running(division: str = COUNTY, *events: TaskForceEvent) -> TaskForce:
    state = None
    started = TaskForceStarted(title="防台风", division=division, organisation_at=1)
    for event in (started, *events):
        state = task_force.evolve(state, event)
    assert state is not None
    return state


def order(
    who: str, state: TaskForce | None, *events: FindingEvent, command: OrderOnFinding = ORDER
) -> Ordered:
    known: Finding | None = None
    for event in (REPORTED, *events):
        known = evolve(known, event)
    return decide_order_on(known, command, by(who), COMMAND, AT, state)


def refused(kind: type[HandheldError], code: str, run: Any) -> None:
    with pytest.raises(kind) as caught:
        run()
    assert (type(caught.value), caught.value.code) == (kind, code)


@pytest.mark.parametrize("who", [REPORTER, OFFICIAL, COMMANDER])
def test_anybody_in_the_register_reports_and_the_village_has_it(who: str) -> None:
    event = decide_report(REPORT, who, ORGANISATION, None)

    assert event == FindingReported(text="大树倒伏", division=GRID, desk=VILLAGE, place="老桥边")


def test_it_is_found_in_the_course_of_the_reporters_own_task() -> None:
    command = replace(REPORT, task="task-1", photos=(Photo(sha256="0f" * 32),))

    assert decide_report(command, REPORTER, ORGANISATION, REPORTER).task == "task-1"
    refused(
        NotAllowed,
        "task.not_yours",
        lambda: decide_report(command, REPORTER, ORGANISATION, OFFICIAL),
    )


@pytest.mark.parametrize(
    ("command", "who", "kind", "code"),
    [
        (REPORT, NOBODY, Malformed, "person.unknown"),
        (REPORT, "operator", Malformed, "person.unknown"),
        (replace(REPORT, division="330825999"), REPORTER, NotFound, "division.unknown"),
        (replace(REPORT, text=" "), REPORTER, Malformed, "words.missing"),
        (replace(REPORT, place=""), REPORTER, Malformed, "words.missing"),
        (replace(REPORT, photos=(Photo(sha256="0f"),)), REPORTER, Malformed, "photos.hash"),
        (
            replace(REPORT, location=Location(latitude=129.0, longitude=119.0)),
            REPORTER,
            Malformed,
            "location.range",
        ),
        (
            replace(REPORT, location=Location(latitude=29.0, longitude=119.0, accuracy=-1.0)),
            REPORTER,
            Malformed,
            "location.range",
        ),
        (
            replace(REPORT, location=Location(latitude=float("nan"), longitude=119.0)),
            REPORTER,
            Malformed,
            "location.range",
        ),
    ],
)
def test_what_cannot_be_reported(
    command: ReportFinding, who: str, kind: type[HandheldError], code: str
) -> None:
    refused(kind, code, lambda: decide_report(command, who, ORGANISATION, None))


def test_the_village_orders_it_cleared_and_calls_only_its_own_people() -> None:
    ordered = order(OFFICIAL, running())

    called = [dispatch.assignee.person for dispatch in ordered.opening.dispatches]
    assert called == [GRID_HEAD, OFFICIAL]
    (issued,) = ordered.opening.events
    assert isinstance(issued, OrderIssued)
    assert issued.finding == FINDING
    assert ordered.events == (
        FindingOrdered(task_force_started=TASK_FORCE, order=order_id(COMMAND, 0)),
    )


def test_the_district_calls_whom_it_wants_in_the_territory_of_the_task_force() -> None:
    up = FindingPassedUp(desk=TOWNSHIP, reason="r")
    top = FindingPassedUp(desk=COUNTY, reason="r")

    ordered = order(COMMANDER, running(TOWNSHIP), up, top)

    called = {dispatch.assignee.person for dispatch in ordered.opening.dispatches}
    assert called == {GRID_HEAD, OFFICIAL, NEXT_OFFICIAL}


def test_somebody_of_another_village_can_be_called_by_name() -> None:
    command = replace(ORDER, order=Order(text="带油锯来", people=(NEXT_OFFICIAL,)))

    ordered = order(OFFICIAL, running(), command=command)

    assert [d.assignee.person for d in ordered.opening.dispatches] == [NEXT_OFFICIAL]


def test_only_those_of_the_desk_order_about_it() -> None:
    refused(NotAllowed, "finding.not_your_desk", lambda: order(NEXT_OFFICIAL, running()))


def test_the_task_force_must_be_one_of_the_place_and_running() -> None:
    refused(Malformed, "finding.elsewhere", lambda: order(OFFICIAL, running(OTHER_TOWNSHIP)))
    refused(NotFound, "task_force.unknown", lambda: order(OFFICIAL, None))
    down = order(OFFICIAL, running(COUNTY, StoodDown(reason="过境", withdrawn=0)))
    assert (down.opening.outcome, down.opening.code) == ("refused", "task_force.stood_down")
    assert down.events == ()


def test_nothing_is_ordered_about_what_is_dealt_with() -> None:
    ordered = order(OFFICIAL, running(), FindingDealtWith(text="done"))

    assert (ordered.opening.outcome, ordered.opening.code) == ("refused", "finding.dealt_with")
    assert (ordered.opening.dispatches, ordered.events) == ([], ())


def settled(
    tasks: tuple[Status, ...],
    *events: FindingEvent,
    who: str = "reactions",
    order: str = "order-1",
    second: tuple[Status, ...] = (),
) -> Any:
    """`tasks` are those of the first order about it, `second` those of another."""
    command = replace(SETTLE, order=order)
    by_order = {"order-1": tasks, "order-2": second}
    return answering(
        given_finding(*events),
        lambda state: decide_settled(state, command, by(who), by_order, "路通了"),
    )


def test_it_is_dealt_with_when_the_tasks_of_its_order_are_done() -> None:
    event = FindingDealtWith(text="路通了", order="order-1")

    assert settled(("closed",), ORDERED).then(event).status == "dealt_with"
    settled(("closed", "withdrawn", "declined"), ORDERED).then(event)
    settled(("closed",), ORDERED, event).is_already_done("finding.dealt_with")


@pytest.mark.parametrize(
    ("tasks", "code"),
    [
        (("closed", "waiting"), "finding.tasks_open"),
        (("in_progress",), "finding.tasks_open"),
        (("to_verify", "closed"), "finding.tasks_open"),
        (("declined", "withdrawn"), "finding.nothing_done"),
        ((), "finding.nothing_done"),
    ],
)
def test_it_is_not_dealt_with_while_something_is_open_or_nothing_was_done(
    tasks: tuple[Status, ...], code: str
) -> None:
    settled(tasks, ORDERED).is_refused(code)


def test_an_order_that_the_desk_has_left_does_not_settle_it() -> None:
    up = FindingPassedUp(desk=TOWNSHIP, reason="r")
    settled(("closed",), ORDERED, up).is_refused("finding.order_left")
    anew = (ORDERED, up, AGAIN)
    settled(("closed",), *anew).is_refused("finding.order_left")
    settled(("waiting",), *anew, order="order-2", second=("closed",)).then(
        FindingDealtWith(text="路通了", order="order-2")
    )


@pytest.mark.parametrize("order", ["order-1", "order-2"])
def test_with_two_orders_it_is_dealt_with_when_both_are_done_whichever_is_last(
    order: str,
) -> None:
    both = (ORDERED, AGAIN)
    settled(("waiting",), *both, order=order, second=("closed",)).is_refused("finding.tasks_open")
    settled(("closed",), *both, order=order, second=("waiting",)).is_refused("finding.tasks_open")
    settled(("closed",), *both, order=order, second=("declined",)).is_refused(
        "finding.nothing_done"
    )
    settled(("closed",), *both, order=order, second=("closed",)).then(
        FindingDealtWith(text="路通了", order=order)
    )


def test_an_order_that_was_withdrawn_as_a_whole_holds_nothing_up() -> None:
    one_done = FindingDealtWith(text="路通了", order="order-1")
    for order in ("order-1", "order-2"):
        asked = settled(("closed",), ORDERED, AGAIN, order=order, second=("withdrawn",))
        assert asked.then(one_done).status == "dealt_with"
    settled(("withdrawn",), ORDERED).is_refused("finding.nothing_done")


def test_an_order_about_something_else_does_not_settle_it() -> None:
    settled(("closed",), ORDERED, order="order-9").raises(NotFound, "order.unknown")
    settled(("closed",), ORDERED, who=NEXT_OFFICIAL).raises(NotAllowed, "finding.not_your_desk")
