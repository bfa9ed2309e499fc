"""What people do because of what reaches their phones: the habits of the demonstration, live.

`handheld.demo.fleet` is told facts of the log; here the same people are told what their phones
received. Whoever is late, forgetful or first is drawn by itself, for nobody sees all phones at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from handheld.application.pushing.item_orders import ItemOrder
from handheld.demo.fleet import FORGETFUL_GRID_HEADS, HEARD, Fleet
from handheld.demo.habits import CLEARING, GRIDS, HABITS, HOUSEHOLDS, LEADERS
from handheld.demo.phones import Phone
from handheld.entrypoints.fleet.state import Card
from handheld_events.catalogue import CATALOGUE
from handheld_events.envelope import Meta, Recorded
from handheld_events.task import TaskAmended, TaskDispatched, TaskReopened, TaskReported
from handheld_events.task_force import OrderIssued
from handheld_projections.organisation import Organisation

GRID_HEADS = 561
"""Of the typhoon: FORGETFUL_GRID_HEADS of so many do not see their task until they are reminded."""
NOT_AMONG_THE_FIRST = 0.25
"""Of those to whom an order is open."""

BY_ROLE = {
    "village_team_leader": LEADERS,
    "grid_head": GRIDS,
    "household_contact": HOUSEHOLDS,
    "township_official": "rescue",
    "village_official": "standby-villages",
}

_decoders: dict[str, Any] = {
    topic: msgspec.json.Decoder(CATALOGUE[topic]).decode for topic in HEARD | {TaskReopened.TOPIC}
}
_order = msgspec.json.Decoder(ItemOrder).decode
_TOLD_BY = Meta(
    actor="fleet", command="0" * 32, occurred_at=datetime.fromisoformat("2021-07-23T07:00:00+00:00")
)


class Crowd(Fleet):
    """Everybody of this process. Times are those of the fleet."""

    def __init__(self, organisation: Organisation, seed: int, evening: datetime) -> None:
        super().__init__(organisation, seed, evening)

    def take(self, person: str, card: Card, at: datetime) -> bool:
        """An item that reached somebody's phone; whether a new task came with it."""
        if card.hidden or card.topic is None or card.topic not in _decoders:
            return False
        event = _decoders[card.topic](card.data)
        if isinstance(event, TaskDispatched):
            return self._dispatched(card, event, at)
        if isinstance(event, TaskReopened) and card.stream in self._phones:
            self._anew(self._phones[card.stream], at)
        elif isinstance(event, TaskAmended) and card.order:
            self._amended(card)
        self.hear([_fact(card, person, event, at)])
        return False

    def reported(self, task: str, at: datetime) -> None:
        """A report was taken: whoever verifies it, where they are among these people, will see it."""
        phone = self._phones.get(task)
        if phone is None or "verify" not in phone.order.steps:
            return
        if self._organisation.holders("township_official", phone.division[:9]):
            self._changed(phone, TaskReported(text=""), at)

    def knows(self, task: str) -> bool:
        """Whether a task came to one of these phones."""
        return task in self._phones

    def _dispatched(self, card: Card, event: TaskDispatched, at: datetime) -> bool:
        if card.stream is None or card.stream in self._phones or not card.order:
            return False
        told = _order(card.order)
        self._orders[event.order] = OrderIssued(
            order=event.order,
            text=told.text,
            tasks=1,
            key=_habit(told, event),
            steps=event.steps,
            form=told.form,
            open_to=told.open_to,
        )
        self.hear([_fact(card, event.person, event, at)])
        phone = self._phones[card.stream]
        if not phone.households and any(field.kind == "visits" for field in told.form):
            phone.households = (f"{event.person.removeprefix('person-')}-1",)
        return True

    def _amended(self, card: Card) -> None:
        phone = self._phones.get(card.stream or "")
        if phone is not None and card.order:
            told = _order(card.order)
            phone.order = replace(phone.order, text=told.text, steps=told.steps, form=told.form)

    def _anew(self, phone: Phone, at: datetime) -> None:
        phone.round += 1
        self._doing.accept(phone, at, self._chance(f"{phone.task}/reopened/{at.timestamp()}"))

    def _forgetful(self, new: Sequence[Phone]) -> list[Phone]:
        share = FORGETFUL_GRID_HEADS / GRID_HEADS
        return [
            phone
            for phone in new
            if phone.key == GRIDS and self._chance(f"forgetful/{phone.task}").random() < share
        ]

    def _slow(self, new: Sequence[Phone]) -> set[str]:
        return {
            phone.task
            for phone in new
            if phone.order.open_to is not None
            and self._chance(f"slow/{phone.task}").random() < NOT_AMONG_THE_FIRST
        }


def _habit(order: ItemOrder, event: TaskDispatched) -> str:
    """The habit by which an order is answered: by what it asks, else by who is asked."""
    if order.open_to is not None and "en_route" in event.steps:
        return CLEARING
    asked = {field.key for field in order.form}
    like = {key: len(asked & habit.numbers.keys()) for key, habit in HABITS.items()}
    usual = BY_ROLE.get(event.role or "", GRIDS)
    best = max(like, key=lambda key: (like[key], key == usual))
    return best if like[best] else usual


def _fact(card: Card, person: str, event: Any, at: datetime) -> Recorded[Any]:
    division = (card.division or {}).get("code")
    stream = card.stream or ""
    return Recorded(
        card.position,
        stream,
        card.version,
        at,
        _TOLD_BY,
        division,
        card.task_force,
        person,
        event,
    )
