"""A process with a writer of its own on a log that others write to; run by test_writer_conflicts."""

from __future__ import annotations

import sys
from pathlib import Path
from secrets import token_bytes

from handheld.adapters.log import open_sqlite
from handheld.domain.errors import Contended
from handheld.domain.task_force import MakeEntry
from handheld_events.ids import command_id
from tests.support_log import Bench


def main() -> None:
    directory, stream, name, times = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    bench = Bench(open_sqlite(directory / "log.db"), directory / "keyring.db")
    for n in range(times):
        command = command_id(1_627_023_600_000 + n, token_bytes(10))
        entry = MakeEntry(task_force=stream, text=f"{name} {n}")
        try:
            print(bench.execute(entry, "operator", command).first)
        except Contended:
            continue
    bench.close()


if __name__ == "__main__":
    main()
