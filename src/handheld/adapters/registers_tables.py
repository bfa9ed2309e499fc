"""The tables of the registers, and the statements that carry changes into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from handheld.adapters.database import Cursor, Engine
from handheld.adapters.pinyin import initials, normal
from handheld.adapters.registers_where import without_nul
from handheld.adapters.views_store import TYPES
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
        REOPENED,
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
        "first",
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
    "WHERE accept_overdue=1 OR report_overdue=1",
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
)

_WARNING_DIVISIONS = "register_warning_divisions"
TABLES = (*(f"register_{table}" for table in COLUMNS), _WARNING_DIVISIONS)
"""The names of all of them."""


def statements(engine: Engine) -> list[str]:
    """What makes the tables, where there are none."""
    types = TYPES[engine]
    warning_divisions = (
        f"CREATE TABLE {_WARNING_DIVISIONS} (warning {types['text']}, division {types['text']}, "
        f"PRIMARY KEY (warning, division)) {types['by_key']}"
    )
    made = [create_table(table, f"register_{table}", engine) for table in COLUMNS]
    return [*made, warning_divisions, *INDEXES]


def derived(table: Table) -> list[str]:
    """The columns that make the texts of a table searchable."""
    return [
        name
        for column, by_initials in SEARCHED[table]
        for name in (f"{column}_words", *((f"{column}_initials",) if by_initials else ()))
    ]


def create_table(table: Table, name: str, engine: Engine) -> str:
    """The statement that makes a table.

    The position of a row's first fact is its place in every list: it never changes.
    """
    key, _, *shown = COLUMNS[table]
    types = TYPES[engine]
    columns = [f"{column} {types[_kind(column)]}" for column in (*shown, *derived(table))]
    return (
        f"CREATE TABLE {name} (first {types['integer']} PRIMARY KEY, "
        f"{key} {types['text']} NOT NULL UNIQUE, {', '.join(columns)})"
    )


def _kind(column: str) -> str:
    return "integer" if column in _INTEGERS else "text"


class Operation(NamedTuple):
    """A statement for one row, and all the rows for which it is carried out."""

    statement: str
    rows: list[tuple[Any, ...]]
    at_once: str
    """The same for all rows at once, of which the columns are arrays, in PostgreSQL."""

    def carry_out(self, c: Cursor, engine: Engine) -> None:
        """Do it."""
        if engine == "sqlite":
            c.executemany(self.statement, self.rows)
        elif self.rows:
            columns = zip(*self.rows, strict=True)
            c.execute(self.at_once, [list(map(without_nul, column)) for column in columns])


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
    known = " ON CONFLICT DO NOTHING" if table == "concerned" else ""
    into = f"INSERT INTO register_{table} ({', '.join(columns)})"
    take = itemgetter(*columns)
    return Operation(
        f"{into} VALUES ({', '.join('?' for _ in columns)}){known}",
        [take(_stored(table, row)) for row in rows],
        f"{into} SELECT * FROM {_arrays(columns)}{known}",
    )


def _updates(table: Table, rows: Mapping[str, Values]) -> Iterator[Operation]:
    key = COLUMNS[table][0]
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for name, values in rows.items():
        stored = _stored(table, values)
        groups.setdefault(tuple(stored), []).append((*stored.values(), name))
    for columns, found in groups.items():
        update = f"UPDATE register_{table} SET "
        given = [f"new_{column}" for column in (*columns, key)]
        yield Operation(
            f"{update}{', '.join(_set(c, '?') for c in columns)} WHERE {key}=?",
            found,
            f"{update}{', '.join(_set(c, f'new_{c}') for c in columns)} "
            f"FROM {_arrays((*columns, key))} AS given ({', '.join(given)}) WHERE {key}=new_{key}",
        )


def _set(column: str, value: str) -> str:
    if column == REOPENED:
        waiting = f"{value}=1 AND state={DECLINED}"
        return f"state=CASE WHEN {waiting} THEN {WAITING} ELSE {IN_PROGRESS} END"
    return f"{column}={value}"


def _arrays(columns: Iterable[str]) -> str:
    types = {"integer": "bigint", "text": "text"}
    return f"unnest({', '.join(f'?::{types[_kind(column)]}[]' for column in columns)})"


def _warning_divisions(changes: Changes) -> Iterator[Operation]:
    said = {
        key: values["divisions"]
        for rows in (changes.new["warnings"], changes.changed["warnings"])
        for key, values in rows.items()
        if "divisions" in values
    }
    if said:
        name = _WARNING_DIVISIONS
        yield Operation(
            f"DELETE FROM {name} WHERE warning=?",
            [(key,) for key in said],
            f"DELETE FROM {name} WHERE warning=ANY(?::text[])",
        )
        pairs = [
            (key, code)
            for key, codes in said.items()
            if isinstance(codes, tuple)
            for code in dict.fromkeys(codes)
        ]
        yield Operation(
            f"INSERT INTO {name} VALUES (?,?)",
            pairs,
            f"INSERT INTO {name} SELECT * FROM unnest(?::text[], ?::text[])",
        )


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


def move_people(c: Cursor) -> None:
    """Put everybody into a new table of SQLite: with the old one all its pages are overwritten.

    To overwrite a row is not enough: where rows were moved between pages, copies of them are left.
    """
    c.execute(create_table("people", "register_people_left", "sqlite"))
    c.execute("INSERT INTO register_people_left SELECT * FROM register_people")
    c.execute("DROP TABLE register_people")
    c.execute("ALTER TABLE register_people_left RENAME TO register_people")
