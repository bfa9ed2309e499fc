from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from handheld.application.access.records import DeviceSaid, IssuedLink, SignedIn
from handheld.application.access.service import Access
from handheld.domain.errors import HandheldError, Malformed, NotSignedIn
from tests.support_access import LI, OTHER, PHONE, WANG, Ended, Office


def link(access: Access, person: str = WANG, days: int = 30) -> str:
    (made,) = access.issue_links([person], days)
    return made.secret


def refused(access: Access, secret: str, device: DeviceSaid = PHONE) -> str:
    with pytest.raises(NotSignedIn) as error:
        access.redeem(secret, device)
    return error.value.code


def test_a_link_opens_one_session_and_no_second_one(access: Access, office: Office) -> None:
    secret = link(access)
    done = access.redeem(secret, PHONE)
    assert access.identify(done.token) == done.identity
    assert (done.identity.actor, done.identity.account) == (WANG, None)
    assert refused(access, secret, OTHER) == "link.used"
    office.clock.go(minutes=11)
    assert refused(access, secret) == "link.used"
    access = office.again()
    assert refused(access, secret) == "link.used"
    assert access.identify(done.token) == done.identity


def test_the_same_device_gets_the_same_answer_for_ten_minutes_also_after_a_restart(
    access: Access, office: Office
) -> None:
    secret = link(access)
    first = access.redeem(secret, PHONE)
    office.clock.go(minutes=9)
    again = office.again().redeem(secret, PHONE)
    assert again.repeated
    assert not first.repeated
    assert (again.token, again.identity) == (first.token, first.identity)


def test_what_gives_the_answer_again_is_forgotten_when_it_is_no_longer_given(
    access: Access, office: Office
) -> None:
    secret = link(access)
    access.redeem(secret, PHONE)
    assert access._store.links()[0].salt is not None
    office.clock.go(minutes=11)
    access.sweep()
    assert access._store.links()[0].salt is None


def test_a_session_that_was_revoked_does_not_come_back_by_its_link(access: Access) -> None:
    secret = link(access)
    done = access.redeem(secret, PHONE)
    access.revoke(done.identity.session)
    assert refused(access, secret) == "link.used"


def test_two_phones_at_the_same_moment_get_one_session_between_them(access: Access) -> None:
    secrets = [link(access, f"person-S{n:07}") for n in range(20)]
    both = Barrier(2)

    def redeem(secret: str, device: str) -> SignedIn | str:
        both.wait()
        try:
            return access.redeem(secret, DeviceSaid(id=device))
        except HandheldError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        for secret in secrets:
            one = pool.submit(redeem, secret, "phone-a-123")
            two = pool.submit(redeem, secret, "phone-b-123")
            outcomes = {type(done.result()) for done in (one, two)}
            assert outcomes == {SignedIn, str}
    assert access.sessions_held() == 20


def test_two_servers_on_one_file_cannot_both_redeem_a_link(access: Access, office: Office) -> None:
    other = office.open()
    secret = link(access)
    access.redeem(secret, PHONE)
    assert refused(other, secret, OTHER) == "link.used"


def test_a_link_holds_for_its_days(access: Access, office: Office) -> None:
    short, long = link(access, WANG, 1), link(access, LI, 2)
    office.clock.go(days=1)
    assert refused(access, short) == "link.expired"
    access.redeem(long, PHONE)
    assert [one.state for one in access.links([WANG])] == ["expired"]
    for days in (0, 181):
        with pytest.raises(Malformed):
            access.issue_links([WANG], days)


def test_a_new_link_ends_the_earlier_one_that_was_not_used_and_no_session(
    access: Access,
) -> None:
    used = access.redeem(link(access), PHONE)
    lost = link(access)
    latest = link(access)
    assert refused(access, lost) == "link.revoked"
    access.redeem(latest, OTHER)
    assert access.identify(used.token) is not None, "a second phone does not end the first"
    assert sorted(one.state for one in access.links()) == ["redeemed", "redeemed", "revoked"]


def test_another_link_on_the_same_phone_takes_the_place_of_its_session(access: Access) -> None:
    first = access.redeem(link(access), PHONE)
    of_another = access.redeem(link(access, LI), PHONE)
    ended = Ended(access)
    second = access.redeem(link(access), PHONE)
    assert ended.ids == [first.identity.session]
    assert access.identify(second.token) is not None
    assert access.identify(of_another.token) is not None, "two people may share a phone"


def test_open_links_can_be_ended_and_a_revoked_person_has_none(access: Access) -> None:
    (mine,), (others,) = access.issue_links([WANG]), access.issue_links([LI])
    assert access.revoke_link(others.link)
    assert not access.revoke_link(others.link)
    assert refused(access, others.secret) == "link.revoked"
    assert access.revoke_person(WANG) == 0
    assert refused(access, mine.secret) == "link.revoked"
    with pytest.raises(HandheldError, match=r"link\.not_found"):
        access.revoke_link("link-0000000000000000")


def test_what_is_no_link_is_refused_and_leaves_no_trace(access: Access) -> None:
    for secret in ("", "x", "y" * 32, "z" * 500, "码" * 32):
        assert refused(access, secret) == "link.unknown"
    assert access.audit() == []
    with pytest.raises(Malformed):
        access.redeem(link(access), DeviceSaid(id="../../etc"))


def test_a_used_link_tried_without_end_is_noted_a_few_times_only(access: Access) -> None:
    secret = link(access)
    access.redeem(secret, PHONE)
    for _ in range(50):
        refused(access, secret, OTHER)
    assert [note.what for note in access.audit(200)].count("link_refused") == 5


def test_links_for_everybody_are_one_change_all_or_none(access: Access) -> None:
    people = [f"person-S{n:07}" for n in range(11_000)]
    kept: list[int] = []

    def fails(made: object) -> None:
        kept.append(len(access.links()))
        raise OSError("no room for the sheet")

    with pytest.raises(OSError, match="no room"):
        access.issue_links(people, before=fails)
    assert kept == [0]
    assert access.links() == []
    assert access.audit() == []
    made = access.issue_links([*people, people[0]])
    assert len({one.secret for one in made}) == 11_000
    assert {one.person for one in made} == set(people)
    access.redeem(made[5_000].secret, PHONE)


def test_no_secret_is_in_any_file_nor_in_what_a_log_would_print(
    access: Access, office: Office
) -> None:
    (made,) = access.issue_links([WANG])
    done = access.redeem(made.secret, PHONE)
    ticket = access.ticket(done.identity)
    (unused,) = access.issue_links([LI])
    for secret in (made.secret, done.token, ticket, unused.secret):
        assert secret.encode() not in office.bytes()
        assert secret not in repr((made, done, unused, access.audit(), access.links()))
    assert isinstance(made, IssuedLink)
    office.close()
    assert made.secret.encode() not in office.bytes()
