"""Waves: what a plan calls when its level is reached, when its time comes, and again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from handheld.domain import task_force
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.ordering import Opening
from handheld.domain.plan import Plan
from handheld.domain.starting import StartFromPlan, decide_start
from handheld.domain.task_force import TaskForce
from handheld.domain.waves import CallForeseen, ChangeLevel, call_foreseen, change_level, rank
from handheld_events.ids import command_id, order_id
from handheld_events.orders import LEVELS, Level, PlanOrder, Target
from handheld_events.plan import PlanAdopted
from handheld_events.task import TaskWithdrawn
from handheld_events.task_force import (
    LevelChanged,
    OrderForeseen,
    OrderIssued,
    OrderWithdrawn,
    StoodDown,
    TaskForceEvent,
)
from handheld_projections.open_tasks import STATES, OpenTask
from handheld_projections.organisation import Organisation
from tests.support_organisation import erase, organisation
from tests.support_rules import AT, START

COUNTY, VILLAGE = "330825", "330825100200"
HEADS = Target(role="grid_head", tier="village")
FORCE = "tf-1"
HOUR = timedelta(hours=1)


def order(key: str, level: Level | None = None, **terms: Any) -> PlanOrder:
    return PlanOrder(key=key, text=f"{key}！", to=(HEADS,), level=level, **terms)


ALWAYS = order("always")
AT_III, AT_II, AT_I = order("third", "III"), order("second", "II"), order("first", "I")
WAVES = (ALWAYS, AT_III, AT_II, AT_I)


def town() -> Organisation:
    return organisation([COUNTY, "330825100", VILLAGE], {"person-H": [("grid_head", VILLAGE)]})


def started(level: Level, *orders: PlanOrder) -> TaskForce:
    edition = PlanAdopted(title="防台风", division=COUNTY, orders=orders, level=level)
    command = StartFromPlan(plan="plan-typhoon", division=COUNTY)
    opening = decide_start(command, START, AT, (Plan(edition), 1), town(), 7, "operator")
    return after(None, opening.events)


def after(state: TaskForce | None, events: list[TaskForceEvent]) -> TaskForce:
    for event in events:
        state = task_force.evolve(state, event)
    assert state is not None
    return state


_numbers = iter(range(1, 10_000))


def change(
    state: TaskForce | None,
    level: Level,
    tasks: Mapping[str, OpenTask] | None = None,
    at: datetime = AT,
    organisation: Organisation | None = None,
) -> Opening:
    command = ChangeLevel(task_force=FORCE, level=level, reason="风力变化")
    number = command_id(1_627_030_000_000 + next(_numbers), bytes(10))
    return change_level(command, number, at, state, organisation or town(), tasks or {})


def called(opening: Opening) -> list[str | None]:
    """The keys of the orders that are given, in order."""
    return [event.key for event in opening.events if isinstance(event, OrderIssued)]


def task_of(order: str, state: str = "waiting") -> OpenTask:
    return OpenTask("person-H", VILLAGE, order, AT, state=STATES.index(state))


# --- levels -----------------------------------------------------------------------------------------


def test_the_levels_rise_from_iv_to_i_and_none_is_below_them() -> None:
    assert [rank(level) for level in (None, *LEVELS)] == [-1, 0, 1, 2, 3]


def test_raising_the_level_calls_every_wave_between_and_no_other() -> None:
    opening = change(started("IV", *WAVES), "II")

    assert opening.outcome == "accepted"
    first, *rest = opening.events
    assert first == LevelChanged(level="II", before="IV", reason="风力变化")
    assert called(opening) == ["third", "second"]
    assert [e.called_at_level for e in rest if isinstance(e, OrderIssued)] == ["III", "II"]
    assert [d.assignee.person for d in opening.dispatches] == ["person-H", "person-H"]
    assert len({d.task for d in opening.dispatches}) == 2


def test_lowering_the_level_releases_who_still_waits_and_keeps_what_is_under_way() -> None:
    state = started("I", *WAVES)
    by_key = {terms.key: name for name, terms in state.orders.items()}
    tasks = {
        "task-w1": task_of(by_key["first"]),
        "task-p1": task_of(by_key["first"], "in_progress"),
        "task-v1": task_of(by_key["first"], "to_verify"),
        "task-w2": task_of(by_key["second"]),
        "task-w3": task_of(by_key["third"]),
        "task-w0": task_of(by_key["always"]),
    }

    opening = change(state, "III", tasks)

    assert opening.deeds == dict.fromkeys(("task-w1", "task-w2"), TaskWithdrawn(reason="风力变化"))
    assert opening.events == [LevelChanged(level="III", before="I", reason="风力变化", withdrawn=2)]


def test_raised_again_it_calls_again() -> None:
    state = started("IV", *WAVES)
    opening = change(state, "III")
    state = after(state, opening.events)
    first = {name for name, terms in state.orders.items() if terms.key == "third"}
    state = after(state, change(state, "IV").events)

    opening = change(state, "III")

    assert called(opening) == ["third"]
    state = after(state, opening.events)
    assert len({n for n, terms in state.orders.items() if terms.key == "third"} - first) == 1


def test_what_was_called_at_the_start_because_of_its_level_is_called_again_too() -> None:
    state = started("II", *WAVES)
    assert {terms.key for terms in state.orders.values()} == {"always", "third", "second"}
    state = after(state, change(state, "IV").events)

    assert called(change(state, "II")) == ["third", "second"]


def test_a_level_that_is_set_already_is_already_done() -> None:
    opening = change(started("III", *WAVES), "III")

    assert (opening.outcome, opening.code) == ("already_done", "task_force.level")
    assert (opening.events, opening.dispatches, opening.deeds) == ([], [], {})


def test_a_task_force_without_a_level_gets_one() -> None:
    state = replace(started("IV", *WAVES), level=None)

    opening = change(state, "III")

    assert opening.events[0] == LevelChanged(level="III", before=None, reason="风力变化")
    assert called(opening) == ["third"]


def test_an_order_that_was_withdrawn_is_not_called_by_any_level() -> None:
    state = started("IV", *WAVES)
    state = after(state, change(state, "III").events)
    (third,) = (name for name, terms in state.orders.items() if terms.key == "third")
    state = task_force.evolve(state, OrderWithdrawn(order=third, reason="不需要", withdrawn=1))
    state = after(state, change(state, "IV").events)

    assert called(change(state, "II")) == ["second"]


def test_a_wave_of_which_nobody_can_be_called_does_not_hold_up_the_others() -> None:
    nobody = replace(AT_III, to=(Target(role="household_contact", tier="grid"),))

    assert called(change(started("IV", ALWAYS, nobody, AT_II), "II")) == ["second"]


def test_the_level_of_what_is_over_is_not_changed() -> None:
    state = task_force.evolve(started("IV", *WAVES), StoodDown(reason="解除", withdrawn=0))

    opening = change(state, "II")

    assert (opening.outcome, opening.code) == ("refused", "task_force.stood_down")


def test_a_change_of_level_needs_a_reason_and_a_task_force() -> None:
    command = ChangeLevel(task_force=FORCE, level="I", reason=" ")
    with pytest.raises(Malformed) as words:
        change_level(command, START, AT, started("IV", *WAVES), town(), {})
    with pytest.raises(NotFound) as unknown:
        change(None, "I")

    assert (words.value.code, unknown.value.code) == ("words.missing", "task_force.unknown")


# --- at a time --------------------------------------------------------------------------------------


def due(state: TaskForce | None, key: str, at: datetime, now: datetime | None = None) -> Opening:
    command = CallForeseen(task_force=FORCE, key=key, at=at)
    return call_foreseen(command, command_id(1, bytes(10)), now or at, state, town())


def test_a_delayed_order_is_called_at_its_time_and_once() -> None:
    state = started("IV", ALWAYS, order("soon", after=1800, accept_within=600))
    at = AT + timedelta(minutes=30)

    opening = due(state, "soon", at)

    (issued,) = opening.events
    assert isinstance(issued, OrderIssued)
    assert (issued.order, issued.key) == (order_id(command_id(1, bytes(10)), 0), "soon")
    assert (issued.accept_by, issued.occurrence) == (at + timedelta(minutes=10), None)
    again = due(after(state, opening.events), "soon", at)
    assert (again.outcome, again.code) == ("already_done", "order.called")


def test_an_order_is_called_for_the_time_for_which_it_is_foreseen_and_no_other() -> None:
    state = started("IV", ALWAYS, order("soon", after=1800))

    for key, at in (("soon", AT), ("none", AT + timedelta(minutes=30))):
        opening = due(state, key, at)
        assert (opening.outcome, opening.code) == ("already_done", "order.called")


def test_a_wave_with_a_delay_is_called_so_long_after_its_level() -> None:
    state = started("IV", ALWAYS, order("later", "III", after=600))
    now = AT + HOUR

    opening = change(state, "III", at=now)

    assert called(opening) == []
    assert opening.events[1:] == [
        OrderForeseen(order=order("later", "III", after=600), at=now + timedelta(minutes=10))
    ]
    state = after(state, opening.events)
    assert called(due(state, "later", now + timedelta(minutes=10))) == ["later"]


def test_a_delayed_wave_that_was_released_before_its_time_is_not_called() -> None:
    state = started("IV", ALWAYS, order("later", "III", after=600))
    state = after(state, change(state, "III").events)
    state = after(state, change(state, "IV").events)

    opening = due(state, "later", AT + timedelta(minutes=10))

    assert (opening.outcome, opening.code) == ("already_done", "order.called")


# --- again and again --------------------------------------------------------------------------------

ROUNDS = order("rounds", every=3600)


def test_a_recurring_order_is_numbered_and_says_when_it_comes_next() -> None:
    state = started("IV", ROUNDS)
    for number in (2, 3):
        at = AT + HOUR * (number - 1)
        opening = due(state, "rounds", at)
        (issued,) = opening.events
        assert isinstance(issued, OrderIssued)
        said = (issued.occurrence, issued.skipped, issued.next_at)
        assert said == (number, 0, at + HOUR)
        state = after(state, opening.events)


@pytest.mark.parametrize(
    ("late", "skipped"),
    [(timedelta(minutes=59, seconds=59), 0), (HOUR, 1), (HOUR * 3 + timedelta(minutes=5), 3)],
)
def test_after_downtime_what_was_missed_is_skipped_and_counted(
    late: timedelta, skipped: int
) -> None:
    state = started("IV", ROUNDS)
    at = AT + HOUR

    opening = due(state, "rounds", at, at + late)

    (issued,) = opening.events
    assert isinstance(issued, OrderIssued)
    assert (issued.skipped, issued.occurrence) == (skipped, 2 + skipped)
    assert issued.next_at == at + HOUR * (skipped + 1)
    assert issued.next_at is not None
    assert issued.next_at > at + late


def test_a_recurring_wave_stops_with_its_level_and_begins_anew_with_it() -> None:
    state = started("III", ALWAYS, order("rounds", "III", every=3600))
    assert state.foreseen["rounds"].at == AT + HOUR
    state = after(state, change(state, "IV").events)
    assert state.foreseen["rounds"].at is None

    state = after(state, change(state, "II", at=AT + HOUR * 5).events)

    assert (state.foreseen["rounds"].at, state.foreseen["rounds"].given) == (AT + HOUR * 6, 1)


def test_what_is_due_once_when_nobody_can_be_called_is_refused() -> None:
    empty = town()
    erase(empty, "person-H")
    command = CallForeseen(task_force=FORCE, key="later", at=AT + HOUR)

    opening = call_foreseen(
        command, START, AT + HOUR, started("IV", ALWAYS, order("later", after=3600)), empty
    )

    assert (opening.outcome, opening.code) == ("refused", "order.reaches_nobody_now")


def test_a_recurring_order_that_reaches_nobody_waits_for_its_next_time() -> None:
    empty = town()
    erase(empty, "person-H")
    command = CallForeseen(task_force=FORCE, key="rounds", at=AT + HOUR)
    state = started("IV", ROUNDS)

    opening = call_foreseen(command, START, AT + HOUR, state, empty)

    assert opening.outcome == "accepted"
    (foreseen,) = opening.events
    assert isinstance(foreseen, OrderForeseen)
    assert foreseen.at == AT + HOUR * 2
    assert after(state, opening.events).foreseen["rounds"].given == 1


def test_nothing_is_called_after_the_end() -> None:
    state = task_force.evolve(started("IV", ROUNDS), StoodDown(reason="解除", withdrawn=0))

    opening = due(state, "rounds", AT + HOUR)

    assert (opening.outcome, opening.code) == ("refused", "task_force.stood_down")


def test_in_a_task_force_that_there_is_not_nothing_is_called() -> None:
    with pytest.raises(NotFound) as caught:
        due(None, "rounds", AT)

    assert caught.value.code == "task_force.unknown"
