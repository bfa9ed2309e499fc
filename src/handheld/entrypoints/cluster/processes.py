"""The processes of a district: started with what they are told, killed, and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from handheld.domain.errors import Installation

READY_SECONDS = 60.0
ENDING_SECONDS = 15.0

Kind = Literal["api", "gateway", "follow"]


class Started(msgspec.Struct, frozen=True):
    """What a process says first."""

    address: str


class Member:
    """One process. It ends with whoever started it, by SIGTERM, or is killed."""

    def __init__(
        self,
        kind: Kind,
        number: int,
        env: Mapping[str, str],
        logs: Path,
        *,
        host: str = "127.0.0.1",
        before: Sequence[str] = (),
    ) -> None:
        """`before`: a command that runs it, such as one that gives it a network of its own."""
        self.kind: Kind = kind
        self.number = number
        self.port = free_port()
        self.address = f"http://{host}:{self.port}"
        self._host = host
        self._before = before
        self._env = env
        self._log = logs / f"{self.name}.log"
        self._process: Process | None = None

    @property
    def name(self) -> str:
        """Such as `gateway-2`."""
        return f"{self.kind}-{self.number}"

    @property
    def pid(self) -> int | None:
        """Its process id, while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process is not None else None

    async def start(self) -> None:
        """Start, and wait until it listens. Raises Installation (`cluster.not_started`)."""
        with self._log.open("ab") as log:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._before,
                *(sys.executable, "-P", "-m", "handheld", self.kind, "--json"),
                *("--host", self._host, "--port", str(self.port)),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=log,
                env={**os.environ, **self._env},
                start_new_session=True,
            )
        line = b""
        if process.stdout is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(READY_SECONDS):
                    line = await process.stdout.readline()
        try:
            msgspec.json.decode(line, type=Started)
        except msgspec.DecodeError:
            await self.kill()
            raise Installation("cluster.not_started", name=self.name, path=str(self._log)) from None

    async def kill(self) -> None:
        """As a power cut would: at once, without a word."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """As an operator would; killed where it does not end."""
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(how)
        try:
            async with asyncio.timeout(ENDING_SECONDS):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def free_port() -> int:
    """A port of the loopback that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
