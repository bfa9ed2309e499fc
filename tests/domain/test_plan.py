from __future__ import annotations

import pytest
from msgspec.structs import replace

from handheld.domain.errors import Malformed, NotFound
from handheld.domain.plan import AdoptPlan, RetirePlan, evolve, unknown_departments
from handheld.domain.roles import ROLES
from handheld_events.examples import EXAMPLES
from handheld_events.forms import FormField
from handheld_events.orders import PlanOrder, Reminding, Steps, Target, Wartime
from handheld_events.plan import PlanAdopted, PlanEvent, PlanRetired, Trigger
from tests.support_rules import given_plan

ORDER = PlanOrder(key="visit", text="走访", to=(Target(role="household_contact", tier="village"),))
ADOPT = AdoptPlan(plan="typhoon", title="防台风", division="330825", orders=(ORDER,), level="IV")
EDITION = PlanAdopted(title="防台风", division="330825", orders=(ORDER,), level="IV")
RETIRE = RetirePlan(plan="typhoon", reason="已由新预案取代")
RETIRED = PlanRetired(reason="已由新预案取代")


def test_a_plan_is_put_into_force() -> None:
    assert given_plan().when(ADOPT).then(EDITION).edition == EDITION


def test_the_same_edition_again_is_already_done() -> None:
    given_plan(EDITION).when(ADOPT).is_already_done("plan.adopted")


@pytest.mark.parametrize(
    "other",
    [
        replace(ADOPT, title="防台风（修订）"),
        replace(ADOPT, division="330803"),
        replace(ADOPT, level=None),
        replace(ADOPT, orders=(ORDER, replace(ORDER, key="again"))),
        replace(ADOPT, triggers=(Trigger(event="台风", at_least="orange"),)),
        replace(ADOPT, lead="emergency"),
        replace(ADOPT, responding=("water", "police")),
    ],
)
def test_another_edition_replaces_the_one_before(other: AdoptPlan) -> None:
    edition = PlanAdopted(
        title=other.title,
        division=other.division,
        orders=other.orders,
        level=other.level,
        triggers=other.triggers,
        lead=other.lead,
        responding=other.responding,
    )

    assert given_plan(EDITION).when(other).then(edition).edition == edition


def test_a_plan_is_retired_once() -> None:
    assert given_plan(EDITION).when(RETIRE).then(RETIRED).retired
    given_plan(EDITION, RETIRED).when(RETIRE).is_already_done("plan.retired")


def test_a_retired_plan_comes_back_when_it_is_adopted_again() -> None:
    assert not given_plan(EDITION, RETIRED).when(ADOPT).then(EDITION).retired


def test_a_plan_that_there_is_not_cannot_be_retired() -> None:
    given_plan().when(RETIRE).raises(NotFound, "plan.unknown", plan="typhoon")


def test_a_plan_is_retired_for_a_reason() -> None:
    given_plan(EDITION).when(replace(RETIRE, reason=" ")).raises(Malformed, "words.missing")


def test_a_plan_begins_with_its_adoption() -> None:
    with pytest.raises(TypeError, match=r"begins with plan\.adopted"):
        evolve(None, RETIRED)


@pytest.mark.parametrize("event", [e for e in EXAMPLES.values() if isinstance(e, PlanEvent)])
def test_every_event_of_a_plan_is_taken_in(event: PlanEvent) -> None:
    after = evolve(evolve(None, EDITION), event)

    assert after.retired == isinstance(event, PlanRetired)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(ADOPT, plan="台风"), "plan.key"),
        (replace(ADOPT, plan=""), "plan.key"),
        (replace(ADOPT, division="3308"), "division.code"),
        (replace(ADOPT, title=" "), "words.missing"),
        (replace(ADOPT, orders=()), "plan.no_orders"),
        (replace(ADOPT, orders=(ORDER, ORDER)), "plan.order_twice"),
        (replace(ADOPT, orders=(replace(ORDER, text=""),)), "words.missing"),
        (replace(ADOPT, orders=(replace(ORDER, to=()),)), "order.nobody"),
        (replace(ADOPT, orders=(replace(ORDER, to=(Target(role="mayor"),)),)), "role.unknown"),
        (replace(ADOPT, orders=(replace(ORDER, to=(Target(),)),)), "target.nothing"),
        (replace(ADOPT, lead="水利"), "department.key"),
        (replace(ADOPT, responding=("",)), "department.key"),
        (replace(ADOPT, responding=("water", "water")), "plan.department_twice"),
        (replace(ADOPT, lead="water", responding=("water",)), "plan.department_twice"),
        (replace(ADOPT, triggers=(Trigger(event=" ", at_least="red"),)), "words.missing"),
        (
            replace(
                ADOPT,
                triggers=(
                    Trigger(event="台风", at_least="red", does="start"),
                    Trigger(event="台风", at_least="blue"),
                ),
            ),
            "plan.trigger_twice",
        ),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(wrong: AdoptPlan, code: str) -> None:
    given_plan().when(wrong).raises(Malformed, code)
    given_plan(EDITION).when(wrong).raises(Malformed, code)


def test_an_unknown_role_is_answered_with_those_that_there_are() -> None:
    wrong = replace(ADOPT, orders=(replace(ORDER, to=(Target(role="mayor"),)),))

    given_plan().when(wrong).raises(Malformed, "role.unknown", role="mayor", known=", ".join(ROLES))


@pytest.mark.parametrize(
    "steps",
    [
        ("accept",),
        ("accept", "report"),
        ("accept", "report", "verify"),
        ("accept", "en_route", "on_scene", "report", "verify"),
        ("accept", "on_scene"),
        ("accept", "en_route", "report"),
    ],
)
def test_a_task_begins_with_acceptance_and_verifies_what_was_reported(steps: Steps) -> None:
    order = replace(ORDER, steps=steps)

    given_plan().when(replace(ADOPT, orders=(order,))).then(replace(EDITION, orders=(order,)))


@pytest.mark.parametrize(
    "steps",
    [
        (),
        ("report",),
        ("verify",),
        ("accept", "verify"),
        ("accept", "on_scene", "verify"),
        ("report", "accept"),
        ("en_route", "accept"),
        ("accept", "on_scene", "en_route"),
        ("accept", "accept"),
        ("accept", "report", "verify", "verify"),
    ],
)
def test_other_steps_make_no_sense(steps: Steps) -> None:
    refused(replace(ORDER, steps=steps), "order.steps")


@pytest.mark.parametrize("field", ["accept_within", "report_within"])
def test_a_deadline_lies_between_a_minute_and_a_year(field: str) -> None:
    for seconds in (60, 3600, 366 * 86_400):
        order = replace(ORDER, **{field: seconds})
        given_plan().when(replace(ADOPT, orders=(order,))).then(replace(EDITION, orders=(order,)))
    for seconds in (-1, 0, 59, 366 * 86_400 + 1):
        order = replace(ORDER, **{field: seconds})
        given_plan().when(replace(ADOPT, orders=(order,))).raises(
            Malformed, "order.deadline", order="visit", seconds=seconds
        )


@pytest.mark.parametrize("field", ["after", "every"])
def test_what_is_called_later_is_called_between_a_minute_and_31_days_later(field: str) -> None:
    for seconds in (60, 31 * 86_400):
        adopted(replace(ORDER, **{field: seconds}))
    for seconds in (0, 59, 31 * 86_400 + 1):
        refused(replace(ORDER, **{field: seconds}), "order.later")


@pytest.mark.parametrize("field", ["remind_accept", "remind_report"])
def test_reminders_are_a_minute_apart_and_ten_at_the_most(field: str) -> None:
    for fine in (Reminding(after=60, every=60, most=1), Reminding(after=3900, every=60, most=10)):
        adopted(replace(ORDER, **{field: fine}))
    for wrong, code in (
        (Reminding(after=59, every=60), "order.reminding"),
        (Reminding(after=60, every=59), "order.reminding"),
        (Reminding(after=31 * 86_400 + 1, every=60), "order.reminding"),
        (Reminding(after=60, every=60, most=0), "order.reminders"),
        (Reminding(after=60, every=60, most=11), "order.reminders"),
    ):
        refused(replace(ORDER, **{field: wrong}), code)


def test_nobody_is_reminded_of_a_report_that_is_not_asked_for() -> None:
    order = replace(ORDER, steps=("accept",), remind_report=Reminding(after=60, every=60))
    refused(order, "order.remind_unreported")


def test_in_wartime_deadlines_are_others_and_steps_are_left_out() -> None:
    order = replace(ORDER, steps=("accept", "on_scene", "report", "verify"))
    adopted(replace(order, wartime=Wartime(accept_within=60, steps=("accept", "report"))))
    for wartime, code in (
        (Wartime(accept_within=59), "order.deadline"),
        (Wartime(report_within=367 * 86_400), "order.deadline"),
        (Wartime(steps=("report",)), "order.steps"),
        (Wartime(steps=("accept", "en_route")), "order.wartime_steps"),
    ):
        refused(replace(order, wartime=wartime), code)


def test_at_least_one_of_a_group_is_enough() -> None:
    adopted(replace(ORDER, open_to=1))
    refused(replace(ORDER, open_to=0), "order.open_to")


NUMBER = FormField(key="moved", label="转移人数", kind="number", unit="人", most=1)
CHOICE = FormField(key="road", label="道路", kind="choice", choices=("畅通", "受阻"))


def test_a_form_asks_for_numbers_choices_texts_photos_and_visits() -> None:
    rest = tuple(
        FormField(key=kind, label="问", kind=kind) for kind in ("text", "photo", "visits", "number")
    )
    adopted(replace(ORDER, form=(NUMBER, CHOICE, *rest)))
    twelve = tuple(replace(NUMBER, key=f"n{n}") for n in range(12))
    adopted(replace(ORDER, form=twelve))
    refused(replace(ORDER, form=(*twelve, CHOICE)), "form.too_long")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ((NUMBER, replace(CHOICE, key="moved")), "form.key_twice"),
        ((replace(NUMBER, key="转移"),), "form.key"),
        ((replace(NUMBER, key=""),), "form.key"),
        ((replace(NUMBER, label=" "),), "words.missing"),
        ((replace(NUMBER, unit=""),), "words.missing"),
        ((replace(NUMBER, most=0),), "form.most"),
        ((replace(NUMBER, choices=("1", "2")),), "form.misplaced"),
        ((replace(CHOICE, most=1),), "form.misplaced"),
        ((replace(CHOICE, unit="处"),), "form.misplaced"),
        ((replace(CHOICE, choices=()),), "form.choices"),
        ((replace(CHOICE, choices=("畅通",)),), "form.choices"),
        ((replace(CHOICE, choices=("畅通", "畅通")),), "form.choices"),
        ((replace(CHOICE, choices=tuple(f"{n}" for n in range(21))),), "form.choices"),
        ((replace(CHOICE, choices=("畅通", " ")),), "words.missing"),
    ],
)
def test_a_form_that_makes_no_sense(fields: tuple[FormField, ...], code: str) -> None:
    refused(replace(ORDER, form=fields), code)


def test_a_form_is_for_a_task_that_is_reported() -> None:
    refused(replace(ORDER, steps=("accept",), form=(NUMBER,)), "order.form_unreported")


def test_the_departments_that_nobody_has_registered_are_named() -> None:
    order = replace(ORDER, to=(Target(department="fire"), Target(role="grid_head")))
    edition = replace(EDITION, orders=(order,), lead="water", responding=("police", "tax"))

    assert unknown_departments(edition, ()) == ("fire", "police", "tax", "water")
    assert unknown_departments(edition, {"fire", "water", "tax"}) == ("police",)
    assert unknown_departments(EDITION, ()) == ()


def adopted(order: PlanOrder) -> None:
    given_plan().when(replace(ADOPT, orders=(order,))).then(replace(EDITION, orders=(order,)))


def refused(order: PlanOrder, code: str) -> None:
    given_plan().when(replace(ADOPT, orders=(order,))).raises(Malformed, code)
