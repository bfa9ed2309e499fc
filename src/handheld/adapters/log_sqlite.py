"""The log in SQLite: a recorder of the library that is also our log port, with group commit.

docs/architecture.md says why each setting is as it is; docs/adr/ has the decisions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, cast

from eventsourcing.persistence import (
    ConnectionUnavailableError,
    IntegrityError,
    OperationalError,
    PersistenceError,
)
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteFactory

from handheld.adapters import commit as checks
from handheld.adapters.commit import KnownCommand
from handheld.adapters.sqlite_recorder import PositionRecorder
from handheld.adapters.sqlite_store import Datastore, cause
from handheld.application.ports import (
    CommandKey,
    Decided,
    LogBroken,
    LogBusy,
    LogFull,
    Refusal,
    Row,
    Verdict,
    Written,
)


@contextmanager
def _as_the_port_says() -> Generator[None]:
    """The library's errors as those of the port: what may be tried again, and what may not."""
    try:
        yield
    except OperationalError as error:
        if cause(error) == "SQLITE_FULL":
            raise LogFull(str(error)) from error
        busy = cause(error).startswith("SQLITE_BUSY")
        if busy or isinstance(error, ConnectionUnavailableError):
            raise LogBusy(str(error)) from error
        raise LogBroken(str(error)) from error
    except PersistenceError as error:
        raise LogBroken(str(error)) from error


class SQLiteLog(PositionRecorder):
    """The log of one data directory."""

    _latest = 0
    """The latest recorded time given by this process, to answers without facts too."""

    # --- what is known of the log itself -----------------------------------------------------

    @property
    def log_id(self) -> str:
        """Names this log; another after a restore."""
        return self.fact("log_id") or ""

    def fact(self, name: str) -> str | None:
        """A fact about the log itself, such as its id or its clock."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT value FROM log_facts WHERE name=?", (name,))
            row = c.fetchone()
            return None if row is None else cast(str, row[0])

    def set_facts(self, facts: dict[str, str]) -> None:
        """Set facts about the log, where they are not set yet."""
        with self.datastore.transaction(commit=True) as c:
            c.executemany("INSERT OR IGNORE INTO log_facts VALUES (?,?)", list(facts.items()))

    @_as_the_port_says()
    def replace_fact(self, name: str, value: str) -> None:
        """Set a fact about the log anew, such as a clock that was moved; durable when it returns."""
        with self.datastore.transaction(commit=True) as c:
            c.execute("INSERT OR REPLACE INTO log_facts VALUES (?,?)", (name, value))

    # --- writing -----------------------------------------------------------------------------

    def commit(self, decisions: Sequence[Decided], clock: Callable[[], int]) -> list[Verdict]:
        """Write many decisions in one transaction: see the port."""
        with _as_the_port_says():
            try:
                return self._commit(decisions, clock, one_by_one=False)
            except IntegrityError:
                return self._commit(decisions, clock, one_by_one=True)

    def _commit(
        self, decisions: Sequence[Decided], clock: Callable[[], int], *, one_by_one: bool
    ) -> list[Verdict]:
        with self.datastore.transaction(commit=True) as c:
            keys = [decision.key for decision in decisions]
            answered = checks.answer_known(keys, self._commands(c, keys))
            verdicts: list[Verdict | None] = [None] * len(decisions)
            survivors: Sequence[int] = range(len(decisions))
            if one_by_one or answered or not self._reads_hold(c, decisions):
                one_by_one = True
                versions = self._versions(c, checks.streams_of(decisions))
                verdicts, survivors = checks.check_one_by_one(decisions, versions, answered)
            end, latest = self._last(c)
            recorded_us = self._latest = max(clock(), latest, self._latest)
            written = checks.spans(decisions, survivors, end, recorded_us)
            self._insert_decisions(c, decisions, survivors, written, recorded_us)
            if not one_by_one and self._left_gap(c, end):
                msg = "a decision skips a version"
                raise IntegrityError(msg)
        self.signals.notify()
        for index, answer in zip(survivors, written, strict=True):
            verdicts[index] = answer
        return cast(list[Verdict], verdicts)

    def _reads_hold(self, c: SQLiteCursor, decisions: Sequence[Decided]) -> bool:
        """Whether what was only read is as it was read.

        What is written needs no look beforehand: a stream that has moved on has that version
        already, so its unique key refuses the row, and the decisions are then checked one by one.
        """
        expected = checks.read_only_versions(decisions)
        if expected is None:
            return False
        found = self._versions(c, expected.keys()) if expected else {}
        return all(found.get(stream, 0) == version for stream, version in expected.items())

    def _left_gap(self, c: SQLiteCursor, end: int) -> bool:
        """Whether a row written after `end` does not follow the version before it."""
        events = self.events_table_name
        c.execute(
            f"SELECT 1 FROM {events} AS n WHERE n.position > ? AND n.originator_version > 1 "
            f"AND NOT EXISTS (SELECT 1 FROM {events} AS o WHERE o.originator_id = n.originator_id "
            "AND o.originator_version = n.originator_version - 1) LIMIT 1",
            (end,),
        )
        return c.fetchone() is not None

    def _insert_decisions(
        self,
        c: SQLiteCursor,
        decisions: Sequence[Decided],
        survivors: Sequence[int],
        written: Sequence[Written],
        recorded_us: int,
    ) -> None:
        # SQLite gives the next positions by itself, in the order of the rows: the lock is held.
        c.executemany(
            f"INSERT INTO {self.events_table_name} "
            "(originator_id, originator_version, topic, state, recorded_us) "
            f"VALUES (?,?,?,?,{recorded_us:d})",
            chain.from_iterable([decisions[index].rows for index in survivors]),
        )
        c.executemany(
            "INSERT INTO commands VALUES (?,?,?,?,?,?,?,?)",
            [
                (
                    decisions[index].key.command,
                    decisions[index].key.actor,
                    decisions[index].key.body_hash,
                    answer.outcome,
                    answer.code,
                    answer.first,
                    answer.last,
                    answer.recorded_us,
                )
                for index, answer in zip(survivors, written, strict=True)
            ],
        )

    def _versions(self, c: SQLiteCursor, streams: Collection[str]) -> dict[str, int]:
        c.execute(
            "SELECT value, (SELECT max(originator_version) "
            f"FROM {self.events_table_name} WHERE originator_id = value) FROM json_each(?)",
            (json.dumps(list(streams)),),
        )
        return {row[0]: row[1] for row in c.fetchall() if row[1] is not None}

    def _commands(
        self, c: SQLiteCursor, keys: Sequence[CommandKey]
    ) -> dict[tuple[str, str], KnownCommand]:
        """Those of the commands that came before. Ids begin with time: most are newer than all."""
        c.execute("SELECT max(command) FROM commands")
        newest = c.fetchone()[0] or ""
        older = [key.command for key in keys if key.command <= newest]
        if not older:
            return {}
        c.execute(
            "SELECT actor, command, body_hash, outcome, code, first_position, last_position, "
            "recorded_us FROM commands WHERE command IN (SELECT value FROM json_each(?))",
            (json.dumps(older),),
        )
        return {
            (row[0], row[1]): KnownCommand(row[2], Written(row[3], row[4], row[5], row[6], row[7]))
            for row in c.fetchall()
        }

    # --- reading -----------------------------------------------------------------------------

    @_as_the_port_says()
    def end(self) -> int:
        """The last position; 0 when empty."""
        return super().end()

    @_as_the_port_says()
    def read(self, after: int, limit: int, upto: int | None = None) -> Sequence[Row]:
        """The rows after a position, in order."""
        if upto is None:
            return self._rows("WHERE position > ? ORDER BY position LIMIT ?", (after, limit))
        return self._rows(
            "WHERE position > ? AND position <= ? ORDER BY position LIMIT ?", (after, upto, limit)
        )

    @_as_the_port_says()
    def read_kinds(self, after: int, kinds: Collection[str]) -> Sequence[Row]:
        """All rows of these kinds of stream after a position, in order.

        From the beginning the index of streams finds them; later on a scan of what is new does.
        """
        stream = "originator_id" if after == 0 else "+originator_id"
        where = " OR ".join(f"({stream} >= ? AND {stream} < ?)" for _ in kinds)
        bounds = [bound for kind in kinds for bound in (f"{kind}-", f"{kind}.")]
        return self._rows(f"WHERE ({where}) AND position > ? ORDER BY position", (*bounds, after))

    @_as_the_port_says()
    def read_streams(self, streams: Collection[str]) -> Sequence[Row]:
        """All rows of these streams, by stream and version."""
        return self._rows(
            "WHERE originator_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY originator_id, originator_version",
            (json.dumps(list(streams)),),
        )

    @_as_the_port_says()
    def read_positions(self, positions: Collection[int]) -> Sequence[Row]:
        """The rows at these positions, in order."""
        return self._rows(
            "WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position",
            (json.dumps(list(positions)),),
        )

    @_as_the_port_says()
    def known_commands(self, keys: Sequence[CommandKey]) -> dict[tuple[str, str], Verdict]:
        """What was answered to these commands before, by (actor, command id)."""
        with self.datastore.transaction(commit=False) as c:
            return checks.answer_known(keys, self._commands(c, keys))

    @_as_the_port_says()
    def refusals(self, actor: str, limit: int) -> Sequence[Refusal]:
        """What somebody asked for and was refused, the latest first."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT command, code, recorded_us FROM commands "
                "WHERE actor=? AND outcome='refused' ORDER BY recorded_us DESC, command LIMIT ?",
                (actor, limit),
            )
            return [Refusal(row[0], row[1] or "", row[2]) for row in c.fetchall()]

    @_as_the_port_says()
    def position_at(self, recorded_us: int) -> int:
        """The last position recorded at or before an instant, by bisection: times never decrease."""
        with self.datastore.transaction(commit=False) as c:
            low, high = 0, self._last(c)[0]
            while low < high:
                middle = (low + high + 1) // 2
                c.execute(
                    f"SELECT position, recorded_us FROM {self.events_table_name} "
                    "WHERE position <= ? ORDER BY position DESC LIMIT 1",
                    (middle,),
                )
                row = c.fetchone()
                if row is None or row[1] <= recorded_us:
                    low = middle
                else:
                    high = row[0] - 1
            c.execute(
                f"SELECT max(position) FROM {self.events_table_name} WHERE position <= ?", (low,)
            )
            return cast(int, c.fetchone()[0] or 0)

    @_as_the_port_says()
    def mark(self, position: int) -> str:
        """Names the last fact at or before a position: another log has another one there."""
        if position > self.end():
            return "beyond"
        rows = self._rows("WHERE position <= ? ORDER BY position DESC LIMIT 1", (position,))
        return "/".join(map(str, (rows[0][1], rows[0][2], rows[0][5]))) if rows else ""

    @property
    def stirred(self) -> int:
        """How often this process has committed: see the port."""
        return self.signals.count

    def wait(
        self,
        after: int,
        timeout: float,
        ended: Callable[[], bool] = lambda: False,
        since: int | None = None,
    ) -> bool:
        """Wait until there is something after a position: see the port."""
        return self.signals.wait(lambda: self.end() > after, timeout, ended, since)

    def wake(self) -> None:
        """Let those who wait look again."""
        self.signals.notify()


class Factory(SQLiteFactory):
    """The library's factory, giving our recorder. `SQLITE_SYNCHRONOUS` is for measurements."""

    application_recorder_class: type[SQLiteApplicationRecorder] = SQLiteLog

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self.datastore.close()
        self.datastore = Datastore(
            self.env.get("SQLITE_DBNAME") or "",
            synchronous=cast(Any, self.env.get("SQLITE_SYNCHRONOUS") or "FULL"),
        )
