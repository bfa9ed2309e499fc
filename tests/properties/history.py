"""What every history must keep, whatever was asked for: read from the log alone, fact by fact."""

from __future__ import annotations

from typing import Any

from handheld.application.ports import Log, Row
from handheld.domain import task as tasks
from handheld.domain import task_force as task_forces
from handheld_events import task, task_force
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_projections import board
from handheld_projections.boards import Boards
from handheld_projections.moves import STATES

_MARKS = (task.TaskDelivered, task.TaskRead, task.TaskCorrected)
_ANYWAY = (task_force.EntryMade, task_force.EntryStruck, task_force.TaskForceCorrected)

LEGAL: dict[str, tuple[type, ...]] = {
    "waiting": (*_MARKS, task.TaskAccepted, task.TaskDeclined, task.TaskWithdrawn),
    "in_progress": (
        *_MARKS,
        task.TaskReported,
        task.TaskClosed,
        task.TaskDeclined,
        task.TaskWithdrawn,
    ),
    "to_verify": (
        *_MARKS,
        task.TaskReported,
        task.TaskVerified,
        task.TaskSentBack,
        task.TaskClosed,
        task.TaskWithdrawn,
        task.TaskOvertaken,
    ),
    "closed": (*_MARKS, task.TaskOvertaken),
    "declined": (*_MARKS, task.TaskOvertaken),
    "withdrawn": (*_MARKS, task.TaskOvertaken),
}
"""Which facts may follow in which state of a task."""

LEGAL_OF_TASK_FORCE: dict[str, tuple[type, ...]] = {
    "active": (
        *_ANYWAY,
        task_force.OrderIssued,
        task_force.PersonPulledIn,
        task_force.StoodDown,
        task_force.TaskForceClosed,
    ),
    "stood_down": (*_ANYWAY, task_force.TaskForceClosed),
    "closed": _ANYWAY,
}


class History:
    """Reads on in a log, and holds each fact against what must be."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._reading = Reading()
        self.rows: list[Row] = []
        self.facts: list[Recorded[Any]] = []
        self.tasks: dict[str, tasks.Task] = {}
        self.task_of: dict[str, Recorded[Any]] = {}
        """The dispatch of each task."""
        self.task_forces: dict[str, task_forces.TaskForce] = {}
        self.boards = Boards()
        self._versions: dict[str, int] = {}
        self._marked: set[tuple[str, type]] = set()
        self._verified: set[str] = set()

    @property
    def end(self) -> int:
        """The position reached."""
        return self.rows[-1][0] if self.rows else 0

    def read_on(self) -> None:
        """Take in what is new, and check it."""
        rows = list(self._log.read(self.end, 100_000))
        for row in rows:
            position, stream, version, _, _, recorded_us = row
            assert position > self.end
            assert version == self._versions.get(stream, 0) + 1, f"{stream}: a gap in its versions"
            assert not self.rows or recorded_us >= self.rows[-1][5], "recorded times decreased"
            self._versions[stream] = version
            self.rows.append(row)
            fact = self._reading.fact(*row)
            self.facts.append(fact)
            if stream.startswith("task-"):
                self._task(fact)
            elif stream.startswith("tf-"):
                self._task_force(fact)
        new = self.facts[len(self.facts) - len(rows) :]
        self.boards.apply(new)
        self._whole_commands(new)
        self._ended_task_forces()
        self.check_counts()

    def _task(self, fact: Recorded[Any]) -> None:
        event: task.TaskEvent = fact.event
        known = self.tasks.get(fact.stream)
        if known is None:
            assert isinstance(event, task.TaskDispatched)
            assert fact.task_force in self.task_forces
            self.task_of[fact.stream] = fact
        else:
            first = self.task_of[fact.stream]
            assert type(event) in LEGAL[known.status], f"{event} when {known.status}"
            assert (fact.division, fact.task_force, fact.person) == (
                first.division,
                first.task_force,
                first.person,
            )
            self._guards(fact.stream, known, event)
        self.tasks[fact.stream] = tasks.evolve(known, event)
        assert self.tasks[fact.stream].version == fact.version

    def _guards(self, stream: str, known: tasks.Task, event: task.TaskEvent) -> None:
        """What the state alone does not say."""
        match event:
            case task.TaskDelivered() | task.TaskRead():
                assert (stream, type(event)) not in self._marked, "marked twice"
                self._marked.add((stream, type(event)))
            case task.TaskVerified():
                assert "verify" in known.steps
                self._verified.add(stream)
            case task.TaskClosed():
                assert known.status == "to_verify" or "report" not in known.steps
                assert "verify" not in known.steps or stream in self._verified
            case task.TaskOvertaken():
                status = "reported" if known.status == "to_verify" else known.status
                assert event.because == status
            case task.TaskCorrected():
                assert event.version <= known.version
            case _:
                pass

    def _task_force(self, fact: Recorded[Any]) -> None:
        event: task_force.TaskForceEvent = fact.event
        known = self.task_forces.get(fact.stream)
        if known is None:
            assert isinstance(event, task_force.TaskForceStarted)
        else:
            assert type(event) in LEGAL_OF_TASK_FORCE[known.status], f"{event} when {known.status}"
        self.task_forces[fact.stream] = task_forces.evolve(known, event)

    def _whole_commands(self, new: list[Recorded[Any]]) -> None:
        """A start, an order or an end says how many tasks it touched: all of them are there."""
        for fact in new:
            same = [f for f in new if f.meta.command == fact.meta.command]
            match fact.event:
                case task_force.OrderIssued() as e:
                    given = [
                        f
                        for f in same
                        if isinstance(f.event, task.TaskDispatched) and f.event.order == e.order
                    ]
                    assert len(given) == e.tasks
                case task_force.StoodDown(withdrawn=n) | task_force.TaskForceClosed(withdrawn=n):
                    taken = [f for f in same if isinstance(f.event, task.TaskWithdrawn)]
                    assert len([f for f in taken if f.task_force == fact.stream]) == n
                case _:
                    pass

    def _ended_task_forces(self) -> None:
        """Nobody waits in a task force that has ended."""
        for stream, first in self.task_of.items():
            status = self.tasks[stream].status
            ended = self.task_forces[first.task_force or ""].status
            assert ended == "active" or status != "waiting", f"{stream} waits, {ended}"
            assert ended != "closed" or not tasks.is_open(status), f"{stream} {status}, closed"

    def check_counts(self) -> None:
        """Each tier is the sum of its children and its own; all are the tasks counted one by one."""
        for name, part in self.boards.parts.items():
            counts = part.counts
            mine = [s for s, first in self.task_of.items() if first.task_force == name]
            by_division: board.Counts = {}
            for stream in mine:
                division = self.task_of[stream].division or ""
                here = by_division.setdefault(division, [0] * len(STATES))
                here[STATES.index(self.tasks[stream].status)] += 1
            assert counts == by_division
            for code in {c[:n] for c in counts for n in (6, 9, 12, 15) if n <= len(c)}:
                own = counts.get(code, [0] * len(STATES))
                assert board.total(counts, code) == board.add(
                    [own, *board.by_child(counts, code).values()]
                )
            assert sum(board.total(counts, "")) == len(mine)
