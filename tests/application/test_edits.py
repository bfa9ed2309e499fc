"""Edits that name what their editor saw: of two who race one wins, and a repeat changes nothing."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from handheld.adapters.log import open_sqlite
from handheld.application.access.identity import Identity
from handheld.application.requests import Receipt, Request
from handheld.application.sent import Sent, request_of
from handheld.domain.errors import HandheldError, Malformed, NotAllowed, Stale
from handheld.domain.plan import AdoptPlan, RetirePlan
from handheld.domain.register import Contact, ImportPeople, PersonRow
from handheld.domain.register_groups import FormGroup
from handheld.domain.task import Accept, Extend
from handheld_events.orders import PlanOrder, Target
from handheld_projections.organisation import Post
from tests.support_log import (
    COUNTY,
    VILLAGE,
    Bench,
    held,
    history,
    new_command,
    person,
    started_tasks,
)

PLAN, DUTY = "plan-storm", "person-duty"


def edition(title: str) -> AdoptPlan:
    order = PlanOrder(
        key="visit", text="走访", to=(Target(role="household_contact", tier="village"),)
    )
    return AdoptPlan(plan="storm", title=title, division=COUNTY, orders=(order,))


def edit(bench: Bench, command: Any, *expects: tuple[str, int], actor: str = "operator") -> Request:
    return replace(bench.request(command, actor), expects=expects)


def answer(future: Future[Receipt]) -> str:
    error = future.exception(30)
    if error is None:
        return future.result().outcome
    assert isinstance(error, HandheldError)
    return error.code


def test_of_two_who_saw_the_same_exactly_one_edits(bench: Bench) -> None:
    editors = [edit(bench, edition(f"第{n}版"), (PLAN, 1)) for n in range(2)]
    answers = [answer(bench.writer.submit(one)) for one in editors]
    assert sorted(answers) == ["accepted", "command.stale"]


def test_of_two_in_one_batch_exactly_one_edits(bench: Bench) -> None:
    bench.execute(edition("暖机"), "operator")
    with held(bench):
        first = bench.writer.submit(edit(bench, edition("甲"), (PLAN, 2)))
        waiting = [bench.writer.submit(edit(bench, edition(f"乙{n}"), (PLAN, 2))) for n in range(5)]
    answers = [answer(first), *map(answer, waiting)]
    assert answers.count("accepted") == 1
    assert answers.count("command.stale") == 5


def test_of_two_processes_that_know_only_their_own_exactly_one_edits(
    sqlite_bench: Bench, tmp_path: Path
) -> None:
    other = Bench(open_sqlite(tmp_path / "log.db"), tmp_path / "keyring.db")
    try:
        for bench in (sqlite_bench, other):  # both have it in memory
            bench.execute(
                FormGroup(group="g", name="组", division=COUNTY, members=(person(0),)), "operator"
            )
            bench.execute(edition("防台风"), "operator")
        race = [
            bench.writer.submit(edit(bench, edition(f"第{n}版"), (PLAN, 1)))
            for n, bench in enumerate((sqlite_bench, other))
        ]
        assert sorted(map(answer, race)) == ["accepted", "command.stale"]
    finally:
        other.close()


def test_who_is_too_late_is_told_what_it_is_now_and_nothing_is_kept(bench: Bench) -> None:
    bench.execute(edition("新版"), "operator")
    before = history(bench.log)
    late = edit(bench, RetirePlan(plan="storm", reason="过时"), (PLAN, 1))
    with pytest.raises(Stale) as caught:
        bench.writer.execute(late)
    assert caught.value.params == {"stream": PLAN, "expected": 1, "found": 2}
    assert history(bench.log) == before
    again = replace(late, expects=((PLAN, 2),))  # an error is not kept: looked at, and sent again
    assert bench.writer.execute(again).outcome == "accepted"


def test_a_repeat_is_answered_as_at_first_although_it_has_changed_since(bench: Bench) -> None:
    request = edit(bench, edition("我的版"), (PLAN, 1))
    first = bench.writer.execute(request)
    bench.execute(edition("别人的版"), "operator")
    again = bench.writer.execute(request)
    assert (again.outcome, again.first, again.repeated) == ("accepted", first.first, True)
    other = bench.writer.execute(replace(request, expects=((PLAN, 3),)))
    assert (other.first, other.repeated) == (first.first, True)


def test_nothing_is_told_to_who_may_not_edit_nor_of_what_is_not_edited(bench: Bench) -> None:
    mine, theirs = started_tasks(bench, 2)
    with pytest.raises(NotAllowed, match=r"plan\.not_yours"):
        bench.writer.execute(edit(bench, edition("x"), (PLAN, 7), actor=person(1)))
    with pytest.raises(Malformed, match=r"command\.expects"):
        bench.writer.execute(edit(bench, Accept(task=mine), (theirs, 7), actor=person(0)))


def test_a_group_and_a_task_are_edited_as_they_were_seen(bench: Bench) -> None:
    group = FormGroup(group="boats", name="冲锋舟", division=COUNTY, members=(person(0),))
    seen = ("group-boats", 0)
    assert bench.writer.execute(edit(bench, group, seen)).outcome == "accepted"
    with pytest.raises(Stale):
        bench.writer.execute(edit(bench, replace(group, members=(person(1),)), seen))
    (task, *_) = started_tasks(bench, 1)
    bench.execute(Accept(task=task), person(0))
    longer = Extend(task=task, report_by=datetime(2100, 1, 1, tzinfo=UTC), reason="雨大")
    with pytest.raises(Stale):
        bench.writer.execute(edit(bench, longer, (task, 1)))
    assert bench.writer.execute(edit(bench, longer, (task, 2))).outcome == "accepted"


def test_a_row_of_people_is_edited_as_it_was_seen(bench: Bench) -> None:
    posts = (Post("grid_head", VILLAGE),)
    row = PersonRow(person=person(0), contact=None, posts=posts, synthetic=True)
    with pytest.raises(Stale):
        bench.writer.execute(edit(bench, ImportPeople(rows=(row,)), (person(0), 9)))
    edited = bench.writer.execute(edit(bench, ImportPeople(rows=(row,)), (person(0), 2)))
    assert edited.outcome == "accepted"


def test_what_a_device_expects_reaches_the_decision(bench: Bench) -> None:
    (name,) = bench.keyring.seal([(DUTY, "合成值班员")])
    row = PersonRow(
        person=DUTY, contact=Contact(name), posts=(Post("duty_officer", COUNTY),), synthetic=True
    )
    bench.execute(ImportPeople(rows=(row,)), "operator")
    sent = Sent(
        id=new_command(),
        command={"command": "plan.retire", "plan": "storm", "reason": "过时"},
        expects={PLAN: 4},
    )
    request = request_of(sent, Identity(session="s", actor=DUTY), bench.clock.now())
    with pytest.raises(Stale):
        bench.writer.execute(request)
    assert bench.writer.execute(replace(request, expects=((PLAN, 1),))).outcome == "accepted"
