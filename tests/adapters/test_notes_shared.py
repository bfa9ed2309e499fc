"""What several processes share besides keys and accounts: Web Push, and what boards have shown."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from threading import Barrier
from time import monotonic, sleep

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from handheld.adapters.database_postgres import PostgresPool
from handheld.adapters.notifiers.cursors import Cursors
from handheld.adapters.notifiers.vapid_key import key_in_database
from handheld.adapters.push_subscriptions import MOST_DEVICES, PushSubscriptions
from handheld.adapters.shown_store import DatabaseShown
from handheld.application.shown import Note
from tests.support_postgres import Postgres
from tests.support_stores import PostgresStores, Stores

WANG, LI = "person-S0000001", "person-S0000002"
NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
AUTH = urlsafe_b64encode(bytes(16)).decode()
POINT = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
)


def keep(kept: PushSubscriptions, person: str, device: str, minute: int = 0) -> None:
    url = f"https://push.example.com/{device}"
    at = NOW.replace(minute=minute)
    kept.keep(person, device, url, urlsafe_b64encode(POINT).decode(), AUTH, at)


@pytest.fixture
def two(stores: Stores) -> Iterator[tuple[PushSubscriptions, PushSubscriptions]]:
    made = [PushSubscriptions(stores.database("push")) for _ in range(2)]
    yield made[0], made[1]
    for one in made:
        one.close()


def test_a_phone_that_subscribes_at_one_is_told_by_another(
    two: tuple[PushSubscriptions, PushSubscriptions],
) -> None:
    one, other = two
    keep(one, WANG, "phone-01")
    other.refresh()
    assert [each.device for each in other.of(WANG)] == ["phone-01"]
    keep(other, LI, "phone-01")  # the telephone was handed on
    one.refresh()
    assert one.people() == [LI]
    one.forget("phone-01", "https://push.example.com/another")
    assert one.has(LI)
    one.forget_person(LI)
    other.refresh()
    assert not other.has(LI)


def test_a_change_of_ones_own_hides_none_of_another(
    two: tuple[PushSubscriptions, PushSubscriptions],
) -> None:
    one, other = two
    keep(one, WANG, "phone-01")
    keep(other, LI, "phone-02")
    other.refresh()
    assert sorted(other.people()) == [WANG, LI]


def test_a_person_has_not_endlessly_many_devices_at_all_of_them_together(
    two: tuple[PushSubscriptions, PushSubscriptions],
) -> None:
    for number in range(MOST_DEVICES + 4):
        keep(two[number % 2], WANG, f"phone-{number:02}", number)
    for one in two:
        one.refresh()
        assert sorted(each.device for each in one.of(WANG)) == [
            f"phone-{number:02}" for number in range(4, MOST_DEVICES + 4)
        ]


def test_it_is_known_elsewhere_a_moment_later_by_itself(
    server: Postgres, pool: PostgresPool
) -> None:
    shared = PostgresStores(pool, server.conninfo)
    with (
        closing(PushSubscriptions(shared.database("push"))) as one,
        closing(PushSubscriptions(shared.database("push"))) as other,
    ):
        keep(one, WANG, "phone-01")
        give_up = monotonic() + 30
        while not other.has(WANG):
            assert monotonic() < give_up
            sleep(0.05)


def test_processes_that_make_the_key_of_web_push_at_once_have_the_same(stores: Stores) -> None:
    ready = Barrier(4)

    def made() -> int:
        with closing(stores.database("push")) as database:
            ready.wait()
            return key_in_database(database).private_numbers().private_value

    with ThreadPoolExecutor(4) as threads:
        found = {done.result() for done in [threads.submit(made) for _ in range(4)]}
    assert len(found) == 1
    with closing(stores.database("push")) as database:
        assert {key_in_database(database).private_numbers().private_value} == found


def test_who_takes_over_a_webhook_goes_on_from_where_it_was(stores: Stores) -> None:
    with closing(Cursors(stores.database("push"))) as one:
        assert one.position("city", "log-1", 40) == 40
        one.move("city", "log-1", 90)
    with closing(Cursors(stores.database("push"))) as other:
        assert other.position("city", "log-1", 95) == 90
        assert other.position("city", "log-2", 70) == 70


def test_what_two_processes_show_at_once_is_kept_of_both(stores: Stores) -> None:
    def note(board: int, shown_us: int) -> Note:
        return Note(f"board-{board:04}", "division/330825", shown_us, 3, "0a" * 16, "boards.4/1")

    ready = Barrier(2)

    def add(order: int) -> None:
        with closing(DatabaseShown(stores.database("shown"), "log-1")) as store:
            for first in range(0, 600, 60):  # each time boards that nobody has seen
                ready.wait(30)
                boards = range(first, first + 60)[:: 1 - 2 * order]
                store.add([note(board, 10 + order) for board in boards])

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(add, order) for order in range(2)]:
            done.result()
    with closing(DatabaseShown(stores.database("shown"), "log-1")) as store:
        assert store.latest("division/330825", 1_000) == [note(n, 11) for n in range(600)]
        assert store.latest("division/330825", 10) == [note(n, 10) for n in range(600)]
        assert store.latest("division/330825", 9) == []
        assert store.latest("division/330822", 1_000) == []
