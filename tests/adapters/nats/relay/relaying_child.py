"""A process that relays a log until it is killed: `python -m … <log> <url>`."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event

from handheld.adapters.log import open_sqlite
from handheld.adapters.nats_relay import relay_of
from handheld.adapters.nats_settings import NatsSettings
from tests.support_nats import STREAM


def main(path: Path, url: str) -> None:
    with open_sqlite(path) as log:
        relay_of(log, NatsSettings(servers=url, stream=STREAM)).start()
        Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
