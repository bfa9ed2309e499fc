from __future__ import annotations

import pytest
from msgspec.structs import replace

from handheld.domain.errors import Malformed, NotFound
from handheld.domain.plan import AdoptPlan, RetirePlan, evolve
from handheld.domain.roles import ROLES
from handheld_events.examples import EXAMPLES
from handheld_events.orders import PlanOrder, Steps, Target
from handheld_events.plan import PlanAdopted, PlanEvent, PlanRetired
from tests.support_rules import ALL_STEPS, given_plan

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
    ],
)
def test_another_edition_replaces_the_one_before(other: AdoptPlan) -> None:
    edition = PlanAdopted(
        title=other.title, division=other.division, orders=other.orders, level=other.level
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
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(wrong: AdoptPlan, code: str) -> None:
    given_plan().when(wrong).raises(Malformed, code)
    given_plan(EDITION).when(wrong).raises(Malformed, code)


def test_an_unknown_role_is_answered_with_those_that_there_are() -> None:
    wrong = replace(ADOPT, orders=(replace(ORDER, to=(Target(role="mayor"),)),))

    given_plan().when(wrong).raises(Malformed, "role.unknown", role="mayor", known=", ".join(ROLES))


@pytest.mark.parametrize("steps", ALL_STEPS)
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
        ("report", "accept"),
        ("accept", "accept"),
        ("accept", "report", "verify", "verify"),
    ],
)
def test_other_steps_make_no_sense(steps: Steps) -> None:
    order = replace(ORDER, steps=steps)

    given_plan().when(replace(ADOPT, orders=(order,))).raises(Malformed, "order.steps")


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
