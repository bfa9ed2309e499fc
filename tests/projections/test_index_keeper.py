"""Timelines and inboxes as lines in real views: the same live, after restarts and when rebuilt."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from handheld.adapters.clock import ClockSetting
from handheld.adapters.log import found, open_sqlite
from handheld.adapters.views_store import StoredViews, file_of_views
from handheld.application.index_keeper import INBOX, TIMELINE, IndexKeeper
from handheld.application.ports import Log
from handheld_projections.inbox import Inbox
from handheld_projections.timeline import Line, Timeline
from tests.support_story import OFFICER, PEOPLE, Fact, Story, write
from tests.support_views import OpenViews


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    app = open_sqlite(tmp_path / "log.db", synchronous="OFF")
    found(app, "0123456789abcdef", ClockSetting())
    yield app.port
    app.close()


@pytest.fixture
def views(open_views: OpenViews, log: Log) -> Iterator[StoredViews]:
    opened = open_views(log)
    yield opened
    opened.close()


def a_story(seed: int = 5) -> list[Fact]:
    return Story(random.Random(seed).randrange).tell(300)


def lines_of(index: Timeline | Inbox, facts: list[Fact], key: str) -> list[Line]:
    return sorted((line for line in index.lines(facts) if line.key == key), key=lambda i: i.number)


def assert_lines_as_made(keeper: IndexKeeper, facts: list[Fact]) -> None:
    keys = {fact.task_force for fact in facts if fact.task_force} | {*PEOPLE, OFFICER}
    for key in sorted(keys):
        assert keeper.timeline(key) == lines_of(Timeline(), facts, key)
        assert keeper.inbox(key) == lines_of(Inbox(), facts, key)


def follow(keeper: IndexKeeper, log: Log, facts: list[Fact], step: int) -> None:
    for start in range(0, len(facts), step):
        write(log, facts[start : start + step])
        assert keeper.catch_up() == log.end()


def test_live_lines_are_those_of_the_whole_log(log: Log, views: StoredViews) -> None:
    facts = a_story()
    keeper = IndexKeeper(log, views)
    follow(keeper, log, facts, 7)
    assert_lines_as_made(keeper, facts)


def test_lines_go_on_after_a_restart(log: Log, views: StoredViews) -> None:
    facts = a_story()
    follow(IndexKeeper(log, views), log, facts[:100], 7)
    keeper = IndexKeeper(log, views)
    assert keeper.position == 100
    follow(keeper, log, facts[100:], 13)
    assert_lines_as_made(keeper, facts)


def test_lines_after_a_number_and_up_to_a_position_are_found(log: Log, views: StoredViews) -> None:
    facts = a_story()
    write(log, facts)
    keeper = IndexKeeper(log, views)
    keeper.catch_up()
    whole = lines_of(Inbox(), facts, PEOPLE[0])
    assert len(whole) > 4
    assert keeper.inbox(PEOPLE[0], after=2) == whole[2:]
    upto = whole[3].position
    assert keeper.inbox(PEOPLE[0], upto=upto) == whole[:4]
    assert keeper.inbox(PEOPLE[0], after=len(whole)) == []
    timeline = lines_of(Timeline(), facts, PEOPLE[0])
    shown = keeper.timeline(PEOPLE[0], upto=upto)
    assert shown == [line for line in timeline if line.position <= upto]


def test_a_rebuild_beside_the_old_views_gives_the_same_numbers(
    log: Log, views: StoredViews, tmp_path: Path
) -> None:
    facts = a_story()
    live = IndexKeeper(log, views)
    follow(live, log, facts, 3)
    other = file_of_views(tmp_path / "rebuilt.db", log)
    rebuilt = IndexKeeper(log, other)
    rebuilt.catch_up()
    for who in PEOPLE:
        assert rebuilt.inbox(who) == live.inbox(who)
        assert rebuilt.timeline(who) == live.timeline(who)
    other.close()


@pytest.mark.parametrize("renewed", [TIMELINE, INBOX])
def test_a_new_version_of_one_index_leaves_the_other_as_it_was(
    log: Log, views: StoredViews, renewed: str
) -> None:
    """Both are folded again together, in other batches than the first time."""
    facts = a_story()
    follow(IndexKeeper(log, views), log, facts, 3)
    with views.writing() as c:
        for table in ("cursors", "lines"):
            c.execute(f"DELETE FROM {table} WHERE fold=?", (renewed,))
    keeper = IndexKeeper(log, views)
    keeper.catch_up()
    assert_lines_as_made(keeper, facts)
