"""The real server in a process of its own, until it is killed by the tests."""

from __future__ import annotations

import asyncio
import logging
from multiprocessing.connection import Connection
from pathlib import Path

from handheld.bootstrap import Home
from handheld.config import Settings
from handheld.entrypoints.serving import Server


def serve_for_ever(directory: Path, told: Connection) -> None:
    """Serve, and tell the address; in a process forked from one that has imported everything."""
    logging.disable(logging.CRITICAL)

    async def main() -> None:
        server = Server(home, Settings(data=directory, port=0))
        await server.run(lambda address: told.send_bytes(address.encode()), asyncio.Event())

    with Home(directory) as home:
        asyncio.run(main())
