"""The floor: rows that are there already, put into the same tables with nothing around it."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.places import plain

INSERT_EVENT = "INSERT INTO stored_events VALUES (?,?,?,?,?,?)"
INSERT_COMMAND = "INSERT INTO commands VALUES (?,?,?,?,?,?,?,?)"

RawRow = tuple[Any, ...]


class Rows(NamedTuple):
    """What a commit adds to a log file, column by column."""

    events: list[RawRow]
    commands: list[RawRow]


def write(db: sqlite3.Connection, rows: Rows) -> None:
    """One durable transaction."""
    db.execute("BEGIN IMMEDIATE")
    db.executemany(INSERT_EVENT, rows.events)
    db.executemany(INSERT_COMMAND, rows.commands)
    db.execute("COMMIT")


def end_of(directory: Path) -> int:
    """The last position of a log file."""
    db = plain(directory)
    try:
        return int(db.execute("SELECT max(position) FROM stored_events").fetchone()[0] or 0)
    finally:
        db.close()


def rows_after(directory: Path, position: int) -> Rows:
    """What a log file holds after a position, in the columns' own order."""
    db = plain(directory)
    try:
        events = db.execute(
            "SELECT * FROM stored_events WHERE position > ? ORDER BY position", (position,)
        ).fetchall()
        commands = db.execute(
            "SELECT * FROM commands WHERE last_position > ? ORDER BY first_position", (position,)
        ).fetchall()
        return Rows(events, commands)
    finally:
        db.close()


def fingerprint(rows: Rows) -> str:
    """The same for the same facts under the same commands, whatever the order and time of writing.

    Positions and recorded times are left out: they are the log's own.
    """
    facts = sorted(repr(row[1:5]) for row in rows.events)
    commands = sorted(repr(row[:5]) for row in rows.commands)
    return blake2b("\n".join(facts + commands).encode(), digest_size=16).hexdigest()


def alike(one: Path, other: Path) -> bool:
    """Whether two log files hold the same facts and commands, row for row."""
    left, right = plain(one), plain(other)
    try:
        return all(
            all(a == b for a, b in zip_longest(left.execute(statement), right.execute(statement)))
            for statement in (
                "SELECT * FROM stored_events ORDER BY position",
                "SELECT * FROM commands ORDER BY command, actor",
            )
        )
    finally:
        left.close()
        right.close()
