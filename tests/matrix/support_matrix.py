"""A server on the county, and everybody signed in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

import httpx

from handheld.application.access.records import DeviceSaid
from tests.matrix.lines import UPLOADER, Asking
from tests.matrix.oracle import Oracle, Who, viewers
from tests.matrix.world import ANALYST, World, photo_bytes
from tests.support_http import client
from tests.support_server import PATIENCE, Served

T = TypeVar("T")
PASSWORD = "correct horse battery"


class Matrix:
    """A server on the county, and everybody signed in to it."""

    def __init__(self, world: World, server: Served) -> None:
        self.world = world
        self.server = server
        self.oracle = Oracle(world)
        access = world.home.access
        access.create_account("ops", PASSWORD)
        access.create_account("plain", PASSWORD, person=ANALYST, role="analyst")
        access.create_account("named", PASSWORD, person=ANALYST, role="analyst", names=True)
        people = [who.person for who in viewers(world) if not who.analyst]
        said = [(person, DeviceSaid(id=f"device-{person}")) for person in people]
        issued = access.grant_sessions(said)
        self._tokens = {one.identity.actor: one.token for one in issued}
        for name, label in (
            ("ops", "operator"),
            ("plain", f"{ANALYST}+plain"),
            ("named", f"{ANALYST}+names"),
        ):
            signed = access.sign_in(name, PASSWORD, address="127.0.0.1")
            self._tokens[label] = signed.token
        self._bring()
        self.operator = self.client("operator")
        self.now = world.home.clock.now().isoformat().replace("+00:00", "Z")
        self.every = 11
        self.everything = cache(self._everything)

    def client(self, label: str) -> httpx.Client:
        headers = {"authorization": f"Bearer {self._tokens[label]}", "accept-language": "zh"}
        return client(self.server.api, headers=headers, timeout=PATIENCE)

    def token(self, who: Who) -> str:
        return self._tokens[who.label]

    def close(self) -> None:
        self.operator.close()

    def asking(self, who: Who) -> Asking:
        number = viewers(self.world).index(who)
        return Asking(self.world, self.oracle, who, self.everything, self.now, number, self.every)

    def _everything(self, path: str) -> Any:
        answer = self.operator.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def _bring(self) -> None:
        """The bytes of the photos that facts name; and one that is under way."""
        for number in (1, 2, 3):
            raw = photo_bytes(number)
            digest = sha256(raw).hexdigest()
            with self.client(self.world.photos[digest][2]) as client:
                headers = {"content-type": "image/jpeg"}
                done = client.put(f"/attachments/{digest}", content=raw, headers=headers)
                assert done.status_code in (200, 201), done.text
        with self.client(UPLOADER) as client:
            body = {"sha256": "1" * 64, "size": 9_999, "media": "image/jpeg"}
            begun = client.post("/attachments", json=body)
            self.world.upload = begun.json()["upload"]["id"]


def sampled(things: Iterable[T], number: int, one_in: int) -> Iterator[T]:
    """Every so-many-th, beginning at another for each number."""
    return (thing for at, thing in enumerate(things, number) if at % one_in == 0)


def each(matrix: Matrix, ask: Callable[[Who], list[str]]) -> list[str]:
    """What is wrong, asked for all viewers side by side."""
    with ThreadPoolExecutor(4) as threads:
        return [line for found in threads.map(ask, viewers(matrix.world)) for line in found]


def none_wrong(wrong: list[str]) -> None:
    assert not wrong, f"{len(wrong)} differences:\n" + "\n".join(wrong[:200])
