from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from handheld.domain import task_force
from handheld.domain.errors import HandheldError, Malformed, NotAllowed, NotFound
from handheld.domain.ordering import VACANCIES_NAMED, IssueOrder, Opening, Order, decide_order
from handheld.domain.plan import Plan
from handheld.domain.starting import StartAdHoc, StartFromPlan, decide_start, preview
from handheld.domain.task_force import TaskForce
from handheld.domain.waves import CallForeseen, call_foreseen
from handheld_events.forms import FormField
from handheld_events.ids import TaskIds, order_id, task_force_id
from handheld_events.orders import PlanOrder, Reminding, Target, Vacancy, Wartime
from handheld_events.plan import PlanAdopted
from handheld_events.task import TaskDispatched
from handheld_events.task_force import (
    DepartmentCalled,
    OrderIssued,
    StoodDown,
    TaskForceClosed,
    TaskForceStarted,
)
from handheld_projections.organisation import Organisation
from tests.support_organisation import Posts, erase, organisation, switch
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
        [COUNTY, TOWNSHIP, "330825101", "330825102", *VILLAGES],
        {
            "person-A": [("village_team_leader", VILLAGES[0])],
            "person-B": [("village_team_leader", VILLAGES[1])],
            "person-C": [("village_team_leader", VILLAGES[2])],
            "person-H": [("grid_head", VILLAGES[0])],
        },
    )


def _start(
    command: StartFromPlan | StartAdHoc,
    plan: Plan | None = PLAN,
    town: Organisation | None = None,
    actor: str = "operator",
) -> Opening:
    read = (plan, 4) if plan and isinstance(command, StartFromPlan) else None
    return decide_start(command, START, AT, read, town or _town(), 77, actor)


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
            tasks=3,
            vacant=tuple(Vacancy(role="grid_head", division=code) for code in VILLAGES[1:]),
            vacant_count=2,
        ),
    ]
    assert [(d.assignee.person, d.assignee.division) for d in opening.dispatches] == [
        ("person-A", VILLAGES[0]),
        ("person-B", VILLAGES[1]),
        ("person-C", VILLAGES[2]),
        ("person-H", VILLAGES[0]),
        ("person-B", VILLAGES[1]),
        ("person-C", VILLAGES[2]),
    ]


def test_each_task_says_its_order_person_role_and_steps() -> None:
    last = _start(FROM_PLAN).dispatches[3]

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
    assert [order.tasks for order in _orders(opening)] == [2, 2]


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
    steps = {order: terms.steps for order, terms in state.orders.items()}
    assert steps == {order.order: order.steps for order in _orders(opening)}
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


def test_whoever_is_on_duty_above_gets_the_task_of_a_vacant_post_and_it_says_so() -> None:
    opening = _start(FROM_PLAN)

    stands_in = {
        d.assignee.person: d.event.instead_of for d in opening.dispatches if d.event.instead_of
    }

    assert stands_in == {
        "person-B": (Vacancy(role="grid_head", division=VILLAGES[1]),),
        "person-C": (Vacancy(role="grid_head", division=VILLAGES[2]),),
    }


def test_only_an_order_that_nobody_at_all_can_be_given_is_refused() -> None:
    """No grid head, no village official, no team leader: the township stands in, then nobody."""
    heads = Order(text="x", to=(HEADS,))
    command = replace(AD_HOC, division=TOWNSHIP, orders=(heads,))
    codes = [COUNTY, TOWNSHIP, *VILLAGES[:2]]
    with_an_official = organisation(codes, {"person-T": [("township_official", TOWNSHIP)]})

    (only,) = _start(command, town=with_an_official).dispatches
    assert (only.assignee.person, len(only.event.instead_of)) == ("person-T", 2)
    with pytest.raises(Malformed) as caught:
        _start(command, town=organisation(codes))
    assert caught.value.code == "order.reaches_nobody"


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
    (replace(FROM_PLAN, division="330825102"), PLAN, Malformed, "order.reaches_nobody"),
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


# --- who may start ----------------------------------------------------------------------------------

OTHER_TOWNSHIP = "330825101"
ROOMS: dict[str, Posts] = {
    "person-DC": [("district_commander", COUNTY)],
    "person-DD": [("duty_officer", COUNTY)],
    "person-TC": [("township_commander", TOWNSHIP)],
    "person-TD": [("duty_officer", TOWNSHIP)],
    "person-TO": [("township_official", TOWNSHIP)],
    "person-VO": [("village_official", VILLAGES[0])],
    "person-GH": [("grid_head", VILLAGES[0])],
    "person-WD": [("duty_officer", COUNTY, "water")],
}
EVERYWHERE = (COUNTY, TOWNSHIP, OTHER_TOWNSHIP, VILLAGES[0])
MAY: dict[str, set[str]] = {
    "person-DC": set(EVERYWHERE),
    "person-DD": set(EVERYWHERE),
    "person-TC": {TOWNSHIP, VILLAGES[0]},
    "person-TD": {TOWNSHIP, VILLAGES[0]},
    "operator": set(EVERYWHERE),
    "reactions": set(EVERYWHERE),
}


@pytest.mark.parametrize("actor", [*ROOMS, "operator", "reactions", "person-unknown"])
@pytest.mark.parametrize("division", EVERYWHERE)
def test_the_district_starts_anywhere_a_township_in_its_territory_and_others_ask(
    actor: str, division: str
) -> None:
    codes = [COUNTY, TOWNSHIP, OTHER_TOWNSHIP, *VILLAGES]
    town = organisation(codes, ROOMS, {"water": COUNTY})
    command = replace(AD_HOC, division=division, orders=(Order(text="x", people=("person-GH",)),))

    if division in MAY.get(actor, set()):
        started = _start(command, town=town, actor=actor).events[0]
        assert isinstance(started, TaskForceStarted)
        commander = actor if actor.startswith("person-") else None
        assert started.commander == commander
    else:
        with pytest.raises(NotAllowed) as caught:
            _start(command, town=town, actor=actor)
        assert (caught.value.code, caught.value.params) == ("start.ask", {"division": division})


# --- departments ------------------------------------------------------------------------------------


def _with_departments() -> Organisation:
    return organisation(
        [COUNTY, TOWNSHIP, "330825101", *VILLAGES],
        {
            "person-A": [("village_team_leader", VILLAGES[0])],
            "person-W": [("department_head", COUNTY, "water")],
            "person-P": [("department_officer", COUNTY, "police")],
        },
        {"water": COUNTY, "police": COUNTY},
    )


def test_the_plan_says_who_leads_and_who_responds_and_nobody_is_called_twice() -> None:
    to = (Target(department="police"), Target(department="water"))
    edition = replace(
        EDITION, orders=(replace(VISIT, to=to),), lead="water", responding=("police",)
    )
    opening = _start(FROM_PLAN, Plan(edition=edition), _with_departments())

    called = [event for event in opening.events if isinstance(event, DepartmentCalled)]
    assert called == [
        DepartmentCalled(department="water", part="lead"),
        DepartmentCalled(department="police", part="responding"),
    ]
    assert [(d.assignee.person, d.event.unit) for d in opening.dispatches] == [
        ("person-P", True),
        ("person-W", True),
    ]
    state = _started(opening)
    assert state.lead == "water"


def test_a_department_that_an_order_calls_as_a_unit_responds() -> None:
    order = Order(text="x", to=(Target(department="water"),))
    opening = _start(replace(AD_HOC, orders=(order, order)), None, _with_departments())

    called = [event for event in opening.events if isinstance(event, DepartmentCalled)]
    assert called == [DepartmentCalled(department="water", part="responding")]


def test_a_department_that_there_is_not_cannot_lead() -> None:
    for command, plan in (
        (replace(AD_HOC, lead="fire"), None),
        (FROM_PLAN, Plan(edition=replace(EDITION, lead="fire"))),
        (FROM_PLAN, Plan(edition=replace(EDITION, responding=("fire",)))),
    ):
        with pytest.raises(NotFound) as caught:
            _start(command, plan)
        assert caught.value.code == "department.unknown"


# --- what the plan calls later ----------------------------------------------------------------------

SOON = replace(VISIT, key="soon", after=1800)
ROUNDS = replace(VISIT, key="rounds", every=3600)
AT_III = replace(VISIT, key="third", level="III")
AT_I = replace(VISIT, key="first", level="I")
AT_III_SOON = replace(VISIT, key="third-soon", level="III", after=600)


def test_a_plan_gives_now_what_is_for_now_and_foresees_the_rest() -> None:
    orders = (VISIT, SOON, ROUNDS, AT_III, AT_I, AT_III_SOON)
    opening = _start(FROM_PLAN, Plan(edition=replace(EDITION, orders=orders)))
    issued = {order.key: order for order in _orders(opening)}
    state = _started(opening)

    assert list(issued) == ["visit", "rounds", "third"]
    assert [issued[key].called_at_level for key in issued] == [None, None, "III"]
    assert (issued["rounds"].occurrence, issued["rounds"].next_at) == (1, AT + timedelta(hours=1))
    assert (issued["visit"].occurrence, issued["visit"].next_at) == (None, None)
    assert {key: foreseen.at for key, foreseen in state.foreseen.items()} == {
        "soon": AT + timedelta(minutes=30),
        "rounds": AT + timedelta(hours=1),
        "third": None,
        "first": None,
        "third-soon": AT + timedelta(minutes=10),
    }


def test_the_preview_names_what_is_called_later() -> None:
    plan = Plan(edition=replace(EDITION, orders=(VISIT, SOON, AT_I)))

    seen = preview(FROM_PLAN, plan, _town())

    assert [order.key for order, _ in seen.orders] == ["visit"]
    assert [order.key for order in seen.later] == ["soon", "first"]
    assert seen.level == "III"


def test_a_plan_that_orders_nothing_at_once_cannot_be_started() -> None:
    with pytest.raises(Malformed) as caught:
        _start(FROM_PLAN, Plan(edition=replace(EDITION, orders=(SOON, AT_I))))

    assert caught.value.code == "start.no_orders"


def test_a_further_order_never_takes_the_name_of_one_that_the_plan_foresees() -> None:
    """A plan may call its orders 1, 2, 3: the one that is still to come would be taken for given."""
    plan = Plan(edition=replace(EDITION, orders=(VISIT, replace(SOON, key="2"))))
    state = _started(_start(FROM_PLAN, plan))
    due = state.foreseen["2"].at

    opening = _order(state, Order(text="清障", people=("person-A",)))
    for event in opening.events:
        state = task_force.evolve(state, event)

    assert [order.key for order in _orders(opening)] == ["3"]
    assert (state.foreseen["2"].at, due) == (due, AT + timedelta(minutes=30))


# --- posture ----------------------------------------------------------------------------------------

WARTIME = Wartime(accept_within=600, steps=("accept", "report"))
CAREFUL = replace(PATROL, accept_within=3600, report_within=7200, wartime=WARTIME)


def test_in_wartime_deadlines_are_shorter_and_steps_are_left_out_as_the_plan_says() -> None:
    plan = Plan(edition=replace(EDITION, orders=(CAREFUL,)))
    town = _town()
    (peace,) = _orders(_start(FROM_PLAN, plan, town))
    switch(town, COUNTY, "wartime")

    opening = _start(FROM_PLAN, plan, town)

    (war,) = _orders(opening)
    assert (peace.steps, peace.accept_by) == (PATROL.steps, AT + timedelta(hours=1))
    assert (war.steps, war.accept_by) == (("accept", "report"), AT + timedelta(minutes=10))
    assert war.report_by == peace.report_by == AT + timedelta(hours=2)
    assert {d.event.steps for d in opening.dispatches} == {("accept", "report")}
    assert _started(opening).posture == "wartime"


def test_the_posture_at_the_start_holds_for_what_is_called_later() -> None:
    orders = (VISIT, replace(CAREFUL, after=600))
    plan = Plan(edition=replace(EDITION, orders=orders))
    town = _town()
    switch(town, COUNTY, "wartime")
    state = _started(_start(FROM_PLAN, plan, town))
    switch(town, COUNTY, "peacetime")
    command = CallForeseen(task_force="tf-1", key="patrol", at=AT + timedelta(minutes=10))

    opening = call_foreseen(command, LATER, AT + timedelta(minutes=10), state, town)

    (order,) = _orders(opening)
    assert (order.steps, order.accept_by) == (("accept", "report"), AT + timedelta(minutes=20))


# --- open to a group, forms, reminders --------------------------------------------------------------


def test_an_order_open_to_a_group_gives_each_a_task_that_is_not_theirs_yet() -> None:
    order = Order(text="清障", to=(LEADERS,), open_to=1)

    opening = _start(replace(AD_HOC, orders=(order,)))

    (issued,) = _orders(opening)
    assert (issued.open_to, issued.tasks) == (1, 2)
    assert all(d.event.open for d in opening.dispatches)


def test_an_order_says_its_form_and_when_people_are_reminded() -> None:
    form = (FormField(key="moved", label="转移人数", kind="number"),)
    remind = Reminding(after=600, every=300)
    order = Order(
        text="x", people=("person-A",), form=form, remind_accept=remind, remind_report=remind
    )

    opening = _start(replace(AD_HOC, orders=(order,)))

    (issued,) = _orders(opening)
    assert (issued.form, issued.remind_accept, issued.remind_report) == (form, remind, remind)
    assert opening.dispatches[0].event.form
