"""Everything that anybody may ask for: by the right people and the wrong ones, of what there is,
of what is only on its way, and of what there is not.

Each way of asking takes two numbers, which choose, and where it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from handheld.application.requests import Request
from handheld.domain import ending, joining, ordering, plan, register, starting, task, task_force
from handheld_events.ids import TaskIds, entry_id, order_id, task_force_id
from handheld_events.orders import PlanOrder, Steps, Target
from handheld_projections.organisation import Post
from tests.properties.history import History
from tests.support_story import sealed

DISTRICT = "330825"
CODES = (DISTRICT, "330825101", "330825102", "330825101264", "330825102200", "330825101264001")
PEOPLE = tuple(f"person-S{n}" for n in range(5))
OFFICER = "person-S9"
ROLES = ("grid_head", "household_contact")
STEPS: tuple[Steps, ...] = (("accept",), ("accept", "report"), ("accept", "report", "verify"))

Where = Literal["here", "there"]
"""At which of two writers."""

KINDS = (
    *("division", "person", "erase", "adopt", "retire", "start", "start_ad_hoc"),
    *("person", "start_ad_hoc", "order", "order", "pull_in", "pull_in"),
    *("stand_down", "close", "close", "entry", "entry", "strike", "correct_task_force"),
    *("deliver", "read", *["accept"] * 4, *["report"] * 4, "decline"),
    *(*["verify"] * 3, "send_back", "send_back", "withdraw", "withdraw", "correct_task"),
)
"""The ways of asking, the usual ones more often."""

T = TypeVar("T")


class Asking:
    """Makes the requests; who asks them comes later."""

    history: History
    at: datetime

    def __init__(self) -> None:
        self.task_forces: list[str] = []
        self.orders: list[tuple[str, str]] = []
        self.entries: list[tuple[str, str]] = []
        self.tasks: list[str] = []

    def ask(self, command: Any, where: Where, actor: str, **meta: Any) -> Request:
        """Keep a request, to be asked together with others."""
        raise NotImplementedError

    # --- the register -------------------------------------------------------------------------------

    def division(self, n: int, m: int, where: Where = "here") -> None:
        """A new division, or another name."""
        code = CODES[n % len(CODES)]
        row = register.DivisionRow(code=code, name=f"{code} {m % 3}")
        self.ask(register.ImportDivisions(rows=(row,)), where, OFFICER)

    def person(self, n: int, m: int, where: Where = "here") -> None:
        """A new person, or other posts."""
        who = PEOPLE[n % len(PEOPLE)]
        chosen = sorted({m % 12, (m // 2) % 12})
        posts = tuple(dict.fromkeys(Post(ROLES[k % 2], CODES[k // 2]) for k in chosen))
        contact = register.Contact(sealed(who)) if m % 3 else None
        row = register.PersonRow(person=who, contact=contact, posts=posts, synthetic=True)
        if who not in self.known_people():
            row = register.PersonRow(
                person=who, contact=register.Contact(sealed(who)), posts=posts, synthetic=True
            )
        self.ask(register.ImportPeople(rows=(row,)), where, OFFICER)

    def known_people(self) -> set[str]:
        """Who is in the register."""
        return {fact.stream for fact in self.history.facts if fact.stream in PEOPLE}

    def erase(self, n: int, m: int, where: Where = "here") -> None:
        """Somebody is erased, which is rare."""
        if m < 15:
            who = PEOPLE[n % len(PEOPLE)]
            self.ask(register.ErasePerson(person=who, reason="本人要求"), where, OFFICER)

    # --- plans and starts ---------------------------------------------------------------------------

    def adopt(self, n: int, m: int, where: Where = "here") -> None:
        """An edition of the plan."""
        to = (Target(role=ROLES[n % 2]),)
        order = PlanOrder(key="visit", text="走访", to=to, steps=STEPS[m % 3])
        command = plan.AdoptPlan(plan="typhoon", title="防台风", division=DISTRICT, orders=(order,))
        self.ask(command, where, OFFICER)

    def retire(self, n: int, m: int, where: Where = "here") -> None:
        """The plan is retired, now and then."""
        if n < 30:
            self.ask(plan.RetirePlan(plan="typhoon", reason="过时"), where, OFFICER)

    def start(self, n: int, m: int, where: Where = "here") -> None:
        """A start from the plan; a drill, now and then."""
        division = CODES[n % 3] if m % 2 else DISTRICT
        command = starting.StartFromPlan(plan="plan-typhoon", division=division)
        self._started(self.ask(command, where, OFFICER, drill=n % 4 == 3))

    def start_ad_hoc(self, n: int, m: int, where: Where = "here") -> None:
        """A start without a plan."""
        orders = (self._order(n, m),)
        command = starting.StartAdHoc(title="火情", division=CODES[n % 3], orders=orders)
        self._started(self.ask(command, where, OFFICER))

    def _started(self, request: Request) -> None:
        self.task_forces.append(task_force_id(request.meta.command))
        self.orders.append((self.task_forces[-1], order_id(request.meta.command, 0)))

    def _order(self, n: int, m: int) -> ordering.Order:
        people = sorted({PEOPLE[m % 4], PEOPLE[n % 4], PEOPLE[-1] if m > 50 else PEOPLE[0]})
        to = (Target(role=ROLES[0]),) if n % 3 == 0 else ()
        return ordering.Order(text="到场", people=tuple(people), to=to, steps=STEPS[m % 3])

    # --- task forces --------------------------------------------------------------------------------

    def _one_of(self, n: int, choices: Sequence[T], default: T) -> T:
        """One of those made last; once in a while there is no such thing."""
        return default if n == 59 or not choices else choices[-1 - n % min(len(choices), 6)]

    def _task_force(self, n: int) -> str:
        return self._one_of(n, self.task_forces, "tf-none")

    def order(self, n: int, m: int, where: Where = "here") -> None:
        """One more order."""
        name = self._task_force(n)
        command = ordering.IssueOrder(task_force=name, order=self._order(n, m))
        request = self.ask(command, where, OFFICER)
        self.orders.append((name, order_id(request.meta.command, 0)))

    def pull_in(self, n: int, m: int, where: Where = "here") -> None:
        """Somebody joins, mostly with a task."""
        name, order = self._one_of(n, self.orders, ("tf-none", "order-none"))
        who = PEOPLE[m % len(PEOPLE)]
        command = joining.PullIn(task_force=name, person=who, order=order if m % 3 else None)
        self.ask(command, where, OFFICER)

    def stand_down(self, n: int, m: int, where: Where = "here") -> None:
        """The response ends, now and then."""
        if m < 40:
            command = ending.StandDown(task_force=self._task_force(n), reason="解除")
            self.ask(command, where, OFFICER)

    def close(self, n: int, m: int, where: Where = "here") -> None:
        """All is done, or is said to be."""
        command = ending.CloseTaskForce(
            task_force=self._task_force(n), outcome="完成", withdraw_open=m < 20
        )
        self.ask(command, where, OFFICER)

    def entry(self, n: int, m: int, where: Where = "here") -> None:
        """An entry."""
        name = self._task_force(n)
        request = self.ask(task_force.MakeEntry(task_force=name, text="到场"), where, OFFICER)
        self.entries.append((name, entry_id(request.meta.command)))

    def strike(self, n: int, m: int, where: Where = "here") -> None:
        """An entry is struck."""
        name, entry = self._one_of(n, self.entries, ("tf-none", "entry-none"))
        command = task_force.StrikeEntry(task_force=name, entry=entry, reason="重复")
        self.ask(command, where, OFFICER)

    def correct_task_force(self, n: int, m: int, where: Where = "here") -> None:
        """A correction."""
        command = task_force.CorrectTaskForce(
            task_force=self._task_force(n), version=m % 5, reason="记错", text="对的"
        )
        self.ask(command, where, OFFICER)

    # --- tasks --------------------------------------------------------------------------------------

    def _task(self, n: int) -> tuple[str, str]:
        """A task with its assignee; now and then one that is on its way, or that there is not."""
        if n % 7 == 0 and self.orders:
            who = PEOPLE[n % 3]
            return TaskIds(self.orders[-1][1]).of(who), who
        stream = "task-none" if n == 59 or not self.tasks else self.tasks[n % len(self.tasks)]
        known = self.history.tasks.get(stream)
        return stream, known.person if known is not None else OFFICER

    def _by_assignee(self, command: task.Command, who: str, m: int, where: Where) -> None:
        """By the assignee; else on behalf of them, by somebody else, or with another time."""
        match m % 8:
            case 0:
                self.ask(command, where, OFFICER, on_behalf_of=who)
            case 1:
                self.ask(command, where, OFFICER)
            case 2:
                early = self.at - timedelta(seconds=300)
                self.ask(command, where, who, occurred_at=early, reported_at=self.at)
            case 3:
                self.ask(command, where, who, occurred_at=self.at + timedelta(seconds=600))
            case _:
                self.ask(command, where, who)

    def deliver(self, n: int, m: int, where: Where = "here") -> None:
        """送达."""
        stream, who = self._task(n)
        self._by_assignee(task.Deliver(task=stream), who, m, where)

    def read(self, n: int, m: int, where: Where = "here") -> None:
        """已读."""
        stream, who = self._task(n)
        self._by_assignee(task.Read(task=stream), who, m, where)

    def accept(self, n: int, m: int, where: Where = "here") -> None:
        """领办."""
        stream, who = self._task(n)
        self._by_assignee(task.Accept(task=stream), who, m, where)

    def report(self, n: int, m: int, where: Where = "here") -> None:
        """回单; without words, now and then."""
        stream, who = self._task(n)
        words = " " if m == 57 else f"好 {m % 3}"
        self._by_assignee(task.Report(task=stream, text=words), who, m, where)

    def decline(self, n: int, m: int, where: Where = "here") -> None:
        """退单."""
        stream, who = self._task(n)
        self._by_assignee(task.Decline(task=stream, reason="在外地"), who, m, where)

    def verify(self, n: int, m: int, where: Where = "here") -> None:
        """核查通过; of one's own report, now and then."""
        stream, who = self._task(n)
        self.ask(task.Verify(task=stream), where, who if m % 6 == 0 else OFFICER)

    def send_back(self, n: int, m: int, where: Where = "here") -> None:
        """退回重办."""
        stream, _ = self._task(n)
        self.ask(task.SendBack(task=stream, reason="不清"), where, OFFICER)

    def withdraw(self, n: int, m: int, where: Where = "here") -> None:
        """撤回."""
        stream, _ = self._task(n)
        self.ask(task.Withdraw(task=stream, reason="不需要"), where, OFFICER)

    def correct_task(self, n: int, m: int, where: Where = "here") -> None:
        """更正."""
        stream, _ = self._task(n)
        command = task.CorrectTask(task=stream, version=m % 6, reason="记错", text="对的")
        self.ask(command, where, OFFICER)
