"""What somebody does with a task once they have seen it: accept, visit, clear a road, report."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from handheld.demo.habits import CLEARING, HABITS, HOUSEHOLDS, filled, photo
from handheld.demo.phones import Deed, Phone, Plans
from handheld.demo.visits import visited
from handheld.domain import task
from handheld.domain.passing_on import PassOn
from handheld_projections.organisation import Organisation

SIGNAL_LOST = 0.02
"""The share of household contacts without signal on their round."""


def after(moment: datetime, minutes_later: float) -> datetime:
    """So many minutes later, to the whole second: phones tell no more."""
    return moment + timedelta(seconds=round(minutes_later * 60))


class Doing:
    """Puts into `plans` what people will do. `evening` is when the day's work ought to be done."""

    def __init__(self, organisation: Organisation, plans: Plans, evening: datetime) -> None:
        self._organisation = organisation
        self._evening = evening
        self.plans = plans

    def accept(self, phone: Phone, at: datetime, chance: Random, caller: str | None = None) -> None:
        """They take it on; or a caller, who reached them by telephone, does so for them."""
        phone.silent = False
        accept = task.Accept(task=phone.task)
        if caller is None:
            read = at - timedelta(seconds=chance.choice((1, 2, 3)))
            self.plan(phone, read, task.Read(task=phone.task))
            self.plan(phone, at, accept)
        else:
            self.plans.add(Deed(at, at, caller, accept, phone.person), phone)
        if phone.unit and not phone.named:
            self._name(phone, after(at, chance.uniform(3, 8)))
        if phone.key == CLEARING:
            self._clear(phone, at, chance)
        elif phone.key == HOUSEHOLDS:
            self._visit(phone, at, chance)
        else:
            taken = HABITS[phone.key].report_median * chance.lognormvariate(0, 0.45)
            ends = max(self._evening, after(at, 15))
            self.report(phone, min(after(at, taken), ends), chance)

    def _name(self, phone: Phone, at: datetime) -> None:
        """A department that has accepted as a unit names its people."""
        phone.named = True
        posts = self._organisation.department_posts(phone.department or "")
        people = tuple(person for person, _ in posts.get("department_officer", ()))
        if people:
            words = "请到县里集结点待命：人员、车辆、装备落实到人，接到险情立即出动。"
            command = PassOn(task=phone.task, people=people, text=words, report_within=2 * 3600)
            self.plans.add(Deed(at, at, phone.person, command), phone)

    def _visit(self, phone: Phone, at: datetime, chance: Random) -> None:
        """The round; without signal the phone tells of it afterwards, with the times as they were."""
        ends = max(self._evening, after(at, 45))
        rounds = list(visited(phone.households, at, ends, chance))
        done = rounds[-1].at if rounds else at
        told = min(after(done, chance.uniform(2, 30)), after(ends, 10))
        lost = chance.random() < SIGNAL_LOST
        signal = min(after(told, chance.uniform(5, 50)), after(ends, 12)) if lost else None
        for each in rounds:
            command = task.Visit(
                task=phone.task,
                household=each.household,
                done=each.done,
                satisfied=each.satisfied,
            )
            moment = each.at.replace(microsecond=0)
            self.plan(phone, moment, command, signal)
        self.report(phone, told, chance, sent=signal)

    def _clear(self, phone: Phone, at: datetime, chance: Random) -> None:
        """Out to the road with saws; everything else that they had in mind waits."""
        leaves, arrives = chance.uniform(1, 4), chance.uniform(7, 15)
        self.plan(phone, after(at, leaves), task.GoEnRoute(task=phone.task))
        self.plan(phone, after(at, leaves + arrives), task.ReachScene(task=phone.task))
        opened = after(at, leaves + arrives + chance.uniform(38, 44))
        self.report(phone, opened, chance)
        self.plans.put_off(
            lambda deed: (
                deed.actor == phone.person
                and deed.at > at
                and getattr(deed.command, "task", None) != phone.task
            ),
            opened - at,
        )

    def report(
        self,
        phone: Phone,
        at: datetime,
        chance: Random,
        words: str | None = None,
        sent: datetime | None = None,
    ) -> None:
        habit = HABITS[phone.key]
        form = phone.order.form
        pictured = any(field.kind == "photo" for field in form)
        command = task.Report(
            task=phone.task,
            text=words or chance.choice(habit.words),
            filled=filled(form, habit, chance),
            photos=(photo(phone.task),) if pictured else (),
        )
        self.plan(phone, at, command, sent)

    def plan(self, phone: Phone, at: datetime, command: Any, sent: datetime | None = None) -> None:
        self.plans.add(Deed(at, max(at, sent or at), phone.person, command), phone)
