"""What every history must keep, whatever was asked for: read from the log alone, fact by fact."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from handheld.application.loading import EVOLVE
from handheld.application.ports import Log, Row
from handheld_events import department, division, person, task, task_force
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.forms import Form
from handheld_projections.boards import Boards
from handheld_projections.organisation import Post
from tests.properties.told_others import ToldFinding, ToldForce, ToldWarning
from tests.properties.told_task import ToldTask

Key = tuple[str, str]
"""Actor and command."""
MAY_BE_DRILLS = ("tf", "task", "finding", "warning")


class History:
    """Reads on in a log, and holds each fact against what must be."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._reading = Reading()
        self.rows: list[Row] = []
        self.facts: list[Recorded[Any]] = []
        self.of_command: dict[Key, list[Recorded[Any]]] = {}
        self.tasks: dict[str, ToldTask] = {}
        self.forces: dict[str, ToldForce] = {}
        self.findings: dict[str, ToldFinding] = {}
        self.warnings: dict[str, ToldWarning] = {}
        self.boards = Boards()
        self._states: dict[str, Any] = {}
        self._versions: dict[str, int] = {}
        self._posts: dict[str, list[Post]] = {}
        self.rosters: dict[Post, tuple[division.Shift, ...]] = {}
        self.duty: dict[Post, tuple[str, datetime]] = {}
        """Who took the duty of a post last, and when."""
        self.dissolved: set[str] = set()
        """Departments that are no more."""

    def go_on_with(self, log: Log) -> None:
        """Read on in the same log, opened anew."""
        self._log = log

    @property
    def end(self) -> int:
        """The position reached."""
        return self.rows[-1][0] if self.rows else 0

    def read_on(self) -> None:
        """Take in what is new, and check it."""
        new = []
        for row in self._log.read(self.end, 100_000):
            position, stream, version, _, _, recorded_us = row
            assert position > self.end
            assert version == self._versions.get(stream, 0) + 1, f"{stream}: a gap in its versions"
            assert not self.rows or recorded_us >= self.rows[-1][5], "recorded times decreased"
            self._versions[stream] = version
            self.rows.append(row)
            fact = self._reading.fact(*row)
            self.facts.append(fact)
            new.append(fact)
            key = (fact.meta.actor, fact.meta.command)
            self.of_command.setdefault(key, []).append(fact)
            self._take(fact)
        self.boards.apply(new)
        for key in dict.fromkeys((fact.meta.actor, fact.meta.command) for fact in new):
            self._whole(self.of_command[key])
        self._together()

    def _take(self, fact: Recorded[Any]) -> None:
        stream = fact.stream
        kind = stream.partition("-")[0]
        known = self._states.get(stream)
        evolve = EVOLVE.get(kind)
        if evolve is not None:
            self._states[stream] = evolve(known, fact.event)
        assert kind in MAY_BE_DRILLS or not fact.meta.drill, f"{fact.event_id}: a drill in earnest"
        match kind:
            case "task":
                self._task(fact)
            case "tf":
                self._of(self.forces, ToldForce, fact)
                if fact.version == 1:
                    assert fact.task_force == stream
            case "finding":
                self._of(self.findings, ToldFinding, fact)
            case "warning":
                self._of(self.warnings, ToldWarning, fact)
            case "person":
                self._person(fact)
            case "department":
                if isinstance(fact.event, department.DepartmentDissolved):
                    self.dissolved.add(stream.removeprefix("department-"))
            case "division":
                self._division(stream.removeprefix("division-"), fact)
            case _:
                pass

    def _of(self, told: Any, kind: Any, fact: Recorded[Any]) -> None:
        known = told.get(fact.stream)
        if known is None:
            told[fact.stream] = kind(fact)
        else:
            assert known.drill == fact.meta.drill, f"{fact.event_id}: drill and real mixed"
            known.take(fact)

    def _task(self, fact: Recorded[Any]) -> None:
        told = self.tasks.get(fact.stream)
        if told is None:
            told = self.tasks[fact.stream] = ToldTask(fact)
            force = self.forces[told.task_force]
            assert told.drill == force.drill, f"{fact.event_id}: drill and real mixed"
            assert told.order in force.orders
            return
        assert told.drill == fact.meta.drill, f"{fact.event_id}: drill and real mixed"
        told.take(fact, {"accept": self.accept_by(told), "report": self.report_by(told)})
        state = self._states[fact.stream]
        assert (state.status, state.version) == (told.status, fact.version)

    def _division(self, code: str, fact: Recorded[Any]) -> None:
        match fact.event:
            case division.RosterSet() as e:
                self.rosters[Post(e.role, code, e.department)] = e.shifts
            case division.DutyTaken() as e:
                post = Post(e.role, code, e.department)
                assert post in self._posts[e.person], f"{fact.event_id}: not their post"
                self.duty[post] = (e.person, fact.recorded_at)
            case _:
                pass

    def _person(self, fact: Recorded[Any]) -> None:
        posts = self._posts.setdefault(fact.stream, [])
        match fact.event:
            case person.PostTaken() as e:
                posts.append(Post(e.role, e.division, e.department))
            case person.PostLeft() as e:
                posts.remove(Post(e.role, e.division, e.department))
            case person.PersonErased():
                posts.clear()
            case _:
                pass

    # --- what holds of whole commands, and of all together -----------------------------------------

    def _whole(self, same: list[Recorded[Any]]) -> None:
        """A start, an order or an end says how many tasks it touched: all of them are there."""
        assert len({fact.recorded_at for fact in same}) == 1
        events = [fact.event for fact in same]
        for event in events:
            match event:
                case task_force.OrderIssued():
                    given = [
                        e.person
                        for e in events
                        if isinstance(e, task.TaskDispatched) and e.order == event.order
                    ]
                    assert len(given) == len(set(given)) == event.tasks, "nobody twice in one order"
                case task_force.StoodDown(withdrawn=n) | task_force.TaskForceClosed(withdrawn=n):
                    assert sum(isinstance(e, task.TaskWithdrawn) for e in events) == n
                case task_force.OrderWithdrawn():
                    # Those passed on from it go with it.
                    n = sum(e.withdrawn for e in events if isinstance(e, task_force.OrderWithdrawn))
                    assert sum(isinstance(e, task.TaskWithdrawn) for e in events) == n
                case task_force.LevelChanged(withdrawn=n):
                    assert sum(isinstance(e, task.TaskWithdrawn) for e in events) == n
                case task_force.OrderAmended(tasks=n):
                    assert sum(isinstance(e, task.TaskAmended) for e in events) == n
                case task_force.TaskForceCancelled(tasks=n):
                    assert sum(isinstance(e, task.TaskCancelled) for e in events) == n
                case task.TaskReassigned():
                    assert [f.stream for f in same if isinstance(f.event, task.TaskDispatched)] == [
                        event.task
                    ]
                case _:
                    pass

    def _together(self) -> None:
        """Nobody waits in a task force that has ended; nobody has one thing to do twice."""
        for told in self.tasks.values():
            ended = self.forces[told.task_force].status
            # What is under way when the response ends is finished, by somebody else if need be.
            finishes = ended == "stood_down" and told.replaces is not None
            waits = told.status == "waiting" and not finishes
            assert ended == "active" or not waits, f"{told.stream} waits, {ended}"
            over = ended in ("closed", "cancelled")
            over = over or told.order in self.forces[told.task_force].withdrawn
            assert not (over and told.open), f"{told.stream} {told.status}, {ended}"
        busy = Counter((told.order, told.person) for told in self.tasks.values() if told.open)
        twice = [who for who, many in busy.items() if many > 1]
        assert not twice, f"twice the same to do: {twice}"
        for told_warning in self.warnings.values():
            for force in told_warning.started.values():
                assert self.forces[force].drill == told_warning.drill
        for told_finding in self.findings.values():
            for force in told_finding.task_forces:
                assert self.forces[force].drill == told_finding.drill
            for order in told_finding.orders:
                (ordering,) = [f for f in self.forces.values() if order in f.orders]
                assert ordering.drill == told_finding.drill

    # --- what is known, for whoever asks ------------------------------------------------------------

    def accept_by(self, told: ToldTask) -> datetime | None:
        """By when a task is to be accepted."""
        return told.accept_by or self.forces[told.task_force].accept_by[told.order]

    def report_by(self, told: ToldTask) -> datetime | None:
        """By when a task is to be reported."""
        return told.report_by or self.forces[told.task_force].report_by[told.order]

    def form(self, told: ToldTask) -> Form:
        """What a report of the task is asked."""
        return self.forces[told.task_force].form[told.order] if told.form else ()

    def orders(self) -> list[tuple[str, str]]:
        """Task force and order of all that was issued."""
        return [(force.stream, order) for force in self.forces.values() for order in force.orders]

    def foreseen(self) -> list[tuple[str, str, datetime]]:
        """What is still to be called at a time."""
        return [
            (force.stream, key, at)
            for force in self.forces.values()
            for key, at in force.foreseen.items()
            if at is not None
        ]

    def posts(self) -> dict[str, list[Post]]:
        """Who holds what."""
        return self._posts

    def shifts(self, post: Post) -> list[datetime]:
        """When the turns of a roster begin."""
        return [shift.begins for shift in self.rosters.get(post, ())]

    def reporter(self, stream: str) -> str | None:
        """Who reported a finding."""
        known = self.findings.get(stream)
        return known.reporter if known is not None else None

    def ordered_findings(self) -> list[tuple[str, str]]:
        """Findings and the orders given about them."""
        return [(f.stream, order) for f in self.findings.values() for order in f.orders]

    def proposed(self) -> list[tuple[str, str, str]]:
        """Warning, plan and division of the starts that wait for an answer."""
        return [(w.stream, *key) for w in self.warnings.values() for key in sorted(w.proposed)]
