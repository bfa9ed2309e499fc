"""Questions to the registers, as SQL: conditions, words, and pages by the position of a first fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from eventsourcing.sqlite import SQLiteCursor

from handheld.adapters.pinyin import normal, pattern
from handheld.adapters.registers_rows import (
    finding_row,
    person_row,
    task_force_row,
    task_row,
    warning_row,
)
from handheld.application.register_queries import (
    COUNTED,
    FindingQuery,
    Page,
    PeopleQuery,
    Placed,
    Query,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
    cursor_after,
    key_of,
)
from handheld_events.codec import microseconds
from handheld_projections.open_tasks import (
    STATES,
    TO_VERIFY,
)
from handheld_projections.register_rows import (
    COLUMNS,
    FINDING_MARKS,
    FindingRow,
    PersonRow,
    Table,
    TaskForceRow,
    TaskRow,
    WarningRow,
)

R = TypeVar("R")

_WHEN = " ".join(f"WHEN {mark} THEN '{mark}'" for mark in FINDING_MARKS)
_FINDING_STATE = f"CASE {_WHEN} ELSE 'open' END"

_SHOWN_STATUS = "CASE WHEN archived AND status='closed' THEN 'archived' ELSE status END"

FEW_DIGITS = 9
"""A township or a county has so many rows that they are met soon when all are looked through, newest
first; an index by division would first gather them all."""

GATHERED = 100
"""So many people and divisions at most are looked up by index one by one."""

_OVERDUE = f"(accept_overdue OR report_overdue) AND state <= {TO_VERIFY}"


class _Where:
    """Conditions that must all hold, with their values."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.values: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values += values

    def equal(self, column: str, value: Any) -> None:
        if value is not None:
            self.add(f"{column}=?", value)

    def one_of(self, column: str, values: Sequence[Any]) -> None:
        if values:
            self.add(f"{column} IN ({', '.join('?' for _ in values)})", *values)

    def within(self, column: str, division: str | None) -> None:
        """The division and all below it: codes of which its own is a prefix."""
        if division is not None:
            looked_up = column if len(division) > FEW_DIGITS else f"+{column}"
            self.add(f"{looked_up} >= ? AND {looked_up} < ?", division, f"{division}:")

    def placed(self, query: Placed, begun: str) -> None:
        """What those of a territory and a time have in common, but for the territory."""
        self.equal("drill", None if query.drill is None else int(query.drill))
        if query.since is not None:
            self.add(f"{begun} >= ?", microseconds(query.since))
        if query.until is not None:
            self.add(f"{begun} < ?", microseconds(query.until))

    def words(self, query: Query, found: Callable[[str], tuple[str, list[Any]]]) -> None:
        for word in query.words.split():
            condition, values = found(word)
            self.add(condition, *values)

    def text(self) -> str:
        return " AND ".join(self.conditions) or "1"


def _found(word: str, columns: Sequence[str], by_initials: Sequence[str]) -> tuple[str, list[Any]]:
    """The condition that a word is in one of these columns, or its letters are initials there."""
    conditions = [f"instr({column}_words, ?)" for column in columns]
    values: list[Any] = [normal(word)] * len(columns)
    letters = pattern(word)
    if letters is not None:
        conditions += [f"{column}_initials GLOB ?" for column in by_initials]
        values += [letters] * len(by_initials)
    return f"({' OR '.join(conditions)})", values


def _divisions(word: str) -> tuple[str, list[Any]]:
    """The codes of the divisions that a word names, and of all below them."""
    condition, values = _found(word, ("above.name",), ("above.name",))
    return (
        "SELECT below.division FROM register_divisions above JOIN register_divisions below "
        "ON below.division >= above.division AND below.division < above.division || ':' "
        f"WHERE {condition}",
        values,
    )


def _page(
    c: SQLiteCursor,
    query: Query,
    table: Table,
    where: _Where,
    row: Callable[..., R],
    *,
    oldest_first: bool = False,
) -> Page[R]:
    key = key_of(query)
    conditions = where.text()
    c.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM register_{table} WHERE {conditions} "
        f"LIMIT {COUNTED + 1})",
        where.values,
    )
    count = int(c.fetchone()[0])
    values = list(where.values)
    if key is not None:
        conditions += " AND first > ?" if oldest_first else " AND first < ?"
        values.append(key)
    c.execute(
        f"SELECT {', '.join(COLUMNS[table])} FROM register_{table} WHERE {conditions} "
        f"ORDER BY first {'ASC' if oldest_first else 'DESC'} LIMIT ?",
        (*values, query.limit + 1),
    )
    found = c.fetchall()
    shown = found[: query.limit]
    more = len(found) > query.limit
    return Page(
        tuple(row(*one) for one in shown),
        cursor_after(query, shown[-1]["first"]) if more else None,
        min(count, COUNTED),
        count > COUNTED,
    )


def task_forces(c: SQLiteCursor, query: TaskForceQuery) -> Page[TaskForceRow]:
    """A page of task forces."""
    where = _Where()
    where.within("division", query.division)
    where.placed(query, "started_at")
    if query.statuses:  # whatever is archived is found as that, one cancelled as cancelled too
        shown = [f"{_SHOWN_STATUS} = ?" for _ in query.statuses]
        shown += ["archived"] if "archived" in query.statuses else []
        where.add(f"({' OR '.join(shown)})", *query.statuses)
    where.one_of("level", query.levels)

    def found(word: str) -> tuple[str, list[Any]]:
        own, own_values = _found(word, ("title", "place"), ("title", "place"))
        said, said_values = _found(word, ("text",), ())
        there, there_values = _divisions(word)
        return (
            f"({own} OR task_force IN (SELECT task_force FROM register_orders WHERE {said}) "
            f"OR division IN ({there}))",
            [*own_values, *said_values, *there_values],
        )

    where.words(query, found)
    return _page(c, query, "task_forces", where, task_force_row)


def tasks(c: SQLiteCursor, query: TaskQuery) -> Page[TaskRow]:
    """A page of tasks."""
    where = _Where()
    where.within("division", query.division)
    where.placed(query, "dispatched_at")
    where.one_of("state", [STATES.index(state) for state in query.states])
    if query.sort == "waiting":
        where.add(f"state <= {TO_VERIFY}")
    if query.overdue is not None:
        where.add(_OVERDUE if query.overdue else f"NOT ({_OVERDUE})")
    where.equal("department", query.department)
    where.equal("person", query.person)
    where.equal("task_force", query.task_force)
    if query.order is not None:
        # An order is of one task force, whose tasks have an index.
        where.add(
            "order_id=? AND task_force=(SELECT o.task_force FROM register_orders o "
            "WHERE o.order_id=?)",
            query.order,
            query.order,
        )
    where.equal("cancelled", None if query.cancelled is None else int(query.cancelled))

    where.words(query, lambda word: _tasks_about(c, word))
    return _page(c, query, "tasks", where, task_row, oldest_first=query.sort == "waiting")


def _tasks_about(c: SQLiteCursor, word: str) -> tuple[str, list[Any]]:
    """The condition that a task is about what a word finds.

    What the word finds is looked up first: it is little, and often nothing.
    """

    def keys(statement: str, values: list[Any]) -> list[str]:
        c.execute(statement, values)
        return [row[0] for row in c.fetchall()]

    force, force_values = _found(word, ("title", "place"), ("title", "place"))
    said, said_values = _found(word, ("text",), ())
    named, named_values = _found(word, ("name",), ("name",))
    many = {
        "task_force": keys(
            f"SELECT task_force FROM register_task_forces WHERE {force}", force_values
        ),
        "order_id": keys(f"SELECT order_id FROM register_orders WHERE {said}", said_values),
    }
    few = {
        "division": keys(*_divisions(word)),
        "person": keys(f"SELECT person FROM register_people WHERE {named}", named_values),
    }
    # Those of a few people or divisions are gathered by index. Orders and task forces have
    # thousands each, which are met soon when all tasks are looked through, newest first.
    gathered = not any(many.values()) and sum(map(len, few.values())) <= GATHERED
    mark = "" if gathered else "+"
    found = {column: some for column, some in {**many, **few}.items() if some}
    conditions = [f"{mark}{column} IN (SELECT value FROM json_each(?))" for column in found]
    return f"({' OR '.join(conditions) or '0'})", [
        msgspec.json.encode(some).decode() for some in found.values()
    ]


def findings(c: SQLiteCursor, query: FindingQuery) -> Page[FindingRow]:
    """A page of findings."""
    where = _Where()
    where.within("division", query.division)
    where.placed(query, "reported_at")
    where.one_of(_FINDING_STATE, query.states)
    where.equal("desk", query.desk)
    where.equal("reporter", query.person)
    where.equal("task_force", query.task_force)
    where.equal("order_id", query.order)
    wants = query.wants_task_force
    where.equal("wants_task_force", None if wants is None else int(wants))

    def found(word: str) -> tuple[str, list[Any]]:
        own, own_values = _found(word, ("text", "place"), ("place",))
        there, there_values = _divisions(word)
        return f"({own} OR division IN ({there}))", [*own_values, *there_values]

    where.words(query, found)
    return _page(c, query, "findings", where, finding_row)


def warnings(c: SQLiteCursor, query: WarningQuery) -> Page[WarningRow]:
    """A page of warnings."""
    where = _Where()
    where.placed(query, "received_at")
    where.one_of("status", query.statuses)
    where.one_of("level", query.levels)
    where.one_of("source", query.sources)
    if query.division is not None:
        # Those for what lies in it, and those for what it lies in.
        where.add(
            "warning IN (SELECT d.warning FROM register_warning_divisions d "
            "WHERE (d.division >= ? AND d.division < ?) OR instr(?, d.division) = 1)",
            query.division,
            f"{query.division}:",
            query.division,
        )

    def found(word: str) -> tuple[str, list[Any]]:
        own, own_values = _found(word, ("headline", "event"), ("headline", "event"))
        there, there_values = _divisions(word)
        return (
            f"({own} OR warning IN (SELECT d.warning FROM register_warning_divisions d "
            f"WHERE d.division IN ({there})))",
            [*own_values, *there_values],
        )

    where.words(query, found)
    return _page(c, query, "warnings", where, warning_row)


def people(c: SQLiteCursor, query: PeopleQuery) -> Page[PersonRow]:
    """A page of people."""
    where = _Where()
    where.words(query, lambda word: _found(word, ("name", "phone"), ("name",)))
    return _page(c, query, "people", where, person_row, oldest_first=True)
