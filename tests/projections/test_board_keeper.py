"""The boards of a real log with real views: any past instant, restarts, spoilt checkpoints."""

from __future__ import annotations

import random
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handheld.adapters.clock import ClockSetting
from handheld.adapters.database import Database
from handheld.adapters.database_sqlite import SQLiteDatabase
from handheld.adapters.log import found, open_memory, open_sqlite
from handheld.adapters.log_sqlite import SQLiteLog
from handheld.adapters.views_store import StoredViews, file_of_views
from handheld.application.board_keeper import BoardKeeper
from handheld.application.following import batches
from handheld.application.past_boards import FOLD
from handheld.domain.errors import NotFound
from handheld_events import task, task_force
from handheld_events.base import Event
from handheld_events.codec import microseconds
from handheld_events.orders import Reminding
from handheld_projections.boards import Part
from handheld_projections.tier_board import tier_board
from handheld_projections.waiters import open_tasks
from tests.support_story import (
    CODES,
    DISTRICT,
    PEOPLE,
    START,
    TOWNSHIP,
    VILLAGE,
    Fact,
    Facts,
    Story,
    folded,
    stories,
    write,
)
from tests.support_views import database_of

EVERY = 7


class Place:
    """A log file and a views file."""

    def __init__(self, directory: Path, database: Database) -> None:
        self._app = open_sqlite(directory / "log.db", synchronous="OFF")
        found(self._app, "0123456789abcdef", ClockSetting())
        assert isinstance(self._app.port, SQLiteLog)
        self.log: SQLiteLog = self._app.port
        self.views = StoredViews(database, self.log)

    def keeper(self) -> BoardKeeper:
        return BoardKeeper(self.log, self.views, every=EVERY)

    def spoil(self, statement: str, *params: object) -> None:
        """Change the views behind the keeper's back."""
        with self.views.writing() as c:
            c.execute(statement, params)

    def close(self) -> None:
        self.views.close()
        self._app.close()


@contextmanager
def place_at(directory: Path, database: Database | None = None) -> Generator[Place]:
    place = Place(directory, database or SQLiteDatabase(directory / "views.db"))
    try:
        yield place
    finally:
        place.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with place_at(tmp_path, database_of(request, tmp_path)) as opened:
        yield opened


def a_long_story(seed: int = 1, steps: int = 220) -> list[Fact]:
    return Story(random.Random(seed).randrange).tell(steps)


def open_parts(facts: list[Fact], position: int) -> dict[str, Part]:
    parts = folded(facts[:position]).parts
    return {name: part for name, part in parts.items() if not part.closed}


def assert_boards_as_folded(keeper: BoardKeeper, facts: list[Fact], position: int) -> None:
    whole = folded(facts[:position]).parts
    still_open = open_parts(facts, position)
    for code in CODES[:4]:
        for drills in (False, True):
            expected = tier_board(still_open, code, position, drills=drills)
            assert keeper.tier_board(code, at=position, drills=drills) == expected
    assert keeper.waiters(DISTRICT, at=position) == open_tasks(still_open.values(), DISTRICT)
    for name, part in whole.items():
        drill = part.summary is not None and part.summary.drill
        expected = tier_board({name: part}, DISTRICT, position, drills=drill)
        shown = keeper.tier_board(DISTRICT, task_force=name, at=position, drills=drill)
        assert shown == expected
        waiting = open_tasks([part], DISTRICT)
        assert keeper.waiters(DISTRICT, task_force=name, at=position) == waiting


@pytest.mark.parametrize("seed", [1, 2])
def test_the_board_of_any_position_is_that_folded_from_scratch_up_to_it(
    place: Place, seed: int
) -> None:
    facts = a_long_story(seed)
    assert any(isinstance(fact.event, task_force.TaskForceClosed) for fact in facts)
    write(place.log, facts)
    keeper = place.keeper()
    assert keeper.catch_up() == len(facts)
    assert len(place.views.checkpoints(FOLD)) >= len(facts) // (EVERY + 1)
    step = 3 if place.views.database.engine == "sqlite" else 20
    for position in range(0, len(facts) + 1, step):
        assert_boards_as_folded(keeper, facts, position)
    assert_boards_as_folded(keeper, facts, len(facts))


@settings(derandomize=True, deadline=None, max_examples=15)
@given(stories(), st.lists(st.integers(0, 250), max_size=5), st.sets(st.integers(0, 5)))
def test_boards_kept_through_restarts_are_those_folded_at_once(
    tmp_path_factory: pytest.TempPathFactory,
    facts: list[Fact],
    places: list[int],
    checkpoints: set[int],
) -> None:
    with place_at(tmp_path_factory.mktemp("log")) as place:
        write(place.log, facts)
        for number, upto in enumerate(sorted(min(p, len(facts)) for p in places)):
            keeper = place.keeper()
            keeper.catch_up(upto)
            if number in checkpoints:
                keeper.checkpoint()
        keeper = place.keeper()
        keeper.catch_up()
        for position in (*places, len(facts)):
            assert_boards_as_folded(keeper, facts, min(position, len(facts)))


def test_live_boards_and_boards_folded_anew_are_the_same(place: Place, tmp_path: Path) -> None:
    facts = a_long_story(3)
    live = place.keeper()
    for start in range(0, len(facts), 11):
        write(place.log, facts[start : start + 11])
        live.catch_up()
    anew = BoardKeeper(place.log, None)
    anew.catch_up()
    assert live.position == anew.position == len(facts)
    for position in range(0, len(facts), 29):
        assert_boards_as_folded(live, facts, position)
        assert_boards_as_folded(anew, facts, position)


def closed_task_force() -> tuple[list[Fact], str, int]:
    """A task force that is closed early in a log that goes on; and the position of its close."""
    story = Facts()
    stream = story.start()
    tasks = story.order(stream, [(PEOPLE[0], VILLAGE), (PEOPLE[1], TOWNSHIP)])
    story.new_command()
    story.wait(60)
    story.add(tasks[0], task.TaskAccepted(), actor=PEOPLE[0])
    story.new_command()
    story.add(tasks[0], task.TaskWithdrawn(reason="结束"))
    story.add(tasks[1], task.TaskWithdrawn(reason="结束"))
    closed = story.add(stream, task_force.TaskForceClosed(outcome="完成", withdrawn=2)).position
    other = story.start()
    for _ in range(8):
        story.order(other, [(PEOPLE[2], VILLAGE), (PEOPLE[3], TOWNSHIP)])
        story.new_command()
        story.add(tasks[0], task.TaskOvertaken(did="report", because="withdrawn", text="晚了"))
    return story.facts, stream, closed


def test_a_closed_task_force_answers_by_its_id_now_and_for_the_past(place: Place) -> None:
    facts, stream, closed = closed_task_force()
    write(place.log, facts)
    keeper = place.keeper()
    keeper.catch_up()
    keeper.checkpoint()
    assert stream not in keeper._boards.parts
    now = keeper.tier_board(DISTRICT, task_force=stream)
    assert (now.count.withdrawn, now.count.tasks) == (2, 2)
    assert now.task_forces[0].status == "closed"
    before = keeper.tier_board(DISTRICT, task_force=stream, at=closed - 3)
    assert (before.count.in_progress, before.count.waiting) == (1, 1)
    assert before.task_forces[0].status == "active"
    assert stream not in [line.task_force for line in keeper.tier_board(DISTRICT).task_forces]
    then = keeper.tier_board(DISTRICT, at=closed - 1)
    assert [line.task_force for line in then.task_forces] == [stream]
    assert keeper.tasks(stream, only_open=True) == {}


def test_a_closed_task_force_answers_after_a_restart(place: Place) -> None:
    facts, _, closed = closed_task_force()
    write(place.log, facts)
    first = place.keeper()
    first.catch_up()
    first.checkpoint()
    keeper = place.keeper()
    assert keeper.position == len(facts)
    assert_boards_as_folded(keeper, facts, len(facts))
    assert_boards_as_folded(keeper, facts, closed - 1)


def test_a_task_force_that_did_not_exist_then_is_not_found(place: Place) -> None:
    facts, stream, _ = closed_task_force()
    write(place.log, facts)
    keeper = place.keeper()
    keeper.catch_up()
    for name, at in (("tf-unknown", None), (stream, 0), ("tf-unknown", 5)):
        with pytest.raises(NotFound) as error:
            keeper.tier_board(DISTRICT, task_force=name, at=at)
        assert error.value.code == "task_force.unknown"


def test_a_position_not_reached_yet_is_answered_with_what_is_known(place: Place) -> None:
    facts, _, _ = closed_task_force()
    write(place.log, facts)
    keeper = place.keeper()
    keeper.catch_up(5)
    assert keeper.tier_board(DISTRICT, at=10_000).position == 5


def test_an_instant_gives_the_position_and_the_board_that_was_shown_then(place: Place) -> None:
    facts, _, _ = closed_task_force()
    write(place.log, facts)
    keeper = place.keeper()
    keeper.catch_up()
    for moment, expected in (
        (START - timedelta(microseconds=1), 0),
        (START, 4),
        (START + timedelta(seconds=59, microseconds=999_999), 4),
        (START + timedelta(seconds=60), len(facts)),
        (START + timedelta(days=365), len(facts)),
    ):
        position = place.log.position_at(microseconds(moment))
        assert position == expected
        assert_boards_as_folded(keeper, facts, position)


def test_the_instant_of_any_fact_gives_the_last_position_recorded_by_then(place: Place) -> None:
    facts = a_long_story(4)
    write(place.log, facts)
    for fact in facts:
        position = place.log.position_at(microseconds(fact.recorded_at))
        assert position == max(f.position for f in facts if f.recorded_at <= fact.recorded_at)


def test_checkpoints_of_another_fold_version_are_not_read(place: Place) -> None:
    facts = a_long_story(5)
    write(place.log, facts)
    first = place.keeper()
    first.catch_up()
    first.checkpoint()
    for table in ("cursors", "checkpoints", "parts"):
        place.spoil(f"UPDATE {table} SET fold='boards.0' WHERE fold=?", FOLD)
    keeper = place.keeper()
    assert keeper.position == 0
    keeper.catch_up()
    for position in range(0, len(facts), 17):
        assert_boards_as_folded(keeper, facts, position)


@pytest.mark.parametrize("state", [b"", b"\xc1 not msgpack", b"\x93\x01\x02\x03"])
def test_checkpoints_with_broken_bytes_are_discarded(place: Place, state: bytes) -> None:
    facts = a_long_story(6)
    write(place.log, facts)
    first = place.keeper()
    first.catch_up()
    first.checkpoint()
    place.spoil("UPDATE parts SET state=? WHERE fold=?", state, FOLD)
    keeper = place.keeper()
    assert keeper.position == 0
    keeper.catch_up()
    assert_boards_as_folded(keeper, facts, len(facts))


def test_a_broken_checkpoint_of_the_past_is_no_obstacle_to_a_board_of_that_time(
    place: Place,
) -> None:
    facts = a_long_story(6)
    write(place.log, facts)
    keeper = place.keeper()
    keeper.catch_up()
    keeper.checkpoint()
    place.spoil("UPDATE parts SET state=? WHERE fold=? AND position<?", b"\xc1", FOLD, len(facts))
    assert_boards_as_folded(keeper, facts, 40)


def test_after_broken_checkpoints_were_discarded_every_past_board_is_right(place: Place) -> None:
    """Some were made at other positions than the new ones will be: they must be gone too."""
    facts = a_long_story(6)
    write(place.log, facts)
    first = place.keeper()
    first.catch_up(25)
    first.checkpoint()
    first.catch_up()
    first.checkpoint()
    place.spoil("UPDATE parts SET state=? WHERE fold=?", b"\xc1", FOLD)
    keeper = place.keeper()
    keeper.catch_up()
    for position in range(20, 35):
        assert_boards_as_folded(keeper, facts, position)


def test_views_of_another_log_are_thrown_away(tmp_path: Path) -> None:
    facts = a_long_story(7)
    with place_at(tmp_path) as place:
        write(place.log, facts)
        keeper = place.keeper()
        keeper.catch_up()
        keeper.checkpoint()
    other = open_memory()
    found(other, "another-log", ClockSetting())
    views = file_of_views(tmp_path / "views.db", other.port)
    assert views.cursor(FOLD) == 0
    assert views.open_parts(FOLD, 10_000) == []
    views.close()


def test_boards_in_memory_need_no_views() -> None:
    app = open_memory()
    facts = a_long_story(8, 120)
    write(app.port, facts)
    keeper = BoardKeeper(app.port, None)
    for batch in batches(app.port, 0):
        keeper.take(batch)
    for position in range(0, len(facts) + 1, 13):
        assert_boards_as_folded(keeper, facts, position)


def closed_for_long(place: Place) -> tuple[BoardKeeper, Facts, str, str]:
    """A task force whose part has left memory: it was closed before the last checkpoint."""
    story = Facts()
    stream = story.start()
    (done,) = story.order(stream, [(PEOPLE[0], VILLAGE)])
    story.new_command()
    story.add(done, task.TaskAccepted(), actor=PEOPLE[0])
    story.add(done, task.TaskClosed(), actor=PEOPLE[0])
    story.add(stream, task_force.TaskForceClosed(outcome="完成"))
    write(place.log, story.facts)
    keeper = place.keeper()
    keeper.catch_up()
    keeper.checkpoint()
    assert keeper._boards.parts == {}
    return keeper, story, stream, done


def further(place: Place, keeper: BoardKeeper, story: Facts, stream: str, event: Event) -> Fact:
    story.new_command()
    story.wait(60)
    fact = story.add(stream, event)
    write(place.log, [fact])
    keeper.catch_up()
    return fact


def test_a_rating_after_the_part_has_left_memory_is_taken_in_and_stored(place: Place) -> None:
    keeper, story, stream, done = closed_for_long(place)

    rated = further(place, keeper, story, done, task.TaskRated(satisfied=True))

    board = keeper.tier_board(DISTRICT, task_force=stream)
    assert (board.ratings.satisfied, board.count.closed) == (1, 1)
    keeper.checkpoint()
    assert keeper._boards.parts == {}
    again = place.keeper()
    assert again.tier_board(DISTRICT, task_force=stream) == board
    before = again.tier_board(DISTRICT, task_force=stream, at=rated.position - 1)
    assert before.ratings.satisfied == 0


def test_the_list_of_the_closed_shows_what_was_said_of_them_last(place: Place) -> None:
    keeper, story, stream, _ = closed_for_long(place)
    further(place, keeper, story, stream, task_force.TaskForceRated(satisfied=True))
    assert [(s.task_force, s.satisfied) for s in keeper.closed()] == [(stream, True)]
    keeper.checkpoint()
    assert [(s.task_force, s.satisfied) for s in keeper.closed()] == [(stream, True)]
    assert [s.satisfied for s in place.keeper().closed()] == [True]


def test_a_task_force_that_was_reopened_is_not_among_the_closed_and_is_on_the_boards(
    place: Place,
) -> None:
    keeper, story, stream, done = closed_for_long(place)

    further(place, keeper, story, stream, task_force.TaskForceReopened(reason="没完"))
    further(place, keeper, story, done, task.TaskReopened(reason="没完"))

    for one in (keeper, place.keeper()):
        one.catch_up()
        assert one.closed() == []
        assert one.tier_board(DISTRICT).count.in_progress == 1
        assert [w.task for w in one.waiters(DISTRICT)] == [done]
        one.checkpoint()
        assert one.closed() == []
    assert_boards_as_folded(keeper, story.facts, len(story.facts))


def test_a_start_by_mistake_is_out_of_every_board_and_figure_from_its_cancellation_on(
    place: Place,
) -> None:
    story = Facts()
    mistake, real = story.start(), story.start()
    wrong = story.order(mistake, [(PEOPLE[0], VILLAGE), (PEOPLE[1], TOWNSHIP)])
    story.new_command()
    story.order(real, [(PEOPLE[0], VILLAGE)])
    story.new_command()
    story.add(wrong[0], task.TaskAccepted())
    story.add(wrong[0], task.TaskOverdue(awaited="report", due_at=START))
    story.add(wrong[0], task.HouseholdVisited(household="1", done="已告知", satisfied=True))
    story.new_command()
    for name in wrong:
        story.add(name, task.TaskCancelled(reason="误发"))
    story.add(mistake, task_force.TaskForceCancelled(reason="误发", tasks=2))
    for _ in range(3):
        story.new_command()
        story.add(real, task_force.EntryMade(entry="entry-1", text="到场"))
    write(place.log, story.facts)
    keeper = place.keeper()
    keeper.catch_up()
    cancelled = next(f.position for f in story.facts if f.stream == mistake and f.version == 3)

    for one in (keeper, place.keeper()):
        one.catch_up()
        for at in (None, cancelled, cancelled + 1, len(story.facts)):
            board = one.tier_board(DISTRICT, at=at)
            assert [line.task_force for line in board.task_forces] == [real]
            assert (board.count.tasks, board.count.overdue, board.visits.visits) == (1, 0, 0)
            assert [step.tasks for step in board.funnel] == [1, 0, 0, 0, 0, 0, 0, 0]
            assert [w.task_force for w in one.waiters(DISTRICT, at=at)] == [real]
            by_name = one.tier_board(DISTRICT, task_force=mistake, at=at)
            assert (by_name.count.tasks, by_name.task_forces) == (0, ())
        shown_then = one.tier_board(DISTRICT, at=cancelled - 3)
        assert (shown_then.count.tasks, shown_then.count.overdue) == (3, 1)


def test_the_agenda_of_a_keeper_is_kept_from_the_first_question_on(place: Place) -> None:
    story = Facts()
    stream = story.start()
    reminding = Reminding(after=600, every=300, most=1)
    (name,) = story.order(stream, [(PEOPLE[0], VILLAGE)], remind_accept=reminding)
    write(place.log, story.facts)
    keeper = place.keeper()
    keeper.catch_up()
    assert keeper.next_due() == START + timedelta(minutes=10)

    further(place, keeper, story, name, task.TaskReminded(awaited="accept", number=1))

    due = START + timedelta(minutes=15)
    assert keeper.due(START + timedelta(minutes=14)).late == {}
    assert keeper.next_due() == due
    assert place.keeper().next_due() is None  # nothing was stored: it begins with nothing
    keeper.checkpoint()
    assert place.keeper().next_due() == due
    assert [len(tasks) for tasks in keeper.due(due).late.values()] == [1]
    assert keeper.due(due).late == {}
