"""`python -m handheld.entrypoints.fleet`: a fleet for whoever started it, over its own pipes."""

from __future__ import annotations

import asyncio
import os
import sys

import msgspec

from handheld.domain.errors import HandheldError
from handheld.entrypoints.fleet.figures import Figures
from handheld.entrypoints.fleet.owners import Owner
from handheld.entrypoints.fleet.running import Running
from handheld.entrypoints.fleet.sockets import room_for
from handheld.entrypoints.fleet.talk import END, Begin, Broken, Ended, Grown, Said

GONE = 3
"""The exit code where whoever started this is gone: nobody is left to be told anything."""


def main() -> None:
    """Run until it is asked to end, or nobody is there to ask."""
    lines = sys.stdin.buffer
    begin = msgspec.json.decode(lines.readline(), type=Begin)
    decode = msgspec.json.Decoder(Owner).decode
    people = [decode(lines.readline()) for _ in range(begin.people)]
    try:
        room_for(begin.phones)
        asyncio.run(_run(Running(people[: begin.phones], begin.wish, people)))
    except HandheldError as error:
        _say(Broken(error.code, dict(error.params)))
        sys.exit(1)


async def _run(running: Running) -> None:
    ending = asyncio.Event()
    asked = bytearray()

    def heard() -> None:
        said = os.read(0, 64)
        asked.extend(said)
        if END in asked:
            ending.set()
        elif not said:
            os._exit(GONE)  # no comparing with a server that has gone as well

    asyncio.get_running_loop().add_reader(0, heard)
    summary = await running.run(ending, lambda figures: _tell(figures))
    _say(Ended(summary))


def _tell(figures: Figures) -> None:
    _say(Grown.of(figures))


def _say(said: Said) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
