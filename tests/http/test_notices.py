"""From the click to the telephone: a served data directory with its file of notices and real peers."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest

from handheld.bootstrap import OWN_FILES, Home, found_home
from handheld.domain.ordering import Order
from handheld.domain.starting import StartAdHoc
from handheld.domain.task import Deliver
from handheld_events.ids import order_id
from tests.adapters.notifiers.test_web_push import browser, encoded
from tests.support_ladder import PHONES, REAL, settle
from tests.support_peers import Answer, Asked, Peer, peer, said
from tests.support_reactions import DISTRICT, DUTY, EVERYBODY, GRID, HEAD, task_of
from tests.support_server import Served, served

A, B, C = REAL


def _answer(asked: Asked) -> Answer:
    return said({"sid": f"ref-{asked.json()['phone']}"}) if asked.path == "/sms" else Answer(201)


class Provider:
    """A peer in a thread of its own: the server is in another one."""

    def __init__(self) -> None:
        self.peer = Peer()
        self._told, self._loop = Event(), asyncio.new_event_loop()
        self._ending: asyncio.Event | None = None
        self.thread = Thread(target=lambda: self._loop.run_until_complete(self._run()))

    async def _run(self) -> None:
        self._ending = asyncio.Event()
        async with peer() as made:
            made.answering = _answer
            self.peer = made
            self._told.set()
            await self._ending.wait()

    def start(self) -> None:
        self.thread.start()
        assert self._told.wait(20)

    def stop(self) -> None:
        assert self._ending is not None
        self._loop.call_soon_threadsafe(self._ending.set)
        self.thread.join(20)
        self._loop.close()

    def phones(self) -> list[str]:
        return sorted(asked.json()["phone"] for asked in self.peer.asked if asked.path == "/sms")


@pytest.fixture
def provider() -> Generator[Provider]:
    made = Provider()
    made.start()
    yield made
    made.stop()


def notices(tmp_path: Path, provider: Provider) -> Path:
    path = tmp_path / "notices.toml"
    url = provider.peer.url
    path.write_text(
        f"""
[ladder]
web_push = 0
messenger = 0
sms = 0.2
voice = 600
call_list = 601

[web_push]
contact = "mailto:ops@example.com"
allowed = ["127.0.0.1:{provider.peer.port}"]

[sms]
url = "{url}/sms"
reference = "sid"
receipts = {{ secret = "s3cret", reference = "sid", field = "stat", arrived = "DELIVRD" }}

[[webhooks]]
name = "city"
url = "{url}/hook"
secrets = ["hook"]
""",
        "utf-8",
    )
    path.chmod(0o600)
    return path


@contextmanager
def running(tmp_path: Path, provider: Provider) -> Generator[Served]:
    data = tmp_path / "data"
    new = not data.exists()
    if new:
        found_home(data)
    with Home(data) as home:
        if new:
            settle(home)
        with served(home, notices=notices(tmp_path, provider)) as made:
            yield made


def until(look: Any) -> None:
    end = monotonic() + 30
    while not look():
        assert monotonic() < end
        sleep(0.02)


def started(made: Served, *, drill: bool = False) -> str:
    command = made.home.new_command_id()
    start = StartAdHoc(title="台风", division=DISTRICT, orders=(Order(text="走访", to=EVERYBODY),))
    made.home.execute(start, DUTY, command_id=command, drill=drill)
    return order_id(command, 0)


def test_who_cannot_be_reached_is_told_and_all_of_it_is_on_the_call_list(
    tmp_path: Path, provider: Provider
) -> None:
    with running(tmp_path, provider) as made, made.client(DUTY) as desk, made.client() as nobody:
        order = started(made)
        made.home.execute(Deliver(task=task_of(order, A)), A)
        until(lambda: provider.phones() == [PHONES[B], PHONES[C]])

        receipt = {"sid": f"ref-{PHONES[B]}", "stat": "DELIVRD"}
        path = "/notices/sms/receipts"
        assert nobody.post(path, json=receipt).status_code == 404
        wrong = nobody.post(path, json=receipt, headers={"authorization": "Bearer wrong"})
        assert wrong.status_code == 404
        proof = {"authorization": "Bearer s3cret"}
        until(lambda: nobody.post(path, json=receipt, headers=proof).json() == {"recorded": 1})
        assert nobody.post(path, json=receipt, headers=proof).json() == {"recorded": 0}
        assert nobody.post(path, json={"x": 1}, headers=proof).status_code in (400, 422)

        made.home.caught_up()
        listed = desk.get(f"/divisions/{GRID}/call-list").json()
        people = {
            one["person"]["person"]: one for place in listed["places"] for one in place["people"]
        }
        assert {who: one["person"]["phone"] for who, one in people.items()} == {
            B: PHONES[B],
            C: PHONES[C],
        }
        assert people[B]["attempts"][0]["result"] == "taken"
        assert people[B]["attempts"][0]["arrived"] is True
        assert "arrived" not in people[C]["attempts"][0]
        until(lambda: any(one.path == "/hook" for one in provider.peer.asked))
        with made.client(A) as phone:
            hidden = phone.get(f"/divisions/{GRID}/call-list")
            absent = phone.get("/divisions/330899/call-list")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.json()["code"] == absent.json()["code"]


def test_a_phone_subscribes_is_told_and_its_subscription_outlives_a_restart(
    tmp_path: Path, provider: Provider
) -> None:
    device = browser()
    with running(tmp_path, provider) as made, made.client(A) as phone, made.client(HEAD) as other:
        key = phone.get("/push/key").json()["key"]
        wanted = {
            "endpoint": f"{provider.peer.url}/push",
            "expirationTime": None,
            "keys": {"p256dh": device.p256dh, "auth": encoded(device.auth)},
        }
        inside = {**wanted, "endpoint": "https://127.0.0.1/push"}
        assert phone.put("/push/subscription", json=inside).status_code in (400, 422)
        assert phone.put("/push/subscription", json=wanted).status_code == 204
        refused = other.put("/push/subscription", json=wanted)
        assert refused.status_code == 403
        assert refused.json()["code"] == "notices.synthetic"
    with running(tmp_path, provider) as made, made.client(A) as phone:
        assert phone.get("/push/key").json()["key"] == key
        order = started(made)
        until(lambda: any(one.path == "/push" for one in provider.peer.asked))
        (asked,) = (one for one in provider.peer.asked if one.path == "/push")
        assert device.opened(asked)["task"] == task_of(order, A)
        assert phone.delete("/push/subscription").status_code == 204
        assert made.home.reaching is not None
        assert not made.home.reaching.subscriptions.has(A)
        names = {path.name for path in made.home.directory.iterdir()}
        assert {"push.db", "vapid.pem"} <= names
        assert {name for name in names if name.startswith(("push", "vapid"))} <= OWN_FILES
