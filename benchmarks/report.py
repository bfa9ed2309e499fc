"""What was measured, with its goal: as a table and as JSON."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from os import cpu_count
from pathlib import Path

import msgspec

from benchmarks import SQLITE_VERSION
from benchmarks.measure import Rounds


class Contest(msgspec.Struct, frozen=True):
    """Medians of one contestant, in seconds."""

    name: str
    wall: float
    cpu: float
    runs: tuple[float, ...]
    """Wall time of each round, in the order of the rounds."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One figure and its goal."""

    benchmark: str
    what: str
    value: float
    unit: str
    goal: float | None
    """None for a figure that is told beside, without a goal."""
    at_most: bool
    """Whether the goal is an upper bound, or a lower one."""
    note: str = ""
    contests: tuple[Contest, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def contest(name: str, rounds: Rounds) -> Contest:
    """The medians of one contestant."""
    return Contest(name, rounds.wall, rounds.cpu, tuple(run.wall for run in rounds.runs))


def heading(line: Line) -> str:
    """A line by itself."""
    return "  ".join(cell for cell in _cells(line) if cell)


def _cells(line: Line) -> tuple[str, str, str, str, str]:
    goal = "" if line.goal is None else f"{'≤' if line.at_most else '≥'} {line.goal:g}"
    met = {True: "met", False: "NOT MET", None: "(no goal)"}[line.met]
    return (line.benchmark, line.what, f"{line.value:.3g} {line.unit}".strip(), goal, met)


def table(lines: Iterable[Line]) -> str:
    """The lines as text."""
    rows = [("benchmark", "what", "measured", "goal", "")]
    rows += [_cells(line) for line in lines]
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def details(line: Line) -> str:
    """The times behind a line."""
    texts = [
        f"    {c.name:<34} wall {c.wall * 1000:9.1f} ms   cpu {c.cpu * 1000:9.1f} ms   "
        f"rounds {', '.join(f'{run * 1000:.0f}' for run in c.runs[:9])}"
        for c in line.contests
    ]
    if line.note:
        texts.append(f"    {line.note}")
    return "\n".join(texts)


def markdown(lines: Iterable[Line]) -> str:
    """The lines as the table of docs/performance.md, with the spread and the CPU ratio beside."""
    rows = ["| what | measured | goal | | rounds |", "|---|---|---|---|---|"]
    for line in lines:
        benchmark, what, measured, goal, met = _cells(line)
        rows.append(f"| {benchmark}: {what} | {measured} | {goal} | {met} | {line.note} |")
    return "\n".join(rows)


def read(path: Path) -> list[Line]:
    """The lines of a file that `write` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=_File).lines


class _File(msgspec.Struct):
    lines: list[Line]


def write(path: Path, lines: Iterable[Line]) -> None:
    """Everything as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "machine": {
            "cores": cpu_count(),
            "system": platform.system(),
            "architecture": platform.machine(),
            "python": sys.version.split()[0],
            "sqlite": SQLITE_VERSION,
        },
        "lines": [{**msgspec.to_builtins(line), "met": line.met} for line in lines],
    }
    path.write_bytes(msgspec.json.format(msgspec.json.encode(told)) + b"\n")


if __name__ == "__main__":
    print(markdown(line for name in sys.argv[1:] for line in read(Path(name))))
