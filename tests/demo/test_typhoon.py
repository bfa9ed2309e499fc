"""The typhoon story: its figures, as the boards, the timelines and the inboxes have them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from handheld.demo.scene import ARCHIVE, COUNTY, END, LEAD, START, TOWNSHIP, VILLAGE, at
from handheld.demo.story import FULL
from handheld_events.codec import Reading
from handheld_events.finding import FindingDealtWith, FindingReported
from handheld_events.task import (
    HouseholdVisited,
    TaskAccepted,
    TaskEscalated,
    TaskOnScene,
    TaskOverdue,
    TaskReminded,
    TaskReported,
)
from handheld_projections.department_board import DepartmentBoard
from handheld_projections.tier_board import TierBoard
from tests.support_typhoon import SMALL, Played

HOURS = (START, at("16:00"), at("17:00"), END)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The story with few household contacts."""
    told = Played(tmp_path_factory.mktemp("typhoon") / "data", SMALL)
    yield told
    told.story.home.close()


def test_the_warning_arrives_by_itself_and_a_start_is_proposed_with_everything_filled_in(
    played: Played,
) -> None:
    warning, seen = played.warning, played.seen
    assert warning is not None
    assert seen is not None
    assert (warning.source, warning.level, warning.divisions) == ("cap", "orange", (COUNTY,))
    (proposal,) = warning.proposals
    assert proposal.proposed_at < START
    assert (proposal.plan, proposal.division, proposal.level) == ("plan-typhoon", COUNTY, "III")
    assert (seen.title, seen.level) == (proposal.title, proposal.level)
    summary = played.story.home.boards.summary(played.story.task_force)
    assert (summary.warning, summary.started_at) == (warning.warning, START)
    assert played.moments[START].board(COUNTY).warnings == (warning.warning,)


def test_all_village_team_leaders_have_accepted_within_the_hour(played: Played) -> None:
    assert played.accepted(at("16:00"), "lead") == {True: 263}


def test_all_grid_heads_have_accepted_within_two_hours_twenty_only_when_reminded(
    played: Played,
) -> None:
    assert played.accepted(at("16:00"), "grids") == {True: 541, False: 20}
    assert played.accepted(at("17:00"), "grids") == {True: 561}
    order = played.order("grids")
    streams = {s for s, one in played.moments[END].tasks.items() if one.order == order}
    reminded, late = set(), set()
    for fact in played.facts("task."):
        if fact.stream not in streams:
            continue
        if isinstance(fact.event, TaskReminded) and fact.event.awaited == "accept":
            assert fact.meta.actor == "reactions"
            reminded.add(fact.stream)
        elif isinstance(fact.event, TaskAccepted) and fact.stream in reminded:
            late.add(fact.stream)
    assert len(reminded) == 20
    assert late == reminded


def test_the_boards_of_an_instant_agree_with_each_other(played: Played) -> None:
    assert tuple(played.moments) == HOURS
    for moment in played.moments.values():
        county = moment.board(COUNTY)
        assert county.count.tasks == len(moment.tasks) == county.funnel[0].tasks
        assert sum(child.count.tasks for child in county.children) <= county.count.tasks
        assert moment.board(TOWNSHIP).count in [
            child.count for child in county.children if child.code == TOWNSHIP
        ]
        assert moment.board(VILLAGE).count.tasks >= moment.board(f"{VILLAGE}001").count.tasks > 0
        assert county.count.overdue == len(moment.late)


def test_whoever_never_answers_is_reminded_escalated_and_overdue(played: Played) -> None:
    late = played.moments[at("17:00")].late
    assert late
    order = played.order("households")
    assert {(one.order, one.state, one.overdue) for one in late} == {(order, "waiting", True)}
    assert all(one.reminded for one in late)
    told: dict[str, list[str]] = {one.task: [] for one in late}
    for fact in played.facts("task."):
        if fact.stream in told and isinstance(fact.event, TaskOverdue | TaskEscalated):
            told[fact.stream].append(getattr(fact.event, "division", "overdue"))
    assert all(course[0] == "overdue" for course in told.values())
    longest = max(told.values(), key=len)
    tiers = [code for code in longest if code != "overdue"]
    assert [len(code) for code in tiers] == [12, 9, 6]


def test_an_official_accepts_for_somebody_reached_by_telephone_and_both_are_named(
    played: Played,
) -> None:
    found = [fact for fact in played.facts("task.accepted") if fact.meta.on_behalf_of is not None]
    assert found
    people = played.story.stage.organisation().people
    for fact in found:
        assert fact.person is not None
        assert fact.division is not None
        assert fact.meta.on_behalf_of == fact.person != fact.meta.actor
        (post,) = people[fact.meta.actor].posts
        assert fact.division.startswith(post.division)
        inbox = played.story.home.indexes.inbox(fact.person)
        assert fact.position in [line.position for line in inbox]


def test_households_are_visited_and_told_of_with_the_times_as_they_were(played: Played) -> None:
    visits = list(played.facts("task.household_visited"))
    board = played.moments[END].board(COUNTY)
    assert board.visits.visits == len(visits)
    satisfied = [fact.event.satisfied for fact in visits]
    assert board.visits.satisfied == satisfied.count(True) > satisfied.count(False) > 0
    assert board.visits.dissatisfied == satisfied.count(False)
    late = [f for f in visits if f.recorded_at - f.occurred_at > timedelta(minutes=15)]
    assert 0 < len(late) < len(visits) / 10
    for fact in visits:
        assert START < fact.occurred_at <= fact.reported_at <= fact.recorded_at


def test_sums_are_those_of_the_reports_that_stood(played: Played) -> None:
    last: dict[str, dict[str, int]] = {}
    for fact in played.facts("task.reported"):
        last[fact.stream] = dict(fact.event.filled.numbers)
    board = played.moments[END].board(COUNTY)
    for key in ("moved", "hazards-checked", "persuaded"):
        assert board.sums[key] == sum(numbers.get(key, 0) for numbers in last.values()) > 0


def test_the_road_is_open_within_two_hours_and_the_reporter_sees_it(played: Played) -> None:
    home, road = played.story.home, played.story.course.road
    facts = [Reading().fact(*row) for row in home.log.read_streams([road.finding])]
    first, last = facts[0], facts[-1]
    assert isinstance(first.event, FindingReported)
    assert isinstance(last.event, FindingDealtWith)
    assert ((first.division or "")[:12], len(first.event.photos)) == (VILLAGE, 1)
    assert first.event.location is not None
    assert last.meta.actor == "reactions"
    assert last.recorded_at - first.occurred_at < timedelta(hours=2)
    inbox = [line.position for line in home.indexes.inbox(road.reporter)]
    assert last.position in inbox
    summary = home.boards.summary(played.story.task_force)
    order = summary.orders[road.order]
    assert (order.open_to, order.claimed, order.tasks) == (6, 6, 8)
    tasks = [one.status for one in played.moments[END].tasks.values() if one.order == road.order]
    assert sorted(tasks) == ["closed"] * 6 + ["withdrawn"] * 2
    streams = {s for s, o in played.moments[END].tasks.items() if o.order == road.order}
    course = [f for f in played.facts("task.") if f.stream in streams]
    assert sum(isinstance(f.event, TaskOnScene) for f in course) == 6
    reports = [f.event for f in course if isinstance(f.event, TaskReported)]
    assert [len(report.photos) for report in reports] == [1] * 6
    assert played.moments[at("16:00")].board(VILLAGE).findings["ordered"] == 1
    assert played.moments[END].board(VILLAGE).findings["dealt_with"] == 1


def test_the_level_is_raised_and_lowered_and_calls_the_wave_of_the_plan(played: Played) -> None:
    assert played.accepted(END, "standby-villages") == {True: 288}
    levels = [fact.event.level for fact in played.facts("task_force.level_changed")]
    assert levels == ["II", "III"]
    situations = [f for f in played.facts("task_force.order_issued") if f.event.key == "situation"]
    assert [fact.event.occurrence for fact in situations] == [1, 2]
    assert {fact.meta.actor for fact in situations} == {"reactions"}
    (board,) = [
        each.board for each in played.moments[END].shown if isinstance(each.board, DepartmentBoard)
    ]
    assert (board.department, board.count.closed) == (LEAD, board.count.tasks)
    assert board.count.tasks > 1


def test_everything_is_done_closed_rated_and_archived(played: Played) -> None:
    end = played.moments[END]
    assert end.board(COUNTY).count.open == 0
    assert not end.late
    assert end.board(COUNTY).warnings == ()
    assert end.board(COUNTY).funnel[-2].tasks == 263
    summary = played.story.home.boards.summary(played.story.task_force)
    assert (summary.status, summary.satisfied, summary.score) == ("closed", True, 5)
    assert summary.archived
    assert played.end is not None
    assert played.end.at == ARCHIVE
    assert isinstance(played.end.board, TierBoard)
    ratings = played.end.board.ratings
    assert (ratings.satisfied, ratings.dissatisfied) == (5, 1)
    lead = played.by_order["lead"]
    assert (lead.tasks, lead.accepted_in_time, lead.closed) == (263, 263, 263)
    assert 0 < lead.sent_back < 30


def test_the_course_is_told_by_the_clock(played: Played) -> None:
    times = [line.at for line in played.lines]
    assert times == sorted(times)
    told = {line.what: line for line in played.lines}
    assert told["found"].at < told["claimed"].at < told["on_scene"].at < told["settled"].at
    assert told["archived"].at == ARCHIVE
    assert {"proposed", "told", "amended", "handed_over", "supervised", "reassigned"} <= told.keys()


def test_everything_made_again_from_the_log_is_identical(played: Played) -> None:
    assert played.compared is not None
    assert played.same
    assert len(played.compared.boards) == 4 * 5 + 1
    assert {check.what for check in played.compared.checks} >= {"history", "boards", "inbox"}


def _digest(told: Played) -> str:
    log, found, after = told.story.home.log, sha256(), 0
    while rows := log.read(after, 2_000):
        after = rows[-1][0]
        for position, stream, version, topic, state, recorded in rows:
            sealed = stream.startswith("person-")  # names are sealed with chance
            found.update(f"{position} {stream} {version} {topic} {recorded}".encode())
            found.update(b"" if sealed else state)
    return found.hexdigest()


def test_it_is_the_same_to_the_last_fact_each_time(played: Played, tmp_path: Path) -> None:
    again = Played(tmp_path / "data", SMALL)
    with closing(again.story.home):
        assert again.story.home.log.end() == played.story.home.log.end()
        assert _digest(again) == _digest(played)


def _in_full(told: Played) -> None:
    """Whom the start reached."""
    assert told.called == 11_124
    assert told.moments[START].board(COUNTY).count.waiting == 11_124
    tasks = told.moments[START].tasks.values()
    households = told.order("households")
    assert sum(one.order == households for one in tasks) == 10_300


def test_in_full_one_start_reaches_eleven_thousand_people(tmp_path: Path) -> None:
    told = Played(tmp_path / "data", FULL, until=START + timedelta(minutes=1))
    with closing(told.story.home):
        _in_full(told)
        assert told.same


@pytest.mark.soak
def test_in_full_it_goes_to_its_end(tmp_path: Path) -> None:
    told = Played(tmp_path / "data", FULL)
    with closing(told.story.home):
        _in_full(told)
        assert told.accepted(at("16:00"), "lead") == {True: 263}
        assert told.accepted(at("17:00"), "grids") == {True: 561}
        assert told.by_order["households"].tasks == 10_300
        assert told.moments[END].board(COUNTY).count.open == 0
        assert told.moments[END].board(COUNTY).visits.visits == sum(
            isinstance(fact.event, HouseholdVisited) for fact in told.facts("task.household")
        )
        assert told.same


def test_a_story_that_is_stopped_on_the_way_leaves_everything_under_way(tmp_path: Path) -> None:
    stopped = at("15:10")
    told = Played(tmp_path / "data", SMALL, until=stopped)
    with closing(told.story.home) as home:
        assert told.same
        assert home.clock.now() == stopped
        board = home.boards.tier_board(COUNTY)
        (line,) = board.task_forces
        assert (line.status, line.started_at) == ("active", START)
        assert 0 < board.count.waiting < board.count.tasks
        assert told.end is None
