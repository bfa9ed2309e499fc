"""The ladder on a real log, with real peers: who is told by what, when, and what is recorded of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handheld.adapters.notifiers.dingtalk import DingTalk, DingTalkSettings
from handheld.adapters.notifiers.outside import Limits
from handheld.adapters.notifiers.sms_http import TelephoneHTTP, TelephoneService
from handheld.adapters.notifiers.vapid_key import key_in_file
from handheld.adapters.notifiers.web_push import VapidKey, WebPush
from handheld.adapters.push_subscriptions import PushSubscriptions
from handheld.adapters.push_tables import push_file
from handheld.application.notifying import Notifier
from handheld.domain.directing import AmendOrder
from handheld.domain.ladder import Ladder, attempt_id
from handheld.domain.ordering import Order
from handheld.domain.register import ErasePerson
from handheld.domain.task import Accept, Deliver, Resume, Suspend
from handheld_events.task import Rung, TaskNoticeAttempted, TaskNoticeBegun
from tests.adapters.notifiers.test_web_push import browser, encoded
from tests.support_ladder import MADE_UP, PHONES, REAL, Standing, standing
from tests.support_peers import Answer, Asked, Messenger, Peer, peer, said
from tests.support_reactions import DUTY, EVERYBODY, HEAD, ORIGIN, task_of

A, B, C = REAL
VISIT = Order(text="走访", to=EVERYBODY, accept_within=3600, report_within=7200)
SMS_ONLY = Ladder(waits={"sms": 60, "call_list": 900}, drills=frozenset({"call_list"}))
QUICK = Limits(timeout=5, first_wait=0.01)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def phones() -> AsyncIterator[Peer]:
    """A provider of text messages and calls."""
    async with peer() as made:
        made.answering = lambda asked: said({"id": f"ref-{asked.json()['phone']}"})
        yield made


def sms(phones: Peer) -> dict[Rung, Notifier]:
    service = TelephoneService(url=f"{phones.url}/sms", reference="id")
    return {"sms": TelephoneHTTP("sms", service, QUICK)}


def voice(phones: Peer) -> dict[Rung, Notifier]:
    return {"voice": TelephoneHTTP("voice", TelephoneService(url=f"{phones.url}/call"), QUICK)}


def messenger(made: Peer) -> dict[Rung, Notifier]:
    settings = DingTalkSettings(app_key="key", app_secret="app-secret", agent_id=7, url=made.url)
    return {"messenger": DingTalk(settings, QUICK)}


def called(phones: Peer, path: str = "/sms") -> list[str]:
    return sorted(asked.json()["phone"] for asked in phones.asked if asked.path == path)


async def test_who_has_not_got_their_task_is_told_after_the_wait_and_nobody_else(
    directory: Path, phones: Peer
) -> None:
    async with standing(directory) as here:
        here.climb(sms(phones), SMS_ONLY)
        _, (order,) = here.start(VISIT)
        here.do(Deliver(task=task_of(order, A)), A)
        here.do(Accept(task=task_of(order, B)), "operator", on_behalf_of=B)

        assert await here.until(0.9) == 0
        assert await here.until(1) == 1

        assert called(phones) == [PHONES[C]]
        asked = phones.asked[0].json()
        assert "台风" in asked["text"]
        assert asked["id"] == attempt_id(task_of(order, C), 1)
        assert here.told(task_of(order, C)) == [
            TaskNoticeBegun(rung="sms", number=1),
            TaskNoticeAttempted(rung="sms", number=1, result="taken", reference=f"ref-{PHONES[C]}"),
        ]
        assert here.told(task_of(order, A)) == here.told(task_of(order, B)) == []


async def test_taken_is_never_delivered_and_reaches_no_inbox(directory: Path, phones: Peer) -> None:
    async with standing(directory) as here:
        here.climb(sms(phones), SMS_ONLY)
        here.start(VISIT)
        before = here.home.caught_up()
        await here.until(2)
        end = here.home.caught_up()
        assert end == before + 6
        assert not any(waiter.delivered for waiter in here.home.boards.waiters("330825"))
        assert all(here.home.indexes.inbox(who)[-1].position <= before for who in REAL)


async def test_the_ladder_is_climbed_in_order_and_ends_on_the_call_list(
    directory: Path, phones: Peer
) -> None:
    async with peer() as made, standing(directory) as here:
        Messenger(made, {phone: f"u{phone[-1]}" for phone in PHONES.values()})
        here.climb(messenger(made) | sms(phones) | voice(phones))
        _, (order,) = here.start(VISIT)
        for minute in (3, 8, 12, 15, 60):
            await here.until(minute)
        climbed = [one for one in here.in_short(task_of(order, A)) if one[0] != "answered"]
        assert climbed == [
            ("begun", "messenger", 1),
            ("taken", "messenger", 1),
            ("begun", "sms", 2),
            ("taken", "sms", 2),
            ("begun", "voice", 3),
            ("taken", "voice", 3),
            ("listed", "call_list", 4),
        ]
        assert called(phones, "/call") == sorted(PHONES.values())


async def test_synthetic_people_are_told_by_nobody_outside(
    directory: Path, phones: Peer, tmp_path: Path
) -> None:
    kept = PushSubscriptions(push_file(tmp_path / "push.db"), allowed=(f"127.0.0.1:{phones.port}",))
    device = browser()
    for who in (MADE_UP, A):
        auth = encoded(device.auth)
        kept.keep(who, f"device-{who}", f"{phones.url}/push", device.p256dh, auth, ORIGIN)
    push = WebPush(
        kept, VapidKey(key_in_file(tmp_path / "vapid.pem"), "mailto:ops@example.com"), QUICK
    )
    phones.answering = lambda _: said({})
    async with peer() as made, standing(directory) as here:
        platform = Messenger(made, {"10000000099": "u99"})
        passers = messenger(made) | sms(phones) | voice(phones)
        here.climb({"web_push": push, **passers}, devices=kept)
        _, (order,) = here.start(Order(text="值守", people=(MADE_UP, HEAD)))
        for minute in (1, 3, 8, 12, 60):
            await here.until(minute)
        assert phones.asked == []
        assert platform.sent == []
        assert here.in_short(task_of(order, MADE_UP)) == [("listed", "call_list", 1)]
        # The same way is open to others: it was not for want of one.
        here.start(Order(text="值守", people=(A,)))
        await here.until(61)
        assert [asked.path for asked in phones.asked] == ["/push"]
    kept.close()


async def test_a_drill_uses_the_ways_allowed_for_drills_and_says_that_it_is_one(
    directory: Path, phones: Peer
) -> None:
    async with peer() as made, standing(directory) as here:
        platform = Messenger(made, {phone: f"u{phone[-1]}" for phone in PHONES.values()})
        here.climb(messenger(made) | sms(phones))
        _, (order,) = here.start(VISIT, drill=True)
        await here.until(60)
        assert phones.asked == []
        ((users, text),) = platform.sent
        assert sorted(users) == ["u0", "u1", "u2"]
        assert text.startswith("【演练】")
        assert all(fact.meta.drill for fact in here.recorded(task_of(order, A)))


async def test_people_of_one_order_share_a_call_and_no_words_come_twice(
    directory: Path,
) -> None:
    async with peer() as made, standing(directory) as here:
        platform = Messenger(made, {phone: f"u{phone[-1]}" for phone in PHONES.values()})
        here.climb(messenger(made))
        here.start(VISIT)
        here.start(VISIT)
        await here.until(5)
        assert [len(users) for users, _ in platform.sent] == [3, 3]
        assert platform.swallowed == set()


async def test_what_the_messenger_says_later_is_a_fact_and_still_not_delivered(
    directory: Path,
) -> None:
    async with peer() as made, standing(directory) as here:
        platform = Messenger(made, {phone: f"u{phone[-1]}" for phone in PHONES.values()})
        platform.swallowed = {"u1"}
        here.climb(messenger(made))
        _, (order,) = here.start(VISIT)
        for minute in (3, 4, 5):
            await here.until(minute)
        assert here.in_short(task_of(order, A))[-1] == ("answered", 1, True)
        assert here.in_short(task_of(order, B))[-1] == ("answered", 1, False)
        assert not any(waiter.delivered for waiter in here.home.boards.waiters("330825"))


async def test_a_receipt_of_the_provider_is_recorded_once(directory: Path, phones: Peer) -> None:
    async with standing(directory) as here:
        here.climb(sms(phones), SMS_ONLY)
        _, (order,) = here.start(VISIT)
        await here.until(1)
        assert here.ladder is not None
        reference = f"ref-{PHONES[A]}"
        assert await here.ladder.answered(reference, arrived=False, code="off") == 1
        assert await here.ladder.answered(reference, arrived=True) == 0
        assert await here.ladder.answered("never heard of", arrived=True) == 0
        assert here.in_short(task_of(order, A))[-1] == ("answered", 1, False)


async def test_what_has_no_result_after_a_crash_is_unknown_and_goes_out_once_more(
    directory: Path, phones: Peer
) -> None:
    phones.answering = lambda _: Answer(hang=True)
    async with standing(directory) as here:
        _, (order,) = here.start(VISIT)
        await killed_while_sending(here, phones, minute=1)
        assert here.in_short(task_of(order, A)) == [("begun", "sms", 1)]
    first = sent_as(phones)

    async with standing(directory) as here:
        here.climb(sms(phones), SMS_ONLY)
        await here.until(2)
        assert here.in_short(task_of(order, A))[1:] == [("unknown", "sms", 1)]
        await killed_while_sending(here, phones, minute=4)
        assert here.told(task_of(order, A))[-1] == TaskNoticeBegun(rung="sms", number=2, repeats=1)
    assert sent_as(phones) == first

    asked = len(phones.asked)
    async with standing(directory) as here:
        here.climb(sms(phones), SMS_ONLY)
        for minute in (5, 10, 30, 60):
            await here.until(minute)
        assert len(phones.asked) == asked
        assert here.in_short(task_of(order, A))[3:] == [
            ("unknown", "sms", 2),
            ("listed", "call_list", 3),
        ]


def sent_as(phones: Peer) -> dict[str, str]:
    """By telephone number: the id under which it went out last; everybody was told as often."""
    asked = [one.json() for one in phones.asked]
    assert len(asked) % 3 == 0
    assert all(one.headers["idempotency-key"] == one.json()["id"] for one in phones.asked)
    return {one["phone"]: one["id"] for one in asked[-3:]}


async def killed_while_sending(here: Standing, phones: Peer, minute: float) -> None:
    """The intention is durable, the messages are out, and nobody is left to record the answer."""
    asked = len(phones.asked)
    here.climb(sms(phones), SMS_ONLY)
    here.move_to(minute)
    await here.known()
    assert here.ladder is not None
    assert await here.ladder.step() == 3
    await phones.until(asked + 3)
    await here.ladder.close(patience=0)
    here.ladder = None


async def test_the_intention_is_on_disk_before_anything_is_sent(
    directory: Path, phones: Peer
) -> None:
    async with standing(directory) as here:
        seen: list[bool] = []

        def look(asked: Asked) -> Answer:
            number = asked.json()["phone"]
            (who,) = (person for person, phone in PHONES.items() if phone == number)
            seen.append(here.in_short(task_of(order, who)) == [("begun", "sms", 1)])
            return said({})

        phones.answering = look
        here.climb(sms(phones), SMS_ONLY)
        _, (order,) = here.start(VISIT)
        await here.until(1)
        assert seen == [True] * 3


async def test_who_gets_their_task_before_their_turn_is_not_told_and_that_is_recorded(
    directory: Path, phones: Peer
) -> None:
    service = TelephoneService(url=f"{phones.url}/sms")
    slow = TelephoneHTTP("sms", service, Limits(timeout=5, at_once=1))
    slow.together = 1
    async with standing(directory) as here:
        here.climb({"sms": slow}, SMS_ONLY)
        _, (order,) = here.start(VISIT)

        async def deliver_all(_: Asked) -> Answer:
            if len(phones.asked) == 1:
                for who in REAL:
                    here.do(Deliver(task=task_of(order, who)), who)
                await here.known()
            return said({})

        phones.answering = deliver_all
        await here.until(1)
        results = sorted(here.in_short(task_of(order, who))[-1][0] for who in REAL)
        told = len(phones.asked)
        assert results == ["skipped"] * (3 - told) + ["taken"] * told


async def test_a_refusal_and_an_erased_person_are_recorded_as_what_they_are(
    directory: Path, phones: Peer
) -> None:
    def refuse(asked: Asked) -> Answer:
        return Answer(403) if asked.json()["phone"] == PHONES[A] else said({})

    phones.answering = refuse
    async with standing(directory) as here:
        here.climb(sms(phones), SMS_ONLY)
        _, (order,) = here.start(VISIT)
        here.do(ErasePerson(person=B, reason="离任"))
        await here.until(1)
        assert here.told(task_of(order, A))[-1] == TaskNoticeAttempted(
            rung="sms", number=1, result="refused", code="http_403"
        )
        assert here.told(task_of(order, B)) == []
        assert PHONES[B] not in called(phones)


async def test_what_is_suspended_waits_and_what_is_amended_begins_anew(
    directory: Path, phones: Peer
) -> None:
    async with standing(directory) as here:
        here.climb(sms(phones), SMS_ONLY)
        name, (order,) = here.start(VISIT)
        here.do(Suspend(task=task_of(order, A), reason="路断"), DUTY)
        await here.until(5)
        assert PHONES[A] not in called(phones)
        here.do(Resume(task=task_of(order, A)), DUTY)
        await here.until(5.9)
        assert PHONES[A] not in called(phones)
        await here.until(6)
        assert called(phones) == sorted(PHONES.values())
        here.do(AmendOrder(task_force=name, order=order, text="全部转移", reason="升级"), DUTY)
        await here.until(8)
        assert called(phones) == sorted([*PHONES.values()] * 2)
        assert here.in_short(task_of(order, B))[-1] == ("taken", "sms", 2)


async def test_rungs_missed_while_nothing_ran_keep_their_distance(
    directory: Path, phones: Peer
) -> None:
    async with standing(directory) as here:
        _, (order,) = here.start(VISIT)
        here.move_to(30)
        here.climb(sms(phones) | voice(phones))
        assert await here.until(30.5) == 0, "phones first come back to the server"
        await here.until(38)
        assert here.in_short(task_of(order, A))[-1] == ("taken", "sms", 1)
        await here.until(41.9)
        assert called(phones, "/call") == []
        await here.until(42)
        assert called(phones, "/call") == sorted(PHONES.values())


async def test_a_slow_provider_holds_up_no_other(directory: Path, phones: Peer) -> None:
    phones.answering = lambda asked: Answer(hang=asked.path == "/sms")
    rules = Ladder(waits={"sms": 60, "voice": 61, "call_list": 900})
    async with standing(directory) as here:
        here.climb(sms(phones) | voice(phones), rules)
        _, (order,) = here.start(VISIT)
        here.do(Deliver(task=task_of(order, A)), A)
        here.move_to(1)
        await here.known()
        assert here.ladder is not None
        assert await here.ladder.step() == 2
        await phones.until(2)
        _, (other,) = here.start(Order(text="值守", people=(A,)))
        here.move_to(3)
        await here.known()
        assert await here.ladder.step() == 1
        await phones.until(3)
        await here.ladder.close(patience=0)
        assert here.in_short(task_of(other, A)) == [("begun", "sms", 1)]
        here.ladder = None
