"""The organisation of a real log: always caught up, checkpointed, and unchangeable once handed out."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pytest

from handheld.adapters.clock import ClockSetting
from handheld.adapters.log import found, open_sqlite
from handheld.adapters.log_memory import MemoryLog
from handheld.adapters.views_store import StoredViews
from handheld.application.organisation_keeper import FOLD, OrganisationKeeper
from handheld.application.ports import Log, Row
from handheld_projections.organisation import Organisation
from tests.support_story import CODES, ROLES, Fact, Story, write
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


def a_story(seed: int = 9) -> list[Fact]:
    return Story(random.Random(seed).randrange).tell(250)


def shown(organisation: Organisation) -> object:
    """Divisions, people, and who holds which post in the order in which they took it."""
    holders = {
        (role, code): tuple(organisation.holders(role, code)) for role in ROLES for code in CODES
    }
    return dict(organisation.divisions), dict(organisation.people), holders


def of(facts: list[Fact]) -> object:
    organisation = Organisation()
    organisation.apply(facts)
    return shown(organisation)


def test_it_is_at_the_end_of_the_log_whenever_it_is_asked_for(log: Log) -> None:
    facts = a_story()
    keeper = OrganisationKeeper(log, None)
    assert keeper.caught_up()[1] == 0
    for start in range(0, len(facts), 9):
        write(log, facts[start : start + 9])
        organisation, position = keeper.caught_up()
        assert position == log.end()
        assert shown(organisation) == of(facts[:position])


def test_what_was_handed_out_never_changes(log: Log) -> None:
    facts = a_story()
    keeper = OrganisationKeeper(log, None)
    handed_out: list[tuple[Organisation, object]] = []
    for start in range(0, len(facts), 9):
        write(log, facts[start : start + 9])
        organisation, _ = keeper.caught_up()
        handed_out.append((organisation, shown(organisation)))
    assert all(shown(organisation) == before for organisation, before in handed_out)
    assert len({id(organisation) for organisation, _ in handed_out}) > 3


def test_the_same_one_is_handed_out_while_nothing_changes(log: Log) -> None:
    write(log, a_story())
    keeper = OrganisationKeeper(log, None)
    assert keeper.caught_up()[0] is keeper.caught_up()[0]


class LogThatGrows(MemoryLog):
    """Somebody writes between two looks at it."""

    meanwhile: Sequence[Fact] = ()

    def read_kinds(self, after: int, kinds: Collection[str]) -> Sequence[Row]:
        """First what is written meanwhile, then the rows."""
        facts, self.meanwhile = self.meanwhile, ()
        write(self, facts)
        return super().read_kinds(after, kinds)


@pytest.mark.parametrize("place", range(20, 200, 20))
def test_what_is_written_while_it_catches_up_is_taken_in_once(place: int) -> None:
    facts = a_story()
    log = LogThatGrows()
    write(log, facts[:place])
    log.meanwhile = facts[place : place + 40]
    keeper = OrganisationKeeper(log, None)
    keeper.caught_up()
    write(log, facts[place + 40 :])
    organisation, position = keeper.caught_up()
    assert position == len(facts)
    assert shown(organisation) == of(facts)


@pytest.mark.parametrize("place", range(0, 200, 23))
def test_it_goes_on_from_its_checkpoint(log: Log, views: StoredViews, place: int) -> None:
    facts = a_story()
    write(log, facts[:place])
    first = OrganisationKeeper(log, views)
    first.caught_up()
    first.checkpoint()
    write(log, facts[log.end() :])
    keeper = OrganisationKeeper(log, views)
    assert keeper._position == first._position
    organisation, position = keeper.caught_up()
    assert position == len(facts)
    assert shown(organisation) == of(facts)


@pytest.mark.parametrize("state", [b"", b"\xc1 not msgpack", b"\x93\x01\x02\x03"])
def test_a_checkpoint_with_broken_bytes_is_discarded(
    log: Log, views: StoredViews, state: bytes
) -> None:
    facts = a_story()
    write(log, facts)
    first = OrganisationKeeper(log, views)
    first.caught_up()
    first.checkpoint()
    with views.writing() as c:
        c.execute("UPDATE parts SET state=? WHERE fold=?", (state, FOLD))
    keeper = OrganisationKeeper(log, views)
    assert keeper._position == 0
    assert shown(keeper.caught_up()[0]) == of(facts)


def test_a_checkpoint_of_another_fold_version_is_not_read(log: Log, views: StoredViews) -> None:
    facts = a_story()
    write(log, facts)
    first = OrganisationKeeper(log, views)
    first.caught_up()
    first.checkpoint()
    with views.writing() as c:
        for table in ("cursors", "checkpoints", "parts"):
            c.execute(f"UPDATE {table} SET fold='organisation.0' WHERE fold=?", (FOLD,))
    keeper = OrganisationKeeper(log, views)
    assert keeper._position == 0
    assert shown(keeper.caught_up()[0]) == of(facts)
