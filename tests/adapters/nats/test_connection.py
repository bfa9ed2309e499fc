"""Connections to a real NATS server: TLS, identities, permissions, and what is told when it fails."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from handheld.adapters.log_sqlite import SQLiteLog
from handheld.adapters.nats_connection import connected
from handheld.adapters.nats_relay import Relay, RelaySettings
from handheld.adapters.nats_settings import NatsSettings
from handheld.adapters.nats_stream import StreamSettings
from handheld.domain.errors import Installation
from handheld_events.subjects import of_log
from tests.support_certificates import Authority, authority
from tests.support_log import history
from tests.support_nats import LOG, STREAM, NatsServer, caught_up, facts, places, record
from tests.support_nkeys import Nkey, trust

SECRET = "cloud-9@river"
Serve = Callable[[str], str]
"""Starts a server with this configuration and gives its host and port."""


@pytest.fixture
def serve(tmp_path: Path) -> Generator[Serve]:
    running: list[NatsServer] = []

    def start(settings: str) -> str:
        server = NatsServer(tmp_path / f"nats-{len(running)}", settings)
        server.start()
        running.append(server)
        return server.url.removeprefix("nats://")

    yield start
    for server in running:
        server.kill()


@asynccontextmanager
async def client(**settings: Any) -> AsyncGenerator[Client]:
    one = await connected(NatsSettings(**settings))
    try:
        yield one
    finally:
        await one.close()


async def refused(**settings: Any) -> Installation:
    """How a connection is refused; nothing secret may be in it."""
    with pytest.raises(Installation) as raised:
        await connected(NatsSettings(**settings))
    assert raised.value.__cause__ is None
    assert SECRET not in repr(raised.value)
    assert "cloud-9" not in str(raised.value)
    return raised.value


async def answers(one: Client) -> None:
    await one.flush()
    assert (await one.jetstream().account_info()).streams == 0


# --- TLS ------------------------------------------------------------------------------------------


def encrypted(of: Authority, folder: Path, more: str = "", host: str = "localhost") -> str:
    chain, key = of.certificate(folder / f"server-{host}", host)
    return f'tls {{ cert_file: "{chain}", key_file: "{key}"\n{more} }}'


async def test_a_server_is_trusted_by_the_authority_that_signed_it(
    serve: Serve, tmp_path: Path
) -> None:
    ours = authority(tmp_path / "ours")
    host = serve(encrypted(ours, tmp_path))
    async with client(servers=f"tls://{host}", ca=ours.file) as one:
        await answers(one)
    async with client(servers=host, ca=ours.file) as one:
        await answers(one)

    other = authority(tmp_path / "other")
    told = await refused(servers=f"tls://{host}", ca=other.file)
    assert (told.code, told.params["servers"]) == ("nats.tls", host)
    assert (await refused(servers=f"tls://{host}")).code == "nats.tls"


async def test_a_certificate_of_another_host_is_refused(serve: Serve, tmp_path: Path) -> None:
    ours = authority(tmp_path / "ours")
    host = serve(encrypted(ours, tmp_path, host="elsewhere.example"))
    told = await refused(servers=f"tls://{host}", ca=ours.file)
    assert told.code == "nats.tls"
    assert "127.0.0.1" in str(told.params["reason"])


async def test_a_server_that_wants_certificates_gets_ours_and_refuses_whoever_has_none(
    serve: Serve, tmp_path: Path
) -> None:
    ours = authority(tmp_path / "ours")
    host = serve(encrypted(ours, tmp_path, f'ca_file: "{ours.file}"\nverify: true'))
    chain, key = ours.certificate(tmp_path / "relay")
    async with client(servers=host, ca=ours.file, certificate=chain, key=key) as one:
        await answers(one)
    # Whether the server's word on it arrives, or only the end of the connection, is chance.
    refusal = ("nats.tls", "nats.refused")
    assert (await refused(servers=host, ca=ours.file)).code in refusal

    chain, key = authority(tmp_path / "other").certificate(tmp_path / "stranger")
    told = await refused(servers=host, ca=ours.file, certificate=chain, key=key)
    assert told.code in refusal


async def test_no_password_goes_to_a_server_without_tls_where_tls_was_asked_for(
    tmp_path: Path,
) -> None:
    ours = authority(tmp_path / "ours")
    heard: list[bytes] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def plain_server() -> None:
            listening.settimeout(10)
            for _ in range(2):
                with listening.accept()[0] as one:
                    one.settimeout(10)
                    one.sendall(b'INFO {"server_id":"x","version":"2.15.1","headers":true}\r\n')
                    heard.append(one.recv(1000))
                    if heard == [b""]:
                        return

        serving = asyncio.create_task(asyncio.to_thread(plain_server))
        port = listening.getsockname()[1]
        told = await refused(
            servers=f"tls://me:{SECRET.replace('@', '%40')}@127.0.0.1:{port}", ca=ours.file
        )
        await serving
    assert (told.code, heard) == ("nats.tls", [b""])


# --- who comes ------------------------------------------------------------------------------------


async def test_user_and_password_stand_in_the_url_and_hold_for_all_servers(serve: Serve) -> None:
    host = serve(f'authorization {{ user: relay, password: "{SECRET}" }}')
    url = f"nats://relay:{SECRET.replace('@', '%40')}@{host}"
    async with client(servers=url) as one:
        await answers(one)
    async with client(servers=f"{host}, {url}") as one:
        await answers(one)
    told = await refused(servers=f"nats://relay:wrong@{host}")
    assert (told.code, told.params) == ("nats.refused", {"servers": host})
    assert (await refused(servers=host)).code == "nats.refused"


async def test_a_token_stands_in_the_url(serve: Serve) -> None:
    host = serve(f'authorization {{ token: "{SECRET}" }}')
    async with client(servers=f"nats://{SECRET.replace('@', '%40')}@{host}") as one:
        await answers(one)
    assert (await refused(servers=f"nats://wrong@{host}")).code == "nats.refused"


async def test_an_nkey_lets_in_whom_the_server_knows(serve: Serve, tmp_path: Path) -> None:
    known, stranger = Nkey.new("user"), Nkey.new("user")
    host = serve(f"authorization {{ users: [ {{ nkey: {known.public} }} ] }}")
    seed = tmp_path / "relay.nk"
    seed.write_text(known.seed + "\n")
    async with client(servers=host, seed=seed) as one:
        await answers(one)

    seed.write_text(stranger.seed)
    assert (await refused(servers=host, seed=seed)).code == "nats.refused"
    for text in ("", "SU", "SUAB!", "cloud-9"):
        seed.write_text(text)
        told = await refused(servers=host, seed=seed)
        assert (told.code, told.params["path"]) == ("nats.file", str(seed)), text


async def test_credentials_let_in_whom_the_account_vouches_for(
    serve: Serve, tmp_path: Path
) -> None:
    district = trust()
    host = serve(district.configuration)
    good = district.credentials(tmp_path / "relay.creds")
    async with client(servers=host, credentials=good) as one:
        await answers(one)

    forged = district.credentials(tmp_path / "forged.creds", signer=Nkey.new("account"))
    assert (await refused(servers=host, credentials=forged)).code == "nats.refused"
    for text in ("", "-----BEGIN NATS USER JWT-----\ncloud-9\n"):
        (tmp_path / "odd.creds").write_text(text)
        told = await refused(servers=host, credentials=tmp_path / "odd.creds")
        assert told.code == "nats.file", text
    told = await refused(servers=host, credentials=tmp_path / "none.creds")
    assert (told.code, told.params["path"]) == ("nats.file", str(tmp_path / "none.creds"))


ACCOUNTS = f"""
accounts {{
  district {{
    jetstream: enabled
    users: [
      {{ user: relay, password: r, permissions {{
          publish: ["{of_log(LOG)}", "$JS.API.STREAM.*.{STREAM}", "$JS.API.STREAM.*.*.{STREAM}"]
          subscribe: "_INBOX.>" }} }}
      {{ user: city, password: c, permissions {{
          publish: ["$JS.API.STREAM.INFO.{STREAM}", "$JS.API.CONSUMER.CREATE.{STREAM}.>",
                    "$JS.API.CONSUMER.INFO.{STREAM}.*", "$JS.API.CONSUMER.MSG.NEXT.{STREAM}.*",
                    "$JS.ACK.{STREAM}.>"]
          subscribe: "_INBOX.>" }} }}
    ]
  }}
}}
"""


async def test_the_relay_may_publish_facts_only_and_a_consumer_may_only_read(
    serve: Serve, log: SQLiteLog, caplog: pytest.LogCaptureFixture
) -> None:
    host = serve(ACCOUNTS)
    record(log, 20)
    ours = NatsSettings(servers=f"nats://relay:r@{host}")
    relay = Relay(log, RelaySettings(stream=StreamSettings(name=STREAM)), lambda: connected(ours))
    relay.start()
    await caught_up(relay)
    relay.close()

    async with client(servers=f"nats://city:c@{host}") as city:
        reading = await city.jetstream().pull_subscribe(
            "",
            stream=STREAM,
            config=ConsumerConfig(deliver_policy=DeliverPolicy.ALL, ack_policy=AckPolicy.EXPLICIT),
        )
        got = await reading.fetch(20, timeout=10)
        assert places(facts(got)) == history(log)
        with caplog.at_level(logging.WARNING), pytest.raises(NatsTimeout):
            await city.jetstream().publish(f"handheld.{LOG}.made.up", b"{}", timeout=0.2)
        assert "permissions violation for publish" in caplog.text
        assert (await city.jetstream().stream_info(STREAM)).state.messages == 20
    async with client(servers=f"nats://relay:r@{host}") as one:
        with pytest.raises(NatsTimeout):
            await one.request("somewhere.else", b"", timeout=0.2)


# --- what is told ---------------------------------------------------------------------------------


async def test_a_server_that_is_not_there_is_told_with_its_place_and_no_secret() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    told = await refused(servers=f"nats://me:cloud-9@127.0.0.1:{port},localhost:{port}")
    assert told.code == "nats.unreachable"
    assert told.params["servers"] == f"127.0.0.1:{port}, localhost:{port}"


async def test_the_second_server_is_taken_where_the_first_is_away(serve: Serve) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    async with client(servers=f"127.0.0.1:{port},{serve('')}") as one:
        await answers(one)


@pytest.mark.parametrize(
    "servers", ["", "http://host", "nats://", "nats://a:1,,", "nats://me:cloud-9@host:x", "a:1/b"]
)
async def test_addresses_that_make_no_sense_are_refused_without_showing_them(servers: str) -> None:
    assert (await refused(servers=servers)).code == "nats.servers"


async def test_settings_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    one = tmp_path / "one"
    told = await refused(servers="a", certificate=one)
    assert (told.code, told.params) == (
        "nats.together",
        {"given": "nats_certificate", "missing": "nats_key"},
    )
    assert (await refused(servers="a", key=one)).params["missing"] == "nats_certificate"
    assert (await refused(servers="a", credentials=one, seed=one)).code == "nats.one_way"
    assert (await refused(servers="me:p@a", seed=one)).code == "nats.one_way"
    assert (await refused(servers="me:p@a,you:p@b")).code == "nats.servers"


async def test_files_that_hold_no_certificate_are_told_by_their_path(tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.touch()
    for path in (empty, tmp_path / "none.pem"):
        told = await refused(servers="localhost", ca=path)
        assert (told.code, told.params["path"]) == ("nats.file", str(path))
        told = await refused(servers="localhost", certificate=path, key=path)
        assert (told.code, told.params["path"]) == ("nats.file", str(path))


def test_settings_show_no_secret() -> None:
    for servers in (f"nats://me:{SECRET.replace('@', '%40')}@a:1,b", "nats://cloud-9@a:1,b:4222"):
        settings = NatsSettings(servers=servers)
        assert repr(settings) == str(settings) == "NatsSettings(a:1, b:4222)"
        assert "cloud" not in repr(settings.login)
