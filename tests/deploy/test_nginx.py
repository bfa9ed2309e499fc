"""nginx itself, with the files of deploy/, in front of two APIs and two gateways."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from handheld.domain.media import MOST
from handheld.entrypoints.cluster.processes import Kind, Member, free_port
from handheld.entrypoints.gateway.door import PATH
from tests.support_attachments import hash_of
from tests.support_certificates import certificate
from tests.support_cluster import (
    BOARD,
    PASSWORD,
    PATIENCE,
    START,
    Crew,
    Phone,
    hello,
    settled,
)
from tests.support_postgres import postgres

pytestmark = pytest.mark.asyncio(loop_scope="module")
FILES = Path(__file__).parents[2] / "deploy" / "nginx"
PORTS: dict[str, tuple[Kind, int]] = {
    "8751": ("api", 1),
    "8752": ("api", 2),
    "8761": ("gateway", 1),
    "8762": ("gateway", 2),
}
"""What the units of deploy/systemd call them."""
WAYS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
ELSEWHERE = "127.0.0.2"
"""An address of this machine from which no proxy calls."""


class Front(NamedTuple):
    """nginx, as browsers and phones see it."""

    port: int
    trust: ssl.SSLContext
    crew: Crew

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def live(self) -> str:
        return f"wss://localhost:{self.port}{PATH}"

    async def ask(
        self, method: str, path: str, token: str | None = None, **how: Any
    ) -> httpx.Response:
        """A request over TLS, from an address of its own."""
        given = {} if token is None else {"Authorization": f"Bearer {token}"}
        headers = {**given, **how.pop("headers", {})}
        ways = httpx.AsyncHTTPTransport(verify=self.trust, local_address=ELSEWHERE)
        async with httpx.AsyncClient(transport=ways, timeout=PATIENCE) as client:
            return await client.request(method, self.origin + path, headers=headers, **how)

    async def signed_in(self, **headers: str) -> httpx.Response:
        """Sign in as the operator."""
        device = {"id": "desk-0009", "kind": "desk", "name": ""}
        body = {"name": "ops", "password": PASSWORD, "device": device}
        return await self.ask("POST", "/api/v1/sign-in", json=body, headers=headers)


def nginx() -> str:
    """The program; skip without it, but on CI it must be there."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("nginx is missing")
        pytest.skip("nginx is missing")
    return found


def installed(folder: Path, port: int, members: list[Member]) -> ssl.SSLContext:
    """Put the files there as an operator does; gives what trusts the certificate."""
    chain, key = certificate(folder)
    there = {(one.kind, one.number): one.port for one in members}
    ports = {f"127.0.0.1:{old}": f"127.0.0.1:{there[one]}" for old, one in PORTS.items()}
    replaced = {
        **ports,
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "command.example": "localhost",
        "/etc/handheld/chain.pem": str(chain),
        "/etc/handheld/key.pem": str(key),
        "/run/nginx.pid": str(folder / "pid"),
        "/var/log/nginx/error.log": str(folder / "error.log"),
        # Debian's nginx would otherwise put bodies into a folder of the system's own.
        "http {": "http {\n" + "".join(f"{way}_temp_path {folder}/{way};\n" for way in WAYS),
    }
    text = {
        "nginx.conf": (FILES / "nginx.conf").read_text(),
        "handheld/upstreams.conf": (FILES / "upstreams.conf").read_text(),
        "handheld/server.conf": (FILES / "server.conf").read_text(),
    }
    (folder / "handheld").mkdir()
    for old, new in replaced.items():
        assert any(old in one for one in text.values()), old
        text = {name: one.replace(old, new) for name, one in text.items()}
    for name, one in text.items():
        (folder / name).write_text(one)
    return ssl.create_default_context(cafile=str(chain))


@contextmanager
def running(folder: Path) -> Generator[None]:
    """nginx with what is in the folder, until the end of the block."""
    more = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    words = [nginx(), "-p", str(folder), "-e", str(folder / "error.log"), "-g", more]
    words += ["-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(words)
    try:
        give_up = monotonic() + PATIENCE
        while not (folder / "pid").is_file() or not (folder / "pid").read_text():
            assert process.poll() is None, (folder / "error.log").read_text()
            assert monotonic() < give_up
            sleep(0.01)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def front(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Front]:
    nginx()
    folder: Path = tmp_path_factory.mktemp("front")
    port = free_port()
    with postgres() as server:
        told = {"HANDHELD_ORIGINS": f"https://localhost:{port}", "HANDHELD_PROXIES": "127.0.0.1"}
        crew = Crew(server, settled(server.conninfo, folder, 4), folder, **told)
        try:
            await crew.start(*PORTS.values())
            trust = installed(folder, port, list(crew.members.values()))
            with running(folder):
                yield Front(port, trust, crew)
        finally:
            await crew.stop()


async def test_it_says_from_where_somebody_came_whatever_they_say_themselves(front: Front) -> None:
    done = await front.signed_in(**{"X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "http"})
    assert done.status_code == 200, done.text
    assert "; Secure" in done.headers["set-cookie"]
    lines = (await front.ask("GET", "/api/v1/audit", done.json()["token"])).json()["rows"]
    made = done.json()["session"]
    (line,) = [line for line in lines if line.get("session") == made]
    assert line["address"] == ELSEWHERE


async def test_a_page_of_its_own_address_may_act_and_one_of_another_may_not(front: Front) -> None:
    assert (await front.signed_in(Origin=front.origin)).status_code == 200
    assert (await front.signed_in(Origin="https://other.example")).status_code == 403
    # A browser's own cookie goes along with a WebSocket from whatever page.
    headers = {"Cookie": f"handheld_session={front.crew.duty}"}
    live = partial(connect, front.live, ssl=front.trust, additional_headers=headers, proxy=None)
    async with live(origin=Origin(front.origin)) as ws:
        await ws.send(hello("desk-0001"))
        assert '"welcome"' in str(await ws.recv())
    with pytest.raises(InvalidStatus) as refused:
        await live(origin=Origin("https://other.example"))
    assert refused.value.response.status_code == 403


async def test_pages_boards_and_health_are_there_and_metrics_are_not(front: Front) -> None:
    page = await front.ask("GET", "/desk", front.crew.duty)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    board = await front.ask("GET", f"/api/v1{BOARD}", front.crew.duty)
    assert board.status_code == 200
    assert (await front.ask("GET", "/health/ready")).json()["status"] == "ok"
    assert (await front.ask("GET", "/metrics")).status_code == 404


async def test_the_largest_document_is_taken(front: Front) -> None:
    data = b"SYNTHETIC " * (MOST["document"] // 10)
    path, owner = f"/api/v1/attachments/{hash_of(data)}", front.crew.owners[0]
    text = {"Content-Type": "text/plain"}
    put = await front.ask("PUT", path, owner.token, content=data, headers=text)
    assert put.status_code == 200, put.text
    assert put.json()["offset"] == len(data) == MOST["document"]


async def test_phones_and_desks_get_on_when_a_gateway_and_an_api_are_killed(front: Front) -> None:
    crew, phone = front.crew, Phone(front.crew.owners[0])

    async def start() -> Any:
        key = {"Idempotency-Key": crew.key()}
        how = {"json": START, "headers": key}
        done = await front.ask("POST", "/api/v1/task-forces/from-plan", crew.duty, **how)
        assert done.status_code == 200, done.text
        return done.json()

    async with phone.at(front.live, front.trust) as ws:
        await start()
        await phone.until(ws, partial(phone.has, 1))
    for name in ("gateway-1", "api-2"):
        await crew.members[name].kill()
    for number in range(2, 5):  # whichever of the two would have had its turn
        await start()
        async with phone.at(front.live, front.trust) as ws:
            await phone.until(ws, partial(phone.has, number))
    assert phone.numbers == [1, 2, 3, 4]
    assert phone.snapshots == 0


async def test_where_nobody_answers_clients_are_told_to_come_again(front: Front) -> None:
    for one in front.crew.members.values():
        await one.kill()
    asked = [await front.ask("GET", "/api/v1/me", front.crew.duty) for _ in range(3)]
    assert [(one.status_code, one.headers.get("retry-after")) for one in asked] == [(503, "2")] * 3
