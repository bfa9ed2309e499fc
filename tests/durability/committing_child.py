"""A process that carries out starts and says after each that it was told so; killed by the tests.

Run as a module: DIRECTORY COUNT [SYNCHRONOUS]. Writes `OK n` to standard output after the n-th
answer, or `FAILED n code` and goes on.
"""

from __future__ import annotations

import os
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError
from tests.support_log import new_command, start_request


def start_for_ever(directory: Path, answers: Connection) -> None:
    """Start, tell, start again; in a process forked from one that has imported everything."""
    home = Home(directory)
    n = 0
    while True:
        home.writer.execute(start_request(new_command(n)))
        answers.send_bytes(b"%d" % n)
        n += 1


def main() -> None:
    directory, count = Path(sys.argv[1]), int(sys.argv[2])
    synchronous: Any = sys.argv[3] if len(sys.argv) > 3 else "FULL"
    home = Home(directory, synchronous=cast(Any, synchronous))
    os.write(1, b"READY\n")
    for n in range(count):
        try:
            home.writer.execute(start_request(new_command(n)))
            os.write(1, b"OK %d\n" % n)
        except HandheldError as error:
            os.write(1, f"FAILED {n} {error.code}\n".encode())
    os.write(1, f"READ {home.log.end()}\n".encode())
    os._exit(0)  # no closing: what was answered must be durable without it


if __name__ == "__main__":
    main()
