"""The log in PostgreSQL: a recorder of the library that is also our log port, with group commit.

docs/architecture.md says why each setting is as it is; docs/adr/ has the decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

from eventsourcing.persistence import IntegrityError, PersistenceError
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from psycopg.conninfo import conninfo_to_dict

from handheld.adapters import commit as checks
from handheld.adapters.commit import KnownCommand
from handheld.adapters.postgres_at_once import AT_ONCE, commit_at_once
from handheld.adapters.postgres_inserting import (
    FEW,
    Table,
    commands,
    copied,
    facts,
    finish,
)
from handheld.adapters.postgres_recorder import Cur, PositionRecorder, undone
from handheld.adapters.postgres_store import (
    CONNECT_SECONDS,
    LOCK_SECONDS,
    Datastore,
    is_busy,
    is_full,
    is_lost,
)
from handheld.application.ports import (
    CommandKey,
    Decided,
    LogAway,
    LogBroken,
    LogBusy,
    LogFull,
    Refusal,
    Row,
    Verdict,
    Written,
)

P = ParamSpec("P")
R = TypeVar("R")


def _of_the_port(error: PersistenceError) -> LogFull | LogBusy | LogAway | LogBroken:
    """An error of the library as one of the port: what may be tried again, and what may not."""
    if is_full(error):
        return LogFull(str(error))
    if is_lost(error):
        return LogAway(str(error))
    return LogBusy(str(error)) if is_busy(error) else LogBroken(str(error))


def _worth_asking_again(error: PersistenceError, datastore: Datastore) -> bool:
    return is_lost(error) and datastore.look_again()


def _patiently(
    read: Callable[Concatenate[PostgresLog, P], R],
) -> Callable[Concatenate[PostgresLog, P], R]:
    """Done again, as long as the server is lost and not for too long: what changes nothing."""

    @wraps(read)
    def reading(self: PostgresLog, *args: P.args, **kwargs: P.kwargs) -> R:
        while True:
            try:
                found = read(self, *args, **kwargs)
            except PersistenceError as error:
                if not _worth_asking_again(error, self.datastore):
                    raise _of_the_port(error) from error
            else:
                self.datastore.loss.over()
                return found

    return cast("Callable[Concatenate[PostgresLog, P], R]", reading)


class PostgresLog(PositionRecorder):
    """The log of one district."""

    _latest = 0
    """The latest recorded time given by this process, to answers without facts too."""

    def __init__(self, datastore: Datastore) -> None:
        super().__init__(datastore)
        self._at_once = self.lock, self.sql(AT_ONCE)
        self._seen = self.sql(
            "SELECT l.position, l.recorded_us, "
            "(SELECT command FROM {commands} ORDER BY command DESC LIMIT 1), v.names, v.versions "
            "FROM (SELECT array_agg(s.name) AS names, array_agg(e.originator_version) AS versions "
            "FROM unnest(%b::text[]) AS s(name), LATERAL "
            "(SELECT originator_version FROM {events} "
            'WHERE originator_id = s.name COLLATE "C" '
            "ORDER BY originator_version DESC LIMIT 1) AS e) AS v LEFT JOIN LATERAL "
            "(SELECT position, recorded_us FROM {events} ORDER BY position DESC LIMIT 1) AS l "
            "ON true"
        )

    # --- what is known of the log itself -----------------------------------------------------

    @property
    def log_id(self) -> str:
        """Names this log; another after a restore."""
        return self.fact("log_id") or ""

    @_patiently
    def fact(self, name: str) -> str | None:
        """A fact about the log itself, such as its id or its clock."""
        with self.datastore.reading() as c:
            c.execute(self.sql("SELECT value FROM {facts} WHERE name = %s"), (name,))
            row = c.fetchone()
            return None if row is None else cast(str, row[0])

    def set_facts(self, facts: dict[str, str]) -> None:
        """Set facts about the log, where they are not set yet."""
        statement = self.sql("INSERT INTO {facts} VALUES (%s, %s) ON CONFLICT DO NOTHING")
        with self.datastore.writing() as c:
            c.executemany(statement, list(facts.items()))

    def replace_fact(self, name: str, value: str) -> None:
        """Set a fact about the log anew, such as a clock that was moved; durable when it returns."""
        self.replace_facts({name: value})

    def replace_facts(self, facts: Mapping[str, str]) -> None:
        """Set facts about the log anew, all or none; durable when it returns."""
        statement = self.sql(
            "INSERT INTO {facts} VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
        try:
            with self.datastore.writing() as c:
                c.executemany(statement, list(facts.items()))
        except PersistenceError as error:
            raise _of_the_port(error) from error

    # --- writing -----------------------------------------------------------------------------

    def commit(self, decisions: Sequence[Decided], clock: Callable[[], int]) -> list[Verdict]:
        """Write many decisions in one transaction: see the port.

        A server that is lost is waited for, and the same is sent again: what an answer that never
        came had written already is then known by its command id.
        """
        if not decisions:
            return []
        one_by_one = False
        while True:
            try:
                verdicts = self._commit(decisions, clock, one_by_one=one_by_one)
            except IntegrityError as error:
                if one_by_one:
                    raise LogBroken(str(error)) from error
                one_by_one = True
            except PersistenceError as error:
                if not _worth_asking_again(error, self.datastore):
                    raise _of_the_port(error) from error
            else:
                self.datastore.loss.over()
                return verdicts

    def _commit(
        self,
        decisions: Sequence[Decided],
        clock: Callable[[], int],
        *,
        one_by_one: bool,
    ) -> list[Verdict]:
        expected = None if one_by_one else _expected_versions(decisions)
        if expected is not None and _are_few(decisions):
            written = self._commit_at_once(decisions, expected, clock)
            if written is not None:
                return list(written)
        with self.locked(self._seen, (list(expected or ()),)) as c:
            end, latest, newest, found = _seen(c)
            keys = [decision.key for decision in decisions]
            answered = checks.answer_known(keys, self._commands(c, keys, newest))
            verdicts: list[Verdict | None] = [None] * len(decisions)
            survivors: Sequence[int] = range(len(decisions))
            if answered or expected is None or not _hold(expected, found):
                versions = self._look(c, checks.streams_of(decisions)).versions
                verdicts, survivors = checks.check_one_by_one(decisions, versions, answered)
            recorded_us = self._latest = max(clock(), latest, self._latest)
            written = checks.spans(decisions, survivors, end, recorded_us)
            rest = copied(c, self._tables(decisions, survivors, written, end))
            finish(c, rest, self.channel)
        self.signals.notify()
        for index, answer in zip(survivors, written, strict=True):
            verdicts[index] = answer
        return cast(list[Verdict], verdicts)

    def _commit_at_once(
        self, decisions: Sequence[Decided], expected: Mapping[str, int], clock: Callable[[], int]
    ) -> Sequence[Written] | None:
        """All of it as it is, in one message; None where something has to be looked at first."""
        at_us = max(clock(), self._latest)
        with self.datastore.reading() as c, undone(c):
            did = commit_at_once(c, self._at_once, decisions, expected, at_us, self.channel)
        if not did.written:
            return None
        self._latest = did.recorded_us
        self.signals.notify()
        return checks.spans(decisions, range(len(decisions)), did.end, did.recorded_us)

    def _tables(
        self,
        decisions: Sequence[Decided],
        survivors: Sequence[int],
        written: Sequence[Written],
        end: int,
    ) -> Sequence[Table]:
        keys = (decisions[index].key for index in survivors)
        rows = [row for index in survivors for row in decisions[index].rows]
        return (
            commands(self.sql("{commands}"), keys, written),
            facts(self.sql("{events}"), rows, end, self._latest),
        )

    def _look(self, c: Cur, streams: Collection[str]) -> _Seen:
        c.execute(self._seen, (list(streams),))
        return _seen(c)

    def _commands(
        self, c: Cur, keys: Sequence[CommandKey], newest: str
    ) -> dict[tuple[str, str], KnownCommand]:
        """Those of the commands that came before. Ids begin with time: most are newer than all."""
        older = [key.command for key in keys if key.command <= newest]
        if not older:
            return {}
        c.execute(
            self.sql(
                "SELECT command, actor, body_hash, outcome, code, first_position, last_position, "
                "recorded_us FROM {commands} WHERE command = ANY(%s::text[])"
            ),
            (older,),
        )
        return {
            (row[1], row[0]): KnownCommand(row[2], Written(row[3], row[4], row[5], row[6], row[7]))
            for row in c.fetchall()
        }

    # --- reading -----------------------------------------------------------------------------

    @_patiently
    def end(self) -> int:
        """The last position; 0 when empty."""
        return super().end()

    @_patiently
    def read(self, after: int, limit: int, upto: int | None = None) -> Sequence[Row]:
        """The rows after a position, in order."""
        return self.rows(
            "WHERE position > %s AND position <= %s ORDER BY position LIMIT %s",
            (after, 2**62 if upto is None else upto, limit),
        )

    @_patiently
    def read_kinds(self, after: int, kinds: Collection[str]) -> Sequence[Row]:
        """All rows of these kinds of stream after a position, in order."""
        where = " OR ".join("(originator_id >= %s AND originator_id < %s)" for _ in kinds)
        bounds = [bound for kind in kinds for bound in (f"{kind}-", f"{kind}.")]
        return self.rows(f"WHERE ({where}) AND position > %s ORDER BY position", (*bounds, after))

    @_patiently
    def read_streams(self, streams: Collection[str]) -> Sequence[Row]:
        """All rows of these streams, by stream and version."""
        return self.rows(
            "WHERE originator_id = ANY(%s::text[]) ORDER BY originator_id, originator_version",
            (list(streams),),
        )

    @_patiently
    def read_positions(self, positions: Collection[int]) -> Sequence[Row]:
        """The rows at these positions, in order."""
        return self.rows("WHERE position = ANY(%s::int8[]) ORDER BY position", (list(positions),))

    @_patiently
    def known_commands(self, keys: Sequence[CommandKey]) -> dict[tuple[str, str], Verdict]:
        """What was answered to these commands before, by (actor, command id)."""
        with self.datastore.reading() as c:
            newest = self._look(c, ()).newest
            return checks.answer_known(keys, self._commands(c, keys, newest))

    @_patiently
    def refusals(self, actor: str, limit: int) -> Sequence[Refusal]:
        """What somebody asked for and was refused, the latest first."""
        with self.datastore.reading() as c:
            c.execute(
                self.sql(
                    "SELECT command, code, recorded_us FROM {commands} WHERE actor = %s "
                    "AND outcome = 'refused' ORDER BY recorded_us DESC, command LIMIT %s"
                ),
                (actor, limit),
            )
            return [Refusal(row[0], row[1] or "", row[2]) for row in c.fetchall()]

    @_patiently
    def position_at(self, recorded_us: int) -> int:
        """The last position recorded at or before an instant, by bisection: times never decrease."""
        at = self.sql(
            "SELECT position, recorded_us FROM {events} "
            "WHERE position <= %s ORDER BY position DESC LIMIT 1"
        )
        with self.datastore.reading() as c:
            low, high = 0, self._last(c)[0]
            while low < high:
                middle = (low + high + 1) // 2
                c.execute(at, (middle,))
                row = c.fetchone()
                if row is None or row[1] <= recorded_us:
                    low = middle
                else:
                    high = row[0] - 1
            c.execute(at, (low,))
            row = c.fetchone()
            return cast(int, row[0]) if row is not None else 0

    @_patiently
    def mark(self, position: int) -> str:
        """Names the last fact at or before a position: another log has another one there."""
        if position > self.end():
            return "beyond"
        rows = self.rows("WHERE position <= %s ORDER BY position DESC LIMIT 1", (position,))
        return "/".join(map(str, (rows[0][1], rows[0][2], rows[0][5]))) if rows else ""

    @property
    def stirred(self) -> int:
        """How often this process has committed, or heard of others: see the port."""
        return self.signals.count

    def wait(
        self,
        after: int,
        timeout: float,
        ended: Callable[[], bool] = lambda: False,
        since: int | None = None,
    ) -> bool:
        """Wait until there is something after a position: see the port."""
        self.listening.start()
        return self.signals.wait(lambda: self.end() > after, timeout, ended, since)

    def wake(self) -> None:
        """Let those who wait look again."""
        self.signals.notify()


class _Seen(NamedTuple):
    """What is there when the lock is held."""

    end: int
    latest: int
    """Recorded time of the last fact."""
    newest: str
    """The greatest command id."""
    versions: dict[str, int]


def _seen(c: Cur) -> _Seen:
    row = c.fetchone() or (None,) * 5
    names: list[str] = row[3] or []
    versions: dict[str, int] = dict(zip(names, row[4] or (), strict=True))
    return _Seen(row[0] or 0, row[1] or 0, row[2] or "", versions)


def _expected_versions(decisions: Sequence[Decided]) -> dict[str, int] | None:
    """Which versions must be there, of streams that are read and of those that are written.

    A new stream needs no look: if it is there already, its unique key refuses the row. None where
    the decisions contradict each other: they are then checked one by one.
    """
    expected = checks.read_only_versions(decisions)
    if expected is None:
        return None
    now: dict[str, int] = {}
    for decision in decisions:
        for stream, version, _, _ in decision.rows:
            before = now.get(stream)
            if before is None and version > 1:
                expected[stream] = version - 1
            if version != (version if before is None else before + 1):
                return None
            now[stream] = version
    return expected


def _are_few(decisions: Sequence[Decided]) -> bool:
    return len(decisions) + sum(len(decision.rows) for decision in decisions) < FEW


def _hold(expected: Mapping[str, int], found: Mapping[str, int]) -> bool:
    return all(found.get(stream, 0) == version for stream, version in expected.items())


class Factory(PostgresFactory):
    """The library's factory, giving our recorder on our connections."""

    datastore: Datastore
    application_recorder_class: type[PostgresApplicationRecorder] = PostgresLog

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self.datastore.close()
        get = self.env.get
        names = ("dbname", "host", "port", "user", "password")
        parameters: dict[str, Any] = {name: get(f"POSTGRES_{name.upper()}") or "" for name in names}
        # What else libpq is told, such as how a server proves who it is (sslmode).
        parameters |= conninfo_to_dict(get("POSTGRES_CONNINFO") or "")
        self.datastore = Datastore(
            parameters,
            get(self.POSTGRES_SCHEMA) or "",
            lock_seconds=int(get(self.POSTGRES_LOCK_TIMEOUT) or LOCK_SECONDS),
            connect_seconds=float(get(self.POSTGRES_CONNECT_TIMEOUT) or CONNECT_SECONDS),
        )
        self._logs: list[PostgresLog] = []

    def application_recorder(self) -> PostgresLog:
        """The log."""
        found = PostgresLog(self.datastore)
        if self.env_create_table():
            found.create_table()
        self._logs.append(found)
        return found

    def close(self) -> None:
        """Close the connections."""
        for log in self._logs:
            log.listening.close()
        super().close()
