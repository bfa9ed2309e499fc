"""A process that plays a story minute by minute and reacts; killed by the tests at any moment.

Run as a module: DIRECTORY MINUTES. Writes `READY` to standard output when it begins, and a line
after each minute.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from handheld.bootstrap import Home
from tests.support_reactions import County


def play(county: County, minutes: int, after_each: Callable[[], object] = lambda: None) -> None:
    """From where the log's clock stands, every minute up to the last."""
    for minute in range(minutes + 1):
        county.at(minute)
        after_each()


def main() -> None:
    directory, minutes = Path(sys.argv[1]), int(sys.argv[2])
    home = Home(directory)
    os.write(1, b"READY\n")
    play(County(home), minutes, lambda: os.write(1, b"MINUTE\n"))
    os.write(1, b"DONE\n")
    os._exit(0)


if __name__ == "__main__":
    main()
