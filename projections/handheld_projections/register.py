"""Registers: the lists of task forces, tasks, findings, warnings and people, as changes of rows.

The fold keeps nothing: what a fact changes follows from the fact alone. The changes of many facts
to one row become one change, so that a rebuild writes a row a few times, not once a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, cast, get_args

import msgspec

from handheld_events.codec import microseconds
from handheld_events.division import DivisionRegistered, DivisionRenamed
from handheld_events.envelope import Recorded
from handheld_events.finding import FindingEvent
from handheld_events.person import PersonContactChanged, PersonErased, PersonRegistered
from handheld_events.task import (
    TaskAccepted,
    TaskAmended,
    TaskCancelled,
    TaskClosed,
    TaskDeclined,
    TaskDelivered,
    TaskDispatched,
    TaskEscalated,
    TaskEvent,
    TaskExtended,
    TaskOverdue,
    TaskReassigned,
    TaskReminded,
    TaskReopened,
    TaskReported,
    TaskSentBack,
    TaskWithdrawn,
)
from handheld_events.task_force import TaskForceEvent
from handheld_events.warning import WarningEvent
from handheld_projections import register_incidents as incidents
from handheld_projections.moves import effect
from handheld_projections.open_tasks import (
    DECLINED,
    IN_PROGRESS,
    WAITING,
)
from handheld_projections.register_rows import COLUMNS, Concern, Table, Values

REOPENED = "reopened"
"""In place of a state: as it was before, a declined task waits again and any other goes on."""

_DONE: Values = {"accept_overdue": 0, "report_overdue": 0, "open": 0}
_ANEW: Values = {"reminded": 0, "escalated": 0}


class Changes(msgspec.Struct):
    """What facts change: rows that are new, and columns of rows that were there before."""

    new: dict[Table, dict[str, Values]]
    changed: dict[Table, dict[str, Values]]
    reopened: set[str]
    """The tasks among them of which it may count what state they were in."""

    @classmethod
    def none(cls) -> Changes:
        """Nothing yet."""
        return cls({table: {} for table in COLUMNS}, {table: {} for table in COLUMNS}, set())

    def insert(self, table: Table, key: str, values: Values) -> None:
        """A row that is new; one that was new before stays as it is."""
        self.new[table].setdefault(key, values)

    def update(self, table: Table, key: str, values: Values) -> None:
        """Other values of a row."""
        mine = self.new[table].get(key)
        if mine is None:
            mine = self.changed[table].get(key)
            if mine is None:
                self.changed[table][key] = dict(values)
                return
        merge(mine, values)


def merge(mine: Values, later: Values) -> None:
    """Take later values into earlier ones, be they a whole row or changes to one."""
    if REOPENED in later:
        if REOPENED in mine:
            del mine[REOPENED]
            mine["state"] = IN_PROGRESS
        elif "state" in mine:
            mine["state"] = WAITING if mine["state"] == DECLINED else IN_PROGRESS
        else:
            mine[REOPENED] = 1
        mine.update((name, value) for name, value in later.items() if name != REOPENED)
        return
    if "state" in later:
        mine.pop(REOPENED, None)
    mine.update(later)


class Register:
    """The fold of the registers."""

    name = "register"
    fold_version = 4
    streams = ("division", "person", "tf", "task", "finding", "warning")

    def changes(self, facts: Iterable[Recorded[Any]], made: Changes | None = None) -> Changes:
        """What these facts change, in log order; those of other streams are passed over.

        `made` is what the facts before them change, if it is not stored yet: it goes on from there.
        """
        made = Changes.none() if made is None else made
        moment: datetime | None = None
        us = 0
        take, fixed = _TAKE.get, _FIXED.get
        new, changed, reopened = made.new["tasks"], made.changed["tasks"], made.reopened
        for fact in facts:
            kind = type(fact.event)
            if fact.recorded_at is not moment:
                moment = fact.recorded_at
                us = microseconds(moment)
            values = fixed(kind)
            if values is None:
                taken = take(kind)
                if taken is not None:
                    taken(made, fact, us)
                continue
            # As `_task` does, without a call: this is what a rebuild does most of the time.
            stream = fact.stream
            if stream in reopened:
                made.update("tasks", stream, values)
            mine = new.get(stream) or changed.get(stream)
            if mine is None:
                mine = changed[stream] = values.copy()
            elif values:
                mine.update(values)
            mine["last_at"] = us
            mine["position"] = fact.position
        return made


class Rows:
    """The rows of the registers in memory: what the changes come to."""

    def __init__(self) -> None:
        self.tables: dict[Table, dict[str, Values]] = {table: {} for table in COLUMNS}

    def apply(self, changes: Changes) -> None:
        """Take changes in; those to rows that are not there come to nothing."""
        for table, rows in changes.new.items():
            for key, values in rows.items():
                self.tables[table].setdefault(key, dict(values))
        for table, rows in changes.changed.items():
            known = self.tables[table]
            for key, values in rows.items():
                if key in known:
                    merge(known[key], values)

    def of(self, table: Table) -> dict[str, tuple[object, ...]]:
        """The rows of a table by key, column by column."""
        names = COLUMNS[table]
        return {
            key: tuple(values[name] for name in names) for key, values in self.tables[table].items()
        }


# --- tasks --------------------------------------------------------------------------------------


def _task(made: Changes, fact: Recorded[Any], us: int) -> None:
    event: TaskEvent = fact.event
    stream = fact.stream
    if isinstance(event, TaskDispatched):
        made.insert("tasks", stream, _dispatched(fact, event, us))
        return
    values = _task_values(event)
    if type(event) not in _TELLING:
        _FIXED[type(event)] = values
    made.update("tasks", stream, values)
    if REOPENED in values:
        made.reopened.add(stream)
    made.update("tasks", stream, {"last_at": us, "position": fact.position})


def _dispatched(fact: Recorded[Any], event: TaskDispatched, us: int) -> Values:
    return {
        "task": fact.stream,
        "first": fact.position,
        "task_force": fact.task_force or "",
        "order_id": event.order,
        "person": event.person,
        "division": fact.division or "",
        "department": event.department,
        "unit": int(event.unit),
        "open": int(event.open),
        "state": WAITING,
        "accept_overdue": 0,
        "report_overdue": 0,
        "delivered": 0,
        "reminded": 0,
        "escalated": 0,
        "dispatched_at": us,
        "drill": int(fact.meta.drill),
        "cancelled": 0,
        "reassigned_to": None,
        "last_at": us,
        "position": fact.position,
    }


_FIXED: dict[type, Values] = {}
"""By type, once seen: what most events change depends on their type alone."""

_TELLING = frozenset((TaskOverdue, TaskReminded, TaskEscalated, TaskReopened, TaskReassigned))
"""The events of which the content counts, too, or what was before."""


def _task_values(event: TaskEvent) -> Values:
    """What an event changes besides the last time: the state of the boards, and marks beside it."""
    values: Values = {}
    state = effect(event).state
    if state is not None:
        values["state"] = state
    values |= _MARKS.get(type(event), _NONE)
    match event:
        case TaskOverdue() as e:
            values["accept_overdue" if e.awaited == "accept" else "report_overdue"] = 1
        case TaskReminded() as e:
            values["reminded"] = e.number
        case TaskEscalated() as e:
            values["escalated"] = e.number
        case TaskReassigned() as e:
            values["reassigned_to"] = e.to
        case TaskReopened():
            values.pop("state", None)  # a declined one waits, a closed one goes on
        case _:
            pass
    return values


_NONE: Values = {}
_MARKS: Mapping[type, Values] = {
    TaskDelivered: {"delivered": 1},
    TaskAccepted: {"accept_overdue": 0, "open": 0, **_ANEW},
    TaskReported: _ANEW,
    TaskSentBack: _ANEW,
    TaskExtended: {"report_overdue": 0},
    TaskAmended: {"accept_overdue": 0, "report_overdue": 0, **_ANEW},
    TaskReopened: {REOPENED: 1, **_ANEW},
    TaskClosed: _DONE,
    TaskDeclined: _DONE,
    TaskWithdrawn: _DONE,
    TaskReassigned: _DONE,
    TaskCancelled: {"cancelled": 1, **_DONE},
}
"""By type: the marks that an event changes. One that is not named changes none, so that most new
events ask nothing here. What is forgotten is found: the tests hold states and marks of every event,
in whatever order, against those of the boards, which the type checker makes complete."""


# --- divisions and people -----------------------------------------------------------------------


def _registered(made: Changes, fact: Recorded[Any], us: int) -> None:
    e = cast(DivisionRegistered, fact.event)
    made.insert("divisions", e.code, {"division": e.code, "first": fact.position, "name": e.name})


def _renamed(made: Changes, fact: Recorded[Any], us: int) -> None:
    e = cast(DivisionRenamed, fact.event)
    made.update("divisions", fact.stream.removeprefix("division-"), {"name": e.name})


def _person_registered(made: Changes, fact: Recorded[Any], us: int) -> None:
    e = cast(PersonRegistered, fact.event)
    made.insert(
        "people",
        fact.stream,
        {
            "person": fact.stream,
            "first": fact.position,
            "name": e.name,
            "phone": e.phone,
            "synthetic": int(e.synthetic),
            "erased": 0,
        },
    )


def _contact_changed(made: Changes, fact: Recorded[Any], us: int) -> None:
    e = cast(PersonContactChanged, fact.event)
    made.update("people", fact.stream, {"name": e.name, "phone": e.phone})


def _person_erased(made: Changes, fact: Recorded[Any], us: int) -> None:
    made.update("people", fact.stream, {"name": None, "phone": None, "erased": 1})


def _incident(
    table: Table, values_of: Callable[[Recorded[Any], int], tuple[bool, Values]]
) -> Callable[[Changes, Recorded[Any], int], None]:
    def take(made: Changes, fact: Recorded[Any], us: int) -> None:
        new, values = values_of(fact, us)
        values["last_at"] = us
        values["position"] = fact.position
        if new:
            made.insert(table, fact.stream, values)
        else:
            made.update(table, fact.stream, values)
        link = incidents.concerned(fact)
        if link is not None:
            _concern(made, fact, *link)

    return take


def _concern(made: Changes, fact: Recorded[Any], who: str, part: Concern) -> None:
    """Told again it is the same concern: the first one stays."""
    key = f"{fact.stream}/{part}/{who}"
    values: Values = {
        "concern": key,
        "first": fact.position,
        "who": who,
        "part": part,
        "what": fact.stream,
    }
    made.insert("concerned", key, values)


_own_row = _incident("task_forces", incidents.task_force)


def _task_force(made: Changes, fact: Recorded[Any], us: int) -> None:
    _own_row(made, fact, us)
    issued = incidents.order(fact)
    if issued is not None:
        new, order, values = issued
        if new:
            made.insert("orders", order, values)
        else:
            made.update("orders", order, values)


_TAKE: Mapping[type, Callable[[Changes, Recorded[Any], int], None]] = {
    DivisionRegistered: _registered,
    DivisionRenamed: _renamed,
    PersonRegistered: _person_registered,
    PersonContactChanged: _contact_changed,
    PersonErased: _person_erased,
    **dict.fromkeys(get_args(TaskForceEvent), _task_force),
    **dict.fromkeys(get_args(TaskEvent), _task),
    **dict.fromkeys(get_args(FindingEvent), _incident("findings", incidents.finding)),
    **dict.fromkeys(get_args(WarningEvent), _incident("warnings", incidents.warning)),
}
"""Which facts are taken in, and how. Posts, rosters, plans and groups are in no register."""
