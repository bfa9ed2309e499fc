"""Questions to the registers, as SQL: conditions, words, and pages by the position of a first fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from handheld.adapters.database import Cursor, Engine
from handheld.adapters.registers_reach import narrow
from handheld.adapters.registers_rows import (
    finding_row,
    person_row,
    task_force_row,
    task_row,
    warning_row,
)
from handheld.adapters.registers_where import (
    AMONG,
    Condition,
    Where,
    divisions_named,
    for_engine,
    found_in,
    without_nul,
)
from handheld.application.register_queries import (
    COUNTED,
    FindingQuery,
    Page,
    PeopleQuery,
    Query,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
    cursor_after,
    key_of,
)
from handheld.application.register_reach import EVERYTHING, Narrowed, Unsearched
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

_WHEN = " ".join(f"WHEN {mark}=1 THEN '{mark}'" for mark in FINDING_MARKS)
_FINDING_STATE = f"CASE {_WHEN} ELSE 'open' END"

_SHOWN_STATUS = "CASE WHEN archived=1 AND status='closed' THEN 'archived' ELSE status END"

GATHERED = 100
"""So many people and divisions at most are looked up by index one by one."""

_OVERDUE = f"(accept_overdue=1 OR report_overdue=1) AND state <= {TO_VERIFY}"


class Look(NamedTuple):
    """A transaction that reads, on an engine."""

    cursor: Cursor
    engine: Engine

    def rows(self, statement: str, values: Sequence[Any]) -> list[Sequence[Any]]:
        """What a statement finds."""
        if self.engine == "postgresql":
            values = list(map(without_nul, values))
        return self.cursor.execute(for_engine(statement, self.engine), values).fetchall()


class Statement(NamedTuple, Generic[R]):
    """A query as conditions on a table."""

    table: Table
    where: Where
    row: Callable[..., R]
    oldest_first: bool = False


def page(look: Look, query: Query, statement: Statement[R]) -> Page[R]:
    """Some of the rows that match, and how many do."""
    number = count(look, statement, COUNTED + 1)
    found = scan(look, statement, key_of(query), query.limit + 1)
    shown = found[: query.limit]
    return Page(
        tuple(row for _, row in shown),
        cursor_after(query, shown[-1][0]) if len(found) > query.limit else None,
        min(number, COUNTED),
        number > COUNTED,
    )


def count(look: Look, statement: Statement[Any], upto: int) -> int:
    """How many rows match, counted up to a number."""
    ((number,),) = look.rows(
        f"SELECT count(*) FROM (SELECT 1 FROM register_{statement.table} "
        f"WHERE {statement.where.text()} LIMIT {upto}) AS found",
        statement.where.values,
    )
    return int(number)


def scan(look: Look, statement: Statement[R], after: int | None, limit: int) -> list[tuple[int, R]]:
    """The next rows that match, each with the position of its first fact."""
    table, where, row, oldest_first = statement
    conditions, values = where.text(), list(where.values)
    if after is not None:
        conditions += " AND first > ?" if oldest_first else " AND first < ?"
        values.append(after)
    found = look.rows(
        f"SELECT {', '.join(COLUMNS[table])} FROM register_{table} WHERE {conditions} "
        f"ORDER BY first {'ASC' if oldest_first else 'DESC'} LIMIT ?",
        (*values, limit),
    )
    first = COLUMNS[table].index("first")
    return [(one[first], row(*one)) for one in found]


def statement_of(look: Look, query: Query, narrowed: Narrowed = EVERYTHING) -> Statement[Any]:
    """What a query of any register asks for."""
    hidden = narrowed.unsearched
    match query:
        case TaskForceQuery():
            made: Statement[Any] = task_forces(query, hidden)
        case TaskQuery():
            made = tasks(look, query, hidden)
        case FindingQuery():
            made = findings(query, hidden)
        case WarningQuery():
            made = warnings(query)
        case PeopleQuery():
            made = people(query, hidden)
        case _:
            raise TypeError(query)
    narrow(made.where, made.table, narrowed)
    return made


Hidden = frozenset[Unsearched]


def task_forces(query: TaskForceQuery, hidden: Hidden) -> Statement[TaskForceRow]:
    """Task forces."""
    where = Where()
    where.within("division", query.division)
    where.placed(query, "started_at")
    if query.statuses:  # whatever is archived is found as that, one cancelled as cancelled too
        shown = [f"{_SHOWN_STATUS} = ?" for _ in query.statuses]
        shown += ["archived=1"] if "archived" in query.statuses else []
        where.add(f"({' OR '.join(shown)})", *query.statuses)
    where.one_of("level", query.levels)

    def found(word: str) -> Condition:
        columns = ("title",) if "texts" in hidden else ("title", "place")
        own, own_values = found_in(word, columns, columns)
        orders = ("text",) if hidden.isdisjoint(("texts", "orders")) else ()
        said, said_values = found_in(word, orders, ())
        there, there_values = divisions_named(word)
        return (
            f"({own} OR task_force IN (SELECT task_force FROM register_orders WHERE {said}) "
            f"OR division IN ({there}))",
            [*own_values, *said_values, *there_values],
        )

    where.words(query, found)
    return Statement("task_forces", where, task_force_row)


def tasks(look: Look, query: TaskQuery, hidden: Hidden) -> Statement[TaskRow]:
    """Tasks."""
    where = Where()
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

    where.words(query, lambda word: _tasks_about(look, word, hidden))
    return Statement("tasks", where, task_row, oldest_first=query.sort == "waiting")


def _tasks_about(look: Look, word: str, hidden: Hidden) -> Condition:
    """The condition that a task is about what a word finds.

    What the word finds is looked up first: it is little, and often nothing.
    """

    def keys(statement: str, values: list[Any]) -> list[str]:
        return [row[0] for row in look.rows(statement, values)]

    columns = ("title",) if "texts" in hidden else ("title", "place")
    force, force_values = found_in(word, columns, columns)
    said, said_values = found_in(word, () if "texts" in hidden else ("text",), ())
    people = () if "names" in hidden else ("name",)
    named, named_values = found_in(word, people, people)
    many = {
        "task_force": keys(
            f"SELECT task_force FROM register_task_forces WHERE {force}", force_values
        ),
        "order_id": keys(f"SELECT order_id FROM register_orders WHERE {said}", said_values),
    }
    few = {
        "division": keys(*divisions_named(word)),
        "person": keys(f"SELECT person FROM register_people WHERE {named}", named_values),
    }
    # Those of a few people or divisions are gathered by index. Orders and task forces have
    # thousands each, which are met soon when all tasks are looked through, newest first.
    gathered = not any(many.values()) and sum(map(len, few.values())) <= GATHERED
    mark = "" if gathered else "+"
    found = {column: some for column, some in {**many, **few}.items() if some}
    conditions = [f"{mark}{column} {AMONG}" for column in found]
    return f"({' OR '.join(conditions) or 'FALSE'})", [
        msgspec.json.encode(some).decode() for some in found.values()
    ]


def findings(query: FindingQuery, hidden: Hidden) -> Statement[FindingRow]:
    """Findings."""
    where = Where()
    where.within("division", query.division)
    where.placed(query, "reported_at")
    where.one_of(_FINDING_STATE, query.states)
    where.equal("desk", query.desk)
    where.equal("reporter", query.person)
    where.equal("task_force", query.task_force)
    where.equal("order_id", query.order)
    wants = query.wants_task_force
    where.equal("wants_task_force", None if wants is None else int(wants))

    def found(word: str) -> Condition:
        columns = () if "texts" in hidden else ("text", "place")
        own, own_values = found_in(word, columns, columns[1:])
        there, there_values = divisions_named(word)
        return f"({own} OR division IN ({there}))", [*own_values, *there_values]

    where.words(query, found)
    return Statement("findings", where, finding_row)


def warnings(query: WarningQuery) -> Statement[WarningRow]:
    """Warnings."""
    where = Where()
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

    def found(word: str) -> Condition:
        own, own_values = found_in(word, ("headline", "event"), ("headline", "event"))
        there, there_values = divisions_named(word)
        return (
            f"({own} OR warning IN (SELECT d.warning FROM register_warning_divisions d "
            f"WHERE d.division IN ({there})))",
            [*own_values, *there_values],
        )

    where.words(query, found)
    return Statement("warnings", where, warning_row)


def people(query: PeopleQuery, hidden: Hidden) -> Statement[PersonRow]:
    """People."""
    where = Where()
    columns = ("name",) if "phones" in hidden else ("name", "phone")
    where.words(query, lambda word: found_in(word, columns, ("name",)))
    return Statement("people", where, person_row, oldest_first=True)
