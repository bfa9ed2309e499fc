from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from handheld.domain import task_force
from handheld.domain.errors import HandheldError, Malformed, NotFound
from handheld.domain.ordering import VACANCIES_NAMED, IssueOrder, Opening, Order, decide_order
from handheld.domain.plan import Plan
from handheld.domain.starting import StartAdHoc, StartFromPlan, decide_start, preview
from handheld.domain.task_force import TaskForce
from handheld_events.ids import TaskIds, order_id, task_force_id
from handheld_events.orders import PlanOrder, Target, Vacancy
from handheld_events.plan import PlanAdopted
from handheld_events.task import TaskDispatched
from handheld_events.task_force import OrderIssued, StoodDown, TaskForceClosed, TaskForceStarted
from handheld_projections.organisation import Organisation
from tests.support_organisation import erase, organisation
from tests.support_rules import AT, START

COUNTY, TOWNSHIP = "330825", "330825100"
VILLAGES = ("330825100200", "330825100201", "330825101200")
LEADERS = Target(role="village_team_leader", tier="village", kind="villagers_committee")
HEADS = Target(role="grid_head", tier="village")

VISIT = PlanOrder(key="visit", text="走访", to=(LEADERS,), accept_within=3600, report_within=7200)
PATROL = PlanOrder(key="patrol", text="巡查", to=(HEADS,), steps=("accept", "report", "verify"))
EDITION = PlanAdopted(title="防台风", division=COUNTY, orders=(VISIT, PATROL), level="III")
PLAN = Plan(edition=EDITION)
FROM_PLAN = StartFromPlan(plan="plan-typhoon", division=COUNTY)
AD_HOC = StartAdHoc(
    title="违建拆除",
    division=TOWNSHIP,
    place="双桥乡",
    level="IV",
    orders=(Order(text="到现场集合", people=("person-H", "person-A")),),
)


def _town() -> Organisation:
    return organisation(
        [COUNTY, TOWNSHIP, "330825101", *VILLAGES],
        {
            "person-A": [("village_team_leader", VILLAGES[0])],
            "person-B": [("village_team_leader", VILLAGES[1])],
            "person-C": [("village_team_leader", VILLAGES[2])],
            "person-H": [("grid_head", VILLAGES[0])],
        },
    )


def _start(
    command: StartFromPlan | StartAdHoc, plan: Plan | None = PLAN, town: Organisation | None = None
) -> Opening:
    read = (plan, 4) if plan and isinstance(command, StartFromPlan) else None
    return decide_start(command, START, AT, read, town or _town(), 77)


def _started(opening: Opening) -> TaskForce:
    state: TaskForce | None = None
    for event in opening.events:
        state = task_force.evolve(state, event)
    assert state is not None
    return state


def _orders(opening: Opening) -> list[OrderIssued]:
    return [event for event in opening.events if isinstance(event, OrderIssued)]


def test_one_click_gives_the_task_force_its_orders_and_a_task_for_everybody() -> None:
    opening = _start(FROM_PLAN)

    assert (opening.outcome, opening.code) == ("accepted", None)
    assert opening.events == [
        TaskForceStarted(
            title="防台风",
            division=COUNTY,
            organisation_at=77,
            plan="plan-typhoon",
            plan_version=4,
            level="III",
        ),
        OrderIssued(
            order=order_id(START, 0),
            key="visit",
            text="走访",
            to=(LEADERS,),
            tasks=3,
            accept_by=AT + timedelta(hours=1),
            report_by=AT + timedelta(hours=2),
        ),
        OrderIssued(
            order=order_id(START, 1),
            key="patrol",
            text="巡查",
            to=(HEADS,),
            steps=("accept", "report", "verify"),
            tasks=1,
            vacant=tuple(Vacancy(role="grid_head", division=code) for code in VILLAGES[1:]),
            vacant_count=2,
        ),
    ]
    assert [(d.assignee.person, d.assignee.division) for d in opening.dispatches] == [
        ("person-A", VILLAGES[0]),
        ("person-B", VILLAGES[1]),
        ("person-C", VILLAGES[2]),
        ("person-H", VILLAGES[0]),
    ]


def test_each_task_says_its_order_person_role_and_steps() -> None:
    last = _start(FROM_PLAN).dispatches[-1]

    assert last.event == TaskDispatched(
        order=order_id(START, 1),
        person="person-H",
        role="grid_head",
        steps=("accept", "report", "verify"),
    )
    assert last.task == TaskIds(order_id(START, 1)).of("person-H")


def test_a_start_in_one_township_calls_nobody_elsewhere() -> None:
    opening = _start(replace(FROM_PLAN, division=TOWNSHIP))

    assert {d.assignee.division[:9] for d in opening.dispatches} == {TOWNSHIP}
    assert [order.tasks for order in _orders(opening)] == [2, 1]


def test_the_start_may_have_a_title_and_a_place_of_its_own() -> None:
    started = _start(replace(FROM_PLAN, title="台风“烟花”", place="龙游")).events[0]

    assert isinstance(started, TaskForceStarted)
    assert (started.title, started.place) == ("台风“烟花”", "龙游")


def test_an_ad_hoc_start_calls_those_named_in_the_order_in_which_they_are_named() -> None:
    opening = _start(AD_HOC)

    assert opening.events == [
        TaskForceStarted(
            title="违建拆除", division=TOWNSHIP, organisation_at=77, place="双桥乡", level="IV"
        ),
        OrderIssued(order=order_id(START, 0), key="1", text="到现场集合", tasks=2),
    ]
    assert [d.assignee.person for d in opening.dispatches] == ["person-H", "person-A"]
    assert all(d.event.role is None for d in opening.dispatches)


def test_an_ad_hoc_order_may_go_to_posts_and_people_and_nobody_gets_it_twice() -> None:
    order = Order(text="x", to=(LEADERS,), people=("person-H", "person-A", "person-H"))

    opening = _start(replace(AD_HOC, orders=(order,)))

    assert [(d.assignee.person, d.event.role) for d in opening.dispatches] == [
        ("person-A", "village_team_leader"),
        ("person-B", "village_team_leader"),
        ("person-H", None),
    ]


def test_somebody_in_two_orders_has_a_task_of_each() -> None:
    orders = (Order(text="x", people=("person-A",)), Order(text="y", people=("person-A",)))

    first, second = _start(replace(AD_HOC, orders=orders)).dispatches

    assert first.assignee == second.assignee
    assert first.task != second.task


@pytest.mark.parametrize("command", [FROM_PLAN, AD_HOC], ids=["plan", "ad hoc"])
def test_the_preview_shows_exactly_what_the_start_dispatches(
    command: StartFromPlan | StartAdHoc,
) -> None:
    seen = preview(command, PLAN, _town())
    opening = _start(command)

    assert seen.title == _started(opening).title
    assert [a for _, found in seen.orders for a in found.assignees] == [
        d.assignee for d in opening.dispatches
    ]
    assert [tuple(found.vacant) for _, found in seen.orders] == [
        order.vacant for order in _orders(opening)
    ]
    assert [(order.key, order.text) for order, _ in seen.orders] == [
        (order.key, order.text) for order in _orders(opening)
    ]


@pytest.mark.parametrize("command", [FROM_PLAN, AD_HOC], ids=["plan", "ad hoc"])
def test_a_retried_start_makes_the_same_task_force_orders_and_tasks(
    command: StartFromPlan | StartAdHoc,
) -> None:
    opening = _start(command)

    assert _start(command) == opening
    assert opening.task_force == task_force_id(START)
    assert len({d.task for d in opening.dispatches}) == len(opening.dispatches)


@pytest.mark.parametrize("command", [FROM_PLAN, AD_HOC], ids=["plan", "ad hoc"])
def test_the_task_force_can_go_on_from_its_start(command: StartFromPlan | StartAdHoc) -> None:
    opening = _start(command)

    state = _started(opening)

    assert state.status == "active"
    assert state.orders == {order.order: order.steps for order in _orders(opening)}
    assert opening.division == state.division == command.division


def test_vacancies_are_named_up_to_a_thousand_and_all_are_counted() -> None:
    codes = [f"330825100{n:03d}" for n in range(200, 400)]
    grids = [f"{code}{n:03d}" for code in codes for n in range(1, 8)]
    town = organisation([COUNTY, TOWNSHIP, *codes, *grids], {"person-H": [("grid_head", grids[0])]})
    plan = Plan(
        edition=replace(
            EDITION, orders=(replace(VISIT, to=(Target(role="grid_head", tier="grid"),)),)
        )
    )

    (order,) = _orders(_start(FROM_PLAN, plan, town))

    assert (len(grids), order.tasks, order.vacant_count) == (1400, 1, 1399)
    assert [post.division for post in order.vacant] == grids[1 : VACANCIES_NAMED + 1]


def test_a_person_erased_is_not_called_and_their_post_is_vacant() -> None:
    town = _town()
    erase(town, "person-B")

    visit = _orders(_start(FROM_PLAN, town=town))[0]

    assert (visit.tasks, [post.division for post in visit.vacant]) == (2, [VILLAGES[1]])


REFUSED: list[tuple[StartFromPlan | StartAdHoc, Plan | None, type[HandheldError], str]] = [
    (FROM_PLAN, None, NotFound, "plan.unknown"),
    (FROM_PLAN, Plan(edition=EDITION, retired=True), Malformed, "plan.retired"),
    (FROM_PLAN, Plan(edition=replace(EDITION, division=TOWNSHIP)), Malformed, "plan.elsewhere"),
    (FROM_PLAN, Plan(edition=replace(EDITION, division="330803")), Malformed, "plan.elsewhere"),
    (replace(FROM_PLAN, division="330803"), PLAN, NotFound, "division.unknown"),
    (replace(FROM_PLAN, division="330825101"), PLAN, Malformed, "order.reaches_nobody"),
    (replace(FROM_PLAN, title=" "), PLAN, Malformed, "words.missing"),
    (replace(FROM_PLAN, place=" "), PLAN, Malformed, "words.missing"),
    (replace(AD_HOC, division="330899"), None, NotFound, "division.unknown"),
    (replace(AD_HOC, title=""), None, Malformed, "words.missing"),
    (replace(AD_HOC, orders=()), None, Malformed, "start.no_orders"),
]
WRONG_ORDERS = [
    (Order(text=""), "words.missing"),
    (Order(text="x"), "order.reaches_nobody"),
    (Order(text="x", to=(Target(role="household_contact"),)), "order.reaches_nobody"),
    (Order(text="x", to=(Target(role="mayor"),)), "role.unknown"),
    (Order(text="x", people=("person-Z",)), "person.unknown"),
    (Order(text="x", people=("person-A",), steps=("report",)), "order.steps"),
    (Order(text="x", people=("person-A",), accept_within=59), "order.deadline"),
    (Order(text="x", people=("person-A",), report_within=10**9), "order.deadline"),
]


@pytest.mark.parametrize(("command", "plan", "kind", "code"), REFUSED, ids=lambda v: str(v)[:20])
def test_a_start_that_makes_no_sense_is_refused_and_so_is_its_preview(
    command: StartFromPlan | StartAdHoc,
    plan: Plan | None,
    kind: type[HandheldError],
    code: str,
) -> None:
    for decide in (lambda: _start(command, plan), lambda: preview(command, plan, _town())):
        with pytest.raises(kind) as caught:
            decide()
        assert (type(caught.value), caught.value.code) == (kind, code)


@pytest.mark.parametrize(("order", "code"), WRONG_ORDERS, ids=lambda v: str(v)[:20])
def test_an_order_that_makes_no_sense_is_refused_at_the_start_and_later(
    order: Order, code: str
) -> None:
    with pytest.raises(Malformed) as at_start:
        _start(replace(AD_HOC, orders=(AD_HOC.orders[0], order)))
    with pytest.raises(Malformed) as later:
        _order(_started(_start(AD_HOC)), order)

    assert (at_start.value.code, later.value.code) == (code, code)


LATER = "017ad23500007000800000000000abcd"


def _order(state: TaskForce | None, order: Order) -> Opening:
    return decide_order(IssueOrder(task_force="tf-1", order=order), LATER, AT, state, _town())


def test_a_further_order_is_numbered_on_and_reaches_the_territory_of_the_task_force() -> None:
    state = _started(_start(AD_HOC))

    opening = _order(state, Order(text="清障", to=(LEADERS,), accept_within=600))

    assert opening.events == [
        OrderIssued(
            order=order_id(LATER, 0),
            key="2",
            text="清障",
            to=(LEADERS,),
            tasks=2,
            accept_by=AT + timedelta(minutes=10),
        )
    ]
    assert [d.assignee.person for d in opening.dispatches] == ["person-A", "person-B"]
    assert opening.task_force == "tf-1"


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (StoodDown(reason="over", withdrawn=0), "task_force.stood_down"),
        (TaskForceClosed(outcome="done"), "task_force.closed"),
    ],
)
def test_after_the_end_no_order_is_given(end: StoodDown | TaskForceClosed, code: str) -> None:
    state = task_force.evolve(_started(_start(AD_HOC)), end)

    opening = _order(state, AD_HOC.orders[0])

    assert (opening.outcome, opening.code) == ("refused", code)
    assert (opening.events, opening.dispatches) == ([], [])


def test_no_order_is_given_in_a_task_force_that_there_is_not() -> None:
    with pytest.raises(NotFound) as caught:
        _order(None, AD_HOC.orders[0])

    assert caught.value.code == "task_force.unknown"
