"""The fleet: people who do something because of what reaches their phones, and of nothing else.

It hears the facts of the log, as phones get them, and answers: a task is accepted, households are
visited, a reminder wakes whoever has forgotten, an official who is told that somebody does not
answer takes the telephone. Nobody acts at a time fixed beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from handheld.demo.doing import Doing, after
from handheld.demo.habits import (
    CLEARING,
    GRIDS,
    HABITS,
    NAMED,
    minutes,
)
from handheld.demo.phones import Deed, Phone, Plans
from handheld.domain import task
from handheld.domain.reassigning import Reassign
from handheld_events.envelope import Recorded
from handheld_events.task import (
    TaskAmended,
    TaskDeclined,
    TaskDispatched,
    TaskEscalated,
    TaskReassigned,
    TaskReminded,
    TaskReported,
    TaskSentBack,
    TaskSupervised,
    TaskWithdrawn,
)
from handheld_events.task_force import OrderIssued
from handheld_projections.organisation import Organisation

FORGETFUL_GRID_HEADS = 20
"""So many do not see their task until they are reminded."""
SIGNAL_LATE = 0.03
"""The share of phones that get a task late."""

HEARD = frozenset(
    event.TOPIC
    for event in (
        OrderIssued,
        TaskDispatched,
        TaskReminded,
        TaskEscalated,
        TaskSupervised,
        TaskAmended,
        TaskSentBack,
        TaskDeclined,
        TaskReassigned,
        TaskWithdrawn,
        TaskReported,
    )
)
"""The topics of the facts that make anybody do anything."""


def _habit_of(order: OrderIssued) -> str:
    if order.finding is not None:
        return CLEARING
    return NAMED if order.passed_on_from is not None else order.key or ""


class Fleet:
    """Everybody with a phone. `evening` is when the day's work ought to be done."""

    def __init__(self, organisation: Organisation, seed: int, evening: datetime) -> None:
        self._organisation = organisation
        self._seed = seed
        self._evening = evening
        self._orders: dict[str, OrderIssued] = {}
        self._phones: dict[str, Phone] = {}
        self._helped: set[tuple[str, str]] = set()
        self.plans = Plans()
        self._doing = Doing(organisation, self.plans, evening)

    def hear(self, facts: Iterable[Recorded[Any]]) -> None:
        """Facts that reached phones, in log order; those of other topics than HEARD change nothing."""
        new: list[tuple[Phone, datetime]] = []
        for fact in facts:
            event, at = fact.event, fact.recorded_at
            if isinstance(event, OrderIssued):
                self._orders[event.order] = event
            elif isinstance(event, TaskDispatched):
                new.append((self._stored(fact, event), at))
            elif fact.stream in self._phones:
                self._changed(self._phones[fact.stream], event, at)
        for phone in self._forgetful([phone for phone, _ in new]):
            phone.silent = True
        slow = self._slow([phone for phone, _ in new])
        for phone, at in new:
            self._begin(phone, at, slow=phone.task in slow)

    # --- a task comes -----------------------------------------------------------------------------

    def _stored(self, fact: Recorded[Any], event: TaskDispatched) -> Phone:
        order = self._orders[event.order]
        replaced = self._phones.get(event.replaces or "")
        asked = replaced.person if replaced is not None else event.person
        known = self._organisation.people.get(asked)
        phone = self._phones[fact.stream] = Phone(
            fact.stream,
            event.person,
            fact.division or "",
            order,
            _habit_of(order),
            known.households if known is not None else (),
            event.department,
            event.unit,
        )
        return phone

    def _forgetful(self, new: Sequence[Phone]) -> list[Phone]:
        heads = [phone for phone in new if phone.key == GRIDS]
        return self._chance("forgetful").sample(heads, min(FORGETFUL_GRID_HEADS, len(heads)))

    def _slow(self, new: Sequence[Phone]) -> set[str]:
        """Of those to whom an order is open: who is not among the first to claim it."""
        found: set[str] = set()
        for order in dict.fromkeys(phone.order.order for phone in new):
            places = self._orders[order].open_to
            if places is not None:
                open_to = [phone.task for phone in new if phone.order.order == order]
                found.update(self._chance(order).sample(open_to, len(open_to) - places))
        return found

    def _begin(self, phone: Phone, at: datetime, *, slow: bool) -> None:
        chance = self._chance(phone.task)
        habit = HABITS[phone.key]
        late = chance.random() < SIGNAL_LATE and phone.key != CLEARING
        delivered = after(at, chance.uniform(1, 25) / (1 if late else 60))
        self._doing.plan(phone, delivered, task.Deliver(task=phone.task))
        answer = chance.random()
        phone.silent = phone.silent or answer < habit.silent
        if phone.silent:
            return
        accepts = after(at, minutes(habit, chance) + (9 if slow else 0))
        accepts = max(accepts, delivered + timedelta(seconds=3))
        if answer < habit.silent + habit.declines:
            self._doing.plan(
                phone, accepts, task.Decline(task=phone.task, reason="人在外地，赶不回来")
            )
            return
        self._doing.accept(phone, accepts, chance)

    # --- what is on the phone changes ---------------------------------------------------------------

    def _changed(self, phone: Phone, event: Any, at: datetime) -> None:
        chance = self._chance(f"{phone.task}/{event.TOPIC}/{at.timestamp()}")
        match event:
            case TaskReminded(awaited="accept", number=number):
                share = 1.0 if phone.key == GRIDS else 0.5 / number
                if phone.silent and chance.random() < share:
                    self._doing.accept(phone, after(at, chance.uniform(1, 45)), chance)
            case TaskEscalated(awaited="accept", to=official, number=number):
                if phone.silent and official is not None and chance.random() < 0.6 / number:
                    self._doing.accept(phone, after(at, chance.uniform(4, 18)), chance, official)
            case TaskSupervised():
                if phone.silent:
                    self._doing.accept(phone, after(at, chance.uniform(3, 15)), chance)
            case TaskAmended():
                phone.round += 1
                self._doing.accept(phone, after(at, chance.uniform(2, 9)), chance)
            case TaskSentBack():
                phone.round += 1
                self._doing.report(
                    phone, after(at, chance.uniform(8, 16)), chance, "补报：已核对人数和点位"
                )
            case TaskDeclined():
                self._stand_in(phone, after(at, chance.uniform(3, 12)), chance)
            case TaskWithdrawn() | TaskReassigned():
                phone.round += 1
                phone.silent = False
            case TaskReported() if "verify" in phone.order.steps:
                self._check(phone, at, chance)
            case _:
                pass

    def _stand_in(self, phone: Phone, at: datetime, chance: Random) -> None:
        """The village has the grid head go instead, who goes once."""
        heads = self._organisation.holders("grid_head", phone.division)
        officials = self._organisation.holders("village_official", phone.division[:12])
        place = (phone.order.order, phone.division)
        if heads and officials and place not in self._helped and chance.random() < 0.7:
            self._helped.add(place)
            command = Reassign(task=phone.task, to=heads[0], reason="本人在外，请网格长代走")
            self.plans.add(Deed(at, at, officials[0], command), phone)

    def _check(self, phone: Phone, reported: datetime, chance: Random) -> None:
        """The township's official checks the report, some of them only in the evening."""
        official = self._organisation.holders("township_official", phone.division[:9])[0]
        at = after(reported, chance.uniform(3, 25))
        drawn = chance.random()
        if drawn < 0.15 or at > self._evening:
            at = after(self._evening, chance.uniform(12, 34))
        elif drawn < 0.20:
            back = task.SendBack(task=phone.task, reason="请核对转移人数后补报")
            self.plans.add(Deed(at, at, official, back), phone)
            return
        self.plans.add(Deed(at, at, official, task.Verify(task=phone.task)), phone)

    def _chance(self, what: str) -> Random:
        """Chance for one thing: the same on any machine, whatever else happens."""
        return Random(f"{self._seed}/{what}")
