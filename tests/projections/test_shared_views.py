"""Several processes on the same views: one stores, the others follow, and nothing comes twice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Thread
from typing import Any, NamedTuple, Protocol

import pytest

from handheld.adapters.clock import ClockSetting
from handheld.adapters.database_sqlite import SQLiteDatabase
from handheld.adapters.log import found, open_sqlite
from handheld.adapters.registers_store import StoredRegisters
from handheld.adapters.views_store import StoredViews, file_of_views
from handheld.application import mention_keeper
from handheld.application.board_keeper import BoardKeeper
from handheld.application.follower import Follower
from handheld.application.index_keeper import INBOX, TIMELINE, IndexKeeper
from handheld.application.mention_keeper import MentionKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.past_boards import FOLD
from handheld.application.ports import Log, ViewsMoved
from handheld.application.pushing.numbers import Numbers
from handheld.application.register_keeper import RegisterKeeper, differences
from handheld.application.stored_fold import StoredFold
from handheld.domain.errors import Busy, Installation
from handheld_events import task, task_force
from handheld_projections.register_rows import COLUMNS
from handheld_projections.tier_board import tier_board
from tests.support_postgres import Postgres, postgres
from tests.support_registers import Incidents, OpenBoxes
from tests.support_story import DISTRICT, PEOPLE, VILLAGE, Fact, Facts, Story, folded, write
from tests.support_views import OpenViews

PATIENCE_SECONDS = 20.0
EVERY = 7
"""Facts between checkpoints of boards."""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    app = open_sqlite(tmp_path / "log.db", synchronous="OFF")
    found(app, "0123456789abcdef", ClockSetting())
    yield app.port
    app.close()


class Duty:
    """Who writes: as an advisory lock says it."""

    def __init__(self, held: bool = True) -> None:
        self.held = held

    def __call__(self) -> bool:
        return self.held


class Process(NamedTuple):
    """The stored folds as one process has them."""

    views: StoredViews
    duty: Duty
    indexes: IndexKeeper
    mentions: MentionKeeper
    registers: RegisterKeeper
    rows: StoredRegisters

    @property
    def folds(self) -> tuple[StoredFold, ...]:
        return self.indexes, self.mentions, self.registers

    def catch_up(self) -> set[int]:
        return {fold.catch_up() for fold in self.folds}


def process_on(views: StoredViews, log: Log, duty: Duty) -> Process:
    """A process that has opened these views."""
    rows = StoredRegisters(views, log)
    return Process(
        views,
        duty,
        IndexKeeper(log, views, duty),
        MentionKeeper(log, views, duty),
        RegisterKeeper(log, rows, OpenBoxes(), duty),
        rows,
    )


class Starts(Protocol):
    def __call__(self, *, writing: bool) -> Process: ...


@pytest.fixture
def process(log: Log, open_views: OpenViews) -> Iterator[Starts]:
    with ExitStack() as opened:

        def start(*, writing: bool) -> Process:
            views, duty = open_views(log), Duty(writing)
            opened.callback(views.close)
            return process_on(views, log, duty)

        yield start


def a_story(steps: int = 250) -> list[Fact]:
    """With divisions, people, tasks, findings and warnings."""
    return Incidents(random.Random(3).randrange).tell(steps)


def stored(views: StoredViews, rows: StoredRegisters) -> dict[str, Any]:
    """Everything that is stored, in an order that does not depend on how it came there."""
    lines = {fold: sorted(views.all_lines(fold)) for fold in (TIMELINE, INBOX, mention_keeper.FOLD)}
    return {**lines, **{table: set(rows.rows(table)) for table in COLUMNS}}


def assert_as_rebuilt(one: Process, log: Log, tmp_path: Path) -> None:
    alone = file_of_views(tmp_path / "alone.db", log)
    rows = StoredRegisters(alone, log)
    for fold in (
        IndexKeeper(log, alone),
        MentionKeeper(log, alone),
        RegisterKeeper(log, rows, OpenBoxes()),
    ):
        fold.catch_up()
    made, rebuilt = stored(one.views, one.rows), stored(alone, rows)
    alone.close()
    assert len(made[TIMELINE]) > 100
    assert made == rebuilt
    assert differences(log, one.rows, OpenBoxes())[1] == ""


def test_of_two_that_write_one_is_told_and_nothing_comes_twice(
    log: Log, process: Starts, tmp_path: Path
) -> None:
    facts = a_story()
    write(log, facts[:100])
    first, second = process(writing=True), process(writing=True)
    assert first.catch_up() == {100}
    for fold in second.folds:
        with pytest.raises(ViewsMoved):
            fold.catch_up()
    write(log, facts[100:])
    assert second.catch_up() == {len(facts)}
    for fold in first.folds:
        with pytest.raises(ViewsMoved):
            fold.catch_up()
    assert first.catch_up() == {len(facts)}
    assert_as_rebuilt(first, log, tmp_path)


def test_two_that_write_at_the_same_time_make_together_what_one_makes(
    log: Log, process: Starts, tmp_path: Path
) -> None:
    facts = a_story()
    both = [process(writing=True), process(writing=True)]
    barrier = Barrier(3)
    failures: list[BaseException] = []

    def go_on(one: Process) -> None:
        try:
            for _ in range(len(facts) // 25 + 1):
                barrier.wait(PATIENCE_SECONDS)
                for fold in one.folds:
                    while fold.position < log.end():
                        try:
                            fold.catch_up()
                        except ViewsMoved:
                            continue
                barrier.wait(PATIENCE_SECONDS)
        except BaseException as error:
            failures.append(error)
            barrier.abort()

    threads = [Thread(target=go_on, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for start in range(0, len(facts) + 1, 25):
        write(log, facts[start : start + 25])
        barrier.wait(PATIENCE_SECONDS)
        barrier.wait(PATIENCE_SECONDS)
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert failures == []
    assert_as_rebuilt(both[0], log, tmp_path)


def test_who_follows_stores_nothing_and_is_where_the_writer_is(log: Log, process: Starts) -> None:
    facts = a_story()
    write(log, facts)
    writer, follower = process(writing=True), process(writing=False)
    assert follower.catch_up() == {0}
    assert writer.views.cursor(TIMELINE) == 0
    assert writer.catch_up() == {len(facts)}
    assert all(fold.only_follows() for fold in follower.folds)
    assert {fold.position for fold in follower.folds} == {len(facts)}
    for who in PEOPLE:
        assert follower.indexes.inbox(who) == writer.indexes.inbox(who)
    assert stored(follower.views, follower.rows) == stored(writer.views, writer.rows)


def test_where_nothing_is_named_who_follows_still_knows_how_far_it_is(
    log: Log, process: Starts
) -> None:
    facts = a_story(40)
    write(log, facts)
    writer, follower = process(writing=True), process(writing=False)
    writer.mentions.catch_up()
    assert follower.mentions.catch_up() == len(facts)


@pytest.mark.parametrize("places", [(100,), (60, 61, 130, 200)])
def test_whoever_takes_over_goes_on_as_if_there_had_been_one(
    log: Log, process: Starts, tmp_path: Path, places: tuple[int, ...]
) -> None:
    facts = a_story()
    both = [process(writing=True), process(writing=False)]
    for turn, (start, end) in enumerate(pairwise((0, *places, len(facts)))):
        for number, one in enumerate(both):
            one.duty.held = number == turn % 2
        for middle in (start + (end - start) // 2, end):
            write(log, facts[log.end() : middle])
            for one in (both[turn % 2], both[1 - turn % 2]):
                assert one.catch_up() == {log.end()}
    assert_as_rebuilt(both[0], log, tmp_path)


def test_the_numbers_of_a_hub_are_those_that_another_process_stores(
    log: Log, process: Starts
) -> None:
    facts = a_story()
    write(log, facts[:120])
    writer, follower = process(writing=True), process(writing=False)
    writer.catch_up()
    follower.indexes.only_follows()
    numbers = Numbers(follower.views.heads(INBOX), follower.indexes.position)
    write(log, facts[120:])
    numbered = numbers.take(facts[120:], len(facts))
    waiting = {who: numbers.waiting(who, 0) for who in PEOPLE}
    assert sum(map(len, waiting.values())) == len(numbered) > 5
    writer.catch_up()
    follower.indexes.only_follows()
    numbers.stored(follower.indexes.position)
    for who in PEOPLE:
        assert numbers.waiting(who, 0) == []
        lines = follower.indexes.inbox(who)
        assert lines[len(lines) - len(waiting[who]) :] == waiting[who]


def test_views_that_somebody_threw_away_are_made_anew_by_whoever_writes(
    log: Log, process: Starts, tmp_path: Path
) -> None:
    facts = a_story()
    write(log, facts[:100])
    first = process(writing=True)
    first.catch_up()
    for name in (TIMELINE, INBOX, mention_keeper.FOLD):
        first.views.drop(name)
    write(log, facts[100:])
    for fold in first.folds[:2]:
        with pytest.raises(ViewsMoved):
            fold.catch_up()
    assert first.catch_up() == {len(facts)}
    assert_as_rebuilt(first, log, tmp_path)


def test_views_of_another_log_are_thrown_away_with_their_registers(
    log: Log, open_views: OpenViews, process: Starts, tmp_path: Path
) -> None:
    write(log, a_story(60))
    first = process(writing=True)
    first.catch_up()
    (tmp_path / "other").mkdir()
    with open_sqlite(tmp_path / "other" / "log.db", synchronous="OFF") as app:
        found(app, "fedcba9876543210", ClockSetting())
        facts = a_story()
        write(app.port, facts)
        if isinstance(first.views.database, SQLiteDatabase):
            first.views.close()  # its file is deleted
        views = open_views(app.port)
        one = process_on(views, app.port, Duty())
        assert {fold.position for fold in one.folds} == {0}
        assert one.catch_up() == {len(facts)}
        assert_as_rebuilt(one, app.port, tmp_path / "other")
        views.close()


def test_tables_of_postgresql_are_made_by_who_migrates_and_used_by_all(
    log: Log, server: Postgres
) -> None:
    made = server.database()
    used = server.pool.of(made.name)
    with pytest.raises(Installation) as raised:
        StoredViews(used, log)
    assert raised.value.code == "database.not_migrated"
    StoredRegisters(StoredViews(made, log), log)
    write(log, a_story(40))
    assert process_on(StoredViews(used, log), log, Duty()).catch_up() == {log.end()}
    with made.writing() as c:
        c.execute("UPDATE layout SET number=number+1")
    with pytest.raises(Installation) as raised:
        StoredViews(used, log)
    assert raised.value.code == "database.newer"


# --- boards and organisation: in the memory of each -----------------------------------------------


class Both(NamedTuple):
    """The boards of two processes on the same views."""

    log: Log
    views: list[StoredViews]
    duties: list[Duty]
    boards: list[BoardKeeper]

    def turn(self, who: int) -> None:
        """The other one stops to write, and this one begins."""
        for number, duty in enumerate(self.duties):
            duty.held = number == who


@pytest.fixture
def both(log: Log, open_views: OpenViews) -> Iterator[Both]:
    views = [open_views(log), open_views(log)]
    duties = [Duty(True), Duty(False)]
    boards = [
        BoardKeeper(log, mine, duty, every=EVERY) for mine, duty in zip(views, duties, strict=True)
    ]
    yield Both(log, views, duties, boards)
    for one in views:
        one.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_boards_of_any_instant_are_right_in_both_whoever_stored_the_checkpoints(
    both: Both, log: Log, seed: int
) -> None:
    facts = Story(random.Random(seed).randrange).tell(220)
    pick = random.Random(seed)
    last = len(facts) - 2
    while log.end() < last:
        both.turn(pick.randrange(2))
        write(log, facts[log.end() : min(log.end() + 1 + pick.randrange(40), last)])
        for keeper in pick.sample(both.boards, 2):
            if pick.randrange(4):
                keeper.catch_up()
    for number in (0, 1):
        write(log, facts[log.end() : log.end() + 1])
        both.turn(number)
        for keeper in both.boards:
            keeper.catch_up()
            keeper.checkpoint()
        assert both.views[0].checkpoints(FOLD)[-1] == log.end()
    for position in (*range(0, len(facts), 9), len(facts)):
        parts = folded(facts[:position]).parts
        live = {name: part for name, part in parts.items() if not part.closed}
        expected = tier_board(live, DISTRICT, position)
        for keeper in both.boards:
            assert keeper.tier_board(DISTRICT, at=position) == expected
    whole = folded(facts).parts
    closed = {name for name, part in whole.items() if part.summary is not None and part.closed}
    assert closed
    for keeper in both.boards:
        assert {summary.task_force for summary in keeper.closed()} == closed


def test_who_follows_lets_go_of_what_is_closed_and_stored(both: Both, log: Log) -> None:
    story = Facts()
    stream = story.start()
    (done,) = story.order(stream, [(PEOPLE[0], VILLAGE)])
    story.add(done, task.TaskClosed(), actor=PEOPLE[0])
    story.add(stream, task_force.TaskForceClosed(outcome="完成"))
    write(log, story.facts)
    told = len(story.facts)
    other = story.start()
    for _ in range(4):
        story.order(other, [(PEOPLE[1], VILLAGE)])
    for fact in story.facts[told:]:
        write(log, [fact])
        for keeper in both.boards:
            keeper.catch_up()
    for keeper in both.boards:
        assert stream not in keeper._boards.parts
        assert keeper.tier_board(DISTRICT, task_force=stream).count.closed == 1
    assert both.boards[1]._boards.changed <= {other}


def told(both: Both, facts: Facts, *who: int) -> None:
    """What is new in the story is written, and these processes take it in."""
    write(both.log, facts.facts[both.log.end() :])
    for number in who:
        both.boards[number].catch_up()


def test_what_the_last_writer_did_not_store_any_more_is_stored_by_the_next(both: Both) -> None:
    story = Facts()
    early, late = story.start(), story.start()
    told(both, story, 0, 1)
    story.order(early, [(PEOPLE[0], VILLAGE), (PEOPLE[1], VILLAGE)])
    for _ in range(4):
        story.order(late, [(PEOPLE[2], VILLAGE)] * 2)
    told(both, story, 1)  # the one that writes has ended before it knew of this
    both.turn(1)
    for _ in range(4):
        story.order(late, [(PEOPLE[2], VILLAGE)] * 2)
    told(both, story, 1)
    (*_, checkpoint) = both.views[1].checkpoints(FOLD)
    parts = folded(story.facts[:checkpoint]).parts
    shown = both.boards[1].tier_board(DISTRICT, at=checkpoint)
    assert checkpoint < both.log.end()
    assert shown == tier_board(parts, DISTRICT, checkpoint)


def until_a_checkpoint(story: Facts, task_force_id: str) -> None:
    """Entries until the number of facts is one at which boards are stored."""
    while len(story.facts) % EVERY:
        story.add(task_force_id, task_force.EntryMade(entry="entry-1", text="到场"))


def test_what_is_said_of_the_closed_before_it_is_stored_elsewhere_stays(both: Both) -> None:
    story = Facts()
    stream = story.start()
    (done,) = story.order(stream, [(PEOPLE[0], VILLAGE)])
    story.add(done, task.TaskClosed(), actor=PEOPLE[0])
    story.add(stream, task_force.TaskForceClosed(outcome="完成"))
    other = story.start()
    until_a_checkpoint(story, other)
    told(both, story, 0, 1)
    assert both.views[0].cursor(FOLD) == len(story.facts)
    story.new_command()
    story.add(done, task.TaskRated(satisfied=True))
    until_a_checkpoint(story, other)
    told(both, story, 1)
    board = both.boards[1].tier_board(DISTRICT, task_force=stream)
    assert (board.ratings.satisfied, board.count.closed) == (1, 1)


def test_boards_of_a_process_that_lost_the_duty_unawares_store_nothing(
    both: Both, log: Log
) -> None:
    facts = a_story(60)
    both.duties[1].held = True
    write(log, facts)
    for keeper in both.boards:
        keeper.catch_up()
        keeper.checkpoint()
    checkpoints = both.views[0].checkpoints(FOLD)
    assert checkpoints[-1] == len(facts)
    assert len(checkpoints) == len(facts) // EVERY + (len(facts) % EVERY > 0)


def test_the_organisation_is_stored_by_who_writes(log: Log, open_views: OpenViews) -> None:
    write(log, a_story(60))
    views, duty = open_views(log), Duty(False)
    keeper = OrganisationKeeper(log, views, duty)
    keeper.checkpoint()
    assert _folds(views) == []
    duty.held = True
    keeper.checkpoint()
    other = OrganisationKeeper(log, views, Duty(True))
    other.checkpoint()
    keeper.checkpoint()
    assert [views.checkpoints(fold) for fold in _folds(views)] == [[log.end()]]
    views.close()


def _folds(views: StoredViews) -> list[str]:
    with views.reading() as c:
        return [row[0] for row in c.execute("SELECT fold FROM cursors ORDER BY fold")]


# --- the thread that keeps them up ----------------------------------------------------------------


Watched = Callable[[Process], Follower]


@pytest.fixture
def watched(log: Log) -> Iterator[Watched]:
    with ExitStack() as opened:

        def start(one: Process) -> Follower:
            boards = BoardKeeper(log, one.views, one.duty)
            follower = Follower(log, (boards, *one.folds))
            opened.callback(follower.close)
            follower.start()
            return follower

        yield start


def test_a_follower_shows_what_another_process_stores_and_takes_over_from_it(
    log: Log, process: Starts, watched: Watched, tmp_path: Path
) -> None:
    facts = a_story()
    writer, follower = process(writing=True), process(writing=False)
    first, second = watched(writer), watched(follower)
    write(log, facts[:150])
    for fold in follower.folds:
        assert fold.wait_for(150, PATIENCE_SECONDS)
    assert (first.trouble, second.trouble) == (None, None)
    writer.duty.held = False
    first.close()
    follower.duty.held = True
    write(log, facts[150:])
    for fold in follower.folds:
        assert fold.wait_for(len(facts), PATIENCE_SECONDS)
    assert_as_rebuilt(follower, log, tmp_path)


def test_two_followers_that_both_believe_they_write_make_what_one_makes(
    log: Log, process: Starts, watched: Watched, tmp_path: Path
) -> None:
    facts = a_story()
    both = [process(writing=True), process(writing=True)]
    for one in both:
        watched(one)
    for start in range(0, len(facts), 50):
        write(log, facts[start : start + 50])
    for one in both:
        for fold in one.folds:
            assert fold.wait_for(len(facts), PATIENCE_SECONDS)
    assert_as_rebuilt(both[0], log, tmp_path)


def test_after_the_server_of_the_views_was_killed_everything_is_stored(
    log: Log, tmp_path: Path, watched: Watched
) -> None:
    """What it had not yet put on its disk is stored again."""
    facts = a_story()
    with postgres() as server:
        views = StoredViews(server.database(), log)
        one = process_on(views, log, Duty())
        follower = watched(one)
        write(log, facts[:150])
        for fold in one.folds:
            assert fold.wait_for(150, PATIENCE_SECONDS)
        server.kill()
        write(log, facts[150:])
        server.start()
        for fold in one.folds:
            assert fold.wait_for(len(facts), PATIENCE_SECONDS)
        follower.close()
        assert_as_rebuilt(one, log, tmp_path)


def test_boards_that_cannot_look_up_what_is_closed_do_not_count_twice(log: Log) -> None:
    story = Facts()
    stream, other = story.start(), story.start()
    (done,) = story.order(stream, [(PEOPLE[0], VILLAGE)])
    story.add(done, task.TaskClosed(), actor=PEOPLE[0])
    story.add(stream, task_force.TaskForceClosed(outcome="完成"))
    write(log, story.facts)
    with postgres() as server:
        keeper = BoardKeeper(log, StoredViews(server.database(), log))
        keeper.catch_up()
        keeper.checkpoint()
        story.order(other, [(PEOPLE[1], VILLAGE)] * 3)
        story.new_command()
        story.add(done, task.TaskRated(satisfied=True))
        write(log, story.facts[log.end() :])
        server.kill()
        with pytest.raises(Busy):
            keeper.catch_up()
        server.start()
        assert keeper.catch_up() == log.end()
        parts = folded(story.facts).parts
        for name in (stream, other):
            shown = keeper.tier_board(DISTRICT, task_force=name)
            assert shown == tier_board({name: parts[name]}, DISTRICT, log.end())


class Wavering(Duty):
    """Lost and won again all the time, in the middle of everything."""

    def __init__(self) -> None:
        super().__init__()
        self._chance = random.Random(4)

    def __call__(self) -> bool:
        return self._chance.random() < 0.8


def test_a_duty_that_comes_and_goes_leaves_nothing_out(
    log: Log, open_views: OpenViews, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handheld.application.following.BATCH", 10)
    facts = a_story()
    write(log, facts)
    views = open_views(log)
    one = process_on(views, log, Wavering())
    follower = Follower(log, one.folds)
    follower.start()
    for fold in one.folds:
        assert fold.wait_for(len(facts), PATIENCE_SECONDS)
    follower.close()
    assert_as_rebuilt(one, log, tmp_path)
    views.close()


def test_where_nobody_stores_it_is_said_and_ends_when_somebody_does(
    log: Log, process: Starts, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handheld.application.follower.BEHIND_SECONDS", 0.1)
    write(log, a_story(30))
    lonely = process(writing=False)
    follower = watched(lonely)
    assert not lonely.indexes.wait_for(log.end(), 0.5)
    assert follower.trouble == "no other process stores the views"
    process(writing=True).catch_up()
    for fold in lonely.folds:
        assert fold.wait_for(log.end(), PATIENCE_SECONDS)
