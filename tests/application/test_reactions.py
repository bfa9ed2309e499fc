"""Reactions on a real log: what is due is asked for at its time, once, whatever happens between."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from time import monotonic, sleep

import pytest
from msgspec.structs import replace

from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.adapters.log_sqlite import SQLiteLog
from handheld.application.board_keeper import BoardKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.reactor import Reactor, Refused
from handheld.application.requests import Receipt
from handheld.bootstrap import found_home
from handheld.domain.directing import FILLED, AmendOrder, WithdrawOrder
from handheld.domain.ending import CancelTaskForce, CloseTaskForce, StandDown
from handheld.domain.errors import Malformed
from handheld.domain.finding_commands import OrderOnFinding, ReportFinding
from handheld.domain.joining import PullIn
from handheld.domain.ordering import Order
from handheld.domain.plan import RetirePlan
from handheld.domain.register import ErasePerson
from handheld.domain.register_duty import SetRoster
from handheld.domain.starting import StartAdHoc, StartFromPlan
from handheld.domain.task import Accept, Decline, Extend, Reopen, Report, Resume, Suspend
from handheld.domain.task_force import ReopenTaskForce
from handheld.domain.warning_commands import ProposeStart, TellWarning, UpdateWarning
from handheld.domain.waves import ChangeLevel
from handheld_events.codec import microseconds
from handheld_events.division import DutyTaken, Shift
from handheld_events.finding import FindingDealtWith
from handheld_events.ids import finding_id, order_id, task_force_id, warning_id
from handheld_events.orders import PlanOrder, Reminding
from handheld_events.plan import Trigger
from handheld_events.task import (
    TaskCancelled,
    TaskEscalated,
    TaskOverdue,
    TaskReminded,
    TaskResumed,
    TaskWithdrawn,
)
from handheld_events.task_force import OrderIssued, TaskForceStarted
from handheld_events.warning import (
    StartCancelled,
    StartedOnWarning,
    StartProposed,
    WarningExpired,
)
from handheld_projections.tier_board import Count
from tests.application.reacting_child import play
from tests.support_log import assert_whole, child, copied
from tests.support_reactions import (
    DISTRICT,
    DUTY,
    EVERYBODY,
    GRID,
    HEAD,
    OFFICIAL,
    ORIGIN,
    RELIEF,
    TOWN,
    VILLAGE,
    A,
    B,
    C,
    County,
    D,
    again,
    by_task,
    county,
    instant,
    task_of,
)

REMIND = Reminding(after=600, every=300, most=2)
VISIT = Order(
    text="走访",
    to=EVERYBODY,
    accept_within=3600,
    report_within=7200,
    remind_accept=REMIND,
    remind_report=REMIND,
)
HOUR = timedelta(hours=1)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def here(directory: Path) -> Iterator[County]:
    with county(directory) as opened:
        yield opened


def told(here: County, stream: str) -> list[tuple[float, int, int]]:
    """Minute, number and skipped of every reminder."""
    return [(minute, e.number, e.skipped) for minute, e in here.facts(stream, TaskReminded)]


def escalated(here: County, stream: str) -> list[tuple[float, int, str | None, str, int]]:
    return [
        (minute, e.number, e.to, e.division, e.skipped)
        for minute, e in here.facts(stream, TaskEscalated)
    ]


# --- reminders, escalations, overdue ----------------------------------------------------------------


def test_who_lets_it_wait_is_reminded_then_their_superiors_are_told_tier_by_tier(
    here: County,
) -> None:
    _, (order,) = here.start(VISIT)
    late, prompt = task_of(order, A), task_of(order, B)
    here.do(Accept(task=prompt), B)

    asked = [here.at(minute) for minute in range(40)]

    assert told(here, late) == [(10, 1, 0), (15, 2, 0)]
    assert escalated(here, late) == [
        (20, 1, OFFICIAL, VILLAGE, 0),
        (25, 2, TOWN, "330825101", 0),
        (30, 3, DUTY, DISTRICT, 0),
    ]
    assert [minute for minute, n in enumerate(asked) if n] == [10, 15, 20, 25, 30]
    here.home.caught_up()
    for superior in (OFFICIAL, TOWN, DUTY):
        lines = here.home.indexes.inbox(superior)
        assert {line.note for line in lines} >= {late}
    assert HEAD not in {e.to for _, e in here.facts(late, TaskEscalated)}
    assert {e.awaited for _, e in here.facts(prompt, TaskReminded)} == {"report"}


def test_a_deadline_that_has_passed_is_a_recorded_fact_and_a_mark_on_the_board(
    here: County,
) -> None:
    _, (order,) = here.start(VISIT)
    late = task_of(order, A)
    here.do(Accept(task=task_of(order, B)), B)

    here.at(59)
    assert here.home.boards.tier_board(GRID).count.overdue == 0
    here.at(60)

    assert here.facts(late, TaskOverdue) == [
        (60, TaskOverdue(awaited="accept", due_at=instant(60)))
    ]
    here.home.caught_up()
    assert here.home.boards.tier_board(GRID).count == Count(3, 1, 0, 0, 0, 0, 3)
    here.do(Accept(task=late), A)
    here.home.caught_up()
    assert here.home.boards.tier_board(GRID).count.overdue == 2
    here.at(120)
    assert [e.awaited for _, e in here.facts(late, TaskOverdue)] == ["accept", "report"]
    here.home.caught_up()
    waiters = here.home.boards.waiters(GRID, late=True)
    assert len(waiters) == here.home.boards.tier_board(GRID).count.overdue == 4


def test_what_fell_due_is_recorded_now_whenever_it_was_due(here: County) -> None:
    _, (order,) = here.start(VISIT)
    here.at(61.5)

    (fact,) = (f for f in here.recorded(task_of(order, A)) if isinstance(f.event, TaskOverdue))

    assert (fact.recorded_at, fact.occurred_at) == (instant(61.5), instant(61.5))
    assert fact.meta.actor == "reactions"
    assert fact.event.due_at == instant(60)


def test_an_amended_task_is_reminded_and_marked_anew(here: County) -> None:
    """The very same would be due for the same task: it is another one, since it was amended."""
    force, (order,) = here.start(VISIT)
    name = task_of(order, A)
    here.at(10)
    here.at(60)
    here.do(AmendOrder(task_force=force, order=order, text="走访并登记", reason="补充"), DUTY)
    assert here.facts(name, TaskOverdue) != []

    here.at(70)
    here.at(120)

    assert [minute for minute, _, _ in told(here, name)] == [10, 60, 70, 120]
    awaited = [(minute, e.awaited) for minute, e in here.facts(name, TaskOverdue)]
    assert awaited == [(60, "accept"), (120, "accept"), (120, "report")]


def test_what_was_done_late_and_is_reopened_has_time_anew_and_is_overdue_again(
    here: County,
) -> None:
    _, (order,) = here.start(Order(text="走访", people=(A,), report_within=7200))
    name = task_of(order, A)
    here.do(Accept(task=name), A)
    here.at(120)
    here.do(Report(task=name, text="好"), A)
    here.do(Reopen(task=name, reason="没完"), DUTY)

    here.at(239)
    assert [minute for minute, _ in here.facts(name, TaskOverdue)] == [120]
    here.at(241)

    assert [minute for minute, _ in here.facts(name, TaskOverdue)] == [120, 241]


def test_what_was_found_due_is_recorded_though_the_clock_stepped_back_meanwhile(
    here: County,
) -> None:
    _, (order,) = here.start(Order(text="走访", people=(A, B), accept_within=3600))
    here.do(Suspend(task=task_of(order, B), reason="停电", until=instant(61)), DUTY)
    assert isinstance(here.home.clock, SimulatedClock)
    here.home.clock.move_to(instant(59))

    here.home.reactor.react(instant(61.01))

    assert len(here.facts(task_of(order, A), TaskOverdue)) == 1
    assert len(here.facts(task_of(order, B), TaskResumed)) == 1


def test_the_duty_officer_who_is_late_is_not_told_so_but_their_relief_is(here: County) -> None:
    remind = Reminding(after=600, every=300, most=1)
    _, (order,) = here.start(Order(text="值守", people=(DUTY,), remind_accept=remind))
    for minute in range(30):
        here.at(minute)

    assert escalated(here, task_of(order, DUTY)) == [(15, 1, RELIEF, DISTRICT, 0)]


# --- suspension and extension -----------------------------------------------------------------------


def test_a_suspended_task_waits_and_its_reminders_and_deadlines_with_it(here: County) -> None:
    _, (order,) = here.start(VISIT)
    name = task_of(order, A)
    here.at(5)
    here.do(Suspend(task=name, reason="停电"), DUTY)
    here.at(300)
    assert (told(here, name), here.facts(name, TaskOverdue)) == ([], [])

    here.do(Resume(task=name), DUTY)
    for minute in range(300, 376):
        here.at(minute)

    assert told(here, name) == [(305, 1, 0), (310, 2, 0)]
    assert [minute for minute, *_ in escalated(here, name)] == [315, 320, 325]
    assert here.facts(name, TaskOverdue) == [
        (355, TaskOverdue(awaited="accept", due_at=instant(355)))
    ]


def test_a_task_suspended_for_a_time_goes_on_by_itself(here: County) -> None:
    _, (order,) = here.start(VISIT)
    name = task_of(order, A)
    here.do(Suspend(task=name, reason="停电", until=instant(30)), DUTY)
    here.at(29)
    assert here.facts(name, TaskResumed) == []

    here.at(30)

    resumed = TaskResumed(accept_by=instant(90), report_by=instant(150))
    assert here.facts(name, TaskResumed) == [(30, resumed)]
    here.at(40)
    assert told(here, name) == [(40, 1, 0)]


def test_with_more_time_it_is_overdue_later_and_is_marked_again(here: County) -> None:
    _, (order,) = here.start(VISIT)
    name = task_of(order, A)
    here.do(Accept(task=name), A)
    here.at(120)
    here.do(Extend(task=name, report_by=instant(200), reason="路断"), DUTY)
    here.home.caught_up()
    assert here.home.boards.tier_board(GRID).count.overdue == 3  # the others accepted nothing

    here.at(199)
    here.at(200)

    due = [e.due_at for _, e in here.facts(name, TaskOverdue)]
    assert due == [instant(120), instant(200)]


# --- open to a group --------------------------------------------------------------------------------


def test_what_anybody_may_claim_is_nobodys_delay_and_ends_for_the_rest_when_it_is_filled(
    here: County,
) -> None:
    open_to_one = Order(
        text="清障", to=EVERYBODY, accept_within=600, open_to=1, remind_accept=REMIND
    )
    _, (order,) = here.start(open_to_one)
    names = [task_of(order, person) for person in (A, B, C, D)]
    for minute in range(45):
        here.at(minute)
    assert [told(here, name) for name in names] == [[(10, 1, 0), (15, 2, 0)]] * 4
    assert not any(here.facts(name, TaskOverdue) for name in names)
    assert not any(here.facts(name, TaskEscalated) for name in names)

    here.do(Accept(task=names[2]), C)
    here.home.react()

    withdrawn = [here.facts(name, TaskWithdrawn) for name in names]
    fact = (44.0, TaskWithdrawn(reason=FILLED))
    assert withdrawn == [[fact], [fact], [], [fact]]
    assert here.home.react() == 0


# --- what a plan calls later ------------------------------------------------------------------------

FIRST = PlanOrder(key="first", text="到岗", to=EVERYBODY)
SOON = PlanOrder(key="soon", text="巡查", to=EVERYBODY, after=1800)
ROUNDS = PlanOrder(key="rounds", text="逢时巡查", to=EVERYBODY, every=3600)
WAVE = PlanOrder(key="wave", text="转移", to=EVERYBODY, level="II", after=600)


def issued(here: County, force: str, key: str) -> list[tuple[float, int | None, int]]:
    return [
        (minute, e.occurrence, e.skipped)
        for minute, e in here.facts(force, OrderIssued)
        if e.key == key
    ]


def test_delayed_and_recurring_orders_come_at_their_times(here: County) -> None:
    here.adopt(FIRST, SOON, ROUNDS)
    force = here.start_plan()
    for minute in range(0, 181, 10):
        here.at(minute)

    assert issued(here, force, "soon") == [(30, None, 0)]
    assert issued(here, force, "rounds") == [(0, 1, 0), (60, 2, 0), (120, 3, 0), (180, 4, 0)]
    here.do(StandDown(task_force=force, reason="解除"), DUTY)
    here.at(600)
    assert len(issued(here, force, "rounds")) == 4


@pytest.mark.parametrize(
    ("end", "calls"),
    [
        (StandDown(task_force="", reason="解除"), [(70, None, 0)]),
        (CloseTaskForce(task_force="", outcome="完成", withdraw_open=True), []),
    ],
)
def test_a_reopened_task_force_calls_what_a_stand_down_kept_back_but_not_what_a_close_ended(
    here: County, end: StandDown | CloseTaskForce, calls: list[tuple[int, None, int]]
) -> None:
    here.adopt(FIRST, SOON)
    force = here.start_plan()
    here.do(replace(end, task_force=force), DUTY)
    here.at(60)
    here.do(ReopenTaskForce(task_force=force, reason="风又大了"), DUTY)

    here.at(70)

    assert issued(here, force, "soon") == calls


def test_a_wave_comes_so_long_after_its_level_and_not_when_it_was_lowered_before(
    here: County,
) -> None:
    here.adopt(FIRST, WAVE)
    force = here.start_plan()
    here.at(60)
    here.do(ChangeLevel(task_force=force, level="I", reason="风力加大"), DUTY)
    here.at(65)
    here.do(ChangeLevel(task_force=force, level="III", reason="风力减小"), DUTY)
    here.at(100)
    assert issued(here, force, "wave") == []

    here.do(ChangeLevel(task_force=force, level="II", reason="风力加大"), DUTY)
    here.at(109)
    here.at(110)

    assert issued(here, force, "wave") == [(110, None, 0)]


def test_after_downtime_a_recurring_order_is_given_once_and_what_was_skipped_is_counted(
    directory: Path,
) -> None:
    with county(directory) as before:
        before.adopt(ROUNDS)
        force = before.start_plan()
    with again(directory) as after:
        after.at(200)
        after.at(239)
        after.at(240)

        assert issued(after, force, "rounds") == [(0, 1, 0), (200, 4, 2), (240, 5, 0)]


# --- downtime, crash, two processes, jumps ----------------------------------------------------------


def test_reminders_missed_in_downtime_collapse_into_the_latest(directory: Path) -> None:
    with county(directory) as before:
        _, (order,) = before.start(VISIT)
    name = task_of(order, A)
    with again(directory) as after:
        after.at(17)
        assert told(after, name) == [(17, 2, 1)]
        after.at(18)
        assert escalated(after, name) == []
    with again(directory) as later:
        later.at(27)
        assert escalated(later, name) == [(27, 2, TOWN, "330825101", 1)]
        later.at(30)
        assert [e[1:3] for e in escalated(later, name)] == [(2, TOWN), (3, DUTY)]


def test_nothing_is_asked_for_twice_not_even_by_another_process(directory: Path) -> None:
    with county(directory) as before:
        before.start(VISIT)
        for minute in (10, 15, 20, 60):
            before.at(minute)
            assert before.home.react() == 0
        end = before.home.log.end()
        asked = before.asked()
    with again(directory) as after:
        assert after.home.react() == 0
        assert (after.home.log.end(), after.asked()) == (end, asked)
        after.home.boards.checkpoint()
    (directory / "views.db").unlink()
    with again(directory) as rebuilt:
        assert rebuilt.home.react() == 0
        assert rebuilt.home.log.end() == end


def test_two_agendas_that_ask_at_once_do_it_once(here: County) -> None:
    here.start(VISIT, VISIT, VISIT)
    home = here.home
    assert isinstance(home.clock, SimulatedClock)
    boards = BoardKeeper(home.log, None)
    organisation = OrganisationKeeper(home.log, None)
    second = Reactor(home.log, boards, organisation, home.writer, home.clock)
    for minute in range(0, 130, 5):
        home.clock.move_to(instant(minute))
        boards.catch_up()
        both = (home.reactor, second)
        threads = [threading.Thread(target=_catch_up_and_react, args=(r, boards)) for r in both]
        for one in threads:
            one.start()
        for one in threads:
            one.join(30)
            assert not one.is_alive()

    for facts in by_task(here, lambda fact: fact.event).values():
        reminders = [(e.awaited, e.number) for e in facts if isinstance(e, TaskReminded)]
        tiers = [e.number for e in facts if isinstance(e, TaskEscalated)]
        marks = [e.awaited for e in facts if isinstance(e, TaskOverdue)]
        assert reminders == [("accept", 1), ("accept", 2)]
        assert (tiers, marks) == ([1, 2, 3], ["accept", "report"])


def _catch_up_and_react(reactor: Reactor, boards: BoardKeeper) -> None:
    """The second one's boards have no follower: whoever reacts brings them on first."""
    stop = threading.Event()
    thread = threading.Thread(target=_follow, args=(boards, stop))
    thread.start()
    try:
        reactor.react()
    finally:
        stop.set()
        thread.join()


_one_follows = threading.Lock()


def _follow(boards: BoardKeeper, stop: threading.Event) -> None:
    while not stop.is_set():
        with _one_follows:
            boards.catch_up()
        sleep(0.002)


MINUTES = 135


def test_killed_in_the_middle_of_a_sweep_it_goes_on_as_if_nothing_had_happened(
    tmp_path: Path,
) -> None:
    prepared = tmp_path / "prepared"
    with county(prepared) as before:
        before.start(*[VISIT] * 12)
    whole = copied(prepared, tmp_path / "whole")
    with again(whole) as undisturbed:
        play(undisturbed, MINUTES)
        expected = by_task(undisturbed, _fact)
    in_the_middle, random = 0, Random(20210723)
    for n in range(6):
        directory = copied(prepared, tmp_path / f"round-{n}")
        one = subprocess.Popen(
            child("tests.application.reacting_child", directory, MINUTES),
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert one.stdout is not None
        assert one.stdout.readline() == b"READY\n"
        # However fast the machine is: after so many minutes of the story, and a little more.
        for _ in range(random.randrange(9, 90)):
            one.stdout.readline()
        sleep(random.uniform(0, 0.01))
        one.kill()
        one.wait(30)
        one.stdout.close()
        with again(directory) as after:
            assert_whole(after.home.log)
            found = sum(map(len, by_task(after, _fact).values()))
            in_the_middle += len(expected) < found < sum(map(len, expected.values()))
            play(after, MINUTES)
            assert by_task(after, _fact) == expected
    assert in_the_middle >= 2, "no kill came in the middle: this shows nothing"


def _fact(fact: object) -> object:
    event, recorded_at = getattr(fact, "event", None), getattr(fact, "recorded_at", None)
    return (recorded_at, event)


def test_a_clock_that_jumps_far_ahead_asks_for_each_thing_once_and_never_goes_back(
    here: County,
) -> None:
    here.adopt(ROUNDS)
    force = here.start_plan()
    _, (order,) = here.start(VISIT)
    year = 400 * 24 * 60

    assert 0 < here.at(year) < 20

    name = task_of(order, A)
    assert told(here, name) == [(year, 2, 1)]
    assert [e[1:] for e in escalated(here, name)] == [(3, DUTY, DISTRICT, 2)]
    assert [e.due_at for _, e in here.facts(name, TaskOverdue)] == [instant(60), instant(120)]
    assert issued(here, force, "rounds") == [(0, 1, 0), (year, year // 60 + 1, year // 60 - 1)]
    end = here.home.log.end()
    assert here.at(10) == 0
    assert (here.home.clock.now(), here.home.log.end()) == (instant(year), end)


def test_a_refused_due_command_is_recorded_and_not_asked_for_again(here: County) -> None:
    here.adopt(SOON, FIRST)
    force = here.start_plan()
    for person in (A, B, C, D, HEAD, OFFICIAL, TOWN, DUTY, RELIEF):
        here.do(ErasePerson(person=person, reason="测试"))

    assert here.at(60) == 1
    assert here.at(61) == 0

    assert here.asked() == [("refused", "order.reaches_nobody_now")]
    assert issued(here, force, "soon") == []


def test_a_recurring_order_that_reaches_nobody_comes_again_at_its_next_time(here: County) -> None:
    here.adopt(ROUNDS, FIRST)
    force = here.start_plan()
    for person in (A, B, C, D, HEAD, OFFICIAL, TOWN, DUTY, RELIEF):
        here.do(ErasePerson(person=person, reason="测试"))

    assert [here.at(minute) for minute in (60, 61, 120)] == [1, 0, 1]

    assert [outcome for outcome, _ in here.asked()] == ["accepted", "accepted"]
    assert len(issued(here, force, "rounds")) == 1
    assert here.home.reactor.next_due() == instant(180)


# --- duty, warnings, findings -----------------------------------------------------------------------


def test_whose_turn_has_begun_takes_the_duty_and_is_told_from_then_on(here: County) -> None:
    shifts = tuple(
        Shift(person=person, begins=instant(a), ends=instant(b))
        for person, a, b in ((DUTY, 0, 25), (RELIEF, 25, 600))
    )
    roster = SetRoster(division=DISTRICT, role="duty_officer", shifts=shifts)
    here.do(roster)
    _, (order,) = here.start(VISIT)
    for minute in range(40):
        here.at(minute)

    taken = [(m, e.person) for m, e in here.facts(f"division-{DISTRICT}", DutyTaken)]
    assert taken == [(0, DUTY), (25, RELIEF)]
    assert escalated(here, task_of(order, A))[-1] == (30, 3, RELIEF, DISTRICT, 0)


def test_of_the_shifts_missed_in_downtime_only_the_one_that_runs_is_taken(
    directory: Path,
) -> None:
    shifts = tuple(
        Shift(person=(DUTY, RELIEF)[n % 2], begins=instant(n * 60), ends=instant(n * 60 + 60))
        for n in range(1, 8)
    )
    with county(directory) as before:
        before.do(SetRoster(division=DISTRICT, role="duty_officer", shifts=shifts))
    with again(directory) as after:
        after.at(200)
        taken = [(m, e.person) for m, e in after.facts(f"division-{DISTRICT}", DutyTaken)]
        assert taken == [(200, RELIEF)]
        assert after.home.react() == 0


STORM = TellWarning(event="台风", level="orange", divisions=(DISTRICT,), told_by="气象台（演示）")


def warn(here: County, *, drill: bool = False, command: TellWarning = STORM) -> str:
    name = here.home.new_command_id()
    here.do(command, DUTY, command_id=name, drill=drill)
    return warning_id(name)


def test_a_warning_that_a_plan_answers_proposes_a_start_with_everything_filled_in(
    here: County,
) -> None:
    here.adopt(FIRST, triggers=(Trigger(event="台风", at_least="yellow", level="III"),))
    warning = warn(here)
    here.home.react()

    ((_, proposed),) = here.facts(warning, StartProposed)
    assert (proposed.plan, proposed.division, proposed.level) == ("plan-typhoon", DISTRICT, "III")
    assert not proposed.at_once
    assert here.facts(warning, StartedOnWarning) == []
    assert here.home.react() == 0


def test_where_the_plan_says_so_the_start_is_made_and_made_once(directory: Path) -> None:
    with county(directory) as here:
        here.adopt(FIRST, triggers=(Trigger(event="台风", at_least="yellow", does="start"),))
        warning = warn(here)
        here.home.react()
        ((_, started),) = here.facts(warning, StartedOnWarning)
        force = started.task_force
        ((_, begun),) = here.facts(force, TaskForceStarted)
        assert (begun.warning, begun.plan, begun.commander) == (warning, "plan-typhoon", None)
        here.home.caught_up()
        assert here.home.boards.tier_board(GRID).count.waiting == 4
    with again(directory) as after:
        assert after.home.react() == 0
        assert len(after.facts(warning, StartedOnWarning)) == 1


def test_an_exercise_starts_a_drill_that_no_real_board_shows(here: County) -> None:
    here.adopt(FIRST, triggers=(Trigger(event="台风", at_least="yellow", does="start"),))
    warning = warn(here, drill=True)
    here.home.react()
    here.home.caught_up()

    ((_, started),) = here.facts(warning, StartedOnWarning)
    assert {fact.meta.drill for fact in here.recorded(started.task_force)} == {True}
    real, drill = (here.home.boards.tier_board(DISTRICT, drills=d) for d in (False, True))
    assert (real.count.tasks, real.task_forces, real.warnings) == (0, (), ())
    assert (drill.count.tasks, drill.warnings) == (4, (warning,))


def test_a_drill_cannot_be_started_on_a_real_warning(here: County) -> None:
    """It would be real, and call people in earnest."""
    warning = warn(here)
    end = here.home.log.end()
    start = StartAdHoc(title="演练", division=DISTRICT, orders=(VISIT,), warning=warning)

    receipt = here.do(start, DUTY, drill=True)

    assert (receipt.outcome, receipt.code) == ("refused", "start.drill_mixed")
    assert here.home.log.end() == end


def test_reminders_of_a_drill_are_part_of_the_drill(here: County) -> None:
    _, (order,) = here.start(VISIT, drill=True)
    for minute in (10, 20, 60):
        here.at(minute)

    assert {fact.meta.drill for fact in here.recorded(task_of(order, A))} == {True}
    here.home.caught_up()
    assert here.home.boards.tier_board(DISTRICT).count.tasks == 0
    assert here.home.boards.tier_board(DISTRICT, drills=True).count.overdue == 4


def test_nobody_is_called_on_a_warning_that_was_over_before_the_system_ran_again(
    tmp_path: Path,
) -> None:
    with county(tmp_path / "data") as here:
        here.adopt(FIRST, triggers=(Trigger(event="台风", at_least="blue", does="start"),))
        command = here.home.new_command_id()
        here.do(replace(STORM, expires=instant(120)), DUTY, command_id=command)
        warning = warning_id(command)
        here.do(ProposeStart(warning=warning), "reactions")  # and then the process ends
    with again(tmp_path / "data") as after:
        after.at(60 * 24)
        assert after.facts(warning, StartedOnWarning) == []
        assert len(after.facts(warning, WarningExpired)) == 1


def test_an_update_that_says_a_time_that_is_past_does_not_stay_in_force(here: County) -> None:
    command = here.home.new_command_id()
    here.do(replace(STORM, expires=instant(120)), DUTY, command_id=command)
    warning = warning_id(command)
    here.at(121)
    here.do(UpdateWarning(warning=warning, headline="台风远去", expires=instant(125)), DUTY)
    here.at(130)
    here.at(600)
    assert here.home.boards.warnings().open == {}


def test_a_warning_ends_when_its_time_is_over(here: County) -> None:
    warning = warn(here, command=replace(STORM, expires=instant(90)))
    here.at(89)
    assert here.facts(warning, WarningExpired) == []

    here.at(90)

    assert here.facts(warning, WarningExpired) == [(90, WarningExpired(due_at=instant(90)))]
    assert here.home.boards.tier_board(DISTRICT).warnings == ()


def test_a_finding_is_settled_when_the_last_task_about_it_is_done(here: County) -> None:
    force, _ = here.start(Order(text="到岗", people=(HEAD,)))
    report = here.home.new_command_id()
    here.do(ReportFinding(text="大树倒伏", division=GRID), A, command_id=report)
    finding = finding_id(report)
    command = here.home.new_command_id()
    order = Order(text="清障", people=(B,))
    here.do(
        OrderOnFinding(finding=finding, task_force=force, order=order),
        OFFICIAL,
        command_id=command,
    )
    given = order_id(command, 0)
    here.do(Decline(task=task_of(given, B), reason="在外地"), B)
    here.home.react()
    assert here.facts(finding, FindingDealtWith) == []
    assert here.asked() == [("refused", "finding.nothing_done")]
    here.do(PullIn(task_force=force, person=C, order=given), OFFICIAL)
    here.do(Report(task=task_of(given, C), text="路通了"), C)

    here.home.react()

    ((_, settled),) = here.facts(finding, FindingDealtWith)
    assert (settled.order, settled.text) == (given, "路通了")
    assert here.home.react() == 0


def found(here: County, text: str = "大树倒伏") -> str:
    report = here.home.new_command_id()
    here.do(ReportFinding(text=text, division=GRID), A, command_id=report)
    return finding_id(report)


def ordered(here: County, finding: str, force: str, person: str) -> str:
    command = here.home.new_command_id()
    order = Order(text="清障", people=(person,))
    here.do(
        OrderOnFinding(finding=finding, task_force=force, order=order),
        OFFICIAL,
        command_id=command,
    )
    return order_id(command, 0)


@pytest.mark.parametrize("first", [0, 1])
def test_a_finding_with_two_orders_is_settled_when_both_are_done(here: County, first: int) -> None:
    finding = found(here)
    forces = [here.start(Order(text="到岗", people=(HEAD,)))[0] for _ in range(2)]
    given = [ordered(here, finding, force, who) for force, who in zip(forces, (B, C), strict=True)]
    tasks = [task_of(given[0], B), task_of(given[1], C)]

    here.do(Report(task=tasks[first], text="一半"), (B, C)[first])
    here.home.react()
    assert here.facts(finding, FindingDealtWith) == []
    assert here.asked() == [("refused", "finding.tasks_open")]
    last = 1 - first
    here.do(Report(task=tasks[last], text="全通了"), (B, C)[last])
    here.home.react()

    ((_, settled),) = here.facts(finding, FindingDealtWith)
    assert settled == FindingDealtWith(text="全通了", order=given[last])


def test_an_order_that_was_taken_back_leaves_the_finding_to_the_one_that_was_done(
    here: County,
) -> None:
    force, _ = here.start(Order(text="到岗", people=(HEAD,)))
    finding = found(here)
    done, other = ordered(here, finding, force, B), ordered(here, finding, force, C)
    here.do(Report(task=task_of(done, B), text="路通了"), B)
    here.home.react()
    here.do(WithdrawOrder(task_force=force, order=other, reason="不用了"), DUTY)

    here.home.react()

    ((_, settled),) = here.facts(finding, FindingDealtWith)
    assert settled == FindingDealtWith(text="路通了", order=done)


# --- plans that come while a warning is in force ----------------------------------------------------


def proposed(here: County, warning: str) -> list[tuple[float, str]]:
    return [(minute, e.plan) for minute, e in here.facts(warning, StartProposed)]


def test_a_plan_adopted_while_a_warning_is_in_force_answers_it(here: County) -> None:
    warning, drill = warn(here), warn(here, drill=True)
    here.at(5)
    assert proposed(here, warning) == []
    here.adopt(FIRST, triggers=(Trigger(event="台风", at_least="yellow"),))

    here.at(6)

    assert proposed(here, warning) == proposed(here, drill) == [(6, "plan-typhoon")]
    assert {f.meta.drill for f in here.recorded(drill)} == {True}
    assert here.at(7) == 0


def test_a_plan_adopted_shortly_before_the_process_ended_answers_afterwards(
    directory: Path,
) -> None:
    with county(directory) as before:
        warning = warn(before)
        before.at(5)
        before.adopt(FIRST, triggers=(Trigger(event="台风", at_least="yellow"),))
    with again(directory) as after:
        after.at(6)
        assert proposed(after, warning) == [(6, "plan-typhoon")]
    with again(directory) as later:
        assert later.at(7) == 0
        assert proposed(later, warning) == [(6, "plan-typhoon")]


def test_a_plan_adopted_anew_or_for_something_else_asks_for_nothing(here: County) -> None:
    here.adopt(FIRST, triggers=(Trigger(event="台风", at_least="yellow"),))
    warning = warn(here)
    here.at(1)
    here.adopt(FIRST, SOON, triggers=(Trigger(event="台风", at_least="yellow"),))
    here.at(2)
    over = warn(here, command=replace(STORM, event="山洪", headline="山洪黄色预警"))
    here.at(3)
    assert proposed(here, warning) == [(1, "plan-typhoon")]
    assert proposed(here, over) == []


# --- starts that were a mistake, news by telephone ---------------------------------------------------


def begin(here: County, warning: str, *, again: bool = False) -> tuple[Receipt, str]:
    command = here.home.new_command_id()
    start = StartFromPlan(plan="plan-typhoon", division=DISTRICT, warning=warning, again=again)
    return here.do(start, DUTY, command_id=command), task_force_id(command)


def test_a_start_made_by_itself_and_cancelled_is_not_repeated_but_can_be_made(
    directory: Path,
) -> None:
    with county(directory) as here:
        here.adopt(FIRST, triggers=(Trigger(event="台风", at_least="yellow", does="start"),))
        warning = warn(here)
        here.home.react()
        ((_, made),) = here.facts(warning, StartedOnWarning)
        here.do(CancelTaskForce(task_force=made.task_force, reason="误发"), DUTY)

        assert here.facts(warning, StartCancelled) == [
            (0, StartCancelled(task_force=made.task_force, reason="误发"))
        ]
        here.at(10)
    with again(directory) as after:
        after.at(20)
        assert len(after.facts(warning, StartedOnWarning)) == 1
        (line,) = after.home.boards.warnings().open.values()
        assert line.task_forces == []
        assert [(p.task_force, p.declined) for p in line.proposals] == [(None, "误发")]
        receipt, force = begin(after, warning)
        assert receipt.outcome == "accepted"
        assert [e.task_force for _, e in after.facts(warning, StartedOnWarning)][1:] == [force]
        twice, _ = begin(after, warning, again=True)
        assert (twice.outcome, twice.code) == ("refused", "warning.started")


def test_news_by_telephone_of_a_warning_propose_nothing_while_its_task_force_runs(
    here: County,
) -> None:
    trigger = Trigger(event="台风", at_least="yellow", level="III")
    here.adopt(FIRST, triggers=(trigger,))
    warning = warn(here)
    here.at(1)
    begin(here, warning)

    here.do(replace(STORM, level="red", told_by="省气象台", updates=warning), DUTY)
    here.do(replace(STORM, level="red", divisions=(VILLAGE,), updates=warning), DUTY)
    here.at(2)

    assert proposed(here, warning) == [(1, "plan-typhoon")]
    (line,) = here.home.boards.warnings().open.values()
    assert (line.warning, line.level, line.divisions) == (warning, "red", (VILLAGE,))
    assert line.told_by == STORM.told_by


def test_a_clock_that_was_moved_on_goes_on_from_there_whatever_the_log_holds(
    directory: Path,
) -> None:
    with county(directory) as here:
        end = here.home.log.end()
        here.home.go_on_to(instant(90))
        here.home.go_on_to(instant(30))
        assert here.home.log.end() == end
    with again(directory) as after:
        assert after.home.clock.now() == instant(90)
    found_home(directory, clock=ClockSetting(origin=ORIGIN, rate=0))
    with again(directory) as later:
        assert later.home.clock.now() == instant(90)


def test_a_running_clock_that_was_moved_on_keeps_its_pace(directory: Path) -> None:
    with county(directory, ClockSetting(origin=ORIGIN, rate=60)) as here:
        here.home.go_on_to(instant(600))
    with again(directory) as after:
        now = after.home.clock.now()
        assert instant(600) <= now < instant(660)
        _soon(lambda: after.home.clock.now() > now + timedelta(seconds=2))


# --- refused, and unanswered ------------------------------------------------------------------------


def test_an_error_that_follows_from_the_facts_is_an_outcome_and_is_not_tried_again(
    directory: Path,
) -> None:
    with county(directory) as here:
        here.adopt(FIRST, triggers=(Trigger(event="台风", at_least="yellow", does="start"),))
        warning = warn(here)
        here.do(ProposeStart(warning=warning), "reactions")
        here.do(RetirePlan(plan="typhoon", reason="修订"), "operator")
        here.home.react()

        assert here.asked().count(("refused", "plan.retired")) == 1
        assert list(here.home.reactor.refused) == [
            Refused("task_force.start", "plan.retired", again=False)
        ]
        (kept,) = here.home.log.refusals("reactions", 10)
        assert (kept.code, kept.recorded_us) == ("plan.retired", microseconds(instant(0)))
        end, asked = here.home.log.end(), here.asked()
        assert here.home.react() == 0
    with again(directory) as after:
        after.at(60)
        assert (after.home.log.end(), after.asked()) == (end, asked)
        assert [one.again for one in after.home.reactor.refused] == [True]


def test_what_people_ask_in_error_is_told_to_them_and_not_kept(here: County) -> None:
    here.adopt(FIRST)
    here.do(RetirePlan(plan="typhoon", reason="修订"), "operator")
    with pytest.raises(Malformed):
        here.start_plan()
    assert here.home.log.refusals(DUTY, 10) == []


def _waits_shortly_for_the_lock(here: County) -> None:
    """Half a minute otherwise: it is the answer after it that counts here."""
    assert isinstance(here.home.log, SQLiteLog)
    datastore = here.home.log.datastore
    datastore.pool.lock_timeout = 1
    with ExitStack() as stack:
        for _ in range(8):  # those in use already
            cursor = stack.enter_context(datastore.transaction(commit=False))
            cursor.execute("PRAGMA busy_timeout=50")


def test_what_nobody_could_answer_is_asked_for_again_later_each_time_and_said(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with county(directory, ClockSetting()) as here:
        _, (order,) = here.start(Order(text="走访", people=(A,)))
        name = task_of(order, A)
        here.do(Accept(task=name), A)
        due = here.home.clock.now() + timedelta(seconds=0.2)
        here.do(Extend(task=name, report_by=due, reason="限时"), DUTY)
        _waits_shortly_for_the_lock(here)
        other = sqlite3.connect(directory / "log.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        here.home.reactor.start()

        def waits() -> list[float]:
            said = [r for r in caplog.records if "asked for again in" in r.message]
            return [float(str(r.args[1])) for r in said if isinstance(r.args, tuple)]

        # A connection that another thread had in its hands meanwhile waits its half minute.
        _soon(lambda: waits()[:2] == [1.0, 2.0], seconds=90)
        other.execute("ROLLBACK")
        other.close()

        _soon(lambda: here.facts(name, TaskOverdue) != [], seconds=10)
        assert len(here.facts(name, TaskOverdue)) == 1


# --- the end ----------------------------------------------------------------------------------------


def test_after_a_cancellation_everybody_was_told_and_nobody_is_reminded(here: County) -> None:
    force, (order,) = here.start(VISIT)
    here.do(Accept(task=task_of(order, A)), A)
    here.do(Report(task=task_of(order, A), text="好"), A)

    here.do(CancelTaskForce(task_force=force, reason="误发"), DUTY)

    assert here.at(600) == 0
    here.home.caught_up()
    for person in (A, B, C, D):
        name = task_of(order, person)
        (cancelled,) = (f for f in here.recorded(name) if isinstance(f.event, TaskCancelled))
        inbox = here.home.indexes.inbox(person)
        assert cancelled.position in {line.position for line in inbox}
    board = here.home.boards.tier_board(DISTRICT)
    assert (board.count.tasks, board.task_forces) == (0, ())
    assert {step.tasks for step in board.funnel} == {0}


# --- the thread -------------------------------------------------------------------------------------


def _soon(wanted: object, seconds: float = 5.0) -> float:
    """Wait until it is so; gives for how long."""
    assert callable(wanted)
    begun = monotonic()
    while not wanted():
        assert monotonic() - begun < seconds, "it never came"
        sleep(0.01)
    return monotonic() - begun


def test_the_thread_records_what_is_due_without_being_asked(directory: Path) -> None:
    with county(directory, ClockSetting()) as here:
        here.home.reactor.start()
        _, (order,) = here.start(Order(text="走访", to=EVERYBODY))
        name = task_of(order, A)
        here.do(Accept(task=name), A)
        due = here.home.clock.now() + timedelta(seconds=0.3)
        here.do(Extend(task=name, report_by=due, reason="限时"), DUTY)

        _soon(lambda: any(isinstance(f.event, TaskOverdue) for f in here.recorded(name)))

        (fact,) = (f for f in here.recorded(name) if isinstance(f.event, TaskOverdue))
        assert fact.event.due_at == due
        assert timedelta() <= fact.recorded_at - due < timedelta(seconds=1)


def test_the_thread_reacts_at_once_to_what_people_do(directory: Path) -> None:
    with county(directory, ClockSetting()) as here:
        here.home.reactor.start()
        _, (order,) = here.start(Order(text="清障", to=EVERYBODY, open_to=1))
        here.do(Accept(task=task_of(order, A)), A)

        rest = [task_of(order, person) for person in (B, C, D)]
        _soon(lambda: all(here.facts(name, TaskWithdrawn) for name in rest))


def test_the_thread_reminds_by_a_clock_that_runs_fast(directory: Path) -> None:
    with county(directory, ClockSetting(origin=ORIGIN, rate=300)) as here:
        remind = Reminding(after=60, every=60, most=1)
        here.home.reactor.start()
        _, (order,) = here.start(Order(text="走访", people=(A,), remind_accept=remind))

        _soon(lambda: bool(here.facts(task_of(order, A), TaskReminded)))


def test_the_thread_ends_at_once_whatever_it_waits_for(directory: Path) -> None:
    with county(directory, ClockSetting()) as here:
        here.home.reactor.start()
        here.start(VISIT)
        sleep(0.05)
        begun = monotonic()
        here.home.reactor.close()
        assert monotonic() - begun < 2


def test_a_reactor_that_is_started_twice_has_one_thread(directory: Path) -> None:
    with county(directory, ClockSetting()) as here:
        before = threading.active_count()
        here.home.reactor.start()
        here.home.reactor.start()
        assert threading.active_count() == before + 1
        here.home.reactor.close()
        assert threading.active_count() == before
