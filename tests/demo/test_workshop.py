"""The workshop story, played once for all tests: its figures are read from the boards and the log."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from handheld.application.following import batches
from handheld.application.ports import Keyring, Log
from handheld.bootstrap import Home
from handheld.demo.stage import Compared, Shown
from handheld.demo.workshop import DEPARTMENTS, DIVISIONS, Record, Workshop
from handheld.demo.workshop_cast import (
    DISTRICT,
    ENFORCEMENT,
    GRID,
    PLANNING,
    TOWNSHIP,
    VILLAGE,
    Cast,
    at,
    cast,
)
from handheld_events.division import DutyTaken
from handheld_events.envelope import Recorded
from handheld_events.ids import division_stream
from handheld_events.task import (
    TaskAccepted,
    TaskAmended,
    TaskDeclined,
    TaskDispatched,
    TaskReassigned,
    TaskReminded,
)
from handheld_events.task_force import (
    CommandHandedOver,
    MessageSent,
    OrderAmended,
    TaskForceStarted,
)
from handheld_projections.department_board import DepartmentBoard
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import Count, TierBoard

Fact = Recorded[Any]

MAIN = "from handheld.entrypoints.cli import main; main()"


class Listener:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.shown: dict[str, Sequence[Shown]] = {}
        self.scenes: list[str] = []
        self.course: Record | None = None
        self.compared: Compared | None = None

    def preparing(self, step: int, steps: int) -> None:
        assert 0 <= step <= steps

    def prepared(self, organisation: Organisation, keyring: Keyring, log: Log) -> None:
        assert organisation.people

    def scene(self, key: str) -> None:
        self.scenes.append(key)

    def boards(self, key: str, shown: Sequence[Shown]) -> None:
        self.shown[key] = shown

    def record(self, record: Record) -> None:
        self.course = record

    def rebuilding(self, position: int, end: int) -> None:
        assert position <= end

    def rebuilt(self, compared: Compared) -> None:
        self.compared = compared


class Played(NamedTuple):
    """The story after its end."""

    story: Workshop
    told: Listener
    same: bool
    people: Cast
    directory: Path

    @property
    def home(self) -> Home:
        return self.story.home

    def facts(self) -> list[Fact]:
        """Everything after the register was put in."""
        assert self.told.course is not None
        return self.told.course.facts

    def timeline(self) -> list[Fact]:
        """What the timelines of the task force, of the finding and of the duty hold, in log order."""
        positions = {line.position for line in self.home.indexes.timeline(self.story.task_force)}
        own = [self.story.finding, division_stream(DISTRICT)]
        positions |= {row[0] for row in self.home.log.read_streams(own)}
        return [fact for fact in self.facts() if fact.position in positions]

    def of(self, kind: type) -> list[Fact]:
        return [fact for fact in self.facts() if isinstance(fact.event, kind)]

    def board(self, scene: str, where: str) -> TierBoard | DepartmentBoard:
        return next(
            each.board
            for each in self.told.shown[scene]
            if where in (getattr(each.board, "division", ""), getattr(each.board, "department", ""))
        )

    def district(self, position: int) -> TierBoard:
        """The board of the district as it was at a position."""
        return self.home.boards.tier_board(DISTRICT, task_force=self.story.task_force, at=position)


def played(directory: Path) -> Played:
    told = Listener()
    story = Workshop(directory, told)
    same = story.play()
    return Played(story, told, same, cast(story.stage.organisation()), directory)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    found = played(tmp_path_factory.mktemp("workshop") / "data")
    yield found
    found.home.close()


def counts(board: TierBoard | DepartmentBoard) -> tuple[int, ...]:
    """Waiting, in progress, to verify, closed, declined, withdrawn."""
    count: Count = board.count
    return (
        count.waiting,
        count.in_progress,
        count.to_verify,
        count.closed,
        count.declined,
        count.withdrawn,
    )


def test_every_board_shown_live_is_the_rebuilt_one_and_that_of_the_past(done: Played) -> None:
    compared = done.told.compared
    assert compared is not None
    assert done.same
    scenes = len(done.told.shown)
    expected = scenes * len(DIVISIONS) + (scenes - 1) * len(DEPARTMENTS)
    assert [same for _, same in compared.boards] == [True] * expected
    assert all(check.same for check in compared.checks)
    assert {"history", "order", "boards", "timeline", "inbox", "organisation"} <= {
        check.what for check in compared.checks
    }


def test_a_board_that_differs_from_the_log_is_told(done: Played) -> None:
    stage = done.story.stage
    honest = stage.shown[0]
    board = honest.board
    assert isinstance(board, TierBoard)
    wrong = TierBoard(board.division, board.position, Count(9, 0, 0, 0, 0, 0), (), (), ())
    stage.shown[0] = honest._replace(board=wrong)
    try:
        compared = stage.compare()
    finally:
        stage.shown[0] = honest
    assert [same for _, same in compared.boards][:2] == [False, True]
    assert not compared.same


def test_a_fresh_directory_with_the_log_alone_shows_the_same(done: Played, tmp_path: Path) -> None:
    stage = done.story.stage
    done.home.caught_up()
    copy = tmp_path / "copy"
    shutil.copytree(done.directory, copy, ignore=shutil.ignore_patterns("views.db*", "lock"))
    with Home(copy) as again:
        again.caught_up()
        for shown in stage.shown:
            if isinstance(shown.board, TierBoard):
                board = shown.board
                assert board == again.boards.tier_board(
                    board.division, task_force=shown.task_force, at=board.position
                )


def test_the_boards_tell_the_course(done: Played) -> None:
    assert counts(done.board("started", DISTRICT)) == (1, 7, 0, 0, 0, 0)
    assert counts(done.board("afternoon", DISTRICT)) == (0, 12, 0, 2, 0, 1)
    assert counts(done.board("night", DISTRICT)) == (0, 11, 1, 2, 0, 1)
    assert counts(done.board("reported", DISTRICT)) == (0, 0, 0, 14, 0, 1)
    assert counts(done.board("ended", DISTRICT)) == (0, 0, 0, 14, 0, 1)
    assert counts(done.board("ended", TOWNSHIP)) == (0, 0, 0, 9, 0, 0)
    assert counts(done.board("ended", VILLAGE)) == (0, 0, 0, 5, 0, 0)
    assert counts(done.board("ended", GRID)) == (0, 0, 0, 3, 0, 0)


def test_the_figures_of_the_incident_stand_on_the_board_of_the_district(done: Played) -> None:
    board = done.home.boards.tier_board(DISTRICT, task_force=done.story.task_force)
    assert board.sums == {"built": 320, "demolished": 320, "households": 2}
    assert (board.visits.visits, board.visits.households) == (3, 2)
    assert (board.visits.satisfied, board.visits.dissatisfied) == (2, 0)
    assert (board.ratings.satisfied, board.ratings.dissatisfied) == (1, 0)
    assert board.count.overdue == 0
    findings = done.home.boards.tier_board(DISTRICT).findings
    assert findings["dealt_with"] == sum(findings.values()) == 1


def test_what_is_reported_again_replaces_the_first_figure(done: Played) -> None:
    reports = [
        fact
        for fact in done.facts()
        if fact.event.TOPIC == "task.reported.v1" and "demolished" in fact.event.filled.numbers
    ]
    first, again = (done.district(fact.position).sums["demolished"] for fact in reports)
    assert (first, again) == (280, 320)


def test_the_task_force_at_a_glance_says_how_it_ended(done: Played) -> None:
    summary = done.home.boards.summary(done.story.task_force)
    assert (summary.status, summary.archived) == ("closed", True)
    assert (summary.satisfied, summary.score) == (True, 5)
    assert summary.finding == done.story.finding
    assert summary.commander == done.people.day_officer
    assert summary.questions == []
    assert {key: line.part for key, line in summary.departments.items()} == {
        ENFORCEMENT: "lead",
        PLANNING: "responding",
    }
    assert all(line.accepted_at is not None for line in summary.departments.values())
    assert summary.place == "双桥乡双桥村村口，一处未经审批搭建的豆腐作坊"


def test_who_starts_knows_from_whom_it_came(done: Played) -> None:
    (started,) = done.of(TaskForceStarted)
    assert started.event.finding == done.story.finding
    assert started.meta.actor == done.people.day_officer
    assert started.event.plan is None


def test_the_township_dispatches_the_stationed_officers_and_their_department_sees_them(
    done: Played,
) -> None:
    people = done.people
    theirs = [fact for fact in done.of(TaskDispatched) if fact.person in people.stationed]
    assert {fact.person for fact in theirs} == set(people.stationed)
    assert {fact.meta.actor for fact in theirs} == {people.township_head}
    assert {(fact.division, fact.event.department) for fact in theirs} == {(TOWNSHIP, ENFORCEMENT)}
    # The unit and two officers at the district, and those two.
    assert counts(done.board("afternoon", ENFORCEMENT)) == (0, 5, 0, 0, 0, 0)
    assert counts(done.board("reported", ENFORCEMENT)) == (0, 0, 0, 5, 0, 0)
    night = done.board("night", ENFORCEMENT)
    listed = done.home.boards.waiters(DISTRICT, department=ENFORCEMENT, at=night.position)
    assert set(people.stationed) <= {waiter.person for waiter in listed}
    scored = [f for f in done.facts() if f.event.TOPIC == "task.evaluated.v1"]
    assert {(f.person, f.meta.actor) for f in scored} == {
        (officer, people.township_head) for officer in people.stationed
    }


def test_whoever_declines_is_replaced_on_record(done: Played) -> None:
    (declined,) = done.of(TaskDeclined)
    (reassigned,) = done.of(TaskReassigned)
    one, other = done.people.surveyors
    assert (declined.person, reassigned.event.to) == (one, other)
    assert reassigned.stream == declined.stream
    replacing = next(f for f in done.facts() if f.stream == reassigned.event.task)
    assert replacing.event.replaces == declined.stream
    assert counts(done.district(declined.position))[4] == 1
    assert counts(done.board("afternoon", PLANNING)) == (0, 0, 0, 2, 0, 1)


def test_who_was_reached_by_telephone_accepted_on_behalf_and_both_are_named(done: Played) -> None:
    people = done.people
    (accepted,) = [f for f in done.of(TaskAccepted) if f.person == people.grid_head]
    assert accepted.meta.actor == people.village_official
    assert accepted.meta.on_behalf_of == people.grid_head
    assert (accepted.occurred_at, accepted.recorded_at) == (at(0, "14:50"), at(0, "14:52"))
    (reminded,) = done.of(TaskReminded)
    assert (reminded.person, reminded.meta.actor) == (people.grid_head, "reactions")
    assert reminded.recorded_at == at(0, "14:45")
    delivered = [
        f.recorded_at
        for f in done.facts()
        if f.event.TOPIC == "task.delivered.v1" and f.person == people.grid_head
    ]
    assert delivered == [at(0, "18:40:03")]


def test_an_amended_order_is_accepted_anew(done: Played) -> None:
    amended = done.of(TaskAmended)
    assert len(amended) == 3
    for fact in amended:
        times = [
            f.recorded_at
            for f in done.of(TaskAccepted)
            if f.stream == fact.stream and f.position > fact.position
        ]
        assert len(times) == 1
    first = amended[0]
    assert counts(done.district(first.position - 1))[0] == 0
    assert counts(done.district(first.position))[0] == 1
    reasons = [fact.event.reason for fact in done.of(OrderAmended)]
    assert reasons == ["气象台预报明天中午前后有大雨。", "拆除时间提前。"]


def test_command_goes_to_the_night_officer_and_comes_back(done: Played) -> None:
    people = done.people
    handed = done.of(CommandHandedOver)
    assert [(f.recorded_at, f.event.handed_by, f.event.to) for f in handed] == [
        (at(0, "18:05"), people.day_officer, people.night_officer),
        (at(1, "08:05"), people.night_officer, people.day_officer),
    ]
    taken = [f for f in done.of(DutyTaken) if f.event.department is None]
    assert [(f.recorded_at, f.event.person, f.meta.actor) for f in taken] == [
        (at(0, "13:00"), people.day_officer, "reactions"),
        (at(0, "18:00"), people.night_officer, "reactions"),
        (at(1, "08:00"), people.day_officer, "reactions"),
    ]
    inbox = {line.position for line in done.home.indexes.inbox(people.night_officer)}
    assert handed[0].position in inbox


def test_a_question_has_its_answer(done: Played) -> None:
    asked, answered = done.of(MessageSent)
    assert asked.event.question
    assert asked.event.to == TOWNSHIP
    assert answered.event.answers == asked.event.message


def test_the_reporter_sees_what_became_of_it(done: Played) -> None:
    lines = done.home.indexes.inbox(done.people.grid_worker)
    told = {line.position for line in lines if line.note == done.story.finding}
    topics = [fact.event.TOPIC for fact in done.facts() if fact.position in told]
    assert topics == [
        "finding.passed_up.v1",
        "finding.passed_up.v1",
        "finding.started.v1",
        "finding.dealt_with.v1",
    ]
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


COURSE: list[tuple[str, tuple[int, str]]] = [
    ("finding.reported.v1", (0, "13:41:07")),
    ("finding.passed_up.v1", (0, "13:55")),
    ("finding.added.v1", (0, "14:02")),
    ("finding.passed_up.v1", (0, "14:10")),
    ("task_force.started.v1", (0, "14:25")),
    ("task_force.department_called.v1", (0, "14:25")),
    ("task_force.order_issued.v1", (0, "14:25")),
    ("task.dispatched.v1", (0, "14:25")),
    ("finding.started.v1", (0, "14:25")),
    ("task.delivered.v1", (0, "14:25:03")),
    ("task_force.department_accepted.v1", (0, "14:29")),
    ("task_force.department_accepted.v1", (0, "14:31")),
    ("task.passed_on.v1", (0, "14:38")),
    ("task.declined.v1", (0, "14:41")),
    ("task.reassigned.v1", (0, "14:43")),
    ("task.reminded.v1", (0, "14:45")),
    ("task.accepted.v1", (0, "14:52")),
    ("task_force.message_sent.v1", (0, "15:12")),
    ("task_force.message_sent.v1", (0, "15:20")),
    ("task.household_visited.v1", (0, "16:08")),
    ("task.verified.v1", (0, "16:40")),
    ("task.passed_on.v1", (0, "16:50")),
    ("task_force.order_amended.v1", (0, "17:20")),
    ("task.amended.v1", (0, "17:20")),
    ("task.accepted.v1", (0, "17:24")),
    ("task_force.order_amended.v1", (0, "17:26")),
    ("division.duty_taken.v1", (0, "18:00")),
    ("task_force.command_handed_over.v1", (0, "18:05")),
    ("task.household_visited.v1", (0, "20:14:32")),
    ("task_force.entry_made.v1", (0, "21:45")),
    ("task.en_route.v1", (1, "06:20")),
    ("task.on_scene.v1", (1, "06:48")),
    ("task_force.entry_made.v1", (1, "07:02")),
    ("task.household_visited.v1", (1, "07:25")),
    ("division.duty_taken.v1", (1, "08:00")),
    ("task_force.command_handed_over.v1", (1, "08:05")),
    ("task.reported.v1", (1, "08:52")),
    ("task.sent_back.v1", (1, "09:15")),
    ("task.reported.v1", (1, "10:08")),
    ("task.verified.v1", (1, "10:25")),
    ("task.evaluated.v1", (1, "10:25")),
    ("task.rated.v1", (1, "10:25")),
    ("finding.dealt_with.v1", (1, "10:45")),
    ("task_force.closed.v1", (1, "11:00")),
    ("task_force.rated.v1", (1, "11:20")),
    ("task_force.evaluated.v1", (1, "14:00")),
    ("task_force.archived.v1", (1, "14:30")),
]
"""What is told of the story, in its order, with the time at which the log took it."""


def test_the_timeline_holds_every_fact_of_the_story_in_order(done: Played) -> None:
    course = iter([(fact.event.TOPIC, fact.recorded_at) for fact in done.timeline()])
    for topic, moment in COURSE:
        assert (topic, at(*moment)) in course, (topic, moment)


def test_nothing_that_happened_is_missing_in_the_timelines(done: Played) -> None:
    assert [fact.position for fact in done.timeline()] == [fact.position for fact in done.facts()]


def test_every_fact_has_its_three_times_in_their_order(done: Played) -> None:
    for fact in done.facts():
        assert fact.occurred_at <= fact.reported_at <= fact.recorded_at, fact.event_id
    late: list[tuple[str, datetime, datetime, datetime]] = [
        (f.event.TOPIC, f.occurred_at, f.reported_at, f.recorded_at)
        for f in done.facts()
        if f.occurred_at < f.recorded_at
    ]
    assert late == [
        ("finding.reported.v1", at(0, "13:36"), at(0, "13:41:05"), at(0, "13:41:07")),
        ("task.accepted.v1", at(0, "14:50"), at(0, "14:52"), at(0, "14:52")),
        ("task.household_visited.v1", at(0, "20:05"), at(0, "20:14:30"), at(0, "20:14:32")),
    ]


def test_everybody_in_the_story_is_marked_synthetic(done: Played) -> None:
    organisation = done.story.stage.organisation()
    assert all(person.synthetic for person in organisation.people.values())
    assert all(department.synthetic for department in organisation.departments.values())


def test_a_second_run_gives_the_same_log(done: Played, tmp_path: Path) -> None:
    second = played(tmp_path / "again")
    second.home.close()
    with Home(tmp_path / "again") as home:
        assert log_hash(home) == log_hash(done.home)


@pytest.mark.parametrize(
    ("language", "figures", "different"),
    [
        ("zh", "认定违建 320 平方米，拆除 320 平方米", "不一致"),
        ("en", "Found illegal: 320 square metres; demolished: 320", "different"),
    ],
)
def test_the_program_tells_it_and_leaves_the_log_where_it_is_asked_to(
    tmp_path: Path, language: str, figures: str, different: str
) -> None:
    kept = tmp_path / "kept"
    program = [sys.executable, "-c", MAIN, "--lang", language]
    told = run([*program, "demo", "workshop", "--exit", "--data", str(kept)])
    assert figures in told
    assert "13:36:00  13:41:05  13:41:07" in told
    assert different not in told
    (force,) = json.loads(run([*program, "--data", str(kept), "force", "list", "--all", "--json"]))
    task_force = force["task_force"]
    assert task_force in told
    lines = json.loads(
        run([*program, "--data", str(kept), "timeline", task_force, "--limit", "0", "--json"])
    )
    assert lines[0]["topic"] == "task_force.started.v1"
    assert lines[-1]["topic"] == "task_force.archived.v1"


def run(command: list[str]) -> str:
    """What a run of the program says."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def log_hash(home: Home) -> str:
    """A hash of all rows; what is sealed has its own chance, and is left out."""
    digest = hashlib.sha256()
    for batch in batches(home.log, 0):
        positions = [fact.position for fact in batch.facts]
        for position, stream, version, topic, state, recorded in home.log.read_positions(positions):
            told = json.loads(state)
            if stream.startswith("person-"):
                told["data"] = {k: v for k, v in told["data"].items() if k not in ("name", "phone")}
            row = [position, stream, version, topic, told, recorded]
            digest.update(json.dumps(row, sort_keys=True).encode())
    return digest.hexdigest()
