"""An event that cannot be read stops the folds that need it, says where it is, and stops no other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from handheld.adapters.views_store import file_of_views
from handheld.application import index_keeper, past_boards, register_keeper
from handheld.application.board_keeper import BoardKeeper
from handheld.application.index_keeper import IndexKeeper
from handheld.application.organisation_keeper import FOLD as ORGANISATION
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import CommandKey, Decided, Log, Written
from handheld.bootstrap import Home, found_home
from handheld.domain.errors import HandheldError
from handheld.domain.register import DivisionRow, ImportDivisions
from handheld.domain.task import Accept
from handheld_events.codec import microseconds
from handheld_projections.tier_board import tier_board
from tests.support_story import DISTRICT, START, Fact, Story, folded, write

UNKNOWN = ("task.levitated.v1", b'{"meta":{}}')
BROKEN = ("task.accepted.v1", b'{"meta":{"actor":')


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    found_home(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def home(directory: Path) -> Iterator[Home]:
    with Home(directory, synchronous="OFF") as opened:
        yield opened


def tell(log: Log, steps: int = 60) -> list[Fact]:
    facts = Story(random.Random(11).randrange).tell(steps)
    write(log, facts)
    return facts


def append(log: Log, stream: str, version: int, topic: str, state: bytes) -> int:
    """A row that no version of this software wrote; gives its position."""
    decided = Decided(
        CommandKey("operator", f"{stream}/{version}", b""),
        "accepted",
        None,
        (),
        [(stream, version, topic, state)],
    )
    (verdict,) = log.commit([decided], lambda: microseconds(START))
    assert isinstance(verdict, Written)
    assert verdict.last is not None
    return verdict.last


@pytest.mark.parametrize(("topic", "state"), [UNKNOWN, BROKEN])
def test_boards_and_indexes_stop_before_it_and_name_it(
    home: Home, topic: str, state: bytes
) -> None:
    tell(home.log)
    at = append(home.log, "task-strange", 1, topic, state)
    after = home.execute(
        ImportDivisions(rows=(DivisionRow(code="330803", name="衢江区"),)), "operator"
    )
    assert after.last == at + 1
    assert home.caught_up() == after.last
    assert [stopped.position for stopped in home.stopped] == [at, at, at]
    for keeper, fold in (
        (home.boards, past_boards.FOLD),
        (home.indexes, index_keeper.TIMELINE),
        (home.registers, register_keeper.FOLD),
    ):
        assert keeper.stopped is not None
        assert keeper.stopped[:3] == (fold, at, topic)
        assert keeper.stopped.reason
        assert keeper.position == at - 1


def test_a_stopped_board_shows_what_it_knew_and_its_age(home: Home) -> None:
    facts = tell(home.log)
    at = append(home.log, "task-strange", 1, *UNKNOWN)
    assert not home.boards.wait_for(at, 5)
    parts = {name: part for name, part in folded(facts).parts.items() if not part.closed}
    assert home.boards.tier_board(DISTRICT) == tier_board(parts, DISTRICT, at - 1)
    assert home.boards.tier_board(DISTRICT, at=at + 5).position == at - 1
    assert home.boards.tier_board(DISTRICT, at=20).position == 20


def test_the_organisation_does_not_read_tasks_and_goes_on(home: Home) -> None:
    append(home.log, "task-strange", 1, *UNKNOWN)
    home.execute(ImportDivisions(rows=(DivisionRow(code=DISTRICT, name="龙游县"),)), "operator")
    organisation, position = home.organisation.caught_up()
    assert list(organisation.divisions) == [DISTRICT]
    assert position == home.log.end()


def test_the_boards_do_not_read_the_register_and_go_on(directory: Path, tmp_path: Path) -> None:
    with Home(directory, synchronous="OFF") as home:
        at = append(home.log, "person-strange", 1, "person.levitated.v1", b"{}")
        facts = tell_after(home.log, at)
        assert home.boards.wait_for(home.log.end(), 5)
        assert home.boards.stopped is None
        shown = home.boards.tier_board(DISTRICT)
        assert shown.count.tasks > 0
        assert shown.position == at + len(facts)
        assert home.indexes.wait_for(at - 1, 5)
        assert home.indexes.stopped is not None
        with pytest.raises(HandheldError) as error:
            home.organisation.caught_up()
        assert error.value.code == "fold.stopped"
        assert error.value.params["fold"] == ORGANISATION
        assert error.value.params["position"] == at
        assert error.value.params["topic"] == "person.levitated.v1"


def tell_after(log: Log, position: int) -> list[Fact]:
    facts = tell(log, 60)
    assert log.end() == position + len(facts)
    return facts


def test_a_house_with_an_unreadable_register_still_opens_shows_its_boards_and_closes(
    directory: Path,
) -> None:
    with Home(directory, synchronous="OFF") as home:
        tell(home.log)
        home.caught_up()
        shown = home.boards.tier_board(DISTRICT)
    with Home(directory, synchronous="OFF") as home:
        append(home.log, "person-strange", 1, "person.levitated.v1", b"{}")
    with Home(directory, synchronous="OFF") as home:
        assert home.boards.wait_for(home.log.end(), 5)
        assert home.boards.tier_board(DISTRICT).count == shown.count


def test_a_task_that_cannot_be_read_refuses_its_own_commands_and_no_others(home: Home) -> None:
    append(home.log, "task-strange", 1, *UNKNOWN)
    with pytest.raises(HandheldError) as error:
        home.execute(Accept(task="task-strange"), "person-S1")
    assert error.value.code != "writer.stopped"
    receipt = home.execute(
        ImportDivisions(rows=(DivisionRow(code=DISTRICT, name="龙游县"),)), "operator"
    )
    assert receipt.outcome == "accepted"


def test_after_a_restart_they_stand_at_the_same_event(directory: Path) -> None:
    with Home(directory, synchronous="OFF") as home:
        tell(home.log)
        at = append(home.log, "task-strange", 1, *UNKNOWN)
        assert not home.boards.wait_for(at, 5)
    with Home(directory, synchronous="OFF") as home:
        assert not home.boards.wait_for(at, 5)
        assert home.boards.stopped is not None
        assert (home.boards.stopped.position, home.boards.position) == (at, at - 1)
        assert home.boards.tier_board(DISTRICT).position == at - 1


def test_keepers_that_follow_by_themselves_stop_alike(home: Home, tmp_path: Path) -> None:
    tell(home.log)
    at = append(home.log, "task-strange", 1, *BROKEN)
    tell_more = append(home.log, "division-330803", 1, "division.levitated.v1", b"{}")
    views = file_of_views(tmp_path / "other.db", home.log)
    boards, indexes = BoardKeeper(home.log, views), IndexKeeper(home.log, views)
    assert boards.catch_up() == indexes.catch_up() == at - 1
    assert boards.stopped is not None
    assert indexes.stopped is not None
    assert boards.stopped.position == indexes.stopped.position == at
    with pytest.raises(HandheldError) as error:
        OrganisationKeeper(home.log, None).caught_up()
    assert error.value.params["position"] == tell_more
    views.close()
