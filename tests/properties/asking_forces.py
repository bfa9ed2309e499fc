"""What can be asked of task forces: starts, orders, level, command, people, talk, end."""

from __future__ import annotations

from typing import Any

from handheld.application.requests import Request
from handheld.domain import (
    calling_again,
    directing,
    ending,
    joining,
    ordering,
    starting,
    task_force,
    waves,
)
from handheld_events.forms import Photo
from handheld_events.ids import entry_id, message_id, order_id, task_force_id
from handheld_events.orders import LEVELS
from tests.properties.asking_register import REMINDING, AskingRegister
from tests.properties.picks import Picks
from tests.properties.places import CODES, DEPARTMENTS, DISTRICT, FORMS, PLANS, STEPS, Where

PHOTO = Photo(sha256="0" * 64)


class AskingForces(AskingRegister):
    """Asks about task forces."""

    def order_of(self, pick: Picks) -> ordering.Order:
        """An order, to some people by name and perhaps to others by post."""
        form = pick.one((FORMS[0], *FORMS))
        steps = pick.one(STEPS[2:4] if form and not pick.once_in(20) else STEPS)
        people = self.some_people(pick)
        return ordering.Order(
            text="到场",
            people=people,
            to=(self.target(pick),) if not people or pick.of(2) else (),
            steps=steps,
            accept_within=pick.one((600, None, 3600)),
            report_within=pick.one((3600, None, 7200)),
            form=form,
            open_to=pick.one((None, None, None, 1, 2)),
            remind_accept=pick.one(REMINDING),
            remind_report=pick.one(REMINDING) if "report" in steps else None,
        )

    def finding(self, pick: Picks) -> str:
        """A finding; mostly one that is not settled."""
        known = list(self.history.findings)
        if not pick.once_in(6):
            told = self.history.findings
            known = [name for name in known if told[name].status != "dealt_with"] or known
        return self.last_of(pick, known, self.findings, "finding-none")

    def warning(self, pick: Picks) -> str:
        """A warning."""
        return self.last_of(pick, list(self.history.warnings), self.warnings, "warning-none")

    def _because(self, pick: Picks) -> dict[str, Any]:
        match pick.of(8):
            case 5:
                return {"finding": self.finding(pick), "warning": self.warning(pick)}
            case 6:
                return {"finding": self.finding(pick)}
            case 7:
                return {"warning": self.warning(pick)}
            case _:
                return {}

    def start(self, pick: Picks, where: Where) -> None:
        """A start from a plan; a drill, now and then."""
        command = starting.StartFromPlan(
            plan=f"plan-{pick.one(PLANS)}",
            division=pick.one((DISTRICT, *CODES[:4])),
            level=pick.one((None, None, *LEVELS)),
            again=not pick.once_in(4),
            **self._because(pick),
        )
        drill = pick.once_in(5)
        self._started(self.ask(command, where, self.officer(pick), drill=drill))

    def start_ad_hoc(self, pick: Picks, where: Where) -> None:
        """A start without a plan."""
        command = starting.StartAdHoc(
            title="火情",
            division=pick.one((DISTRICT, *CODES[:4])),
            orders=tuple(self.order_of(pick) for _ in range(1 + pick.of(2))),
            lead=pick.one((None, None, *DEPARTMENTS)),
            **self._because(pick),
        )
        drill = pick.once_in(5)
        self._started(self.ask(command, where, self.officer(pick), drill=drill))

    def _started(self, request: Request) -> None:
        self.task_forces.append(task_force_id(request.meta.command))
        self.orders.append((self.task_forces[-1], order_id(request.meta.command, 0)))

    def order(self, pick: Picks, where: Where) -> None:
        """One more order."""
        name = self.task_force(pick)
        command = ordering.IssueOrder(task_force=name, order=self.order_of(pick))
        request = self.ask(command, where, self.officer(pick), **self.meta(pick))
        self.orders.append((name, order_id(request.meta.command, 0)))

    def _order(self, pick: Picks) -> tuple[str, str]:
        known = self.history.orders()
        if not pick.once_in(4):
            forces = self.history.forces
            known = [one for one in known if forces[one[0]].status == "active"] or known
        return self.last_of(pick, known, self.orders, ("tf-none", "order-none"))

    def amend(self, pick: Picks, where: Where) -> None:
        """变更指令."""
        name, order = self._order(pick)
        command = directing.AmendOrder(
            task_force=name,
            order=order,
            reason="改道",
            text=pick.one(("改走小路", "改走大路", None)),
            steps=pick.one((None, *STEPS)),
            form=pick.one((None, None, ())),
            accept_within=pick.one((None, 300)),
            report_within=pick.one((None, 1800)),
        )
        self.ask(command, where, self.officer(pick))

    def withdraw_order(self, pick: Picks, where: Where) -> None:
        """An order is taken back."""
        name, order = self._order(pick)
        command = directing.WithdrawOrder(task_force=name, order=order, reason="不需要")
        self.ask(command, where, self.officer(pick))

    def release_rest(self, pick: Picks, where: Where) -> None:
        """Somebody asks for what only a reaction should ask for."""
        name, order = self._order(pick)
        self.ask(directing.ReleaseRest(task_force=name, order=order), where, "operator")

    def call_again(self, pick: Picks, where: Where) -> None:
        """Somebody asks for what only a reaction should ask for."""
        name, order = self._order(pick)
        by = "operator" if pick.of(4) else self.anybody(pick)
        self.ask(calling_again.CallAgain(task_force=name, order=order), where, by)

    def tell_unfilled(self, pick: Picks, where: Where) -> None:
        """The same of places that are left, perhaps too early."""
        name, order = self._order(pick)
        command = directing.TellUnfilled(task_force=name, order=order, due_at=self.at)
        self.ask(command, where, "operator")

    def hand_over(self, pick: Picks, where: Where) -> None:
        """移交指挥."""
        command = directing.HandOver(task_force=self.task_force(pick), to=self.anybody(pick))
        self.ask(command, where, self.officer(pick))

    def name_lead(self, pick: Picks, where: Where) -> None:
        """牵头部门."""
        command = directing.NameLead(
            task_force=self.task_force(pick), department=pick.one((*DEPARTMENTS, "none"))
        )
        self.ask(command, where, self.officer(pick))

    def change_level(self, pick: Picks, where: Where) -> None:
        """升级, 降级."""
        command = waves.ChangeLevel(
            task_force=self.task_force(pick), level=pick.one(LEVELS), reason="雨势"
        )
        self.ask(command, where, self.officer(pick))

    def call_foreseen(self, pick: Picks, where: Where) -> None:
        """Somebody asks, perhaps too early, for what a plan foresaw."""
        foreseen = self.history.foreseen()
        name, key, at = self.last_of(pick, foreseen, (), ("tf-none", "first", self.at))
        self.ask(waves.CallForeseen(task_force=name, key=key, at=at), where, self.officer(pick))

    def pull_in(self, pick: Picks, where: Where) -> None:
        """Somebody joins, mostly with a task."""
        name, order = self._order(pick)
        command = joining.PullIn(
            task_force=name,
            person=self.anybody(pick),
            order=order if pick.of(3) else None,
            sees=pick.one(("all", "from_now")),
        )
        self.ask(command, where, self.officer(pick), **self.meta(pick))

    def stand_down(self, pick: Picks, where: Where) -> None:
        """The response ends."""
        command = ending.StandDown(task_force=self.task_force(pick), reason="解除")
        self.ask(command, where, self.officer(pick))

    def close(self, pick: Picks, where: Where) -> None:
        """All is done, or is said to be."""
        command = ending.CloseTaskForce(
            task_force=self.task_force(pick, "active", "stood_down"),
            outcome="完成",
            withdraw_open=pick.once_in(3),
        )
        self.ask(command, where, self.officer(pick), **self.meta(pick))

    def cancel(self, pick: Picks, where: Where) -> None:
        """误发."""
        command = ending.CancelTaskForce(task_force=self.task_force(pick), reason="误发")
        self.ask(command, where, self.officer(pick))

    def reopen_task_force(self, pick: Picks, where: Where) -> None:
        """重开."""
        command = task_force.ReopenTaskForce(
            task_force=self.task_force(pick, "stood_down", "closed"), reason="又来了"
        )
        self.ask(command, where, self.officer(pick))

    def entry(self, pick: Picks, where: Where) -> None:
        """An entry."""
        name = self.task_force(pick)
        command = task_force.MakeEntry(task_force=name, text=pick.one(("到场", "到场", " ")))
        request = self.ask(command, where, self.anybody(pick), **self.meta(pick))
        self.entries.append((name, entry_id(request.meta.command)))

    def strike(self, pick: Picks, where: Where) -> None:
        """An entry is struck."""
        name, entry = self.last_of(pick, self.entries, (), ("tf-none", "entry-none"))
        command = task_force.StrikeEntry(task_force=name, entry=entry, reason="重复")
        self.ask(command, where, self.officer(pick))

    def correct_task_force(self, pick: Picks, where: Where) -> None:
        """A correction."""
        command = task_force.CorrectTaskForce(
            task_force=self.task_force(pick), version=pick.of(5), reason="记错", text="对的"
        )
        self.ask(command, where, self.officer(pick))

    def message(self, pick: Picks, where: Where) -> None:
        """Words, a question, an answer."""
        name = self.task_force(pick)
        earlier = [message for known, message in self.messages if known == name]
        command = task_force.SendMessage(
            task_force=name,
            text="水位多少?",
            photos=(PHOTO,) if pick.of(2) else (),
            to=pick.one((None, DISTRICT, "department-water", "nowhere")),
            question=bool(pick.of(2)),
            answers=pick.one(earlier) if earlier and pick.of(2) else None,
        )
        request = self.ask(command, where, self.anybody(pick))
        self.messages.append((name, message_id(request.meta.command)))

    def rate_task_force(self, pick: Picks, where: Where) -> None:
        """评价."""
        command = task_force.RateTaskForce(
            task_force=self.task_force(pick, "closed"), satisfied=not pick.of(2)
        )
        self.ask(command, where, self.anybody(pick))

    def evaluate_task_force(self, pick: Picks, where: Where) -> None:
        """A superior's evaluation."""
        command = task_force.EvaluateTaskForce(
            task_force=self.task_force(pick, "closed"), score=pick.one((5, 3, 1, 0))
        )
        by = self.officer(pick) if pick.of(3) else self.anybody(pick)
        self.ask(command, where, by)

    def archive(self, pick: Picks, where: Where) -> None:
        """归档."""
        name = self.task_force(pick, "closed", "cancelled")
        command = task_force.ArchiveTaskForce(task_force=name)
        self.ask(command, where, self.officer(pick))
