"""Web Push against a push service of our own: it opens the message and checks the signature."""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import http_ece
import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from handheld.adapters.notifiers.outside import Limits
from handheld.adapters.notifiers.vapid_key import key_in_file
from handheld.adapters.notifiers.web_push import VapidKey, WebPush
from handheld.adapters.push_subscriptions import PushSubscriptions
from handheld.adapters.push_tables import push_file
from handheld.application.notifying import Came, Notice
from handheld.domain.errors import Malformed
from tests.support_peers import Answer, Asked, Peer, peer

PATIENT = Limits(first_wait=0.01)
HASTY = Limits(timeout=1, tries=1)
"""For whom nobody answers: to wait once is enough."""
NOW = datetime(2021, 7, 23, 7, tzinfo=UTC)
PERSON = "person-T1"
NOTICE = Notice(
    id="0" * 32,
    task="task-017ad2b2c4007000800000000000000a",
    task_force="tf-1",
    person=PERSON,
    drill=True,
    text="【演练】您有一项任务",
    phone="10000000001",
)


class Browser(NamedTuple):
    """A device that has subscribed, with its secrets."""

    key: ec.EllipticCurvePrivateKey
    auth: bytes

    @property
    def p256dh(self) -> str:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return encoded(point)

    def opened(self, asked: Asked) -> dict[str, object]:
        text = http_ece.decrypt(
            asked.body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        found: dict[str, object] = json.loads(text)
        return found


def browser() -> Browser:
    return Browser(ec.generate_private_key(ec.SECP256R1()), os.urandom(16))


def encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
async def service() -> AsyncIterator[Peer]:
    async with peer() as made:
        made.answering = lambda _: Answer(201, b"")
        yield made


@pytest.fixture
def kept(tmp_path: Path, service: Peer) -> PushSubscriptions:
    return PushSubscriptions(
        push_file(tmp_path / "push.db"), allowed=(f"127.0.0.1:{service.port}",)
    )


@pytest.fixture
async def push(tmp_path: Path, kept: PushSubscriptions) -> AsyncIterator[WebPush]:
    made = WebPush(
        kept, VapidKey(key_in_file(tmp_path / "vapid.pem"), "mailto:ops@example.com"), PATIENT
    )
    yield made
    await made.close()
    kept.close()


def subscribe(
    kept: PushSubscriptions, service: Peer, device: str = "device-1", path: str = "/push/1"
) -> Browser:
    made = browser()
    kept.keep(PERSON, device, service.url + path, made.p256dh, encoded(made.auth), NOW)
    return made


async def sent(push: WebPush) -> Came:
    return (await push.send([NOTICE]))[NOTICE.id]


async def test_only_the_device_can_read_it_and_it_holds_ids_alone(
    push: WebPush, kept: PushSubscriptions, service: Peer
) -> None:
    device = subscribe(kept, service)
    assert await sent(push) == Came("taken")
    (asked,) = service.asked
    assert device.opened(asked) == {"task": NOTICE.task, "task_force": "tf-1", "drill": True}
    with pytest.raises((http_ece.ECEException, InvalidTag)):
        browser().opened(asked)
    assert asked.headers["content-encoding"] == "aes128gcm"
    assert asked.headers["urgency"] == "high"
    assert asked.headers["topic"] == NOTICE.id
    assert int(asked.headers["ttl"]) > 0


async def test_the_signature_is_that_of_the_key_that_browsers_were_given(
    push: WebPush, kept: PushSubscriptions, service: Peer, tmp_path: Path
) -> None:
    subscribe(kept, service)
    await sent(push)
    public = VapidKey(key_in_file(tmp_path / "vapid.pem"), "mailto:ops@example.com").public
    claims = verified(service.asked[0], public)
    assert claims["aud"] == service.url
    assert claims["sub"] == "mailto:ops@example.com"
    left = int(str(claims["exp"])) - datetime.now(UTC).timestamp()
    assert 0 < left <= 24 * 3600
    other = VapidKey(key_in_file(tmp_path / "other.pem"), "mailto:ops@example.com").public
    with pytest.raises(InvalidSignature):
        verified(service.asked[0], other)


def verified(asked: Asked, public: str) -> dict[str, object]:
    """What the token says. RFC 8292, section 3; raises InvalidSignature."""
    scheme, _, rest = asked.headers["authorization"].partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    assert decoded(given["k"])[0] == 4
    text, _, signature = given["t"].rpartition(".")
    raw = decoded(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(public))
    key.verify(encode_dss_signature(r, s), text.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(decoded(part)) for part in text.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    found: dict[str, object] = claims
    return found


async def test_the_key_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "vapid.pem"
    first = VapidKey(key_in_file(path), "mailto:ops@example.com").public
    assert VapidKey(key_in_file(path), "mailto:ops@example.com").public == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["vapid.pem"]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_is_gone_is_forgotten(
    push: WebPush, kept: PushSubscriptions, service: Peer, status: int, tmp_path: Path
) -> None:
    subscribe(kept, service)
    service.answering = lambda _: Answer(status)
    assert await sent(push) == Came("refused", "gone")
    assert not kept.has(PERSON)
    again = PushSubscriptions(push_file(tmp_path / "push.db"))
    assert not again.has(PERSON)
    again.close()
    assert (await sent(push)).result == "skipped"


async def test_of_several_devices_one_is_enough(
    push: WebPush, kept: PushSubscriptions, service: Peer
) -> None:
    subscribe(kept, service, "device-1", "/gone")
    subscribe(kept, service, "device-2", "/there")
    service.answering = lambda asked: Answer(410 if asked.path == "/gone" else 201)
    assert await sent(push) == Came("taken")
    assert [one.device for one in kept.of(PERSON)] == ["device-2"]


async def test_a_busy_service_is_asked_again_and_not_before_it_says(
    push: WebPush, kept: PushSubscriptions, service: Peer
) -> None:
    subscribe(kept, service)
    service.scripted = [Answer(429, headers={"retry-after": "0"}), Answer(503), Answer(201)]
    assert await sent(push) == Came("taken")
    assert len(service.asked) == 3
    service.scripted = [Answer(429, headers={"retry-after": "3600"})]
    assert await sent(push) == Came("failed", "http_429")
    assert len(service.asked) == 4


async def test_what_may_have_arrived_is_unknown_and_what_surely_did_not_has_failed(
    push: WebPush, kept: PushSubscriptions, service: Peer, tmp_path: Path
) -> None:
    subscribe(kept, service)
    service.answering = lambda _: Answer(hang=True)
    hasty = WebPush(
        kept, VapidKey(key_in_file(tmp_path / "vapid.pem"), "mailto:ops@example.com"), HASTY
    )
    assert await sent(hasty) == Came("unknown", "timeout")
    await hasty.close()
    service.answering = lambda _: Answer(reset=True)
    assert await sent(push) == Came("unknown", "connection_lost")
    service.answering = lambda _: Answer(500)
    assert await sent(push) == Came("failed", "http_500")
    service.scripted = [Answer(reset=True), Answer(500), Answer(500)]
    assert await sent(push) == Came("unknown", "http_500")


async def test_nobody_listens(push: WebPush, kept: PushSubscriptions, service: Peer) -> None:
    free = service.port
    async with peer() as other:
        free = other.port
    kept._allowed = frozenset({f"127.0.0.1:{free}"})
    made = browser()
    kept.keep(
        PERSON, "device-1", f"http://127.0.0.1:{free}/x", made.p256dh, encoded(made.auth), NOW
    )
    assert await sent(push) == Came("failed", "no_connection")


async def test_many_are_sent_a_few_at_a_time(
    tmp_path: Path, kept: PushSubscriptions, service: Peer
) -> None:
    key = VapidKey(key_in_file(tmp_path / "vapid.pem"), "mailto:ops@example.com")
    push = WebPush(kept, key, Limits(timeout=5, at_once=3))
    made = browser()
    for number in range(30):
        who = f"person-T{number}"
        kept.keep(who, f"device-{number}", service.url, made.p256dh, encoded(made.auth), NOW)
    notices = [
        Notice(
            id=f"{n:032}",
            task=f"task-{n}",
            task_force="tf",
            person=f"person-T{n}",
            drill=False,
            text="",
        )
        for n in range(30)
    ]
    came = await push.send(notices)
    await push.close()
    assert {one.result for one in came.values()} == {"taken"}
    assert len(service.asked) == 30
    assert service.most_at_once <= 3
    assert len({asked.headers["authorization"] for asked in service.asked}) == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.com/1",
        "https://127.0.0.1/1",
        "https://10.1.2.3/1",
        "https://192.168.1.1/1",
        "https://169.254.169.254/latest",
        "https://[::1]/1",
        "https://[::ffff:10.0.0.1]/1",
        "https://[fd00::1]/1",
        "https://127.1/1",
        "https://2130706433/1",
        "https://0x7f000001/1",
        "https://localhost/1",
        "https://printer/1",
        "https://db.internal/1",
        "https://push.example.com:8443/1",
        "https://user@push.example.com/1",
        "https://push.example.com:port/1",
        "ftp://push.example.com/1",
        "https://",
        "",
        "https://push.example.com/" + "x" * 2_000,
        "https://例子.example/1",
    ],
)
def test_the_server_goes_to_no_door_inside_the_network(tmp_path: Path, endpoint: str) -> None:
    kept = PushSubscriptions(push_file(tmp_path / "push.db"))
    made = browser()
    with pytest.raises(Malformed) as refused:
        kept.keep(PERSON, "device-1", endpoint, made.p256dh, encoded(made.auth), NOW)
    assert refused.value.code == "notices.endpoint"
    assert not kept.has(PERSON)
    kept.close()


async def test_a_name_that_leads_inside_is_not_followed(tmp_path: Path) -> None:
    kept = PushSubscriptions(push_file(tmp_path / "push.db"))
    with pytest.raises(Malformed) as refused:
        await kept.check_now("https://ip6-localhost.invalid/1")
    assert refused.value.params["reason"] == "unknown_name"
    kept.close()


def test_keys_that_are_none_are_refused(tmp_path: Path) -> None:
    kept = PushSubscriptions(push_file(tmp_path / "push.db"))
    made = browser()
    endpoint, auth = "https://push.example.com/1", encoded(made.auth)
    for p256dh, secret in (
        ("", auth),
        (encoded(bytes(65)), auth),
        (made.p256dh, encoded(bytes(15))),
        (made.p256dh, "%%%"),
        (encoded(b"\x04" + os.urandom(64)), auth),
    ):
        with pytest.raises(Malformed) as refused:
            kept.keep(PERSON, "device-1", endpoint, p256dh, secret, NOW)
        assert refused.value.code == "notices.keys"
    with pytest.raises(Malformed):
        kept.keep(PERSON, "short", endpoint, made.p256dh, auth, NOW)
    kept.close()


def test_a_device_has_one_subscription_and_a_person_not_endlessly_many(tmp_path: Path) -> None:
    kept = PushSubscriptions(push_file(tmp_path / "push.db"))
    made = browser()

    def keep(person: str, device: str, path: str, minute: int = 0) -> None:
        at = NOW.replace(minute=minute)
        url = f"https://push.example.com/{path}"
        kept.keep(person, device, url, made.p256dh, encoded(made.auth), at)

    keep(PERSON, "device-1", "a")
    keep(PERSON, "device-1", "b")
    assert [one.endpoint[-1] for one in kept.of(PERSON)] == ["b"]
    keep("person-T2", "device-1", "c")  # the telephone was handed on
    assert not kept.has(PERSON)
    for number in range(15):
        keep(PERSON, f"device-m{number:02}", "d", number)
    assert sorted(one.device for one in kept.of(PERSON)) == [
        f"device-m{n:02}" for n in range(5, 15)
    ]
    kept.forget_person(PERSON)
    kept.close()
    again = PushSubscriptions(push_file(tmp_path / "push.db"))
    assert again.people() == ["person-T2"]
    again.close()
