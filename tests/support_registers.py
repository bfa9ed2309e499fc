"""Stories told by chance with every event that a register takes in. All people are synthetic."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from handheld.adapters.clock import ClockSetting
from handheld.adapters.database import Database
from handheld.adapters.keyring import FileKeyring
from handheld.adapters.log import found, open_sqlite
from handheld.adapters.registers_store import StoredRegisters
from handheld.adapters.views_store import StoredViews, file_of_views
from handheld.application.ports import Keyring, Log
from handheld.application.register_keeper import RegisterKeeper
from handheld_events import division, finding, person, task, task_force, warning
from handheld_events.envelope import About
from handheld_events.ids import finding_id, order_id, task_force_id, warning_id
from handheld_events.sealed import Sealed
from tests.support_story import CODES, OFFICER, PEOPLE, START, Fact, Facts, Pick

NAMES = ("王小明", "单于乐", "曾重庆", "欧阳长河")
TITLES = ("违章拆除", "台风“烟花”应急专班", "山洪转移")
PLACES = ("双桥乡豆腐作坊", "希塘村村口", None)


def boxed(subject: str, text: str) -> Sealed:
    """A value that looks sealed: whoever opens it in a test reads what is in the box."""
    return Sealed(subject=subject, key="k1", box=text.encode())


class OpenBoxes:
    """A keyring for facts that were never sealed."""

    def seal(self, fields: Any) -> list[Sealed]:
        return [boxed(subject, text) for subject, text in fields]

    def open(self, sealed: Sealed) -> str | None:
        return sealed.box.decode()

    def erase(self, subject: str) -> None:
        raise NotImplementedError


class Incidents(Facts):
    """Anything may follow anything: the fold of the registers must bear it."""

    def __init__(self, pick: Pick, seal: Callable[[str, str], Sealed] = boxed) -> None:
        super().__init__()
        self._pick = pick
        self._seal = seal
        self.forces: list[str] = []
        self.orders: list[tuple[str, str]] = []
        self.tasks: list[str] = []
        self.findings: list[str] = []
        self.warnings: list[str] = []
        self.people: list[str] = []
        self.erased: set[str] = set()
        self.divisions: list[str] = []

    def tell(self, steps: int) -> list[Fact]:
        choices = (
            self.division,
            self.person,
            self.begin,
            self.issue,
            *[self.task_goes_on] * 5,
            self.force_goes_on,
            self.finding,
            self.finding,
            self.warning,
            self.warning,
            lambda: self.wait(self.one((0.5, 60, 4000))),
        )
        for _ in range(steps):
            self.new_command()
            self.one(choices)()
        return self.facts

    def one(self, choices: Any) -> Any:
        return choices[self._pick(len(choices))]

    def division(self) -> None:
        code = self.one(CODES)
        if code in self.divisions:
            event: Any = division.DivisionRenamed(name=self.one(("希塘社区", "双桥乡")))
        else:
            self.divisions.append(code)
            event = division.DivisionRegistered(code=code, name=f"{code[-3:]}村", synthetic=True)
        self.add(f"division-{code}", event, About(division=code))

    def person(self) -> None:
        who = self.one(PEOPLE)
        if who in self.erased:
            return
        name = self._seal(who, self.one(NAMES))
        phone = self._seal(who, f"1380000{self._pick(10_000):04}") if self._pick(2) else None
        if who not in self.people:
            self.people.append(who)
            event: Any = person.PersonRegistered(name=name, phone=phone, synthetic=True)
        elif self._pick(3):
            event = person.PersonContactChanged(name=name, phone=phone)
        else:
            self.erased.add(who)
            event = person.PersonErased(reason="本人要求")
        self.add(who, event, About(division=CODES[0], person=who))

    def begin(self) -> None:
        stream, code = task_force_id(self.command()), self.one(CODES)
        event = task_force.TaskForceStarted(
            title=self.one(TITLES), division=code, organisation_at=0, place=self.one(PLACES)
        )
        about = About(division=code, task_force=stream)
        self.add(stream, event, about, drill=self._pick(4) == 0)
        self.forces.append(stream)

    def issue(self) -> None:
        if not self.forces:
            return
        stream, order = self.one(self.forces), order_id(self.command(), 0)
        people = PEOPLE[: 1 + self._pick(4)]
        words = self.one(("走访联系户", "清通道路"))
        issued = task_force.OrderIssued(
            order=order,
            text=words,
            tasks=len(people),
            given_by=self.one((None, *PEOPLE)),
            passed_on_from=self.one((None, *self.tasks[-3:])),
            finding=self.one((None, *self.findings[-3:])),
        )
        self.add(stream, issued)
        self.orders.append((stream, order))
        drill = next(f for f in self.facts if f.stream == stream).meta.drill
        for who in people:
            self.tasks.append(self.dispatch(stream, order, who, self.one(CODES), drill=drill))

    def task_goes_on(self) -> None:
        if self.tasks:
            self.add(self.one(self.tasks), self.one(self._task_events()))

    def _task_events(self) -> tuple[task.TaskEvent, ...]:
        later = self.now + timedelta(hours=1)
        number = 1 + self._pick(3)
        awaited = self.one(("accept", "report"))
        return (
            task.TaskDelivered(),
            task.TaskRead(),
            task.TaskAccepted(),
            task.TaskEnRoute(),
            task.TaskOnScene(),
            task.HouseholdVisited(household="12", done="已告知"),
            task.TaskReported(text="好"),
            task.TaskVerified(),
            task.TaskClosed(),
            task.TaskSentBack(reason="不清"),
            task.TaskDeclined(reason="在外地"),
            task.TaskWithdrawn(reason="不需要"),
            task.TaskReassigned(to=PEOPLE[0], task="task-x", reason="换人"),
            task.TaskPassedOn(order="order-x", tasks=2),
            task.TaskSuspended(reason="停电"),
            task.TaskResumed(),
            task.TaskExtended(report_by=later, reason="路断"),
            task.TaskReminded(awaited=awaited, number=number),
            task.TaskEscalated(awaited=awaited, number=number, to=None, division=CODES[0]),
            *[task.TaskOverdue(awaited=awaited, due_at=self.now)] * 3,
            task.TaskSupervised(text="盯紧"),
            task.TaskAmended(number=number, steps=("accept", "report")),
            *[task.TaskReopened(reason="没完")] * 2,
            task.TaskRated(satisfied=True),
            task.TaskEvaluated(score=4),
            task.TaskCancelled(reason="误发"),
            task.TaskOvertaken(did="report", because="closed", text="晚了"),
            task.TaskNoticeBegun(rung="sms", number=number),
            task.TaskNoticeAttempted(rung="sms", number=number, result="taken"),
            task.TaskNoticeAnswered(number=number, arrived=True),
            task.TaskCorrected(version=1, reason="记错", text="对的"),
        )

    def force_goes_on(self) -> None:
        if not self.forces:
            return
        stream = self.one(self.forces)
        own = [order for of, order in self.orders if of == stream] or ["order-none"]
        amended = task_force.OrderAmended(
            order=self.one(own), number=1, text="改走北路", reason="塌方", tasks=1
        )
        self.add(
            stream,
            self.one(
                (
                    amended,
                    task_force.LevelChanged(level="II", before="IV", reason="雨大"),
                    task_force.CommandHandedOver(to=self.one(PEOPLE), handed_by=OFFICER),
                    task_force.StoodDown(reason="解除", withdrawn=0),
                    task_force.TaskForceClosed(outcome="完成"),
                    task_force.TaskForceCancelled(reason="误发", tasks=3),
                    task_force.TaskForceReopened(reason="没完"),
                    task_force.TaskForceArchived(),
                    task_force.EntryMade(entry="entry-1", text="到场"),
                    task_force.DepartmentCalled(
                        department=self.one(("water", "fire")),
                        part=self.one(("lead", "responding")),
                    ),
                    task_force.MessageSent(
                        message="message-1", text="守住", to=self.one((None, *CODES[:3]))
                    ),
                    task_force.PersonPulledIn(person=self.one(PEOPLE), division=CODES[0]),
                )
            ),
        )

    def finding(self) -> None:
        if not self.findings or self._pick(3) == 0:
            stream, who, code = finding_id(self.command()), self.one(PEOPLE), self.one(CODES)
            self.findings.append(stream)
            said: Any = finding.FindingReported(
                text="大树横倒路上", division=code, desk=code[:12], place=self.one(PLACES)
            )
            self.add(stream, said, About(division=code, person=who), drill=self._pick(4) == 0)
            return
        desk = self.one((*CODES[:3], "department-yingji"))
        events: tuple[finding.FindingEvent, ...] = (
            finding.FindingPassedUp(desk=desk, reason="无设备", wants_task_force=True),
            finding.FindingPassedUp(desk=desk, reason="无设备"),
            finding.FindingRouted(desk=desk, reason="归口"),
            finding.FindingReturned(reason="说清楚"),
            finding.FindingAdded(text="在村口"),
            finding.FindingDealtWith(text="已清通"),
            finding.FindingOrdered(task_force_started="tf-x", order="order-x"),
            finding.FindingStarted(task_force_started="tf-y"),
            finding.FindingPutBack(task_force="tf-y", reason="误发", ordered=True),
            finding.FindingPutBack(task_force="tf-y", reason="误发"),
            finding.FindingCorrected(version=1, reason="听错", text="电线杆横倒路上"),
        )
        self.add(self.one(self.findings), self.one(events))

    def warning(self) -> None:
        codes = tuple(dict.fromkeys(self.one(CODES) for _ in range(self._pick(3))))
        content = warning.WarningContent(
            event=self.one(("台风", "山洪")),
            level=self.one(warning.WARNING_LEVELS),
            headline=self.one(("台风红色预警", "山洪灾害黄色预警")),
            divisions=codes,
            expires=START + timedelta(days=1) if self._pick(2) else None,
        )
        if not self.warnings or self._pick(3) == 0:
            stream = warning_id(self.command())
            self.warnings.append(stream)
            event: Any = warning.WarningReceived(source="telephone", content=content)
            self.add(stream, event, drill=self._pick(4) == 0)
            return
        events: tuple[warning.WarningEvent, ...] = (
            warning.WarningUpdated(content=content),
            warning.WarningCancelled(reason="解除"),
            warning.WarningExpired(due_at=self.now),
            warning.WarningPlaced(divisions=codes),
            warning.WarningCorrected(version=1, reason="听错", text="对的"),
        )
        self.add(self.one(self.warnings), self.one(events))


class Shelf(NamedTuple):
    """A real log, real views, and registers on them."""

    log: Log
    views: StoredViews
    keyring: Keyring

    def registers(self) -> StoredRegisters:
        return StoredRegisters(self.views, self.log)

    def keeper(self) -> RegisterKeeper:
        return RegisterKeeper(self.log, self.registers(), self.keyring)


@contextmanager
def shelf(
    path: Path, *, sealing: bool = False, database: Database | None = None
) -> Generator[Shelf]:
    """Files of their own in a directory; with a keyring that seals, or with open boxes.

    The views are in a `database` where one is given.
    """
    path.mkdir(parents=True, exist_ok=True)
    app = open_sqlite(path / "log.db", synchronous="OFF")
    if app.port.end() == 0:
        found(app, "0123456789abcdef", ClockSetting())
    keyring = FileKeyring(path / "keyring.db") if sealing else None
    if database is None:
        views = file_of_views(path / "views.db", app.port)
    else:
        views = StoredViews(database, app.port)
    try:
        yield Shelf(app.port, views, keyring or OpenBoxes())
    finally:
        views.close()
        if keyring is not None:
            keyring.close()
        app.close()
