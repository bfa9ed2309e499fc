"""Who is erased is in no byte of the views any more: not in the file, not in its write-ahead log."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from handheld.adapters.registers_store import StoredRegisters
from handheld.application.register_keeper import RegisterKeeper
from handheld_events.envelope import About
from handheld_events.person import (
    PersonContactChanged,
    PersonErased,
    PersonEvent,
    PersonRegistered,
)
from handheld_projections.register_rows import PersonRow
from tests.support_postgres import Postgres
from tests.support_registers import Shelf, shelf
from tests.support_story import DISTRICT, Facts, write

CROWD, FEW = 1000, 200


def name_of(number: int) -> str:
    """Synthetic, of different lengths, so that rows move between pages when they change."""
    return f"合成{number:05}" + "长名" * (number % 7)


def phone_of(number: int) -> str:
    return f"1390{number:07}"


def registered(here: Shelf, facts: Facts, crowd: int = FEW) -> None:
    for number in range(crowd):
        who = f"person-S{number}"
        facts.new_command()
        name, phone = here.keyring.seal([(who, name_of(number)), (who, phone_of(number))])
        event = PersonRegistered(name=name, phone=phone, synthetic=True)
        facts.add(who, event, About(division=DISTRICT, person=who))
    chance = random.Random(1)
    for number in chance.choices(range(crowd), k=2 * crowd):
        # Rows grow and shrink: pages are split and joined, and leave copies of rows behind.
        who = f"person-S{number}"
        facts.new_command()
        longer = name_of(number) + "又名" * chance.randrange(60)
        name, phone = here.keyring.seal([(who, longer), (who, phone_of(number))])
        facts.add(who, PersonContactChanged(name=name, phone=phone))


def bytes_of(directory: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(directory.glob("views.db*")) if p.is_file())


def left(directory: Path, numbers: range) -> list[str]:
    content = bytes_of(directory)
    return [
        text
        for number in numbers
        for text in (f"合成{number:05}", phone_of(number))
        if text.encode() in content
    ]


ERASED = range(1, CROWD, 5)


@pytest.mark.parametrize("batch", [250, 100_000])
def test_nothing_of_the_erased_is_left_and_everybody_else_is_found(
    tmp_path: Path, batch: int
) -> None:
    with shelf(tmp_path, sealing=True) as here:
        facts = Facts()
        registered(here, facts, CROWD)
        keeper = here.keeper()
        for start in range(0, len(facts.facts), batch):
            write(here.log, facts.facts[start : start + batch])
            keeper.catch_up()
        assert len(left(tmp_path, ERASED)) == 2 * len(ERASED)  # that the test can find them
        done = len(facts.facts)
        for number in ERASED:
            facts.new_command()
            facts.add(f"person-S{number}", PersonErased(reason="本人要求"))
        write(here.log, facts.facts[done:])
        keeper.catch_up()
        assert left(tmp_path, ERASED) == []
        for number in ERASED:
            here.keyring.erase(f"person-S{number}")
        assert keeper.people(f"合成{ERASED[0]:05}").rows == ()
        (found,) = keeper.people("合成00002").rows
        assert found.phone == phone_of(2)
        everybody = [row for row in rows_of(keeper) if row.erased]
        assert [row.person for row in everybody] == [f"person-S{n}" for n in ERASED]
        assert {(row.name, row.phone) for row in everybody} == {(None, None)}
        assert keeper.people().count == CROWD


def rows_of(keeper: RegisterKeeper) -> Iterator[PersonRow]:
    page = keeper.people(limit=500)
    yield from page.rows
    while page.next is not None:
        page = keeper.people(limit=500, cursor=page.next)
        yield from page.rows


def test_a_reader_that_holds_the_old_pages_delays_it_until_the_next_write(tmp_path: Path) -> None:
    with shelf(tmp_path, sealing=True) as here:
        facts = Facts()
        registered(here, facts)
        write(here.log, facts.facts)
        keeper = here.keeper()
        keeper.catch_up()
        done = len(facts.facts)
        facts.new_command()
        facts.add("person-S1", PersonErased(reason="本人要求"))
        facts.new_command()
        name, phone = here.keyring.seal([("person-S2", "改名"), ("person-S2", "13900000000")])
        facts.add("person-S2", PersonContactChanged(name=name, phone=phone))
        write(here.log, facts.facts[done : done + 1])
        with here.views.reading() as c:
            c.execute("SELECT count(*) FROM register_people")
            assert c.fetchall() == [(FEW,)]
            keeper.catch_up()
            assert left(tmp_path, range(1, 2)) != []
        write(here.log, facts.facts[done + 1 :])
        keeper.catch_up()
        assert left(tmp_path, range(1, 2)) == []


def test_what_a_crash_left_is_gone_when_the_registers_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shelf(tmp_path, sealing=True) as here:
        facts = Facts()
        registered(here, facts)
        write(here.log, facts.facts)
        here.keeper().catch_up()
        done = len(facts.facts)
        facts.new_command()
        facts.add("person-S1", PersonErased(reason="本人要求"))
        write(here.log, facts.facts[done:])
        monkeypatch.setattr(StoredRegisters, "_scrub", lambda _: None)  # it ended right here
        here.keeper().catch_up()
        assert left(tmp_path, range(1, 2)) != []
        monkeypatch.undo()
        here.registers()
        assert left(tmp_path, range(1, 2)) == []


def test_a_rebuild_after_the_keys_are_gone_shows_the_erased_as_erased(tmp_path: Path) -> None:
    with shelf(tmp_path, sealing=True) as here:
        facts = Facts()
        registered(here, facts)
        facts.new_command()
        facts.add("person-S1", PersonErased(reason="本人要求"))
        write(here.log, facts.facts)
        here.keyring.erase("person-S1")
        keeper = here.keeper()
        keeper.catch_up()
        shown = next(row for row in rows_of(keeper) if row.person == "person-S1")
        assert (shown.name, shown.phone, shown.erased) == (None, None, True)
        assert left(tmp_path, range(1, 2)) == []


# --- in PostgreSQL ------------------------------------------------------------------------------


def on_disk(server: Postgres, text: str) -> bool:
    """Whether any table or index on the server has it; its write-ahead log is left out."""
    with psycopg.connect(server.conninfo, autocommit=True) as conn:
        conn.execute("CHECKPOINT")
    files = (server.data / "base").rglob("*")
    return any(text.encode() in path.read_bytes() for path in files if path.is_file())


def told(here: Shelf, facts: Facts, who: str, event: PersonEvent) -> None:
    facts.new_command()
    write(here.log, [facts.add(who, event, About(division=DISTRICT, person=who))])


def named(here: Shelf, facts: Facts, who: str, name: str) -> None:
    (sealed,) = here.keyring.seal([(who, name)])
    told(here, facts, who, PersonRegistered(name=sealed, phone=None, synthetic=True))


def test_what_is_erased_is_in_no_table_of_postgresql_any_more(
    tmp_path: Path, server: Postgres
) -> None:
    with shelf(tmp_path, sealing=True, database=server.database()) as here:
        facts, keeper = Facts(), here.keeper()
        named(here, facts, "person-S1", "合成甲乙丙")
        named(here, facts, "person-S2", "合成丁戊己")
        keeper.catch_up()
        assert on_disk(server, "合成甲乙丙")
        told(here, facts, "person-S1", PersonErased(reason="本人要求"))
        keeper.catch_up()
        assert not on_disk(server, "合成甲乙丙")
        assert on_disk(server, "合成丁戊己")
        shown = {row.person: row.name for row in rows_of(keeper)}
        assert shown == {"person-S1": None, "person-S2": "合成丁戊己"}


def test_what_a_reader_or_a_crash_left_in_postgresql_is_gone_after_the_next_start(
    tmp_path: Path, server: Postgres
) -> None:
    with shelf(tmp_path, sealing=True, database=server.database()) as here:
        facts, keeper = Facts(), here.keeper()
        named(here, facts, "person-S1", "合成庚辛壬")
        keeper.catch_up()
        told(here, facts, "person-S1", PersonErased(reason="本人要求"))
        with here.views.reading() as c:
            c.execute("SELECT count(*) FROM register_people")
            keeper.catch_up()
        assert keeper.position == here.log.end()
        assert on_disk(server, "合成庚辛壬")
        here.registers()
        assert not on_disk(server, "合成庚辛壬")


def test_texts_are_compared_byte_by_byte_whatever_the_language_of_the_database(
    tmp_path: Path, server: Postgres
) -> None:
    database = server.database()
    with shelf(tmp_path, database=database) as here:
        here.registers()
        with here.views.reading() as c:
            c.execute(
                "SELECT DISTINCT collation_name FROM information_schema.columns "
                "WHERE table_schema=? AND data_type='text'",
                (database.name,),
            )
            assert c.fetchall() == [("C",)]


def test_a_text_that_postgresql_cannot_have_is_stored_all_the_same(
    tmp_path: Path, server: Postgres
) -> None:
    with shelf(tmp_path, sealing=True, database=server.database()) as here:
        keeper = here.keeper()
        named(here, Facts(), "person-S1", "合成\0癸")
        assert keeper.catch_up() == 1
        assert keeper.people("\0").count == 1
