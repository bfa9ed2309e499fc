"""The tables of the registers in SQLite, and the statements that carry changes into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from eventsourcing.sqlite import SQLiteCursor

from handheld.adapters.pinyin import initials, normal
from handheld_projections.open_tasks import (
    DECLINED,
    IN_PROGRESS,
    WAITING,
)
from handheld_projections.register import REOPENED, Changes
from handheld_projections.register_rows import COLUMNS, Table, Values

SEARCHED: Mapping[Table, tuple[tuple[str, bool], ...]] = {
    "divisions": (("name", True),),
    "people": (("name", True), ("phone", False)),
    "task_forces": (("title", True), ("place", True)),
    "orders": (("text", False),),
    "tasks": (),
    "findings": (("text", True), ("place", True)),
    "warnings": (("headline", True), ("event", True)),
    "concerned": (),
}
"""The columns in which words are looked for, and whether by initials, too."""

_INTEGERS = frozenset(
    {
        "accept_overdue",
        "archived",
        "cancelled",
        "dealt_with",
        "delivered",
        "dispatched_at",
        "drill",
        "ended_at",
        "erased",
        "escalated",
        "expires",
        "last_at",
        "open",
        "ordered",
        "position",
        "received_at",
        "reminded",
        "report_overdue",
        "reported_at",
        "returned",
        "state",
        "started",
        "started_at",
        "synthetic",
        "unit",
        "wants_task_force",
    }
)

INDEXES = (
    "CREATE INDEX register_tasks_force ON register_tasks (task_force)",
    "CREATE INDEX register_tasks_person ON register_tasks (person)",
    "CREATE INDEX register_tasks_division ON register_tasks (division)",
    "CREATE INDEX register_tasks_overdue ON register_tasks (first) "
    "WHERE accept_overdue OR report_overdue",
    "CREATE INDEX register_tasks_department ON register_tasks (department) "
    "WHERE department IS NOT NULL",
    "CREATE INDEX register_tasks_reassigned ON register_tasks (reassigned_to) "
    "WHERE reassigned_to IS NOT NULL",
    "CREATE INDEX register_orders_force ON register_orders (task_force)",
    "CREATE INDEX register_orders_given ON register_orders (given_by) WHERE given_by IS NOT NULL",
    "CREATE INDEX register_orders_passed ON register_orders (passed_on_from) "
    "WHERE passed_on_from IS NOT NULL",
    "CREATE INDEX register_orders_finding ON register_orders (finding) WHERE finding IS NOT NULL",
    "CREATE INDEX register_forces_commander ON register_task_forces (commander)",
    "CREATE INDEX register_findings_reporter ON register_findings (reporter)",
    "CREATE INDEX register_concerned_who ON register_concerned (who)",
    "CREATE TABLE register_warning_divisions (warning TEXT, division TEXT, "
    "PRIMARY KEY (warning, division)) WITHOUT ROWID",
)


def derived(table: Table) -> list[str]:
    """The columns that make the texts of a table searchable."""
    return [
        name
        for column, by_initials in SEARCHED[table]
        for name in (f"{column}_words", *((f"{column}_initials",) if by_initials else ()))
    ]


def create_table(table: Table, name: str) -> str:
    """The statement that makes a table.

    The position of a row's first fact is its place in every list: it never changes.
    """
    key, _, *shown = COLUMNS[table]
    kind = {column: "INTEGER" if column in _INTEGERS else "TEXT" for column in shown}
    columns = [f"{column} {kind[column]}" for column in shown]
    columns += [f"{column} TEXT" for column in derived(table)]
    return (
        f"CREATE TABLE {name} (first INTEGER PRIMARY KEY, {key} TEXT NOT NULL UNIQUE, "
        f"{', '.join(columns)})"
    )


Operation = tuple[str, list[tuple[Any, ...]]]
"""A statement and all the rows for which it is carried out."""


def operations(changes: Changes) -> Iterator[Operation]:
    """What stores these changes: few statements, each for many rows."""
    for table, rows in changes.new.items():
        if rows:
            yield _inserts(table, rows.values())
    for table, rows in changes.changed.items():
        yield from _updates(table, rows)
    yield from _warning_divisions(changes)


def _inserts(table: Table, rows: Iterable[Values]) -> Operation:
    columns = (*COLUMNS[table], *derived(table))
    # The same concern may be told in a later batch, too; of anything else there is one first fact.
    insert = "INSERT OR IGNORE" if table == "concerned" else "INSERT"
    values = f"{insert} INTO register_{table} ({', '.join(columns)}) VALUES ({_marks(columns)})"
    take = itemgetter(*columns)
    return values, [take(_stored(table, row)) for row in rows]


def _updates(table: Table, rows: Mapping[str, Values]) -> Iterator[Operation]:
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for key, values in rows.items():
        stored = _stored(table, values)
        groups.setdefault(tuple(stored), []).append((*stored.values(), key))
    for columns, found in groups.items():
        sets = ", ".join(_SETS.get(column, f"{column}=?") for column in columns)
        yield f"UPDATE register_{table} SET {sets} WHERE {COLUMNS[table][0]}=?", found


_SETS = {REOPENED: f"state=CASE WHEN ? AND state={DECLINED} THEN {WAITING} ELSE {IN_PROGRESS} END"}


def _warning_divisions(changes: Changes) -> Iterator[Operation]:
    said = {
        key: values["divisions"]
        for rows in (changes.new["warnings"], changes.changed["warnings"])
        for key, values in rows.items()
        if "divisions" in values
    }
    if said:
        name = "register_warning_divisions"
        yield f"DELETE FROM {name} WHERE warning=?", [(key,) for key in said]
        pairs = [
            (key, code)
            for key, codes in said.items()
            if isinstance(codes, tuple)
            for code in dict.fromkeys(codes)
        ]
        yield f"INSERT INTO {name} VALUES (?,?)", pairs


def _stored(table: Table, values: Values) -> Values:
    """The values as they are stored, with what makes them searchable."""
    if table == "tasks":
        return values
    stored = {**values, **ready(table, values)}
    divisions = stored.get("divisions")
    if isinstance(divisions, tuple):
        stored["divisions"] = " ".join(divisions)
    return stored


def ready(table: Table, values: Values) -> Values:
    """What makes the texts among these values searchable."""
    made: Values = {}
    for column, by_initials in SEARCHED[table]:
        if column in values:
            text = values[column]
            made[f"{column}_words"] = normal(text) if isinstance(text, str) else None
            if by_initials:
                made[f"{column}_initials"] = initials(text) if isinstance(text, str) else None
    return made


def move_people(c: SQLiteCursor) -> None:
    """Put everybody into a new table: with the old one all its pages are overwritten.

    To overwrite a row is not enough: where rows were moved between pages, copies of them are left.
    """
    c.execute(create_table("people", "register_people_left"))
    c.execute("INSERT INTO register_people_left SELECT * FROM register_people")
    c.execute("DROP TABLE register_people")
    c.execute("ALTER TABLE register_people_left RENAME TO register_people")


def _marks(columns: Iterable[str]) -> str:
    return ", ".join("?" for _ in columns)
