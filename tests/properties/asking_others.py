"""What can be asked of findings and warnings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handheld.domain import finding_commands as findings
from handheld.domain import task_commands as tasks
from handheld.domain import warning_commands as warnings
from handheld.domain.cap import CapStatus, MsgType
from handheld.domain.starting import StartFromPlan
from handheld_events.ids import cap_warning_id, finding_id, order_id, warning_id
from handheld_events.warning import WARNING_LEVELS, Cap, WarningContent
from tests.properties.asking_forces import PHOTO
from tests.properties.asking_tasks import AskingTasks
from tests.properties.picks import Picks
from tests.properties.places import CODES, PLANS, Where

EVENTS = ("台风", "暴雨", "大雾")
STATUSES: tuple[CapStatus, ...] = ("Actual", "Actual", "Actual", "Exercise", "Test")
TYPES: tuple[MsgType, ...] = ("Alert", "Alert", "Update", "Update", "Cancel", "Ack")


class AskingOthers(AskingTasks):
    """Asks about findings and warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.caps: list[Cap] = []

    # --- findings -----------------------------------------------------------------------------------

    def _at_desk(self, command: Any, pick: Picks, where: Where) -> None:
        self.ask(command, where, self.officer(pick), **self.meta(pick))

    def report_finding(self, pick: Picks, where: Where) -> None:
        """上报; now and then in the course of a task."""
        task, assignee = self.task(pick) if pick.once_in(4) else (None, None)
        command = findings.ReportFinding(
            text="树倒了",
            division=pick.one(CODES),
            place=pick.one((None, "村口")),
            photos=(PHOTO,) if pick.of(2) else (),
            task=task,
        )
        actor = assignee or self.anybody(pick)
        request = self.ask(command, where, actor, drill=pick.once_in(6))
        self.findings.append(finding_id(request.meta.command))

    def add_to_finding(self, pick: Picks, where: Where) -> None:
        """The reporter says more; or somebody else."""
        finding = self.finding(pick)
        reporter = self.history.reporter(finding) or self.anybody(pick)
        command = findings.AddToFinding(finding=finding, text=pick.one(("还在", "挪开了")))
        actor = reporter if pick.of(5) else self.anybody(pick)
        self.ask(command, where, actor, **self.meta(pick))

    def pass_up(self, pick: Picks, where: Where) -> None:
        """上呈."""
        command = findings.PassUp(
            finding=self.finding(pick), reason="人手不够", wants_task_force=bool(pick.of(2))
        )
        self._at_desk(command, pick, where)

    def route(self, pick: Picks, where: Where) -> None:
        """分流."""
        desk = pick.one((*CODES, "department-water", "department-police", "department-none"))
        command = findings.Route(finding=self.finding(pick), desk=desk, reason="归你们")
        self._at_desk(command, pick, where)

    def return_finding(self, pick: Picks, where: Where) -> None:
        """退回."""
        self._at_desk(findings.Return(finding=self.finding(pick), reason="不清"), pick, where)

    def deal_with(self, pick: Picks, where: Where) -> None:
        """已处置."""
        self._at_desk(findings.DealWith(finding=self.finding(pick), text="挪开了"), pick, where)

    def correct_finding(self, pick: Picks, where: Where) -> None:
        """更正."""
        command = findings.CorrectFinding(
            finding=self.finding(pick), version=pick.of(5), reason="记错", text="是两棵"
        )
        self._at_desk(command, pick, where)

    def order_on_finding(self, pick: Picks, where: Where) -> None:
        """It becomes one task or several."""
        name = self.task_force(pick)
        command = findings.OrderOnFinding(
            finding=self.finding(pick), task_force=name, order=self.order_of(pick)
        )
        request = self.ask(command, where, self.officer(pick), **self.meta(pick))
        self.orders.append((name, order_id(request.meta.command, 0)))

    def settle_finding(self, pick: Picks, where: Where) -> None:
        """Somebody says that the order has settled it."""
        ordered = self.history.ordered_findings()
        finding, order = self.last_of(pick, ordered, (), ("finding-none", "order-none"))
        of_order = [told for told in self.history.tasks.values() if told.order == order]
        if pick.of(2):  # left to chance, an order is hardly ever done as a whole
            for told in of_order:
                if told.open:
                    done = tasks.Report(task=told.stream, text="已清障")
                    self.ask(done, where, told.person)
        streams = [told.stream for told in of_order]
        task = pick.one(streams) if streams and pick.of(2) else None
        command = findings.SettleFinding(finding=finding, order=order, task=task)
        self._at_desk(command, pick, where)

    # --- warnings -----------------------------------------------------------------------------------

    def tell_warning(self, pick: Picks, where: Where) -> None:
        """Told by telephone."""
        command = warnings.TellWarning(
            event=pick.one(EVENTS),
            level=pick.one(WARNING_LEVELS),
            divisions=(pick.one(CODES), *pick.some(CODES[1:3])),
            told_by="气象台",
            expires=self.later(pick) if pick.of(2) else None,
        )
        request = self.ask(command, where, self.officer(pick), drill=pick.once_in(5))
        self.warnings.append(warning_id(request.meta.command))

    def raise_warning(self, pick: Picks, where: Where) -> None:
        """Found in data."""
        command = warnings.RaiseWarning(
            event=pick.one(EVENTS),
            level=pick.one(WARNING_LEVELS),
            headline="水电费异常",
            divisions=(pick.one(CODES),),
            expires=self.later(pick) if pick.of(2) else None,
        )
        request = self.ask(command, where, "operator")
        self.warnings.append(warning_id(request.meta.command))

    def receive_cap(self, pick: Picks, where: Where) -> None:
        """A CAP message: an alert, an update, a cancel, in whatever order; a repeat of one before."""
        known = self.caps[-6:]
        if known and pick.once_in(6):
            cap = pick.one(known)
        else:
            sent = self.at - timedelta(seconds=pick.one((0, 60, 3600)))
            cap = Cap(
                sender=pick.one(("a@weather", "b@weather")),
                identifier=f"m{len(self.caps)}",
                sent=sent.replace(microsecond=0),
            )
            self.caps.append(cap)
        status = pick.one(STATUSES)
        content = WarningContent(
            event=pick.one(EVENTS),
            level=pick.one(WARNING_LEVELS),
            headline="台风预警",
            divisions=pick.some(CODES[:3]),
            area=pick.one(("全区", "北部")),
            expires=self.later(pick) if pick.of(2) else None,
        )
        kind = pick.one(TYPES)
        refers = kind in ("Update", "Cancel") and not pick.once_in(8)
        command = warnings.ReceiveCap(
            cap=cap,
            status=status,
            kind=kind,
            references=tuple(
                dict.fromkeys(pick.one(known) for _ in range(1 + pick.of(2)))
                if refers and known
                else ()
            ),
            content=content if pick.of(6) else None,
        )
        drill = (status == "Exercise") != pick.once_in(20)
        self.ask(command, where, "operator", drill=drill)
        self.warnings.append(
            cap_warning_id(cap.sender, cap.identifier, round(cap.sent.timestamp() * 1000))
        )

    def update_warning(self, pick: Picks, where: Where) -> None:
        """Told anew."""
        command = warnings.UpdateWarning(
            warning=self.warning(pick),
            event=pick.one((None, *EVENTS)),
            level=pick.one((None, *WARNING_LEVELS)),
            divisions=pick.one((None, CODES[:1], CODES[1:2])),
            expires=self.later(pick) if pick.of(2) else None,
        )
        self.ask(command, where, self.officer(pick), **self.meta(pick))

    def lift_warning(self, pick: Picks, where: Where) -> None:
        """解除."""
        command = warnings.LiftWarning(warning=self.warning(pick), reason="过去了")
        self.ask(command, where, self.officer(pick))

    def place_warning(self, pick: Picks, where: Where) -> None:
        """A duty officer says where it is for."""
        command = warnings.PlaceWarning(
            warning=self.warning(pick), divisions=(pick.one(CODES), *pick.some(CODES[:2]))
        )
        self.ask(command, where, self.officer(pick))

    def expire_warning(self, pick: Picks, where: Where) -> None:
        """Said to be over, perhaps too early."""
        command = warnings.ExpireWarning(warning=self.warning(pick), due_at=self.later(pick))
        self.ask(command, where, "operator")

    def propose_start(self, pick: Picks, where: Where) -> None:
        """Plans are held against it once more."""
        command = warnings.ProposeStart(warning=self.warning(pick))
        self.ask(command, where, self.officer(pick), **self.meta(pick))

    def decline_proposal(self, pick: Picks, where: Where) -> None:
        """The proposed start is not made."""
        proposed = self.history.proposed()
        warning, plan, division = self.last_of(
            pick, proposed, (), ("warning-none", f"plan-{PLANS[0]}", CODES[0])
        )
        command = warnings.DeclineProposal(
            warning=warning, plan=plan, division=division, reason="影响不到"
        )
        self.ask(command, where, self.officer(pick))

    def start_proposed(self, pick: Picks, where: Where) -> None:
        """The proposed start is made, by two at once perhaps."""
        proposed = self.history.proposed()
        warning, plan, division = self.last_of(
            pick, proposed, (), ("warning-none", f"plan-{PLANS[0]}", CODES[0])
        )
        command = StartFromPlan(plan=plan, division=division, warning=warning)
        self._started(self.ask(command, where, self.officer(pick), drill=pick.once_in(6)))

    def correct_warning(self, pick: Picks, where: Where) -> None:
        """更正."""
        command = warnings.CorrectWarning(
            warning=self.warning(pick), version=pick.of(4), reason="记错", text="对的"
        )
        self.ask(command, where, self.officer(pick), **self.meta(pick))
