"""What the application needs of the outside: a log, a clock, a store for views, a keyring."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from handheld.application.register_queries import (
    FindingQuery,
    Page,
    PeopleQuery,
    Query,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
)
from handheld.application.register_reach import Narrowed
from handheld.domain.answers import Outcome
from handheld_events.sealed import Sealed
from handheld_projections.register import Changes
from handheld_projections.register_rows import (
    FindingRow,
    PersonRow,
    Table,
    TaskForceRow,
    TaskRow,
    WarningRow,
)
from handheld_projections.timeline import Line

NewRow = tuple[str, int, str, bytes]
"""A fact, encoded, on its way into the log: stream, version, topic, state."""

Row = tuple[int, str, int, str, bytes, int]
"""A fact as the log holds it: position, stream, version, topic, state, recorded microseconds (UTC)."""


class CommandKey(NamedTuple):
    """What makes a command the same command."""

    actor: str
    command: str
    body_hash: bytes


class Decided(NamedTuple):
    """A decision, ready to be written."""

    key: CommandKey
    outcome: Outcome
    code: str | None
    reads: Sequence[tuple[str, int]]
    """Streams that the decision rests on and does not write, with the version read."""
    rows: Sequence[NewRow]
    """In order; the first row of a stream follows the version read."""


class Written(NamedTuple):
    """The decision is durable, now or since the first time the command came."""

    outcome: Outcome
    code: str | None
    first: int | None
    """Position of the first fact; None where there is none."""
    last: int | None
    recorded_us: int
    repeated: bool = False


class Conflict(NamedTuple):
    """What the decision rests on has changed."""

    stream: str


class Reused(NamedTuple):
    """The command id was used before with another body."""


Verdict = Written | Conflict | Reused


class Refusal(NamedTuple):
    """A command that was refused, as the log keeps it."""

    command: str
    """Its id."""
    code: str
    recorded_us: int


class LogFull(Exception):
    """The disk is full: nothing was written, reads go on."""


class ViewsUnwritable(Exception):
    """What was folded could not be stored, on a full disk say: it can be tried again later."""


class ViewsMoved(Exception):
    """Another process has stored meanwhile, and nothing was stored now: look again where it stands."""

    def __init__(self, fold: str, after: int) -> None:
        super().__init__(
            f"{fold} does not stand at {after} any more: another process has stored it"
        )
        self.fold = fold


class ViewsDamaged(Exception):
    """What was stored cannot be read: it is thrown away and made anew from the log."""


class LogBusy(Exception):
    """Another process holds the write lock: nothing was written, try again."""


class LogAway(LogBusy):
    """The server of the log does not answer. A commit may have been made or not: whoever sends the same
    commands again is answered by what is there.
    """


class LogBroken(Exception):
    """Writing failed in a way after which nothing may be acknowledged."""


class Log(Protocol):
    """An append-only log of facts. One contract suite holds every adapter to it."""

    @property
    def log_id(self) -> str:
        """Names this log; another after a restore."""
        ...

    def commit(self, decisions: Sequence[Decided], clock: Callable[[], int]) -> list[Verdict]:
        """Write many decisions in one transaction, durable when it returns.

        With the write lock held, every command id and every version read is checked; repeats and
        conflicts are answered, the rest is written: each decision whole or not at all. `clock`
        gives microseconds since 1970 and is asked once, inside. Raises LogFull, LogBusy, LogBroken.
        """
        ...

    def read(self, after: int, limit: int, upto: int | None = None) -> Sequence[Row]:
        """The rows after a position, in order."""
        ...

    def read_kinds(self, after: int, kinds: Collection[str]) -> Sequence[Row]:
        """All rows of these kinds of stream (`person`, `task` …) after a position, in order."""
        ...

    def read_streams(self, streams: Collection[str]) -> Sequence[Row]:
        """All rows of these streams, by stream and version."""
        ...

    def read_positions(self, positions: Collection[int]) -> Sequence[Row]:
        """The rows at these positions, in order."""
        ...

    def known_commands(self, keys: Sequence[CommandKey]) -> dict[tuple[str, str], Verdict]:
        """What was answered to these commands before, by (actor, command id)."""
        ...

    def refusals(self, actor: str, limit: int) -> Sequence[Refusal]:
        """What somebody asked for and was refused, the latest first."""
        ...

    def end(self) -> int:
        """The last position; 0 when empty."""
        ...

    def position_at(self, recorded_us: int) -> int:
        """The last position recorded at or before an instant; 0 when there is none."""
        ...

    def mark(self, position: int) -> str:
        """Names the last fact at or before a position: another log has another one there."""
        ...

    @property
    def stirred(self) -> int:
        """Another number after each commit of this process: until then its `end` stays.

        What other processes commit is told sooner or later: `end` says it at once.
        """
        ...

    def wait(
        self,
        after: int,
        timeout: float,
        ended: Callable[[], bool] = lambda: False,
        since: int | None = None,
    ) -> bool:
        """Wait until there is something after a position; False when the time is up or `ended`.

        Whoever took `stirred` before they read up to that position gives it as `since`: it is then not
        looked up again; True may then come although there is nothing.
        """
        ...

    def wake(self) -> None:
        """Let those who wait look again."""
        ...


class Clock(Protocol):
    """The clock of a log."""

    def now(self) -> datetime:
        """The time (UTC)."""
        ...


class Keyring(Protocol):
    """Seals and opens personal fields."""

    def seal(self, fields: Sequence[tuple[str, str]]) -> list[Sealed]:
        """Seal (subject, text) pairs; new keys are durable when it returns."""
        ...

    def open(self, sealed: Sealed) -> str | None:
        """The text; None when it was erased."""
        ...

    def erase(self, subject: str) -> None:
        """Destroy the keys of a subject."""
        ...


class StoredPart(NamedTuple):
    """The state of one part of a fold, as a checkpoint keeps it."""

    key: str
    state: bytes
    closed: bool = False
    """Nothing more is expected: read only when it is asked for by its key."""
    note: bytes = b""
    """What a list of closed parts shows of it."""


class AddedLines(NamedTuple):
    """Lines for one index."""

    fold: str
    after: int
    """The position up to which it is stored, as whoever adds them knows."""
    lines: Sequence[Line]


class Views(Protocol):
    """Where folds keep what they have made. It can be thrown away at any time.

    Several processes may share it, of which one at a time stores a fold. Whatever stores says up to
    which position (`after`) it knows the fold stored, and raises ViewsMoved where it is not, or
    ViewsUnwritable where it cannot; nothing is stored then. What reads raises Busy where it cannot
    be looked at just now.
    A fold is named with its version; what another log or another version left is never read.
    """

    def cursor(self, fold: str) -> int:
        """The position up to which this fold is stored; 0 when nothing is."""
        ...

    def checkpoint(
        self, fold: str, position: int, parts: Sequence[StoredPart], *, after: int
    ) -> None:
        """Store the parts that have changed since `after`, and the position that they show."""
        ...

    def checkpoint_before(self, fold: str, position: int) -> int:
        """The last checkpoint at or before a position; 0 when there is none."""
        ...

    def checkpoints(self, fold: str) -> list[int]:
        """The positions of all checkpoints."""
        ...

    def parts_at(self, fold: str, position: int) -> list[StoredPart]:
        """The parts that this very checkpoint stored."""
        ...

    def open_parts(self, fold: str, upto: int) -> list[StoredPart]:
        """Every part that was not closed, as stored last at or before a position."""
        ...

    def closed_notes(self, fold: str) -> list[tuple[str, bytes]]:
        """Key and note of every part that is closed."""
        ...

    def part(self, fold: str, key: str, upto: int) -> StoredPart | None:
        """One part, closed or not, as stored last at or before a position."""
        ...

    def add_lines(self, position: int, added: Sequence[AddedLines]) -> None:
        """Store lines of indexes, and that all of these folds are stored to a position."""
        ...

    def lines(
        self, fold: str, key: str, after: int = 0, upto: int | None = None, limit: int = -1
    ) -> list[Line]:
        """Lines under a key, by number; `after` is a number, `upto` a position."""
        ...

    def last_lines(
        self, fold: str, key: str, before: int | None = None, after: int = 0, limit: int = -1
    ) -> list[Line]:
        """Lines under a key, the last one first; `before` and `after` are numbers."""
        ...

    def all_lines(self, fold: str) -> Iterator[Line]:
        """Every line of an index, in no particular order."""
        ...

    def heads(self, fold: str) -> dict[str, int]:
        """The last number under every key."""
        ...

    def drop(self, fold: str) -> None:
        """Forget all that this fold has stored."""
        ...

    def keep_only(self, folds: Collection[str]) -> None:
        """Drop what other folds, or other versions of these, have left."""
        ...


class Registers(Protocol):
    """Where the registers keep their rows: searched, filtered, read in pages.

    Several processes may share it, as the views. What was erased is nowhere in the store when
    `write` returns, or as soon as nobody reads it any more.
    """

    def cursor(self) -> int:
        """The position up to which the rows are stored; 0 when nothing is."""
        ...

    def write(self, position: int, changes: Changes, *, after: int) -> None:
        """Store changes since `after`, with names in plaintext, and the position that they reach.

        Raises ViewsUnwritable, ViewsMoved; nothing is stored then.
        """
        ...

    def task_forces(self, query: TaskForceQuery) -> Page[TaskForceRow]:
        """A page of task forces. Raises Malformed (`register.cursor`), as the others do."""
        ...

    def tasks(self, query: TaskQuery) -> Page[TaskRow]:
        """A page of tasks."""
        ...

    def findings(self, query: FindingQuery) -> Page[FindingRow]:
        """A page of findings."""
        ...

    def warnings(self, query: WarningQuery) -> Page[WarningRow]:
        """A page of warnings."""
        ...

    def people(self, query: PeopleQuery) -> Page[PersonRow]:
        """A page of people."""
        ...

    def scan(
        self, query: Query, narrowed: Narrowed, after: int | None, limit: int
    ) -> Sequence[tuple[int, Any]]:
        """The next rows of a narrowed query, each with the position of its first fact.

        Whatever cursor and limit the query has: `after` is the position of the last row before.
        """
        ...

    def count(self, query: Query, narrowed: Narrowed, upto: int) -> int:
        """How many rows a narrowed query has, counted up to a number."""
        ...

    def rows(self, table: Table) -> Iterator[tuple[object, ...]]:
        """Every row of a table, column by column, in no particular order."""
        ...

    def unsearchable(self) -> str:
        """The first row that is not found by its own words; "" where all are."""
        ...
