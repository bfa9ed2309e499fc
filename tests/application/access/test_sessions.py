from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from handheld.application.access.records import DeviceSaid, SignedIn
from handheld.application.access.service import Access
from handheld.bootstrap import Home, found_home
from handheld.domain.errors import Malformed, NotFound
from tests.support_access import LI, OTHER, PASSWORD, PHONE, WANG, Ended, Office


def phone(access: Access, person: str = WANG, device: DeviceSaid = PHONE) -> SignedIn:
    (made,) = access.issue_links([person])
    return access.redeem(made.secret, device)


def desk(access: Access, name: str = "duty") -> SignedIn:
    if all(one.name != name for one in access.accounts()):
        access.create_account(name, PASSWORD, person=WANG)
    return access.sign_in(name, PASSWORD)


# --- how long they hold -----------------------------------------------------------------------


def test_a_session_survives_a_restart_without_a_single_hash(access: Access, office: Office) -> None:
    done = [phone(access), desk(access)]
    office.passwords.verified.clear()
    office.passwords.hashed = 0
    access = office.again()
    assert [access.identify(one.token) for one in done] == [one.identity for one in done]
    assert (office.passwords.verified, office.passwords.hashed) == ([], 0)


def test_a_desk_is_signed_out_after_twelve_idle_hours_and_after_seven_days(
    access: Access, office: Office
) -> None:
    idle, used = desk(access), desk(access)
    office.clock.go(hours=11, minutes=59)
    assert access.identify(used.token) is not None
    office.clock.go(minutes=1)
    assert access.identify(idle.token) is None
    for _ in range(15):  # seven days less half a day
        assert access.identify(used.token) is not None
        office.clock.go(hours=10)
    assert access.identify(used.token) is not None
    office.clock.go(hours=7)
    assert access.identify(used.token) is None


def test_a_phone_stays_signed_in_for_half_a_year_from_its_last_use(
    access: Access, office: Office
) -> None:
    done = phone(access)
    for _ in range(4):
        office.clock.go(days=179)
        assert access.identify(done.token) is not None
    office.clock.go(days=180)
    assert access.identify(done.token) is None


def test_nobody_in_the_field_is_signed_out_by_time_during_an_open_task(
    access: Access, office: Office
) -> None:
    busy, free = phone(access, WANG), phone(access, LI)
    at_desk = desk(access)
    office.busy.add(WANG)
    office.clock.go(days=400)
    ended = Ended(access)
    access.sweep()
    assert set(ended.ids) == {free.identity.session, at_desk.identity.session}
    assert access.identify(busy.token) == busy.identity
    assert access.identify(free.token) is None
    assert [note.what for note in access.audit(2)] == ["expired", "expired"]


def test_the_time_of_the_last_use_outlives_the_process_and_is_not_written_at_each_use(
    access: Access, office: Office
) -> None:
    done = phone(access)
    office.clock.go(days=100)
    flushed = access._store.sessions()[0].seen_at
    for _ in range(100):
        access.identify(done.token)
    assert access._store.sessions()[0].seen_at == flushed
    access.sweep()
    access = office.again()
    office.clock.go(days=179)
    assert access.identify(done.token) is not None
    shown = access.devices(done.identity)[0]
    assert shown.sessions == (done.identity.session,)


# --- tickets ----------------------------------------------------------------------------------


def test_a_ticket_is_good_once_and_for_thirty_seconds(access: Access, office: Office) -> None:
    done = phone(access)
    ticket, late = access.ticket(done.identity), access.ticket(done.identity)
    assert access.take_ticket(ticket) == done.identity
    assert access.take_ticket(ticket) is None
    office.clock.go(seconds=30)
    assert access.take_ticket(late) is None
    assert access.take_ticket("no ticket") is None


def test_a_ticket_of_a_session_that_has_ended_opens_nothing(access: Access) -> None:
    done = phone(access)
    ticket = access.ticket(done.identity)
    access.sign_out(done.identity)
    assert access.take_ticket(ticket) is None


# --- ending them ------------------------------------------------------------------------------


def test_who_signs_out_is_out_for_good_and_their_sockets_are_told(
    access: Access, office: Office
) -> None:
    done, ended = phone(access), Ended(access)
    access.sign_out(done.identity)
    access.sign_out(done.identity)
    assert access.identify(done.token) is None
    assert access.current(done.identity.session) is None
    assert ended.ids == [done.identity.session]
    assert office.again().identify(done.token) is None


def test_a_person_loses_all_sessions_at_once_and_nobody_else_does(access: Access) -> None:
    mine = [phone(access, WANG, PHONE), phone(access, WANG, OTHER), desk(access)]
    other, ended = phone(access, LI, PHONE), Ended(access)
    assert access.revoke_person(WANG) == 3
    assert set(ended.ids) == {one.identity.session for one in mine}
    assert access.identify(other.token) is not None


def test_one_may_end_ones_own_sessions_and_learns_nothing_of_others(access: Access) -> None:
    mine, lost = phone(access, WANG, PHONE), phone(access, WANG, OTHER)
    others = phone(access, LI)
    access.revoke_own(mine.identity, lost.identity.session)
    assert access.identify(lost.token) is None
    codes = set()
    for session in (others.identity.session, "session-0000000000000000"):
        with pytest.raises(NotFound) as refused:
            access.revoke_own(mine.identity, session)
        codes.add((refused.value.code, tuple(refused.value.params)))
    assert codes == {("session.unknown", ())}
    assert access.identify(others.token) is not None


def test_one_listener_that_fails_keeps_no_other_from_being_told(access: Access) -> None:
    done = phone(access)

    def fails(_: object) -> None:
        raise RuntimeError

    access.on_revoked(fails)
    ended = Ended(access)
    with pytest.raises(RuntimeError):
        access.sign_out(done.identity)
    assert ended.ids == [done.identity.session]
    assert access.identify(done.token) is None


def test_what_another_process_revokes_is_noticed_and_told_once(
    access: Access, office: Office
) -> None:
    lost, kept, at_desk = phone(access, WANG, PHONE), phone(access, LI), desk(access)
    ended = Ended(access)
    child = (
        "import sys; from secrets import token_bytes\n"
        "from handheld.adapters.access_store import DatabaseAccess\n"
        "from handheld.application.access.service import Access\n"
        "from tests.support_access import CountingPasswords, HandClock\n"
        "from tests.support_stores import opened\n"
        "with opened(sys.argv[1], sys.argv[2]) as database:\n"
        "    store = DatabaseAccess(database)\n"
        "    access = Access(store, CountingPasswords(), HandClock(), token_bytes)\n"
        "    access.revoke(sys.argv[3]); access.disable_account('duty'); access.close()\n"
    )
    access.refresh()
    subprocess.run(
        [sys.executable, "-c", child, *office.place(), lost.identity.session],
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert ended.ids == []
    access.refresh()
    assert set(ended.ids) == {lost.identity.session, at_desk.identity.session}
    assert len(ended.ids) == 2
    assert access.identify(lost.token) is None
    assert access.identify(kept.token) == kept.identity
    access.refresh()
    assert len(ended.ids) == 2


def test_a_server_watches_for_it_by_itself(office: Office) -> None:
    server, command_line = office.open(watch=True), office.open()
    done = phone(server)
    told = Event()
    server.on_revoked(lambda _: told.set())
    command_line.revoke(done.identity.session)
    assert told.wait(30)
    assert server.identify(done.token) is None


def test_what_another_process_signs_in_is_known_here_too(access: Access, office: Office) -> None:
    other = office.open()
    done = phone(other)
    assert access.identify(done.token) is None
    access.refresh()
    assert access.identify(done.token) == done.identity


# --- devices ----------------------------------------------------------------------------------


def test_a_device_has_a_name_of_its_own_and_strangers_cannot_name_it(access: Access) -> None:
    mine = phone(access, WANG, DeviceSaid(id="tablet-12345", kind="tablet"))
    others = phone(access, LI)
    access.rename_device(mine.identity, "tablet-12345", " 巡查  平板 ")
    access.register_device(mine.identity, DeviceSaid(id="tablet-12345", kind="tablet"))
    (shown,) = access.devices(mine.identity)
    assert (shown.name, shown.kind) == ("巡查 平板", "tablet")
    with pytest.raises(NotFound):
        access.rename_device(others.identity, "tablet-12345", "mine now")
    for name in ("x" * 41, "a\x07b"):
        with pytest.raises(Malformed):
            access.rename_device(mine.identity, "tablet-12345", name)


def test_devices_without_a_session_make_room_and_those_with_one_stay(
    access: Access, office: Office
) -> None:
    mine = phone(access, WANG, PHONE)
    for n in range(80):
        office.clock.go(seconds=1)
        access.register_device(mine.identity, DeviceSaid(id=f"browser-{n:04}"))
    found = [one.device for one in access.devices(mine.identity)]
    assert len(found) == 51
    assert PHONE.id in found
    assert "browser-0079" in found
    assert "browser-0000" not in found


def test_many_sessions_are_granted_in_one_go_for_a_fleet(access: Access, office: Office) -> None:
    whose = [(f"person-S{n:07}", DeviceSaid(id=f"fleet-{n:06}")) for n in range(2_000)]
    done = access.grant_sessions(whose)
    access = office.again()
    assert [access.identify(one.token) for one in done] == [one.identity for one in done]
    assert access.sessions_held() == 2_000


# --- erasure ----------------------------------------------------------------------------------


def test_whoever_is_erased_is_signed_out_and_leaves_neither_device_nor_address(
    access: Access, office: Office
) -> None:
    access.create_account("zhang.wei", PASSWORD, person=WANG)
    at_desk = access.sign_in("zhang.wei", PASSWORD, address="10.9.8.7")
    (made,) = access.issue_links([WANG])
    on_phone = access.redeem(
        made.secret, DeviceSaid(id="phone-of-zhang", name="张伟的旧手机"), address="10.9.8.7"
    )
    other = phone(access, LI)
    ended = Ended(access)
    access.forget_person(WANG)
    assert len(ended.ids) == 2
    assert access.identify(at_desk.token) is None
    assert access.identify(on_phone.token) is None
    assert access.identify(other.token) is not None
    for trace in ("张伟的旧手机", "phone-of-zhang", "10.9.8.7", "zhang.wei"):
        assert trace.encode() not in office.bytes(), trace
    whats = {note.what for note in access.audit(person=WANG)}
    assert {"signed_in", "link_redeemed", "forgotten"} <= whats, "that it happened stays on record"
    before = len(access.audit(1000))
    access.forget_persons([WANG, "person-S0000009"])
    assert len(access.audit(1000)) == before, "nothing is left to forget"


# --- in a home --------------------------------------------------------------------------------


def test_a_home_makes_the_file_when_it_is_first_needed_and_keeps_its_sessions(
    tmp_path: Path,
) -> None:
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as home:
        assert not (tmp_path / "data" / "access.db").exists()
        done = phone(home.access)
        assert (tmp_path / "data" / "access.db").stat().st_mode & 0o777 == 0o600
    with Home(tmp_path / "data") as home:
        assert home.access.identify(done.token) == done.identity
    found_home(tmp_path / "data")  # the file is one of ours


def test_a_wall_that_is_looked_after_by_the_gateway_stays_signed_in(
    access: Access, office: Office
) -> None:
    wall, left = desk(access), desk(access)
    for _ in range(10):
        office.clock.go(hours=10)
        assert access.current(wall.identity.session) == wall.identity
    access.sweep()
    assert access.identify(wall.token) is not None
    assert access.identify(left.token) is None
