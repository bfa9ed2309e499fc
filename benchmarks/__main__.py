"""`python -m benchmarks`: measure, print a table, write JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import (
    assignment,
    cluster_delta,
    cluster_live,
    http,
    intake,
    live,
    postgres,
    reactions,
    rebuild,
    registers,
    relay,
    report,
    screens,
    singles,
    soak_append,
    soak_boards,
    start,
)
from benchmarks.places import Place, place

Benchmark = Callable[[Place, int], list[report.Line]]

SHORT: Mapping[str, Benchmark] = {
    start.NAME: start.run,
    singles.NAME: singles.run,
    postgres.NAME: postgres.run,
    relay.NAME: relay.run,
    rebuild.NAME: rebuild.run,
    assignment.NAME: assignment.run,
    reactions.NAME: reactions.run,
    registers.NAME: registers.run,
    live.NAME: live.run,
    cluster_live.NAME: cluster_live.run,
    cluster_delta.NAME: cluster_delta.run,
    http.NAME: http.run,
    screens.NAME: screens.run,
}
LONG: Mapping[str, Benchmark] = {
    intake.NAME: intake.run,
    soak_append.NAME: soak_append.run,
    soak_boards.NAME: soak_boards.run,
}


def main() -> int:
    """Run what was asked for. A goal that is not met is told, and is no failure of the program."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--soak", action="store_true", help="at full size, about half an hour")
    options.add_argument("--only", action="append", choices=[*SHORT, *LONG], metavar="NAME")
    options.add_argument("--rounds", type=int, default=5, help="five or more (5)")
    options.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures")
    asked = options.parse_args()
    chosen = LONG if asked.soak else SHORT
    if asked.only:
        chosen = {name: {**SHORT, **LONG}[name] for name in asked.only}
    lines: list[report.Line] = []
    for name, run in chosen.items():
        print(f"{name} …", flush=True)
        with place() as where:
            measured = run(where, asked.rounds)
        lines += measured
        for line in measured:
            print(report.heading(line), report.details(line), sep="\n", flush=True)
    print(f"\n{report.table(lines)}")
    file = asked.json or Path("benchmarks/results") / ("soak.json" if asked.soak else "bench.json")
    report.write(file, lines)
    print(f"\nWritten to {file}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
