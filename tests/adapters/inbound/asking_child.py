"""A process that ends itself at a point: `python -m … <data directory> <url> <point>`.

`answer`: its command is durable, and nothing is answered. `ack`: it is answered, not acknowledged.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from nats.aio.msg import Msg

from handheld.adapters.nats_connection import connecting
from handheld.adapters.nats_inbound import Inbound
from handheld.adapters.nats_settings import NatsSettings
from handheld.application.receiving_events import Receiver
from handheld.bootstrap import Home
from tests.support_inbound import SETTINGS, SYSTEMS


async def _end(*_: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def main(directory: Path, url: str, point: str) -> None:
    with Home(directory) as home, pytest.MonkeyPatch.context() as patched:
        if point == "ack":
            patched.setattr(Msg, "ack_sync", _end)
        else:
            carry_out = home.writer.submit_soon

            async def submit(request: Any) -> Any:
                await carry_out(request)
                await _end()

            patched.setattr(home.writer, "submit_soon", submit)
        receiver: Receiver = home.receiver(SYSTEMS)
        connect = connecting(NatsSettings(servers=url), "inbound")
        Inbound(receiver, SETTINGS, connect).start()
        signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:4])
