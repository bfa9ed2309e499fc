"""A process that relays a log until it is killed: `python -m … <log> <url>`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from handheld.adapters.log import open_sqlite
from handheld.adapters.nats_connection import connected
from handheld.adapters.nats_relay import Relay, RelaySettings
from handheld.adapters.nats_stream import StreamSettings
from tests.support_nats import STREAM


async def main(path: Path, url: str) -> None:
    with open_sqlite(path) as log:
        settings = RelaySettings(stream=StreamSettings(name=STREAM))
        await Relay(log.port, settings, lambda: connected([url])).run()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
