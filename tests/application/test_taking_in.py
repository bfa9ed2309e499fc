"""Records of another system become facts once, however often and however cut they come."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handheld.adapters.clock import RealClock
from handheld.adapters.log import open_memory, open_sqlite
from handheld.application.ports import Log
from handheld.application.taking_in import Foreign, Source, TakenIn, take_in
from handheld_events.codec import Reading, Writing
from handheld_events.envelope import About
from handheld_events.finding import FindingDealtWith, FindingReported
from tests.support_log import VILLAGE, assert_whole
from tests.support_postgres import Postgres, postgres

OLD = Source("grid-platform/2020", "operator", "finding")
BEGAN = datetime(2020, 5, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Generator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, tmp_path: Path, server: Postgres) -> Iterator[Log]:
    match request.param:
        case "memory":
            app = open_memory()
        case "sqlite":
            app = open_sqlite(tmp_path / "log.db")
        case _:
            app = server.log()
    yield app.port
    app.close()


def record(number: int, text: str = "河堤渗水") -> Foreign:
    reported = FindingReported(text=f"{text}（{number}）", division=VILLAGE, desk=VILLAGE)
    settled = FindingDealtWith(text="已修复。")
    at = BEGAN + timedelta(minutes=number)
    return Foreign(f"W-{number}", at, About(division=VILLAGE), (reported, settled))


def records(*numbers: int) -> list[Foreign]:
    return [record(number) for number in numbers]


def take(log: Log, those: Sequence[Foreign], batch: int = 4) -> TakenIn:
    return take_in(log, RealClock(), OLD, those, batch=batch)


def test_each_record_becomes_a_stream_with_its_facts_in_order(log: Log) -> None:
    assert take(log, records(*range(10))) == TakenIn(new=10)
    reading = Reading()
    facts = [reading.fact(*row) for row in log.read(0, 100)]
    assert len(facts) == 20
    assert [fact.version for fact in facts[:4]] == [1, 2, 1, 2]
    assert [fact.event.text for fact in facts[:2]] == ["河堤渗水（0）", "已修复。"]
    assert {fact.occurred_at for fact in facts[2:4]} == {BEGAN + timedelta(minutes=1)}
    assert all(fact.stream.startswith("finding-") for fact in facts)
    assert_whole(log)


def test_facts_are_written_as_those_of_any_command_are(log: Log) -> None:
    take(log, records(1))
    for row in log.read(0, 10):
        fact = Reading().fact(*row)
        about = About(division=fact.division)
        assert row[4] == Writing(fact.meta).state(fact.event, about)


@pytest.mark.parametrize("batch", [4, 3, 7, 100])
def test_a_file_that_comes_again_makes_nothing_twice(log: Log, batch: int) -> None:
    take(log, records(*range(10)))
    assert take(log, records(*range(10)), batch) == TakenIn(known=10)
    assert log.end() == 20


def test_what_is_new_among_what_is_known_is_taken_in(log: Log) -> None:
    take(log, records(1, 3, 5, 7))
    assert take(log, records(*range(10))) == TakenIn(new=6, known=4)
    assert log.end() == 20
    assert_whole(log)


def test_a_record_that_comes_twice_in_one_file_is_there_once(log: Log) -> None:
    twice = records(1, 2, 1, 3, 2)
    assert take(log, twice, batch=3) == TakenIn(new=3, known=2)
    assert take(log, twice, batch=5) == TakenIn(known=5)
    assert log.end() == 6


def test_a_record_that_says_something_else_is_told_and_not_written_over(log: Log) -> None:
    take(log, records(1, 2, 3))
    before = list(log.read(0, 100))
    changed = [record(1), record(2, "别的说法"), record(3)]
    assert take(log, changed) == TakenIn(known=2, differing=1)
    assert list(log.read(0, 100)) == before


def test_another_source_may_give_the_same_ids_to_its_own_records(log: Log) -> None:
    take(log, records(1, 2))
    other = OLD._replace(name="hotline/2020")
    assert take_in(log, RealClock(), other, records(1, 2)) == TakenIn(new=2)
    assert log.end() == 8


def test_whoever_was_interrupted_goes_on_where_the_last_transaction_ended(log: Log) -> None:
    told: list[TakenIn] = []

    def breaks_off() -> Iterator[Foreign]:
        yield from records(*range(9))
        msg = "cut short"
        raise OSError(msg)

    with pytest.raises(OSError, match="cut short"):
        take_in(log, RealClock(), OLD, breaks_off(), told.append, batch=4)
    # the second batch was under way, and is there whole; the ninth record was in none
    assert told == [TakenIn(new=4)]
    assert log.end() == 16
    again: list[TakenIn] = []
    whole = take_in(log, RealClock(), OLD, records(*range(12)), again.append, batch=4)
    assert whole == TakenIn(new=4, known=8)
    assert again == [TakenIn(known=4), TakenIn(known=8), TakenIn(4, 8)]
    assert_whole(log)
