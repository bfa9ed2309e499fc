"""A small commit in one message: lock, look, write and end, of which the server does the looking.

As long as nobody else has moved what was decided on, that is all there is to a commit. Where somebody
has, nothing is written, and the commit is made step by step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from psycopg import Cursor
from psycopg.rows import TupleRow
from psycopg.sql import Composed

from handheld.adapters.postgres_arrays import blobs, integers, texts
from handheld.application.ports import Decided

AT_ONCE = """
WITH given AS MATERIALIZED (
    SELECT %b::text[] AS commands
), log AS MATERIALIZED (
    SELECT coalesce(l.position, 0) AS position, greatest(l.recorded_us, %b::int8) AS recorded_us
    FROM (SELECT) AS one LEFT JOIN LATERAL
        (SELECT position, recorded_us FROM {events} ORDER BY position DESC LIMIT 1) AS l ON true
), stands AS MATERIALIZED (
    SELECT NOT EXISTS (
        SELECT FROM unnest(%b::text[], %b::int8[]) AS s(name, version)
        WHERE s.version <> coalesce((
            SELECT originator_version FROM {events} WHERE originator_id = s.name COLLATE "C"
            ORDER BY originator_version DESC LIMIT 1), 0)
    ) AND CASE
        WHEN %b::text COLLATE "C" > (SELECT command FROM {commands} ORDER BY command DESC LIMIT 1)
        THEN true
        ELSE NOT EXISTS (
            SELECT FROM {commands} WHERE command = ANY((SELECT commands FROM given)::text[]))
    END AS all_of_it
), facts AS (
    INSERT INTO {events}
        (position, originator_id, originator_version, topic, state, recorded_us)
    SELECT log.position + r.n, r.stream, r.version, r.topic, r.state, log.recorded_us
    FROM log, stands, unnest(%b::text[], %b::int8[], %b::text[], %b::bytea[])
        WITH ORDINALITY AS r(stream, version, topic, state, n)
    WHERE stands.all_of_it
), answers AS (
    INSERT INTO {commands}
        (command, actor, body_hash, outcome, code, first_position, last_position, recorded_us)
    SELECT r.command, r.actor, r.hash, r.outcome, r.code,
        log.position + r.first, log.position + r.last, log.recorded_us
    FROM given, log, stands,
        unnest(given.commands, %b::text[], %b::bytea[], %b::text[], %b::text[], %b::int8[], %b::int8[])
        AS r(command, actor, hash, outcome, code, first, last)
    WHERE stands.all_of_it
)
SELECT log.position, log.recorded_us, stands.all_of_it,
    CASE WHEN stands.all_of_it THEN pg_notify(%s, '') END
FROM log, stands
"""
"""Ids of commands begin with time: where all are newer than the newest, none needs to be looked up.

A stream that is new needs no look either: if it is there already, its unique key refuses the row.
"""


class AtOnce(NamedTuple):
    """What was written, or not."""

    end: int
    """The last position before."""
    recorded_us: int
    written: bool
    """False where somebody else was faster, or has sent one of the commands before."""


def commit_at_once(
    c: Cursor[TupleRow],
    statements: tuple[Composed, Composed],
    decisions: Sequence[Decided],
    expected: Mapping[str, int],
    at_us: int,
    channel: str,
) -> AtOnce:
    """Write all of it, if the streams still are at the versions expected; durable when it returns.

    `statements` are the one that takes the lock, and AT_ONCE of the log's tables.
    """
    lock, at_once = statements
    actors, commands, hashes = zip(*(decision.key for decision in decisions), strict=True)
    first, last = zip(*_places(decisions), strict=True)
    rows = [row for decision in decisions for row in decision.rows]
    streams, versions, topics, states = zip(*rows, strict=True) if rows else ((),) * 4
    values = (
        texts(commands),
        at_us,
        texts(list(expected)),
        integers(list(expected.values())),
        min(commands),
        texts(streams),
        integers(versions),
        texts(topics),
        blobs(states),
        texts(actors),
        blobs(hashes),
        texts([decision.outcome for decision in decisions]),
        texts([decision.code for decision in decisions]),
        integers(first),
        integers(last),
        channel,
    )
    with c.connection.pipeline():
        c.connection.execute("BEGIN")
        c.connection.execute(lock)
        c.execute(at_once, values)
        c.connection.execute("COMMIT")
    end, recorded_us, written, _ = c.fetchone() or (0, at_us, False, None)
    return AtOnce(end, recorded_us, written)


def _places(decisions: Sequence[Decided]) -> list[tuple[int | None, int | None]]:
    """First and last row of each decision, counted from 1; None where it has none."""
    places: list[tuple[int | None, int | None]] = []
    end = 0
    for decision in decisions:
        count = len(decision.rows)
        places.append((end + 1, end + count) if count else (None, None))
        end += count
    return places
