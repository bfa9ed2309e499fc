"""What can be asked of tasks: by the assignee, on their behalf, by others, by whoever should not."""

from __future__ import annotations

from typing import Any

from handheld.domain import notice_commands, passing_on, reassigning, task, time_rules
from handheld_events.forms import Filled
from handheld_events.ids import order_id
from handheld_events.orders import Awaited
from handheld_events.task import NoticeResult, Rung
from tests.properties.asking_forces import PHOTO, AskingForces
from tests.properties.picks import Picks
from tests.properties.places import OFFICER, STEPS, Where

WORDS = ("好", "好了", "好", " ")
STEP: tuple[Awaited, ...] = ("accept", "report")
RUNG: tuple[Rung, ...] = ("web_push", "messenger", "sms", "call_list")
RESULT: tuple[NoticeResult, ...] = ("taken", "refused", "failed", "unknown", "skipped")


class AskingTasks(AskingForces):
    """Asks about tasks."""

    def _by_assignee(self, command: Any, who: str, pick: Picks, where: Where) -> None:
        """By the assignee; else on behalf of them, or by somebody else."""
        meta = self.meta(pick)
        match pick.of(8):
            case 6:
                self.ask(command, where, OFFICER, on_behalf_of=who, **meta)
            case 7:
                self.ask(command, where, self.anybody(pick), **meta)
            case _:
                self.ask(command, where, who, **meta)

    def _by_other(self, command: Any, who: str, pick: Picks, where: Where) -> None:
        """By somebody else; now and then by the assignee."""
        self.ask(command, where, who if pick.once_in(8) else self.officer(pick), **self.meta(pick))

    def deliver(self, pick: Picks, where: Where) -> None:
        """送达."""
        stream, who = self.task(pick)
        self._by_assignee(task.Deliver(task=stream), who, pick, where)

    def read(self, pick: Picks, where: Where) -> None:
        """已读."""
        stream, who = self.task(pick)
        self._by_assignee(task.Read(task=stream), who, pick, where)

    def accept(self, pick: Picks, where: Where) -> None:
        """领办."""
        stream, who = self.task(pick)
        self._by_assignee(task.Accept(task=stream), who, pick, where)

    def decline(self, pick: Picks, where: Where) -> None:
        """退单; now and then by somebody who had claimed a place that others wanted."""
        stream, who = self._with_a_place(pick) if pick.once_in(3) else self.task(pick)
        self._by_assignee(task.Decline(task=stream, reason="在外地"), who, pick, where)

    def _with_a_place(self, pick: Picks) -> tuple[str, str]:
        claimed = {s for f in self.history.forces.values() for c in f.claimed.values() for s in c}
        told = [one for one in self.history.tasks.values() if one.open and one.stream in claimed]
        if not told:
            return self.task(pick)
        chosen = pick.one(told)
        return chosen.stream, chosen.person

    def go_en_route(self, pick: Picks, where: Where) -> None:
        """出发."""
        stream, who = self.task(pick)
        self._by_assignee(task.GoEnRoute(task=stream), who, pick, where)

    def reach_scene(self, pick: Picks, where: Where) -> None:
        """到场."""
        stream, who = self.task(pick)
        self._by_assignee(task.ReachScene(task=stream), who, pick, where)

    def visit(self, pick: Picks, where: Where) -> None:
        """走访."""
        stream, who = self.task(pick)
        command = task.Visit(
            task=stream,
            household=pick.one(("1", "2", "3")),
            done="查看房屋",
            satisfied=pick.one((True, False, None)),
        )
        self._by_assignee(command, who, pick, where)

    def report(self, pick: Picks, where: Where) -> None:
        """回单; without words, or what the form asks for, now and then."""
        stream, who = self.task(pick)
        told = self.history.tasks.get(stream)
        form = self.history.form(told) if told is not None else ()
        asked = {field.key for field in form}
        filled = Filled(
            numbers={"moved": pick.of(4)} if "moved" in asked and not pick.once_in(8) else {},
            choices={"road": pick.one(("通", "断"))} if "road" in asked and pick.of(2) else {},
        )
        photos = (PHOTO,) if pick.once_in(4) else ()
        command = task.Report(task=stream, text=pick.one(WORDS), filled=filled, photos=photos)
        self._by_assignee(command, who, pick, where)

    def verify(self, pick: Picks, where: Where) -> None:
        """核查通过; of one's own report, now and then."""
        stream, who = self.task(pick, "to_verify")
        self._by_other(task.Verify(task=stream), who, pick, where)

    def send_back(self, pick: Picks, where: Where) -> None:
        """退回重办."""
        stream, who = self.task(pick, "to_verify")
        self._by_other(task.SendBack(task=stream, reason="不清"), who, pick, where)

    def withdraw(self, pick: Picks, where: Where) -> None:
        """撤回."""
        stream, who = self.task(pick)
        self._by_other(task.Withdraw(task=stream, reason="不需要"), who, pick, where)

    def suspend(self, pick: Picks, where: Where) -> None:
        """挂起."""
        stream, who = self.task(pick)
        until = self.later(pick) if pick.of(2) else None
        self._by_other(task.Suspend(task=stream, reason="路断", until=until), who, pick, where)

    def resume(self, pick: Picks, where: Where) -> None:
        """It goes on."""
        waits = [one for one in self.history.tasks.values() if one.suspended is not None]
        stream, who = (waits[-1].stream, waits[-1].person) if waits else self.task(pick)
        self._by_other(task.Resume(task=stream), who, pick, where)

    def extend(self, pick: Picks, where: Where) -> None:
        """延期."""
        stream, who = self.task(pick)
        command = task.Extend(task=stream, report_by=self.later(pick), reason="雨大")
        self._by_other(command, who, pick, where)

    def remind(self, pick: Picks, where: Where) -> None:
        """催办."""
        stream, who = self.task(pick)
        self._by_other(task.Remind(task=stream, text=pick.one((None, "快"))), who, pick, where)

    def supervise(self, pick: Picks, where: Where) -> None:
        """督办."""
        stream, who = self.task(pick)
        self._by_other(task.Supervise(task=stream, text="盯着"), who, pick, where)

    def reopen(self, pick: Picks, where: Where) -> None:
        """重开."""
        stream, who = self.task(pick, "closed", "declined")
        self._by_other(task.Reopen(task=stream, reason="没做完"), who, pick, where)

    def rate(self, pick: Picks, where: Where) -> None:
        """评价."""
        stream, who = self.task(pick, "closed")
        self._by_other(task.Rate(task=stream, satisfied=not pick.of(2)), who, pick, where)

    def evaluate(self, pick: Picks, where: Where) -> None:
        """评单."""
        stream, who = self.task(pick, "closed")
        command = task.Evaluate(task=stream, score=pick.one((5, 2, 9)))
        self._by_other(command, who, pick, where)

    def correct_task(self, pick: Picks, where: Where) -> None:
        """更正."""
        stream, who = self.task(pick)
        command = task.CorrectTask(task=stream, version=pick.of(6), reason="记错", text="对的")
        self._by_other(command, who, pick, where)

    # --- tasks that come of others -----------------------------------------------------------------

    def reassign(self, pick: Picks, where: Where) -> None:
        """转派."""
        stream, who = self.task(pick, "declined") if pick.once_in(4) else self.task(pick)
        command = reassigning.Reassign(task=stream, to=self.anybody(pick), reason="更近")
        self._by_other(command, who, pick, where)

    def pass_on(self, pick: Picks, where: Where) -> None:
        """下派."""
        stream, who = self.task(pick)
        command = passing_on.PassOn(
            task=stream,
            to=(self.target(pick),) if pick.of(2) else (),
            people=self.some_people(pick),
            steps=pick.one(STEPS),
            accept_within=pick.one((None, 600)),
        )
        actor = who if pick.of(6) else self.anybody(pick)
        request = self.ask(command, where, actor)
        told = self.history.tasks.get(stream)
        if told is not None:
            self.orders.append((told.task_force, order_id(request.meta.command, 0)))

    # --- what reactions ask for, asked for by others ------------------------------------------------

    def _several(self, pick: Picks) -> tuple[str, ...]:
        return tuple({self.task(pick)[0]: None for _ in range(1 + pick.of(4))})

    def mark_overdue(self, pick: Picks, where: Where) -> None:
        """超期, said perhaps too early."""
        command = time_rules.MarkOverdue(
            tasks=self._several(pick), awaited=pick.one(STEP), due_at=self.later(pick)
        )
        self.ask(command, where, "operator")

    def remind_due(self, pick: Picks, where: Where) -> None:
        """催办, out of turn."""
        command = time_rules.RemindAll(
            tasks=self._several(pick), awaited=pick.one(STEP), number=pick.of(4)
        )
        self.ask(command, where, "operator")

    def escalate_due(self, pick: Picks, where: Where) -> None:
        """提级, out of turn."""
        command = time_rules.EscalateAll(
            tasks=self._several(pick), awaited=pick.one(STEP), number=pick.of(4)
        )
        self.ask(command, where, "operator")

    def resume_due(self, pick: Picks, where: Where) -> None:
        """It goes on, perhaps too early."""
        self.ask(time_rules.ResumeDue(tasks=self._several(pick)), where, "operator")

    # --- notices, in turn and out of turn -----------------------------------------------------------

    def _notices(self, pick: Picks, more: int, *status: str) -> list[tuple[str, int]]:
        """Tasks, each mostly with the number of its next notice, or of its latest."""
        found: dict[str, int] = {}
        for _ in range(1 + pick.of(3)):
            stream, _who = self.task(pick, *status)
            told = self.history.tasks.get(stream)
            number = (0 if told is None else told.noticed) + more
            found[stream] = max(number + (pick.of(3) - 1 if pick.once_in(6) else 0), 0)
        return list(found.items())

    def begin_notices(self, pick: Picks, where: Where) -> None:
        """通知."""
        chosen = self._notices(pick, 1, "waiting")
        tasks = tuple(notice_commands.NoticeToBegin(*one) for one in chosen)
        command = notice_commands.BeginNotices(rung=pick.one(RUNG), tasks=tasks)
        self.ask(command, where, "operator")

    def note_notices(self, pick: Picks, where: Where) -> None:
        """What came of it."""
        waiting = [told for told in self.history.tasks.values() if told.noticing]
        chosen = self._notices(pick, 0)
        if waiting and not pick.once_in(3):
            one = pick.one(waiting)
            chosen = [(one.stream, one.noticed)]
        tasks = tuple(
            notice_commands.NoticeDone(
                task=stream, number=number, rung=pick.one(RUNG[:3]), result=pick.one(RESULT)
            )
            for stream, number in chosen
        )
        self.ask(notice_commands.NoteNotices(tasks=tasks), where, "operator")

    def note_notice_answers(self, pick: Picks, where: Where) -> None:
        """回执."""
        sent = [told for told in self.history.tasks.values() if told.noticed and not told.noticing]
        chosen = self._notices(pick, 0)
        if sent and not pick.once_in(3):
            one = pick.one(sent)
            chosen = [(one.stream, 1 + pick.of(one.noticed))]
        tasks = tuple(
            notice_commands.NoticeAnswer(task=stream, number=number, arrived=bool(pick.of(2)))
            for stream, number in chosen
        )
        self.ask(notice_commands.NoteAnswers(tasks=tasks), where, "operator")
