"""Keeps the registers: rows in SQL that follow the log, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from handheld.application.following import Batch, Progress, batches
from handheld.application.ports import Keyring, Log, Registers, ViewsMoved, ViewsUnwritable
from handheld.application.register_queries import (
    FindingQuery,
    Page,
    PeopleQuery,
    Query,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
    check,
)
from handheld.application.register_reach import Narrowed
from handheld.application.stored_fold import StoredFold, Writes
from handheld_events.sealed import Sealed
from handheld_projections.register import Changes, Register, Rows
from handheld_projections.register_rows import (
    COLUMNS,
    FindingRow,
    PersonRow,
    TaskForceRow,
    TaskRow,
    Values,
    WarningRow,
)

FOLD = f"{Register.name}.{Register.fold_version}"

STORED_TOGETHER = 64
"""So many batches make one transaction when there is much to catch up with."""

Q = TypeVar("Q", bound=Query)


class RegisterKeeper(StoredFold):
    """The registers of one log: the rows that a batch changes are stored with its position.

    Names are opened with the keyring, for nobody can search what is sealed; the store forgets them
    for good when somebody is erased.
    """

    def __init__(
        self, log: Log, registers: Registers, keyring: Keyring, writes: Writes | None = None
    ) -> None:
        self._log = log
        self._registers = registers
        self._keyring = keyring
        self._register = Register()
        super().__init__(writes)

    def _stored_position(self) -> int:
        return self._registers.cursor()

    _take_up = _stored_position

    def catch_up(self, upto: int | None = None, progress: Progress | None = None) -> int:
        """Take in what the log has after the position reached; gives the new position.

        Many batches are stored together: what they change in one row is one change then.
        """
        if self._rests():
            return self.position
        made, behind, last = Changes.none(), 0, None
        for batch in batches(self._log, self.position, upto):
            # Folded at once, while what was decoded is still in the cache.
            made, behind, last = self._register.changes(batch.facts, made), behind + 1, batch
            if behind == STORED_TOGETHER or batch.unreadable is not None:
                self._store(made, batch)
                made, behind, last = Changes.none(), 0, None
                if progress is not None:
                    progress(batch.upto)
            if batch.unreadable is not None and batch.unreadable[1] in Register.streams:
                return self.position
        if last is not None:
            self._store(made, last)
        return self.position

    def take(self, batch: Batch) -> None:
        """Take in a batch that begins right after the position reached.

        Raises ViewsUnwritable, ViewsMoved; nothing is stored then.
        """
        if not self._rests():
            self._store(self._register.changes(batch.facts), batch)

    def _store(self, changes: Changes, last: Batch) -> None:
        open_names(changes, self._keyring)
        if last.upto > self.position:
            try:
                self._registers.write(last.upto, changes, after=self.position)
            except (ViewsUnwritable, ViewsMoved):
                self._current = False
                raise
        self._reached(last, Register.streams, FOLD)

    # --- questions: each raises Malformed for a query that makes no sense -----------------------

    def task_forces(self, query: TaskForceQuery) -> Page[TaskForceRow]:
        """A page of task forces."""
        return self._registers.task_forces(_checked(query))

    def tasks(self, query: TaskQuery) -> Page[TaskRow]:
        """A page of tasks."""
        return self._registers.tasks(_checked(query))

    def findings(self, query: FindingQuery) -> Page[FindingRow]:
        """A page of findings."""
        return self._registers.findings(_checked(query))

    def warnings(self, query: WarningQuery) -> Page[WarningRow]:
        """A page of warnings."""
        return self._registers.warnings(_checked(query))

    def people(
        self, words: str = "", *, limit: int = 50, cursor: str | None = None
    ) -> Page[PersonRow]:
        """A page of people, in plaintext: for those who may read names."""
        return self._registers.people(
            _checked(PeopleQuery(words=words, limit=limit, cursor=cursor))
        )

    def scan(
        self, query: Query, narrowed: Narrowed, after: int | None, limit: int
    ) -> Sequence[tuple[int, Any]]:
        """The next rows of a narrowed query, each with the position of its first fact.

        Names and telephone numbers are in plaintext, whoever asks.
        """
        return self._registers.scan(_checked(query), narrowed, after, limit)

    def count(self, query: Query, narrowed: Narrowed, upto: int) -> int:
        """How many rows a narrowed query has, counted up to a number."""
        return self._registers.count(_checked(query), narrowed, upto)


def _checked(query: Q) -> Q:
    check(query)
    return query


def open_names(changes: Changes, keyring: Keyring) -> None:
    """Put the plaintext in the place of the sealed values; whose key is gone is erased."""
    for rows in (changes.new["people"], changes.changed["people"]):
        for values in rows.values():
            _open(values, keyring)


def _open(values: Values, keyring: Keyring) -> None:
    sealed = values.get("name")
    if not isinstance(sealed, Sealed):
        return
    name = keyring.open(sealed)
    phone = values.get("phone")
    if name is None:
        values |= {"name": None, "phone": None, "erased": 1}
    else:
        values["name"] = name
        values["phone"] = keyring.open(phone) if isinstance(phone, Sealed) else None


def differences(log: Log, registers: Registers, keyring: Keyring) -> tuple[int, str]:
    """Make all rows again from the log, as far as the registers have come, and compare.

    Gives how many rows there ought to be, and the first difference; "" where there is none.
    Everything is in memory at once: some hundred bytes a task.
    """
    upto = registers.cursor()
    made, register = Rows(), Register()
    for batch in batches(log, 0, upto):
        changes = register.changes(batch.facts)
        open_names(changes, keyring)
        made.apply(changes)
    found = registers.unsearchable()
    count = 0
    for table in COLUMNS:
        expected = made.of(table)
        count += len(expected)
        for row in registers.rows(table):
            if expected.pop(str(row[0]), None) != row and not found:
                found = f"{table} {row[0]}"
        if expected and not found:
            found = f"{table} {min(expected)}"
    return count, found
