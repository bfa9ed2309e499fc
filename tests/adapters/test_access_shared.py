"""Several processes that serve share accounts, sessions, links and tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import TypeVar

import pytest

from handheld.adapters.access_store import DatabaseAccess
from handheld.adapters.access_tickets import DatabaseTickets
from handheld.adapters.database_postgres import PostgresPool
from handheld.application.access.records import DeviceSaid, SignedIn
from handheld.application.access.rules import TRIES_FREE
from handheld.application.access.service import Access
from handheld.domain.errors import Busy, HandheldError, Installation, NotSignedIn, TooManyTries
from tests.support_access import LI, OTHER, PASSWORD, PHONE, WANG, WRONG, Ended, Office
from tests.support_postgres import Postgres
from tests.support_stores import PostgresStores, Stores

T = TypeVar("T")


@pytest.fixture
def office(stores: Stores) -> Iterator[Office]:
    found = Office(stores)
    yield found
    found.close()


@pytest.fixture
def shared(server: Postgres, pool: PostgresPool) -> Iterator[Office]:
    found = Office(PostgresStores(pool, server.conninfo))
    yield found
    found.close()


def serving(office: Office, *, watch: bool = False) -> Access:
    """One of several that serve."""
    return office.open(watch=watch, tickets=DatabaseTickets(office.database()))


def at_once(*jobs: Callable[[], T]) -> list[T | HandheldError]:
    """What comes of jobs that begin at the same moment."""
    ready = Barrier(len(jobs))

    def run(job: Callable[[], T]) -> T | HandheldError:
        ready.wait()
        try:
            return job()
        except HandheldError as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as threads:
        return [done.result() for done in [threads.submit(run, job) for job in jobs]]


def test_of_two_servers_that_redeem_a_link_at_once_one_does(office: Office) -> None:
    one, other = office.open(), office.open()
    for number in range(20):
        (made,) = one.issue_links([f"person-S{number:07}"])
        came = at_once(
            partial(one.redeem, made.secret, DeviceSaid(id="phone-at-one")),
            partial(other.redeem, made.secret, DeviceSaid(id="phone-at-other")),
        )
        assert {type(each) for each in came} == {SignedIn, NotSignedIn}
    assert len(one.sessions()) == 20


def test_a_phone_that_asks_the_other_server_again_gets_the_same_answer(shared: Office) -> None:
    one, other = serving(shared), serving(shared)
    (made,) = one.issue_links([WANG])
    first, again = one.redeem(made.secret, PHONE), other.redeem(made.secret, PHONE)
    assert again.repeated
    assert again.token == first.token
    assert other.identify(again.token) == first.identity


def test_a_session_that_has_begun_elsewhere_holds_here_at_once(shared: Office) -> None:
    one, other = serving(shared), serving(shared)
    one.create_account("duty", PASSWORD, person=WANG)
    done = one.sign_in("duty", PASSWORD)
    assert other.identify(done.token) == done.identity
    assert other.identify("a token that nobody was given") is None


def test_who_is_signed_out_elsewhere_is_out_here_and_their_sockets_are_told(shared: Office) -> None:
    one, other = serving(shared), serving(shared, watch=True)
    (made,) = one.issue_links([WANG])
    done = one.redeem(made.secret, PHONE)
    assert other.identify(done.token) == done.identity
    told, ended = Event(), Ended(other)
    other.on_revoked(lambda _: told.set())
    one.revoke_person(WANG)
    assert told.wait(30)
    assert ended.ids == [done.identity.session]
    assert other.identify(done.token) is None


def test_what_one_does_while_another_writes_is_not_missed(shared: Office) -> None:
    one, other = serving(shared), serving(shared)
    links = one.issue_links([WANG, LI])
    first = one.redeem(links[0].secret, PHONE)
    other.refresh()
    one.revoke(first.identity.session)
    second = other.redeem(
        links[1].secret, OTHER
    )  # its own line comes after one that it has not seen
    ended = Ended(other)
    other.refresh()
    assert ended.ids == [first.identity.session]
    assert other.identify(second.token) == second.identity


def test_who_works_at_one_server_is_not_signed_out_by_another(shared: Office) -> None:
    one, other = serving(shared), serving(shared)
    one.create_account("duty", PASSWORD, person=WANG)
    at_one, idle = one.sign_in("duty", PASSWORD), one.sign_in("duty", PASSWORD)
    other.refresh()
    for _ in range(2):
        shared.clock.go(hours=7)
        assert one.identify(at_one.token) is not None
        one.sweep()
    other.sweep()
    assert other.identify(at_one.token) == at_one.identity
    assert [each.session for each in other.sessions()] == [at_one.identity.session]
    assert other.identify(idle.token) is None


def test_a_lock_of_an_account_holds_at_every_server(office: Office) -> None:
    one, other = office.open(), office.open()
    one.create_account("duty", PASSWORD, person=WANG)
    for number in range(TRIES_FREE):
        with pytest.raises(NotSignedIn):
            (one, other)[number % 2].sign_in("duty", WRONG)
    for server in (one, other):
        with pytest.raises(TooManyTries) as refused:
            server.sign_in("duty", PASSWORD)
        assert refused.value.code == "sign_in.locked"


# --- tickets ----------------------------------------------------------------------------------


def test_a_ticket_of_one_is_taken_at_another_and_once(shared: Office) -> None:
    api, gateways = serving(shared), [serving(shared) for _ in range(2)]
    (made,) = api.issue_links([WANG])
    done = api.redeem(made.secret, PHONE)
    for _ in range(20):
        ticket = api.ticket(done.identity)
        came = at_once(*[partial(each.take_ticket, ticket) for each in gateways])
        assert sorted(came, key=str) == sorted([None, done.identity], key=str)
        assert api.take_ticket(ticket) is None


def test_a_ticket_holds_for_its_time_by_the_databases_clock(shared: Office) -> None:
    serving(shared)  # makes sure of the tables
    over, holds = (DatabaseTickets(shared.database(), seconds) for seconds in (0.0, 30.0))
    over.put(b"late", "session-1")
    assert over.take(b"late") is None
    over.put(b"lost", "session-1")
    holds.put(b"kept", "session-2")
    with shared.database().reading() as c:
        assert c.execute("SELECT session FROM tickets").fetchall() == [("session-2",)]
    assert holds.take(b"kept") == "session-2"


# --- what is not there ------------------------------------------------------------------------


def test_without_its_tables_it_says_that_they_are_to_be_made(pool: PostgresPool) -> None:
    with pytest.raises(Installation) as refused:
        DatabaseAccess(pool.of("nothing_here"))
    assert refused.value.code == "database.not_migrated"


def test_tables_of_a_newer_program_are_left_alone(shared: Office) -> None:
    serving(shared)
    with shared.database().writing() as c:
        c.execute("UPDATE layout SET number=99")
    with pytest.raises(Installation) as refused:
        serving(shared)
    assert refused.value.code == "database.newer"


def test_while_the_database_is_away_who_is_known_stays_so_and_others_come_back(
    server: Postgres,
) -> None:
    pool = PostgresPool(server.conninfo)
    office = Office(PostgresStores(pool, server.conninfo))
    access = serving(office)
    (made,) = access.issue_links([WANG])
    done = access.redeem(made.secret, PHONE)
    pool.close()
    assert access.identify(done.token) == done.identity
    with pytest.raises(Busy):
        access.identify("a token that may have been made elsewhere")
    with pytest.raises(Busy):
        access.take_ticket("a ticket")
