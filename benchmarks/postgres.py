"""The log on PostgreSQL: a start against COPY of the same rows, single commands against a bare committer."""

from __future__ import annotations

from benchmarks import county, postgres_singles
from benchmarks.county import Shape
from benchmarks.measure import in_turns, spread
from benchmarks.places import Place
from benchmarks.postgres_starts import Starts
from benchmarks.report import Line, contest
from handheld.adapters.local_postgres import local_postgres

NAME = "postgres"


def run(place: Place, rounds: int, shape: Shape = county.ELEVEN_THOUSAND) -> list[Line]:
    """Measure."""
    with local_postgres(shared_buffers="256MB", max_wal_size="4GB") as server:
        starts = Starts(place, server, shape)
        took = in_turns(
            rounds, {"floor": starts.by_hand, "rows": starts.from_rows, "whole": starts.whole}
        )
        answers = postgres_singles.measure(starts, shape, rounds)
    base = took["floor"]
    lines = []
    for key, goal, name, what in (
        ("whole", 2.25, "Writer.execute", "decided, encoded, committed"),
        ("rows", 1.5, "Log.commit", "committed, from encoded rows"),
    ):
        measured = took[key]
        low, high = spread(measured, base)
        lines.append(
            Line(
                benchmark=NAME,
                what=f"{shape.tasks:,} tasks: {what}",
                value=measured.wall / base.wall,
                unit="× COPY",
                goal=goal,
                at_most=True,
                note=f"from {low:.2f} to {high:.2f} by round; "
                f"{measured.cpu / base.cpu:.2f} in CPU of the client",
                contests=(contest(name, measured), contest("COPY by hand", base)),
            )
        )
    return [*lines, answers]
