"""Decisions on what has changed: made again, five times at most."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from handheld.adapters.log import open_sqlite
from handheld.application.ports import Conflict
from handheld.application.world import KeptWorld
from handheld.application.writer import ATTEMPTS
from handheld.domain import task
from handheld.domain.errors import Contended
from handheld.domain.plan import AdoptPlan
from handheld.domain.task_force import MakeEntry
from handheld_events.ids import task_force_id
from handheld_events.orders import PlanOrder, Target
from handheld_projections.organisation import Organisation
from tests.support_log import (
    COUNTY,
    START,
    Bench,
    assert_whole,
    child,
    new_command,
    person,
    run_children,
    start_request,
    started_tasks,
)


@pytest.fixture
def other(sqlite_bench: Bench, tmp_path: Path) -> Iterator[Bench]:
    """A second writer on the same file, as another process has it."""
    other = Bench(open_sqlite(tmp_path / "log.db"), tmp_path / "keyring.db")
    yield other
    other.close()


def test_a_decision_on_what_another_has_changed_is_made_again(
    sqlite_bench: Bench, other: Bench
) -> None:
    (mine, *_) = started_tasks(sqlite_bench, 1)
    sqlite_bench.execute(task.Deliver(task=mine), person(0))  # now it knows the task
    assert other.execute(task.Withdraw(task=mine, reason="误发"), "operator").outcome == "accepted"
    receipt = sqlite_bench.execute(task.Accept(task=mine), person(0))
    assert (receipt.outcome, receipt.code) == ("overtaken", "task.withdrawn")
    assert_whole(other.log)


@pytest.mark.parametrize("command", ["already_done", "refused"])
def test_an_answer_without_facts_is_made_again_too(
    sqlite_bench: Bench, other: Bench, command: str
) -> None:
    """What it rested on is gone: to refuse or to ignore would be wrong now."""
    (mine, *_) = started_tasks(sqlite_bench, 1)
    if command == "already_done":
        sqlite_bench.execute(task.Accept(task=mine), person(0))
        other.execute(task.Withdraw(task=mine, reason="误发"), "operator")
        receipt = sqlite_bench.execute(task.Accept(task=mine), person(0))
        assert (receipt.outcome, receipt.code) == ("overtaken", "task.withdrawn")
    else:
        sqlite_bench.execute(task.Report(task=mine, text="已走访"), person(0))
        refusal = sqlite_bench.execute(task.Withdraw(task=mine, reason="误发"), "operator")
        assert (refusal.outcome, refusal.code) == ("refused", "task.closed")
        other.execute(
            task.CorrectTask(task=mine, version=3, reason="改字", text="走访"), "operator"
        )
        again = sqlite_bench.execute(task.Withdraw(task=mine, reason="误发"), "operator")
        assert again.outcome == "refused"
        assert_whole(other.log)


def test_an_error_on_what_another_has_changed_is_looked_at_again(
    sqlite_bench: Bench, other: Bench
) -> None:
    command = new_command()
    with pytest.raises(Exception, match="unknown"):
        sqlite_bench.execute(MakeEntry(task_force=task_force_id(command), text="到岗"), "operator")
    other.writer.execute(start_request(command))
    entry = MakeEntry(task_force=task_force_id(command), text="到岗")
    assert sqlite_bench.execute(entry, "operator").outcome == "accepted"


def test_two_writers_on_one_stream_lose_and_double_nothing(
    sqlite_bench: Bench, other: Bench
) -> None:
    command = new_command()
    sqlite_bench.writer.execute(start_request(command))
    stream = task_force_id(command)

    def enter(bench: Bench, name: str) -> int:
        accepted = 0
        for n in range(150):
            try:
                bench.execute(MakeEntry(task_force=stream, text=f"{name} {n}"), "operator")
                accepted += 1
            except Contended:
                continue
        return accepted

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(enter, (sqlite_bench, other), ("甲", "乙")))
    entries = [r for r in other.log.read_streams([stream]) if r[3] == "task_force.entry_made.v1"]
    assert len(entries) == sum(counts)
    assert min(counts) > 0
    assert_whole(other.log)


def test_writers_in_two_processes_lose_and_double_nothing(
    sqlite_bench: Bench, tmp_path: Path
) -> None:
    command = new_command()
    sqlite_bench.writer.execute(start_request(command))
    stream = task_force_id(command)
    printed = run_children(
        [child("tests.application.entering_child", tmp_path, stream, name, 80) for name in "ab"]
    )
    accepted = [line for out in printed for line in out.split()]
    entries = [r for r in sqlite_bench.log.read_streams([stream]) if b'"entry"' in r[4]]
    assert len(entries) == len(accepted) > 80
    assert {str(row[0]) for row in entries} == set(accepted)
    assert_whole(sqlite_bench.log)


class MeddlingWorld(KeptWorld):
    """Between the reading of a plan and the commit, another writer adopts another edition."""

    meddler: Bench
    times: int

    def organisation(self) -> tuple[Organisation, int]:
        if self.times > 0:
            self.times -= 1
            order = PlanOrder(key="visit", text="走访", to=(Target(role="household_contact"),))
            title = f"防台风 {self.times}"
            edition = AdoptPlan(plan="storm", title=title, division=COUNTY, orders=(order,))
            assert self.meddler.execute(edition, "operator").outcome == "accepted"
        return super().organisation()


@pytest.fixture
def meddled(sqlite_bench: Bench, tmp_path: Path) -> Iterator[Bench]:
    app = open_sqlite(tmp_path / "log.db")
    bench = Bench(app, tmp_path / "keyring.db", world=MeddlingWorld)
    assert isinstance(bench.world, MeddlingWorld)
    bench.world.meddler, bench.world.times = sqlite_bench, 0
    yield bench
    bench.close()


def test_a_decision_overtaken_four_times_is_carried_out_the_fifth(meddled: Bench) -> None:
    assert isinstance(meddled.world, MeddlingWorld)
    meddled.world.times = ATTEMPTS - 1
    receipt = meddled.execute(START, "operator")
    assert receipt.outcome == "accepted"
    (started,) = [r for r in meddled.log.read(0, 1_000) if r[3] == "task_force.started.v1"]
    # It rests on the plan as it is now, not on one of those it saw before.
    assert b'"plan_version":5' in started[4]
    assert_whole(meddled.log)


def test_a_decision_overtaken_five_times_is_given_up_and_leaves_nothing(meddled: Bench) -> None:
    assert isinstance(meddled.world, MeddlingWorld)
    meddled.world.times = 1_000
    command = new_command()
    with pytest.raises(Contended) as caught:
        meddled.writer.execute(start_request(command))
    assert caught.value.params == {"attempts": 5}
    assert meddled.world.times == 1_000 - ATTEMPTS
    assert not meddled.log.read_streams([task_force_id(command)])
    # It is not held against the command: the same one may come again.
    meddled.world.times = 0
    receipt = meddled.writer.execute(start_request(command))
    assert (receipt.outcome, receipt.repeated) == ("accepted", False)


def test_one_writer_that_goes_on_with_a_stream_never_meets_a_conflict_of_its_own(
    sqlite_bench: Bench,
) -> None:
    """What it has written itself it knows: to decide again would cost each commit a rollback."""
    verdicts: list[type] = []
    commit = sqlite_bench.log.commit

    def watched(decisions, clock):  # type: ignore[no-untyped-def]
        found = commit(decisions, clock)
        verdicts.extend(type(verdict) for verdict in found)
        return found

    sqlite_bench.log.commit = watched  # type: ignore[method-assign]
    (mine, *_) = started_tasks(sqlite_bench, 1)
    for step in (task.Deliver(task=mine), task.Read(task=mine), task.Accept(task=mine)):
        assert sqlite_bench.execute(step, person(0)).outcome == "accepted"
    assert Conflict not in verdicts
