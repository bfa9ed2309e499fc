"""A process that registers synthetic people and starts task forces without end; killed by the tests.

Run as a module: DIRECTORY. Writes `READY`, then a line with the log's end after each round.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path

from handheld.bootstrap import Home
from handheld.domain.register import Contact, ImportPeople, PersonRow
from handheld_projections.organisation import Post
from tests.support_log import VILLAGE, new_command, person, start_request

A_ROUND = 5


def main() -> None:
    with Home(Path(sys.argv[1])) as home:
        os.write(1, b"READY\n")
        for n in count():
            numbers = range(500_000 + n * A_ROUND, 500_000 + (n + 1) * A_ROUND)
            names = home.keyring.seal([(person(i), f"合成{i}") for i in numbers])
            rows = tuple(
                PersonRow(
                    person=person(i),
                    contact=Contact(name, None),
                    posts=(Post("household_contact", VILLAGE),),
                    synthetic=True,
                )
                for i, name in zip(numbers, names, strict=True)
            )
            home.execute(ImportPeople(rows=rows), "operator")
            if n % 10 == 0:
                home.writer.execute(start_request(new_command(900_000 + n)))
            os.write(1, b"%d\n" % home.log.end())


if __name__ == "__main__":
    main()
