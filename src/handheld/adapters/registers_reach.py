"""Which rows may be somebody's, as conditions: one for each way in which a row can be theirs.

Where somebody's territory is small, what is theirs is gathered by index; where it is a township or
more, rows are looked through newest first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handheld.adapters.registers_where import (
    FEW_DIGITS,
    NOWHERE,
    Condition,
    Where,
    among,
    any_of,
    inside,
)
from handheld.application.register_reach import Narrowed, Reach
from handheld_events.ids import department_stream
from handheld_projections.register_rows import COLUMNS, Table


def narrow(where: Where, table: Table, narrowed: Narrowed) -> None:
    """Only what may be theirs, and what is asked for by its key."""
    reach = narrowed.reach
    if reach is not None and table != "people":
        condition, values = _theirs(table, reach)
        where.add(condition, *values)
    if narrowed.inside is not None:
        condition, values = inside("+division", reach.territories if reach is not None else ())
        where.add(condition if narrowed.inside else f"NOT {condition}", *values)
    if narrowed.only is not None:
        condition, values = among(COLUMNS[table][0], narrowed.only)
        where.add(condition, *values)


def _theirs(table: Table, reach: Reach) -> Condition:
    codes = {*reach.rooms, *(reach.territories if table in _OF_TERRITORY else reach.areas)}
    gathered = all(len(code) > FEW_DIGITS for code in codes)
    ways = _WAYS[table](reach, "division" if gathered else "+division")
    told = [way for way in ways if way[0] != NOWHERE]
    if not gathered or not told:
        return any_of(told)
    arms = " UNION ".join(f"SELECT first FROM register_{table} WHERE {way}" for way, _ in told)
    return f"first IN ({arms})", [value for _, values in told for value in values]


def _task_forces(reach: Reach, division: str) -> list[Condition]:
    me = reach.person
    called = (me, *reach.units, *map(department_stream, reach.answers))
    concerned, who = among("who", called)
    given, by = _given(reach)
    return [
        inside(division, (*reach.areas, *reach.rooms)),
        among(division, reach.above),
        (f"task_force IN (SELECT what FROM register_concerned WHERE {concerned})", who),
        ("task_force IN (SELECT task_force FROM register_tasks WHERE person=?)", [me]),
        (f"task_force IN (SELECT task_force FROM register_orders WHERE order_id IN ({given}))", by),
        ("finding IN (SELECT finding FROM register_findings WHERE reporter=?)", [me]),
    ]


def _tasks(reach: Reach, division: str) -> list[Condition]:
    me = reach.person
    given, by = _given(reach)
    directed, what = _directed(reach)
    unit, units = among("department", reach.departments)
    return [
        ("person=?", [me]),
        inside(division, reach.territories),
        among("department", reach.answers),
        (f"unit=1 AND {unit}", units),
        (
            "task_force IN (SELECT o.task_force FROM register_orders o "
            f"WHERE o.order_id IN ({given})) AND order_id IN ({given})",
            [*by, *by],
        ),
        (f"task_force IN ({directed})", what),
    ]


def _findings(reach: Reach, division: str) -> list[Condition]:
    me = reach.person
    desk, desks = any_of([among("who", (*reach.units, *reach.desks)), inside("who", reach.rooms)])
    directed, what = _directed(reach)
    return [
        ("reporter=?", [me]),
        inside(division, reach.territories),
        (
            f"finding IN (SELECT what FROM register_concerned WHERE part='desk' AND {desk})",
            desks,
        ),
        (
            "finding IN (SELECT finding FROM register_orders WHERE order_id IN "
            "(SELECT order_id FROM register_tasks WHERE person=?))",
            [me],
        ),
        (f"task_force IN ({directed})", what),
    ]


def _warnings(reach: Reach, _division: str) -> list[Condition]:
    here, areas = inside("d.division", reach.areas)
    above, codes = among("d.division", reach.above)
    return [
        (
            "warning IN (SELECT d.warning FROM register_warning_divisions d "
            f"WHERE {here} OR {above})",
            [*areas, *codes],
        ),
        # Of which nobody has said yet where it is for.
        ("divisions=''" if reach.areas else NOWHERE, []),
    ]


_OF_TERRITORY = ("tasks", "findings")
"""Of which what is theirs lies where they oversee; of others also where their department serves."""

_WAYS: Mapping[Table, Callable[[Reach, str], list[Condition]]] = {
    "task_forces": _task_forces,
    "tasks": _tasks,
    "findings": _findings,
    "warnings": _warnings,
}


def _given(reach: Reach) -> Condition:
    """The orders that they gave or passed on, and those about what they reported: a SELECT."""
    return (
        "SELECT order_id FROM register_orders WHERE given_by=? "
        "UNION SELECT order_id FROM register_orders WHERE passed_on_from IN "
        "(SELECT task FROM register_tasks WHERE person=? OR reassigned_to=?) "
        "UNION SELECT order_id FROM register_orders WHERE finding IN "
        "(SELECT finding FROM register_findings WHERE reporter=?)",
        [reach.person] * 4,
    )


def _directed(reach: Reach) -> Condition:
    """The task forces that they may direct: a SELECT."""
    room, rooms = inside("division", reach.rooms)
    lead, leads = among("who", reach.leads)
    return (
        f"SELECT task_force FROM register_task_forces WHERE commander=? UNION SELECT task_force FROM register_task_forces WHERE {room} "
        f"UNION SELECT what FROM register_concerned WHERE part='lead' AND {lead}",
        [reach.person, *rooms, *leads],
    )
