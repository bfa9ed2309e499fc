"""Asking: by the right people and the wrong ones, about what there is, what is only on its way, and
what there is not. What can be asked for is in the modules beside this one, one kind of stream each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from handheld.application.requests import Request
from handheld_events.ids import TaskIds, command_id
from handheld_events.sealed import Sealed
from tests.properties.history import History
from tests.properties.picks import Picks
from tests.properties.places import EVERYBODY, OFFICER, PEOPLE, TOWN, Where
from tests.support_story import sealed

T = TypeVar("T")


class Asking:
    """What is known of what was asked for, and how something is chosen of it."""

    history: History
    at: datetime

    def __init__(self) -> None:
        self.task_forces: list[str] = []
        self.orders: list[tuple[str, str]] = []
        self.entries: list[tuple[str, str]] = []
        self.messages: list[tuple[str, str]] = []
        self.findings: list[str] = []
        self.warnings: list[str] = []

    def ask(self, command: Any, where: Where, actor: str, **meta: Any) -> Request:
        """Keep a request, to be asked together with others."""
        raise NotImplementedError

    def sealed(self, who: str) -> Sealed:
        """A sealed name."""
        return sealed(who)

    # --- choices ------------------------------------------------------------------------------------

    def last_of(
        self, pick: Picks, known: Sequence[T], coming: Sequence[T], nothing: T, *, among: int = 6
    ) -> T:
        """One of the last that there are; now and then what is only on its way, or what is not."""
        if pick.once_in(40):
            return nothing
        if coming and (not known or pick.once_in(8)):
            return coming[-1]
        return known[-1 - pick.of(min(len(known), among))] if known else nothing

    def task_force(self, pick: Picks, *status: str) -> str:
        """A task force; mostly one that is active, or in the state asked for."""
        known = list(self.history.forces)
        if not pick.once_in(4):
            wanted = status or ("active",)
            right = [name for name in known if self.history.forces[name].status in wanted]
            known = right or known
        return self.last_of(pick, known, self.task_forces, "tf-none", among=4)

    def known_people(self) -> tuple[str, ...]:
        """Who holds a post."""
        return tuple(who for who, posts in self.history.posts().items() if posts)

    def some_people(self, pick: Picks) -> tuple[str, ...]:
        """Some people who can be given a task; now and then one who cannot."""
        nobody = ("person-S7",) if pick.once_in(20) else ()
        return (*pick.some(self.known_people()), *nobody)

    def task(self, pick: Picks, *status: str) -> tuple[str, str]:
        """A task with its assignee, mostly an open one, or one in the state asked for.

        Now and then one that is on its way, or that there is not.
        """
        if pick.once_in(12) and self.orders:
            who = pick.one(PEOPLE)
            return TaskIds(self.orders[-1][1]).of(who), who
        told = list(self.history.tasks.values())
        if pick.once_in(40) or not told:
            return "task-none", OFFICER
        if not pick.once_in(4):
            right = [one for one in told if one.status in status or (one.open and not status)]
            told = right or told
        chosen = told[-1 - pick.of(min(len(told), 10))]
        return chosen.stream, chosen.person

    def officer(self, pick: Picks) -> str:
        """Somebody who may, mostly; now and then anybody."""
        return pick.one((OFFICER, OFFICER, OFFICER, "operator", "operator", TOWN, *PEOPLE[:2]))

    def anybody(self, pick: Picks) -> str:
        """Anybody; now and then somebody who is not in the register."""
        return pick.one((*EVERYBODY, *PEOPLE, "person-S7"))

    def meta(self, pick: Picks) -> dict[str, Any]:
        """What the sender says besides: mostly that it is now; else another time, another clock."""
        match pick.of(12):
            case 8:
                return {"occurred_at": self.at - timedelta(seconds=300), "reported_at": self.at}
            case 9:
                return {"occurred_at": self.at + timedelta(seconds=600)}
            case 10:
                return {"clock_offset": 90.0, "device": "phone-1"}
            case 11:
                return {"drill": True}
            case _:
                return {}

    def later(self, pick: Picks) -> datetime:
        """A time to come; now and then one that is past."""
        return self.at + timedelta(seconds=pick.one((1800, 120, 7200, 86_400, 3 * 86_400, -60)))

    def command(self, number: int) -> str:
        """The id of the command of this number."""
        return command_id(int(self.at.timestamp() * 1000), number.to_bytes(10, "big"))
