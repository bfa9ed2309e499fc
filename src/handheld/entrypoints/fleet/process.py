"""A fleet in a process of its own, seen by whoever starts it: its phones share no loop with a server."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from handheld.domain.errors import HandheldError, Installation
from handheld.entrypoints.fleet.figures import Summary
from handheld.entrypoints.fleet.owners import Owner
from handheld.entrypoints.fleet.running import Wish
from handheld.entrypoints.fleet.talk import END, Begin, Broken, Ended, Grown, Said

LONGEST = 1024 * 1024
"""Bytes of a line."""
WRITTEN = 500
"""People that are told at a time."""

_decode = msgspec.json.Decoder(Said).decode
_encode = msgspec.json.encode


class FleetProcess:
    """Runs `handheld.entrypoints.fleet` until it is asked to end; it ends by itself with its starter.

    It hears no Ctrl+C of the terminal: it is to compare what its phones hold while the server is
    still there.
    """

    def __init__(self, told: Callable[[Grown], None]) -> None:
        self._told = told
        self._process: Process | None = None
        self._reading: asyncio.Task[Summary] | None = None

    async def start(self, owners: Sequence[Owner], wish: Wish, others: Sequence[Owner]) -> None:
        """`owners` have phones; `others` are known to them, and need no token."""
        process = self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "handheld.entrypoints.fleet"),
            stdin=PIPE,
            stdout=PIPE,
            limit=LONGEST,
            start_new_session=True,
        )
        self._reading = asyncio.create_task(self._read(process))
        people = [*owners, *(replace(one, token="") for one in others)]
        begin = Begin(wish=wish, phones=len(owners), people=len(people))
        with suppress(ConnectionError):  # whoever reads its words says why it has ended
            await _write(process, _encode(begin) + b"\n")
            for at in range(0, len(people), WRITTEN):
                some = people[at : at + WRITTEN]
                await _write(process, b"".join(_encode(one) + b"\n" for one in some))

    async def ended(self) -> Summary:
        """Wait for its end. Raises HandheldError as `Running.run`, Installation (`fleet.ended`)."""
        if self._reading is None:
            raise Installation("fleet.ended", status="-")
        return await asyncio.shield(self._reading)

    async def end(self) -> Summary:
        """Have all phones compared, and wait for what comes of it. Raises as `ended`."""
        if self._process is not None:
            with suppress(ConnectionError):
                await _write(self._process, END)
        return await self.ended()

    async def close(self) -> None:
        """See that it is gone, whatever it was doing."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self, process: Process) -> Summary:
        lines = process.stdout
        found: Summary | None = None
        while lines is not None and (line := await lines.readline()):
            said: Said = _decode(line)
            match said:
                case Grown() as grown:
                    self._told(grown)
                case Ended(summary=summary):
                    found = summary
                case Broken(code=code, params=params):
                    await process.wait()
                    raise HandheldError(code, **params)
        status = await process.wait()
        if found is None:
            raise Installation("fleet.ended", status=status)
        return found


async def _write(process: Process, data: bytes) -> None:
    if process.stdin is not None:
        process.stdin.write(data)
        await process.stdin.drain()
