from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from handheld.application.access.rules import LOCKED_FIRST, LOCKED_LONGEST, TRIES_FREE
from handheld.application.access.service import Access
from handheld.application.access.signing_in import ADDRESS_MOST, HASHERS, NAME_MOST, WAITING_MOST
from handheld.domain.errors import Busy, HandheldError, Malformed, NotSignedIn, TooManyTries
from tests.support_access import (
    LI,
    OTHER,
    PASSWORD,
    PHONE,
    WANG,
    WRONG,
    CountingPasswords,
    Ended,
    Office,
)


def fail(access: Access, name: str = "duty", *, address: str | None = None) -> str:
    """Try with a wrong password; gives the code of the refusal."""
    with pytest.raises(HandheldError) as refused:
        access.sign_in(name, WRONG, address=address)
    return refused.value.code


def whats(access: Access) -> list[str]:
    return [note.what for note in access.audit()]


def test_name_and_password_open_a_session_that_says_who_it_is(access: Access) -> None:
    access.create_account("Duty", PASSWORD, person=WANG)
    access.create_account("看板", PASSWORD, person=LI, role="analyst", names=True)
    access.create_account("ops", PASSWORD)
    duty = access.sign_in(" ＤＵＴＹ ", PASSWORD, device=PHONE)
    assert (duty.identity.actor, duty.identity.account) == (WANG, "duty")
    assert duty.identity.device == PHONE.id
    assert access.identify(duty.token) == duty.identity
    analyst = access.sign_in("看板", PASSWORD).identity
    assert analyst.viewer == (LI, "analyst", True)
    operator = access.sign_in("ops", PASSWORD).identity
    assert (operator.actor, operator.role) == ("operator", "operator")
    assert access.identify("x" * 43) is None
    assert access.identify("") is None
    assert access.identify("令牌") is None


def test_what_an_input_method_types_full_width_is_the_same_password(access: Access) -> None:
    access.create_account("duty", "ｂａｍｂｏｏ－ｂｒｉｄｇｅ", person=WANG)
    assert access.sign_in("duty", "bamboo-bridge").identity.actor == WANG


def test_a_made_password_is_shown_once_and_works(access: Access) -> None:
    made = access.create_account("duty", person=WANG)
    assert made is not None
    assert access.sign_in("duty", made).identity.actor == WANG
    assert access.create_account("other", PASSWORD, person=LI) is None


def test_a_name_that_there_is_not_costs_as_much_and_reads_as_a_wrong_password(
    access: Access, office: Office
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    office.passwords.hashed = 0
    assert fail(access, "duty") == "sign_in.wrong"
    assert fail(access, "nobody") == "sign_in.wrong"
    assert len(office.passwords.verified) == 2
    assert office.passwords.hashed == 0
    costs = {hashed.rsplit("$", 2)[0] for hashed in office.passwords.verified}
    assert len(costs) == 1, "hashes of other parameters take another time"


def test_half_a_surrogate_pair_is_a_wrong_password_and_no_failure(access: Access) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    with pytest.raises(NotSignedIn):
        access.sign_in("duty", "\ud83d" * 12)


@pytest.mark.parametrize("name", ["duty", "nobody"])
def test_wrong_passwords_lock_a_name_for_longer_and_longer_whether_it_is_there_or_not(
    access: Access, office: Office, name: str
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    waits = []
    for _ in range(TRIES_FREE):
        assert fail(access, name) == "sign_in.wrong"
    for _ in range(7):
        hashed = len(office.passwords.verified)
        with pytest.raises(TooManyTries) as refused:
            access.sign_in(name, PASSWORD)
        assert refused.value.code == "sign_in.locked"
        assert len(office.passwords.verified) == hashed, "a locked name is not worth a hash"
        waits.append(refused.value.retry_after)
        office.clock.go(seconds=refused.value.retry_after)
        assert fail(access, name) == "sign_in.wrong"
    assert waits == [LOCKED_FIRST, 60, 120, 240, 480, LOCKED_LONGEST, LOCKED_LONGEST]


def test_a_lock_survives_a_restart_and_the_right_password_after_it_ends_the_count(
    access: Access, office: Office
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    for _ in range(TRIES_FREE):
        fail(access)
    access = office.again()
    with pytest.raises(TooManyTries):
        access.sign_in("duty", PASSWORD)
    office.clock.go(seconds=LOCKED_FIRST)
    access.sign_in("duty", PASSWORD)
    assert fail(access) == "sign_in.wrong"
    access.sign_in("duty", PASSWORD)
    assert whats(access).count("locked") == 1


def test_wrong_tries_of_yesterday_do_not_count_today(access: Access, office: Office) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    for _ in range(TRIES_FREE - 1):
        fail(access)
    office.clock.go(hours=24)
    assert fail(access) == "sign_in.wrong"
    access.sign_in("duty", PASSWORD)


def test_an_address_that_guesses_at_many_names_is_stopped_and_others_are_not(
    access: Access, office: Office
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    for n in range(ADDRESS_MOST):
        assert fail(access, f"guess-{n}", address="2001:db8::1") == "sign_in.wrong"
    hashed = len(office.passwords.verified)
    with pytest.raises(TooManyTries) as refused:
        access.sign_in("duty", PASSWORD, address="2001:db8::ffff")  # the same network
    assert refused.value.code == "sign_in.address"
    assert len(office.passwords.verified) == hashed
    access.sign_in("duty", PASSWORD, address="2001:db8:0:1::1")
    office.clock.go(seconds=refused.value.retry_after)
    access.sign_in("duty", PASSWORD, address="2001:db8::1")
    assert whats(access).count("limited") == 1


def test_who_signs_in_again_and_again_is_asked_to_keep_the_session(access: Access) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    for _ in range(NAME_MOST):
        access.sign_in("duty", PASSWORD, device=PHONE)
    with pytest.raises(TooManyTries) as refused:
        access.sign_in("duty", PASSWORD, device=PHONE)
    assert refused.value.code == "sign_in.often"


def test_the_audit_tells_who_came_and_failed_and_never_what_was_typed(
    access: Access, office: Office
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    fail(access, "duty", address="10.0.0.8")
    fail(access, "my-password-by-mistake", address="10.0.0.9")
    done = access.sign_in("duty", PASSWORD, address="10.0.0.8", device=PHONE)
    latest, unknown, failed, made = access.audit()
    assert (latest.what, latest.account, latest.person) == ("signed_in", "duty", WANG)
    assert (latest.session, latest.device) == (done.identity.session, PHONE.id)
    assert (failed.what, failed.account, failed.address) == ("failed", "duty", "10.0.0.8")
    assert (unknown.what, unknown.account, unknown.address) == ("failed", None, "10.0.0.9")
    assert made.what == "account_created"
    found = office.bytes()
    for secret in (PASSWORD, WRONG, "my-password-by-mistake", done.token):
        assert secret.encode() not in found


def test_a_disabled_account_is_told_so_only_to_whoever_knows_its_password(
    access: Access,
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    before = access.sign_in("duty", PASSWORD)
    ended = Ended(access)
    assert access.disable_account("duty")
    assert not access.disable_account("duty")
    assert access.identify(before.token) is None
    assert ended.ids == [before.identity.session]
    with pytest.raises(NotSignedIn) as refused:
        access.sign_in("duty", PASSWORD)
    assert refused.value.code == "sign_in.disabled"
    assert fail(access) == "sign_in.wrong"
    assert access.enable_account("duty")
    access.sign_in("duty", PASSWORD)


def test_another_password_ends_sessions_and_the_lock(access: Access) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    before = access.sign_in("duty", PASSWORD)
    for _ in range(TRIES_FREE):
        fail(access)
    made = access.set_password("duty")
    assert made is not None
    assert access.identify(before.token) is None
    access.sign_in("duty", made)
    assert fail(access) == "sign_in.wrong"


def test_who_changes_their_own_password_stays_signed_in_here_and_nowhere_else(
    access: Access,
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    here = access.sign_in("duty", PASSWORD, device=PHONE)
    there = access.sign_in("duty", PASSWORD, device=OTHER)
    with pytest.raises(NotSignedIn):
        access.change_password(here.identity, WRONG, "seven lanterns on the river")
    access.change_password(here.identity, PASSWORD, "seven lanterns on the river")
    assert access.identify(here.token) == here.identity
    assert access.identify(there.token) is None
    access.sign_in("duty", "seven lanterns on the river")


def test_a_hash_of_other_parameters_is_made_anew_when_its_password_comes(
    access: Access, office: Office
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    office.passwords = CountingPasswords(memory_cost=32)
    access = office.again()
    access.sign_in("duty", PASSWORD)
    assert office.passwords.hashed == 1
    access.sign_in("duty", PASSWORD)
    assert office.passwords.hashed == 1
    assert fail(access) == "sign_in.wrong"


def test_the_same_device_signing_in_again_takes_the_place_of_its_session(
    access: Access,
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    first = access.sign_in("duty", PASSWORD, device=PHONE)
    elsewhere = access.sign_in("duty", PASSWORD, device=OTHER)
    ended = Ended(access)
    second = access.sign_in("duty", PASSWORD, device=PHONE)
    assert access.identify(first.token) is None
    assert ended.ids == [first.identity.session]
    assert access.identify(second.token) is not None
    assert access.identify(elsewhere.token) is not None


def test_an_account_has_a_bounded_number_of_sessions_and_loses_the_stalest(
    access: Access, office: Office
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    done = []
    for _ in range(21):
        office.clock.go(seconds=30)
        done.append(access.sign_in("duty", PASSWORD))
    assert access.identify(done[0].token) is None
    assert all(access.identify(one.token) is not None for one in done[1:])


async def test_the_loop_goes_on_while_passwords_are_hashed(access: Access) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    done = await asyncio.gather(
        *(access.sign_in_async("duty", PASSWORD, device=PHONE) for _ in range(8))
    )
    assert len({one.token for one in done}) == 8
    assert sum(access.identify(one.token) is not None for one in done) == 1
    with pytest.raises(NotSignedIn):
        await access.sign_in_async("duty", WRONG)


def test_so_many_may_wait_for_a_hash_and_further_ones_are_told_to_come_back(
    access: Access,
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)

    def come(_: int) -> str:
        try:
            access.sign_in("duty", WRONG)
        except HandheldError as error:
            return type(error).__name__
        return "signed in"

    with access._lock, ThreadPoolExecutor(WAITING_MOST + HASHERS + 30) as many:
        # Whoever failed waits for the lock that this thread holds, and all others for a hasher.
        tries = [many.submit(come, n) for n in range(WAITING_MOST + HASHERS + 30)]
        while sum(one.done() for one in tries) < 30:
            pass
        with pytest.raises(Busy):
            access.sign_in("duty", PASSWORD)
        access._lock.release()
        try:
            outcomes = [one.result() for one in tries]
        finally:
            access._lock.acquire()
    assert outcomes.count("Busy") == 30
    assert "signed in" not in outcomes


@pytest.mark.parametrize(
    ("name", "about", "code"),
    [
        ("a", {}, "account.name"),
        ("-admin", {}, "account.name"),
        ("a b", {}, "account.name"),
        ("person-S0000001", {}, "account.name"),
        ("duty", {}, "account.exists"),
        ("ＤＵＴＹ", {}, "account.exists"),
        ("an", {"role": "analyst"}, "account.analyst_person"),
        ("an", {"person": LI, "names": True}, "account.names_analyst"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused_and_nothing_is_kept(
    access: Access, name: str, about: dict[str, Any], code: str
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    with pytest.raises(Malformed) as refused:
        access.create_account(name, PASSWORD, **about)
    assert refused.value.code == code
    assert [one.name for one in access.accounts()] == ["duty"]


async def test_two_who_sign_in_while_the_hash_is_made_anew_both_get_in(
    access: Access, office: Office
) -> None:
    access.create_account("duty", PASSWORD, person=WANG)
    office.passwords = CountingPasswords(memory_cost=32)
    access = office.again()
    done = await asyncio.gather(*(access.sign_in_async("duty", PASSWORD) for _ in range(6)))
    assert all(access.identify(one.token) is not None for one in done)
