"""A process beside others on the same log; run by test_log_processes.py."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import sleep, time_ns

from handheld.adapters.log import CommandLog, open_postgres, open_sqlite
from handheld.application.ports import Conflict, Decided, Log, Written
from tests.support_log import decided, key, rows


def now() -> int:
    return time_ns() // 1000


def opened(directory: Path, conninfo: str, schema: str) -> CommandLog:
    """A log file in the directory, or a schema of a database."""
    if conninfo:
        return open_postgres(conninfo, schema)
    return open_sqlite(directory / "log.db")


def meet(path: Path, name: str) -> None:
    """Wait until somebody else has read, too, and nobody has written: one of the two comes late."""
    (path / f"read-{name}").touch()
    while len(list(path.glob("read-*"))) < 2:
        sleep(0.0005)


def race(log: Log, path: Path, name: str, commits: int) -> object:
    """Append to the same ten streams as everybody else, again after each conflict."""
    written, conflicts = [], 0
    met = False
    for n in range(commits):
        stream = f"task-{n % 10}"
        while True:
            version = len(log.read_streams([stream])) + 1
            if not met:
                meet(path, name)
                met = True
            about = key(actor=name, command=f"{name}-{n}")
            # Two facts on the stream and one on a stream of its own: all or none.
            facts = rows(stream, version, version + 1) + rows(f"tf-{name}-{n}", 1)
            (verdict,) = log.commit([decided(facts, about=about)], now)
            if isinstance(verdict, Conflict):
                conflicts += 1
                continue
            assert isinstance(verdict, Written)
            written.append((verdict.first, verdict.last, stream, version))
            break
    return {"written": written, "conflicts": conflicts}


def own(log: Log, path: Path, name: str, commits: int) -> object:
    """Append to streams of its own, in batches."""
    count = 0
    for n in range(commits):
        batch: list[Decided] = [
            decided(
                rows(f"task-{name}-{n}-{k}", 1), about=key(actor=name, command=f"{name}-{n}-{k}")
            )
            for k in range(20)
        ]
        verdicts = log.commit(batch, now)
        assert all(isinstance(v, Written) and not v.repeated for v in verdicts), verdicts
        count += len(verdicts)
    return {"written": count}


def same(log: Log, path: Path, name: str, commits: int) -> object:
    """Send the very commands that all the others send."""
    first = 0
    for n in range(commits):
        about = key(actor="operator", command=f"same-{n}")
        (verdict,) = log.commit([decided(rows(f"task-same-{n}-{name}", 1), about=about)], now)
        assert isinstance(verdict, Written), verdict
        first += not verdict.repeated
    return {"first": first}


def follow(log: Log, path: Path, name: str, facts: int) -> object:
    """Follow until so many facts have come."""
    seen: list[tuple[int, str, int]] = []
    position = 0
    while len(seen) < facts:
        if not log.wait(position, 20):
            break
        batch = log.read(position, 100)
        seen += [row[:3] for row in batch]
        position = batch[-1][0]
    return {"seen": seen}


def main() -> None:
    directory, conninfo, schema, mode, name, count = sys.argv[1:]
    path = Path(directory)
    go = path / "go"
    (path / f"ready-{name}").touch()
    while not go.exists():
        sleep(0.0005)
    with opened(path, conninfo, schema) as app:
        modes = {"race": race, "own": own, "same": same, "follow": follow}
        print(json.dumps(modes[mode](app.port, path, name, int(count))))


if __name__ == "__main__":
    main()
