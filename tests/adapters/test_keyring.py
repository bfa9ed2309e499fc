"""The keyring, of one process and of several."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from time import monotonic, sleep

import pytest

from handheld.adapters.database_postgres import PostgresPool
from handheld.adapters.keyring import DatabaseKeyring, FileKeyring
from handheld.domain.errors import Busy
from tests.support_postgres import Postgres
from tests.support_stores import PostgresStores, Stores

WANG, LI = "person-S0000001", "person-S0000002"
Open = Callable[[], DatabaseKeyring]


@pytest.fixture
def another(stores: Stores) -> Iterator[Open]:
    """One more keyring on the same keys, as of another process."""
    made: list[DatabaseKeyring] = []

    def make() -> DatabaseKeyring:
        made.append(DatabaseKeyring(stores.database("keys")))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_what_was_sealed_is_opened_until_it_is_erased(another: Open) -> None:
    keyring = another()
    name, phone, other = keyring.seal([(WANG, "王伟"), (WANG, "10000000000"), (LI, "李娜")])
    assert [keyring.open(one) for one in (name, phone, other)] == ["王伟", "10000000000", "李娜"]
    assert keyring.subjects() == {WANG, LI}
    keyring.erase(WANG)
    assert [keyring.open(one) for one in (name, phone, other)] == [None, None, "李娜"]
    assert keyring.subjects() == {LI}
    (anew,) = keyring.seal([(WANG, "王伟")])
    assert keyring.open(anew) == "王伟"
    assert keyring.open(name) is None


def test_what_one_process_has_sealed_another_opens(another: Open) -> None:
    one, other = another(), another()
    (sealed,) = one.seal([(WANG, "王伟")])
    assert other.open(sealed) == "王伟"


def test_processes_that_provide_a_key_at_once_have_the_same(another: Open) -> None:
    several = [another() for _ in range(3)]
    ready = Barrier(3)
    subjects = [f"person-S{number:07}" for number in range(50)]

    def seal(keyring: DatabaseKeyring, order: list[str]) -> list[str | None]:
        ready.wait()
        sealed = keyring.seal([(subject, subject) for subject in order])
        return [each.open(one) for one in sealed for each in several]

    with ThreadPoolExecutor(3) as threads:
        orders = (subjects, subjects[::-1], subjects[25:] + subjects[:25])
        found = [
            done.result()
            for done in [
                threads.submit(seal, keyring, order)
                for keyring, order in zip(several, orders, strict=True)
            ]
        ]
    for order, opened in zip(orders, found, strict=True):
        assert opened == [subject for subject in order for _ in several]


def test_what_another_process_has_erased_is_erased_here(another: Open) -> None:
    one, other = another(), another()
    name, stays = one.seal([(WANG, "王伟"), (LI, "李娜")])
    assert other.open(name) == "王伟"
    one.erase(WANG)
    other.refresh()
    assert other.open(name) is None
    assert other.open(stays) == "李娜"


@pytest.fixture
def shared(server: Postgres, pool: PostgresPool) -> PostgresStores:
    return PostgresStores(pool, server.conninfo)


def test_it_is_erased_everywhere_a_moment_later_by_itself(shared: PostgresStores) -> None:
    with (
        closing(DatabaseKeyring(shared.database("keys"))) as one,
        closing(DatabaseKeyring(shared.database("keys"))) as other,
    ):
        (name,) = one.seal([(WANG, "王伟")])
        assert other.open(name) == "王伟"
        one.erase(WANG)
        give_up = monotonic() + 30
        while other.open(name) is not None:
            assert monotonic() < give_up
            sleep(0.05)


def test_nothing_is_sealed_with_a_key_that_another_has_erased(shared: PostgresStores) -> None:
    with (
        closing(DatabaseKeyring(shared.database("keys"))) as one,
        closing(DatabaseKeyring(shared.database("keys"))) as other,
    ):
        one.seal([(WANG, "王伟")])
        other.seal([(WANG, "王伟")])
        one.erase(WANG)
        (anew,) = other.seal([(WANG, "王伟")])  # before it has looked again
        assert one.open(anew) == "王伟"
        assert other.open(anew) == "王伟"


def test_while_the_database_is_away_what_was_opened_before_is_still_read(server: Postgres) -> None:
    pool = PostgresPool(server.conninfo)
    stores = PostgresStores(pool, server.conninfo)
    with (
        closing(DatabaseKeyring(stores.database("keys"))) as one,
        closing(DatabaseKeyring(stores.database("keys"))) as other,
    ):
        (known,) = one.seal([(WANG, "王伟")])
        (unknown,) = other.seal([(LI, "李娜")])
        pool.close()
        assert one.open(known) == "王伟"
        with pytest.raises(Busy):
            one.open(unknown)


# --- files ------------------------------------------------------------------------------------


def test_a_file_of_before_opens_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "keyring.db"
    with closing(FileKeyring(path)) as keyring:
        (name,) = keyring.seal([(WANG, "王伟")])
    with closing(sqlite3.connect(path)) as db:  # as version 0.3 left it
        db.execute("DROP TABLE erasures")
        db.execute("PRAGMA user_version=0")
    with closing(FileKeyring(path)) as keyring:
        assert keyring.open(name) == "王伟"
        keyring.erase(WANG)
        assert keyring.open(name) is None


def test_a_key_that_was_destroyed_is_nowhere_in_the_file_nor_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "keyring.db"
    with closing(FileKeyring(path)) as keyring:
        keyring.seal([(WANG, "王伟"), (LI, "李娜")])
        with closing(sqlite3.connect(path)) as db:
            keys = dict(db.execute("SELECT subject, key FROM keys").fetchall())
        assert keys[WANG] in path.read_bytes()
        keyring.erase(WANG)
        found = b"".join(one.read_bytes() for one in tmp_path.iterdir())
        assert keys[WANG] not in found
        assert keys[LI] in found
        assert [one.name for one in tmp_path.iterdir()] == ["keyring.db"]
        assert path.stat().st_mode & 0o777 == 0o600
